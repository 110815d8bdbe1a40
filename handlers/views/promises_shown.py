"""A promise where others read it: its card, the opening of a session, a line in the article and in the digest."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, ButtonElement

from bot.promises import State, Told
from handlers.views.frame import actions, button, context, escaped, header, section
from handlers.views.pages import paginate, paragraphs
from handlers.views.promises import until
from handlers.views.promises_owner import marks
from handlers.words import Words

WITH_BUTTONS = 12
"""Promises that have buttons of their own in an opening; the others are marked at Home."""


def line(told: Told, words: Words) -> str:
    """Say who promised what by when, in one line of mrkdwn: `Lotte: “…” (klaar vóór donderdag 9 september)`."""
    said = f"{escaped(told.owner_name)}: “{escaped(told.words)}”"
    return f"{said} {_state(told, words)}".strip()


def plain_line(told: Told, words: Words) -> str:
    """The same line, not escaped: for a document."""
    return f"{told.owner_name}: “{told.words}” {_state(told, words)}".strip()


def _state(told: Told, words: Words) -> str:
    promise = told.promise
    if promise.state is State.KEPT:
        return words("promises.shown_kept")
    return until(promise.due, words) if promise.due and promise.stands else ""


def card(told: Told, words: Words) -> tuple[str, list[Block]]:
    """What stands in the thread of the article: the promise, who wants it too, and the button for who does."""
    promise = told.promise
    if not promise.is_public or not told.words:
        return gone(words)
    if promise.state is State.DROPPED:
        text = words("promises.card_dropped", name=escaped(told.owner_name), words=escaped(told.words))
        return words("promises.card_text", name=escaped(told.owner_name)), paragraphs(text)
    blocks = paragraphs(f"🙋 {line(told, words)}")
    if told.takers:
        blocks.append(context(words.count("promises.takers", told.takers)))
    if promise.stands:
        blocks.append(actions(want_button(told, words)))
    return words("promises.card_text", name=escaped(told.owner_name)), blocks


def gone(words: Words) -> tuple[str, list[Block]]:
    """What stands in the place of a card whose words may not be read any more."""
    text = words("promises.card_gone")
    return text, [context(text)]


def want_button(told: Told, words: Words, number: int | None = None) -> ButtonElement:
    """The button for who wants it too; `number` keeps several of one message apart."""
    argument = "" if number is None else f":{number}"
    says = words("promises.want_says", name=told.owner_name)
    return button(words("promises.want"), f"promises.want{argument}", told.promise.id, says=says)


def wanted(told: Told, words: Words) -> tuple[str, list[Block]]:
    """Confirm to one person that they want it too, with a way back."""
    text = words("promises.wanted", name=escaped(told.owner_name))
    off = button(words("promises.undo"), "promises.want_not:own", told.promise.id)
    return text, [section(text), actions(off)]


def not_wanted(told: Told, words: Words) -> tuple[str, list[Block]]:
    """Confirm to one person that they no longer want it."""
    text = words("promises.not_wanted", name=escaped(told.owner_name))
    again = button(words("promises.want"), "promises.want:own", told.promise.id)
    return text, [section(text), actions(again)]


def opening(found: Sequence[Told], words: Words) -> tuple[str, list[list[Block]]]:
    """What a session opens with: what was promised before and how it stands. Nothing is called late."""
    text = words("promises.opening")
    rule = [words("promises.opening_rule")]
    if any(told.promise.stands for told in found):
        rule.append(words("promises.opening_own"))
    head: list[Block] = [header(text), context(" ".join(rule))]
    body: list[Block] = []
    for number, told in enumerate(found):
        if not told.words:
            continue
        name, said = escaped(told.owner_name), escaped(told.words)
        body += paragraphs(f"*{name}*: “{said}”\n{_standing(told, words)}")
        if told.promise.stands and number < WITH_BUTTONS:
            body.append(actions(*marks(told, words)))
    if not body:
        empty = words("promises.opening_empty")
        return empty, [[context(empty)]]
    return text, paginate(head, body, [])


def _standing(told: Told, words: Words) -> str:
    promise = told.promise
    if promise.state is State.KEPT:
        return words("promises.opening_kept")
    if promise.state is State.DROPPED:
        return words("promises.opening_dropped")
    if promise.state is State.MOVED and promise.due:
        return words("promises.opening_moved", day=words.date(promise.due))
    return words("promises.opening_open")
