"""Who offers this: the row under a shared impression, and the forms in which a sentence gets an owner and a date."""

from collections.abc import Mapping, Sequence
from datetime import date

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    DatePickerElement,
    PlainTextInputElement,
    RadioButtonsElement,
    StaticSelectElement,
    UserSelectElement,
)
from slack_sdk.models.views import View

from bot.impressions import Impression
from bot.promises import MOST_SENTENCES, OWN_WORDS_LENGTH, Candidate, Promise, State, Told, candidates
from bot.steering import without_steering
from handlers.views.frame import (
    INPUT_LENGTH,
    actions,
    button,
    context,
    cut,
    escaped,
    field,
    form,
    option,
    plain,
    section,
)
from handlers.views.pages import paragraphs
from handlers.words import Words

MOST_OPTIONS = 100
"""What a select takes."""
IN_ROW = 4
"""Promises that are named under an impression; it has its own buttons too."""
SHORT = 200
"""Characters of a sentence where only its owner and its group read it, to know which one is meant."""


def offer_row(impression: Impression, known: Sequence[Told], words: Words, *, next_step: bool) -> list[Block]:
    """Ask who shared an impression whether somebody offers this, and say what became of what was asked before.

    `known` are the promises of this impression; `next_step` says that nobody needs to be asked. Nothing where the
    impression holds no offer.
    """
    alive = [each for each in known if each.promise.state is not State.DROPPED and each.words]
    blocks: list[Block] = []
    for each in alive[:IN_ROW]:
        blocks += _asked(each, words)
    held = [each.promise.place for each in alive if each.promise.place]
    free = [each for each in candidates(impression) if not any(each.place.overlaps(place) for place in held)]
    if not free or (alive and all(each.place.part == "offer" for each in free)):
        return blocks
    if next_step:
        again = button(words("promises.ask_after_all"), "promises.choose", impression.id)
        return [*blocks, context(words("promises.is_next_step")), actions(again)]
    text = words("promises.offer_question")
    if free[0].place.part != "offer":  # it stands in running text: say which sentence is meant
        text = f"{text}\n“{escaped(cut(free[0].text, SHORT))}”"
    yes = button(words("promises.yes_choose"), "promises.choose", impression.id, green=True)
    no = button(words("promises.no_next_step"), "promises.next_step", impression.id)
    return [*blocks, section(text), actions(yes, no)]


def _asked(told: Told, words: Words) -> list[Block]:
    values = {"name": escaped(told.owner_name), "words": escaped(cut(told.words, SHORT))}
    promise = told.promise
    if promise.state is State.DECLINED:
        return [section(words("promises.row_declined", **values)), actions(*declined_buttons(told, words))]
    if promise.waits:
        back = button(words("promises.take_back"), "promises.take_back", promise.id)
        return [section(words("promises.row_offered", **values), back)]
    ready = f" {until(promise.due, words)}" if promise.due and promise.stands else ""
    ready = f" {words('promises.shown_kept')}" if promise.state is State.KEPT else ready
    return [context(words("promises.row_stands", **values) + ready)]


def declined_buttons(told: Told, words: Words) -> list[ButtonElement]:
    """What can be done with a sentence whose giver said no: ask somebody else, or let it be a next step."""
    promise = told.promise
    return [
        button(words("promises.ask_other"), "promises.choose", f"{promise.impression} {promise.id}"),
        button(words("promises.make_next_step"), "promises.release", promise.id),
    ]


def until(due: date, words: Words) -> str:
    """Say by when it is ready, between brackets."""
    return words("promises.until", day=words.day(due))


def choose_form(
    found: Sequence[Candidate], groups: Mapping[str, int], words: Words, *, metadata: Mapping[str, str]
) -> View:
    """Ask which sentence, who, and by when. `groups` gives the group's number of each impression, where there are more.

    A sentence has to be read whole before somebody is asked to stand for it; the labels of a choice are too short.
    """
    metadata = {**metadata, **({"sentence": value_of(found[0])} if len(found) == 1 else {})}
    shown = found[:MOST_SENTENCES] if len(found) <= MOST_SENTENCES else found[:MOST_OPTIONS]
    blocks: list[Block] = [context(words("promises.form_rule"))]
    if len(shown) == 1:
        blocks += paragraphs(f"“{escaped(shown[0].text)}”")
    else:
        options = [option(_label(each, groups, number, words), value_of(each)) for number, each in enumerate(shown)]
        if len(shown) <= MOST_SENTENCES:
            for number, each in enumerate(shown):
                if _label(each, groups, number, words).endswith("…"):  # what fits its label stands there whole
                    blocks += paragraphs(f"{number + 1}. “{escaped(each.text)}”")
            radio = RadioButtonsElement(action_id="sentence", options=options, initial_option=options[0])
            blocks.append(field("sentence", words("promises.sentence"), radio))
        else:
            select = StaticSelectElement(
                action_id="sentence", options=options, placeholder=plain(words("promises.sentence"))
            )
            blocks.append(field("sentence", words("promises.sentence"), select))
    who = UserSelectElement(action_id="owner", placeholder=plain(words("programme.people_choose")))
    blocks.append(field("owner", words("promises.who"), who))
    blocks += _day_fields(None, words, hint=words("promises.due_hint"))
    return form(
        words, "promises.ask", words("promises.form_title"), blocks, submit=words("promises.ask"), metadata=metadata
    )


