"""Intervision: which two or three regions can help each other in a next session, mixed by what each lacks.

In 003:46-55 regions enrich each other's plans. A group is worth an hour only where somebody has what another lacks: who
passed a phase meets who finds it hard now, who offers meets who asks, an answered rule meets the same rule.
"""

import random
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import combinations

import networkx as nx

from bot.harvest.overlap import Stems, overlap, stems, weigh, weight
from bot.trail.obstacles import waits
from bot.trail.partial import read_partial
from bot.trail.records import Entry
from bot.trail.sheets import Kind

REST = timedelta(days=365)
"""So long two regions that were put together are not put together again."""
FLOOR = 0.3
"""From this score on two texts are about the same: lower than where somebody is asked to meet, for a group of people
finds more to talk about than one question."""
FEWEST_SHARED = 2
MOST_REASONS = 3


class Help(StrEnum):
    """What one region has for another: it passed the phase that is hard there, offers what is asked, has an example of
    what is looked for, or an answer about the rule that is in the way."""

    PASSED = "passed"
    OFFERS = "offers"
    EXAMPLE = "example"
    ANSWERED = "answered"


WORTH: Mapping[Help, float] = {Help.PASSED: 1.5, Help.ANSWERED: 1.5, Help.OFFERS: 1.2, Help.EXAMPLE: 1.0}
BOTH_WAYS = 1.0
"""Added where each has something for the other: an hour in which one only gives is not intervision."""


@dataclass(frozen=True)
class Reason:
    """Why two regions fit: what the giver has (`gives`) for what the taker lacks (`lacks`)."""

    giver: str
    taker: str
    help: Help
    gives: Entry
    lacks: Entry

    @property
    def score(self) -> float:
        """How much it is worth."""
        return WORTH[self.help]


@dataclass(frozen=True)
class Together:
    """Two or three regions, by id and in order, with why, the most telling first."""

    regions: tuple[str, ...]
    reasons: tuple[Reason, ...]
    score: float


def reasons_between(one: Sequence[Entry], other: Sequence[Entry], today: date) -> list[Reason]:
    """Return what two regions have for each other, in both directions, the best first.

    `one` and `other` are all entries of a region, flat.
    """
    return _between(_Region(one, today), _Region(other, today), _weights([*one, *other]))


def propose(
    regions: Mapping[str, Sequence[Entry]],
    met: Collection[frozenset[str]],
    today: date,
    seed: int = 0,
) -> list[Together]:
    """Return groups for a next session, the best first; everybody stands in one at most.

    `regions` has all entries of each region, flat; `met` the pairs that were together within a year. As much help
    as possible is found for all of them together (maximum weight matching); who is left over joins the two whom they
    fit best. Who fits nobody stays out. The same seed gives the same groups, another one other groups of equal worth.
    """
    order = sorted(regions)
    random.Random(seed).shuffle(order)
    read = {region: _Region(regions[region], today) for region in order}
    weights = _weights([entry for entries in regions.values() for entry in entries])
    found: dict[frozenset[str], list[Reason]] = {}
    for one, other in combinations(order, 2):
        if frozenset((one, other)) not in met and (reasons := _between(read[one], read[other], weights)):
            found[frozenset((one, other))] = reasons
    pairs = _matched(order, found)
    left = [region for region in order if not any(region in pair for pair in pairs)]
    groups = [tuple(sorted(pair)) for pair in pairs]
    for region in left:
        fits = [group for group in groups if len(group) == 2 and _fits(region, group, found, met)]
        if fits:
            best = max(fits, key=lambda group: sum(_score(found.get(frozenset((region, each)), ())) for each in group))
            groups[groups.index(best)] = tuple(sorted((*best, region)))
    return sorted((_together(group, found) for group in groups), key=lambda one: (-one.score, one.regions))


def _matched(order: Sequence[str], found: Mapping[frozenset[str], Sequence[Reason]]) -> list[tuple[str, str]]:
    graph = nx.Graph()
    graph.add_nodes_from(order)
    for one, other in combinations(order, 2):
        if reasons := found.get(frozenset((one, other))):
            # whole numbers, so that the matching is exact
            graph.add_edge(one, other, weight=round(100 * _score(reasons)))
    pairs = nx.max_weight_matching(graph)
    at = {region: place for place, region in enumerate(order)}
    return sorted((tuple(sorted(pair, key=at.__getitem__)) for pair in pairs), key=lambda pair: at[pair[0]])


def _fits(
    region: str,
    group: Iterable[str],
    found: Mapping[frozenset[str], Sequence[Reason]],
    met: Collection[frozenset[str]],
) -> bool:
    """Whether a third has something with one of two, and was with neither of them within the year."""
    pairs = [frozenset((region, each)) for each in group]
    return any(pair in found for pair in pairs) and not any(pair in met for pair in pairs)


