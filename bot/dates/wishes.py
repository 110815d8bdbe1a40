"""Reads the date that somebody wishes for, such as "donderdag 16 september 13.00": right, or asked back.

The rules: a word left over is asked; a weekday must fit; 1 to 7 o'clock without a part of the day is in the afternoon;
"volgende donderdag" means two days; words of repetition belong to a series; a range has both ends; a time that the
change of clocks skips or repeats is refused; a date in a report stays near the report.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.dates.clocks import Hours, Part, times
from bot.dates.phrases import (
    Day,
    DayMonth,
    DayOfMonth,
    FromToday,
    InMonth,
    Pieces,
    Week,
    Weekday,
    WeekNumber,
    exists,
    normal,
    pieces,
    repeats,
)
from bot.dates.readings import Choices, Reading, Recurring, Unclear, Understood, Why
from bot.worksessions import exists_once

LONGEST_PHRASE = 200
"""Characters; the longest date in words takes about 60."""
MOST_CHOICES = 4
"""Buttons that can be looked over at once."""
HORIZON = timedelta(days=270)
"""Without a year, a date further ahead is more likely the one that was; the same as in what a group announces."""
A_YEAR = timedelta(days=366)
TWO_MONTHS = timedelta(days=62)
FURTHEST = timedelta(days=731)
"""With a year, two years ahead; beyond it a mistake in the year is likelier than a plan."""
NEAR = timedelta(days=120)
"""In a report, a date without a year this near is the one that is meant; else there are two."""
ONE_DAY = timedelta(days=1)
ONE_WEEK = timedelta(days=7)


class _Asked(Exception):
    def __init__(self, why: Why, *left_over: str) -> None:
        super().__init__(why)
        self.unclear = Unclear(why, left_over)


def read_date(text: str, now: datetime, zone: str, *, past: bool = False) -> Reading:
    """Return what a phrase about one date means, seen from `now` (aware) by the clock on the wall in this IANA zone.

    Dutch and English are both read. Dates are in the future, today included, and times later than now. With `past`
    the phrase stands in a report that was written at `now`: a date without a year is the nearest one, before or after.
    Show whatever was understood in full, with weekday and year, before it is used.
    """
    if len(text) > LONGEST_PHRASE:
        return Unclear(Why.TOO_LONG)
    phrase = normal(text)
    if not phrase:
        return Unclear(Why.EMPTY)
    if repeats(phrase):
        return Recurring(text.strip())
    try:
        found = pieces(phrase)
        hours, part = _hours(found)
        days = _days(found.days, now.astimezone(ZoneInfo(zone)).date(), past=past)
        return _reading(days, _times(hours, part), now, zone, past=past)
    except _Asked as asked:
        return asked.unclear


def _hours(found: Pieces) -> tuple[Hours | None, Part | None]:
    if found.no_such_time:
        raise _Asked(Why.NO_SUCH_TIME)
    if found.left_over:
        raise _Asked(Why.LEFT_OVER, *found.left_over)
    if len(found.hours) > 1 or len(set(found.parts)) > 1:
        raise _Asked(Why.SEVERAL)
    hours = found.hours[0] if found.hours else None
    part = found.parts[0] if found.parts else None
    if hours is None and part is not None:
        raise _Asked(Why.NO_HOUR)
    if unsure := _date_or_hours(found, hours, part):
        raise _Asked(Why.LEFT_OVER, unsure)
    return hours, part


def _date_or_hours(found: Pieces, hours: Hours | None, part: Part | None) -> str:
    """What can be a date as well as hours beside a weekday: "donderdag 16.09", "dinsdag 9-11"; else nothing."""
    others = [day for day in found.days if not isinstance(day, Weekday)]
    if hours is None:
        only = others[0] if len(others) == 1 < len(found.days) else None
        return only.like_hours if isinstance(only, DayMonth) else ""
    return "" if others or hours.end or part else hours.start.like_a_date


def _times(hours: Hours | None, part: Part | None) -> list[tuple[time, time | None]]:
    found = times(hours, part) if hours is not None else []
    if hours is not None and not found:
        early = hours.start.hour <= 7 and not hours.start.exact  # "van 7 tot 9", in the morning or in the evening
        raise _Asked(Why.NO_HOUR if part or early else Why.NO_SUCH_TIME)
    return found


def _reading(
    days: list[date], hours: list[tuple[time, time | None]], now: datetime, zone: str, *, past: bool
) -> Reading:
    today = now.astimezone(ZoneInfo(zone)).date()
    found = [Understood(day) for day in days if past or day >= today]
    if hours:
        found = [_at(day, start, end, zone) for day in days for start, end in hours]
        found = [one for one in found if past or (one.starts_at is not None and one.starts_at > now)]
    if not found:
        return Unclear(Why.PAST)
    if len(found) > MOST_CHOICES:
        return Unclear(Why.SEVERAL)
    return found[0] if len(found) == 1 else Choices(tuple(found))


def _at(day: date, start: time, end: time | None, zone: str) -> Understood:
    """Raises _Asked for a time that this day has not, or has twice."""
    moments = [datetime.combine(day, clock, ZoneInfo(zone)) for clock in (start, end) if clock is not None]
    if not all(exists_once(moment) for moment in moments):
        raise _Asked(Why.CLOCK_CHANGE)
    starts, *ends = (moment.astimezone(UTC) for moment in moments)
    return Understood(day, starts, ends[0] if ends else None)


def _days(days: Sequence[Day], today: date, *, past: bool) -> list[date]:
    """Return the day that all of these words agree on, or the few that they can mean."""
    weekdays = [day for day in days if isinstance(day, Weekday)]
    others = [day for day in days if not isinstance(day, Weekday)]
    if not days or (not weekdays and all(isinstance(day, Week | WeekNumber) for day in others)):
        raise _Asked(Why.NO_DAY)
    if len({day.weekday for day in weekdays}) > 1:
        raise _Asked(Why.SEVERAL)
    if not others:
        if len(weekdays) > 1:
            raise _Asked(Why.SEVERAL)
        return _weekday(weekdays[0], today, past=past)
    if weekdays and len(others) == 1 and isinstance(others[0], FromToday) and others[0].unit != "day":
        return _weekday_from_today(weekdays[0].weekday, others[0], today)
    window = _window(others, today, named=bool(weekdays), past=past)
    agreed = [day for day in window if all(_admits(one, day, today) for one in others)]
    fitting = [day for day in agreed if all(day.weekday() == one.weekday for one in weekdays)]
    if not fitting:
        raise _Asked(_why_none(others, agreed))
    if not past:
        return fitting[:1] if any(day >= today for day in fitting) else fitting
    nearest = min(fitting, key=lambda day: abs(day - today))
    return [nearest] if abs(nearest - today) <= NEAR or len(fitting) == 1 else fitting


def _window(others: Sequence[Day], today: date, *, named: bool, past: bool) -> list[date]:
    """The days among which these words choose, in order; one day where the words leave no choice."""
    for one in others:
        if isinstance(one, DayMonth) and exists(one.year or 2000, one.month, one.day) is None:
            raise _Asked(Why.NO_SUCH_DAY)
        if isinstance(one, DayMonth) and one.year is not None:
            day = date(one.year, one.month, one.day)
            if day - today > FURTHEST:
                raise _Asked(Why.TOO_FAR)
            return [day]
        if isinstance(one, FromToday):
            return [_from_today(one, today)]
    furthest = HORIZON
    if isinstance(others[0], DayOfMonth) and len(others) == 1:
        furthest = TWO_MONTHS
    elif any(isinstance(one, InMonth) and one.year for one in others):
        furthest = FURTHEST
    elif named and any(isinstance(one, DayMonth) for one in others):
        furthest = A_YEAR
    first = today - (TWO_MONTHS if furthest is TWO_MONTHS else A_YEAR) if past else today
    if past:
        furthest = min(furthest, HORIZON)
    elif any(isinstance(one, Week) for one in others):
        first = today - timedelta(days=today.weekday())  # to tell what has been from what never is
    return [first + timedelta(days=n) for n in range((today + furthest - first).days + 1)]


def _admits(one: Day, day: date, today: date) -> bool:
    match one:
        case DayMonth():
            return (day.day, day.month) == (one.day, one.month) and one.year in (None, day.year)
        case DayOfMonth():
            return day.day == one.day
        case InMonth():
            return day.month == one.month and one.year in (None, day.year) and _is_nth(day, one)
        case Week():
            monday = today - timedelta(days=today.weekday()) + one.offset * ONE_WEEK
            return monday <= day < monday + ONE_WEEK
        case WeekNumber():
            return day.isocalendar().week == one.week
        case FromToday():
            return day == _from_today(one, today)
        case Weekday():
            return day.weekday() == one.weekday


def _is_nth(day: date, one: InMonth) -> bool:
    if day.weekday() != one.weekday:
        return False
    return (day + ONE_WEEK).month != day.month if one.nth == -1 else (day.day + 6) // 7 == one.nth


def _why_none(others: Sequence[Day], agreed: list[date]) -> Why:
    if agreed:
        return Why.WEEKDAY
    if len(others) > 1:
        return Why.SEVERAL
    return Why.WHICH_YEAR if isinstance(others[0], DayMonth | InMonth | WeekNumber) else Why.PAST


def _weekday(said: Weekday, today: date, *, past: bool) -> list[date]:
    """A weekday and no date: the coming one, or two where people differ about which."""
    weekday = said.weekday
    is_today = today.weekday() == weekday
    after = today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    before = today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)
    match said.which:
        case "coming":
            return [after]
        case "this":
            return [today + timedelta(days=weekday - today.weekday())]
        case "next":
            return [after, after + ONE_WEEK]
        case "gone":
            return [before]
        case "last":
            return [before - ONE_WEEK, before]
    return [*([before] if past else []), *([today] if is_today else []), after]


def _weekday_from_today(weekday: int, later: FromToday, today: date) -> list[date]:
    """A Monday "in two weeks" lies in the week that is two weeks on, or two weeks after the coming Monday."""
    if later.unit != "week":
        raise _Asked(Why.NO_DAY)
    there = _from_today(later, today)
    in_that_week = there + timedelta(days=weekday - there.weekday())
    after = today + timedelta(days=(weekday - today.weekday()) % 7) + later.count * ONE_WEEK
    return sorted({in_that_week, after})


def _from_today(later: FromToday, today: date) -> date:
    """Raises _Asked for a month that lacks the day."""
    if later.unit != "month":
        return today + later.count * (ONE_WEEK if later.unit == "week" else ONE_DAY)
    months = today.month - 1 + later.count
    day = exists(today.year + months // 12, months % 12 + 1, today.day)
    if day is None:
        raise _Asked(Why.NO_SUCH_DAY)
    return day
