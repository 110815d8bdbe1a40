"""The message that asks a channel for themes, with what was proposed so far; later it says what came of it."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from bot.proposals import Bundle, Status, shown_first
from bot.worksessions import State, WorkSession
from handlers.views.frame import actions, button, context, cut, escaped, header, section
from handlers.views.pages import size
from handlers.views.proposals import also, back_button, people
from handlers.words import Words

MOST_SHOWN = 25
"""Proposals in the call: as many as people read through. The rest is a tap away, in the Home."""
ROOM = 8500
"""Characters of the call: Slack refuses a message somewhere above 10,000."""
WHY_SHOWN = 150
ALSO_IN_CALL = 2
ALSO_LENGTH = 60
MOST_CHOSEN = 40


def call(session: WorkSession, found: Sequence[Bundle], words: Words, *, is_open: bool) -> tuple[str, list[Block]]:
    """Ask everybody in the channel for themes, and show those that are there with a button each."""
    day = words.day(session.starts_at)
    if not is_open:
        return _closed_call(session, found, words)
    text = words("proposals.call_text", day=day)
    head: list[Block] = [
        header(words("proposals.call_header", day=day)),
        section(words("proposals.call_intro", title=escaped(session.title), until=words.moment(session.starts_at))),
        actions(button(words("proposals.propose_one"), "proposals.new", session.id, green=True)),
    ]
    shown, hidden = _that_fit(found, head, words)
    if not shown:
        return text, [*head, context(words("proposals.none_yet"))]
    rest = [context(words.count("proposals.more_in_home", hidden))] if hidden else []
    return text, [*head, *(_line(each, words) for each in shown), *rest]


def _that_fit(found: Sequence[Bundle], head: Sequence[Block], words: Words) -> tuple[list[Bundle], int]:
    """The most backed proposals for which there is room; names full of `&` and `<` are longer than they look."""
    most = MOST_SHOWN
    while True:
        shown, hidden = shown_first(found, most)
        if size([*head, *(_line(each, words) for each in shown)]) <= ROOM or most == 1:
            return shown, hidden
        most = min(most, len(shown)) - 1


def _line(bundle: Bundle, words: Words) -> Block:
    lines = [f"*{escaped(bundle.name)}* · {words.count('proposals.backers', len(bundle.backers))}"]
    why = next((each.why for each in bundle.members if each.why), "")
    if why:
        lines.append(escaped(cut(why, WHY_SHOWN)))
    lines += also(bundle, words, ALSO_IN_CALL, ALSO_LENGTH)
    return section("\n".join(lines), back_button(bundle, words), block_id=bundle.id)


def _closed_call(session: WorkSession, found: Sequence[Bundle], words: Words) -> tuple[str, list[Block]]:
    """What takes the place of the call: the themes that came of it, or only that it is over."""
    day = words.day(session.starts_at)
    chosen = [each for each in found if each.status is Status.CHOSEN]
    if session.state is State.PLANNED:
        text = words("proposals.call_over", day=day)
        return text, [header(words("proposals.call_header", day=day)), section(text)]
    text = words("proposals.chosen_text", day=day)
    blocks: list[Block] = [header(words("proposals.chosen_header", day=day))]
    by_topic = {member.topic: each for each in chosen for member in each.members}
    for topic in session.topics[:MOST_CHOSEN]:
        bundle = by_topic.get(topic.id)
        lines = [f"*{escaped(topic.name)}*"]
        if bundle is not None:
            lines.append(words("proposals.proposed_by", people=people(bundle.proposers, words)))
        blocks.append(section("\n".join(lines)))
    blocks.append(context(words("proposals.chosen_rest")))
    if size(blocks) > ROOM:  # with the longest names there is no room for who proposed them
        blocks = [header(words("proposals.chosen_header", day=day)), *_names_only(session, words)]
    return text, blocks


def _names_only(session: WorkSession, words: Words) -> list[Block]:
    each = max(40, ROOM // max(1, len(session.topics)) - 10)
    lines = [f"• {escaped(cut(topic.name, each // 5))}" for topic in session.topics[:MOST_CHOSEN]]
    half = len(lines) // 2
    parts = [part for part in (lines[:half], lines[half:]) if part]
    return [*(section("\n".join(part)) for part in parts), context(words("proposals.chosen_rest"))]
