"""Themes outlive sessions: what one brings along from before, and which topics were really talked about.

Everything that is claimed of a theme carries its evidence: sentences that people wrote, cut out by offsets.
"""

from bot.themes.drift import (
    Drift,
    DriftReport,
    LeftOver,
    TopicDrift,
    drift,
    left_over,
    offer_again,
)
from bot.themes.evidence import LONGEST_EXAMPLE, Evidence
from bot.themes.remembering import (
    LONGEST_QUESTION,
    MOST_DOCUMENTS,
    MOST_PEOPLE,
    MOST_QUESTIONS,
    MOST_SESSIONS,
    Before,
    EarlierMaterial,
    EarlierSession,
    Knower,
    OpenQuestion,
    belongs,
    families,
    questions_in,
    related,
    shortlist,
    still_says,
    unique_people,
)
from bot.themes.sentences import themes_of_sentences

__all__ = [
    "LONGEST_EXAMPLE",
    "LONGEST_QUESTION",
    "MOST_DOCUMENTS",
    "MOST_PEOPLE",
    "MOST_QUESTIONS",
    "MOST_SESSIONS",
    "Before",
    "Drift",
    "DriftReport",
    "EarlierMaterial",
    "EarlierSession",
    "Evidence",
    "Knower",
    "LeftOver",
    "OpenQuestion",
    "TopicDrift",
    "belongs",
    "drift",
    "families",
    "left_over",
    "offer_again",
    "questions_in",
    "related",
    "shortlist",
    "still_says",
    "themes_of_sentences",
    "unique_people",
]
