"""In which weeks a region reads its oogstbericht: as often as it chose, and not in its school holidays."""

from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.calendar import at_clock, holidays_on, is_dutch_holiday


class Every(StrEnum):
    """How often a region reads."""

    WEEK = "week"
    TWO_WEEKS = "two_weeks"
    MONTH = "month"
    STOPPED = "stopped"


class Outcome(StrEnum):
    """What becomes of a turn; the words under which it is kept."""

    DONE = "done"
    SKIPPED = "skipped"
    RESTED = "rested"
    PAUSED = "paused"
    WAITED = "waited"
    STOPPED = "stopped"

    @property
    def missed(self) -> bool:
        """Whether the region missed a turn by it, so that the next digest says what it missed."""
        return self in (Outcome.RESTED, Outcome.PAUSED)


def less_often(every: Every) -> Every:
    """Return the next slower rhythm; the slowest stays."""
    return {Every.WEEK: Every.TWO_WEEKS, Every.TWO_WEEKS: Every.MONTH}.get(every, every)


def outcome(
    at: datetime, zone: str, every: Every, holidays: str, paused_until: datetime | None, spoke_at: datetime | None
) -> Outcome:
    """Decide about a turn (`at`, zone-aware) of a region whose schools have the holidays of `holidays` ("" unknown).

    `spoke_at` is when its last digest with news was made, None when there was none. Once a month means: the first turn
    of a month that has news; once in two weeks: at least thirteen days later, as the wall clock may change.
    """
    local = ZoneInfo(zone)
    day = at.astimezone(local).date()
    if every is Every.STOPPED:
        return Outcome.STOPPED
    if paused_until is not None and at < paused_until:
        return Outcome.PAUSED
    if holidays and holidays_on(day, holidays).school:
        return Outcome.RESTED
    if spoke_at is not None:
        before = spoke_at.astimezone(local).date()
        too_soon = every is Every.TWO_WEEKS and day - before < timedelta(days=13)
        if too_soon or (every is Every.MONTH and (day.year, day.month) == (before.year, before.month)):
            return Outcome.WAITED
    return Outcome.DONE


def posting_time(at: datetime, zone: str) -> datetime:
    """Return when a turn may be posted: its own moment; on a public holiday that hour of the next working day."""
    local = at.astimezone(ZoneInfo(zone))
    day = local.date()
    if not is_dutch_holiday(day):
        return at
    while day.weekday() >= 5 or is_dutch_holiday(day):
        day += timedelta(days=1)
    return at_clock(day, f"{local:%H:%M}", zone)
