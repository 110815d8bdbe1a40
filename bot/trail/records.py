"""The values of the trail: an entry with what is written on it, where that came from, and how it changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.trail.sheets import Kind


class State(StrEnum):
    """How far an entry is.

    `proposed`: found in a document or an impression; nobody said yet that it is right. `kept`: the region's own.
    `shared`: every region may read it. `dropped`: set aside; it is not shown, and not proposed again.
    """

    PROPOSED = "proposed"
    KEPT = "kept"
    SHARED = "shared"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Value:
    """What is written in one field: `text` as it was typed or cut out; for a person `user` is the id."""

    text: str
    user: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an entry was found: lines (from 1) of a document, or a run of a field of an impression.

    `start` and `end` cut the title out of `Material.text`, or out of the field of the impression; equal where the title
    is not one run of it. `document` is the document's name, for showing.
    """

    material: str = ""
    document: str = ""
    first_line: int = 0
    last_line: int = 0
    impression: str = ""
    field: str = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Entry:
    """One line of a sheet. `region` is None for what is of the whole programme; `parent` is the entry it hangs under.

    `values` has the fields that are filled, by name. `reason` is the key of the sentence that says why the engine
    proposed it. `version` grows with every change: a form that was opened on an older one is refused.
    """

    id: str
    team: str
    region: str | None
    kind: Kind
    values: Mapping[str, Value]
    state: State = State.KEPT
    parent: str | None = None
    position: int = 0
    version: int = 1
    origin: Origin | None = None
    reason: str = ""
    made_by: str = ""
    made_at: datetime | None = None
    changed_at: datetime | None = None
    confirmed: bool = False
    children: tuple["Entry", ...] = field(default=(), compare=False)

    def text(self, name: str) -> str:
        """Return what is written in a field, "" where nothing is."""
        found = self.values.get(name)
        return found.text if found else ""

    def user(self, name: str = "person") -> str:
        """Return who stands in a field, "" where nobody does."""
        found = self.values.get(name)
        return found.user if found else ""

    @property
    def title(self) -> str:
        """By what it is known."""
        return self.text("title")

    @property
    def stands(self) -> bool:
        """Whether somebody said that it is right."""
        return self.state in (State.KEPT, State.SHARED)

    def under(self, *kinds: Kind) -> tuple["Entry", ...]:
        """Return what hangs under it of these kinds, in order."""
        return tuple(child for child in self.children if child.kind in kinds)


@dataclass(frozen=True, slots=True)
class Change:
    """One field that changed: what stood there before, what stands there since, who did it and when.

    `name` is the field, or "state" for keeping, sharing and setting aside.
    """

    entry: str
    name: str
    before: str
    after: str
    by: str
    at: datetime
