"""How a plain text is built: headings, list items that go on over empty lines, paragraphs, and what stands under what.

Texts come out of slides and web pages, so a list item may be broken off in the middle, tick marks are the bullets of a
conversion, and a heading may be glued to the text under it.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from bot.harvest import split
from bot.trail.importing.records import Run, Unread

_MARKS = r"\-–—*•·▪◦‣☑☐✓✔"
_BULLET = re.compile(rf"^(\s*)(?:[{_MARKS}](?:\s+|$))+")
_NUMBER = re.compile(r"^(\s*)(\d{1,2})[.)]\s+(?=\S)")
_HASHES = re.compile(r"^\s{0,3}#{1,6}\s+(?=\S)")
_EMPTY = re.compile(rf"^[\s{_MARKS}_=>#]*$")
_GROUP = re.compile(r"^\s*(?:#\s?\d{1,2}|(?:groep|group|tafel|table)\s+\d{1,2})\s*[:.]?\s*$", re.IGNORECASE)
OPENING, CLOSED = "‘“\"'„«", "’”\"'»"
_LONGEST = 110
_INSIDE = re.compile(r"[^\W\d][.?!]\s|@")


class Form(StrEnum):
    """What a piece of a text is by its looks."""

    HEADING = "heading"
    BULLET = "bullet"
    NUMBER = "number"
    TEXT = "text"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Piece:
    """A heading, a list item or a paragraph: `text` is as in the document, without the mark before it.

    `glued` says that it stands on the line right under the piece before it. `indent` counts blanks before a mark.
    """

    form: Form
    start: int
    end: int
    text: str
    first_line: int
    last_line: int
    indent: int = 0
    number: int = 0
    glued: bool = False

    @property
    def run(self) -> Run:
        """Where its words stand."""
        return Run(self.start, self.end)

    @property
    def listed(self) -> bool:
        """Whether it is an item of a list."""
        return self.form in (Form.BULLET, Form.NUMBER)

    @property
    def quoted(self) -> bool:
        """Whether it stands as a whole between quotation marks."""
        return self.text[:1] in OPENING and self.text.rstrip(".")[-1:] in CLOSED and len(self.text) > 20

    def cut(self, start: int, end: int) -> Run:
        """Return the place of a part of its words, by offsets in `text`; blanks around it are left out."""
        said = self.text[start:end]
        start += len(said) - len(said.lstrip())
        return Run(self.start + start, self.start + start + len(said.strip()))

    def sentences(self) -> list[Run]:
        """Return its sentences; lines that were only broken off are no ends."""
        spans = split(" ".join(self.text.split("\n")))
        return [Run(self.start + span.start, self.start + span.end) for span in spans]


@dataclass(frozen=True)
class Section:
    """A heading with the pieces up to the next one; `heading` is None for what stands before the first."""

    heading: Piece | None
    pieces: tuple[Piece, ...]

    @property
    def name(self) -> str:
        """The words of the heading."""
        return self.heading.text.strip() if self.heading else ""

    @property
    def items(self) -> tuple[Piece, ...]:
        """What is in its lists."""
        return tuple(piece for piece in self.pieces if piece.listed)

    @property
    def prose(self) -> tuple[Piece, ...]:
        """What is no list."""
        return tuple(piece for piece in self.pieces if piece.form is Form.TEXT)

    @property
    def body(self) -> Run | None:
        """From the first piece to the last."""
        return Run(self.pieces[0].start, self.pieces[-1].end) if self.pieces else None


def lines(text: str) -> Callable[[int], int]:
    """Return what gives the number of the line, from 1, in which a place of this text stands.

    The text is read once, however often is asked.
    """
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    return partial(bisect_right, starts)


class Outline:
    """A text in pieces, with what has been understood of it so far."""

    def __init__(self, text: str) -> None:
        """Read the pieces."""
        self.text = text
        self.line = lines(text)
        """Return the number of the line, from 1, in which a place stands."""
        self.pieces = tuple(_pieces(text))
        self.sections = tuple(_sections(self.pieces))
        self._taken = bytearray(len(text))  # a sign for each of the text: quick, however much was understood

    def said(self, run: Run) -> str:
        """Return the words of a run."""
        return self.text[run.start : run.end]

    def take(self, *runs: Run | Piece | None) -> None:
        """Note that these places were understood."""
        for each in runs:
            if each and each.start < each.end:
                self._taken[each.start : each.end] = b"\1" * (each.end - each.start)

    def is_taken(self, run: Run) -> bool:
        """Say whether something of a run was understood."""
        return self._taken.find(1, run.start, run.end) >= 0

    def unread(self) -> tuple[Unread, ...]:
        """Return the sentences of which nothing was understood, with their lines."""
        left: list[Unread] = []
        for piece in self.pieces:
            whole = piece.form in (Form.HEADING, Form.GROUP) or len(piece.text) < 80
            for run in [piece.run] if whole else piece.sentences():
                if not self.is_taken(run) and any(sign.isalpha() for sign in self.said(run)):
                    left.append(Unread(self.line(run.start), " ".join(self.said(run).split())))
        return tuple(left)


def joined(runs: Iterable[Run]) -> Run:
    """Return the run from the first sign of all to the last."""
    every = sorted(runs)
    return Run(every[0].start, max(run.end for run in every))


def _pieces(text: str) -> Iterator[Piece]:
    block: list[tuple[int, int, str]] = []
    previous = -9
    gap = False
    for number, start, line in _lines(text):
        if block and _goes_on(block, line, number):
            block.append((number, start, line))
            continue
        if block:
            previous = block[-1][0]
            yield _piece(block, gap, (number - previous, line))
        block = [(number, start, line)]
        gap = number - previous > 1
    if block:
        yield _piece(block, gap, None)


def _lines(text: str) -> Iterator[tuple[int, int, str]]:
    """The lines with something in them: number, place and words."""
    at = 0
    for number, line in enumerate(text.split("\n"), 1):
        if not _EMPTY.match(line):
            yield number, at, line
        at += len(line) + 1


def _goes_on(block: Sequence[tuple[int, int, str]], line: str, number: int) -> bool:
    """A line that was broken off: the next begins small and is no item, or a bar announced more."""
    before = block[-1][2].rstrip()
    if _BULLET.match(line) or _NUMBER.match(line) or _HASHES.match(line) or _GROUP.match(line):
        return False
    if _GROUP.match(before) or _HASHES.match(before):
        return False
    if before.endswith("|"):
        return True
    small = line.strip()[:1].islower()
    wrapped = number - block[-1][0] == 1 and len(before) > 55 and len(before) < 120 and before[-1:] in ",;&"
    return (small and before[-1:] not in ".!?:;") or wrapped


def _piece(block: Sequence[tuple[int, int, str]], gap: bool, following: tuple[int, str] | None) -> Piece:
    number, at, line = block[0]
    bullet, counted, hashes = _BULLET.match(line), _NUMBER.match(line), _HASHES.match(line)
    marker = bullet or counted or hashes
    skip = marker.end() if marker else len(line) - len(line.lstrip())
    last = block[-1]
    start, end = at + skip, last[1] + len(last[2].rstrip())
    said = "\n".join([line, *(each[2] for each in block[1:])])[skip:]
    words = _between(block)[skip:].rstrip()
    form = Form.TEXT
    if _GROUP.match(line):
        form = Form.GROUP
    elif bullet:
        form = Form.BULLET
    elif counted:
        form = Form.NUMBER
    elif hashes or _is_heading(said, following, gap=gap):
        form = Form.HEADING
    indent = len(line) - len(line.lstrip())
    count = int(counted[2]) if counted else 0
    return Piece(form, start, end, words, number, last[0], indent, count, not gap)


def _between(block: Sequence[tuple[int, int, str]]) -> str:
    """The words of a block with as many signs between as the text has, so that offsets stay true."""
    out = block[0][2]
    for (_, start, line), (_, _, _) in zip(block[1:], block, strict=False):
        out += "\n" * (start - block[0][1] - len(out)) + line
    return out


def _is_heading(text: str, following: tuple[int, str] | None, *, gap: bool) -> bool:
    """Short, begins with a capital, does not end like a sentence, and has something under it."""
    said = text.strip()
    if len(said) > _LONGEST or _INSIDE.search(said) or "\n" in said:
        return False
    if said.isupper() and len(said) > 3:
        return True
    if said.endswith(":"):
        return len(said.split()) <= 6
    if said.endswith("?"):  # a question that stands alone over a text
        return gap and following is not None and following[0] > 1 and len(said.split()) <= 7
    if said[-1:] in ".!;,)" or said[-1:] in CLOSED or said[:1].islower():
        return False
    count = len(said.split())
    if following is None:
        return False
    if following[0] > 1 or _BULLET.match(following[1]) or _NUMBER.match(following[1]):
        return count <= 12
    return count <= 16 and not following[1].strip()[:1].islower()


def _sections(pieces: Sequence[Piece]) -> Iterator[Section]:
    heading: Piece | None = None
    below: list[Piece] = []
    for piece in pieces:
        if piece.form in (Form.HEADING, Form.GROUP):
            if heading or below:
                yield Section(heading, tuple(below))
            heading, below = piece, []
        else:
            below.append(piece)
    if heading or below:
        yield Section(heading, tuple(below))
