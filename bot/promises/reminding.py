"""When somebody is reminded of what they promised, what a session opens with, and when a giver hears who wants it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.calendar import SENDING_HOURS, at_clock
from bot.promises.records import Promise, State
from bot.worksessions import WorkSession

CLOCK = "09:00"
WEEK_BEFORE = timedelta(days=7)
GRACE = timedelta(days=3)
"""So long after its day the last reminder still makes sense, after a time in which Oogst was not running."""
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Reminder:
    """A moment at which the owner is reminded: `name` is "week" or "day"; after `until` it has no use."""

    name: str
    at: datetime
    until: datetime


def reminders(promise: Promise, zone: str, is_holiday: Callable[[date], bool]) -> list[Reminder]:
    """Return when the owner of a standing promise is reminded: a week before the day, and on it, at nine.

    On a day that is no working day, the last one before it. A moment that had passed when the date was set is left
    out: who promises something for tomorrow needs no reminder of a week before.
    """
    if not promise.stands or promise.due is None or promise.due_since is None:
        return []
    week, day = (
        at_clock(_working_day(wanted, is_holiday), CLOCK, zone) for wanted in (promise.due - WEEK_BEFORE, promise.due)
    )
    last = at_clock(promise.due + GRACE, SENDING_HOURS[1], zone)
    found = [Reminder("week", week, day), Reminder("day", day, last)]
    return [each for each in found if each.at > promise.due_since]


def is_overdue(promise: Promise, today: date) -> bool:
    """Say whether its day passed and nobody said how it stands. For its owner and the coordinator, not the world."""
    return promise.stands and promise.due is not None and promise.due < today


def comes_after(session: WorkSession, earlier: WorkSession, follows: str | None) -> bool:
    """Say whether a session asks after what was promised in an earlier one.

    It was set as the next one, or it is held later in the same channel, or for a region that took part in both.
    """
    if earlier.id == session.id or earlier.starts_at >= session.starts_at or earlier.is_practice:
        return False
    shared = not session.regions or not earlier.regions or bool(set(session.regions) & set(earlier.regions))
    return follows == earlier.id or session.channel == earlier.channel or shared


def opens_with(promises: Iterable[Promise], shown: Mapping[str, datetime]) -> list[Promise]:
    """Keep what a session opens with: all that stands, and what was kept or dropped since it was last read out.

    `shown` says when a promise (by id) stood in the opening of an earlier session, the last time.
    """
    found = [
        each
        for each in promises
        if each.is_public
        and (each.closed_at is None or each.id not in shown or each.closed_at > shown[each.id])
        and each.state is not State.DECLINED
    ]
    far = date.max
    return sorted(found, key=lambda each: (each.closed_at is not None, each.due or far, each.asked_at, each.id))


def tells_takers(now: datetime, zone: str, is_holiday: Callable[[date], bool]) -> bool:
    """Say whether givers may hear now who wants what they offered: from nine on, in sending hours."""
    local = now.astimezone(ZoneInfo(zone))
    opens, shuts = time.fromisoformat(CLOCK), time.fromisoformat(SENDING_HOURS[1])
    return local.weekday() < 5 and not is_holiday(local.date()) and opens <= local.time() < shuts


def next_telling(now: datetime, zone: str, is_holiday: Callable[[date], bool]) -> datetime:
    """Return the next moment after `now` at which givers are told: nine o'clock on a working day."""
    day = now.astimezone(ZoneInfo(zone)).date()
    while True:
        at = at_clock(day, CLOCK, zone)
        if at > now and day.weekday() < 5 and not is_holiday(day):
            return at
        day += ONE_DAY


def _working_day(day: date, is_holiday: Callable[[date], bool]) -> date:
    while day.weekday() >= 5 or is_holiday(day):
        day -= ONE_DAY
    return day
