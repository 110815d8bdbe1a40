"""Word: built from a template with real styles, so that an organisation can bring its own house style.

With python-docx, which reads attachments already, and no template language: a file that somebody hands in as template
gives its looks and cannot run anything.
"""

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from docx import Document as open_word
from docx.document import Document as WordFile
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu
from docx.text.paragraph import Paragraph as WordParagraph

from bot.document import DEEPEST, Block, Bullets, Document, Line, Picture, Quote, Section, Table
from handlers.documents.forms import BadTemplate, installed

PLACE = "{oogst}"
"""A paragraph with this text is where the document goes in a template; without one it replaces the whole text."""
TITLE = "{titel}"
"""Stands in the header or footer of a template where the title goes."""
LANGUAGES = {"nl": "nl-NL", "en": "en-GB"}
SHIPPED = Path(__file__).parent / "oogst.docx"
LETTER, EDGES = Cm(0.25), Cm(0.55)
"""How wide a bold letter of running text is taken to be, and what the edges of a cell take."""
LONGEST_TITLE = 255
"""Characters that Word keeps of a title among the properties of a file; on the page it stands whole."""


def as_word(document: Document, template: bytes | None = None) -> bytes:
    """Return a .docx in the styles of a template, ours when none is given. Raises BadTemplate."""
    try:
        made = open_word(io.BytesIO(template if template is not None else SHIPPED.read_bytes()))
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise BadTemplate(str(error)) from error
    _Writer(made, document).write()
    out = io.BytesIO()
    made.save(out)
    return _dateless(out.getvalue())


