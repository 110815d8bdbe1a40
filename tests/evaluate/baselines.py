"""What anybody could do in an afternoon, to stand beside the engine: chance, the first lines, LexRank, tf-idf with MMR,
a nearest-neighbour graph with Louvain, the nearest announced theme. Used on our own set; on the development data the
scorer that lies there brings its own, which these are twins of.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import networkx
import numpy as np
from numpy.typing import NDArray

from tests.evaluate.metrics import words

_END = re.compile(r"(?<=[.!?…])\s+|\n+")
_COMMON = """de het een en van in op te dat die is zijn was er niet met voor aan om ook maar als bij nog naar dan wel
dit ze we wij ik je hij zij hun ons onze deze door over uit tot of wat wie hoe al meer kan worden wordt heeft hebben
the a an of to in and is it that for on with we they this are was"""
COMMON = frozenset(_COMMON.split())
NEIGHBOURS = 15

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Line:
    """One sentence of a note, by a splitter that knows only marks and blanks."""

    note: str
    number: int
    text: str


def lines(notes: Sequence[Mapping[str, Any]]) -> list[Line]:
    """The sentences of these notes, in order."""
    return [
        Line(note["id"], k, text)
        for note in notes
        for k, text in enumerate((part for part in _END.split(note["text"]) if words(part)), 1)
    ]


def tfidf(texts: Sequence[str]) -> Matrix:
    """A row of unit length per text, over six-letter word beginnings."""
    counted = [Counter(w[:6] for w in words(text) if w not in COMMON and len(w) > 2) for text in texts]
    known = sorted({w for one in counted for w in one})
    place = {w: k for k, w in enumerate(known)}
    table = np.zeros((len(texts), max(1, len(known))))
    for row, one in zip(table, counted, strict=True):
        for w, n in one.items():
            row[place[w]] = 1 + np.log(n)
    table *= np.log(1 + len(texts) / np.maximum(1, (table > 0).sum(0)))
    return _unit(table)


def _unit(table: Matrix) -> Matrix:
    length = np.linalg.norm(table, axis=1, keepdims=True)
    out: Matrix = np.divide(table, length, out=np.zeros_like(table), where=length > 0)
    return out


# Which sentences: the indexes, best first


def lead(sentences: Sequence[Line], seed: int = 0) -> list[int]:
    """As they come."""
    return list(range(len(sentences)))


def chance(sentences: Sequence[Line], seed: int = 0) -> list[int]:
    """Shuffled."""
    order = list(range(len(sentences)))
    random.Random(seed).shuffle(order)
    return order


def lexrank(sentences: Sequence[Line], seed: int = 0) -> list[int]:
    """Page rank over the sentences, an edge from cosine 0.1 on, damping 0.85."""
    near = tfidf([s.text for s in sentences])
    like = near @ near.T
    like[like < 0.1] = 0.0
    np.fill_diagonal(like, np.maximum(like.diagonal(), 1e-9))
    like /= like.sum(1, keepdims=True)
    rank = np.full(len(sentences), 1 / len(sentences))
    for _ in range(200):
        rank = 0.15 / len(sentences) + 0.85 * rank @ like
    return sorted(range(len(sentences)), key=lambda k: (-rank[k], k))


def mmr(sentences: Sequence[Line], seed: int = 0) -> list[int]:
    """Close to the centre, unlike what was taken already (lambda 0.7)."""
    vectors = tfidf([s.text for s in sentences])
    centre = _unit(vectors.sum(0, keepdims=True))[0]
    worth = (vectors @ centre) * np.minimum(1, np.array([len(words(s.text)) for s in sentences]) / 8)
    like, taken, left = vectors @ vectors.T, list[int](), list(range(len(sentences)))
    while left:
        best = max(left, key=lambda k: (0.7 * worth[k] - 0.3 * max((like[k, t] for t in taken), default=0.0), -k))
        taken.append(best)
        left.remove(best)
    return taken


Ranking = Callable[..., list[int]]
RANKINGS: Mapping[str, tuple[Ranking, ...]] = {
    "random": tuple(partial(chance, seed=k) for k in range(5)),
    "lead": (lead,),
    "LexRank": (lexrank,),
    "tf-idf-MMR": (mmr,),
}
"""Each with its draws: what hangs on chance is the mean of five."""


# Which theme


def knn_louvain(notes: Sequence[Mapping[str, Any]], seed: int = 0) -> list[int]:
    """A community per note: 15 nearest by cosine, Louvain at resolution 1.3."""
    vectors = tfidf([note["text"] for note in notes])
    like = vectors @ vectors.T
    np.fill_diagonal(like, 0)
    graph = networkx.Graph()
    graph.add_nodes_from(range(len(notes)))
    for i in range(len(notes)):
        for j in sorted(np.argsort(-like[i], kind="stable")[:NEIGHBOURS].tolist()):
            if like[i, j] > 0.02:
                graph.add_edge(i, j, weight=float(like[i, j]))
    found = networkx.community.louvain_communities(graph, weight="weight", resolution=1.3, seed=seed)
    of = {i: k for k, group in enumerate(found) for i in group}
    return [of[i] for i in range(len(notes))]


def nearest_theme(notes: Sequence[Mapping[str, Any]], agenda: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """Per note the announced theme (name and aliases) that is nearest by cosine, or none."""
    texts = [note["text"] for note in notes] + [" ".join([a["name"], *a["aliases"]]) for a in agenda]
    vectors = tfidf(texts)
    like = vectors[: len(notes)] @ vectors[len(notes) :].T
    return [[agenda[int(row.argmax())]["name"]] if row.max() > 0 else [] for row in like]


def said_theme(notes: Sequence[Mapping[str, Any]], agenda: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """Per note every announced theme whose name or alias stands in it as a whole word."""
    found = []
    for note in notes:
        said = f" {' '.join(words(note['text']))} "
        names = [
            a["name"] for a in agenda if any(f" {' '.join(words(x))} " in said for x in [a["name"], *a["aliases"]])
        ]
        found.append(names)
    return found


def chance_theme(
    notes: Sequence[Mapping[str, Any]], agenda: Sequence[Mapping[str, Any]], seed: int = 0
) -> list[list[str]]:
    """Any announced theme."""
    draw = random.Random(seed)
    return [[draw.choice(agenda)["name"]] for _ in notes]
