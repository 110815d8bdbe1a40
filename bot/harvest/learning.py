"""How close each note comes to each announced theme: by its names, by confirmed notes, and by what sure notes teach.

Where notes enough are at hand they teach one another (self-training, five rounds). A batch that comes later is weighed
by what its forerunners taught, so ten notes are ten notes of work.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.harvest.neighbours import nearest, searching
from bot.harvest.vectors import Vector, total, unit

ENOUGH = 20
"""Notes from which on self-training pays; before that a theme has too few sure notes to learn from."""
ROUNDS = 5
SURE = 0.3
"""A note teaches when its best theme leads the second by this share."""
LEARNED = 3.0
"""How heavy what was learned weighs against name and aliases."""
SMOOTH_FROM = 60
"""Notes from which on the likes of a note have a say in where it goes."""

Scores = list[float]
Names = Sequence[Sequence[str]]
"""The names of a theme, each as features."""


@dataclass(frozen=True, slots=True)
class Lessons:
    """What earlier batches taught: the sum of each theme (by index), and examples with the index of their theme."""

    centres: Mapping[int, Vector] = field(default_factory=dict)
    examples: Sequence[tuple[Vector, int]] = ()


def seeds(
    names: Sequence[Names],
    confirmed: Sequence[Sequence[int]],
    vectors: Sequence[Vector],
    idf: Mapping[str, float],
    rarity: Mapping[str, float],
) -> list[Vector]:
    """Return what each theme looks like before anything was learned: its names, and its confirmed notes (by index)."""
    out = []
    for own, notes in zip(names, confirmed, strict=True):
        counts = Counter(f for name in own for f in name)
        name = unit({f: (1 + math.log(c)) * idf[f] * rarity[f] for f, c in counts.items() if f in idf})
        weight = max(1.0, 0.5 * len(notes))
        out.append(unit(total([{f: x * weight for f, x in name.items()}, *(vectors[i] for i in notes)])))
    return out


def scores(
    seeds: Sequence[Vector], vectors: Sequence[Vector], sure: Mapping[int, int], lessons: Lessons
) -> list[Scores]:
    """Return the cosine of each note to each theme; `sure` says which notes (by index) a person placed where."""
    if lessons.centres:
        centres = [_taught(seed, lessons.centres.get(k, {})) for k, seed in enumerate(seeds)]
        return _beside(compared(vectors, centres), vectors, sure, lessons.examples)
    found = compared(vectors, seeds)
    if len(vectors) < ENOUGH:
        return found
    for _ in range(ROUNDS):
        teachers = _teachers(found, sure, len(seeds))
        learned = [total({f: x * s for f, x in vectors[i].items()} for s, i in own) for own in teachers]
        found = compared(vectors, [_taught(seed, one) for seed, one in zip(seeds, learned, strict=True)])
    return _smoothed(found, vectors, sure) if len(vectors) >= SMOOTH_FROM else found


def compared(vectors: Sequence[Vector], centres: Sequence[Vector]) -> list[Scores]:
    """Return the inner product of each vector with each centre, added in the order of the vector's features."""
    held: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for k, centre in enumerate(centres):
        for f, x in centre.items():
            held[f].append((k, x))
    out = []
    for vector in vectors:
        row = [0.0] * len(centres)
        for f, x in vector.items():
            for k, y in held.get(f, ()):
                row[k] += x * y
        out.append(row)
    return out


def _taught(seed: Vector, learned: Vector) -> Vector:
    return unit(total([seed, {f: LEARNED * x for f, x in unit(learned).items()}]))


def _teachers(found: Sequence[Scores], sure: Mapping[int, int], themes: int) -> list[list[tuple[float, int]]]:
    out: list[list[tuple[float, int]]] = [[] for _ in range(themes)]
    for i, row in enumerate(found):
        if i in sure:
            out[sure[i]].append((1.0, i))
            continue
        first, second = [*sorted(row, reverse=True), 0.0][:2]
        if first > 0 and first - second >= SURE * first:
            out[row.index(first)].append((min(1.0, first), i))
    return [sorted(own, key=lambda pair: (-pair[0], pair[1])) for own in out]


def _smoothed(found: Sequence[Scores], vectors: Sequence[Vector], sure: Mapping[int, int]) -> list[Scores]:
    """Half of what a note scores comes from the notes it resembles."""
    graph = nearest(vectors)
    rows = [[float(k == sure[i]) for k in range(len(row))] if i in sure else row for i, row in enumerate(found)]
    tops = [max(row) or 1.0 for row in rows]
    out = []
    for i, row in enumerate(rows):
        whole = sum(graph[i].values())
        if i in sure or not whole:
            out.append(row)
            continue
        near = [sum(s * rows[j][k] / tops[j] for j, s in graph[i].items()) / whole for k in range(len(row))]
        out.append([0.5 * x + 0.5 * tops[i] * y for x, y in zip(row, near, strict=True)])
    return out


def _beside(
    found: Sequence[Scores],
    vectors: Sequence[Vector],
    sure: Mapping[int, int],
    examples: Sequence[tuple[Vector, int]],
) -> list[Scores]:
    """The same by examples of earlier batches, whose theme is known."""
    if len(examples) < SMOOTH_FROM:
        return [[float(k == sure[i]) for k in range(len(row))] if i in sure else row for i, row in enumerate(found)]
    find = searching([vector for vector, _ in examples], vectors)
    out = []
    for i, row in enumerate(found):
        if i in sure:
            out.append([float(k == sure[i]) for k in range(len(row))])
            continue
        near = find(vectors[i], -1)
        whole, top = sum(s for _, s in near), max(row) or 1.0
        share = [0.0] * len(row)
        for j, s in near:
            share[examples[j][1]] += s / whole
        out.append([0.5 * x + 0.5 * top * y for x, y in zip(row, share, strict=True)] if whole else row)
    return out
