"""What a note is about, and how sure that is; what is proposed about themes; and what became of a theme."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum


class State(StrEnum):
    """Where a note is: under a theme, waiting for a person to say under which, or under none."""

    PLACED = "placed"
    UNSURE = "unsure"
    NOWHERE = "nowhere"


class Origin(StrEnum):
    """By what a note came under a theme: a topic of its group, its own words, its likeness to others, or a person."""

    TOPIC = "topic"
    NAMED = "named"
    LIKENESS = "likeness"
    PERSON = "person"


@dataclass(frozen=True)
class Spot:
    """A sentence: the part of the note in which it stands, and from where to where."""

    field: str
    start: int
    end: int


@dataclass(frozen=True)
class Told:
    """A note as it is placed. `parts` are its stored words by the name of the part.

    `topics` are the themes of its group, `fits` and `refused` what people said that it is about and is not about (ids).
    """

    id: str
    parts: Mapping[str, str]
    group: str | None = None
    region: str | None = None
    on: date | None = None
    topics: tuple[str, ...] = ()
    fits: tuple[str, ...] = ()
    refused: frozenset[str] = frozenset()

    @property
    def text(self) -> str:
        """All its parts, one below the other."""
        return "\n\n".join(text for text in self.parts.values() if text.strip())


@dataclass(frozen=True)
class Under:
    """A theme (id) that a note is about or may be about: how sure that is (0 to 1), and the sentence that says it."""

    theme: str
    certainty: float
    origin: Origin
    spot: Spot | None = None


@dataclass(frozen=True)
class Placed:
    """What came of reading a note: its themes, surest first, and those that a person has to decide on.

    `candidates` are at most three. A note can be placed and leave something to ask: whether it is also about a topic
    of its group of which it says nothing that we recognise.
    """

    state: State
    themes: tuple[Under, ...] = ()
    candidates: tuple[Under, ...] = ()


class Kind(StrEnum):
    """What is proposed: a new theme, another name of one, or that two are one."""

    NEW = "new"
    ALIAS = "alias"
    MERGE = "merge"


class Decided(StrEnum):
    """What became of a proposal; one that was refused is not made again."""

    OPEN = "open"
    MADE = "made"
    BELONGS = "belongs"
    REFUSED = "refused"


@dataclass(frozen=True)
class Carrier:
    """A note that carries a proposal: the sentence, and where in the same part the proposed name stands, if it does."""

    note: str
    spot: Spot
    name_start: int = 0
    name_end: int = 0


@dataclass(frozen=True)
class Suggestion:
    """Something that the words of notes give reason to ask; `mark` is what it is known by, so that it is asked once.

    `name` is in the words of the notes and is never stored: the carriers say where it stands.
    """

    kind: Kind
    mark: str
    name: str = ""
    theme: str | None = None
    other: str | None = None
    proposal: str | None = None
    carriers: tuple[Carrier, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """A suggestion that was kept. `version` counts its decisions, so that who looks at an older one is told."""

    id: str
    team: str
    kind: Kind
    at: datetime
    state: Decided = Decided.OPEN
    mark: str = ""
    theme: str | None = None
    other: str | None = None
    proposal: str | None = None
    version: int = 1
    decided_by: str = ""
    carriers: tuple[Carrier, ...] = ()


class Act(StrEnum):
    """What a person does to a theme."""

    MADE = "made"
    RENAMED = "renamed"
    SHORTENED = "shortened"
    CRITERION = "criterion"
    ALIASED = "aliased"
    MERGED = "merged"
    SPLIT = "split"


@dataclass(frozen=True)
class Change:
    """One step in the life of a theme. `notes` are the ids of the notes that moved with it; `undone_by` a user id."""

    id: int
    theme: str
    act: Act
    by: str
    at: datetime
    other: str | None = None
    before: str = ""
    after: str = ""
    notes: tuple[str, ...] = ()
    undone_by: str = ""


@dataclass(frozen=True)
class Card:
    """A theme as its coordinators see it, with its version and how many notes are about it."""

    id: str
    name: str
    short_name: str
    criterion: str
    aliases: tuple[str, ...]
    version: int
    notes: int
    merged: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Question:
    """A note with the themes it may be about, their names, and the sentences that say so: `cut`, one for each theme,
    and `sentences`, each once.

    `also` says that the note has its place and that only one more theme is asked about. `group` and `session` are ids,
    None for earlier material, of which `title` is the document's. `own` are the user ids of whose note it is.
    """

    note: str
    candidates: tuple[Under, ...]
    names: tuple[str, ...]
    cut: tuple[str, ...]
    sentences: tuple[str, ...]
    also: bool
    title: str
    group: str | None = None
    number: int | None = None
    session: str | None = None
    own: frozenset[str] = frozenset()

    def only(self, spots: Collection[tuple[str, int, int]]) -> "Question":
        """Return the question with the sentences at these places (part, start, end) only."""
        kept = [
            text
            for under, text in zip(self.candidates, self.cut, strict=True)
            if under.spot and (under.spot.field, under.spot.start, under.spot.end) in spots
        ]
        return replace(self, sentences=tuple(dict.fromkeys(kept)))
