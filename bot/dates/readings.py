"""What a phrase about a date can turn out to be: understood, one of a few, a series, or unclear."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Why(StrEnum):
    """Why a phrase is asked back; the sentence for it is `dates.<value>`."""

    EMPTY = "empty"
    """Nothing was typed."""
    TOO_LONG = "too_long"
    """More than `LONGEST_PHRASE` characters: a story, not a date."""
    LEFT_OVER = "left_over"
    """There are words in it that no rule knows; `Unclear.left_over` has them."""
    NO_DAY = "no_day"
    """There is no day in it, or only about when: a time, a week, a month."""
    NO_HOUR = "no_hour"
    """It names a part of the day and no time, or a time that does not fit the part."""
    SEVERAL = "several"
    """More than one date or time."""
    WEEKDAY = "weekday"
    """The weekday does not fit the date."""
    NO_SUCH_DAY = "no_such_day"
    """30 February."""
    NO_SUCH_TIME = "no_such_time"
    """25:00, or an end that is not after the start."""
    CLOCK_CHANGE = "clock_change"
    """The clock on the wall never shows this time on that day, or shows it twice."""
    PAST = "past"
    """It has been."""
    WHICH_YEAR = "which_year"
    """It is past, or so far ahead that the year has to be written."""
    TOO_FAR = "too_far"
    """A year that is likely a mistake."""


@dataclass(frozen=True)
class Understood:
    """One day, perhaps with a time: the one thing the phrase can mean.

    `day` is the date on the wall in the zone that was given. `starts_at` and `ends_at` are moments in UTC, or None
    where no time was written; `ends_at` is later than `starts_at`, on the same day.
    """

    day: date
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True)
class Choices:
    """Two to four things it can mean, in order of time: buttons for whoever typed it."""

    candidates: tuple[Understood, ...]


@dataclass(frozen=True)
class Recurring:
    """It is about many dates, so it belongs in the form for a series; `words` is the phrase as it was typed."""

    words: str


@dataclass(frozen=True)
class Unclear:
    """It has to be asked: why, and which words nobody understood (as typed, without capitals)."""

    why: Why
    left_over: tuple[str, ...] = ()


Reading = Understood | Choices | Recurring | Unclear
