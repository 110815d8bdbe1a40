"""The same thing said twice: found by three-word runs, never across a "not" or another number."""

import re
from collections.abc import Sequence

from bot.harvest.words import folded

ALIKE = 0.8
_NOT = re.compile(
    r"\b(niet|niets|niemand|nooit|geen|nergens|zonder|noch"
    r"|not|no|never|none|nobody|nothing|without|nor|cannot|\w+n t)\b"
)
_NUMBER = re.compile(r"\d+")
_COUNTED = "een twee drie vier vijf zes zeven acht negen tien one two three four five six seven eight nine ten"
_COUNT_WORDS = frozenset(_COUNTED.split())


def negations(text: str) -> int:
    """Return how often a text says no."""
    return len(_NOT.findall(folded(text)))


def same_statement(a: str, b: str) -> bool:
    """Whether two sentences say the same: equal words, or 80 % of their three-word runs; numbers and no-s equal."""
    one, other = folded(a), folded(b)
    if one == other:
        return bool(one)
    if _NOT.findall(one) != _NOT.findall(other) or _NUMBER.findall(one) != _NUMBER.findall(other):
        return False
    first, second = one.split(), other.split()
    if [w for w in first if w in _COUNT_WORDS] != [w for w in second if w in _COUNT_WORDS]:
        return False
    runs, others = _runs(first), _runs(second)
    return len(runs & others) >= ALIKE * len(runs | others)


def _runs(parts: Sequence[str]) -> set[tuple[str, ...]]:
    if len(parts) < 3:
        return {tuple(parts)} if parts else set()
    return {tuple(parts[i : i + 3]) for i in range(len(parts) - 2)}
