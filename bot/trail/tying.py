"""Which impressions, promises and examples are about which point of a region's agenda: what the engine proposes.

It proposes too little rather than too much: a point that nobody spoke of is told as such, and that must be true. What
fits no point is tied to none.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.article import Part, PublishedSentence
from bot.harvest import split
from bot.harvest.overlap import Stems, overlap, stems, weigh, weight
from bot.impressions import Impression
from bot.trail.records import Entry
from bot.trail.sheets import Kind

FLOOR = 0.4
"""From this score on something is proposed. On the labelled points of `tests/bot/tying_labelled.py` 27 of the 28 that
are proposed are right and 1 is missed; with themes for points and the notes of public meetings 16 of 18 are right."""
OF_POINT, OF_SENTENCE = 0.7, 0.3
"""What is shared is weighed against the point most: a long sentence may say more besides."""
UNSEEN = 200
"""Sentences added to the count: where all of a session speak of one point, its words would else say nothing. From 50 to
200 the labelled points come out the same."""
FEWEST_SHARED = 2
"""Words that both must use; a point of one word ("Thuiszitters") needs that one."""
MOST_POINTS = 100
"""Of more the first count: a select takes no more, and nobody works on more."""
MOST_PROPOSED = 8
"""Proposals for one point at once: people say yes or no to each."""
WORDS_SHOWN = 4

TIED = (Kind.POINT, Kind.ASSIGNMENT)
"""What something can be tied to."""


class Thing(StrEnum):
    """What can be tied to a point."""

    IMPRESSION = "impression"
    PROMISE = "promise"
    EXAMPLE = "example"


class TieState(StrEnum):
    """How far a tie is: proposed by the engine, kept by a person, or refused: then it is not proposed again."""

    PROPOSED = "proposed"
    KEPT = "kept"
    REFUSED = "refused"


class Reason(StrEnum):
    """Why something is tied: its words, or because somebody said so."""

    WORDS = "words"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Point:
    """A point of an agenda: its entry, its region and its words.

    `about` is the assignment that it is part of; `has_points` says that it is an assignment with points of its own.
    """

    id: str
    region: str
    text: str
    about: str = ""
    has_points: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of something that can be tied, `field`, `start` and `end` being where it stands in a note."""

    text: str
    field: str = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Tieable:
    """An impression, a promise or an example, with its sentences.

    `impression` and `version` name the note that the words are cut out of, where there is one.
    """

    thing: Thing
    id: str
    sentences: tuple[Said, ...]
    impression: str = ""
    version: int = 0


@dataclass(frozen=True)
class Tie:
    """Something that is about a point, or that may be. `shared` are the words that both use, as they are written in the
    sentence; `said` is where that sentence stands in version `version` of `impression`."""

    team: str
    point: str
    thing: Thing
    thing_id: str
    state: TieState = TieState.PROPOSED
    reason: Reason = Reason.WORDS
    score: float = 0.0
    shared: tuple[str, ...] = ()
    impression: str = ""
    version: int = 0
    field: str = ""
    start: int = 0
    end: int = 0
    by: str = ""
    at: datetime | None = None

    @property
    def key(self) -> tuple[str, Thing, str]:
        """By what two ties are the same one."""
        return self.point, self.thing, self.thing_id


def points_of(entries: Iterable[Entry]) -> list[Point]:
    """Return the points of the agenda of regions among entries (`storage.trail.entries`), in order.

    An assignment counts by its title, a point by its own words.
    """
    by_id = {entry.id: entry for entry in entries}
    parents = {entry.parent for entry in by_id.values() if entry.kind is Kind.POINT and entry.stands}
    found = []
    for entry in by_id.values():
        if entry.kind not in TIED or entry.region is None or not entry.stands:
            continue
        above = by_id.get(entry.parent or "")
        about = above.title if above else ""
        found.append(Point(entry.id, entry.region, entry.title, about, entry.id in parents))
    return found


def sentences_of(text: str, field: str = "") -> tuple[Said, ...]:
    """Cut a text into what can be held against a point."""
    return tuple(Said(text[span.start : span.end], field, span.start, span.end) for span in split(text))


