"""What is remembered: of a theme before a session, of what somebody asks, and the questions that wait for a region.

Only what was published, or was imported as earlier material, comes out; what is still private is read for who may.
"""

from storage.memory.asked import (
    AnswerVoteRow,
    Asked,
    AskedIn,
    AskedState,
    QuestionRow,
    asked_since,
    at_message,
    erase,
    forget,
    one,
    save,
    state_of,
    unanswered,
    vote,
    waiting_questions,
)
from storage.memory.before import before, offered, posts
from storage.memory.indexing import index_more, is_indexed
from storage.memory.search import Found, Searcher, counts, search
from storage.memory.sources import Scope, resolve
from storage.memory.told import QuestionSourceRow, answers_with, follow, is_behind, places, save_sources

__all__ = [
    "AnswerVoteRow",
    "Asked",
    "AskedIn",
    "AskedState",
    "Found",
    "QuestionRow",
    "QuestionSourceRow",
    "Scope",
    "Searcher",
    "answers_with",
    "asked_since",
    "at_message",
    "before",
    "counts",
    "erase",
    "follow",
    "forget",
    "index_more",
    "is_behind",
    "is_indexed",
    "offered",
    "one",
    "places",
    "posts",
    "resolve",
    "save",
    "save_sources",
    "search",
    "state_of",
    "unanswered",
    "vote",
    "waiting_questions",
]