def _score(reasons: Sequence[Reason]) -> float:
    """What one has most for another counts; ten examples are not ten times an hour."""
    best: dict[tuple[str, Help], float] = {}
    for reason in reasons:
        key = (reason.giver, reason.help)
        best[key] = max(best.get(key, 0), reason.score)
    both = BOTH_WAYS if len({giver for giver, _ in best}) > 1 else 0.0
    return sum(best.values()) + both if best else 0.0


def _together(group: tuple[str, ...], found: Mapping[frozenset[str], Sequence[Reason]]) -> Together:
    reasons = [reason for pair in combinations(group, 2) for reason in found.get(frozenset(pair), ())]
    score = sum(_score(found.get(frozenset(pair), ())) for pair in combinations(group, 2))
    return Together(group, tuple(_telling(reasons)), round(score, 2))


def _telling(reasons: Sequence[Reason]) -> list[Reason]:
    """The best of each direction first, so that who reads it sees what each brings."""
    chosen: list[Reason] = []
    givers: set[str] = set()
    for reason in reasons:
        if reason.giver not in givers:
            givers.add(reason.giver)
            chosen.append(reason)
    chosen += [reason for reason in reasons if reason not in chosen]
    return chosen[:MOST_REASONS]


class _Region:
    """A region taken apart once: what it has and what it lacks."""

    def __init__(self, entries: Sequence[Entry], today: date) -> None:
        mine = [entry for entry in entries if entry.stands]
        below: dict[str, list[Entry]] = {}
        for entry in mine:
            below.setdefault(entry.parent or "", []).append(entry)
        phases = [entry for entry in mine if entry.kind is Kind.PHASE]
        self.passed = {_named(one): one for one in phases if _over(one, today)}
        self.hard = {
            _named(one): next(each for each in below[one.id] if _hard(each))
            for one in phases
            if not _over(one, today) and any(map(_hard, below.get(one.id, ())))
        }
        self.asks = _read(mine, (Kind.REQUEST, Kind.QUESTION), lambda one: one.kind is Kind.QUESTION or waits(one))
        self.offers = _read(mine, (Kind.OFFER,))
        self.examples = _read(mine, (Kind.EXAMPLE,))
        self.stuck = _read(mine, (Kind.OBSTACLE,), waits)
        self.solved = _read(mine, (Kind.OBSTACLE,), lambda one: not waits(one) and bool(one.text("answer")))


def _read(
    mine: Iterable[Entry], kinds: Collection[Kind], fits: Callable[[Entry], bool] = lambda one: True
) -> list[tuple[Entry, Stems]]:
    return [(one, stems(_text(one))) for one in mine if one.kind in kinds and fits(one)]


def _text(one: Entry) -> str:
    return " ".join(one.text(name) for name in ("title", "what", "asked") if one.text(name))


def _weights(entries: Iterable[Entry]) -> Mapping[str, float]:
    return weigh(stems(_text(one)) for one in entries if one.stands)


def _named(phase: Entry) -> str:
    return " ".join(phase.title.split()).casefold()


def _over(phase: Entry, today: date) -> bool:
    ends = read_partial(phase.text("ends"))
    return ends is not None and ends.last < today


def _hard(experience: Entry) -> bool:
    return experience.kind is Kind.EXPERIENCE and experience.text("aspect") == "hard"


def _between(one: _Region, other: _Region, weights: Mapping[str, float]) -> list[Reason]:
    found = [*_gives(one, other, weights), *_gives(other, one, weights)]
    return sorted(found, key=lambda reason: (-reason.score, reason.gives.id, reason.lacks.id))


def _gives(giver: _Region, taker: _Region, weights: Mapping[str, float]) -> Iterable[Reason]:
    for name, hard in taker.hard.items():
        if name in giver.passed:
            yield _reason(Help.PASSED, giver.passed[name], hard)
    for help_, has, lacks in (
        (Help.OFFERS, giver.offers, taker.asks),
        (Help.EXAMPLE, giver.examples, [*taker.asks, *taker.stuck]),
        (Help.ANSWERED, giver.solved, taker.stuck),
    ):
        for (gives, said), (lacking, asked) in ((each, want) for each in has for want in lacks):
            if _same(said, asked, weights):
                yield _reason(help_, gives, lacking)


def _reason(help_: Help, gives: Entry, lacks: Entry) -> Reason:
    return Reason(str(gives.region), str(lacks.region), help_, gives, lacks)


def _same(one: Stems, other: Stems, weights: Mapping[str, float]) -> bool:
    shared = overlap(one, other)
    if len(shared) < max(1, min(FEWEST_SHARED, len(one.own), len(other.own))):
        return False
    return shared.weight(weights) / min(weight(one, weights), weight(other, weights)) >= FLOOR
