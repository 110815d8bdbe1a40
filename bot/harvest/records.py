"""The values of the harvest: notes and themes go in, a digest that points back to sentences comes out. All frozen.

The same records come out of the embedded engine and of a language model, and one verifier judges both (`verify.py`).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Literal

NoteId = str
ThemeId = str
SentenceId = str
"""`<note id>.s<number>`, counted from 1 by `bot.harvest.split`."""

DigestKind = Literal["session", "weekly", "harvest"]


class SentenceKind(StrEnum):
    """What somebody does with a sentence."""

    FINDING = "finding"
    QUESTION = "question"
    CONCERN = "concern"
    OFFER = "offer"
    AGREEMENT = "agreement"
    REQUEST = "request"


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody wrote, as it is stored. `themes` are the ids (or names) of themes a person confirmed for it."""

    id: NoteId
    text: str
    at: date | None = None
    group: str | None = None
    region: str | None = None
    author: str | None = None
    language: str | None = None
    themes: tuple[ThemeId, ...] = ()
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Theme:
    """A subject with a permanent id. Aliases are what makes a note find it: about five are worth asking for."""

    id: ThemeId
    name: str
    short_name: str = ""
    aliases: tuple[str, ...] = ()
    criterion: str = ""
    status: Literal["proposed", "active", "merged"] = "active"
    merged_into: ThemeId | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of one note: `text` is `note.text[start:end]`, cut out by us and checked again before it leaves."""

    id: SentenceId
    note_id: NoteId
    start: int
    end: int
    text: str
    kind: SentenceKind
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence we publish with the sentences that carry it; the embedded engine only publishes cut-out sentences."""

    text: str
    evidence: tuple[SentenceId, ...]
    theme_id: ThemeId


@dataclass(frozen=True, slots=True)
class Section:
    """What is said about one theme: claims best first, quotes and open questions by sentence id only."""

    theme_id: ThemeId
    name: str
    notes: tuple[NoteId, ...]
    groups: tuple[str, ...]
    claims: tuple[Claim, ...]
    quotes: tuple[SentenceId, ...]
    open_questions: tuple[SentenceId, ...]
    offers: tuple[SentenceId, ...] = ()

    @property
    def lead(self) -> Claim | None:
        """The one claim to print when there is room for one."""
        return self.claims[0] if self.claims else None


@dataclass(frozen=True, slots=True)
class Digest:
    """Sections best first, every cited sentence, and what was left out: each note is in a section or in `unused`."""

    kind: DigestKind
    headline: str
    sections: tuple[Section, ...]
    unused: tuple[NoteId, ...]
    sentences: dict[SentenceId, Sentence]
    themes: dict[ThemeId, Theme]
    engine: str
    duplicates: dict[SentenceId, tuple[SentenceId, ...]] = field(default_factory=dict)

    def cut(self, sentence_id: SentenceId) -> str:
        """Return the words of a cited sentence; KeyError when the digest does not cite it."""
        return self.sentences[sentence_id].text


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something may not be published: the rule that failed, where, and what was found there."""

    rule: str
    where: str
    found: str


@dataclass(frozen=True, slots=True)
class RememberedTheme:
    """A theme of an earlier batch: which notes are in it (those the caller keeps), how many ever were, and its heaviest
    features (feature, weight) for when those notes stay away."""

    theme: Theme
    notes: tuple[NoteId, ...]
    features: tuple[tuple[str, float], ...]
    count: int = 0


@dataclass(frozen=True, slots=True)
class Example:
    """A note kept as features (feature, times), to know its likes by. `theme` is '' while it waits for a theme."""

    note: NoteId
    theme: ThemeId
    group: str | None
    features: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Memory:
    """What the engine keeps between batches, so that a note stays in its theme. Empty at the start.

    `counted` notes were read so far, `frequencies` says in how many of them each feature stood, `examples` are some
    notes of each theme. All three are bounded. Note ids are not (one each): hand in `only` those you ask about.
    """

    themes: tuple[RememberedTheme, ...] = ()
    proposed_merges: tuple[tuple[ThemeId, ThemeId], ...] = ()
    unplaced: tuple[NoteId, ...] = ()
    counted: int = 0
    frequencies: Mapping[str, int] = field(default_factory=dict)
    examples: tuple[Example, ...] = ()

    def only(self, notes: Collection[NoteId]) -> "Memory":
        """Return the same memory with these note ids only; what a batch does not hold need not be carried along."""
        themes = (replace(one, notes=tuple(i for i in one.notes if i in notes)) for one in self.themes)
        return replace(self, themes=tuple(themes), unplaced=tuple(i for i in self.unplaced if i in notes))

    def without(self, notes: Collection[NoteId]) -> "Memory":
        """Return the memory of somebody who never saw these notes' words: withdrawn notes leave by id and example.

        What they added to the sums of a theme and to the frequencies stays: no note can be read from a sum of many.
        """
        themes = (replace(one, notes=tuple(i for i in one.notes if i not in notes)) for one in self.themes)
        return replace(
            self,
            themes=tuple(themes),
            unplaced=tuple(i for i in self.unplaced if i not in notes),
            examples=tuple(example for example in self.examples if example.note not in notes),
        )


class UnusableNotes(ValueError):
    """Notes that cannot be harvested; the message says which one and why."""