def value_of(candidate: Candidate) -> str:
    """Return what stands for a sentence in a form; which sentence it is, is looked up when the form comes back."""
    place = candidate.place
    return f"{place.impression} {place.part} {place.start} {place.end}"


def sentence_form(told: Told, found: Sequence[Candidate], words: Words) -> View:
    """Ask which words a promise has now that its sentence is no longer in the note."""
    shown = found[:MOST_OPTIONS]
    options = [option(_label(each, {}, number, words), value_of(each)) for number, each in enumerate(shown)]
    blocks: list[Block] = [context(words("promises.sentence_rule"))]
    for number, each in enumerate(shown[:MOST_SENTENCES]):
        blocks += paragraphs(f"{number + 1}. “{escaped(each.text)}”")
    select = StaticSelectElement(action_id="sentence", options=options, placeholder=plain(words("promises.sentence")))
    blocks.append(field("sentence", words("promises.sentence"), select))
    return form(
        words, "promises.sentence", words("promises.sentence_title"), blocks,
        submit=words("worksessions.save"), metadata={"promise": told.promise.id},
    )  # fmt: skip


def _label(candidate: Candidate, groups: Mapping[str, int], number: int, words: Words) -> str:
    group = groups.get(candidate.place.impression)
    where = f"{words('promises.group', number=group)} · " if group and len(set(groups.values())) > 1 else ""
    return cut(f"{number + 1}. {where}{without_steering(candidate.text)}", 75)


def change_form(told: Told, words: Words) -> View:
    """Let the owner say it in their own words, or on another day."""
    promise = told.promise
    own = PlainTextInputElement(
        action_id="own_words", multiline=True, initial_value=promise.own_words or None, max_length=INPUT_LENGTH
    )
    blocks: list[Block] = []
    if told.sentence:
        blocks += paragraphs(words("promises.in_the_note", words=escaped(told.sentence)))
    hint = words("promises.own_words_hint", most=OWN_WORDS_LENGTH)
    blocks.append(field("own_words", words("promises.own_words"), own, hint=hint, optional=bool(told.sentence)))
    blocks += _day_fields(promise.due, words)
    return form(
        words, "promises.change", words("promises.change_title"), blocks,
        submit=words("worksessions.save"), metadata={"promise": promise.id},
    )  # fmt: skip


def move_form(told: Told, words: Words) -> View:
    """Ask the new day of what comes later."""
    blocks: list[Block] = [
        *paragraphs(f"“{escaped(told.words)}”"),
        *_day_fields(told.promise.due, words),
    ]
    return form(
        words, "promises.move", words("promises.move_title"), blocks,
        submit=words("worksessions.save"), metadata={"promise": told.promise.id},
    )  # fmt: skip


def _day_fields(due: date | None, words: Words, hint: str = "") -> list[Block]:
    """A day to pick, and beside it a line for who would rather type it."""
    picker = DatePickerElement(action_id="due", initial_date=due.isoformat() if due else None)
    typed = PlainTextInputElement(
        action_id="typed", max_length=INPUT_LENGTH, placeholder=plain(words("promises.typed_example"), 150)
    )
    return [
        field("due", words("promises.when"), picker, hint=hint, optional=True),
        field("typed", words("promises.typed"), typed, optional=True),
    ]


def marked(promise: Promise, words: Words) -> tuple[str, list[Block]]:
    """Confirm to one person how a promise stands now, with a way back."""
    text = words(f"promises.marked_{promise.state if promise.closed_at else 'open'}")
    if promise.closed_at is None:
        return text, [section(text)]
    return text, [section(text), actions(button(words("promises.undo"), "promises.reopen", promise.id))]
