"""When a weekly turn is due, and which day is a working day: by the clock on the wall, in an IANA zone.

Rules are wall clock and zone, never intervals: seven days after Tuesday 09:00 is 08:00 or 10:00 when the clocks change.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from holidays import HolidayBase

CATCH_UP = timedelta(hours=48)
"""A turn that was missed is still taken when it is at most this late; an older one is skipped."""
ONE_WEEK = timedelta(days=7)
SENDING_HOURS = ("08:30", "17:30")
"""When the bot may write to one person: on working days, by the clock on the wall."""


@dataclass(frozen=True)
class WeeklyRule:
    """A turn every week: `weekday` 0 is Monday, `clock` is HH:MM, `zone` an IANA name such as "Europe/Amsterdam"."""

    weekday: int
    clock: str
    zone: str


@dataclass(frozen=True)
class Turn:
    """One time that a rule is due. `period` is the local ISO week, so that there is one turn a week whatever changes.

    `skipped` says that the turn came too late, or that a newer one takes its place.
    """

    at: datetime
    period: str
    skipped: bool = False


def at_clock(day: date, clock: str, zone: str) -> datetime:
    """Return the moment, in UTC, at which the clock on the wall shows HH:MM on this day.

    A time that the change of clocks skips (02:30 in March) is taken an hour later; one that comes twice (02:30 in
    October) the first time. Raises ValueError for what is no HH:MM.
    """
    # UTC, because Python compares two moments of one zone by what the wall shows: wrong over a change of clocks
    return datetime.combine(day, time.fromisoformat(clock), ZoneInfo(zone)).astimezone(UTC)


def period_key(moment: datetime, zone: str) -> str:
    """Return the ISO week in which a moment falls in this zone, such as "2021-W25"; weeks start on Monday."""
    year, week, _ = moment.astimezone(ZoneInfo(zone)).isocalendar()
    return f"{year}-W{week:02d}"


def newest(rule: WeeklyRule, now: datetime) -> datetime:
    """Return the last turn that is not later than now."""
    day = _weekday_of_week(rule, now)
    found = at_clock(day, rule.clock, rule.zone)
    return found if found <= now else at_clock(day - ONE_WEEK, rule.clock, rule.zone)


def next_after(rule: WeeklyRule, moment: datetime) -> datetime:
    """Return the first turn that is later than this moment."""
    day = _weekday_of_week(rule, moment)
    found = at_clock(day, rule.clock, rule.zone)
    return found if found > moment else at_clock(day + ONE_WEEK, rule.clock, rule.zone)


def occurrences(rule: WeeklyRule, since: datetime, until: datetime) -> Iterator[datetime]:
    """Give every turn later than `since`, up to and with `until`, in order."""
    found = next_after(rule, since)
    while found <= until:
        yield found
        found = next_after(rule, found)


def due(
    rule: WeeklyRule,
    since: datetime | None,
    now: datetime,
    catch_up: timedelta = CATCH_UP,
    *,
    taken: str | None = None,
    awake_since: datetime | None = None,
) -> list[Turn]:
    """Return what came due after `since` (the last turn that was taken, or None when there was none yet).

    Only the newest turn is to be done, and only when it is at most `catch_up` late; all the others are skipped. A
    rule that never had a turn starts with the newest one. `taken` is the period under which the last turn was taken:
    in another zone that moment may fall in another week. A turn later than `awake_since` was not missed, however long
    ago it is: the rule was changed meanwhile, and this week has its turn all the same.
    """

    def _awake(at: datetime) -> bool:
        return since is not None and awake_since is not None and at >= awake_since

    had = taken or (period_key(since, rule.zone) if since else "")
    found = [newest(rule, now)] if since is None else list(occurrences(rule, since, now))
    return [
        Turn(at, period_key(at, rule.zone), skipped=at != found[-1] or (now - at > catch_up and not _awake(at)))
        for at in found
        if period_key(at, rule.zone) != had
    ]


def working_day_before(day: date, is_holiday: Callable[[date], bool]) -> date:
    """Return the last day before this one that is neither a Saturday, a Sunday nor a holiday."""
    found = day - timedelta(days=1)
    while found.weekday() >= 5 or is_holiday(found):
        found -= timedelta(days=1)
    return found


def next_sending_time(moment: datetime, zone: str, is_holiday: Callable[[date], bool]) -> datetime:
    """Return the first moment in sending hours that is not before this one: the moment itself, or a morning, in UTC."""
    day = moment.astimezone(ZoneInfo(zone)).date()
    while True:
        opens, shuts = (at_clock(day, clock, zone) for clock in SENDING_HOURS)
        if day.weekday() < 5 and not is_holiday(day) and moment < shuts:
            return max(moment.astimezone(UTC), opens)
        day += timedelta(days=1)


def last_sending_time(moment: datetime, zone: str, is_holiday: Callable[[date], bool]) -> datetime:
    """Return the last moment in sending hours that is not after this one: the moment itself, or an evening, in UTC."""
    day = moment.astimezone(ZoneInfo(zone)).date()
    while True:
        opens, shuts = (at_clock(day, clock, zone) for clock in SENDING_HOURS)
        if day.weekday() < 5 and not is_holiday(day) and opens <= moment:
            return min(moment.astimezone(UTC), shuts)
        day -= timedelta(days=1)


def is_dutch_holiday(day: date) -> bool:
    """Say whether this is a public holiday in the Netherlands, moving ones such as Ascension Day included."""
    return day in _dutch_holidays(day.year)


@cache
def _dutch_holidays(year: int) -> Mapping[date, tuple[str, ...]]:
    import holidays  # a third of a second, needed once a session

    return _names(holidays.country_holidays("NL", years=year, language="nl"))


def _names(found: "HolidayBase") -> Mapping[date, tuple[str, ...]]:
    return {day: tuple(sorted(found.get_list(day))) for day in found}


SCHOOL_REGIONS = ("Noord", "Midden", "Zuid")
"""The three parts of the Netherlands whose school holidays differ."""
_SCHOOL_YEARS = range(2014, 2101)


@dataclass(frozen=True)
class Holidays:
    """What is on a day, by its Dutch names in the order of the alphabet; both empty on an ordinary day."""

    public: tuple[str, ...] = ()
    school: tuple[str, ...] = ()


def holidays_on(day: date, region: str | None = None) -> Holidays:
    """Return the Dutch public holidays of a day, and the school holidays of "Noord", "Midden" or "Zuid".

    Without a region the school holidays of any of the three count. A school holiday runs from the Saturday before it
    to the Sunday after it, as the ministry sets them; schools may depart from some of them. After
    `school_holidays_known_until` none are known, which is not the same as that there are none. Raises ValueError for
    another region.
    """
    if region is not None and region not in SCHOOL_REGIONS:
        raise ValueError(f"{region!r} is none of {', '.join(SCHOOL_REGIONS)}")
    public = _dutch_holidays(day.year).get(day, ())
    regions = SCHOOL_REGIONS if region is None else (region,)
    school = {name for one in regions for name in _school_holidays(day.year, one).get(day, ())}
    return Holidays(public, tuple(sorted(school)))


@cache
def school_holidays_known_until() -> date:
    """Return the last day up to which the installed `holidays` has the school holidays of every region.

    They are set for a few school years at a time; what is known ends with a summer, for the region where that is first.
    """
    known = date.min
    for year in _SCHOOL_YEARS:
        breaks = [_school_holidays(year, region) for region in SCHOOL_REGIONS]
        summers = [[day for day, names in one.items() if "Zomervakantie" in names] for one in breaks]
        if not all(summers):
            break
        known = min(max(days) for days in summers)
    return known


@cache
def _school_holidays(year: int, region: str) -> Mapping[date, tuple[str, ...]]:
    import holidays

    return _names(holidays.country_holidays("NL", subdiv=region, years=year, categories=("school",), language="nl"))


def _weekday_of_week(rule: WeeklyRule, moment: datetime) -> date:
    """The rule's weekday in the ISO week of this moment, which may lie before or after it."""
    local = moment.astimezone(ZoneInfo(rule.zone)).date()
    return local + timedelta(days=rule.weekday - local.weekday())
