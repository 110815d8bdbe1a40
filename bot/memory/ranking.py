"""Which of the found sentences answer a question: how much of what it asks about each of them covers."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.harvest import Theme, variants
from bot.harvest.words import folded
from bot.memory.asking import Question
from bot.memory.stems import stem
from bot.memory.terms import TERMS, Term
from bot.memory.vocabulary import COMPOUND, WHOLE, Vocabulary

THEME, BESIDES, TOGETHER, AROUND = 0.9, 0.6, 0.95, 0.6
"""What it counts that a sentence belongs to the theme asked about, or to one asked about besides something else;
that it holds all words of a name; or that a word stands beside it: in the name of its session, document or region."""
ENOUGH = 2000
"""Newest hits that are looked at; among them the best are found."""
_MOST_JOINED = 4
_ALIKE = 88
_FEWEST_RARITY = 0.25


@dataclass(frozen=True)
class Concept:
    """One thing that is asked about: a word with all its forms, or a theme or term with its names."""

    stem: str
    forms: Mapping[int, float]
    together: tuple[tuple[frozenset[int], ...], ...] = ()
    themes: frozenset[str] = frozenset()
    rarity: float = 1.0

    @property
    def numbers(self) -> frozenset[int]:
        """Every word of the notes that may mean this."""
        return frozenset(self.forms).union(*(part for parts in self.together for part in parts))


@dataclass(frozen=True)
class Query:
    """A question, read with the words that notes have."""

    concepts: tuple[Concept, ...]

    @property
    def themes(self) -> frozenset[str]:
        """The themes (ids) that it names."""
        return frozenset[str]().union(*(each.themes for each in self.concepts))

    @property
    def rarest(self) -> tuple[Concept, ...]:
        """The concepts that some note knows, the rarest first."""
        return tuple(sorted((each for each in self.concepts if each.numbers), key=lambda one: -one.rarity))


def read_query(
    question: Question,
    vocabulary: Vocabulary,
    entries: int,
    themes: Sequence[Theme],
    families: Mapping[str, str],
    terms: Sequence[Term] = TERMS,
) -> Query:
    """Read a question: themes and terms by whatever name they go, all other words one by one.

    `families` gives each theme the one that stands for all of its subject, so that merged ones are found together.
    """
    words = folded(question.text).split()
    names = _names(themes, families, terms)
    taken, concepts = set[int](), list[Concept]()
    for start in range(len(words)):
        for length in range(min(_MOST_JOINED, len(words) - start), 0, -1):
            span = range(start, start + length)
            if taken.intersection(span):
                continue
            found = _named("".join(words[at] for at in span), names)
            if found is not None:
                taken.update(span)
                concepts.append(_of_names(found, vocabulary, entries))
                break
    left = {word for at, word in enumerate(words) if at not in taken}
    for word in question.words:
        if word in left:
            concepts.append(_of_word(word, vocabulary, entries))
    unique = {(each.stem, each.themes): each for each in concepts}
    return Query(tuple(unique.values()))


@dataclass(frozen=True)
class _Name:
    """A theme or term: every name it goes by, as words."""

    names: tuple[tuple[str, ...], ...]
    themes: frozenset[str]

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(stem("".join(name)) for name in self.names)


def _names(themes: Sequence[Theme], families: Mapping[str, str], terms: Sequence[Term]) -> dict[str, _Name]:
    """Every name in one word, however people part it, with what it is the name of."""
    groups: dict[str, tuple[set[tuple[str, ...]], set[str]]] = {}
    for theme in themes:
        held = groups.setdefault(families.get(theme.id, theme.id), (set(), set()))
        held[0].update(tuple(folded(name).split()) for name in variants(theme))
        held[1].add(theme.id)
    listed = [{tuple(name.split()) for name in term.names} for term in terms]
    by_key: dict[str, set[tuple[str, ...]]] = {}
    for each in listed:
        for name in each:
            by_key.setdefault(stem("".join(name)), set()).update(each)
    found: dict[str, _Name] = {}
    for names, ids in [*groups.values(), *((each, set[str]()) for each in listed)]:
        # an abbreviation of the list and a theme of that name are one
        alike = set().union(*(by_key.get(stem("".join(name)), ()) for name in names))
        one = _Name(tuple(sorted(filter(None, names | alike))), frozenset(ids))
        for key in one.keys:
            found.setdefault(key, one)
    return found


def _named(joined: str, names: Mapping[str, _Name]) -> _Name | None:
    wanted = stem(joined)
    if wanted in names:
        return names[wanted]
    if len(wanted) < 8:
        return None
    from rapidfuzz import fuzz, process

    long = [key for key in names if len(key) >= 8]
    close = process.extractOne(wanted, long, scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return names[close[0]] if close else None


def _of_names(found: _Name, vocabulary: Vocabulary, entries: int) -> Concept:
    forms: dict[int, float] = {}
    together = []
    for name in found.names:
        if len(name) == 1:
            forms |= vocabulary.forms(name[0])
            parts = vocabulary.parts(name[0])
        else:
            parts = tuple(frozenset(vocabulary.forms(word)) for word in name)
            forms |= vocabulary.forms("".join(name))
        if parts and all(parts):
            together.append(parts)
    held = sum(vocabulary.counts.get(number, 0) for number in forms)
    # a theme is never rare: what belongs to it says so without its name
    count = max(held, entries // 20) if found.themes else held
    return Concept(min(found.keys), forms, tuple(together), found.themes, _rarity(count, entries))


def _of_word(word: str, vocabulary: Vocabulary, entries: int) -> Concept:
    forms = vocabulary.forms(word)
    parts = () if any(weight == 1.0 for weight in forms.values()) else vocabulary.parts(word)
    held = sum(vocabulary.counts.get(number, 0) for number in forms)
    return Concept(stem(word), forms, (parts,) if parts else (), frozenset(), _rarity(held, entries))


def _rarity(held: int, entries: int) -> float:
    return max(_FEWEST_RARITY, math.log((entries + 1) / (held + 0.5)))


class Reader:
    """Tells of a sentence how much of a question it covers, by the numbers of its words."""

    def __init__(self, query: Query) -> None:
        self.query = query
        self._whole = sum(each.rarity for each in query.concepts)
        self._theme = THEME if all(each.themes for each in query.concepts) else BESIDES
        self._forms: dict[str, list[tuple[int, float]]] = {}
        for at, each in enumerate(query.concepts):
            for number, weight in each.forms.items():
                self._forms.setdefault(str(number), []).append((at, weight))
        self._together = [
            (at, [[{str(number) for number in part} for part in parts] for parts in each.together])
            for at, each in enumerate(query.concepts)
            if each.together
        ]

    def weights(self, terms: str, themes: bool = False) -> list[float]:
        """Return for each concept how well a sentence (the numbers of its words, apart by blanks) matches, 0 to 1.

        `themes` says that it belongs to a theme which the question names.
        """
        numbers, forms = terms.split(), self._forms
        found = [self._theme if themes and each.themes else 0.0 for each in self.query.concepts]
        for number in numbers:
            for at, weight in forms.get(number, ()):
                if weight > found[at]:
                    found[at] = weight
        for at, names in self._together:
            for parts in names:
                met = sum(not part.isdisjoint(numbers) for part in parts) / len(parts)
                found[at] = max(found[at], TOGETHER if met == 1 else WHOLE * met if met > 0.5 else 0.0)
        return found

    def around(self, weights: Sequence[float], context: str) -> list[float]:
        """Return the weights once more, with what stands beside the sentence counted too."""
        beside = {stem(word) for word in folded(context).split()}
        return [
            max(weight, AROUND if each.stem in beside else 0.0)
            for weight, each in zip(weights, self.query.concepts, strict=True)
        ]

    def of_text(self, said: str, vocabulary: Vocabulary, themes: bool = False) -> list[float]:
        """Return the weights of a text that is not in the index, by its words themselves."""
        words = folded(said).split()
        stems = {stem(word) for word in words}
        terms = " ".join(str(vocabulary.numbers[word]) for word in words if word in vocabulary.numbers)
        weights = self.weights(terms, themes)
        for at, each in enumerate(self.query.concepts):
            if each.stem in stems:
                weights[at] = 1.0
            elif len(each.stem) > 4 and any(each.stem in one for one in stems):
                weights[at] = max(weights[at], COMPOUND)
        return weights

    def coverage(self, weights: Sequence[float]) -> float:
        """Return how much of what is asked about these weights cover, 0 to 1; rare words count for more."""
        if not self._whole:
            return 0.0
        return sum(w * each.rarity for w, each in zip(weights, self.query.concepts, strict=True)) / self._whole


def first_groups(query: Query, vocabulary: Vocabulary) -> list[frozenset[int]]:
    """Return the words to look for: those of the rarest concepts, until enough sentences have one of them.

    A sentence with none of them covers too little to come first.
    """
    groups, held = list[frozenset[int]](), 0
    for each in query.rarest:
        groups.append(each.numbers)
        held += sum(vocabulary.counts.get(number, 0) for number in each.numbers)
        if held > ENOUGH:
            break
    return groups
