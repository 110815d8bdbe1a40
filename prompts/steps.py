"""The five questions that Oogst puts to a model, each with its words, the shape of its answer, and how to read that."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.harvest import SentenceId, SentenceKind
from bot.writing import (
    CLAIM_WORDS,
    GIST_WORDS,
    MOST_POINTS,
    MOST_QUOTES,
    Cards,
    Fence,
    Kinship,
    NoteCard,
    Placed,
    Point,
    Relation,
    ShownNote,
    Suggested,
    Verdict,
    WrittenAnswer,
    WrittenClaim,
    WrittenSection,
)
from prompts import shapes, texts
from prompts.asking import Step

SCHEMAS = "1"
"""Raise this when a shape changes: cards of the old shape are then made again."""
LANGUAGES = {"nl": "Dutch", "en": "English"}
TOKENS_A_CARD = 700
TOKENS_A_SECTION = 2000
TOKENS_A_VERDICT = 40
TOKENS_AN_ANSWER = 1200
TOKENS_A_RELATION = 100


def note_cards(notes: Sequence[ShownNote], themes: Sequence[str], fence: Fence, language: str) -> Step[Cards]:
    """Make cards of a batch of notes (five to eight do well), placed under these theme ids.

    Raises ModelFailed(TOO_BIG_A_QUESTION) when the notes have more than MOST_IDS sentences together.
    """
    own = {note.id: frozenset(sentence.id for sentence in note.sentences) for note in notes}
    shape = shapes.note_cards(list(own), [one.id for note in notes for one in note.sentences], themes)
    blanks = {"points": str(MOST_POINTS), "gist_words": str(GIST_WORDS), "language": LANGUAGES[language]}
    return _step("note_cards", shape, lambda found: _cards(found, own), TOKENS_A_CARD * len(own), fence, blanks)


def section(sentences: Sequence[SentenceId], fence: Fence, language: str) -> Step[WrittenSection]:
    """Write the section of one theme from these sentences. Raises ModelFailed(TOO_BIG_A_QUESTION)."""
    blanks = {"quotes": str(MOST_QUOTES), "claim_words": str(CLAIM_WORDS), "language": LANGUAGES[language]}
    return _step("section", shapes.section(sentences), _section, TOKENS_A_SECTION, fence, blanks)


def verdicts(claims: Sequence[str], fence: Fence) -> Step[Mapping[str, Verdict]]:
    """Judge claims by their ids; a claim without exactly one verdict is missing from the answer."""
    longest = 100 + TOKENS_A_VERDICT * len(claims)
    return _step("verdicts", shapes.verdicts(claims), _verdicts, longest, fence, {})


def relation(nearest: Sequence[str], fence: Fence) -> Step[Relation]:
    """Say how a proposed theme stands to the nearest existing ones, by their ids."""
    return _step("relation", shapes.relation(nearest), _relation, TOKENS_A_RELATION, fence, {})


def answer(sentences: Sequence[SentenceId], fence: Fence, language: str) -> Step[WrittenAnswer]:
    """Answer somebody's question from these sentences. Raises ModelFailed(TOO_BIG_A_QUESTION)."""
    blanks = {"language": LANGUAGES[language]}
    return _step("answer", shapes.answer(sentences), _answer, TOKENS_AN_ANSWER, fence, blanks)


def _step(name: str, shape: Any, read: Any, longest: int, fence: Fence, blanks: dict[str, str]) -> Step[Any]:
    rules = texts.fill("fence", fence=fence.delimiter, mark=fence.mark)
    version = f"{texts.version(name)}.{texts.version('fence')}.{SCHEMAS}"
    return Step(name, version, texts.fill(name, rules=rules, **blanks), shape, read, longest)


def _cards(found: Any, own: Mapping[str, frozenset[SentenceId]]) -> Cards:
    """Keep the cards that are about their own note only; a note with none or with two is missing."""
    made: dict[str, list[NoteCard]] = {note: [] for note in own}
    for card in found.cards:
        if (usable := _card(card, own[card.note_id])) is not None:
            made[card.note_id].append(usable)
    answered = {note: cards[0] for note, cards in made.items() if len(cards) == 1}
    return Cards(tuple(answered.values()), tuple(note for note in own if note not in answered))


def _card(card: Any, own: frozenset[SentenceId]) -> NoteCard | None:
    placed = getattr(card, "themes", [])
    parts = [*card.points, *placed, *card.proposals]
    if any(not own.issuperset(part.sentence_ids) for part in parts):
        return None  # a card that cites another note is about another note
    if any(len(point.gist.split()) > GIST_WORDS for point in card.points):
        return None
    themes: dict[str, tuple[SentenceId, ...]] = {}
    for one in placed:
        themes[one.id] = _once([*themes.get(one.id, ()), *one.sentence_ids])
    return NoteCard(
        card.note_id,
        tuple(Point(_once(one.sentence_ids), one.gist, SentenceKind(one.kind)) for one in card.points),
        tuple(Placed(theme, sentences) for theme, sentences in themes.items()),
        tuple(Suggested(one.name, one.criterion, _once(one.sentence_ids)) for one in card.proposals),
    )


def _section(found: Any) -> WrittenSection:
    return WrittenSection(
        _claim(found.lead),
        tuple(_claim(claim) for claim in found.claims),
        _once(found.quotes),
        _once(found.open_questions),
    )


def _verdicts(found: Any) -> Mapping[str, Verdict]:
    told: dict[str, set[Verdict]] = {}
    for one in found.verdicts:
        told.setdefault(one.id, set()).add(Verdict(one.verdict))
    return {claim: verdicts.pop() for claim, verdicts in told.items() if len(verdicts) == 1}


def _relation(found: Any) -> Relation:
    kinship, _, theme = found.relation.partition(":")
    return Relation(Kinship(kinship), theme or None)


def _answer(found: Any) -> WrittenAnswer:
    return WrittenAnswer(tuple(_claim(claim) for claim in found.claims))


def _claim(found: Any) -> WrittenClaim:
    return WrittenClaim(" ".join(found.text.split()), _once(found.evidence))


def _once(ids: Sequence[SentenceId]) -> tuple[SentenceId, ...]:
    return tuple(dict.fromkeys(ids))
