"""Promises on the Home, on the coordinator's board, and in the list of `/oogst beloftes`: a line each, with buttons."""

from collections.abc import Sequence
from datetime import date

from slack_sdk.models.blocks import Block

from bot.promises import State, Told, is_overdue
from handlers.views.frame import actions, button, context, cut, escaped, header, section
from handlers.views.pages import size
from handlers.views.promises import SHORT
from handlers.views.promises_owner import due_picker, marks
from handlers.words import Words

MOST = 12
"""Promises in one list: two blocks each, in a message that takes 50."""
MOST_LETTERS = 9000
"""Characters of the list; Slack refuses a message somewhere above 10,000."""
LINE = 90
"""Characters of a promise on the coordinator's board, where its group and owner stand too."""


def asked(told: Told, words: Words) -> list[Block]:
    """Somebody is asked whether an offer is theirs: on their Home, with the same answers as in their messages."""
    promise = told.promise
    values = {"asker": escaped(told.asker_name), "words": escaped(cut(told.words, SHORT))}
    return [
        section(words("promises.question", **values)),
        actions(
            button(words("promises.say_yes"), "promises.accept", promise.id, green=True),
            button(words("promises.say_change"), "promises.change", promise.id),
            button(words("promises.say_no"), "promises.decline", promise.id),
        ),
    ]


def promised(told: Told, words: Words) -> list[Block]:
    """What somebody promised, by when, with the three taps that say how it stands."""
    promise = told.promise
    text = words("promises.home_own", words=escaped(cut(told.words, SHORT)))
    if promise.due is None:
        first = section(f"{text}\n{words('promises.when')}", due_picker(told, words))
        return [first, actions(*marks(told, words))]
    return [section(f"{text}\n{words('promises.ready_by', day=words.date(promise.due))}"), actions(*marks(told, words))]


def overdue_gap(told: Told, words: Words) -> str:
    """One line of the coordinator's board: whose day has passed without a word."""
    promise = told.promise
    day = words.day(promise.due) if promise.due else ""
    return words("promises.gap_overdue", name=escaped(told.owner_name), words=_short(told), day=day)


def unanswered_gap(told: Told, words: Words) -> str:
    """One line of the coordinator's board: who was asked and did not answer."""
    when = words.stamp(told.promise.asked_at)
    return words("promises.gap_unanswered", name=escaped(told.owner_name), words=_short(told), when=when)


def _short(told: Told) -> str:
    return escaped(cut(told.words, LINE))


def own_list(
    mine: Sequence[Told], others: Sequence[Told], today: date, words: Words, *, coordinates: bool
) -> tuple[str, list[Block]]:
    """The answer to `/oogst beloftes`: one's own, and for a coordinator whatever stands or waits."""
    text = words("promises.list_own")
    blocks: list[Block] = [header(text)]
    shown = [asked(told, words) if told.promise.waits else promised(told, words) for told in mine]
    left = _fill(blocks, shown) if mine else 0
    if not mine:
        blocks.append(section(words("promises.list_none")))
    if coordinates:
        blocks.append(header(words("promises.list_all")))
        left += _fill(blocks, [[section(_entry(told, today, words))] for told in others])
        if not others:
            blocks.append(section(words("promises.list_none_open")))
    if left:
        blocks.append(context(words.count("promises.list_more", left)))
    return text, blocks


def _fill(blocks: list[Block], entries: Sequence[list[Block]]) -> int:
    """Add as many entries as a message takes; returns how many are left over."""
    for number, entry in enumerate(entries):
        if number == MOST or size([*blocks, *entry]) > MOST_LETTERS:
            return len(entries) - number
        blocks += entry
    return 0


def _entry(told: Told, today: date, words: Words) -> str:
    promise = told.promise
    if promise.waits:
        state = words("promises.list_waits")
    elif is_overdue(promise, today):
        state = words("promises.list_overdue", day=words.date(promise.due)) if promise.due else ""
    elif promise.due is None:
        state = words("promises.no_day")
    elif promise.state is State.MOVED:
        state = words("promises.opening_moved", day=words.date(promise.due))
    else:
        state = words("promises.ready_by", day=words.date(promise.due))
    line = f"*{escaped(told.owner_name)}*: “{escaped(cut(told.words, SHORT))}”"
    return f"{line}\n{escaped(told.session_title)} · {state}"
