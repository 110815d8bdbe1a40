"""Once a night the whole database is looked through: damage is found within a day, and a person is told, once."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from sqlmodel import Session

from bot.programme import Programme
from handlers.delivery import Body, Render
from handlers.routing import Routes
from handlers.ticker import Rhythm
from handlers.views.frame import escaped, section
from handlers.words import Words
from handlers.world import World
from storage import backups, delivery, programme, timetable
from storage.database import on_server

log = structlog.get_logger()

RULE = "checking.night"


async def tick(world: World, now: datetime) -> None:
    """Look for damage in a file once a day, beside whoever works, and let go of the copies whose time is over.

    A server looks after its own disk.
    """
    location, today = world.database.location, now.date()
    if on_server(location):
        return
    if not await world.database.read(lambda db: timetable.taken(db, timetable.EVERYWHERE, RULE, today.isoformat())):
        backups.forget(location, today)
        found = await asyncio.to_thread(backups.damage, location)
        if found:
            log.error("database damaged", found=found)
        await world.write(partial(_note, now=now, damaged=bool(found)))


def _note(db: Session, *, now: datetime, damaged: bool) -> None:
    """Keep that tonight is done, and owe every coordinator one message about damage: one a month at most."""
    if not timetable.take(db, timetable.EVERYWHERE, RULE, now.date().isoformat(), now, now) or not damaged:
        return
    for settings in programme.programmes(db):
        for person in programme.coordinators(db, settings.team):
            delivery.plan(
                db,
                team=settings.team,
                key=f"checking.damaged:{now:%Y-%m}:{person.user}",
                kind="checking.damaged",
                arguments={},
                user=person.user,
                now=now,
            )


def told(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """Say to a coordinator what has to be done, and by whom."""
    text = words("checking.damaged")
    return Body(text, [section(escaped(text))])


def next_due(db: Session, now: datetime) -> datetime | None:
    """Nobody waits for it."""
    return None


ROUTES = Routes()
MESSAGES: dict[str, Render] = {"checking.damaged": told}
RHYTHM = Rhythm(tick, next_due)
