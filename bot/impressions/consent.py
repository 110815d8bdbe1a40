"""Whose words a quote is, and what they allow: nobody else can say so, and they can take them back at any time."""

import hashlib
from collections.abc import Collection, Sequence
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


FEW_WORDS = 4
"""A quote of fewer words than these can stand in a sentence by chance."""
USE_OF = {Permission.NAMED: QuoteUse.NAMED, Permission.UNNAMED: QuoteUse.AGREED, Permission.NO: QuoteUse.KEPT}


@dataclass(frozen=True)
class Withdrawal:
    """A quote that was taken back.

    `version` is one that said it, and `mark` stands for its words (`taken_back_mark`). `places` are codes of where it
    stood. `also` are sentences of the version `also_in` in which the same words stand: part, start and end.
    """

    impression: str
    version: int
    by: str
    at: datetime
    mark: str
    places: tuple[str, ...]
    also: tuple[tuple[str, int, int], ...]
    also_in: int


@dataclass(frozen=True)
class Asked:
    """Somebody who was asked about the quote in a version, and what they answered, if they did."""

    user: str
    version: int
    by: str
    at: datetime
    answer: Permission | None = None


def mark_of(quote: str) -> str:
    """Return a short mark of exactly these words, for a button that answers for them and no others."""
    return hashlib.sha256(quote.encode()).hexdigest()[:16]


def taken_back_mark(quote: str) -> str:
    """Return a mark of words that were taken back, by which they are known when they come in again."""
    return mark_of(_bare(quote))


def without_taken_back(impression: Impression, marks: Collection[str]) -> Impression:
    """Return the impression without a quote whose words were taken back: a reply that is edited brings them again."""
    if not impression.contents.quote or taken_back_mark(impression.contents.quote) not in marks:
        return impression
    contents = replace(impression.contents, quote="")
    return replace(impression, contents=contents, quote_by="", quote_use=QuoteUse.KEPT)


def ask_speaker(impression: Impression, user: str, before: Sequence[Asked] = ()) -> Impression:
    """Say who is quoted: they are asked, and until they agree the quote stays in the group.

    `before` is who was asked about these very words already: after a no, nobody else can be made to say yes. Raises
    Refused.
    """
    if not impression.contents.quote.strip():
        raise Refused("impressions.consent.no_quote")
    if any(one.answer is Permission.NO for one in before):
        raise Refused("impressions.consent.said_no")
    return replace(impression, quote_by=user, quote_use=QuoteUse.ASKED)


def owns(impression: Impression, user: str, version: int, words: str, asked: Sequence[Asked]) -> bool:
    """Say whether the words of the quote in a version are this person's to take back.

    `words` are those of the version, `asked` is everybody who was asked about it. Whoever was named by mistake has no
    say over what somebody else said.
    """
    if words == impression.contents.quote and impression.quote_by:
        return impression.quote_by == user
    last = max((one for one in asked if one.version == version), key=lambda one: one.at, default=None)
    return last is not None and last.user == user


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

    White space and case count for nothing, nor do quotation marks and a full stop around the quote.
    """
    words = _bare(quote)
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


def says_again(contents: Contents, quote: str) -> list[tuple[str, int, int]]:
    """Return the sentences of the other parts that say a quote over again: part, start and end.

    Of a few words only those that say nothing else: "Ja" stands in many sentences that are nobody's quote.
    """
    found = stands_also(contents, quote)
    if len(_bare(quote).split()) >= FEW_WORDS:
        return found
    return [(part, s, e) for part, s, e in found if _bare(str(getattr(contents, part))[s:e]) == _bare(quote)]


def without(contents: Contents, places: tuple[tuple[str, int, int], ...]) -> Contents:
    """Return the parts without these sentences."""
    texts = {part: str(getattr(contents, part)) for part in PARTS}
    for part, start, end in sorted(places, key=lambda place: -place[1]):
        text = texts[part]
        texts[part] = f"{text[:start].rstrip()} {text[end:].lstrip()}".strip() if start else text[end:].lstrip()
    return Contents(**texts)


def _bare(quote: str) -> str:
    """The words without what stands around them."""
    return _folded(quote.strip("\"'“”‘’„«».!?… \n\t"))


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
