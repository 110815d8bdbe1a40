"""What a work session is: its dates, its topics, how people choose, and how large a group may be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo

from bot.programme import Member

TITLE_LENGTH = 100
TOPIC_LENGTH = 120
SHORT_NAME_LENGTH = 20
"""Chart labels take 20 characters and a button on a phone shows about 30 (`playground/limits.yaml`)."""
MOST_TOPICS = 40
"""A message has 50 blocks: 40 topics, and room for what stands above and below them."""
LARGEST_GROUP = 500
RANKED_MINIMUM = 3
"""So many people make a group in ranked mode where nothing else was said; in free mode one is enough."""


class State(StrEnum):
    """Where a work session is: only a date, people choosing, groups being made, groups fixed, or not held at all."""

    PLANNED = "planned"
    CHOOSING = "choosing"
    CLOSING = "closing"
    GROUPED = "grouped"
    CANCELLED = "cancelled"


class Mode(StrEnum):
    """How people choose: everybody goes where they want, or names a first, second and third choice."""

    FREE = "free"
    RANKED = "ranked"


class Silence(StrEnum):
    """What it means that somebody does not answer whether the record of their group is right."""

    AGREES = "agrees"
    WAITS = "waits"


@dataclass(frozen=True)
class Topic:
    """A theme on offer in one work session.

    `minimum` and `maximum` are its own limits, None where those of the session hold. `merged_into` is the id of the
    topic with which it makes one group.
    """

    id: str
    name: str
    short_name: str
    theme: str = ""
    facilitator: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    merged_into: str | None = None


@dataclass(frozen=True)
class WorkSession:
    """One dated meeting. All moments are zone-aware; `timezone` is the zone in which people read them.

    `hidden` keeps the counters away until choosing has closed; `close_when_all` closes it as soon as everybody who
    is invited has chosen. `opened_at` is when choosing began. `calendar_sequence` counts how often agendas were told
    another date. `series` is the id of the series it belongs to, if any. `silence` is what it means when somebody does
    not answer whether the record of their group is right.
    """

    id: str
    team: str
    title: str
    channel: str
    starts_at: datetime
    ends_at: datetime
    closes_at: datetime | None
    timezone: str
    state: State
    created_by: str
    topics: tuple[Topic, ...] = ()
    regions: tuple[str, ...] = ()
    group_limit: int | None = None
    group_minimum: int | None = None
    mode: Mode = Mode.FREE
    hidden: bool = False
    close_when_all: bool = False
    opened_at: datetime | None = None
    calendar_sequence: int = 0
    series: str | None = None
    silence: Silence = Silence.AGREES

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which this session's clock times are meant."""
        return ZoneInfo(self.timezone)

    @property
    def is_practice(self) -> bool:
        """Whether it lives in somebody's own conversation with the bot; Slack's ids of those begin with D."""
        return self.channel.startswith("D")

    @cached_property
    def _by_id(self) -> dict[str, Topic]:
        return {topic.id: topic for topic in self.topics}

    def topic(self, topic_id: str) -> Topic | None:
        """Return the topic with this id, if this session offers it."""
        return self._by_id.get(topic_id)

    def lead(self, topic_id: str) -> Topic | None:
        """Return the topic under which this one is offered: itself, or the one it was merged into."""
        topic = self._by_id.get(topic_id)
        return self._by_id.get(topic.merged_into, topic) if topic and topic.merged_into else topic

    @cached_property
    def offers(self) -> tuple[tuple[Topic, ...], ...]:
        """What can be chosen: each time the topics that make one group, the leading one first."""
        merged: dict[str, list[Topic]] = {}
        for topic in self.topics:
            lead = self.lead(topic.id)
            assert lead is not None
            if lead is not topic:
                merged.setdefault(lead.id, []).append(topic)
        return tuple((topic, *merged.get(topic.id, ())) for topic in self.topics if self.lead(topic.id) is topic)

    def offer(self, topic_id: str) -> tuple[Topic, ...]:
        """Return the topics that make one group with this one; empty for a topic that is not on offer."""
        lead = self.lead(topic_id)
        return next((offered for offered in self.offers if offered[0] is lead), ()) if lead else ()

    def maximum(self, topic: Topic) -> int | None:
        """Return the largest group of a topic, None where there is no limit."""
        return self.group_limit if topic.maximum is None else topic.maximum

    def minimum(self, topic: Topic) -> int:
        """Return the smallest group of a topic; with fewer people it does not run.

        What nobody asked for is never more than the largest group: else no group could run at all.
        """
        if topic.minimum is not None:
            return topic.minimum
        if self.group_minimum is not None:
            return self.group_minimum
        most = self.maximum(topic)
        usual = RANKED_MINIMUM if self.mode is Mode.RANKED else 1
        return usual if most is None else min(usual, most)

    @property
    def is_limited(self) -> bool:
        """Whether any group may be full."""
        return self.group_limit is not None or any(topic.maximum is not None for topic in self.topics)


def invited(session: WorkSession, members: Sequence[Member]) -> list[Member]:
    """Return the active members of the regions that take part; of everybody when the session names no region."""
    return [
        member for member in members if member.takes_part and (not session.regions or member.region in session.regions)
    ]
