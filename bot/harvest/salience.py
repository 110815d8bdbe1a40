"""Which sentences are worth printing, best first: central, early, readable outside their conversation, and no repeats.

Closeness to the note-balanced centre and LexRank, half and half: each alone loses on one kind of text (questions to
ministers, meetings). Weights were set on the development data only; the gates are in `tests/evaluate`.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.harvest.duplicates import same_statement
from bot.harvest.liveliness import aloud, procedural, urges
from bot.harvest.reading import Reading, read
from bot.harvest.records import Note, Sentence
from bot.harvest.vectors import Vector, dot, sentence_vectors, total, unit

FIRST = 0.6
"""How much the first sentence of a note gains: what somebody starts with is what it is about."""
LAMBDA = 0.7
"""MMR: the share of salience against likeness to what was taken already."""
RAMP = 8
"""Words from which on a sentence is no longer a fragment."""
TWIN = 0.6
"""Cosine from which on two sentences are compared word by word."""
POOL = 120
"""Sentences that take part in LexRank and MMR: the most central ones, so that time grows with notes, not squared."""

_PERSON = re.compile(r"\b(i|you|ik|u|jij|jullie)\b", re.IGNORECASE)
URGES, ALOUD, OPENS = 1.2, 1.5, 0.2
"""What a sentence gains that urges or is quoted or called out, and what is left of one that only opens a talk."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A sentence in order of worth, with the sentences that say the same (sentence ids)."""

    sentence: Sentence
    same: tuple[str, ...] = ()


def rank(readings: Sequence[Reading], per_note: int = 2, limit: int = POOL) -> list[Ranked]:
    """Return at most `limit` sentences of these notes worth printing, best first, `per_note` of one note.

    One note alone gives as many as it has: there is nothing to balance it with.
    """
    places = [(i, k) for i, reading in enumerate(readings) for k in range(len(reading.spans))]
    if not places:
        return []
    vectors = sentence_vectors([readings[i].features[k] for i, k in places])
    central = _central(readings, places, vectors)
    alone = sum(1 for reading in readings if reading.spans) == 1
    pool = sorted(range(len(places)), key=lambda p: (-central[p], p))[:POOL]
    near = _likeness([vectors[p] for p in pool])
    walk = dict.fromkeys(pool, 0.0) if alone else dict(zip(pool, _lexrank(near), strict=True))
    most_central, most_walked = max(central) or 1.0, max(walk.values()) or 1.0
    worth = {}
    for p in pool:
        i, k = places[p]
        share = central[p] / most_central
        if not alone:
            share = (share + walk[p] / most_walked) / 2
        worth[p] = share * _weight(readings[i], k, alone)
    best = max(worth.values()) or 1.0
    floor = _Floor([places[p] for p in pool], [worth[p] / best for p in pool], near, readings)
    return floor.take(limit, None if alone else per_note)


def _central(readings: Sequence[Reading], places: Sequence[tuple[int, int]], vectors: Sequence[Vector]) -> list[float]:
    """Closeness of each sentence to the centre of the notes; each note weighs the same, however long."""
    of_note: defaultdict[int, list[Vector]] = defaultdict(list)
    for (i, _), vector in zip(places, vectors, strict=True):
        of_note[i].append(vector)
    centre = unit(total(unit(total(of_note[i])) for i in sorted(of_note)))
    return [
        dot(vector, centre) * min(1.0, readings[i].lengths[k] / RAMP)
        for (i, k), vector in zip(places, vectors, strict=True)
    ]


def _weight(reading: Reading, number: int, alone: bool) -> float:
    """Position, form and tone. A sentence about "I" and "you" is hard to read outside its conversation."""
    text, weight = reading.text(number), 1.0
    if urges(text):
        weight *= URGES
    if aloud(text):
        weight *= ALOUD
    if procedural(text):
        weight *= OPENS
    if alone:  # a title: early and short
        early = (1.3 if number == 0 else 1.0) * (1 + 0.5 / (number + 1))
        return weight * early / math.pow(max(1, reading.lengths[number]), 0.1)
    if number == 0 and len(reading.spans) >= 3:
        weight *= 1 + FIRST
    if text.rstrip("\"'’”») ").endswith("?"):
        weight *= 0.7  # questions have their own place in the digest
    if not aloud(text):
        weight *= 1 - 0.5 * min(1.0, len(_PERSON.findall(text)) / 3)
    return weight


