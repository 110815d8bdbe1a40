"""After the groups were made: moving somebody, a place for who comes late, and what happens when somebody leaves."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.problem import Refused
from bot.selection.choosing import Pick
from bot.selection.grouping import Group, Reason, Seat
from bot.worksessions import State, Topic, WorkSession


class Duty(StrEnum):
    """As what somebody sits in a group."""

    PARTICIPANT = "participant"
    FACILITATOR = "facilitator"
    NOTE_TAKER = "note_taker"


@dataclass(frozen=True)
class Change:
    """What a change of seats comes down to.

    `groups` are those that are different now, as they are now; `seats` were given, `freed` lost theirs, and `told`
    are the people whose group or duty is another one.
    """

    groups: tuple[Group, ...] = ()
    seats: tuple[Seat, ...] = ()
    freed: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


def group_of(groups: Sequence[Group], user: str) -> Group | None:
    """Return the group in which somebody sits or which they lead; where they sit comes first."""
    seated = next((group for group in groups if user in group.people), None)
    return seated or next((group for group in groups if group.has(user)), None)


def leading_topic(session: WorkSession, group: Group) -> Topic | None:
    """Return the topic whose limits hold for a group; None when none of its topics is on offer any more."""
    return next((topic for each in group.topics if (topic := session.topic(each)) is not None), None)


def room(session: WorkSession, group: Group) -> int | None:
    """Return how many more people a group takes, None where there is no limit."""
    lead = leading_topic(session, group)
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


def move(
    session: WorkSession,
    groups: Sequence[Group],
    group_id: str,
    user: str,
    duty: Duty,
    now: datetime,
    *,
    wider: bool = False,
) -> Change:
    """Seat somebody in a group on the coordinator's word, with this duty and no other.

    Whoever had the duty stays as a participant where there is room. `wider` lets a full group take one more. Once the
    session is over nobody changes groups, and who sits there can still take up a duty: somebody has to hand in what
    the group found. Raises Refused for a group that is full or that this session does not have.
    """
    target = next((group for group in groups if group.id == group_id), None)
    if target is None:
        raise Refused("worksessions.gone")
    if duty is Duty.PARTICIPANT or group_of(groups, user) is not target:
        still_grouped(session, now)
    may_grow = wider and leading_topic(session, target) is not None
    if user not in target.people and not may_grow and not has_room(session, target):
        raise Refused("selection.group_full", number=target.number, limit=len(target.people))
    after = {group.id: _without(group, user) for group in groups}
    seats = []
    if user in target.people:
        people = target.people
    else:
        people = (*target.people, user)
        seats.append(Seat(user, Reason.LEADS if duty is Duty.FACILITATOR else Reason.MOVED))
    left = after[target.id]
    facilitator = user if duty is Duty.FACILITATOR else left.facilitator
    note_taker = user if duty is Duty.NOTE_TAKER else left.note_taker
    had_duty = [former for former in (left.facilitator, left.note_taker) if former is not None]
    relieved = [former for former in had_duty if former not in (facilitator, note_taker)]
    arranged = replace(target, people=people, facilitator=facilitator, note_taker=note_taker)
    for former in relieved:
        if former not in arranged.people and (may_grow or has_room(session, arranged)):
            arranged = replace(arranged, people=(*arranged.people, former))
            seats.append(Seat(former, Reason.PLACED))
    after[target.id] = arranged
    changed = _changed(groups, after)
    return Change(changed, tuple(seats), told=tuple(dict.fromkeys((user, *relieved))) if changed else ())


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
        raise Refused("selection.no_room" if groups else "selection.none_made")
    for topic in wanted:
        for group in free:
            if topic in group.topics:
                return group

    def neighbours(group: Group) -> int:
        return sum(1 for user in group.people if region is not None and regions.get(user) == region)

    return min(free, key=lambda group: (neighbours(group), len(group.people), group.number))


def seat_late(group: Group, user: str) -> Change:
    """Give somebody who comes late a seat in this group."""
    return Change((replace(group, people=(*group.people, user)),), (Seat(user, Reason.LATE),), told=(user,))


def leave(groups: Sequence[Group], user: str) -> Change:
    """Take somebody who left the workspace out of the groups, with their duties; the groups go on without them."""
    changed = _changed(groups, {group.id: _without(group, user) for group in groups})
    return Change(changed, freed=(user,) if any(user in group.people for group in groups) else ())


@dataclass(frozen=True)
class Why:
    """Why somebody sits in a group: the reason, and what its sentence names.

    `first` is the name of the topic they liked best, `partner` with whom they changed places.
    """

    number: int
    reason: Reason
    first: str = ""
    partner: str = ""


def explain(
    session: WorkSession, group: Group, seat: Seat | None, pick: Pick | None, user: str, partner: str | None
) -> Why:
    """Say why somebody sits in this group, as things are now; of others it tells only with whom they changed places.

    A duty that was given up is a reason no more, and what cannot be named any more counts as the coordinator's word.
    """
    if user == group.facilitator:
        return Why(group.number, Reason.LEADS)
    reason = seat.reason if seat else Reason.PLACED
    if reason is Reason.SWAPPED and partner:
        return Why(group.number, reason, partner=partner)
    if reason.names_first:
        lead = session.lead(pick.topics[0]) if pick and pick.topics else None
        if lead is not None:
            return Why(group.number, reason, first=lead.name)
    if reason is Reason.LEADS or reason is Reason.SWAPPED or reason.names_first:
        return Why(group.number, Reason.PLACED)
    return Why(group.number, reason)


def leaderless(groups: Sequence[Group], away: Collection[str]) -> list[Group]:
    """Return the groups that nobody leads, or only somebody who is `away`: they left the workspace."""
    return [group for group in groups if group.facilitator is None or group.facilitator in away]


def duty_of(group: Group, user: str) -> Duty:
    """Return as what somebody sits in a group."""
    if user == group.facilitator:
        return Duty.FACILITATOR
    return Duty.NOTE_TAKER if user == group.note_taker else Duty.PARTICIPANT


def newly_on_duty(session: WorkSession, group: Group) -> tuple[str, ...]:
    """Return who leads a group or takes its notes without having been appointed: they do not know it yet."""
    appointed = {topic.facilitator for each in group.topics if (topic := session.topic(each))}
    on_duty = dict.fromkeys([group.facilitator, group.note_taker])
    return tuple(user for user in on_duty if user is not None and user not in appointed)


def _without(group: Group, user: str) -> Group:
    if user not in (*group.people, group.facilitator, group.note_taker):
        return group
    return replace(
        group,
        people=tuple(other for other in group.people if other != user),
        facilitator=None if group.facilitator == user else group.facilitator,
        note_taker=None if group.note_taker == user else group.note_taker,
    )


def _changed(groups: Sequence[Group], after: Mapping[str, Group]) -> tuple[Group, ...]:
    return tuple(after[group.id] for group in groups if after[group.id] != group)
