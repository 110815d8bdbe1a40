"""Messages that nobody asked for: how many of them one person gets, and when."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from bot.calendar import next_sending_time

MOST = 2
"""So many automatic messages a week to one person; what does not fit waits for them on their Home."""
WEEK = timedelta(days=7)


def nudge_at(
    wanted: datetime, had: Sequence[datetime], zone: str, is_holiday: Callable[[date], bool]
) -> datetime | None:
    """Return when an automatic message may leave: `wanted`, or the next moment in sending hours.

    None when the person would get a third one within seven days, counted both ways: `had` are the moments of those
    that left or wait to leave.
    """
    at = next_sending_time(wanted, zone, is_holiday)
    moments = sorted([*had, at])
    crowded = any(later - earlier < WEEK for earlier, later in zip(moments, moments[MOST:], strict=False))
    return None if crowded else at
