"""The text of a file, in exactly its own words: plain text in the usual encodings, and Word.

What a file is called proves nothing: it is known by its first bytes. A Word file is a packed folder of XML, so what it
would unpack to is looked at before anything is unpacked.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from typing import Any

from bot.encoding import NotReadable, decode

MOST_PARTS = 2_000
MOST_UNPACKED = 40 * 1024 * 1024
"""Bytes of a Word file in all its parts together: eight times what may be sent."""
MOST_PRESSED = 500
"""So many times smaller a large part may be packed: XML in Word files is 2 to 30 times smaller (measured)."""
_LARGE = 1024 * 1024
_CONTENT_TYPES = "[Content_Types].xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_AROUND_CELLS = tuple(f"{_W}{name}" for name in ("tr", "sdt", "sdtContent", "ins", "customXml"))
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_DECLARED = re.compile(rb"<\x00?!\x00?(?:D\x00?O\x00?C\x00?T\x00?Y\x00?P\x00?E|E\x00?N\x00?T\x00?I\x00?T\x00?Y)", re.I)


class Unreadable(ValueError):
    """A file whose text cannot be read; `reason` is a word for why, of `REASONS`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


REASONS = ("locked", "old_word", "macros", "pdf", "odt", "rtf", "not_text", "damaged", "unsafe", "slow")


class LeftOut(StrEnum):
    """What a Word file says in places that are not read."""

    TEXT_BOX = "text_box"
    NOTE = "note"


@dataclass(frozen=True)
class Document:
    """The text of a file, its lines apart by "\\n"; and where in the file there is text that is not in it."""

    text: str
    left_out: frozenset[LeftOut] = frozenset()


def looks_zipped(data: bytes) -> bool:
    """Say whether a file has to be unpacked to be read, which is better done in a process of its own."""
    return data[:4] == b"PK\x03\x04"


def read_document(data: bytes) -> Document:
    """Return the text of a text or Word file. Raises Unreadable for anything else.

    What python-docx cannot open because it is damaged in an unforeseen way raises what it raises there.
    """
    if looks_zipped(data):
        return _unpacked(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise Unreadable("locked" if "EncryptedPackage".encode("utf-16-le") in data else "old_word")
    for start, reason in ((b"%PDF-", "pdf"), (b"{\\rtf", "rtf")):
        if data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(start):
            raise Unreadable(reason)
    return Document(_plain(data))


def _plain(data: bytes) -> str:
    try:
        text = decode(data)
    except NotReadable:
        raise Unreadable("not_text") from None
    if _CONTROL.search(text):
        raise Unreadable("not_text")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


# Word


def _unpacked(data: bytes) -> Document:
    try:
        with zipfile.ZipFile(BytesIO(data)) as folder:
            _refuse_unsafe(folder)
            _refuse_others(folder)
            _refuse_declared(folder)
        return _word(data)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, SyntaxError) as error:
        raise Unreadable("damaged") from error


def _refuse_unsafe(folder: zipfile.ZipFile) -> None:
    """Read the list of parts only: a small file that unpacks to a large one is made to do harm."""
    parts = folder.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable("locked")
    if len(parts) > MOST_PARTS or len({part.filename for part in parts}) != len(parts):
        raise Unreadable("unsafe")
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unreadable("unsafe")
    if any(part.file_size > _LARGE and part.file_size > MOST_PRESSED * max(part.compress_size, 1) for part in parts):
        raise Unreadable("unsafe")


def _refuse_others(folder: zipfile.ZipFile) -> None:
    names = folder.namelist()
    if "mimetype" in names and b"opendocument" in folder.read("mimetype")[:100]:
        raise Unreadable("odt")
    kinds = folder.read(_CONTENT_TYPES) if _CONTENT_TYPES in names else b""
    if b"macroEnabled" in kinds:
        raise Unreadable("macros")
    if b"wordprocessingml.document.main+xml" not in kinds:
        raise Unreadable("not_text")


