"""Dates: who comes to the next session, the polls in which it is chosen, series, moves, and who holds which file."""

from storage.followup import moving, polling, series
from storage.followup.inviting import (
    InvitationRow,
    answer_of,
    answers,
    counts,
    forget_answers,
    is_follow_up,
    own_answers,
    save_answer,
    upcoming,
    written,
)

__all__ = [
    "InvitationRow",
    "answer_of",
    "answers",
    "counts",
    "forget_answers",
    "is_follow_up",
    "moving",
    "own_answers",
    "polling",
    "save_answer",
    "series",
    "upcoming",
    "written",
]
