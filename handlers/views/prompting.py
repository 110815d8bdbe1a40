"""The question to a group, the lines of the coordinator's board, and what she reads when she had somebody reminded."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from slack_sdk.models.blocks import Block, ButtonElement

from bot.nudges import Room
from bot.selection import Group
from bot.worksessions import WorkSession
from handlers.views.frame import actions, button, context, escaped, person, section
from handlers.views.selection_groups import SECTION_ROOM, fitted, title
from handlers.waiting import Gap
from handlers.words import Words

if TYPE_CHECKING:
    from handlers.prompting.board import Board

MOST_GAPS = 8
"""So many things that are missing stand on the board for one session; the rest is a number."""
GROUP_ROOM = 300
"""Characters for the name of a group in a line of the board."""


def ask(session: WorkSession, group: Group, words: Words, *, last: bool) -> tuple[str, list[Block]]:
    """Ask for the group's impression, with an example of one, and say how else it can be told."""
    text = words("impressions.ask", group=group.number)
    about, day = escaped(title(session, group, words)), words.day(session.starts_at)
    closing = f" {words('prompting.last')}" if last else ""
    return text, [
        section(words("impressions.ask_more", question=text, about=about, day=day)),
        actions(_share(group, words)),
        context(f"{words('impressions.ask_example')}\n{words('prompting.direct')}{closing}"),
    ]


def settled(session: WorkSession, group: Group, words: Words) -> tuple[str, list[Block]]:
    """The question when it is answered: no button any more, and thanks."""
    text = words("prompting.settled", group=group.number)
    about, day = escaped(title(session, group, words)), words.day(session.starts_at)
    return text, [section(words("impressions.ask_more", question=text, about=about, day=day))]


def waits(session: WorkSession, group: Group, now: datetime, words: Words) -> list[Block]:
    """Say on somebody's Home that their group's impression is missing."""
    name = fitted(session, group, words, SECTION_ROOM)
    if now < session.ends_at:
        return [section(words("prompting.waits_now", group=name), _share(group, words))]
    text = words("prompting.waits", group=name, day=words.day(session.starts_at))
    return [section(text, _share(group, words))]


def _share(group: Group, words: Words) -> ButtonElement:
    says = words("impressions.share_says", group=group.number)
    return button(words("impressions.share"), "impressions.share", group.id, green=True, says=says)


def gap(session: WorkSession, group: Group, asked: Sequence[datetime], days: int, words: Words) -> str:
    """One line of the board: which group has no impression yet, and when it was asked."""
    said = [words("prompting.gap", group=fitted(session, group, words, GROUP_ROOM))]
    if not asked:
        said.append(words("prompting.not_asked"))
    elif len(asked) == 1:
        said.append(words("prompting.asked_once", when=words.stamp(asked[0])))
    else:
        said.append(words("prompting.asked_more", when=words.stamp(asked[0]), last=words.stamp(asked[-1])))
    if days:
        said.append(words.count("prompting.days", days))
    return " · ".join(said)


def board(found: "Board", words: Words) -> list[Block]:
    """What groups miss, each with its button, or with why there is none."""
    blocks: list[Block] = []
    for each in found.gaps[:MOST_GAPS]:
        blocks.append(_gap(each, found, words))
    if len(found.gaps) > MOST_GAPS:
        blocks.append(context(words.count("prompting.more", len(found.gaps) - MOST_GAPS)))
    if sum(1 for each in found.gaps if found.reachable(each)) > 1:
        says = words("prompting.remind_all_says", session=found.session.title)
        everybody = button(words("prompting.remind_all"), "prompting.remind_all", found.session.id, says=says)
        blocks.append(actions(everybody))
    return blocks


def _gap(each: Gap, found: "Board", words: Words) -> Block:
    line = each.line(words)
    if found.reachable(each):
        return section(line, _remind(each, f"{found.session.id}/{each.name}", line, words))
    return section(f"{line}\n_{unreachable(each, found, words)}_")


def _remind(each: Gap, value: str, line: str, words: Words) -> ButtonElement:
    """The button; a screen reader hears whom or what it is about."""
    label = words("home.remind")
    about = line.replace("*", "").replace("_", "")
    says = words("home.remind_says", group=each.number) if each.what == "impression" else f"{label}: {about}"
    return button(label, "prompting.remind", value, says=says)


def unreachable(each: Gap, found: "Board", words: Words) -> str:
    """Say why nobody can be reminded of this now, and what to do instead."""
    if not each.users:
        return words("selection.shape.remind_practice" if found.session.is_practice else "prompting.nobody")
    if each.name in found.today:
        return words("prompting.reminded_today")
    user = each.users[0]
    member = found.people.get(user)
    name = escaped(member.name) if member else person(user)
    if found.rooms.get(user) is Room.QUIET and member and member.quiet_until:
        return words("prompting.quiet", name=name, until=words.day(member.quiet_until))
    return words("prompting.spent", name=name)


def reminded(users: Sequence[str], at: datetime | None, words: Words) -> str:
    """Say who gets a reminder, and when where that is not now."""
    names = words.list([person(user) for user in users])
    if at is None:
        return words.count("prompting.reminded", len(users), name=names)
    return words.count("prompting.reminded_at", len(users), name=names, when=words.stamp(at))
