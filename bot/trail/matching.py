"""Who asks meets who gives: requests and questions of one region, offers and examples of another, with the reason.

As with introductions from articles it proposes too little rather than too much: a wrong guess costs two groups of
people a minute each and some trust.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from bot.harvest.overlap import Stems, overlap, stems, weigh, weight
from bot.trail.obstacles import waits
from bot.trail.records import Entry, State
from bot.trail.sheets import Kind

ASKS, GIVES = (Kind.REQUEST, Kind.QUESTION), (Kind.OFFER, Kind.EXAMPLE)
FLOOR = 0.36
"""From this score on an offer or an example may help, as for introductions. On the labelled pairs of
`tests/bot/test_trail_matching.py` 5 of the 6 that help are found, and none of the 5 that do not."""
OF_ASKED, OF_GIVEN = 0.7, 0.3
"""What is shared is weighed against what is asked most: an example may say more besides."""
FEWEST_SHARED = 2
MOST = 2
"""So many are shown beside one question."""


@dataclass(frozen=True)
class Match:
    """What somebody asks and what another gives, with the words that both use as the asker wrote them."""

    asks: Entry
    gives: Entry
    score: float
    shared: tuple[str, ...]


def matches(asking: Iterable[Entry], giving: Sequence[Entry], floor: float = FLOOR) -> list[Match]:
    """Return which questions meet which offers and examples of other regions, best first.

    Of the asking side everything counts that still waits for an answer; of the giving side only what every region may
    read. Whoever calls this sees to who may read the question.
    """
    gives = [(one, stems(_said(one))) for one in giving if one.kind in GIVES and one.state is State.SHARED]
    asks = [(one, stems(_said(one))) for one in asking if _open(one)]
    weights = weigh(each for _, each in (*gives, *asks))
    found = []
    for one, asked in asks:
        for other, given in gives:
            shared = overlap(asked, given)
            if other.region == one.region or other.region is None or len(shared) < FEWEST_SHARED:
                continue
            whole = OF_ASKED * weight(asked, weights) + OF_GIVEN * weight(given, weights)
            score = round(shared.weight(weights) / whole, 4)
            if score >= floor:
                found.append(Match(one, other, score, _written(one, shared.rarest_first(weights))))
    return sorted(found, key=lambda match: (-match.score, match.asks.id, match.gives.id))


def choose(found: Iterable[Match], known: Collection[tuple[str, str]], busy: Collection[str]) -> list[Match]:
    """Choose what is proposed this week: at most one for each region on either side, the best first.

    Both are shared, for a whole region reads it in its digest. `known` are pairs (ask, give) that were proposed or
    asked for before, `busy` regions that had another proposal lately.
    """
    taken, chosen = set(busy), []
    for match in found:
        regions = {str(match.asks.region), str(match.gives.region)}
        if match.asks.state is State.SHARED and (match.asks.id, match.gives.id) not in known and not regions & taken:
            chosen.append(match)
            taken |= regions
    return chosen


def _open(one: Entry) -> bool:
    if one.kind not in ASKS or not one.stands or one.region is None:
        return False
    return one.kind is Kind.QUESTION or waits(one)


def _said(one: Entry) -> str:
    return " ".join(filter(None, (one.title, one.text("what") if one.kind is Kind.EXAMPLE else "")))


def _written(one: Entry, shared: Sequence[str]) -> tuple[str, ...]:
    """The shared words as the question writes them: what is shown is never a stem."""
    words: dict[str, str] = {}
    for word in one.title.split():
        bare = word.strip(".,;:!?()\"'“”‘’")
        held: Stems = stems(bare)
        for stem in shared:
            if stem in held.own or stem in held.inner:
                words.setdefault(stem, bare)
    return tuple(dict.fromkeys(words[stem] for stem in shared if stem in words))[:4]
