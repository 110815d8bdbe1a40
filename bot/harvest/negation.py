"""What a text denies: the words within reach of a "not". A claim may not affirm what its evidence only denies.

Counting how often a text says no is too coarse: a claim can lose one "niet" of two, or borrow that of another sentence.
Measured on sentences with one "not" taken out, beside themselves and their two neighbours: 81 % found in Dutch, 75 % in
English; of 8,841 true sentences none is called turned round, of 999 titles that people wrote 12.
"""

import re
from collections.abc import Iterator

from bot.harvest.words import feature, fold, words

_CLAUSE = re.compile(
    r"[.!?;:,()…\n]+|\s[-–—]\s|\b(?:maar|but|want|because|omdat|terwijl|while|en|and)\b", re.IGNORECASE
)
_WORDS = """niet niets niks niemand nooit geen nergens zonder noch evenmin
not no never none nobody nothing without nor cannot"""
_NOT = frozenset(_WORDS.split())
AHEAD, BACK = 1, 2
"""Telling words that a "not" reaches: the first after it in its clause, or where none follows the last two before."""


def turned_round(claim: str, evidence: str) -> list[str]:
    """Return the telling words (as features) that one text only denies and the other only affirms, in their order."""
    denied, affirmed = _sides(claim)
    denied_there, affirmed_there = _sides(evidence)
    lost = [f for f in affirmed if f not in denied and f in denied_there and f not in affirmed_there]
    gained = [f for f in denied if f not in affirmed and f in affirmed_there] if not denied_there else []
    return [*lost, *gained]


def _sides(text: str) -> tuple[dict[str, None], dict[str, None]]:
    """The features within reach of a "not", and those of clauses without one; what is neither says too little."""
    denied: dict[str, None] = {}
    affirmed: dict[str, None] = {}
    for clause in _CLAUSE.split(text):
        parts = [_read(word) for word in words(clause)]
        if any(is_not for is_not, _ in parts):
            denied |= dict.fromkeys(parts[k][1] for k in _reached(parts))
        else:
            affirmed |= dict.fromkeys(f for _, f in parts if f)
    return denied, affirmed


def _reached(parts: list[tuple[bool, str]]) -> Iterator[int]:
    for at, (is_not, _) in enumerate(parts):
        if is_not:
            after = [k for k in range(at + 1, len(parts)) if parts[k][1]][:AHEAD]
            before = [k for k in range(at - 1, -1, -1) if parts[k][1]][:BACK]
            yield from after or before


def _read(word: str) -> tuple[bool, str]:
    low = fold(word)
    return low in _NOT, "" if low in _NOT else feature(word)
