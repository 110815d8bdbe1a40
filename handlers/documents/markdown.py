"""Markdown: CommonMark in which what people typed shows literally, and marks lead to their sources."""

import re
from collections.abc import Iterator

from bot.document import DEEPEST, Block, Bullets, Document, Line, Paragraph, Picture, Quote, Section, Table

_MARKED = re.compile(r"([\\`*_\[\]<>&~|#$])")
_OPENS = re.compile(r"^([-+=:])")
_COUNTS = re.compile(r"^(\d{1,9})([.)])")
_BARE = re.compile(r"(https?:|www\.)(?=\S)", re.IGNORECASE)


def as_markdown(document: Document) -> str:
    """Return the document; tables are those of GitHub's Markdown, all else is CommonMark."""
    anchor = document.labels.anchor
    lines = [f"# {literal(document.title)}", ""]
    if document.notice:
        lines += [f"**{literal(document.notice)}**", ""]
    for each in document.meta:
        lines += [literal(each), ""]
    for section in document.sections:
        lines += _section(section, 2, anchor)
    for block in document.closing:
        lines += _block(block, anchor)
    if document.sources:
        lines += [f"## {literal(document.labels.sources)}", ""]
    for source in document.sources:
        lines += [f'{source.mark}. <a id="{anchor}-{source.mark}"></a>{_line(source.line, anchor)}']
    if document.sources:
        lines.append("")
    return "\n".join([*lines, literal(document.last), ""])


def literal(text: str, *, opens: bool = True) -> str:
    """Make text mean itself: no heading, list, link or HTML comes of what somebody typed. `opens` a line with it."""
    marked = _BARE.sub(lambda found: f"{found[0][:-1]}\\{found[0][-1]}", _MARKED.sub(r"\\\1", text))
    return _COUNTS.sub(r"\1\\\2", _OPENS.sub(r"\\\1", marked)) if opens else marked


def _section(section: Section, level: int, anchor: str) -> Iterator[str]:
    yield from (f"{'#' * min(level, DEEPEST)} {literal(section.title)}", "")
    for block in section.blocks:
        yield from _block(block, anchor)
    for inner in section.sections:
        yield from _section(inner, level + 1, anchor)


def _block(block: Block, anchor: str) -> Iterator[str]:
    if isinstance(block, Bullets):
        yield from (*(f"- {_line(one, anchor)}" for one in block.lines), "")
    elif isinstance(block, Table):
        yield from (f"**{literal(block.caption)}**", "")
        yield f"| {' | '.join(literal(cell) for cell in block.header)} |"
        yield f"|{' --- |' * len(block.header)}"
        for row in block.rows:
            yield f"| {' | '.join(_line(cell, anchor) for cell in row)} |"
        yield ""
    elif isinstance(block, Picture):
        yield from (f"**{literal(block.title)}**", "")
        yield from (*(f"- {_line(one, anchor)}" for one in block.lines), "")
    elif isinstance(block, Quote):
        yield from (f"> {_line(block.line, anchor)}", "")
    elif isinstance(block, Paragraph):
        yield from (_line(block.line, anchor), "")


def _line(line: Line, anchor: str) -> str:
    said = ""
    for run in line:
        text = literal(run.text, opens=not said)
        if run.link:
            text = f"[{text}](<{run.link}>)"
        elif run.strong and run.text.strip():
            text = f"**{text.strip()}**{' ' if run.text[-1:].isspace() else ''}"
        said += text
        if run.source:
            said += f" [\\[{run.source}\\]](#{anchor}-{run.source})"
    return said
