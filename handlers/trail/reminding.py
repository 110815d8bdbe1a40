"""What the trail reminds people of: vacancies, parts that come due, applications that close, and money that ends.

Each is a turn in the timetable, taken once, so that a restart or a second tick repeats nothing and after a time of
standing still only the newest is given. All of it counts among somebody's two automatic messages a week and keeps
their quiet hours, holidays and pauses; what does not fit stands on the page, and vacancies come back next week.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.calendar import CATCH_UP, at_clock, is_dutch_holiday, newest, next_after, period_key
from bot.programme import Programme
from bot.trail import Entry, Kind
from bot.trail import joining as joining_rules
from bot.trail.profile import is_vacant
from bot.trail.reminding import (
    CLOSING_BEFORE,
    Reminder,
    around,
    of_milestone,
    of_resource,
    open_roles,
    weekly,
)
from handlers.ticker import Rhythm
from handlers.trail.hearers import concerned
from handlers.trail.joining import today_in
from handlers.world import World
from storage import nudges, programme, timetable, trail

WATCHED = (
    Kind.ASSIGNMENT, Kind.MILESTONE, Kind.ROLE, Kind.PLAN, Kind.APPLICATION, Kind.PARTY, Kind.CRITERION, Kind.MILEPOST,
    Kind.RESOURCE, Kind.ADOPTION,
)  # fmt: skip
VACANCIES = "trail.vacancies"


@dataclass(frozen=True)
class Due:
    """A reminder of one entry: the rule and the period of its turn, and to whom it goes with what it carries."""

    entry: Entry
    kind: str
    rule: str
    period: str
    reminder: Reminder
    arguments: Mapping[str, Any]


@dataclass(frozen=True)
class Watched:
    """What a workspace has in its trail that can wait for a day, each with what hangs under it."""

    settings: Programme
    entries: Sequence[Entry]

    def of(self, kind: Kind) -> list[Entry]:
        return [entry for entry in self.entries if entry.kind is kind]

    def above(self, entry: Entry) -> Entry | None:
        """What an entry hangs under, as far as that is watched."""
        return next((each for each in self.entries if each.id == entry.parent), None)


async def tick(world: World, now: datetime) -> None:
    """Remind whoever has something due."""
    for settings in await world.database.read(programme.programmes):
        due = await world.database.read(partial(_anything, settings, now))
        if due:
            await world.write(partial(_remind, settings, now))


def next_due(db: Session, now: datetime) -> datetime | None:
    """Return when the next reminder is given."""
    coming: list[datetime] = []
    for settings in programme.programmes(db):
        watched = watch(db, settings)
        coming += [due.reminder.at for due in reminders(db, watched, now) if due.reminder.at > now]
        if any(is_vacant(role) for each in watched.of(Kind.ASSIGNMENT) for role in each.under(Kind.ROLE)):
            coming.append(next_after(weekly(settings.timezone), now))
    return min(coming, default=None)


def watch(db: Session, settings: Programme) -> Watched:
    """Read what can wait for a day, in two statements."""
    found = trail.entries(db, settings.team, kinds=WATCHED)
    return Watched(settings, nested(found))


def nested(found: Sequence[Entry]) -> list[Entry]:
    """Return entries with those that hang under them."""
    below: dict[str, list[Entry]] = {}
    for entry in found:
        if entry.parent:
            below.setdefault(entry.parent, []).append(entry)
    return [replace(entry, children=tuple(below.get(entry.id, ()))) for entry in found]


def reminders(db: Session, watched: Watched, now: datetime) -> Iterator[Due]:
    """Return every reminder about a day, also those that were given or are still to come."""
    settings = watched.settings
    zone = settings.timezone
    for entry in watched.of(Kind.MILESTONE):
        for one in of_milestone(entry, zone, is_dutch_holiday):
            day = entry.text("due")
            arguments = {"id": entry.id, "due": day, "name": one.name}
            rule = f"trail.milestone:{entry.id}"
            yield Due(entry, "trail.milestone", rule, f"{day}:{one.name}", one, arguments)
    today = today_in(settings, now)
    closes = joining_rules.closing(watched.of(Kind.MILEPOST), today)
    for entry in watched.of(Kind.APPLICATION) if closes else ():
        if closes is None or entry.text("standing") not in ("", "draft"):
            continue
        if not joining_rules.missing(entry, watched.of(Kind.CRITERION)):
            continue
        for one in around(closes, CLOSING_BEFORE, zone, is_dutch_holiday):
            arguments = {"id": entry.id, "closes": closes.isoformat()}
            rule = f"trail.closing:{entry.id}"
            yield Due(entry, "trail.closing", rule, f"{closes}:{one.name}", one, arguments)
    for entry in watched.of(Kind.RESOURCE):
        for one in of_resource(entry, zone, is_dutch_holiday):
            day = entry.text("until")
            arguments = {"id": entry.id, "until": day}
            yield Due(entry, "trail.ending", f"trail.ending:{entry.id}", f"{day}:{one.name}", one, arguments)


def _due(db: Session, watched: Watched, now: datetime) -> list[Due]:
    found = [each for each in reminders(db, watched, now) if each.reminder.at <= now < each.reminder.until]
    taken = timetable.taken_among(db, watched.settings.team, [(each.rule, each.period) for each in found])
    return [each for each in found if (each.rule, each.period) not in taken]


def _week(db: Session, settings: Programme, now: datetime) -> tuple[str, datetime] | None:
    """The week in which vacancies are to be told now, None where that was done or is too long ago."""
    at = newest(weekly(settings.timezone), now)
    period = period_key(at, settings.timezone)
    late = now - at > CATCH_UP
    return None if late or timetable.taken(db, settings.team, VACANCIES, period) else (period, at)


def _anything(settings: Programme, now: datetime, db: Session) -> bool:
    return bool(_week(db, settings, now) or _due(db, watch(db, settings), now))


def _remind(settings: Programme, now: datetime, db: Session) -> None:
    watched, team = watch(db, settings), settings.team
    for due in _due(db, watched, now):
        if not timetable.take(db, team, due.rule, due.period, due.reminder.at, now):
            continue
        for user in concerned(db, due.entry, watched.above(due.entry)):
            _nudge(db, settings, due.kind, f"{due.entry.id}:{due.period}", user, due.arguments, now, due.reminder.until)
    week = _week(db, settings, now)
    if week is not None and timetable.take(db, team, VACANCIES, week[0], week[1], now):
        for user in sorted({user for role, users in vacancies(db, watched, week[1]) for user in users}):
            until = at_clock(next_after(weekly(settings.timezone), week[1]).date(), "00:00", settings.timezone)
            _nudge(db, settings, VACANCIES, f"{week[0]}", user, {"week": week[0]}, now, until)


def _nudge(
    db: Session,
    settings: Programme,
    kind: str,
    subject: str,
    user: str,
    arguments: Mapping[str, Any],
    now: datetime,
    until: datetime,
) -> None:
    nudges.plan_nudge(
        db,
        team=settings.team,
        key=f"{kind}:{subject}:{user}",
        kind=kind,
        arguments={**arguments, "user": user},
        user=user,
        zone=settings.timezone,
        now=now,
        not_after=until,
    )


def vacancies(db: Session, watched: Watched, at: datetime) -> list[tuple[Entry, list[str]]]:
    """Return the roles that wait for somebody since before this moment, each with who is told of it."""
    today = today_in(watched.settings, at)
    return [
        (role, concerned(db, assignment))
        for assignment in watched.of(Kind.ASSIGNMENT)
        for role in open_roles(assignment, today)
        if role.made_at is None or role.made_at <= at
    ]


RHYTHM = Rhythm(tick, next_due)
