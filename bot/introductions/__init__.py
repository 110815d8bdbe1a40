"""Bringing two regions together: the open question of one and what the other said, when both sides want it."""

from bot.introductions.matching import FLOOR, Known, Match, Proposal, matches, propose
from bot.introductions.meeting import (
    ANSWER_WITHIN,
    LIVING,
    OPEN_FOR,
    agree,
    ask,
    can_be_answered,
    can_be_asked,
    close,
    decline,
    take_back,
)
from bot.introductions.records import Basis, Introduction, State

__all__ = [
    "ANSWER_WITHIN",
    "FLOOR",
    "LIVING",
    "OPEN_FOR",
    "Basis",
    "Introduction",
    "Known",
    "Match",
    "Proposal",
    "State",
    "agree",
    "ask",
    "can_be_answered",
    "can_be_asked",
    "close",
    "decline",
    "matches",
    "propose",
    "take_back",
]