def _likeness(vectors: Sequence[Vector]) -> list[dict[int, float]]:
    """The cosine of each pair that shares a feature."""
    postings: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    out: list[dict[int, float]] = []
    for i, vector in enumerate(vectors):
        row_i: defaultdict[int, float] = defaultdict(float)
        for f, x in vector.items():
            for j, y in postings[f]:
                row_i[j] += x * y
            postings[f].append((i, x))
        out.append(dict(row_i))
    for i, row in enumerate(out):
        for j, s in list(row.items()):
            if j < i:
                out[j][i] = s
    return out


def _lexrank(near: Sequence[dict[int, float]], floor: float = 0.1, damping: float = 0.85) -> list[float]:
    """How often a reader who goes from sentence to like sentence comes by; 30 steps stand still for 120 sentences."""
    n = len(near)
    rows = []
    for i, row in enumerate(near):
        kept = [(i, 1.0)] + [(j, s) for j, s in sorted(row.items()) if s >= floor]
        whole = sum(s for _, s in kept)
        rows.append([(j, s / whole) for j, s in kept])
    share = [1 / n] * n
    for _ in range(30):
        following = [(1 - damping) / n] * n
        for i, steps in enumerate(rows):
            for j, s in steps:
                following[j] += damping * share[i] * s
        share = following
    return share


@dataclass(frozen=True, slots=True)
class _Floor:
    """The pool as places (reading, sentence) with their worth and likeness, from which sentences are taken in turn."""

    places: Sequence[tuple[int, int]]
    worth: Sequence[float]
    near: Sequence[dict[int, float]]
    readings: Sequence[Reading]

    def take(self, limit: int, per_note: int | None) -> list[Ranked]:
        """Take the best, then the best that is least like what was taken; what says the same is further evidence."""
        left = dict.fromkeys(range(len(self.places)))
        likest = [0.0] * len(self.places)
        given: Counter[int] = Counter()
        taken: dict[int, list[int]] = {}
        while left and len(taken) < limit:
            best = max(left, key=lambda p: (LAMBDA * self.worth[p] - (1 - LAMBDA) * likest[p], -p))
            del left[best]
            twin = self._said(best, taken)
            if twin is not None:
                taken[twin].append(best)
                continue
            note = self.places[best][0]
            if per_note is not None and given[note] >= per_note:
                continue
            given[note] += 1
            taken[best] = []
            for p, likeness in self.near[best].items():
                likest[p] = max(likest[p], likeness)
        for p in left:
            twin = self._said(p, taken)
            if twin is not None:
                taken[twin].append(p)
        return [Ranked(self._sentence(p), tuple(self._sentence(q).id for q in same)) for p, same in taken.items()]

    def _said(self, place: int, taken: dict[int, list[int]]) -> int | None:
        """The sentence taken earlier that says the same."""
        text = self._text(place)
        for other, likeness in sorted(self.near[place].items()):
            if other in taken and likeness >= TWIN and same_statement(self._text(other), text):
                return other
        return None

    def _text(self, place: int) -> str:
        i, k = self.places[place]
        return self.readings[i].text(k)

    def _sentence(self, place: int) -> Sentence:
        i, k = self.places[place]
        return self.readings[i].sentence(k, round(self.worth[place], 6))


def picks(notes: Sequence[Note], limit: int, per_note: int = 2, all_groups: bool = True) -> list[Sentence]:
    """Return the sentences of these notes that are worth printing, best first, at most `limit`, `per_note` of one note.

    With `all_groups` each group gets a word as long as there is room. Raises UnusableNotes on a double note id.
    """
    return [ranked.sentence for ranked in picks_read(read(notes), limit, per_note, all_groups)]


def picks_read(readings: Sequence[Reading], limit: int, per_note: int = 2, all_groups: bool = True) -> list[Ranked]:
    """Do `picks` on notes that were read. A group without a word takes the place of another's last one, if that group
    has several."""
    ranked = rank(readings, per_note, POOL if all_groups else limit)
    taken = ranked[:limit]
    if not all_groups or len(ranked) <= limit:
        return taken
    group_of = {reading.note.id: reading.note.group for reading in readings}

    def speaking(each: Ranked) -> set[str | None]:
        """The groups that say it: whose sentence it is, and who says the same."""
        return {group_of[found.rpartition(".s")[0]] for found in (each.sentence.id, *each.same)}

    heard = Counter(group for each in taken for group in speaking(each))
    for candidate in ranked[limit:]:
        if all(group is None or heard[group] for group in speaking(candidate)):
            continue
        spare = next((each for each in reversed(taken) if all(heard[group] > 1 for group in speaking(each))), None)
        if spare is None:
            break
        heard -= Counter(speaking(spare))
        taken.remove(spare)
        taken.append(candidate)
        heard += Counter(speaking(candidate))
    return taken
