"""What two texts share: words by their stems, also where one stands inside a longer word of the other.

"vervoer" and "leerlingenvervoer" share a word; how much a word says depends on how rare it is among all the texts.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.harvest.words import PREFIX, feature, fold, words

PART_OF_COMPOUND = 5
"""Letters of a word from which on it is found inside a compound ("vervoer" in "leerlingenvervoer")."""
FIRST_PART = 3
"""Letters that the part of a compound before it has at least."""
INSIDE = 0.7
"""How much of a word counts that is only found inside another one."""
UNSEEN = 50
"""Texts added to the count: with two texts in all, a word that both use would else seem common."""


@dataclass(frozen=True)
class Stems:
    """A text taken apart once: its stems, and what may stand inside its longer words."""

    own: frozenset[str]
    inner: frozenset[str]


@dataclass(frozen=True)
class Overlap:
    """What two texts share: stems that both use, and those of one that only stand inside a word of the other."""

    equal: frozenset[str]
    inside: frozenset[str]

    def __len__(self) -> int:
        return len(self.equal) + len(self.inside)

    def weight(self, weights: Mapping[str, float]) -> float:
        """Return how much it says together."""
        return sum(weights[stem] for stem in self.equal) + INSIDE * sum(weights[stem] for stem in self.inside)

    def rarest_first(self, weights: Mapping[str, float]) -> tuple[str, ...]:
        """Return the stems, what says most first."""
        return tuple(sorted(self.equal | self.inside, key=lambda stem: (-weights[stem], stem)))


def stems(text: str) -> Stems:
    """Take a text apart."""
    written = words(text)
    own = frozenset(found for word in written if (found := feature(word)))
    return Stems(own, frozenset(piece for word in written for piece in _inner(fold(word))))


def _inner(word: str) -> Iterator[str]:
    """The pieces of a longer word that may be the stem of a word of its own; not at its beginning, where it is one."""
    if len(word) > PART_OF_COMPOUND + FIRST_PART:
        for start in range(FIRST_PART, len(word) - PART_OF_COMPOUND + 1):
            yield from (word[start : start + length] for length in range(PART_OF_COMPOUND, PREFIX + 1))


def overlap(one: Stems, other: Stems) -> Overlap:
    """Return what two texts share."""
    equal = one.own & other.own
    return Overlap(equal, (one.own & other.inner | other.own & one.inner) - equal)


def weigh(texts: Iterable[Stems], unseen: int = UNSEEN) -> dict[str, float]:
    """Weigh every stem by how rare it is among all these texts, as if there were some more that do not hold it."""
    found = list(texts)
    counts = Counter(stem for one in found for stem in one.own)
    return {stem: math.log((len(found) + unseen) / count) for stem, count in counts.items()}


def weight(one: Stems, weights: Mapping[str, float]) -> float:
    """Return how much a whole text says; 1 for one that says nothing."""
    return sum(weights[stem] for stem in one.own) or 1.0
