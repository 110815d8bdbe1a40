"""A work session: one dated meeting with topics on offer, and what may be asked of the forms that make it."""

from bot.worksessions.naming import short_name, short_names
from bot.worksessions.planning import (
    Extra,
    Offer,
    Plan,
    closing,
    closing_proposal,
    exists_once,
    offer,
    plan,
    sizes,
    topics,
)
from bot.worksessions.records import (
    LARGEST_GROUP,
    MOST_TOPICS,
    SHORT_NAME_LENGTH,
    TITLE_LENGTH,
    TOPIC_LENGTH,
    Mode,
    Silence,
    State,
    Topic,
    WorkSession,
    invited,
)

__all__ = [
    "LARGEST_GROUP",
    "MOST_TOPICS",
    "SHORT_NAME_LENGTH",
    "TITLE_LENGTH",
    "TOPIC_LENGTH",
    "Extra",
    "Mode",
    "Offer",
    "Plan",
    "Silence",
    "State",
    "Topic",
    "WorkSession",
    "closing",
    "closing_proposal",
    "exists_once",
    "invited",
    "offer",
    "plan",
    "short_name",
    "short_names",
    "sizes",
    "topics",
]
