"""PDF/UA: tagged, with a title, a language and bookmarks, set by typst with the fonts that it brings."""

import json
import re
import unicodedata
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, Literal

from bot.document import Block, Bullets, Document, Picture, Quote, Section, Table
from handlers.documents.svg import as_svg

STANDARD: Literal["ua-1"] = "ua-1"
FONTS = ("Libertinus Serif", "DejaVu Sans Mono")
"""Both come with typst: the same document is the same file on every machine."""
MOST_ROUNDS = 4
PIXELS = 144.0
"""Dots to the inch of a picture."""
_UNSHOWN = re.compile(r"the text `\"(.+?)\"` could not be displayed", re.DOTALL)


def as_pdf(document: Document) -> bytes:
    """Return the file. Letters that typst's own fonts lack are set in a font of this machine; what no font has
    (PDF/UA allows no empty box) is written out by its name: `[seedling]`."""
    from typst import TypstError

    whole = json.dumps(_whole(document), ensure_ascii=False)
    try:
        return _made(whole, document, own_fonts=True)
    except TypstError as error:
        if not _UNSHOWN.search(error.diagnostic):
            raise
    for _ in range(MOST_ROUNDS):
        try:
            return _made(whole, document, own_fonts=False)
        except TypstError as error:
            unshown = "".join(_UNSHOWN.findall(error.diagnostic))
            missing = {c for c in unshown if c in whole and not c.isascii()}
            if not missing:
                raise
            names = {ord(c): f"[{unicodedata.name(c, f'U+{ord(c):04X}').casefold()}]" for c in missing}
            whole = whole.translate(names)
    return _made("".join(c if ord(c) < 0x250 else "?" for c in whole), document, own_fonts=True)


def _made(whole: str, document: Document, *, own_fonts: bool) -> bytes:
    import typst

    return typst.compile(
        _template(),
        format="pdf",
        ignore_system_fonts=own_fonts,
        pdf_standards=[STANDARD],
        timestamp=0,
        sys_inputs={"document": whole, "fonts": json.dumps(FONTS)},
    )


def as_png(picture: Picture) -> bytes:
    """Return a picture by itself, for where no other form of it is shown."""
    import typst

    sheet = b"#set page(width: auto, height: auto, margin: 10pt)\n#image(bytes(sys.inputs.svg), width: 17cm)\n"
    svg = as_svg(picture.drawing, picture.title, "", font=FONTS[0])
    return typst.compile(sheet, format="png", ppi=PIXELS, ignore_system_fonts=True, sys_inputs={"svg": svg})


@cache
def _template() -> bytes:
    return (Path(__file__).parent / "document.typ").read_bytes()


def _whole(document: Document) -> dict[str, Any]:
    """The document as data for the template."""
    return {
        "language": document.language,
        "title": document.title,
        "on": [document.on.year, document.on.month, document.on.day],
        "meta": [each for each in document.meta if each],
        "notice": document.notice,
        "labels": asdict(document.labels),
        "sections": [_section(section) for section in document.sections],
        "closing": [_block(block) for block in document.closing],
        "sources": [asdict(source) for source in document.sources],
        "last": document.last,
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "title": section.title,
        "blocks": [_block(block) for block in section.blocks],
        "sections": [_section(inner) for inner in section.sections],
    }


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Table):
        rows = [[{"line": [asdict(run) for run in cell]} for cell in row] for row in block.rows]
        return {"kind": "table", "caption": block.caption, "header": block.header, "rows": rows}
    if isinstance(block, Picture):
        said = "; ".join("".join(run.text for run in line) for line in block.lines)
        lines = [[asdict(run) for run in line] for line in block.lines]
        svg = as_svg(block.drawing, block.title, said, font=FONTS[0])
        return {"kind": "picture", "title": block.title, "alt": f"{block.title}: {said}", "svg": svg, "lines": lines}
    kind = "quote" if isinstance(block, Quote) else "bullets" if isinstance(block, Bullets) else "paragraph"
    return {"kind": kind, **asdict(block)}
