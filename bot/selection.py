"""Choosing a topic, and the groups that follow from it. Free choice: everybody goes where they want."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.problem import Refused
from bot.worksessions import State, WorkSession


class Wish(StrEnum):
    """What a pick says: this topic, wherever there is room, or "I cannot come"."""

    TOPIC = "topic"
    ANYWHERE = "anywhere"
    ABSENT = "absent"


@dataclass(frozen=True)
class Pick:
    """The one choice that counts for a person in a work session."""

    user: str
    wish: Wish
    topic: str | None
    at: datetime


@dataclass(frozen=True)
class Choice:
    """What a press led to; `changed` is False when it said what was chosen already."""

    pick: Pick
    changed: bool
    before: Pick | None = None


@dataclass(frozen=True)
class Group:
    """People who talk together about one or more topics; its facilitator hands in the impression."""

    id: str
    work_session: str
    number: int
    topics: tuple[str, ...]
    facilitator: str | None
    people: tuple[str, ...] = ()

    def has(self, user: str) -> bool:
        """Say whether this person sits in the group or leads it."""
        return user in self.people or user == self.facilitator


@dataclass(frozen=True)
class Seating:
    """Who would sit where, before groups have ids: topics in order, people in the order in which they chose."""

    topic: str
    facilitator: str | None
    people: tuple[str, ...] = field(default=())


def choose(
    session: WorkSession,
    user: str,
    wish: Wish,
    topic: str | None,
    before: Pick | None,
    counts: Mapping[str, int],
    now: datetime,
) -> Choice:
    """Decide what one press does. `counts` says how many others chose each topic.

    Raises Refused when choosing has closed, when the topic is not on offer, or when it is full.
    """
    if session.state is not State.CHOOSING or session.closes_at is None or now >= session.closes_at:
        raise Refused("selection.late", title=session.title, closed=session.closes_at or session.starts_at)
    if wish is Wish.TOPIC:
        if topic is None or session.topic(topic) is None:
            raise Refused("selection.unknown_topic")
        if before and before.wish is wish and before.topic == topic:
            return Choice(before, changed=False, before=before)
        if session.group_limit is not None and counts.get(topic, 0) >= session.group_limit:
            raise Refused("selection.full", limit=session.group_limit)
    elif before and before.wish is wish:
        return Choice(before, changed=False, before=before)
    pick = Pick(user, wish, topic if wish is Wish.TOPIC else None, now)
    return Choice(pick, changed=True, before=before)


def close(session: WorkSession, picks: Sequence[Pick]) -> list[Seating]:
    """Fix who sits where. A topic that nobody chose has no group; "anywhere" goes to the smallest group.

    People sit in the order in which they chose (ties by user id), so equal input gives equal groups.
    """
    ordered = sorted(picks, key=lambda pick: (pick.at, pick.user))
    seats: dict[str, list[str]] = {topic.id: [] for topic in session.topics}
    for pick in ordered:
        if pick.wish is Wish.TOPIC and pick.topic in seats:
            seats[pick.topic].append(pick.user)
    running = [topic for topic in session.topics if seats[topic.id]]
    undecided = [pick.user for pick in ordered if pick.wish is Wish.ANYWHERE]
    if undecided and not running:
        running = [next((topic for topic in session.topics if topic.facilitator), session.topics[0])]
    for user in undecided:
        smallest = min(running, key=lambda topic: len(seats[topic.id]))
        seats[smallest.id].append(user)
    return [Seating(topic.id, topic.facilitator, tuple(seats[topic.id])) for topic in running]


def unserved(session: WorkSession, groups: Sequence[Group]) -> list[str]:
    """Return the ids of the topics on offer that no group took up, in the order of the offer."""
    taken = {topic for group in groups for topic in group.topics}
    return [topic.id for topic in session.topics if topic.id not in taken]


def counts(picks: Sequence[Pick]) -> Counter[str]:
    """Count the people per topic."""
    return Counter(pick.topic for pick in picks if pick.wish is Wish.TOPIC and pick.topic)
