"""What promises do with time: owners are reminded, and a session opens with what was promised before."""

from datetime import datetime
from functools import partial

from sqlmodel import Session

from bot.calendar import is_dutch_holiday
from bot.programme import Programme
from bot.promises import Promise, Reminder, comes_after, opens_with, reminders
from bot.worksessions import WorkSession
from handlers.promises.cards import readable
from handlers.promises.telling import owe_opening
from handlers.promises.wanting import next_news, tell_givers
from handlers.world import World
from storage import programme, promises, timetable, worksessions
from storage.nudges import plan_nudge

ONCE = "once"
"""A session opens once, also when it is moved afterwards."""


async def tick(world: World, now: datetime) -> None:
    """Remind whoever has something due, open the sessions that began, and tell givers who wants what they offered."""
    if await world.database.read(partial(_due, now=now)):
        await world.write(partial(_remind, now))
    for team, session_id in await world.database.read(partial(_beginning, now=now)):
        await world.write(partial(_open, world, team, session_id, now))
    await tell_givers(world, now)


def next_due(db: Session, now: datetime) -> datetime | None:
    """Return when a reminder leaves, a session begins or givers are told."""
    coming = [reminder.at for _, reminder in _reminders(db) if reminder.at > now]
    for settings in programme.programmes(db):
        if promises.agreed(db, settings.team):
            coming += [each.starts_at for each in worksessions.after(db, settings.team, now) if not each.is_practice]
    news = next_news(db, now)
    return min([*coming, *([news] if news else [])], default=None)


def _reminders(db: Session) -> list[tuple[Promise, Reminder]]:
    """Every reminder of what stands and has a day, also those that were given."""
    zones = {settings.team: settings.timezone for settings in programme.programmes(db)}
    return [
        (promise, reminder)
        for promise in promises.with_a_date(db)
        if promise.team in zones
        for reminder in reminders(promise, zones[promise.team], is_dutch_holiday)
    ]


def _due(db: Session, now: datetime) -> list[tuple[Promise, Reminder]]:
    return [
        (promise, reminder)
        for promise, reminder in _reminders(db)
        if reminder.at <= now < reminder.until
        and not timetable.taken(db, promise.team, _rule(promise), _period(promise, reminder))
    ]


def _remind(now: datetime, db: Session) -> None:
    for promise, reminder in _due(db, now):
        session, settings = worksessions.one(db, promise.team, promise.work_session), _settings(db, promise)
        period = _period(promise, reminder)
        if settings is None or not timetable.take(db, promise.team, _rule(promise), period, reminder.at, now):
            continue
        if session is None or session.is_practice:
            continue
        plan_nudge(
            db,
            team=promise.team,
            key=f"promises.reminder:{promise.id}:{period}",
            kind="promises.reminder",
            arguments={"id": promise.id, "due": str(promise.due)},
            user=promise.owner,
            zone=settings.timezone,
            now=now,
            not_after=reminder.until,
        )


def _settings(db: Session, promise: Promise) -> Programme | None:
    return programme.programme(db, promise.team)


def _rule(promise: Promise) -> str:
    return f"promises.reminder:{promise.id}"


def _period(promise: Promise, reminder: Reminder) -> str:
    return f"{promise.due}:{reminder.name}"


def _beginning(db: Session, now: datetime) -> list[tuple[str, str]]:
    """Workspace and id of the sessions that are held now and have not opened yet."""
    return [
        (team, session_id)
        for team, session_id in promises.under_way(db, now)
        if not timetable.taken(db, team, f"promises.opening:{session_id}", ONCE)
    ]


def _open(world: World, team: str, session_id: str, now: datetime, db: Session) -> None:
    session, settings = worksessions.one(db, team, session_id), programme.programme(db, team)
    if session is None or settings is None or session.is_practice:
        return
    found = _to_read_out(db, session)
    state = "done" if found else "skipped"
    if not timetable.take(db, team, f"promises.opening:{session_id}", ONCE, session.starts_at, now, state) or not found:
        return
    promises.open_with(db, team, session_id, [each.id for each in found], now)
    owe_opening(db, world, settings, session_id)


def _to_read_out(db: Session, session: WorkSession) -> list[Promise]:
    follows = worksessions.predecessor(db, session.team, session.id)
    earlier: dict[str, bool] = {}
    found = []
    for promise in promises.agreed(db, session.team):
        if promise.work_session not in earlier:
            before = worksessions.one(db, session.team, promise.work_session)
            earlier[promise.work_session] = before is not None and comes_after(session, before, follows)
        if earlier[promise.work_session]:
            found.append(promise)
    return opens_with(readable(db, found), promises.last_shown(db, session.team))
