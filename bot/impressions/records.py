"""What a group hands in after its talk, in its own words, and by which way it came in."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

LONGEST = 3000
"""Characters in one part: what a field of a form takes."""
PARTS = ("takeaway", "easy", "hard", "conclusion", "quote", "question", "example", "obstacle", "offer")
"""The parts of an impression, in the order in which they are read; only the first is required."""


class Source(StrEnum):
    """By which way an impression came in."""

    FORM = "form"
    MESSAGE = "message"
    REPLY = "reply"
    DIRECT = "direct"
    FILE = "file"
    MATERIAL = "material"


class QuoteUse(StrEnum):
    """What may be done with a quote.

    `open`: it may be used, without a name. `asked`: whoever said it was asked and did not answer yet. `agreed`: they
    said yes, `named`: with their name as well. `kept`: it stays in the group, because they said no or because it was
    handed in so.
    """

    OPEN = "open"
    ASKED = "asked"
    AGREED = "agreed"
    NAMED = "named"
    KEPT = "kept"

    @property
    def may_be_published(self) -> bool:
        """Whether the quote may be read outside its group."""
        return self in (QuoteUse.OPEN, QuoteUse.AGREED, QuoteUse.NAMED)


@dataclass(frozen=True)
class Contents:
    """The parts, exactly as typed; a part that was left open is empty."""

    takeaway: str
    quote: str = ""
    question: str = ""
    offer: str = ""
    easy: str = ""
    hard: str = ""
    conclusion: str = ""
    example: str = ""
    obstacle: str = ""


@dataclass(frozen=True)
class Impression:
    """What one group handed in. `version` counts its changes from 1; a withdrawn one has no words left.

    `quote_by` is the user id of who said the quote, empty where nobody was named. `changed_by` is who wrote this
    version, empty where that is the author.
    """

    id: str
    team: str
    work_session: str
    group: str
    source: Source
    author: str
    contents: Contents
    created_at: datetime
    updated_at: datetime
    version: int = 1
    withdrawn_at: datetime | None = None
    channel: str | None = None
    ts: str | None = None
    follows_message: bool = False
    quote_by: str = ""
    quote_use: QuoteUse = QuoteUse.OPEN
    changed_by: str = ""

    def text(self, part: str) -> str:
        """Return the stored words of one of PARTS; the offsets of an article count in these."""
        return str(getattr(self.contents, part))


@dataclass(frozen=True)
class Version:
    """What an impression said in one version, who wrote it and when."""

    number: int
    contents: Contents
    by: str
    at: datetime


@dataclass(frozen=True)
class Heard:
    """What is known of a message in Slack, without its words: its newest edit, and whether it is gone.

    It outlives the message, so that a late "created" after an edit or a deletion changes nothing. `declined` says
    that its writer does not want it kept.
    """

    edited: str = ""
    gone: bool = False
    declined: bool = False
