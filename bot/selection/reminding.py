"""Who did not choose yet, and when they are reminded: once, in sending hours, and in time to do something about it."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from bot.calendar import last_sending_time, next_sending_time
from bot.programme import Member
from bot.selection.choosing import Pick
from bot.worksessions import WorkSession, invited

LONG, SHORT = timedelta(hours=48), timedelta(hours=3)
"""So long must choosing last for a reminder a day before closing, or else an hour before; shorter: no reminder."""
LEAST = timedelta(minutes=15)
"""What is left to choose in when a reminder arrives."""


def silent(session: WorkSession, members: Sequence[Member], picks: Sequence[Pick]) -> list[Member]:
    """Return who is invited and did not say anything: "I don't know" and "I cannot come" are answers."""
    spoken = {pick.user for pick in picks}
    return [member for member in invited(session, members) if member.user not in spoken]


def is_complete(session: WorkSession, members: Sequence[Member], picks: Sequence[Pick]) -> bool:
    """Say whether everybody who is invited has chosen; nobody invited is not everybody."""
    return bool(invited(session, members)) and not silent(session, members, picks)


def reminder_at(session: WorkSession, is_holiday: Callable[[date], bool]) -> datetime | None:
    """Return when the reminder goes out, or None where choosing is too short for one.

    A day before closing when people have two days or more, an hour before when they have three hours; never outside
    sending hours, and never in the first hour.
    """
    if session.opened_at is None or session.closes_at is None:
        return None
    lasts = session.closes_at - session.opened_at
    if lasts < SHORT:
        return None
    wanted = session.closes_at - (timedelta(days=1) if lasts >= LONG else timedelta(hours=1))
    earliest = session.opened_at + timedelta(hours=1)
    found = last_sending_time(wanted, session.timezone, is_holiday)
    if found < earliest:
        found = next_sending_time(max(wanted, earliest), session.timezone, is_holiday)
    return found if found <= session.closes_at - LEAST else None
