"""What is known of a file in Slack, and which files are kept: their kind, their size, and how many a group has."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.problem import Problem

MEGABYTE = 1024 * 1024
MOST_BYTES = 25 * MEGABYTE
"""What a file that is kept as a reference may weigh."""
MOST_IN_GROUP = 20
"""So many files a group keeps, and as many the session itself."""
LONGEST_NAME = 80
"""Characters of a name that are kept, its ending included."""
_LONGEST_ENDING = 10


class Kind(StrEnum):
    """What a file is for who reads an article. The text of the first two can be read as an impression."""

    TEXT = "text"
    WORD = "word"
    DOCUMENT = "document"
    PICTURE = "picture"
    PDF = "pdf"
    SLIDES = "slides"
    SHEET = "sheet"
    CALENDAR = "calendar"


ENDINGS: Mapping[Kind, tuple[str, ...]] = {
    Kind.TEXT: ("txt", "md", "markdown", "text"),
    Kind.WORD: ("docx",),
    Kind.DOCUMENT: ("doc", "odt", "rtf", "pages"),
    Kind.PICTURE: ("png", "jpg", "jpeg", "heic", "heif", "webp", "gif"),
    Kind.PDF: ("pdf",),
    Kind.SLIDES: ("ppt", "pptx", "odp", "key"),
    Kind.SHEET: ("xls", "xlsx", "ods", "csv", "numbers"),
    Kind.CALENDAR: ("ics",),
}
"""How the names end of what is kept. Programs, web pages, drawings that can hold a program, packed files, sound and
film are not: they do something when they are opened, hide what is in them, or are people's voices and faces."""
_KIND_OF = {ending: kind for kind, endings in ENDINGS.items() for ending in endings}


class State(StrEnum):
    """What became of a file.

    `asked`: its sender is asked for which group it is. `waiting`: its text is still to be read. `read`: its text is an
    impression. `kept`: it is an attachment. `declined`: not kept, by its sender's wish or because it may not be.
    `gone`: deleted in Slack. Of the last two nothing is known but that they were there.
    """

    ASKED = "asked"
    WAITING = "waiting"
    READ = "read"
    KEPT = "kept"
    DECLINED = "declined"
    GONE = "gone"


@dataclass(frozen=True)
class Attachment:
    """A file in Slack that was dropped for a session, without its bytes.

    `file` is Slack's id, `channel` and `ts` the message it came with, `size` in bytes. `left_out` says that the
    coordinator does not want it with the article. `attempts` counts how often its text was fetched, `try_at` is when
    to try again. `impression` is what its text became.
    """

    id: str
    team: str
    file: str
    state: State
    channel: str
    ts: str
    added_by: str
    added_at: datetime
    work_session: str | None = None
    group: str | None = None
    name: str = ""
    kind: Kind | None = None
    size: int = 0
    permalink: str = ""
    left_out: bool = False
    attempts: int = 0
    try_at: datetime | None = None
    impression: str | None = None

    def without_words(self, state: State) -> "Attachment":
        """Return the file in another state, in which nothing of it is kept but that it was there."""
        return replace(self, state=state, name="", kind=None, size=0, permalink="", left_out=False, try_at=None)


def kind_of(name: str, filetype: str = "") -> Kind | None:
    """Return what a file is, by how its name ends, or by Slack's word for it when it has no ending; None: not kept."""
    _, dot, ending = name.rpartition(".")
    return _KIND_OF.get((ending if dot else filetype).strip().lower())


def most_to_read(kind: Kind | None) -> int:
    """Return how many bytes of a file are fetched to read its text: 1 MB of text, 5 MB of Word."""
    return (1 if kind is Kind.TEXT else 5) * MEGABYTE


def keep_or_refuse(kind: Kind | None, size: int, kept: int) -> Problem | None:
    """Say why a file is not kept as an attachment; `kept` counts those that its group has. None: it is kept."""
    if kind is None:
        return Problem("file", "attachments.refused.kind")
    if size <= 0:
        return Problem("file", "attachments.refused.empty")
    if size > MOST_BYTES:
        return Problem("file", "attachments.refused.size", {"most": MOST_BYTES // MEGABYTE})
    if kept >= MOST_IN_GROUP:
        return Problem("file", "attachments.refused.many", {"most": MOST_IN_GROUP})
    return None


def is_listed(attachment: Attachment, published_at: datetime | None) -> bool:
    """Say whether an article names this file: what came after publication nobody has looked at."""
    in_time = published_at is None or attachment.added_at <= published_at
    return attachment.state is State.KEPT and not attachment.left_out and in_time


def clean_name(name: str) -> str:
    """Return a file's name for a screen: on one line, without what turns or hides text, and not too long.

    >>> clean_name("verslag\\u202excod.exe")
    'verslagxcod.exe'
    """
    steered = "".join(" " if c.isspace() else c for c in unicodedata.normalize("NFC", name))
    shown = "".join(c for c in steered if c == " " or unicodedata.category(c)[0] not in "CZ")
    text = " ".join(shown.replace("/", "_").replace("\\", "_").split())
    if len(text) <= LONGEST_NAME:
        return text or "-"
    stem, dot, ending = text.rpartition(".")
    tail = f"…{dot}{ending}" if dot and len(ending) <= _LONGEST_ENDING else "…"
    return (stem if len(tail) > 1 else text)[: LONGEST_NAME - len(tail)].rstrip() + tail
