"""What time brings to rules that obstruct: a weekly reminder of what waits too long, and a list every month.

Nobody is reminded of what they cannot answer, and nothing is sent that would be empty.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache, partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.calendar import at_clock, is_dutch_holiday, next_sending_time, period_key
from bot.programme import Programme, Role
from bot.trail import obstacles as rules
from handlers.delivery import Body, Render
from handlers.ticker import Rhythm
from handlers.views import trail_overdue as views
from handlers.words import Words, load
from handlers.world import World
from storage import delivery, nudges, programme, timetable
from storage.trail import asking

CLOCK = "09:00"
WEEK = timedelta(days=7)
LATE = timedelta(days=3)
"""A weekly reminder that was missed by more waits for the next week."""
LATE_MONTH = timedelta(days=7)
"""A monthly list that was missed by more is no list of that month any more."""


async def tick(world: World, now: datetime) -> None:
    """Remind account managers once a week, and send the list once a month."""
    for settings, month in await world.database.read(partial(_due, now=now)):
        await world.write(partial(_list if month else _remind, settings, now))


def next_due(db: Session, now: datetime) -> datetime | None:
    """Return when the next reminder or list leaves, where there is any rule to tell of."""
    found = []
    for settings in programme.programmes(db):
        if asking.obstacles(db, settings.team):
            for month in (False, True):
                for at in (_turn(settings, now, month=month), _turn(settings, now, month=month, next_=True)):
                    if at > now or _is_due(db, settings, now, month=month):
                        found.append(at)
    return min(found, default=None)


def _due(db: Session, now: datetime) -> list[tuple[Programme, bool]]:
    return [
        (settings, month)
        for settings in programme.programmes(db)
        for month in (False, True)
        if _is_due(db, settings, now, month=month) and asking.obstacles(db, settings.team)
    ]


def _is_due(db: Session, settings: Programme, now: datetime, *, month: bool) -> bool:
    at = _turn(settings, now, month=month)
    if not at <= now < at + (LATE_MONTH if month else LATE):
        return False
    return not timetable.taken(db, settings.team, _rule(month), _period(settings, at, month))


def _rule(month: bool) -> str:
    return "trail.rules_list" if month else "trail.overdue"


def _period(settings: Programme, at: datetime, month: bool) -> str:
    return f"{at.astimezone(ZoneInfo(settings.timezone)):%Y-%m}" if month else period_key(at, settings.timezone)


def _turn(settings: Programme, now: datetime, *, month: bool, next_: bool = False) -> datetime:
    """The first sending time of this week or month, or of the next one."""
    today = now.astimezone(ZoneInfo(settings.timezone)).date()
    first = today.replace(day=1) if month else today - timedelta(days=today.weekday())
    if next_:
        first = (first + timedelta(days=32)).replace(day=1) if month else first + WEEK
    return next_sending_time(at_clock(first, CLOCK, settings.timezone), settings.timezone, is_dutch_holiday)


def _today(settings: Programme, now: datetime) -> date:
    return now.astimezone(ZoneInfo(settings.timezone)).date()


def _remind(settings: Programme, now: datetime, db: Session) -> None:
    """Owe each account manager one reminder of all that waits too long with them."""
    at = _turn(settings, now, month=False)
    if not timetable.take(db, settings.team, _rule(False), _period(settings, at, False), at, now):
        return
    today = _today(settings, now)
    late = [one for one in asking.obstacles(db, settings.team) if rules.overdue(one, today, settings.timezone)]
    for user in sorted({one.user("manager") for one in late} - {""}):
        if not programme.member(db, settings.team, user).takes_part:
            continue
        nudges.plan_nudge(
            db,
            team=settings.team,
            key=f"trail.overdue:{user}:{_period(settings, at, False)}",
            kind="trail.overdue",
            arguments={"user": user, "on": today.isoformat()},
            user=user,
            zone=settings.timezone,
            now=now,
            not_after=at + WEEK,
        )


def overdue(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """To an account manager: what waits too long with them; nothing once it does not any more."""
    today, zone = date.fromisoformat(str(arguments["on"])), settings.timezone
    found = rules.month(asking.obstacles(db, settings.team), today, today, zone)
    mine = [one for one in found.late if one.user("manager") == str(arguments["user"])]
    names = {region.id: region.name for region in programme.regions(db, settings.team)}
    return Body(*views.overdue(mine, names, zone, words)) if mine else None


def _list(settings: Programme, now: datetime, db: Session) -> None:
    """Owe the coordinators and the account managers the list of the month, each what they may see of it."""
    at = _turn(settings, now, month=True)
    period = _period(settings, at, True)
    if not timetable.take(db, settings.team, _rule(True), period, at, now):
        return
    found = _month(db, settings, _today(settings, now))
    managers = asking.account_managers(db, settings.team)
    for member in programme.members(db, settings.team):
        asked = Role.COORDINATOR in member.roles or member.user in managers
        if asked and member.takes_part and not rules.month_for(member, found).silent:
            delivery.plan(
                db,
                team=settings.team,
                key=f"trail.rules_list:{period}:{member.user}",
                kind="trail.rules_list",
                arguments={"user": member.user, "on": _today(settings, now).isoformat()},
                user=member.user,
                now=now,
                not_before=next_sending_time(now, settings.timezone, is_dutch_holiday),
                not_after=at + LATE_MONTH,
            )


def _month(db: Session, settings: Programme, today: date) -> rules.Month:
    """The rules as they are, with the answers since the first of the month before."""
    since = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    return rules.month(asking.obstacles(db, settings.team), since, today, settings.timezone)


def rules_list(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The list of the month, in the language of the programme: it is passed on to the national partners."""
    today = date.fromisoformat(str(arguments["on"]))
    member = programme.member(db, settings.team, str(arguments["user"]))
    found = rules.month_for(member, _month(db, settings, today))
    names = {region.id: region.name for region in programme.regions(db, settings.team)}
    spoken = words if words.language == settings.language else _spoken(settings.language).in_zone(settings.timezone)
    return None if found.silent else Body(*views.month(found, names, settings.timezone, today, spoken))


@cache
def _spoken(language: str) -> Words:
    return load(language)


MESSAGES: dict[str, Render] = {"trail.overdue": overdue, "trail.rules_list": rules_list}
RHYTHM = Rhythm(tick, next_due)
