"""The values of the oogstbericht: its items, what a region wants to read, and what is new about a theme. All frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.article import Part, PublishedSentence
from bot.digest.rhythm import Every


class ItemKind(StrEnum):
    """What an item of a digest is. `echo` is never shown: a sentence that says the same as one that is."""

    THEME = "theme"
    QUESTION = "question"
    OFFER = "offer"
    DUE = "due"
    INTRODUCTION = "introduction"
    POLL = "poll"
    DATE = "date"
    MOVED = "moved"
    ECHO = "echo"


@dataclass(frozen=True)
class Item:
    """One thing that a digest says. `subject` is a sentence id, or for a date `date_subject` of the session, for a poll
    `poll_subject`, for a promise that is due its id with the day, for an introduction whatever its feature gave."""

    kind: ItemKind
    subject: str
    theme: str | None = None


@dataclass(frozen=True)
class Digest:
    """One region's digest of one week: the items of the post, and those of each message in its thread.

    `echoes` say the same as something that is shown, and count for how many groups said it. `missed` says that it is
    the first one after a rest.
    """

    id: str
    region: str
    period: str
    since: datetime
    until: datetime
    post: tuple[Item, ...] = ()
    thread: tuple[tuple[Item, ...], ...] = ()
    echoes: tuple[Item, ...] = ()
    missed: bool = False

    @property
    def silent(self) -> bool:
        """Whether there is nothing to say, so that nothing is posted."""
        return not self.post and not self.thread


@dataclass(frozen=True)
class ThemeNews:
    """What is new about one theme: the sentences in the order of the articles, and how many groups they come from.

    `echoes` are sentences that say the same as one of these; they count for the groups.
    """

    theme: str | None
    sentences: tuple[PublishedSentence, ...]
    echoes: tuple[PublishedSentence, ...] = ()

    @property
    def groups(self) -> int:
        """The number of groups that said something about it."""
        return len({sentence.group for sentence in (*self.sentences, *self.echoes)})

    def of(self, *parts: Part) -> list[PublishedSentence]:
        """Return the sentences of these parts."""
        return [sentence for sentence in self.sentences if sentence.part in parts]


class Stance(StrEnum):
    """What a region wants of one theme: first of all, or never."""

    FOLLOW = "follow"
    MUTE = "mute"


class Reason(StrEnum):
    """Why a sentence stays out of a digest; `later` keeps it for a week, the others for good."""

    LATER = "later"
    WRONG = "wrong"
    SENSITIVE = "sensitive"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class Subscription:
    """What a region chose: how often it reads, its stance on themes (by theme id), other regions that it reads along
    with (ids), and until when it pauses. `version` counts the changes."""

    region: str
    every: Every = Every.WEEK
    stances: Mapping[str, Stance] = field(default_factory=dict)
    others: frozenset[str] = frozenset()
    paused_until: datetime | None = None
    version: int = 0

    def with_stance(self, stance: Stance) -> frozenset[str]:
        """Return the ids of the themes on which the region has this stance."""
        return frozenset(theme for theme, found in self.stances.items() if found is stance)


@dataclass(frozen=True)
class Interests:
    """What matters to a region, by theme id: followed, on the agenda of its coming session or touching a point that it
    works on, and how many of its people chose a theme lately. What is `muted` it never reads.

    `touching` has by sentence id how many characters it takes to say which point of the region a sentence is about.
    """

    followed: frozenset[str] = frozenset()
    agenda: frozenset[str] = frozenset()
    chosen: Mapping[str, int] = field(default_factory=dict)
    muted: frozenset[str] = frozenset()
    touching: Mapping[str, int] = field(default_factory=dict)

    def level(self, theme: str | None) -> int:
        """Return how much a theme matters: 3 followed, 2 on the agenda, 1 chosen by its people, 0 the rest."""
        if theme is None:
            return 0
        if theme in self.followed:
            return 3
        return 2 if theme in self.agenda else int(bool(self.chosen.get(theme)))


@dataclass(frozen=True)
class Change:
    """One change of a region's digest. `before` and `after` hold ids and settings; `version` is the one it made."""

    id: str
    region: str
    what: str
    by: str
    at: datetime
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    version: int
    undone_by: str | None = None
