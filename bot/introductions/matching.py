"""Which open question of one region meets what another region said: by theme and by the words that they share.

It proposes too little rather than too much: a wrong guess costs two groups of people a minute each and some trust, a
missed one nothing that they had before.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from bot.article import Part, PublishedSentence, attributed
from bot.harvest import SentenceKind, kind_of
from bot.harvest.words import feature, fold, words

FLOOR = 0.36
"""From this score on a sentence may help with a question. On the labelled pairs of
`tests/bot/introductions_labelled.py` 16 of the 17 that help are found, and 2 of the 18 that are found do not help."""
OF_QUESTION, OF_ANSWER = 0.7, 0.3
"""What is shared is weighed against the question most: a long answer may say more besides."""
FEWEST_SHARED = 2
"""Words that both must use: with one, half of what is found is about something else."""
UNSEEN = 50
"""Sentences added to the count: with two sentences in all, a word that both use would else seem common."""
PART_OF_COMPOUND = 5
"""Letters of a word from which on it is found inside a compound ("vervoer" in "leerlingenvervoer")."""
INSIDE = 0.7
"""How much of a word counts that is only found inside another one."""
MOST_CHARACTERS = 420
"""Question and answer together: both stand whole in a digest of 1,500 characters, beside other news."""
HELPS = (Part.EXAMPLE, Part.OFFER, Part.CONCLUSION)
FINDS = (Part.BODY, Part.EASY)
"""A finding helps as well, where it is about the same theme."""


@dataclass(frozen=True)
class Match:
    """A question and what may help, with the reason: one theme or not, and the words that both use, rarest first."""

    question: PublishedSentence
    answer: PublishedSentence
    score: float
    same_theme: bool
    shared: tuple[str, ...]

    @property
    def pair(self) -> tuple[str, str]:
        """The two impressions: of two that met once, no other sentences are proposed."""
        return self.question.impression, self.answer.impression


@dataclass(frozen=True)
class Known:
    """What was proposed before, in whatever state: pairs of impressions, and what was refused: two regions, a theme."""

    pairs: Set[tuple[str, str]] = frozenset()
    refused: Set[tuple[str, str, str | None]] = frozenset()


NOTHING_YET = Known()


@dataclass(frozen=True)
class Proposal:
    """A match between two regions, that one of them may ask for."""

    match: Match
    asking: str
    answering: str


def matches(sentences: Sequence[PublishedSentence], floor: float = FLOOR) -> list[Match]:
    """Return the pairs of an open question and a sentence of other regions that may help, best first.

    Only sentences whose regions may be named take part: who is too few to be named is not pointed out by an
    introduction either. What one group or one region said to itself is no match.
    """
    told = [_Told(one) for one in sentences if attributed(one).regions and len(one.text) < MOST_CHARACTERS]
    weights = _weights(told)
    helping = [one for one in told if one.helps]
    by_stem: dict[str, list[_Told]] = {}
    for one in helping:
        for stem in one.stems:
            by_stem.setdefault(stem, []).append(one)
    found = []
    for asked in (one for one in told if one.asks):
        near: dict[str, _Told] = {}
        for stem in asked.stems | {inner for inner in by_stem if asked.holds(inner)}:
            near |= {one.sentence.id: one for one in by_stem.get(stem, ())}
        near |= {one.sentence.id: one for one in helping if one.holds_any(asked.stems)}
        for one in near.values():
            match = _match(asked, one, weights)
            if match is not None and match.score >= floor:
                found.append(match)
    return sorted(found, key=lambda match: (-match.score, not match.same_theme, match.question.id, match.answer.id))


def propose(found: Iterable[Match], known: Known, busy: Set[str], places: Set[str]) -> list[Proposal]:
    """Choose what is proposed now: at most one for each region, whichever side it is on, the best matches first.

    `busy` are regions that had one this week, `places` those that read a digest, where it can be proposed.
    """
    taken, questions, pairs = set(busy), set[str](), set(known.pairs)
    chosen = []
    for match in found:
        if match.pair in pairs or match.question.id in questions:
            continue
        for asking in attributed(match.question).regions:
            free = [
                answering
                for answering in attributed(match.answer).regions
                if answering not in taken and (asking, answering, match.question.theme) not in known.refused
            ]
            if asking in places and asking not in taken and free:
                chosen.append(Proposal(match, asking, free[0]))
                taken |= {asking, free[0]}
                questions.add(match.question.id)
                pairs.add(match.pair)
                break
    return chosen


class _Told:
    """A sentence taken apart once: its stems, and its words where a stem may stand inside."""

    def __init__(self, sentence: PublishedSentence) -> None:
        self.sentence = sentence
        kind = kind_of(sentence.text)
        self.asks = sentence.part is Part.QUESTION
        self.helps = kind not in (SentenceKind.QUESTION, SentenceKind.REQUEST) and (
            sentence.part in HELPS or (sentence.part in FINDS and kind is SentenceKind.FINDING)
        )
        self.stems = frozenset(found for word in words(sentence.text) if (found := feature(word)))
        self._long = [fold(word) for word in words(sentence.text) if len(word) > PART_OF_COMPOUND + 3]

    def holds(self, stem: str) -> bool:
        """Whether a stem stands inside a longer word, but not at its beginning: there it is the same stem."""
        return len(stem) >= PART_OF_COMPOUND and any(word.find(stem) > 2 for word in self._long)

    def holds_any(self, stems: Iterable[str]) -> bool:
        return any(self.holds(stem) for stem in stems)


def _match(asked: _Told, helping: _Told, weights: Mapping[str, float]) -> Match | None:
    question, answer = asked.sentence, helping.sentence
    if question.group == answer.group or set(question.regions) & set(answer.regions):
        return None
    if len(question.text) + len(answer.text) > MOST_CHARACTERS:
        return None
    same_theme = question.theme is not None and question.theme == answer.theme
    if answer.part in FINDS and not same_theme:
        return None
    equal = asked.stems & helping.stems
    inside = {stem for stem in asked.stems - equal if helping.holds(stem)}
    inside |= {stem for stem in helping.stems - equal if asked.holds(stem)}
    if len(equal) + len(inside) < FEWEST_SHARED:
        return None
    shared = sum(weights[stem] for stem in equal) + INSIDE * sum(weights[stem] for stem in inside)
    score = shared / (OF_QUESTION * _weight(asked, weights) + OF_ANSWER * _weight(helping, weights))
    rarest = sorted(equal | inside, key=lambda stem: (-weights[stem], stem))
    return Match(question, answer, round(score, 4), same_theme, tuple(rarest))


def _weight(one: _Told, weights: Mapping[str, float]) -> float:
    return sum(weights[stem] for stem in one.stems) or 1.0


def _weights(told: Sequence[_Told]) -> dict[str, float]:
    """Weigh a stem by how rare it is among all these sentences, as if there were some more that do not hold it."""
    counts = Counter(stem for one in told for stem in one.stems)
    return {stem: math.log((len(told) + UNSEEN) / count) for stem, count in counts.items()}
