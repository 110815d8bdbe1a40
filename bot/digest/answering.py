"""What somebody of a region knows about a question that another group left open."""

from dataclasses import dataclass
from datetime import datetime

from bot.problem import Problem

ANSWER_LENGTH = 1000


@dataclass(frozen=True)
class KnownHere:
    """An answer in the member's own words; without words they can be asked. `withdrawn` keeps no words."""

    id: str
    digest: str
    sentence: str
    work_session: str
    article: str
    user: str
    text: str
    at: datetime
    withdrawn: bool = False


def read_answer(typed: str) -> tuple[str, list[Problem]]:
    """Return what was typed without blanks around it, and what is wrong with it."""
    text = typed.strip()
    if len(text) <= ANSWER_LENGTH:
        return text, []
    return text, [Problem("answer", "digest.problem.long", {"most": ANSWER_LENGTH, "count": len(text)})]
