"""What is put to account managers on screen: the form, their message, their answer, and what was answered before."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from slack_sdk.models.blocks import Block, ButtonElement, DatePickerElement, PlainTextInputElement, StaticSelectElement
from slack_sdk.models.views import View

from bot.programme import Region
from bot.trail import SHEETS, Entry, Kind
from bot.trail import obstacles as rules
from bot.trail.obstacles import RESULTS, Earlier
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
    person,
    section,
)
from handlers.views.trail_lines import said
from handlers.words import Words

if TYPE_CHECKING:
    from handlers.trail.places import Spot

Draw = Callable[[Words], list[Block]]
Said = tuple[str, list[Block]]
WINDOWS = ("trail.route", "trail.answer")
MOST_MANAGERS = 100
MOST_LATE = 10
MOST_HELPED = 3
IN_DIGEST = 220
"""Characters of an answer in a digest; the window has all of it."""
EARLIER = 900
"""Characters of an earlier answer where it is offered."""


def route(
    here: "Spot",
    found: Entry,
    managers: Mapping[str, Entry],
    earlier: Sequence[Earlier],
    by: date,
    words: Words,
    *,
    below: str,
) -> View:
    """To whom it goes and by when; what was answered before stands above it, so that nobody is asked twice."""
    blocks: list[Block] = [section(f"*{_short(found)}*")]
    blocks += earlier_blocks(found, earlier, words, keeps=True)
    if not managers:
        blocks.append(section(words("trail.answers.nobody")))
        return _window(words, "trail.route", "trail.answers.route_title", blocks, found, here.code, below, submit=None)
    options = [
        option(" · ".join(filter(None, (one.title, one.text("organisation"), one.text("about")))), user)
        for user, one in list(managers.items())[:MOST_MANAGERS]
    ]
    chosen = next((one for one in options if one.value == found.user("manager")), None)
    select = StaticSelectElement(action_id="manager", options=options, initial_option=chosen)
    blocks.append(field("manager", words("trail.answers.to_whom"), select, hint=words("trail.answers.route_hint")))
    if found.kind is Kind.OBSTACLE:
        day = DatePickerElement(action_id="due", initial_date=by.isoformat())
        blocks.append(field("due", words("trail.answers.by_when"), day))
        blocks.append(context(words("trail.answers.reach_hint")))
    send = words("trail.answers.send")
    return _window(words, "trail.route", "trail.answers.route_title", blocks, found, here.code, below, submit=send)


def _window(
    words: Words, callback: str, title: str, blocks: list[Block], found: Entry, code: str, below: str, *,
    submit: str | None,
) -> View:  # fmt: skip
    part = SHEETS[found.kind].part.value
    metadata = {"entry": found.id, "region": code, "part": part, "below": below}
    return form(words, callback, words(title), blocks, submit=submit, metadata=metadata)


def answer(found: Entry, region: Region | None, code: str, words: Words, *, below: str) -> View:
    """What is asked, and the answer; of a rule also who may read along, of a request what becomes of it."""
    blocks: list[Block] = [*_question(found, region, words)]
    filled = found.text("answer")
    element = PlainTextInputElement(
        action_id="answer", multiline=True, max_length=INPUT_LENGTH, initial_value=filled or None
    )
    blocks.append(field("answer", words("trail.field_answer"), element, hint=words("trail.answers.answer_hint")))
    if found.kind is Kind.OBSTACLE:
        options = [option(words(f"trail.choice_{each}"), each) for each in ("all", "own")]
        reach = StaticSelectElement(action_id="reach", options=options)
        blocks.append(field("reach", words("trail.field_reach"), reach, hint=words("trail.answers.reach_choice")))
    else:
        options = [option(words(f"trail.choice_{each}"), each) for each in RESULTS[found.kind]]
        result = StaticSelectElement(action_id="result", options=options)
        blocks.append(field("result", words("trail.answers.result"), result))
    send = words("trail.answers.give")
    return _window(words, "trail.answer", "trail.answers.answer", blocks, found, code, below, submit=send)


def earlier_blocks(found: Entry, earlier: Sequence[Earlier], words: Words, *, keeps: bool) -> list[Block]:
    """What was answered before about the same rule, with the words by which it was found."""
    blocks: list[Block] = []
    for each in earlier:
        day = words.calendar_date(each.on) if each.on else ""
        head = words("trail.answers.earlier", rule=escaped(cut(each.rule, 200)))
        text = f"{head}\n>{_indented(escaped(cut(each.answer, EARLIER)))}"
        enough = button(words("trail.answers.helps"), f"trail.reuse:{each.id}", f"{found.id} {each.id}")
        blocks.append(section(text, enough if keeps and not found.text("answer") else None))
        if day:
            blocks.append(context(words("trail.answers.earlier_on", day=day)))
    return blocks


def on_entry(
    found: Entry, earlier: Sequence[Earlier], words: Words, *, keeps: bool, answers: bool, late: bool
) -> list[Block]:
    """How far it is, what was answered, and the next step of who looks."""
    blocks: list[Block] = []
    standing = rules.standing(found)
    if standing != "open" or found.user("manager"):
        told = [words(f"trail.choice_{standing}")]
        if found.user("manager"):
            told.append(words("trail.answers.with", person=person(found.user("manager"))))
        if found.text("due") and rules.waits(found):
            told.append(words("trail.answers.by", day=said(found, "due", words)))
        blocks.append(context(" · ".join(told)))
    elif keeps:
        blocks.append(context(words("trail.answers.nobody_yet")))
    if late:
        blocks.append(section(f"*{words('trail.answers.late')}*"))
    if found.text("answer"):
        blocks.append(section(f"*{words('trail.field_answer')}*\n>{_indented(said(found, 'answer', words))}"[:2900]))
    blocks += earlier_blocks(found, earlier, words, keeps=keeps)
    row = _row(found, words, keeps=keeps, answers=answers)
    return [*blocks, actions(*row)] if row else blocks


def _row(found: Entry, words: Words, *, keeps: bool, answers: bool) -> list[ButtonElement]:
    row = []
    standing = rules.standing(found)
    if keeps and rules.waits(found):
        key = "trail.answers.route_again" if found.user("manager") else "trail.answers.route"
        row.append(button(words(key), "trail.route", found.id))
    if answers and found.stands and standing != "settled":
        row.append(button(words("trail.answers.i_answer"), "trail.answer", found.id, green=True))
        if found.kind is Kind.REQUEST and standing == "open":
            row.append(button(words("trail.answers.i_take"), "trail.take", found.id))
    if keeps and found.kind is Kind.OBSTACLE and found.stands:
        if standing == "answered":
            row.append(button(words("trail.answers.settle"), "trail.settle", found.id))
        if standing in ("answered", "settled"):
            row.append(button(words("trail.answers.reopen"), "trail.reopen", found.id))
    return row


def overdue(late: Sequence[Entry], zone: str, words: Words) -> list[Block]:
    """Which rules wait too long, with since when an answer was expected."""
    lines = [words.count("trail.answers.late_rules", len(late))]
    for each in late[:MOST_LATE]:
        day = rules.due(each, zone)
        told = words("trail.answers.was_due", day=words.calendar_date(day)) if day else ""
        lines.append(f"• {escaped(cut(' '.join(each.title.split()), 200))} · {told}")
    if len(late) > MOST_LATE:
        lines.append(words.count("trail.more", len(late) - MOST_LATE))
    return [section("\n".join(lines))]


def next_step(helped: Sequence[Entry], words: Words, *, nobody: bool) -> list[Block]:
    """Which rules were answered before, elsewhere too, with the way there; else how somebody gets an answer."""
    blocks: list[Block] = []
    for each in helped[:MOST_HELPED]:
        says = words("trail.open_says", name=each.title)
        look = button(words("trail.open"), f"trail.entry:helped_{each.id}", each.id, says=says)
        blocks.append(section(words("trail.answers.known", rule=escaped(cut(" ".join(each.title.split()), 200))), look))
    return [*blocks, context(words("trail.answers.how"))] if nobody else blocks


def overdue_line(code: str, number: int, words: Words) -> list[Block]:
    """How many rules wait too long, with the way to them."""
    look = button(words("trail.open"), "trail.part:late", f"{code} rules")
    return [section(words.count("trail.answers.late_rules", number), look)]


# Messages


def in_digest(mine: Entry, earlier: Entry, words: Words) -> Said:
    """A rule that was answered elsewhere, in the digest of a region that meets it too; with the way to its own."""
    answer = escaped(cut(" ".join(earlier.text("answer").split()), IN_DIGEST))
    text = words("trail.answers.digest", rule=escaped(cut(" ".join(earlier.title.split()), 200)))
    look = button(words("trail.open"), "trail.entry", mine.id, says=words("trail.open_says", name=mine.title))
    return words("trail.answers.digest_short"), [section(f"{text}\n>{answer}", look)]


def asked(found: Entry, region: Region | None, words: Words) -> Said:
    """To an account manager: the question with its buttons; once it is answered what they answered."""
    text = words(f"trail.answers.asked_{found.kind.value}", region=escaped(region.name if region else "…"))
    blocks: list[Block] = [section(text), *_question(found, None, words)]
    if not rules.waits(found):
        result = words("trail.answers.was", standing=words(f"trail.choice_{rules.standing(found)}"))
        if found.text("answer"):
            blocks.append(section(f">{_indented(escaped(cut(found.text('answer'), EARLIER)))}"))
        blocks.append(context(result))
        return text, blocks
    if found.text("due"):
        blocks.append(context(words("trail.answers.by", day=said(found, "due", words))))
    row = [button(words("trail.answers.i_answer"), "trail.answer", found.id, green=True)]
    if found.kind is Kind.REQUEST and rules.standing(found) == "open":
        row.append(button(words("trail.answers.i_take"), "trail.take", found.id))
    return text, [*blocks, actions(*row)]


def waiting(found: Entry, region: str, words: Words) -> list[Block]:
    """The same question on somebody's Home."""
    text = words(f"trail.answers.asked_{found.kind.value}", region=escaped(region))
    answer = button(words("trail.answers.i_answer"), "trail.answer", found.id, green=True)
    return [section(f"{text}\n>{_indented(escaped(cut(' '.join(found.title.split()), 300)))}", answer)]


