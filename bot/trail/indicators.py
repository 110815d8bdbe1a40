"""Indicators: what was aimed at and reached, year after year. They are listed by name, and never by who did best."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.harvest.words import folded
from bot.problem import Problem
from bot.trail.records import Entry, State

_ABSOLUTE = re.compile(
    r"^\D*\b(?:0+(?:[.,]0+)?|100)\s*(?:%|procent\b|percent\b)|^\s*0+(?:[.,]0+)?(?!\s*[-–.,]?\s*\d)(?:\s+[^\d]*)?$"
    r"|^\s*(?:geen enkele?|niemand|iedereen|alle|nul|none|nobody|everybody|everyone|zero|all)\b",
    re.IGNORECASE,
)
NEWS_FOR = timedelta(days=28)
"""How long after it was shared a value that was reached is news for a digest."""
_NEVER = datetime.min.replace(tzinfo=UTC)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True)
class Series:
    """One indicator of one region over the years, the oldest first; of one year as they were written down."""

    name: str
    region: str | None
    years: tuple[Entry, ...]


def is_absolute(aimed: str) -> bool:
    """Say whether somebody aims at nothing less than none or all: such an aim invites counting in another way (001)."""
    return bool(_ABSOLUTE.search(aimed.strip()))


def asks_for(typed: Mapping[str, str]) -> list[Problem]:
    """Return what is missing beside a value that was reached: without a year and a source it says nothing later."""
    if not typed.get("reached", "").strip():
        return []
    found = []
    if not _YEAR.search(typed.get("year", "")):
        found.append(Problem("year", "trail.problem.reached_year"))
    if not typed.get("source", "").strip():
        found.append(Problem("source", "trail.problem.reached_source"))
    return found


def year_of(entry: Entry) -> int | None:
    """Return the year that an indicator is of."""
    found = _YEAR.search(entry.text("year"))
    return int(found[0]) if found else None


def series(entries: Iterable[Entry], names: Mapping[str, str] | None = None) -> list[Series]:
    """Put the years of each indicator behind each other: by name, and of one name by the name of the region.

    That order says nothing about values: regions are beside each other to be read, not to be ranked (003).
    """
    found: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        region = (names or {}).get(entry.region or "", entry.region or "")
        found.setdefault((folded(entry.title), folded(region)), []).append(entry)
    return [
        Series(years[0].title, years[0].region, tuple(sorted(years, key=lambda each: year_of(each) or 0)))
        for _, years in sorted(found.items())
    ]


def is_told(entry: Entry) -> bool:
    """Say whether a digest may tell it: everybody may read it, and it says what was reached and when."""
    return entry.state is State.SHARED and bool(entry.text("reached").strip()) and year_of(entry) is not None


def news(region: str, indicators: Sequence[Entry], shared_at: Mapping[str, datetime], now: datetime) -> Entry | None:
    """Return the value that was shared last of what a region follows itself: its own, or another's of the same name.

    Which value is higher says nothing here; a region that follows no indicator reads of none.
    """
    followed = {folded(each.title) for each in indicators if each.region == region and each.stands}
    fresh = [
        each
        for each in indicators
        if folded(each.title) in followed and is_told(each) and now - shared_at.get(each.id, _NEVER) < NEWS_FOR
    ]
    return max(fresh, key=lambda each: (shared_at[each.id], each.id), default=None)
