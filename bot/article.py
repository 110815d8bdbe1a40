"""The article about a work session: sentences that people wrote, cut from stored impressions, never typed anew."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Part(StrEnum):
    """Where a sentence stands in its group's section."""

    BODY = "body"
    QUOTE = "quote"
    QUESTION = "question"
    OFFER = "offer"


@dataclass(frozen=True)
class PublishedSentence:
    """A sentence of a published article, with what a weekly digest needs to place it.

    `text` is an exact run of a stored impression: show it whole or not at all. `themes` are theme ids,
    `topics` the names of the topics that the group talked about, in the order of the offer.
    """

    id: str
    article: str
    work_session: str
    group: str
    group_number: int
    part: Part
    text: str
    themes: tuple[str, ...]
    topics: tuple[str, ...]
    published_at: datetime
