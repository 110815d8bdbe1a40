"""The question to a group, the lines of the coordinator's board, and what she reads when she had somebody reminded."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from slack_sdk.models.blocks import Block, ButtonElement

from bot.impressions import SignOffState, Standing
from bot.nudges import Room
from bot.selection import Group
from bot.worksessions import WorkSession
from handlers.views.frame import actions, button, context, escaped, person, section
from handlers.views.impressions_signing import until
from handlers.views.selection_groups import SECTION_ROOM, fitted, title
from handlers.waiting import Gap
from handlers.words import Words

if TYPE_CHECKING:
    from handlers.prompting.board import Board

MOST_GAPS = 8
"""So many things that are missing stand on the board for one session; the rest is a number."""
MOST_NAMES = 5
"""So many people who object are named on one line."""
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


def sign_gap(number: int, session: WorkSession, standing: Standing, words: Words) -> str:
    """One line of the board: how many of a group said that its record is right, and until when they can."""
    text = words("prompting.sign_gap", group=number, now=len(standing.agreed), all=len(standing.asked))
    if standing.state is SignOffState.OPEN:
        return f"{text} · {words('prompting.sign_until', until=until(session, standing, words))}"
    return f"{text} · {words('prompting.sign_needed')}"


def objected_gap(number: int, names: Sequence[str], words: Words) -> str:
    """One line of the board: who says that the record of a group is not right."""
    who = words.list([escaped(name) for name in names[:MOST_NAMES]])
    return words("prompting.objected_gap", group=number, names=who)


def quote_gap(number: int, name: str, words: Words) -> str:
    """One line of the board: who was asked about a quote and did not answer."""
    return words("prompting.quote_gap", group=number, name=escaped(name))


def sign(
    group: Group, session: WorkSession, standing: Standing, link: str | None, words: Words
) -> tuple[str, list[Block]]:
    """Remind somebody to say whether the record of their group is right, with the way to it."""
    text = words("prompting.sign", group=group.number)
    more = words("prompting.sign_until_more", until=until(session, standing, words))
    open_ = standing.state is SignOffState.OPEN
    return text, [section(_with_link(f"{text}\n{more}" if open_ else text, link, words))]


def objected(group: Group, link: str | None, words: Words) -> tuple[str, list[Block]]:
    """Remind who wrote a record that somebody objects to it, with the way to it."""
    text = words("prompting.objected", group=group.number)
    return text, [section(_with_link(text, link, words))]


def quote(link: str | None, words: Words) -> tuple[str, list[Block]]:
    """Remind somebody of the question about a quote of theirs, with the way to it."""
    text = words("prompting.quote")
    return text, [section(_with_link(text, link, words))]


def _with_link(text: str, link: str | None, words: Words) -> str:
    return f"{text}\n<{link}|{words('prompting.to_message')}>" if link else f"{text}\n{words('prompting.on_home')}"


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
