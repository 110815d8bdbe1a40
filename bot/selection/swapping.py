"""Two people who change places after the groups were made: one asks, the other agrees or rather not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.problem import Refused
from bot.selection.grouping import Group, Reason, Seat
from bot.selection.seating import Change, group_of, still_grouped
from bot.worksessions import WorkSession


class SwapState(StrEnum):
    """What became of a proposal to change places.

    `void`: one of the two sat elsewhere by then. `replaced`: the asker asked somebody else instead.
    """

    ASKED = "asked"
    DONE = "done"
    DECLINED = "declined"
    VOID = "void"
    REPLACED = "replaced"


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


def swap_partners(groups: Sequence[Group], user: str) -> dict[str, tuple[str, ...]]:
    """Return with whom somebody can change places: group id to the people there who have no duty."""
    mine = group_of(groups, user)
    found = {}
    for group in groups:
        people = tuple(each for each in group.people if each not in (group.facilitator, group.note_taker))
        if group is not mine and people:
            found[group.id] = people
    return found


def check_swap(session: WorkSession, groups: Sequence[Group], asker: str, now: datetime) -> Group:
    """Return the group out of which somebody may ask to change places.

    Raises Refused where there are no groups (any more), for who has no seat, and for who leads a group or takes its
    notes: that seat is not theirs alone to give away.
    """
    still_grouped(session, now)
    mine = group_of(groups, asker)
    if mine is None:
        raise Refused("selection.no_seat")
    if asker in (mine.facilitator, mine.note_taker) or asker not in mine.people:
        raise Refused("selection.swap_duty", number=mine.number)
    return mine


def propose_swap(
    session: WorkSession, groups: Sequence[Group], asker: str, partner: str, new_id: str, now: datetime
) -> Swap:
    """Ask somebody to change places.

    Raises Refused where the asker has nothing to give away (`check_swap`), where the other has no seat or sits in the
    same group, and where the other has a duty.
    """
    mine = check_swap(session, groups, asker, now)
    theirs = group_of(groups, partner)
    if theirs is None or partner == asker:
        raise Refused("selection.swap_nobody")
    if mine.id == theirs.id:
        raise Refused("selection.swap_same", number=mine.number)
    if partner in (theirs.facilitator, theirs.note_taker) or partner not in theirs.people:
        raise Refused("selection.swap_duty", number=theirs.number)
    return Swap(new_id, session.id, asker, partner, mine.id, theirs.id, SwapState.ASKED, now)


def is_stale(groups: Sequence[Group], swap: Swap) -> bool:
    """Say whether a proposal cannot be carried out any more: one of the two moved, got a duty, or left."""
    held = {group.id: group for group in groups}
    for group_id, user in ((swap.asker_group, swap.asker), (swap.partner_group, swap.partner)):
        group = held.get(group_id)
        if group is None or user not in group.people or user in (group.facilitator, group.note_taker):
            return True
    return False


def settle_swap(
    session: WorkSession, groups: Sequence[Group], swap: Swap, user: str, agrees: bool, now: datetime
) -> Swap:
    """Answer a proposal: done, declined, or void when one of the two was moved, got a duty or left in the meantime.

    Raises Refused for who was not asked, for one that was settled already, and once the session is over.
    """
    if swap.partner != user:
        raise Refused("selection.swap_other")
    if swap.state is not SwapState.ASKED:
        raise Refused("selection.swap_settled")
    still_grouped(session, now)
    if not agrees:
        return replace(swap, state=SwapState.DECLINED)
    return replace(swap, state=SwapState.VOID if is_stale(groups, swap) else SwapState.DONE)


def swapped(groups: Sequence[Group], swap: Swap) -> Change:
    """Carry out a proposal that was agreed to: the two change places, and nobody else notices."""
    there = {swap.asker: swap.partner, swap.partner: swap.asker}
    changed = tuple(
        replace(group, people=tuple(there.get(user, user) for user in group.people))
        for group in groups
        if group.id in (swap.asker_group, swap.partner_group)
    )
    return Change(changed, tuple(Seat(user, Reason.SWAPPED) for user in there), told=())
