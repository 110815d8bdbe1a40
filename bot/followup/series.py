"""Sessions that come back by a rule: which date is next, and what was decided about dates that fall badly."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.calendar import at_clock
from bot.problem import Refused
from bot.recurrence import MOST_MEETINGS, series

SHOWN = 6
"""So many dates of a series are shown before it is made."""


class SeriesState(StrEnum):
    """Whether a series goes on."""

    RUNNING = "running"
    STOPPED = "stopped"


class Decision(StrEnum):
    """What is done with a date that falls badly: it is left out, held all the same, or held on another day."""

    SKIP = "skip"
    KEEP = "keep"
    MOVE = "move"


@dataclass(frozen=True)
class Decided:
    """What was decided about the date that the rule gives for `day`; `moved_to` is the day it went to."""

    day: date
    decision: Decision
    moved_to: date | None = None


@dataclass(frozen=True)
class Series:
    """Sessions by an RRULE text, the first one from `starts_at` to `ends_at`, each at the same time on the wall."""

    id: str
    team: str
    title: str
    channel: str
    rule: str
    starts_at: datetime
    ends_at: datetime
    timezone: str
    state: SeriesState
    version: int
    created_by: str
    created_at: datetime
    previous: str | None = None
    regions: tuple[str, ...] = ()
    decided: tuple[Decided, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which its clock times are meant."""
        return ZoneInfo(self.timezone)

    def decision(self, day: date) -> Decided | None:
        """Return what was decided about a date, if anything."""
        return next((each for each in self.decided if each.day == day), None)


@dataclass(frozen=True)
class Meeting:
    """One date of a series: `day` is the one that the rule gives, the moments are where it is held."""

    day: date
    starts_at: datetime
    ends_at: datetime


def meetings(found: Series) -> list[Meeting]:
    """Return every meeting that is held, in order: what was left out is not in it, what was moved is on its new day."""
    held = []
    for start in series(found.rule, found.starts_at, found.timezone, MOST_MEETINGS):
        day = start.astimezone(found.zone).date()
        decided = found.decision(day)
        if decided is not None and decided.decision is Decision.SKIP:
            continue
        on = decided.moved_to if decided and decided.decision is Decision.MOVE and decided.moved_to else day
        held.append(Meeting(day, *_on(found, on)))
    return sorted(held, key=lambda meeting: (meeting.starts_at, meeting.day))


def next_meeting(found: Series, after: datetime) -> Meeting | None:
    """Return the first meeting that starts later than this moment; None when the series has ended."""
    return next((meeting for meeting in meetings(found) if meeting.starts_at > after), None)


def to_ask(found: Series, meeting: Meeting, falls_badly: Callable[[date], bool]) -> bool:
    """Say whether the coordinator has to decide about a meeting first: it falls badly and nobody said what then."""
    return found.decision(meeting.day) is None and falls_badly(meeting.day)


def a_week_later(day: date) -> date:
    """Return the day that is proposed for a meeting that falls badly."""
    return day + timedelta(days=7)


def stopped(found: Series) -> Series:
    """Return the series after the coordinator ended it. Raises Refused when it was ended already."""
    still_running(found)
    return replace(found, state=SeriesState.STOPPED, version=found.version + 1)


def still_running(found: Series) -> None:
    """Raise Refused for a series that was stopped."""
    if found.state is SeriesState.STOPPED:
        raise Refused("followup.series_is_stopped")


def cancelled_starts(found: Series) -> list[datetime]:
    """Return the starts that the rule gives and that are not held, for the file for an agenda."""
    return [_on(found, each.day)[0] for each in found.decided if each.decision is Decision.SKIP]


def moved_meetings(found: Series) -> Sequence[tuple[datetime, datetime, datetime]]:
    """Return what was moved: the start that the rule gives, and from when to when it is held."""
    return [
        (_on(found, each.day)[0], *_on(found, each.moved_to))
        for each in found.decided
        if each.decision is Decision.MOVE and each.moved_to is not None
    ]


def _on(found: Series, day: date) -> tuple[datetime, datetime]:
    """From when to when a meeting on this day lasts, by the clock on the wall."""
    starts, ends = found.starts_at.astimezone(found.zone), found.ends_at.astimezone(found.zone)
    over = ends.date() - starts.date()
    return (
        at_clock(day, f"{starts:%H:%M}", found.timezone),
        at_clock(day + over, f"{ends:%H:%M}", found.timezone),
    )
