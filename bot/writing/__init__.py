"""Texts by a language model, held to what people wrote: what may be sent, what may come back, what may be shown."""

from bot.harvest.verify import CLAIM_WORDS
from bot.harvest.verify import QUOTES as MOST_QUOTES
from bot.writing.records import (
    GIST_WORDS,
    MOST_IDS,
    MOST_POINTS,
    Cards,
    Failure,
    Fence,
    Kinship,
    NoteCard,
    Placed,
    Point,
    Relation,
    ShownNote,
    ShownSentence,
    Suggested,
    Usage,
    Verdict,
    WrittenAnswer,
    WrittenClaim,
    WrittenSection,
)

__all__ = [
    "CLAIM_WORDS",
    "GIST_WORDS",
    "MOST_IDS",
    "MOST_POINTS",
    "MOST_QUOTES",
    "Cards",
    "Failure",
    "Fence",
    "Kinship",
    "NoteCard",
    "Placed",
    "Point",
    "Relation",
    "ShownNote",
    "ShownSentence",
    "Suggested",
    "Usage",
    "Verdict",
    "WrittenAnswer",
    "WrittenClaim",
    "WrittenSection",
]
