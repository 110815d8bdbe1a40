"""What the owner of a promise reads and presses in their own messages, and what those who asked or wait are told."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, ButtonElement, DatePickerElement

from bot.promises import Reminder, State, Told
from handlers.views.frame import actions, button, context, cut, escaped, plain, section
from handlers.views.pages import MOST_TEXT, paragraphs, size
from handlers.views.promises import SHORT, declined_buttons
from handlers.words import Words

MOST_NAMED = 20
"""People who are named in one message about what they want too; of more, the number."""


def owner_message(told: Told, ahead: Sequence[Reminder], words: Words) -> tuple[str, list[Block]]:
    """The question to the owner, and after it how their promise stands, with what they can do now.

    `ahead` are the reminders that will come.
    """
    promise = told.promise
    if not told.words:
        return gone(words)
    if promise.waits:
        return _question(told, words)
    if promise.state is State.DECLINED:
        text = words("promises.is_declined", words=escaped(told.words))
        again = button(words("promises.say_yes_after_all"), "promises.accept", promise.id)
        return text, [*paragraphs(text), actions(again)]
    if promise.state is State.DROPPED and promise.agreed_at is None:
        return _alone(words("promises.question_over"))
    return _standing(told, ahead, words)


def gone(words: Words) -> tuple[str, list[Block]]:
    """Say in the place of words that were withdrawn that they are gone."""
    return _alone(words("promises.words_gone"))


def _alone(text: str) -> tuple[str, list[Block]]:
    return text, [section(text)]


def _question(told: Told, words: Words) -> tuple[str, list[Block]]:
    promise = told.promise
    text = words("promises.question", asker=escaped(told.asker_name), words=escaped(told.words))
    blocks = paragraphs(text)
    if promise.due is not None:
        blocks.append(section(words("promises.question_due", day=words.date(promise.due))))
    blocks.append(
        actions(
            button(words("promises.say_yes"), "promises.accept", promise.id, green=True),
            button(words("promises.say_change"), "promises.change", promise.id),
            button(words("promises.say_no"), "promises.decline", promise.id),
        )
    )
    blocks.append(context(words("promises.question_rule")))
    return text, blocks


def _standing(told: Told, ahead: Sequence[Reminder], words: Words) -> tuple[str, list[Block]]:
    promise = told.promise
    text = words(f"promises.own_{_stage(told)}", words=escaped(told.words))
    blocks = paragraphs(text)
    if not promise.stands:
        return text, [*blocks, actions(_undo(told, words))]
    if promise.lost and not promise.own_words:
        blocks.append(context(words("promises.sentence_gone")))
    if promise.due is None:
        blocks += [section(words("promises.when"), due_picker(told, words))]
        blocks.append(actions(*marks(told, words), _change(told, words)))
        return f"{text} {words('promises.when')}", blocks
    noted = words("promises.noted", day=words.date(promise.due))
    if ahead and ahead[0].name == "week":
        noted = f"{noted} {words('promises.remind_week')}"
    elif ahead:
        noted = f"{noted} {words('promises.remind_on', day=words.day(ahead[0].at))}"
    blocks += [section(noted), actions(*marks(told, words), _change(told, words))]
    return f"{text} {noted}", blocks


def _stage(told: Told) -> str:
    state = told.promise.state
    return state.value if state in (State.KEPT, State.DROPPED) else "stands"


def due_picker(told: Told, words: Words) -> DatePickerElement:
    """Ask by when it is ready; the day itself is the answer."""
    return DatePickerElement(
        action_id=f"promises.due:{told.promise.id}", placeholder=plain(words("promises.choose_day"))
    )


def marks(told: Told, words: Words) -> list[ButtonElement]:
    """Kept, moved, dropped: one tap each."""
    promise, start = told.promise, cut(told.words, 40)
    return [
        button(
            words(f"promises.{name}"), f"promises.{name}", promise.id, says=words(f"promises.{name}_says", words=start)
        )
        for name in ("done", "moved", "dropped")
    ]


def _change(told: Told, words: Words) -> ButtonElement:
    return button(words("promises.say_change"), "promises.change", told.promise.id)


def _undo(told: Told, words: Words) -> ButtonElement:
    return button(words("promises.undo"), "promises.reopen", told.promise.id)


def reminder(told: Told, words: Words) -> tuple[str, list[Block]]:
    """Remind the owner of what they promised; afterwards the message says how it stands."""
    promise = told.promise
    if not promise.stands or promise.due is None:
        return owner_message(told, (), words)
    text = words("promises.reminder", day=words.date(promise.due), words=escaped(told.words))
    return text, [*paragraphs(text), actions(*marks(told, words))]


def lost(told: Told, words: Words) -> tuple[str, list[Block]]:
    """Ask the owner what holds now that their sentence is no longer in the note."""
    promise = told.promise
    if not promise.lost or not promise.stands:
        return owner_message(told, (), words)
    text = words("promises.lost", group=told.group_number)
    row = [
        button(words("promises.choose_sentence"), "promises.sentence", promise.id),
        button(words("promises.use_own_words"), "promises.change", promise.id),
        button(words("promises.dropped"), "promises.dropped", promise.id),
    ]
    return text, [section(text), actions(*row)]


def lost_for_coordinator(told: Told, words: Words) -> tuple[str, list[Block]]:
    """Tell the coordinator that a promise has no sentence any more, and that its owner was asked."""
    promise = told.promise
    name = escaped(told.owner_name)
    key = "promises.lost_told" if promise.lost and promise.stands else "promises.lost_settled"
    text = words(key, name=name, group=told.group_number)
    if promise.lost and promise.stands:
        choose = button(words("promises.choose_sentence"), "promises.sentence", promise.id)
        return text, [section(text), actions(choose)]
    return text, [section(text)]


def declined(told: Told, words: Words) -> tuple[str, list[Block]]:
    """Tell the author and the coordinator that it is not theirs, with what can be done now."""
    name, said = escaped(told.owner_name), escaped(cut(told.words, SHORT))
    if told.promise.state is not State.DECLINED or not told.words:
        text = words("promises.declined_settled", name=name)
        return text, [section(text)]
    text = words("promises.declined", name=name, words=said)
    return text, [section(text), actions(*declined_buttons(told, words)), context(words("promises.declined_rule"))]


def news(wanted: Sequence[tuple[Told, Sequence[tuple[str, str]]]], words: Words) -> tuple[str, list[Block]]:
    """Tell a giver who wants what they offered: per promise the names, each with their region or nothing."""
    text = words.count("promises.news", sum(len(people) for _, people in wanted))
    blocks: list[Block] = [section(text)]
    for told, people in wanted:
        entry = paragraphs(f"🙋 “{escaped(cut(told.words, SHORT))}”\n{_named(people, words)}")
        if size([*blocks, *entry]) > MOST_TEXT:
            break  # the number above counts them all, and so does each card
        blocks += entry
    return text, blocks


def _named(people: Sequence[tuple[str, str]], words: Words) -> str:
    """The names of who wants it, each with a region where one is known; the first of them written out."""
    shown = [f"{escaped(name)} ({escaped(cut(region, 60))})" if region else escaped(name) for name, region in people]
    more = len(shown) - MOST_NAMED
    return words.list([*shown[:MOST_NAMED], words.count("selection.more", more)] if more > 0 else shown)


def kept_for_taker(told: Told, words: Words) -> tuple[str, list[Block]]:
    """Tell somebody who wanted it that it is done; and where that was said by mistake, that it is not yet."""
    key = "promises.not_kept_yet" if told.promise.stands else "promises.kept_for_you"
    text = words(key, name=escaped(told.owner_name), words=escaped(cut(told.words, SHORT)))
    return text, [section(text)]
