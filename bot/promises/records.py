"""What a promise is: a sentence that somebody offered something in, a person who stands for it, and a date."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.impressions import Impression

OWN_WORDS_LENGTH = 300


class State(StrEnum):
    """Where a promise is.

    `offered`: the owner was asked. `accepted`: they said yes, `changed`: yes, in their own words. `declined`: it is
    not theirs. `moved`: it will be later than was said. `kept`: done. `dropped`: it will not come.
    """

    OFFERED = "offered"
    ACCEPTED = "accepted"
    CHANGED = "changed"
    DECLINED = "declined"
    KEPT = "kept"
    MOVED = "moved"
    DROPPED = "dropped"


STANDING = frozenset({State.ACCEPTED, State.CHANGED, State.MOVED})
"""The owner said yes, and it is not over."""
WAITING = frozenset({State.OFFERED, State.DECLINED})
"""Nobody stands for it (yet): its sentence is not published."""


class Capacity(StrEnum):
    """As what somebody changed a promise; `note` where the note it came from was changed or withdrawn."""

    OWNER = "owner"
    GROUP = "group"
    COORDINATOR = "coordinator"
    NOTE = "note"


@dataclass(frozen=True)
class Place:
    """A sentence as a place in a stored impression: a part, and two offsets into its words."""

    impression: str
    part: str
    start: int
    end: int

    def overlaps(self, other: "Place") -> bool:
        """Whether both hold the same words somewhere."""
        same_part = (self.impression, self.part) == (other.impression, other.part)
        return same_part and self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Promise:
    """An offer that somebody was asked to stand for, and what became of it.

    `place` is where its words are; None once they are no longer in the note (`lost`) or the note was withdrawn.
    `fingerprint` finds the same words back after the note changed. `own_words` are the owner's, beside the sentence.
    `due` is a day on the wall; `due_since` the moment from which it holds. `agreed_at` is when the owner said yes,
    None as long as they did not; `closed_at` when it was kept or dropped. `version` counts the changes.
    """

    id: str
    team: str
    work_session: str
    group: str
    impression: str
    place: Place | None
    fingerprint: str
    owner: str
    asked_by: str
    asked_at: datetime
    state: State = State.OFFERED
    due: date | None = None
    due_since: datetime | None = None
    own_words: str = ""
    lost: bool = False
    agreed_at: datetime | None = None
    closed_at: datetime | None = None
    version: int = 1

    @property
    def stands(self) -> bool:
        """Whether the owner said yes and it is not over."""
        return self.state in STANDING

    @property
    def waits(self) -> bool:
        """Whether its owner has not answered yet."""
        return self.state is State.OFFERED

    @property
    def is_public(self) -> bool:
        """Whether others may read it with the owner's name: they said yes, and there are words to show."""
        return self.agreed_at is not None and (self.place is not None or bool(self.own_words))


@dataclass(frozen=True)
class Event:
    """One step of a promise, kept without its words."""

    at: datetime
    by: str
    capacity: Capacity
    before: State | None
    after: State
    due_before: date | None = None
    due_after: date | None = None


@dataclass(frozen=True)
class Told:
    """A promise with everything that is needed to show it: its sentence as it stands in the note now, and names.

    `words` are the owner's own where they gave any, else the sentence; empty when the note has neither any more.
    """

    promise: Promise
    sentence: str
    owner_name: str
    asker_name: str
    group_number: int
    session_title: str
    takers: int = 0

    @property
    def words(self) -> str:
        """What was promised, in somebody's own words."""
        return self.promise.own_words or self.sentence

    def stands_in(self, impression: str, part: str, text: str) -> bool:
        """Whether a published sentence says what was promised, so that its giver is named beside it.

        By its words, for a published sentence stays as it was read when its note changes around it.
        """
        place, promise = self.promise.place, self.promise
        if place is None or not self.sentence or not promise.is_public:
            return False
        if not promise.stands and promise.state is not State.KEPT:
            return False
        same_part = (place.impression, place.part) == (impression, part)
        return same_part and (self.sentence in text or text in self.sentence)


def sentence_of(place: Place | None, impression: Impression | None) -> str:
    """Cut the words of a place out of its impression; empty where there is nothing to cut."""
    if place is None or impression is None or impression.withdrawn_at is not None:
        return ""
    return impression.text(place.part)[place.start : place.end]