def propose(
    team: str,
    points: Sequence[Point],
    things: Sequence[Tieable],
    known: Set[tuple[str, Thing, str]] = frozenset(),
    floor: float = FLOOR,
) -> list[Tie]:
    """Return the ties that the engine sees, best first; each with the sentence that says most of the point.

    `known` are ties that there are already, in whatever state: what somebody refused is not proposed again. Thirty
    points and a session of sixty sentences take a few milliseconds.
    """
    read = {point.id: stems(point.text) for point in points[:MOST_POINTS]}
    told = [(thing, said, stems(said.text)) for thing in things for said in thing.sentences]
    weights = weigh([*read.values(), *(each for _, _, each in told)], UNSEEN)
    near = _Nearby([each for _, _, each in told])
    best: dict[tuple[str, Thing, str], Tie] = {}
    for point in points[:MOST_POINTS]:
        for place in near.to(read[point.id]):
            thing, said, spoken = told[place]
            key = (point.id, thing.thing, thing.id)
            score, shared = _score(read[point.id], spoken, weights)
            if score < floor or key in known or (key in best and best[key].score >= score):
                continue
            best[key] = Tie(
                team, point.id, thing.thing, thing.id, score=score, shared=_written(shared, said.text),
                impression=thing.impression, version=thing.version, field=said.field, start=said.start, end=said.end,
            )  # fmt: skip
    ordered = sorted(best.values(), key=lambda tie: (-tie.score, tie.key))
    found: list[Tie] = []
    asked: Counter[str] = Counter()
    for tie in ordered:
        asked[tie.point] += 1
        if asked[tie.point] <= MOST_PROPOSED:
            found.append(tie)
    return found


class _Nearby:
    """Finds the sentences that share a word with a point, by index."""

    def __init__(self, told: Sequence[Stems]) -> None:
        self._own: dict[str, list[int]] = {}
        self._inner: dict[str, list[int]] = {}
        for place, each in enumerate(told):
            for stem in each.own:
                self._own.setdefault(stem, []).append(place)
            for piece in each.inner:
                self._inner.setdefault(piece, []).append(place)

    def to(self, point: Stems) -> list[int]:
        """Return their places, in order."""
        near: set[int] = set()
        for stem in point.own:
            near.update(self._own.get(stem, ()), self._inner.get(stem, ()))
        for piece in point.inner:
            near.update(self._own.get(piece, ()))
        return sorted(near)


def _score(point: Stems, said: Stems, weights: Mapping[str, float]) -> tuple[float, tuple[str, ...]]:
    shared = overlap(point, said)
    if len(shared) < max(1, min(FEWEST_SHARED, len(point.own))):
        return 0.0, ()
    whole = OF_POINT * weight(point, weights) + OF_SENTENCE * weight(said, weights)
    return round(shared.weight(weights) / whole, 4), shared.rarest_first(weights)


def _written(shared: Sequence[str], text: str) -> tuple[str, ...]:
    """The shared words as the sentence writes them: what is shown is never a stem."""
    words = {}
    for word in text.split():
        word = word.strip(".,;:!?()\"'“”‘’")
        each = stems(word)
        for stem in shared:
            if stem not in words and (stem in each.own or stem in each.inner):
                words[stem] = word
    return tuple(dict.fromkeys(words[stem] for stem in shared if stem in words))[:WORDS_SHOWN]


def kept(tie: Tie, by: str, now: datetime) -> Tie:
    """Somebody says that it is so."""
    return replace(tie, state=TieState.KEPT, by=by, at=now)


def refused(tie: Tie, by: str, now: datetime) -> Tie:
    """Somebody says that it is not so: the words go with it."""
    return replace(tie, state=TieState.REFUSED, shared=(), field="", start=0, end=0, by=by, at=now)


def by_hand(team: str, point: str, thing: Tieable, by: str, now: datetime) -> Tie:
    """Somebody ties something to a point themselves."""
    return Tie(
        team, point, thing.thing, thing.id, TieState.KEPT, Reason.PERSON,
        impression=thing.impression, version=thing.version, by=by, at=now,
    )  # fmt: skip


def tieables(said: Sequence[PublishedSentence], notes: Mapping[str, Impression]) -> list[Tieable]:
    """Return the impressions of published sentences, each with what of it may be read and still stands there.

    Quotes are one person's words, and are not used to say what a note is about.
    """
    of_note: dict[str, list[Said]] = {}
    for sentence in said:
        note = notes.get(sentence.impression)
        stands = note is not None and note.text(sentence.field)[sentence.start : sentence.end] == sentence.text
        if stands and sentence.part is not Part.QUOTE:
            found = Said(sentence.text, sentence.field, sentence.start, sentence.end)
            of_note.setdefault(sentence.impression, []).append(found)
    return [Tieable(Thing.IMPRESSION, one, tuple(each), one, notes[one].version) for one, each in of_note.items()]
