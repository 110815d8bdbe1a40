"""How close is close: overlap with a reference, agreement between groupings, and how sure a difference is.

Written here so that the project can be measured without the development data beside it; a test holds that they equal
the scorer there where both exist.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

_WORD = re.compile(r"[^\W_]+")
DRAWS = 1000
"""Resamples behind a 95 % interval."""

Weights = NDArray[np.float64]
Interval = tuple[float, float, float]
"""A difference with the lower and upper end of its 95 % interval."""


def words(text: str) -> list[str]:
    """Words in lower case, composed; no stemming."""
    return [w.lower() for w in _WORD.findall(unicodedata.normalize("NFC", text))]


def rouge_n(reference: str, text: str, n: int) -> float:
    """ROUGE-N F1, 0 to 1."""
    a, b = words(reference), words(text)
    ours, theirs = (Counter(zip(*(part[i:] for i in range(n)), strict=False)) for part in (a, b))
    total = sum(ours.values()) + sum(theirs.values())
    return 2 * sum((ours & theirs).values()) / total if total else 0.0


def rouge_l(reference: str, text: str) -> float:
    """ROUGE-L F1 over the whole text, 0 to 1."""
    a, b = words(reference), words(text)
    previous = [0] * (len(b) + 1)
    for x in a:
        row = [0]
        for j, y in enumerate(b):
            row.append(previous[j] + 1 if x == y else max(previous[j + 1], row[-1]))
        previous = row
    return 2 * previous[-1] / (len(a) + len(b)) if a or b else 0.0


class Grouping:
    """Two groupings of the same notes, compared under any weights of the notes (for resampling)."""

    def __init__(self, gold: Sequence[Hashable], found: Sequence[Hashable]) -> None:
        self._gold, self._found = _numbered(gold), _numbered(found)
        self._rows, self._columns = max(self._gold, default=0) + 1, max(self._found, default=0) + 1
        self._cell = np.array(self._gold) * self._columns + np.array(self._found)

    def _table(self, weights: Weights) -> NDArray[np.float64]:
        cells = np.bincount(self._cell, weights, self._rows * self._columns)
        return cells.reshape(self._rows, self._columns)

    def ari(self, weights: Weights) -> float:
        """Adjusted Rand index; a note drawn twice makes no pair with itself."""
        table, itself = self._table(weights), float((weights**2).sum())

        def pairs(counts: NDArray[np.float64]) -> float:
            return (float((counts**2).sum()) - itself) / 2

        size = float(weights.sum())
        both, gold, found = pairs(table), pairs(table.sum(1)), pairs(table.sum(0))
        total = (size * size - itself) / 2
        expected, top = (gold * found / total if total else 0.0), (gold + found) / 2
        return 1.0 if top == expected else (both - expected) / (top - expected)

    def p1(self, weights: Weights) -> float:
        """Harmonic purity: per gold theme the best F1 over the found themes, weighted by size."""
        table = self._table(weights)
        gold, found = table.sum(1), table.sum(0)
        sums = gold[:, None] + found[None, :]
        best = np.divide(2 * table, sums, out=np.zeros_like(table), where=sums > 0).max(1)
        return float((gold * best).sum() / weights.sum())

    def purity(self, weights: Weights) -> float:
        """Share of notes of the commonest gold theme of their found theme; rises with the number of themes."""
        return float(self._table(weights).max(0).sum() / weights.sum())

    def value(self, measure: str, weights: Weights) -> float:
        """Any of the three by its name in the table."""
        return {"ARI": self.ari, "P1": self.p1, "purity": self.purity}[measure](weights)


def _numbered(labels: Sequence[Hashable]) -> list[int]:
    numbers: dict[Hashable, int] = {}
    return [numbers.setdefault(label, len(numbers)) for label in labels]


def over_cases(ours: Sequence[float], theirs: Sequence[float], seed: int = 7) -> Interval:
    """Mean difference per case with its paired bootstrap 95 % interval over the cases."""
    gained = np.array(ours) - np.array(theirs)
    draw = np.random.default_rng(seed)
    means = gained[draw.integers(0, len(gained), (DRAWS, len(gained)))].mean(1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(gained.mean()), float(low), float(high)


Statistic = Callable[[Weights], float]


def over_notes(ours: Sequence[Statistic], theirs: Sequence[Statistic], size: int, seed: int = 7) -> Interval:
    """Difference of the means over draws (orders, seeds), with its bootstrap 95 % interval over the notes.

    The interval is moved to the middle: purity and P1 rise on any resample, because its themes are smaller.
    """

    def difference(weights: Weights) -> float:
        return sum(f(weights) for f in ours) / len(ours) - sum(f(weights) for f in theirs) / len(theirs)

    draw = np.random.default_rng(seed)
    drawn = [
        difference(np.bincount(draw.integers(0, size, size), minlength=size).astype(np.float64))
        for _ in range(DRAWS // 4)
    ]
    middle = difference(np.ones(size))
    low, high = np.quantile(drawn, [0.025, 0.975]) + (middle - float(np.mean(drawn)))
    return middle, float(low), float(high)


def over_orders(ours: Sequence[float], mean: float, sd: float, runs: int = 5) -> Interval:
    """Difference with a listed mean and deviation: only the orders and seeds can vary, there is nothing to pair."""
    values = np.array(ours)
    error = 1.96 * float(np.sqrt(values.var() / len(values) + sd**2 / runs))
    gap = float(values.mean()) - mean
    return gap, gap - error, gap + error


def f1(hits: float, found: float, gold: float) -> float:
    """Harmonic mean of precision and recall, from counts."""
    return 2 * hits / (found + gold) if found + gold else 0.0