def told_back(found: Entry, words: Words) -> Said:
    """To who asked: what was answered, or that somebody took it."""
    standing = rules.standing(found)
    who = person(found.user("manager")) if found.user("manager") else ""
    if standing == "taken":
        text = words("trail.answers.taken_by", person=who)
    else:
        text = words(f"trail.answers.back_{found.kind.value}")
    blocks: list[Block] = [section(text), section(f">{_indented(_short(found))}")]
    if found.text("answer"):
        told = words(f"trail.choice_{standing}")
        blocks.append(section(f"*{told}*\n{escaped(cut(found.text('answer'), 2600))}"))
    blocks.append(actions(button(words("trail.open"), "trail.entry", found.id)))
    return text, blocks


def no_longer(words: Words) -> Said:
    """What was asked is gone."""
    text = words("trail.answers.gone")
    return text, [context(text)]


def elsewhere(words: Words) -> Said:
    """Somebody else answers it."""
    text = words("trail.answers.elsewhere")
    return text, [context(text)]


def _question(found: Entry, region: Region | None, words: Words) -> list[Block]:
    """What is asked, each field under its name."""
    blocks: list[Block] = []
    if region is not None:
        blocks.append(context(escaped(region.name)))
    blocks.append(section(f"*{_short(found)}*"))
    told = [
        f"*{words(f'trail.field_{name}')}*\n{escaped(cut(found.text(name), 900))}"
        for name in ("effect", "where", "asked", "whom")
        if found.text(name)
    ]
    return [*blocks, *(section(each) for each in told)]


def _short(found: Entry) -> str:
    return escaped(cut(" ".join(found.title.split()), 600))


def _indented(text: str) -> str:
    return text.replace("\n", "\n>")
