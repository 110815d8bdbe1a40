"""What is good to know about a date before it is set: holidays of the regions that take part, and other sessions."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlmodel import Session

from bot.followup import Hours, Slot, Warned, cautions, holiday_cautions, hours_of
from bot.worksessions import WorkSession
from storage import programme, worksessions

USUAL = Hours(time(13), timedelta(hours=3))
"""What is proposed where there was no session before."""


def hours_like(previous: WorkSession | None) -> Hours:
    """Return the hours of the session before, or the usual ones."""
    return hours_of(previous.starts_at, previous.ends_at, previous.timezone) if previous else USUAL


def school_parts(db: Session, team: str, regions: Sequence[str]) -> dict[str, list[str]]:
    """Return where these regions (all, where none are named) have their school holidays, with the regions' names."""
    found: dict[str, list[str]] = {}
    for region in programme.regions(db, team):
        if not regions or region.id in regions:
            found.setdefault(region.holidays, []).append(region.name)
    return found


def warned(
    db: Session,
    team: str,
    slot: Slot,
    zone: str,
    hours: Hours,
    regions: Sequence[str],
    now: datetime,
    besides: str = "",
) -> list[Warned]:
    """Return what is good to know about one date; `besides` is the session that it is for, if there is one."""
    sessions = [each for each in worksessions.after(db, team, now) if each.id != besides and not each.is_practice]
    return cautions(slot, zone, hours, sessions, school_parts(db, team, regions))


def falls_badly(db: Session, team: str, day: date, regions: Sequence[str]) -> list[Warned]:
    """Return the holidays in which a day falls, which is when a series asks before it goes on."""
    return [
        each for each in holiday_cautions(day, school_parts(db, team, regions)) if each.caution != "holidays_unknown"
    ]
