"""The words that a programme explains itself, beside the term list that every workspace knows."""

import re

from sqlmodel import Session

from bot.memory.terms import Term
from bot.trail import Kind
from storage.trail.reading import entries

_BETWEEN = re.compile(r"\s*[,;/]\s*")
LONGEST = 60
"""Characters of a meaning that is another name for the word; a longer one explains it, and nobody asks for it so."""


def own_terms(db: Session, team: str) -> list[Term]:
    """Return the terms of the programme in order, each with its other names."""
    found = []
    for entry in entries(db, team, regions=[None], kinds=[Kind.TERM]):
        meaning = entry.text("meaning")
        others = [*([meaning] if len(meaning) <= LONGEST else []), *_BETWEEN.split(entry.text("also"))]
        found.append(Term(entry.title, tuple(filter(None, (one.strip().rstrip(".") for one in others)))))
    return found
