"""Which notes resemble each other: the 25 nearest by cosine, found through postings (feature -> notes that hold it).

Two ways that give the same floats and the same ties: dictionaries, which start at once, and numpy (`bincount` adds in
the same order), which is ten times faster on thousands of notes and takes a tenth of a second to load.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence

from bot.harvest.vectors import Vector

NEIGHBOURS = 25
HEAVIEST = 60
"""Features of a note that look for neighbours."""
COMMON = 400
"""A feature of more notes than this finds nobody."""
LOW = 0.02
ARRAYS_FROM = 300
"""Notes from which on loading numpy pays."""

Near = list[tuple[int, float]]
Graph = list[dict[int, float]]
"""For each note its neighbours and how much it resembles them; the same both ways."""
Search = Callable[[Vector, int], Near]
"""Neighbours of a vector, nearest first, ties by index; leaves out one index (-1: none)."""


def nearest(vectors: Sequence[Vector]) -> Graph:
    """Return the graph of each note with its 25 nearest, by cosine over the 60 heaviest features."""
    find = searching(vectors, vectors)
    graph: Graph = [{} for _ in vectors]
    for i, vector in enumerate(vectors):
        for j, s in find(vector, i):
            graph[i][j] = graph[j][i] = s
    return graph


def searching(vectors: Sequence[Vector], questions: Sequence[Vector]) -> Search:
    """Return how to find the neighbours of these questions among the vectors, the quicker way for so many."""
    if min(len(vectors), len(questions)) >= ARRAYS_FROM:
        return in_arrays(vectors)
    return in_dicts(vectors, frozenset(f for question in questions for f in question))


def in_dicts(vectors: Sequence[Vector], asked: Collection[str] | None = None) -> Search:
    """Search with the standard library: best below a few hundred notes. Only features that are `asked` can find."""
    postings: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for i, vector in enumerate(vectors):
        for f, x in vector.items():
            if asked is None or f in asked:
                postings[f].append((i, x))

    def find(vector: Vector, leave_out: int) -> Near:
        likeness: defaultdict[int, float] = defaultdict(float)
        for f, x in _heaviest(vector):
            held = postings.get(f, ())
            if len(held) <= COMMON:
                for j, y in held:
                    likeness[j] += x * y
        likeness.pop(leave_out, None)
        near = sorted(((j, s) for j, s in likeness.items() if s > LOW), key=lambda pair: (-pair[1], pair[0]))
        return near[:NEIGHBOURS]

    return find


def in_arrays(vectors: Sequence[Vector]) -> Search:
    """Search with numpy; every sum is added in the order in which `in_dicts` adds it."""
    import numpy as np  # a tenth of a second and 16 MB: only for who has hundreds of notes

    rows: defaultdict[str, list[int]] = defaultdict(list)
    weights: defaultdict[str, list[float]] = defaultdict(list)
    for i, vector in enumerate(vectors):
        for f, x in vector.items():
            rows[f].append(i)
            weights[f].append(x)
    held = {
        f: (np.array(found, dtype=np.intp), np.array(weights[f])) for f, found in rows.items() if len(found) <= COMMON
    }

    def find(vector: Vector, leave_out: int) -> Near:
        parts = [(held[f], x) for f, x in _heaviest(vector) if f in held]
        if not parts:
            return []
        where = np.concatenate([row for (row, _), _ in parts])
        much = np.concatenate([weight * x for (_, weight), x in parts])
        likeness = np.bincount(where, weights=much, minlength=len(vectors))
        if leave_out >= 0:
            likeness[leave_out] = 0.0
        near = np.flatnonzero(likeness > LOW)
        best = near[np.argsort(-likeness[near], kind="stable")[:NEIGHBOURS]]
        return list(zip(best.tolist(), likeness[best].tolist(), strict=True))

    return find


def _heaviest(vector: Vector) -> list[tuple[str, float]]:
    return sorted(vector.items(), key=lambda item: (-item[1], item[0]))[:HEAVIEST]
