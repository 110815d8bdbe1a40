"""Messages that nobody asked for: how many of them one person gets, and when."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.calendar import holidays_on, is_dutch_holiday, next_sending_time

MOST = 2
"""So many automatic messages a week to one person; what does not fit waits for them on their Home."""
WEEK = timedelta(days=7)


class Room(StrEnum):
    """Whether an automatic message can reach somebody: yes, not this week, or not until their own pause is over."""

    FREE = "free"
    SPENT = "spent"
    QUIET = "quiet"


def resting(holidays: str) -> Callable[[date], bool]:
    """Return what says whether somebody is left alone on a day: a public holiday, or a school holiday of their part.

    `holidays` is "Noord", "Midden" or "Zuid", as the region of the person has it, or "" where nobody said.
    """
    if not holidays:
        return is_dutch_holiday
    return lambda day: is_dutch_holiday(day) or bool(holidays_on(day, holidays).school)


def nudge_at(
    wanted: datetime,
    had: Sequence[datetime],
    zone: str,
    is_holiday: Callable[[date], bool],
    *,
    quiet_until: datetime | None = None,
) -> datetime | None:
    """Return when an automatic message may leave: `wanted`, or the next moment in sending hours after a pause.

    None when the person would get a third one within seven days, counted both ways: `had` are the moments of those
    that left or wait to leave.
    """
    at = next_sending_time(max(wanted, quiet_until) if quiet_until else wanted, zone, is_holiday)
    moments = sorted([*had, at])
    crowded = any(later - earlier < WEEK for earlier, later in zip(moments, moments[MOST:], strict=False))
    return None if crowded else at


def room(
    now: datetime,
    had: Sequence[datetime],
    zone: str,
    is_holiday: Callable[[date], bool],
    quiet_until: datetime | None,
) -> Room:
    """Say whether somebody can be reminded at the next sending time."""
    if quiet_until is not None and now < quiet_until:
        return Room.QUIET
    return Room.SPENT if nudge_at(now, had, zone, is_holiday) is None else Room.FREE


PAUSE = timedelta(days=7)
"""So long somebody is left alone who does not say until when."""
UNTIL = ("tot en met", "t/m", "tot", "until", "till", "through", "thru")
"""Words before the day on which a pause ends; what comes of INCLUDING lets that day be quiet too."""
INCLUDING = frozenset({"tot en met", "t/m", "through", "thru"})
OFF = frozenset({"uit", "stop", "off", "weer aan", "aan", "on"})
"""Words that end a pause."""


def read_pause(text: str) -> tuple[str, bool]:
    """Take the words before a day away: "t/m vrijdag" is ("vrijdag", True), for that day is quiet as well."""
    phrase = " ".join(text.split())
    found = next((word for word in UNTIL if phrase.casefold().startswith(f"{word} ")), None)
    return (phrase[len(found) :].strip(), found in INCLUDING) if found else (phrase, False)
