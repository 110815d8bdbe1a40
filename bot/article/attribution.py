"""What may be said of where a sentence comes from, so that it points to a group and never to one person."""

from dataclasses import dataclass
from datetime import date

from bot.article.records import PublishedSentence

FEWEST_SPEAKERS = 5
"""People in a group below which neither its number nor its regions are named, unless everybody agreed."""
MOST_REGIONS = 3
"""Regions named with one sentence."""


@dataclass(frozen=True)
class Attribution:
    """Where a sentence comes from, as far as it may be told. `group_number` is None and `regions` is empty where that
    would point to one person; day and session are always told."""

    session_title: str
    on: date | None
    group_number: int | None
    regions: tuple[str, ...]


def attributed(sentence: PublishedSentence) -> Attribution:
    """Say where a sentence comes from: a small group is only named when each of its people said yes to its words.

    A region is named where the group is large enough, or agreed, and only when it speaks for at most three regions:
    of more the session says enough.
    """
    named = sentence.agreed or sentence.speakers >= FEWEST_SPEAKERS
    regions = sentence.regions if named and len(sentence.regions) <= MOST_REGIONS else ()
    return Attribution(sentence.session_title, sentence.on, sentence.group_number if named else None, regions)
