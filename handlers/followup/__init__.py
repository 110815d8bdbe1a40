"""The next date: invitations and answers, date polls, series, and dates that move or do not take place."""

from handlers.followup.inviting import (
    MESSAGES,
    RHYTHM,
    ROUTES,
    choose,
    give_answer,
    hand_in_plan,
    make,
    next_due,
    proposal,
    repaint_all,
    tick,
)

__all__ = [
    "MESSAGES",
    "RHYTHM",
    "ROUTES",
    "choose",
    "give_answer",
    "hand_in_plan",
    "make",
    "next_due",
    "proposal",
    "repaint_all",
    "tick",
]
