"""What was found in a document: entries for the sheets, as places in the text, and the lines that no sheet took."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.encoding import shown
from bot.trail.fields import Type
from bot.trail.records import Value
from bot.trail.sheets import SHEETS, Kind


class Shape(StrEnum):
    """What sort of document it is, by how it is built and by the words over its parts."""

    REGION_PAGE = "region_page"
    TALK = "talk"
    FRAMEWORK = "framework"
    CARD = "card"
    ARTICLE = "article"
    OTHER = "other"


@dataclass(frozen=True, slots=True, order=True)
class Run:
    """A place in a text, `text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True)
class Found:
    """Something in a document that is an entry of a sheet.

    `cuts` has, by field, the runs of which its words are cut; `set` the fields that are no words: a choice, or a day
    that was read from a run. `under` is the number in the list of what it hangs under. `region` is the name that
    stands with it in the document, "" where it is of the region that the whole document is about.
    """

    kind: Kind
    cuts: Mapping[str, tuple[Run, ...]]
    set: Mapping[str, str]
    under: int | None = None
    region: str = ""

    def with_more(self, **cuts: tuple[Run, ...]) -> "Found":
        """Return the same with these runs after those that a field has."""
        more = {name: (*self.cuts.get(name, ()), *runs) for name, runs in cuts.items() if runs}
        return replace(self, cuts={**self.cuts, **more})

    @property
    def title(self) -> Run:
        """From the first sign of the title to the last."""
        runs = self.cuts["title"]
        return Run(runs[0].start, runs[-1].end)

    @property
    def seen_at(self) -> Run:
        """From the title to the person or the number that goes with it: where a reader looks it up."""
        runs = [run for name in ("title", "who", "value", "address") for run in self.cuts.get(name, ())]
        return Run(min(runs).start, max(run.end for run in runs))

    @property
    def one_run(self) -> bool:
        """Whether the title is one run of the text."""
        return len(self.cuts["title"]) == 1

    def values(self, text: str) -> dict[str, Value]:
        """Return what is written in its fields, broken accents repaired; nothing in it stands not in the text.

        A choice that nobody made is the first one, as on a form; but nobody has a role as long as no name is given.
        """
        sheet = SHEETS[self.kind]
        written: dict[str, Value] = {}
        for field in sheet.fields:
            if field.name in self.set:
                written[field.name] = Value(self.set[field.name])
            elif field.type is Type.CHOICE and self.kind is not Kind.ROLE:
                written[field.name] = Value(field.choices[0])
            elif runs := self.cuts.get(field.name):
                paragraphs = field.type is Type.TEXT and field.name != "title"
                said = ("\n" if paragraphs else " ").join(_words(text[r.start : r.end], paragraphs) for r in runs)
                written[field.name] = Value(said)
        return written


def _words(said: str, paragraphs: bool) -> str:
    """The words of a run: lines stay where a field has paragraphs, else they become one."""
    lines = [" ".join(line.split()) for line in said.splitlines()] if paragraphs else [" ".join(said.split())]
    return shown("\n".join(filter(None, lines)))


@dataclass(frozen=True, slots=True)
class Unread:
    """Words of a line that no sheet took; `line` counts from 1."""

    line: int
    text: str


@dataclass(frozen=True)
class Reading:
    """What a document gave: parents stand before what hangs under them. `region` is the name it is about, or ""."""

    shape: Shape
    region: str
    found: tuple[Found, ...]
    unread: tuple[Unread, ...]
