"""A document as Slack messages: the same words, marks and links as in a file, in blocks that fit."""

from collections.abc import Iterator

from slack_sdk.models.blocks import Block

from bot.document import Block as DocumentBlock
from bot.document import Bullets, Document, Line, Picture, Quote, Section, Table, tidied
from handlers.views.frame import context, divider, escaped, header
from handlers.views.pages import paragraphs, pieces


def heading(document: Document) -> list[Block]:
    """The title and what stands below it."""
    found = tidied(document)
    blocks: list[Block] = [header(found.title)]
    if found.meta:
        blocks.append(context(" · ".join(map(escaped, found.meta))))
    return blocks


def body(document: Document) -> list[Block]:
    """Everything else, in order. A table becomes lines: Slack takes one table in a message, and none on a Home."""
    found = tidied(document)
    blocks: list[Block] = []
    for section in found.sections:
        blocks += paragraphs("\n".join(_section(section)))
    for block in found.closing:
        blocks += [context(piece) for piece in pieces("\n".join(_block(block)))]
    if found.sources:
        lines = [f"*{escaped(found.labels.sources)}*"]
        lines += [f"[{source.mark}] {_line(source.line)}" for source in found.sources]
        blocks += [divider(), *(context(piece) for piece in pieces("\n".join(lines)))]
    return [*blocks, *(context(piece) for piece in pieces(escaped(found.last)))]


def _section(section: Section, deep: bool = False) -> Iterator[str]:
    yield f"_{escaped(section.title)}_" if deep else f"*{escaped(section.title)}*"
    for block in section.blocks:
        yield from _block(block)
    for inner in section.sections:
        yield from _section(inner, deep=True)


def _block(block: DocumentBlock) -> Iterator[str]:
    if isinstance(block, Bullets):
        yield from (f"• {_line(one)}" for one in block.lines)
    elif isinstance(block, Table):
        yield f"_{escaped(block.caption)}_"
        for row in block.rows:
            cells = zip(block.header, row, strict=True)
            yield "• " + " · ".join(f"{escaped(name)}: {_line(cell)}" for name, cell in cells)
    elif isinstance(block, Picture):
        yield f"_{escaped(block.title)}_"
        yield from (f"• {_line(one)}" for one in block.lines)
    else:
        yield f"> {_line(block.line)}" if isinstance(block, Quote) else _line(block.line)


def _line(line: Line) -> str:
    said = ""
    for run in line:
        text = escaped(run.text)
        if run.link:
            text = f"<{run.link.replace('|', '%7C')}|{text}>"
        elif run.strong and run.text.strip():
            text = f"*{text.strip()}* "
        said += text
        if run.source:
            said += f" [{run.source}]"
    return said
