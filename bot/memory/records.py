"""What was found for a question, and what is told of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class SourceKind(StrEnum):
    """Where a found sentence stands: in a published article, in earlier material, in a note of its own group, or in
    the trail of a region or of the programme."""

    SENTENCE = "sentence"
    PASSAGE = "passage"
    OWN = "own"
    TRAIL = "trail"


class Says(StrEnum):
    """What a sentence does for a question: it tells something, it asks, or it offers."""

    TELLS = "tells"
    ASKS = "asks"
    OFFERS = "offers"


@dataclass(frozen=True)
class Source:
    """A sentence that was found, cut from a stored note, with what may be told of where it comes from.

    `where` is the title of the session or document, `group` and `regions` (names) are only there where they may be
    named, `lines` are those of a document, `named_year` is the last year that an undated document speaks of.
    `promised_by` is who stands for an offer. `url` leads to where it is read. Of the trail, `part` is the part of the
    page, `figure` what is counted with the number, and `unshared` says that the region did not share it.
    """

    kind: SourceKind
    ref: str
    impression: str
    field: str
    start: int
    end: int
    text: str
    says: Says
    on: date | None
    where: str
    group: int | None = None
    regions: tuple[str, ...] = ()
    lines: tuple[int, int] | None = None
    themes: tuple[str, ...] = ()
    promised_by: str = ""
    url: str = ""
    named_year: int | None = None
    part: str = ""
    figure: tuple[str, str] | None = None
    unshared: bool = False
    coverage: float = 0.0
    score: float = 0.0

    @property
    def year(self) -> int | None:
        """The year of its day, else the last that its document speaks of."""
        return self.on.year if self.on else self.named_year

    @property
    def newest_first(self) -> tuple[int, int]:
        """A key to sort by: the newest day first, then what only names a year, then what has neither."""
        day = self.on or (date(self.named_year, 1, 1) if self.named_year else date.min)
        return (-day.toordinal(), self.start)

    @property
    def place(self) -> tuple[str, str, int, int]:
        """Where the words are cut from: impression, field and offsets."""
        return self.impression, self.field, self.start, self.end


@dataclass(frozen=True)
class Answer:
    """What is told of a question: whole sentences with their sources, newest first of each kind; never one without.

    `differs` is whether numbers about the same thing differ by year. `more` counts what was found besides.
    """

    sources: tuple[Source, ...]
    differs: bool = False
    more: int = 0

    def saying(self, says: Says) -> Sequence[tuple[int, Source]]:
        """Return the sources of one kind, each with its number in the answer (from 1)."""
        return [(number, one) for number, one in enumerate(self.sources, start=1) if one.says is says]
