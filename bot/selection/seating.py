"""After the groups were made: moving, changing places with somebody, and a place for who comes late."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.problem import Refused
from bot.selection.grouping import Group
from bot.worksessions import State, WorkSession


class SwapState(StrEnum):
    """What became of a proposal to change places; `void` when one of the two sat elsewhere by then."""

    ASKED = "asked"
    DONE = "done"
    DECLINED = "declined"
    VOID = "void"


@dataclass(frozen=True)
class Swap:
    """One person's proposal to another to change places, with the groups in which they sat when it was made."""

    id: str
    work_session: str
    asker: str
    partner: str
    asker_group: str
    partner_group: str
    state: SwapState
    at: datetime


def group_of(groups: Sequence[Group], user: str) -> Group | None:
    """Return the group in which somebody sits or which they lead."""
    return next((group for group in groups if group.has(user)), None)


def room(session: WorkSession, group: Group) -> int | None:
    """Return how many more people a group takes, None where there is no limit."""
    lead = session.topic(group.topics[0]) if group.topics else None
    most = session.maximum(lead) if lead else session.group_limit
    return None if most is None else max(0, most - len(group.people))


def has_room(session: WorkSession, group: Group) -> bool:
    """Say whether one more person can sit there."""
    left = room(session, group)
    return left is None or left > 0


def still_grouped(session: WorkSession, now: datetime) -> None:
    """Let a change of seats pass. Raises Refused before there are groups, and once the session is over."""
    if session.state is not State.GROUPED:
        raise Refused("selection.no_groups_yet")
    if now >= session.ends_at:
        raise Refused("selection.over", title=session.title)


def check_move(session: WorkSession, group: Group, user: str) -> None:
    """Let the coordinator seat somebody in this group. Raises Refused when it is full."""
    if user not in group.people and not has_room(session, group):
        raise Refused("selection.group_full", number=group.number, limit=len(group.people))


def propose_swap(
    session: WorkSession, groups: Sequence[Group], asker: str, partner: str, new_id: str, now: datetime
) -> Swap:
    """Ask somebody to change places.

    Raises Refused where there are no groups (any more), where one of the two has no seat or both sit together, and
    for who leads a group or takes its notes: that seat is not theirs alone to give away.
    """
    still_grouped(session, now)
    mine, theirs = group_of(groups, asker), group_of(groups, partner)
    if mine is None:
        raise Refused("selection.no_seat")
    if theirs is None or partner == asker:
        raise Refused("selection.swap_nobody")
    if mine.id == theirs.id:
        raise Refused("selection.swap_same", number=mine.number)
    for group, user in ((mine, asker), (theirs, partner)):
        if user in (group.facilitator, group.note_taker):
            raise Refused("selection.swap_duty", number=group.number)
    return Swap(new_id, session.id, asker, partner, mine.id, theirs.id, SwapState.ASKED, now)


def settle_swap(
    session: WorkSession, groups: Sequence[Group], swap: Swap, user: str, agrees: bool, now: datetime
) -> Swap:
    """Answer a proposal: done, declined, or void when one of the two was moved, got a duty or left in the meantime.

    Raises Refused for who was not asked, for one that was settled already, and once the session is over.
    """
    if swap.partner != user:
        raise Refused("slack.unknown")
    if swap.state is not SwapState.ASKED:
        raise Refused("selection.swap_settled")
    still_grouped(session, now)
    if not agrees:
        return replace(swap, state=SwapState.DECLINED)
    held = {group.id: group for group in groups}
    pairs = ((swap.asker_group, swap.asker), (swap.partner_group, swap.partner))
    for group_id, person in pairs:
        group = held.get(group_id)
        if group is None or person not in group.people or person in (group.facilitator, group.note_taker):
            return replace(swap, state=SwapState.VOID)
    return replace(swap, state=SwapState.DONE)


def best_place(
    session: WorkSession,
    groups: Sequence[Group],
    wanted: Sequence[str],
    region: str | None,
    regions: Mapping[str, str | None],
) -> Group:
    """Return where somebody who comes late sits best.

    What they want comes first (topic ids, first choice first), then the group with fewest people of their own region
    (`regions`: user to region), then the smallest. Raises Refused when every group is full.
    """
    free = [group for group in groups if has_room(session, group)]
    if not free:
        raise Refused("selection.no_room")
    for topic in wanted:
        for group in free:
            if topic in group.topics:
                return group

    def neighbours(group: Group) -> int:
        return sum(1 for user in group.people if region is not None and regions.get(user) == region)

    return min(free, key=lambda group: (neighbours(group), len(group.people), group.number))
