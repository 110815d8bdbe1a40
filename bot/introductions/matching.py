"""Which open question of one region meets what another region said: by theme and by the words that they share.

It proposes too little rather than too much: a wrong guess costs two groups of people a minute each and some trust, a
missed one nothing that they had before.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from bot.article import Part, PublishedSentence, attributed
from bot.harvest import SentenceKind, kind_of
from bot.harvest.overlap import overlap, stems, weigh, weight

FLOOR = 0.36
"""From this score on a sentence may help with a question. On the labelled pairs of
`tests/bot/introductions_labelled.py` 16 of the 17 that help are found, and 2 of the 18 that are found do not help."""
OF_QUESTION, OF_ANSWER = 0.7, 0.3
"""What is shared is weighed against the question most: a long answer may say more besides."""
FEWEST_SHARED = 2
"""Words that both must use: with one, half of what is found is about something else."""
MOST_ASKED, MOST_HELPING = 300, 5000
"""Of more the newest count: looking through them takes a few seconds at most, whatever a programme has gathered."""
COMMON, COMMON_FROM = 0.05, 40
"""What so large a share of all that may help holds (or so many sentences) says too little to look further for it."""
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
    weights = weigh(one.stems for one in told)
    newest = sorted(told, key=lambda one: (one.sentence.published_at, one.sentence.id), reverse=True)
    nearby = _Nearby([one for one in newest if one.helps][:MOST_HELPING])
    pairs = ((asked, one) for asked in [one for one in newest if one.asks][:MOST_ASKED] for one in nearby.to(asked))
    found = [match for asked, one in pairs if (match := _match(asked, one, weights)) and match.score >= floor]
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
    """A sentence taken apart once, with what it is for."""

    def __init__(self, sentence: PublishedSentence) -> None:
        self.sentence = sentence
        kind = kind_of(sentence.text)
        self.asks = sentence.part is Part.QUESTION
        self.helps = kind not in (SentenceKind.QUESTION, SentenceKind.REQUEST) and (
            sentence.part in HELPS or (sentence.part in FINDS and kind is SentenceKind.FINDING)
        )
        self.stems = stems(sentence.text)


class _Nearby:
    """Finds what shares a word with a question, by index: what shares common words only is not near."""

    def __init__(self, helping: Sequence[_Told]) -> None:
        self._of_stem: dict[str, list[_Told]] = {}
        self._of_inner: dict[str, list[_Told]] = {}
        for one in helping:
            for stem in one.stems.own:
                self._of_stem.setdefault(stem, []).append(one)
            for piece in one.stems.inner:
                self._of_inner.setdefault(piece, []).append(one)
        self._most = max(COMMON_FROM, round(COMMON * len(helping)))

    def to(self, asked: _Told) -> Iterable[_Told]:
        near: dict[str, _Told] = {}
        held = (found.get(stem, ()) for stem in asked.stems.own for found in (self._of_stem, self._of_inner))
        inside = (self._of_stem.get(piece, ()) for piece in asked.stems.inner)
        for several in (*held, *inside):
            if len(several) <= self._most:
                near |= {one.sentence.id: one for one in several}
        return near.values()


def _match(asked: _Told, helping: _Told, weights: Mapping[str, float]) -> Match | None:
    question, answer = asked.sentence, helping.sentence
    if question.group == answer.group or set(question.regions) & set(answer.regions):
        return None
    if len(question.text) + len(answer.text) > MOST_CHARACTERS:
        return None
    same_theme = question.theme is not None and question.theme == answer.theme
    if answer.part in FINDS and not same_theme:
        return None
    shared = overlap(asked.stems, helping.stems)
    if len(shared) < FEWEST_SHARED:
        return None
    whole = OF_QUESTION * weight(asked.stems, weights) + OF_ANSWER * weight(helping.stems, weights)
    score = shared.weight(weights) / whole
    return Match(question, answer, round(score, 4), same_theme, shared.rarest_first(weights))
