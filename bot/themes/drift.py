"""The drift report: topics that were chosen against topics that the impressions really touched.

What was touched is read from the sentences of the impressions, never from the topics of a group: a sentence that names
a topic, by name or alias, turns the talk to it until another topic is named. The likeness that the engine learns from
twenty notes on is no evidence here: it gave a topic that nobody spoke of to a group that used one word of its name.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.harvest import Note, Reading, Theme, mentioned, read, variants
from bot.harvest.words import features
from bot.impressions import PARTS, Impression
from bot.selection import Group, Pick, Wish
from bot.worksessions import MOST_TOPICS, Topic, WorkSession

LONGEST_EXAMPLE = 300
"""Characters. An example is a whole sentence or none."""
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
class Evidence:
    """An impression that touches a topic: how many of its sentences, and one as example.

    The example is the run from `start` to `end` of the impression's part `field`; `text` is empty where every sentence
    is too long to show.
    """

    impression: str
    group: int
    sentences: int
    field: str
    start: int
    end: int
    text: str


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


@dataclass(frozen=True)
class LeftOver:
    """A topic that nobody served, to be offered again; `chosen` counts the people who wanted it."""

    topic: str
    name: str
    short_name: str
    theme: str
    session: str
    on: datetime
    chosen: int


def drift(
    session: WorkSession,
    groups: Sequence[Group],
    picks: Sequence[Pick],
    impressions: Sequence[Impression],
    themes: Mapping[str, Theme],
) -> DriftReport:
    """Decide what became of every topic of a session; `themes` gives their long-lived themes by id.

    Pure and deterministic. Forty impressions of sixteen sentences and forty topics take 90 ms: keep it off the event
    loop.
    """
    number_of = {group.id: group.number for group in groups}
    told = sorted((one for one in impressions if one.group in number_of), key=lambda one: (one.created_at, one.id))
    parts = {one.id: _read(one) for one in told}
    touches = _touches(told, parts, _named(session.topics, themes), number_of)
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
            found.append(
                LeftOver(topic.id, topic.name, topic.short_name, topic.theme, session.id, session.starts_at, one.chosen)
            )
    return found


def offer_again(lines: Sequence[str], again: Sequence[LeftOver], most: int) -> list[LeftOver]:
    """Return the topics to put below these lines, each name once, so that lines of together at most `most` characters
    come out, and no more of them than a session can offer."""
    room, taken = most - sum(len(line) + 1 for line in lines), {line.casefold() for line in lines}
    found: list[LeftOver] = []
    for one in again:
        fits = len(one.name) + 1 <= room and len(taken) < MOST_TOPICS
        if fits and one.name.casefold() not in taken:
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


def _named(topics: Sequence[Topic], themes: Mapping[str, Theme]) -> list[Theme]:
    """The topics as the engine knows them, by their own ids. A name whose every word is also another topic's tells
    nothing: "samenwerking" does not point at one of two topics on it."""
    whole = []
    for topic in topics:
        known = themes.get(topic.theme)
        aliases = (known.name, *known.aliases) if known else ()
        whole.append(Theme(topic.id, topic.name, topic.short_name, aliases))
    words = [{feature for name in variants(theme) for feature in features(name)} for theme in whole]
    out = []
    for number, theme in enumerate(whole):
        others = {feature for other, found in enumerate(words) if other != number for feature in found}
        telling = [name for name in (theme.short_name, *theme.aliases) if not set(features(name)) <= others]
        out.append(Theme(theme.id, theme.name, "", tuple(dict.fromkeys(telling))))
    return out


def _read(impression: Impression) -> dict[str, Reading]:
    """The parts of an impression that say something, read."""
    notes = [Note(part, impression.text(part)) for part in PARTS if impression.text(part).strip()]
    return {reading.note.id: reading for reading in read(notes)}


Place = tuple[str, int]
"""A sentence: the part it stands in, and its number there from 0."""


def _touches(
    impressions: Sequence[Impression],
    parts: Mapping[str, Mapping[str, Reading]],
    topics: Sequence[Theme],
    number_of: Mapping[str, int],
) -> dict[str, list[Evidence]]:
    found: dict[str, list[Evidence]] = {topic.id: [] for topic in topics}
    names = iter(mentioned([reading for one in impressions for reading in parts[one.id].values()], topics))
    for impression in impressions:
        about: dict[str, list[Place]] = {}
        named: dict[str, list[Place]] = {}
        for part in parts[impression.id]:
            for number, (said, talk) in enumerate(_talk(next(names))):
                for topic in said:
                    named.setdefault(topic, []).append((part, number))
                for topic in talk:
                    about.setdefault(topic, []).append((part, number))
        for topic, places in about.items():
            group = number_of[impression.group]
            found[topic].append(_evidence(impression, group, parts[impression.id], places, named[topic]))
    return found


def _talk(sentences: Sequence[tuple[str, ...]]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """What each sentence names, and what it is about: a name turns the talk to it until another is named."""
    about: tuple[str, ...] = ()
    for named in sentences:
        about = named or about
        yield named, about


def _evidence(
    impression: Impression, group: int, parts: Mapping[str, Reading], places: Sequence[Place], named: Sequence[Place]
) -> Evidence:
    shown = [(part, number) for part, number in named if len(parts[part].text(number)) <= LONGEST_EXAMPLE]
    part, number = (shown or named)[0]
    span = parts[part].spans[number]
    text = parts[part].text(number) if shown else ""
    return Evidence(impression.id, group, len(places), part, span.start, span.end, text)
