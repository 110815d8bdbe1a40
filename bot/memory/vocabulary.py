"""Which words of the notes a word of a question finds: other forms, parts of compounds, and a letter typed wrong."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.memory.stems import stem

COMPOUND, WHOLE, NEARLY = 0.75, 0.7, 0.6
"""What a word counts that holds the asked one as a part, one that is a part of it, and one that is spelt nearly so."""
FEWEST_LETTERS = 4
"""Of a part of a compound."""
MOST_FORMS = 48
"""Words of the notes that one word of a question finds at most; the most frequent ones."""
NEARNESS = 80
"""Of 100: how alike two words must be spelt (measured in `ux.md`: real slips lie above it, other words below)."""
MOST_BEGUN = 200
"""Words looked at that begin or end with the same letters."""
_BEFORE_ONLY = frozenset({"ver", "ont", "her", "be", "ge", "on"})
_LINKS = ("", "s", "e", "en", "n")


@dataclass
class Vocabulary:
    """The words that stand in searchable notes now, by number, with in how many notes each stands."""

    numbers: dict[str, int] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)
    _by_stem: dict[str, list[int]] = field(default_factory=dict)
    _ordered: list[str] = field(default_factory=list)
    _backward: list[str] = field(default_factory=list)
    _known: dict[str, Mapping[int, float]] = field(default_factory=dict)

    def learn(self, words: Iterable[tuple[int, str, int]]) -> None:
        """Take in words (number, word, notes); known ones get their new count."""
        new = []
        for number, word, count in words:
            if word not in self.numbers:
                self.numbers[word] = number
                stemmed = stem(word)
                if stemmed not in self._by_stem:
                    new.append(stemmed)
                    self._by_stem[stemmed] = []
                self._by_stem[stemmed].append(number)
                self._known.pop(stemmed, None)
            self.counts[number] = count
        if new:
            self._known.clear()
            self._ordered += new
            self._backward += [one[::-1] for one in new]
            self._ordered.sort()  # nearly sorted already, which costs little
            self._backward.sort()

    def knows(self, word: str) -> bool:
        """Say whether a folded word stands in a note in one of its forms."""
        return stem(word) in self._by_stem

    def forms(self, word: str) -> Mapping[int, float]:
        """Return the numbers of the words that a folded word of a question finds, each with what it counts (0..1)."""
        wanted = stem(word)
        found = self._known.get(wanted)
        if found is None:
            found = self._known[wanted] = self._find(wanted, word)
        return found

    def _find(self, wanted: str, word: str) -> Mapping[int, float]:
        found = dict.fromkeys(self._by_stem.get(wanted, ()), 1.0)
        for other in self._holding(wanted):
            for number in self._by_stem[other]:
                found.setdefault(number, COMPOUND)
        if not found:
            for other in self._nearly(wanted):
                for number in self._by_stem[other]:
                    found.setdefault(number, NEARLY)
        if len(found) > MOST_FORMS:
            kept = sorted(found, key=lambda one: (-found[one], -self.counts.get(one, 0), one))[:MOST_FORMS]
            found = {number: found[number] for number in kept}
        return found

    def parts(self, word: str) -> tuple[frozenset[int], ...]:
        """Return the parts of a compound that notes know apart ("onderwijs", "zorg"), each as its words' numbers."""
        return tuple(frozenset(self._by_stem[part]) for part in self._split(stem(word)))

    def _holding(self, wanted: str) -> list[str]:
        """Stems of which this one is the first or last part, where the rest is a word too, or long enough."""
        if len(wanted) < FEWEST_LETTERS or wanted.isdigit():
            return []
        begun = _beginning(self._ordered, wanted)
        ended = (one[::-1] for one in _beginning(self._backward, wanted[::-1]))
        found = [one for one in begun if self._is_part(one[len(wanted) :])]
        found += [one for one in ended if self._goes_before(one[: -len(wanted)])]
        return found

    def _goes_before(self, rest: str) -> bool:
        return rest not in _BEFORE_ONLY and self._is_part(rest)

    def _is_part(self, rest: str) -> bool:
        if len(rest) >= FEWEST_LETTERS:
            return True
        return len(rest) == FEWEST_LETTERS - 1 and rest in self._by_stem

    def _nearly(self, wanted: str) -> list[str]:
        """Stems that are spelt nearly as this one; for words of five letters and more."""
        if len(wanted) <= FEWEST_LETTERS or wanted.isdigit():
            return []
        from rapidfuzz import fuzz, process

        same = [one for one in self._by_stem if one[:1] == wanted[0] and abs(len(one) - len(wanted)) <= 2]
        close = process.extract(wanted, same, scorer=fuzz.ratio, score_cutoff=NEARNESS, limit=3)
        return [one for one, _, _ in close]

    def _split(self, compound: str) -> list[str]:
        """Read a compound as known stems one after another, linking letters between them; empty where it is none."""
        if len(compound) < 2 * FEWEST_LETTERS:
            return []
        best: dict[int, list[str]] = {0: []}
        for at in range(len(compound)):
            if at not in best:
                continue
            for end in range(at + FEWEST_LETTERS, len(compound) + 1):
                part = compound[at:end]
                if part != compound and part in self._by_stem:
                    for link in _LINKS:
                        to = end + len(link)
                        if compound[end:to] == link and (to not in best or len(best[to]) > len(best[at]) + 1):
                            best[to] = [*best[at], part]
        found = best.get(len(compound), [])
        return found if len(found) > 1 else []


def _beginning(ordered: list[str], letters: str) -> list[str]:
    """Return the longer words of a sorted list that begin with these letters."""
    at = bisect_right(ordered, letters)
    found = []
    for one in ordered[at : at + MOST_BEGUN]:
        if not one.startswith(letters):
            break
        found.append(one)
    return found
