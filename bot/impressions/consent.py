"""Whose words a quote is, and what they allow: nobody else can say so, and they can take them back at any time."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.harvest import split
from bot.impressions.records import PARTS, Contents, Impression, QuoteUse
from bot.problem import Refused


class Permission(StrEnum):
    """The answer of whoever is quoted."""

    NAMED = "named"
    UNNAMED = "unnamed"
    NO = "no"


USE_OF = {Permission.NAMED: QuoteUse.NAMED, Permission.UNNAMED: QuoteUse.AGREED, Permission.NO: QuoteUse.KEPT}


@dataclass(frozen=True)
class Withdrawal:
    """A quote that was taken back.

    `places` are codes of where it stood. `also` are sentences of the version `version` in which the same words stand:
    part, start and end.
    """

    impression: str
    version: int
    by: str
    at: datetime
    places: tuple[str, ...]
    also: tuple[tuple[str, int, int], ...]


def mark_of(quote: str) -> str:
    """Return a short mark of exactly these words, for a button that answers for them and no others."""
    return hashlib.sha256(quote.encode()).hexdigest()[:16]


def ask_speaker(impression: Impression, user: str) -> Impression:
    """Say who is quoted: they are asked, and until they agree the quote stays in the group."""
    if not impression.contents.quote.strip():
        raise Refused("impressions.consent.no_quote")
    return replace(impression, quote_by=user, quote_use=QuoteUse.ASKED)


def keep_in_group(impression: Impression) -> Impression:
    """Let the quote be read in the group only. Whoever was asked about it still decides over their own words."""
    if not impression.contents.quote.strip():
        raise Refused("impressions.consent.no_quote")
    return replace(impression, quote_use=QuoteUse.KEPT)


def answer(impression: Impression, user: str, mark: str, permission: Permission) -> Impression:
    """Write what whoever is quoted allows. Raises Refused for anybody else, and for other words than these."""
    if user != impression.quote_by:
        raise Refused("impressions.consent.not_yours")
    if mark != mark_of(impression.contents.quote):
        raise Refused("impressions.consent.other_words")
    return replace(impression, quote_use=USE_OF[permission])


def stands_also(contents: Contents, quote: str) -> list[tuple[str, int, int]]:
    """Return the sentences of the other parts in which the words of a quote stand: part, start and end.

    White space and case count for nothing, nor do quotation marks around the quote.
    """
    words = _folded(quote.strip("\"'“”‘’„«» \n\t"))
    if not words:
        return []
    found = []
    for part in (name for name in PARTS if name != "quote"):
        text = str(getattr(contents, part))
        spans = split(text)
        hit = [span for span in spans if words in _folded(text[span.start : span.end])]
        if not hit and words in _folded(text):  # words of several sentences
            hit = [span for span in spans if _folded(text[span.start : span.end]).rstrip(".!?") in words] or spans
        found += [(part, span.start, span.end) for span in hit]
    return found


def without(contents: Contents, places: tuple[tuple[str, int, int], ...]) -> Contents:
    """Return the parts without these sentences."""
    texts = {part: str(getattr(contents, part)) for part in PARTS}
    for part, start, end in sorted(places, key=lambda place: -place[1]):
        text = texts[part]
        texts[part] = f"{text[:start].rstrip()} {text[end:].lstrip()}".strip() if start else text[end:].lstrip()
    return Contents(**texts)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
