"""The shapes a model must answer in, made for each question, so that it can only name what it was shown.

Ids are lists of choices (`Literal`), no shape takes a field it does not know, and every field is required: strict modes
of providers ask for that. Limits on lists stand in the schema; rules that a schema cannot say are in `prompts.steps`.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, create_model
from typing_extensions import TypeAliasType

from bot.harvest import SentenceKind
from bot.writing import MOST_IDS, MOST_POINTS, MOST_QUOTES, Failure, Kinship, Verdict
from prompts.asking import ModelFailed

LONGEST_TEXT = 1200
"""Characters of one text in an answer."""


def _short(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise ValueError("too long")
    return text


Text = Annotated[str, AfterValidator(_short)]
"""Words of a model: short, checked here because strict modes know no longest text."""


class Shape(BaseModel):
    """An answer, or a part of one: every field required, none besides."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def choices(name: str, ids: Sequence[str]) -> Any:
    """Return the type "one of these ids", written once in a schema however often it is used.

    Raises ModelFailed(TOO_BIG_A_QUESTION) above MOST_IDS ids, ValueError without any.
    """
    unique = tuple(dict.fromkeys(str(one) for one in ids))
    if not unique:
        raise ValueError(f"no {name} to choose from")
    if len(unique) > MOST_IDS:
        raise ModelFailed(Failure.TOO_BIG_A_QUESTION)
    one_of: Any = Literal[unique]
    return TypeAliasType(name, one_of)


def some(of: Any, least: int, most: int) -> Any:
    """Return the type "a list of at least so many and at most so many"."""
    return Annotated[list[of], Field(min_length=least, max_length=most)]


def note_cards(notes: Sequence[str], sentences: Sequence[str], themes: Sequence[str]) -> type[Shape]:
    """Return the shape of a batch of note cards; without themes there is none to choose, only to propose."""
    note, sentence = choices("NoteId", notes), choices("SentenceId", sentences)
    point = _make("Point", sentence_ids=some(sentence, 1, 3), gist=Text, kind=choices("Kind", list(SentenceKind)))
    proposal = _make("Proposal", name=Text, criterion=Text, sentence_ids=some(sentence, 1, 5))
    placed = {}
    if themes:
        theme = _make("Placed", id=choices("ThemeId", themes), sentence_ids=some(sentence, 1, 10))
        placed = {"themes": some(theme, 0, len(set(themes)))}
    card = _make("Card", note_id=note, points=some(point, 0, MOST_POINTS), **placed, proposals=some(proposal, 0, 3))
    return _make("NoteCards", cards=some(card, 0, len(set(notes))))


def section(sentences: Sequence[str]) -> type[Shape]:
    """Return the shape of what is written about one theme."""
    sentence = choices("SentenceId", sentences)
    claim = _make("Claim", text=Text, evidence=some(sentence, 1, 6))
    return _make(
        "Section",
        lead=claim,
        claims=some(claim, 2, 6),
        quotes=some(sentence, 0, MOST_QUOTES),
        open_questions=some(sentence, 0, 10),
    )


def verdicts(claims: Sequence[str]) -> type[Shape]:
    """Return the shape of verdicts on claims, each by its id."""
    judged = _make("Judged", id=choices("ClaimId", claims), verdict=choices("Verdict", list(Verdict)))
    return _make("Verdicts", verdicts=some(judged, 0, len(set(claims))))


def relation(themes: Sequence[str]) -> type[Shape]:
    """Return the shape of how a proposed theme stands to others: `new`, `same_as:<id>` or `narrower_than:<id>`."""
    kin = [f"{kinship.value}:{theme}" for kinship in (Kinship.SAME_AS, Kinship.NARROWER_THAN) for theme in themes]
    return _make("Kin", relation=choices("Relation", [Kinship.NEW.value, *kin]))


def answer(sentences: Sequence[str]) -> type[Shape]:
    """Return the shape of an answer to somebody's question; no claims means that the sentences hold none."""
    claim = _make("Claim", text=Text, evidence=some(choices("SentenceId", sentences), 1, 6))
    return _make("Answer", claims=some(claim, 0, 5))


def _make(name: str, /, **fields: Any) -> type[Shape]:
    made: Any = {field: (kind, ...) for field, kind in fields.items()}
    return create_model(name, __base__=Shape, **made)
