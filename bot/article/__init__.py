"""The article about a work session: sentences that people wrote, cut from stored impressions, never typed anew.

A sentence of an article is a place: an impression, one of its parts, and two offsets. `check` holds it against the
stored words, so that nobody can be misquoted, not even by a coordinator who edits the draft.
"""

from bot.article.attribution import FEWEST_SPEAKERS, Attribution, attributed
from bot.article.composing import MOST_SENTENCES, check, compose, cut, headline_topics, readers, unserved
from bot.article.editing import read_lines
from bot.article.openers import says_little
from bot.article.records import (
    ASIDES,
    HEADLINE_LENGTH,
    NEWS_LENGTH,
    Article,
    Contribution,
    Coverage,
    Edition,
    Misquoted,
    Part,
    PublishedSentence,
    Run,
    Sentence,
    State,
    coverage,
)
from bot.article.timing import PUBLISH_WITHIN, days_left
from bot.article.versions import (
    UNCHANGED,
    ArticleVersion,
    Change,
    Changes,
    Kept,
    Turn,
    compare,
    kept,
    says_the_same,
)

__all__ = [
    "ASIDES",
    "FEWEST_SPEAKERS",
    "HEADLINE_LENGTH",
    "MOST_SENTENCES",
    "NEWS_LENGTH",
    "PUBLISH_WITHIN",
    "UNCHANGED",
    "Article",
    "ArticleVersion",
    "Attribution",
    "Change",
    "Changes",
    "Contribution",
    "Coverage",
    "Edition",
    "Kept",
    "Misquoted",
    "Part",
    "PublishedSentence",
    "Run",
    "Sentence",
    "State",
    "Turn",
    "attributed",
    "check",
    "compare",
    "compose",
    "coverage",
    "cut",
    "days_left",
    "headline_topics",
    "kept",
    "read_lines",
    "readers",
    "says_little",
    "says_the_same",
    "unserved",
]