def _refuse_declared(folder: zipfile.ZipFile) -> None:
    """No Word file declares entities of its own: they are how a few lines of XML come to fill a memory."""
    for part in folder.infolist():
        if part.filename.lower().endswith((".xml", ".rels")) and _DECLARED.search(folder.read(part)):
            raise Unreadable("unsafe")


def _word(data: bytes) -> Document:
    from docx import Document as open_word  # 0.1 s to import, and not needed where nobody sends Word
    from docx.opc.exceptions import PackageNotFoundError

    try:
        body: Any = open_word(BytesIO(data)).element.body
    except (PackageNotFoundError, ValueError, AttributeError) as error:
        raise Unreadable("damaged") from error
    reading = _Reading()
    lines = list(reading.lines(body))
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip("\n")
    return Document(text, frozenset(reading.left_out))


class _Reading:
    """Walks through the body of a Word file as one reads it: paragraphs, and the cells of tables row by row.

    python-docx's own `paragraphs` leaves out content controls (in which templates have their fields), tables, and
    what was inserted while changes are tracked.
    """

    def __init__(self) -> None:
        self.left_out: set[LeftOut] = set()

    def lines(self, place: Any) -> Iterator[str]:
        """Give the paragraphs in a place; an empty line stands behind a table."""
        for child in place.iterchildren():
            if child.tag == f"{_W}p":
                yield from self._text(child).split("\n")
            elif child.tag == f"{_W}tbl":
                for cell in self._cells(child):
                    yield from self.lines(cell)
                yield ""
            elif child.tag == f"{_W}sdt":
                if not _is_prompt(child):
                    for content in child.iterchildren(f"{_W}sdtContent"):
                        yield from self.lines(content)
            elif child.tag in (f"{_W}ins", f"{_W}moveTo", f"{_W}customXml", f"{_W}smartTag"):
                yield from self.lines(child)

    def _cells(self, table: Any) -> Iterator[Any]:
        """Cells that are joined downwards count once: Word keeps the lower ones, empty."""
        for child in table.iterchildren():
            if child.tag == f"{_W}tc":
                yield child
            elif child.tag in _AROUND_CELLS and not _is_prompt(child):
                yield from self._cells(child)

    def _text(self, place: Any) -> str:
        return "".join(self._pieces(place))

    def _pieces(self, place: Any) -> Iterator[str]:
        for child in place.iterchildren():
            tag = child.tag
            if tag == f"{_W}t":
                yield child.text or ""
            elif tag in (f"{_W}tab", f"{_W}ptab"):
                yield "\t"
            elif tag in (f"{_W}br", f"{_W}cr"):
                yield "\n"
            elif tag == f"{_W}noBreakHyphen":
                yield "-"
            elif tag == f"{_W}txbxContent":
                if any((each.text or "").strip() for each in child.iter(f"{_W}t")):
                    self.left_out.add(LeftOut.TEXT_BOX)
            elif tag in (f"{_W}footnoteReference", f"{_W}endnoteReference"):
                self.left_out.add(LeftOut.NOTE)
            elif tag in (f"{_W}del", f"{_W}moveFrom", f"{_W}pPr", f"{_W}rPr", f"{_W}sdtPr", _FALLBACK):
                continue  # struck out, how it looks, or the same once more for older programs
            elif (tag == f"{_W}r" and _is_hidden(child)) or (tag == f"{_W}sdt" and _is_prompt(child)):
                continue
            elif isinstance(tag, str):
                yield from self._pieces(child)


def _is_prompt(control: Any) -> bool:
    """Whether nobody filled in this field: it shows Word's own "click to type"."""
    return control.find(f"{_W}sdtPr/{_W}showingPlcHdr") is not None


def _is_hidden(run: Any) -> bool:
    mark = run.find(f"{_W}rPr/{_W}vanish")
    return mark is not None and mark.get(f"{_W}val") not in ("0", "false", "off")
