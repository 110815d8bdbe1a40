"""Text from files that were saved in many ways: decoding, undoing a wrong encoding, and lost accents on a screen."""

import re
import unicodedata

_WRONG = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]{1,3}"
)
_LOST_ACCENT = re.compile(r"([aeiouAEIOU])\?(?=[a-z])")
_ADDRESS = re.compile(r"(\S*[/=@]\S*)")

_OTHERS = (b"PK\x03\x04", b"%PDF-", b"{\\rtf")
"""With what a Word file, a PDF and a rich text begin, also one that was cut off before its first zero."""
_PAGES = ("<!doctype html", "<html", "<?xml")
"""With what a web page begins: most of it is for a browser, and not what somebody wrote."""


class NotReadable(ValueError):
    """A file without text: binary, or empty."""


def decode(data: bytes) -> str:
    """Return the text of a file: UTF-8, UTF-16 with its mark, or Windows-1252. Raises NotReadable for anything else."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings: tuple[str, ...] = ("utf-16",)
    elif b"\x00" in data or data.startswith(_OTHERS):
        raise NotReadable("this is not a text file")
    else:
        encodings = ("utf-8-sig", "cp1252", "latin-1")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotReadable("this is not a text file")


def is_page(text: str) -> bool:
    """Say whether this is the source of a web page."""
    return text.lstrip()[:20].casefold().startswith(_PAGES)


def repaired(text: str) -> str:
    """Return the text with UTF-8 that was read as Windows-1252 ('Ã©') undone, accents composed, and lines kept."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _WRONG.sub(lambda found: _undone(found.group()), plain))


def _undone(run: str) -> str:
    try:
        raw = b"".join(c.encode("latin-1") if ord(c) < 256 else c.encode("cp1252") for c in run)
        return raw.decode("utf-8")
    except UnicodeError:
        return run


def shown(text: str) -> str:
    """Return text for a screen, with lost accents put back: 'e?e?n' is 'één'. What is stored keeps the question marks.

    >>> shown("me?t ouders? 2007 - ?")
    'mét ouders? 2007 - ?'
    """
    pieces = _ADDRESS.split(text)  # every second one is an address, where a question mark means something
    pieces[::2] = [_LOST_ACCENT.sub(_acute, piece) for piece in pieces[::2]]
    return "".join(pieces)


def _acute(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", found[1] + "\u0301")
