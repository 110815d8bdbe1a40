"""What an earlier document holds, and its passages."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class PassageKind(StrEnum):
    """What a passage is in its document."""

    GROUP = "group"
    TEXT = "text"
    BULLET = "bullet"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document: `text` is `Material.text[start:end]`, on lines `first_line` to `last_line` (from 1).

    `group` is the number of the group whose text it is. `themes` are names out of `Material.themes`, best first.
    """

    kind: PassageKind
    start: int
    end: int
    text: str
    first_line: int
    last_line: int
    heading: str = ""
    group: int | None = None
    themes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Material:
    """An earlier document. `original` is the file as it was decoded; `text` is the same, line for line, with a wrong
    encoding undone. `session_day` is the day it tells about, `next_day` the next meeting it announces."""

    title: str
    day: date | None
    session_day: date | None
    next_day: date | None
    themes: tuple[str, ...]
    passages: tuple[Passage, ...]
    files_named: bool
    text: str
    original: str

    @property
    def groups(self) -> tuple[Passage, ...]:
        """The group texts, in the order of the document; empty when it has none."""
        return tuple(passage for passage in self.passages if passage.kind == PassageKind.GROUP)
