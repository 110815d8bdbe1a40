"""When the trail reminds: before and after a day, once each, and weekly of what stays vacant. Never at night."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.calendar import WeeklyRule, at_clock, next_sending_time
from bot.trail.profile import day_of, is_vacant
from bot.trail.records import Entry
from bot.trail.sheets import Kind

CLOCK = "09:30"
WEEKLY = (1, "10:00")
"""Vacancies are told on Tuesday, when a week is under way and nobody is on the road yet."""
MILESTONE_BEFORE = (7,)
CLOSING_BEFORE = (14, 7, 2)
ENDING_BEFORE = (56, 14)
"""A scheme that ends asks for other money: eight weeks is about what a council needs for a decision."""
AFTER_FOR = timedelta(days=14)
NEAR = timedelta(days=60)
"""A date of the programme stands on the pages of regions from so long before."""
WAIT = timedelta(days=28)
"""So long a vacancy is left alone when somebody says to wait."""
PRINCIPAL = ("opdrachtgever", "principal", "client", "commissioner")
"""What a role is called whose people are told what an assignment waits for."""


@dataclass(frozen=True)
class Reminder:
    """One message about a day: `at` when it is due, `until` when it has lost its use. `name` tells it from others."""

    name: str
    at: datetime
    until: datetime


def around(
    day: date, before: Sequence[int], zone: str, is_holiday: Callable[[date], bool], *, after: bool = False
) -> list[Reminder]:
    """Return the reminders of a day: so many days before it, longest first, and one after it.

    Each ends where the next begins, so that after a time of standing still only the newest is given. One that would
    come on the day itself or later, for holidays, is left out of those before.
    """
    last = at_clock(day + timedelta(days=1), "00:00", zone)
    moments = [
        (f"before{days}", next_sending_time(at_clock(day - timedelta(days=days), CLOCK, zone), zone, is_holiday))
        for days in before
    ]
    found = [(name, at) for name, at in moments if at < last]
    ends = [*(at for _, at in found[1:]), last][: len(found)]
    reminders = [Reminder(name, at, until) for (name, at), until in zip(found, ends, strict=True) if at < until]
    if after:
        at = next_sending_time(at_clock(day + timedelta(days=1), CLOCK, zone), zone, is_holiday)
        reminders.append(Reminder("after", at, at + AFTER_FOR))
    return reminders


def of_milestone(milestone: Entry, zone: str, is_holiday: Callable[[date], bool]) -> list[Reminder]:
    """Return the reminders of a part of an assignment: a week before its day and the working day after; none once done.

    A day of which only the month is known is the last of it.
    """
    due = day_of(milestone, "due")
    if milestone.kind is not Kind.MILESTONE or due is None or milestone.text("standing") == "done":
        return []
    return around(due.last, MILESTONE_BEFORE, zone, is_holiday, after=True)


def of_resource(resource: Entry, zone: str, is_holiday: Callable[[date], bool]) -> list[Reminder]:
    """Return the reminders that money or a scheme ends."""
    ends = day_of(resource, "until")
    if resource.kind is not Kind.RESOURCE or ends is None:
        return []
    return around(ends.last, ENDING_BEFORE, zone, is_holiday)


def weekly(zone: str) -> WeeklyRule:
    """Return when vacancies are told."""
    return WeeklyRule(*WEEKLY, zone)


def open_roles(assignment: Entry, today: date) -> list[Entry]:
    """Return the roles of an assignment that wait for somebody, but for those of which somebody said to wait."""
    return [role for role in assignment.under(Kind.ROLE) if is_vacant(role) and not _waits(role, today)]


def _waits(role: Entry, today: date) -> bool:
    until = day_of(role, "quiet_until")
    return until is not None and today < until.first


def principals(assignment: Entry) -> list[str]:
    """Return who gave an assignment, as far as they are in the workspace."""
    named = (role for role in assignment.under(Kind.ROLE) if role.user() and not is_vacant(role))
    return [role.user() for role in named if any(word in role.title.casefold() for word in PRINCIPAL)]


def near(mileposts: Iterable[Entry], today: date) -> list[Entry]:
    """Return the dates of a programme that are near or go on, the first first; what has no date is left out."""
    found = []
    for each in mileposts:
        begins = day_of(each, "on")
        ends = day_of(each, "until") or begins
        if each.kind is Kind.MILEPOST and begins and ends and begins.first - NEAR <= today <= ends.last:
            found.append((begins.first, each.position, each))
    return [each for _, _, each in sorted(found, key=lambda one: one[:2])]
