"""A document apart from its form: the same words and the same sources, whether it becomes Markdown, HTML, Word or PDF.

What people typed is made harmless here, once, before any writer sees it (`tidied`).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from bot.drawing import Drawing, Label
from bot.privacy.cells import COMPUTED
from bot.steering import without_steering

DEEPEST = 6
"""Levels of headings that HTML, Word and PDF know; the title is the first."""
_ADDRESS = re.compile(r"(https?://|mailto:)[^\s<>\"'\\^`{|}]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Run:
    """Words in a line. `source` is the mark that follows them, 0 for none; `link` an address that they lead to."""

    text: str
    source: int = 0
    link: str = ""
    strong: bool = False


Line = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of prose; `soft` is said with less weight: dates, coverage, how it was made."""

    line: Line
    soft: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of somebody, set apart."""

    line: Line


@dataclass(frozen=True, slots=True)
class Bullets:
    """Lines of equal weight."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a header; `caption` says what it shows, for who reads it and for who hears it."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing with its name and lines that say all that it shows: what cannot show it says them, and so do all.

    `narrow` shows the same on a phone, where the letters of a wide drawing would be too small.
    """

    title: str
    lines: tuple[Line, ...]
    drawing: Drawing
    narrow: Drawing | None = None


Block = Paragraph | Quote | Bullets | Table | Picture


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it; sections in it are one level deeper, so that no level is skipped."""

    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple["Section", ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """To what a mark leads: in words, and to an address where there is one."""

    mark: int
    line: Line


@dataclass(frozen=True, slots=True)
class Labels:
    """The words of ours that a form needs around a document: to skip to the text, for a mark and for its anchor."""

    skip: str
    source: str
    anchor: str
    sources: str


@dataclass(frozen=True, slots=True)
class Document:
    """A title, lines about it, a notice that it is not final, sections, what is said at the end, and the sources.

    `language` is "nl" or "en"; `on` the day that it carries as a file, so that the same document is the same bytes.
    """

    language: str
    title: str
    labels: Labels
    on: date
    meta: tuple[str, ...] = ()
    notice: str = ""
    sections: tuple[Section, ...] = ()
    closing: tuple[Block, ...] = ()
    sources: tuple[Source, ...] = ()
    last: str = ""


def line(text: str, source: int = 0) -> Line:
    """Return a line of one run."""
    return (Run(text, source),)


def tidied(document: Document) -> Document:
    """Return the document with every text harmless: one line, nothing that steers, no address but of a page or mail.

    A cell that a spreadsheet would compute when a table is pasted there begins with an apostrophe, as is usual.
    """
    return replace(
        document,
        title=plain(document.title) or "-",
        meta=tuple(map(plain, document.meta)),
        notice=plain(document.notice),
        sections=tuple(map(_section, document.sections)),
        closing=tuple(map(_block, document.closing)),
        sources=tuple(replace(source, line=_line(source.line)) for source in document.sources),
        last=plain(document.last),
    )


def plain(text: str) -> str:
    """Return text on one line without what only steers: control characters, marks of direction, broken halves."""
    return " ".join(without_steering(" ".join(text.split())).split())


def address(link: str) -> str:
    """Return an address that may stand in a document, else nothing: only of web pages and of mail."""
    return link if _ADDRESS.fullmatch(link) else ""


def texts(document: Document) -> Iterator[str]:
    """Give every text of a document in the order in which it is read, marks as `[1]`: what every form has to say."""
    yield document.title
    yield from document.meta
    yield document.notice
    for section in document.sections:
        yield from _section_texts(section)
    for block in document.closing:
        yield from _block_texts(block)
    if document.sources:
        yield document.labels.sources
    for source in document.sources:
        yield f"[{source.mark}]"
        yield from _line_texts(source.line)
    yield document.last


def links(document: Document) -> list[str]:
    """Return every address to which the document leads, in order."""
    own = [run.link for run in runs(document) if run.link]
    return own + [run.link for source in document.sources for run in source.line if run.link]


def runs(document: Document) -> list[Run]:
    """Return all words that stand under headings, run by run in order; not those of the sources."""
    found: list[Run] = []

    def look(one: Line) -> Line:
        found.extend(one)
        return one

    for section in document.sections:
        _section(section, look)
    for block in document.closing:
        _block(block, look)
    return found


def _line(one: Line) -> Line:
    runs = [replace(run, text=_kept_edges(run.text), link=address(run.link)) for run in one]
    return tuple(run for run in runs if run.text or run.source)


def _kept_edges(text: str) -> str:
    """One line, with a blank where it began or ended with white space: runs of a line stand beside each other."""
    said = plain(text)
    if not said:
        return " " if text.isspace() else ""
    return f"{' ' if text[:1].isspace() else ''}{said}{' ' if text[-1:].isspace() else ''}"


def _section(section: Section, change: Callable[[Line], Line] = _line) -> Section:
    return Section(
        plain(section.title) or "-",
        tuple(_block(block, change) for block in section.blocks),
        tuple(_section(inner, change) for inner in section.sections),
    )


def _block(block: Block, change: Callable[[Line], Line] = _line) -> Block:
    if isinstance(block, Bullets):
        return Bullets(tuple(change(each) for each in block.lines))
    if isinstance(block, Table):
        rows = tuple(tuple(_guarded(change(cell)) for cell in row) for row in block.rows)
        header = tuple(_guarded((Run(plain(cell)),))[0].text for cell in block.header)
        return Table(plain(block.caption), header, rows)
    if isinstance(block, Picture):
        lines = tuple(change(each) for each in block.lines)
        narrow = _drawn(block.narrow) if block.narrow else None
        return Picture(plain(block.title), lines, _drawn(block.drawing), narrow)
    return replace(block, line=change(block.line))


def _drawn(drawing: Drawing) -> Drawing:
    shapes = (replace(one, text=plain(one.text)) if isinstance(one, Label) else one for one in drawing.shapes)
    return replace(drawing, shapes=tuple(shapes))


def _guarded(cell: Line) -> Line:
    """A cell begins with an apostrophe where a spreadsheet would compute it."""
    said = "".join(run.text for run in cell).lstrip()
    if not said.startswith(COMPUTED):
        return cell
    at = next(number for number, run in enumerate(cell) if run.text.strip())
    return (*cell[:at], replace(cell[at], text=f"'{cell[at].text.lstrip()}"), *cell[at + 1 :])


def _section_texts(section: Section) -> Iterator[str]:
    yield section.title
    for block in section.blocks:
        yield from _block_texts(block)
    for inner in section.sections:
        yield from _section_texts(inner)


def _block_texts(block: Block) -> Iterator[str]:
    if isinstance(block, Bullets):
        for each in block.lines:
            yield from _line_texts(each)
    elif isinstance(block, Table):
        yield block.caption
        yield from block.header
        for row in block.rows:
            for cell in row:
                yield from _line_texts(cell)
    elif isinstance(block, Picture):
        yield block.title
        for each in block.lines:
            yield from _line_texts(each)
    else:
        yield from _line_texts(block.line)


def _line_texts(one: Line) -> Iterator[str]:
    for run in one:
        yield run.text
        if run.source:
            yield f"[{run.source}]"
