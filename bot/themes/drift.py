"""The drift report: topics that were chosen against topics that the impressions really touched.

What was touched is read from the sentences of the impressions, never from the topics of a group: a sentence that names
a topic, by name or alias, turns the talk to it until another topic is named. In a group that had the topic, a sentence
with a kindred word counts too ("ouders" for "ouderbetrokkenheid"), for who talks of a thing seldom names it. The
likeness that the engine learns from twenty notes on is no evidence here: it gave a topic that nobody spoke of to a
group that used one word of its name.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.harvest import Theme
from bot.impressions import Impression
from bot.selection import Group, Pick, Wish
from bot.themes.evidence import Evidence, kin_of, kindred, named, read_parts, touches_of
from bot.worksessions import MOST_TOPICS, Topic, WorkSession

SHARE = 3
"""A topic of which one sentence speaks is hardly discussed when that is less than a third of its fair share."""


class Drift(StrEnum):
    """What became of a topic that was on offer."""

    DISCUSSED = "discussed"
    HARDLY = "hardly"
    ELSEWHERE = "elsewhere"
    WAITING = "waiting"
    UNSERVED = "unserved"


@dataclass(frozen=True)
class TopicDrift:
    """A claim about one topic. `chosen` counts first choices, `away` those of them who sat in a group without it.

    `groups` are the numbers of the groups that had it, `sat` counts the people in them. The evidence of ELSEWHERE is
    from groups that did not have the topic; that of the others from groups that did.
    """

    topic: Topic
    drift: Drift
    chosen: int
    sat: int
    away: int
    groups: tuple[int, ...]
    evidence: tuple[Evidence, ...] = ()

    @property
    def sentences(self) -> int:
        """How many sentences speak of it."""
        return sum(one.sentences for one in self.evidence)


@dataclass(frozen=True)
class DriftReport:
    """What became of every topic, by kind of drift and in the order of the offer.

    A topic that its own groups discussed and another group too stands in it twice. `missing` are the numbers of the
    groups that handed in nothing yet: until they do, this can change.
    """

    claims: tuple[TopicDrift, ...]
    missing: tuple[int, ...]

    def of(self, drift: Drift) -> list[TopicDrift]:
        """Return the claims of one kind."""
        return [claim for claim in self.claims if claim.drift is drift]

    def without(self, keeps_back: Callable[[Evidence], bool]) -> "DriftReport":
        """Return the report without the words of these sentences, which count as before."""
        claims = []
        for claim in self.claims:
            shown = tuple(replace(one, text="") if keeps_back(one) else one for one in claim.evidence)
            claims.append(replace(claim, evidence=shown))
        return replace(self, claims=tuple(claims))


@dataclass(frozen=True)
class LeftOver:
    """A topic to offer again; `chosen` counts the people who wanted it. `had_group` says that a group had it, but that
    none of what it wrote is about it."""

    topic: str
    name: str
    short_name: str
    theme: str
    session: str
    on: datetime
    chosen: int
    had_group: bool = False


def drift(
    session: WorkSession,
    groups: Sequence[Group],
    picks: Sequence[Pick],
    impressions: Sequence[Impression],
    themes: Mapping[str, Theme],
) -> DriftReport:
    """Decide what became of every topic of a session; `themes` gives their long-lived themes by id.

    Pure and deterministic. Forty impressions of sixteen sentences and forty topics take 160 ms: keep it off the event
    loop.
    """
    number_of = {group.id: group.number for group in groups}
    told = sorted((one for one in impressions if one.group in number_of), key=lambda one: (one.created_at, one.id))
    parts = {one.id: read_parts(one) for one in told}
    topics = named(session.topics, themes)
    touches = touches_of(told, parts, topics, number_of)
    kin = kin_of(topics)
    shared = {one.group for one in told}
    lengths = Counter({group.id: 0 for group in groups})
    for one in told:
        lengths[one.group] += sum(len(reading.spans) for reading in parts[one.id].values())
    claims: list[TopicDrift] = []
    for topic in session.topics:
        own = [group for group in groups if topic.id in group.topics]
        numbers = tuple(group.number for group in own)
        counts = (*_people(topic, own, picks), numbers)
        theirs = tuple(one for one in touches[topic.id] if one.group in numbers)
        if own and not theirs:
            theirs = kindred([one for one in told if number_of[one.group] in numbers], parts, kin[topic.id], number_of)
        others = tuple(one for one in touches[topic.id] if one.group not in numbers)
        if own:
            heard = [group for group in own if group.id in shared]
            fair = sum(lengths[group.id] / len(group.topics) for group in heard)
            claims.append(TopicDrift(topic, _weigh(theirs, bool(heard), fair), *counts, theirs))
        if others:
            claims.append(TopicDrift(topic, Drift.ELSEWHERE, *counts, others))
        elif not own:
            claims.append(TopicDrift(topic, Drift.UNSERVED, *counts))
    order = list(Drift)
    missing = tuple(group.number for group in groups if group.id not in shared)
    return DriftReport(tuple(sorted(claims, key=lambda claim: order.index(claim.drift))), missing)


def left_over(session: WorkSession, report: DriftReport) -> list[LeftOver]:
    """Return the topics that nobody served, in the order of the offer.

    Those are topics without a group that came up nowhere but in passing, and topics of which their groups, who have
    all handed in, do not say a word and nobody else does.
    """
    found = []
    for topic in session.topics:
        claims = [claim for claim in report.claims if claim.topic.id == topic.id]
        sentences, one = sum(claim.sentences for claim in claims), claims[0]
        waits = set(one.groups) & set(report.missing)
        if (not one.groups and sentences < 2) or (one.groups and not sentences and not waits):
            names = (topic.id, topic.name, topic.short_name, topic.theme)
            found.append(LeftOver(*names, session.id, session.starts_at, one.chosen, bool(one.groups)))
    return found


def offer_again(lines: Sequence[str], again: Sequence[LeftOver], most: int) -> list[LeftOver]:
    """Return the topics to put below these lines: those that no group had, each name once, as many as fit in a list of
    `most` characters and as a session can offer."""
    room, taken = most - sum(len(line) + 1 for line in lines), {line.casefold() for line in lines}
    found: list[LeftOver] = []
    for one in again:
        fits = len(one.name) + 1 <= room and len(taken) < MOST_TOPICS
        if not one.had_group and fits and one.name.casefold() not in taken:
            found.append(one)
            taken.add(one.name.casefold())
            room -= len(one.name) + 1
    return found


def _weigh(own: Sequence[Evidence], heard: bool, fair: float) -> Drift:
    """`fair` is the number of sentences that a topic would have if its groups spoke of all their topics alike."""
    if not heard:
        return Drift.WAITING
    sentences = sum(one.sentences for one in own)
    return Drift.HARDLY if sentences == 0 or (sentences == 1 and sentences * SHARE < fair) else Drift.DISCUSSED


def _people(topic: Topic, own: Sequence[Group], picks: Iterable[Pick]) -> tuple[int, int, int]:
    """How many chose a topic first, how many sat with it, and how many of the first sat elsewhere."""
    wanted = {pick.user for pick in picks if pick.wish is Wish.TOPIC and pick.topics[:1] == (topic.id,)}
    sat = {user for group in own for user in group.people}
    there = sat | {group.facilitator for group in own}
    return len(wanted), len(sat), len(wanted - there)