class _Writer:
    """Puts a document into an opened template, paragraph by paragraph."""

    def __init__(self, made: WordFile, document: Document) -> None:
        self.made, self.document = made, document
        self.styles = {style.name: style for style in made.styles}
        self._bookmarks = 0
        self._add = self._place()

    def write(self) -> None:
        document = self.document
        self._properties()
        if document.notice:
            self._paragraph("Intense Quote").add_run(document.notice)
        self._paragraph("Title").add_run(document.title)
        for each in document.meta:
            self._paragraph("Subtitle").add_run(each)
        for section in document.sections:
            self._section(section, 1)
        for block in document.closing:
            self._block(block)
        if document.sources:
            self._paragraph("Heading 1").add_run(document.labels.sources)
        for source in document.sources:
            paragraph = self._paragraph("Source")
            self._bookmarked(paragraph, f"{document.labels.anchor}_{source.mark}", f"[{source.mark}]")
            paragraph.add_run(" ")
            self._line(paragraph, source.line)
        if document.last:
            self._paragraph("Soft").add_run(document.last)
        if self._placeholder is not None:
            self._placeholder.getparent().remove(self._placeholder)

    def _place(self) -> Callable[[Any], None]:
        """Find where the text goes, and return how to put an element there."""
        self._placeholder: Any = next((p._p for p in self.made.paragraphs if p.text.strip() == PLACE), None)
        body: Any = self.made.element.body
        if self._placeholder is not None:
            found: Callable[[Any], None] = self._placeholder.addprevious
            return found
        for child in list(body):
            if child.tag != qn("w:sectPr"):
                body.remove(child)
        last = body.find(qn("w:sectPr"))
        at_end: Callable[[Any], None] = last.addprevious if last is not None else body.append
        return at_end

    def _properties(self) -> None:
        document, core = self.document, self.made.core_properties
        core.title, core.author, core.language = document.title[:LONGEST_TITLE], "Oogst", LANGUAGES[document.language]
        core.subject, core.comments, core.keywords = "", "", ""
        core.last_modified_by, core.revision = "Oogst", 1
        core.created = core.modified = datetime(document.on.year, document.on.month, document.on.day, tzinfo=UTC)
        for language in self.made.styles.element.iter(qn("w:lang")):
            language.set(qn("w:val"), LANGUAGES[document.language])
        for section in self.made.sections:
            for part in (section.header, section.footer):
                for paragraph in part.paragraphs:
                    for run in paragraph.runs:
                        if TITLE in run.text:
                            run.text = run.text.replace(TITLE, document.title)

    def _paragraph(self, style: str) -> WordParagraph:
        element = OxmlElement("w:p")
        self._add(element)
        paragraph = WordParagraph(element, self.made._body)
        if style in self.styles:
            paragraph.style = self.styles[style]
        return paragraph

    def _section(self, section: Section, level: int) -> None:
        self._paragraph(f"Heading {min(level, DEEPEST - 1)}").add_run(section.title)
        for block in section.blocks:
            self._block(block)
        for inner in section.sections:
            self._section(inner, level + 1)

    def _block(self, block: Block) -> None:
        if isinstance(block, Bullets):
            for each in block.lines:
                self._line(self._paragraph("List Bullet"), each)
        elif isinstance(block, Table):
            self._table(block)
        elif isinstance(block, Picture):
            self._picture(block)
        elif isinstance(block, Quote):
            self._line(self._paragraph("Quote"), block.line)
        else:
            self._line(self._paragraph("Soft" if block.soft else "Normal"), block.line)

    def _line(self, paragraph: WordParagraph, line: Line) -> None:
        for run in line:
            if run.link:
                self._hyperlink(paragraph, run.text, address=run.link)
            else:
                paragraph.add_run(run.text).bold = run.strong or None
            if run.source:
                self._hyperlink(paragraph, f"[{run.source}]", anchor=f"{self.document.labels.anchor}_{run.source}")

    def _hyperlink(self, paragraph: WordParagraph, text: str, *, address: str = "", anchor: str = "") -> None:
        element = OxmlElement("w:hyperlink")
        if address:
            element.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
        else:
            element.set(qn("w:anchor"), anchor)
            element.set(qn("w:tooltip"), f"{self.document.labels.source} {text.strip('[]')}")
        element.set(qn("w:history"), "1")
        run = paragraph.add_run(text)
        style = "Hyperlink" if address else "Mark"
        if style in self.styles:
            run.style = self.styles[style]
        element.append(run._r)
        paragraph._p.append(element)

    def _bookmarked(self, paragraph: WordParagraph, name: str, text: str) -> None:
        self._bookmarks += 1
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        for element in (start, end):
            element.set(qn("w:id"), str(1000 + self._bookmarks))
        start.set(qn("w:name"), name)
        paragraph._p.append(start)
        paragraph.add_run(text)
        paragraph._p.append(end)

    def _picture(self, picture: Picture) -> None:
        """The drawing where it can be made here, and its words in any case."""
        self._paragraph("Caption").add_run(picture.title)
        if installed("pdf"):
            from handlers.documents.pdf import as_png

            shown = self._paragraph("Normal").add_run().add_picture(io.BytesIO(as_png(picture)), width=Cm(16))
            said = "; ".join("".join(run.text for run in line) for line in picture.lines)
            shown._inline.docPr.set("descr", f"{picture.title}: {said}")
        for each in picture.lines:
            self._line(self._paragraph("List Bullet"), each)

    def _table(self, table: Table) -> None:
        self._paragraph("Caption").add_run(table.caption)
        made = self.made.add_table(rows=1, cols=len(table.header))
        self._add(made._tbl)
        if "Table Grid" in self.styles:
            made.style = self.styles["Table Grid"]
        told = OxmlElement("w:tblDescription")
        told.set(qn("w:val"), table.caption)
        made._tbl.tblPr.append(told)
        repeated = OxmlElement("w:tblHeader")
        made.rows[0]._tr.get_or_add_trPr().append(repeated)
        for cell, text in zip(made.rows[0].cells, table.header, strict=True):
            cell.paragraphs[0].add_run(text).bold = True
        for row in table.rows:
            added = made.add_row()
            added._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
            for cell, line in zip(added.cells, row, strict=True):
                self._line(cell.paragraphs[0], line)
        wide = widths(table, int(self.made._block_width))
        for column, width in zip(made.columns, wide, strict=True):
            column.width = Emu(width)
        for made_row in made.rows:
            for cell, width in zip(made_row.cells, wide, strict=True):
                cell.width = Emu(width)
        self._paragraph("Normal")


def widths(table: Table, room: int) -> list[int]:
    """Share `room` among the columns: each takes its longest word, and what is left goes to who has most to say."""
    columns = [
        [
            head,
            *(
                "".join(f"{run.text}[{run.source}]" if run.source else run.text for run in row[at])
                for row in table.rows
            ),
        ]
        for at, head in enumerate(table.header)
    ]
    needed = [LETTER * max((len(word) for said in column for word in said.split()), default=1) + EDGES
              for column in columns]  # fmt: skip
    if sum(needed) >= room:
        return [room * each // sum(needed) for each in needed]
    wanted = [LETTER * max(map(len, column)) + EDGES - least for column, least in zip(columns, needed, strict=True)]
    wanted = [max(each, 0) for each in wanted]
    left = room - sum(needed)
    if not any(wanted):
        wanted = needed
    return [least + left * more // sum(wanted) for least, more in zip(needed, wanted, strict=True)]


def _dateless(data: bytes) -> bytes:
    """A zip writes the time of each part; without it the same document is the same file."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            part = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            part.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(part, old.read(name))
    return out.getvalue()
