"""Turns notes into a harvest that can be trusted: themes, picked sentences, questions and offers, each with its source.

The embedded engine: no model, no key, no network; the same input gives the same bytes. What it publishes are sentences
that people wrote, cut from the stored note by offsets; `verify` says so of its digests and of anybody else's.
"""

from bot.harvest.aliases import variants
from bot.harvest.assignment import assign, final, mentioned
from bot.harvest.compose import ENGINE, compose, compose_placed
from bot.harvest.kinds import kind_of
from bot.harvest.reading import Reading, read, sentence_id
from bot.harvest.records import (
    Claim,
    Digest,
    DigestKind,
    Example,
    Memory,
    Note,
    NoteId,
    Problem,
    RememberedTheme,
    Section,
    Sentence,
    SentenceId,
    SentenceKind,
    Theme,
    ThemeId,
    UnusableNotes,
)
from bot.harvest.salience import picks
from bot.harvest.sentences import Span, language_of, split
from bot.harvest.theming import Placement, place, theme_id_of
from bot.harvest.verify import verify

__all__ = [
    "ENGINE",
    "Claim",
    "Digest",
    "DigestKind",
    "Example",
    "Memory",
    "Note",
    "NoteId",
    "Placement",
    "Problem",
    "Reading",
    "RememberedTheme",
    "Section",
    "Sentence",
    "SentenceId",
    "SentenceKind",
    "Span",
    "Theme",
    "ThemeId",
    "UnusableNotes",
    "assign",
    "compose",
    "compose_placed",
    "final",
    "kind_of",
    "language_of",
    "mentioned",
    "picks",
    "place",
    "read",
    "sentence_id",
    "split",
    "theme_id_of",
    "variants",
    "verify",
]
