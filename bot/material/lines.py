"""The lines of a document, and the signs by which they are known."""

import re
from dataclasses import dataclass

GROUP = re.compile(
    r"^\s*(?:\#{1,6}\s+|\*{2})?(?:\#\s?(\d{1,2})|(?:groep(?:je)?|group|tafel|table)\s+(\d{1,2}))\s*[:.]?\s*(?:\*{2})?\s*$",
    re.IGNORECASE,
)
BULLET = re.compile(r"^\s*(?:(?:[-–*•·▪◦‣☑☐✓✔]|\d{1,2}[.)])(?:\s+|$))+")
_EMPTY = re.compile(r"^[\s\-–*•·▪◦‣☑☐✓✔_=>#]*$")
HASHES = re.compile(r"^\s{0,3}#{1,6}\s+(?=\S)")
NEXT = re.compile(
    r"\b(volgende|eerstvolgende|next)\s+(\w+\s+)?(werksessie|sessie|bijeenkomst|keer|datum|session|meeting|date)\b",
    re.IGNORECASE,
)
FILES = re.compile(r"\b(bestanden|files)\b.*\b(bijgevoegd|attached)\b|^\W*downloads?\W*$", re.IGNORECASE | re.MULTILINE)
LONGEST_HEADING = 110


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its number from 1, and where it stands in the text."""

    number: int
    start: int
    end: int
    text: str

    @property
    def empty(self) -> bool:
        """Whether nothing but signs stands on it."""
        return bool(_EMPTY.match(self.text))


def lines_of(text: str) -> list[Line]:
    """Return the lines of a text, each with its place in it."""
    out, at = [], 0
    for number, line in enumerate(text.split("\n"), 1):
        out.append(Line(number, at, at + len(line), line))
        at += len(line) + 1
    return out


def clean(line: str) -> str:
    """A heading without its Markdown signs."""
    return HASHES.sub("", line).strip().strip("*_").strip()
