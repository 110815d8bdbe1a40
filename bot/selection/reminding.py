"""Who did not choose yet, and when they are reminded: once, in sending hours, and in time to do something about it."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from bot.calendar import last_sending_time, next_sending_time
from bot.programme import Member
from bot.selection.choosing import MOST_CHOICES, Pick, Wish
from bot.worksessions import Mode, WorkSession, invited

LONG, SHORT = timedelta(hours=48), timedelta(hours=3)
"""So long must choosing last for a reminder a day before closing, or else an hour before; shorter: no reminder."""
NEXT_TAP = timedelta(minutes=2)
"""So long a list of choices that is not full must rest before it counts as all that somebody wants to say."""
LEAST = timedelta(minutes=15)
"""What is left to choose in when a reminder arrives."""


def silent(session: WorkSession, members: Sequence[Member], picks: Sequence[Pick]) -> list[Member]:
    """Return who is invited and did not say anything: "I don't know" and "I cannot come" are answers."""
    spoken = {pick.user for pick in picks}
    return [member for member in invited(session, members) if member.user not in spoken]


def is_complete(session: WorkSession, members: Sequence[Member], picks: Sequence[Pick], now: datetime) -> bool:
    """Say whether everybody who is invited has chosen; nobody invited is not everybody.

    In ranked mode a list grows by taps: who tapped a first choice just now is given the time for the others.
    """
    if silent(session, members, picks) or not invited(session, members):
        return False
    full = min(MOST_CHOICES, len(session.offers))
    return session.mode is not Mode.RANKED or not any(
        pick.wish is Wish.TOPIC and pick.placed_by is None and len(pick.topics) < full and now - pick.at < NEXT_TAP
        for pick in picks
    )


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
