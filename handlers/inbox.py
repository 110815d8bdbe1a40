"""Housekeeping: what is past its time is let go of, once a day, and what was overwritten leaves the files."""

from datetime import datetime
from functools import partial

import structlog
from sqlmodel import Session

from bot.privacy.expiring import KEPT_COPIES
from handlers.delivery import Render
from handlers.routing import Routes
from handlers.ticker import Rhythm
from handlers.world import World
from storage import expiring, leaving, programme, schema, timetable

log = structlog.get_logger()


async def tick(world: World, now: datetime) -> None:
    """Forget what was overwritten or withdrawn, and once a day what is too old to come back."""
    today = now.date().isoformat()
    if not await world.database.read(lambda db: timetable.taken(db, timetable.EVERYWHERE, "inbox.sweep", today)):
        for settings in await world.database.read(programme.programmes):
            await world.database.write(partial(expiring.sweep, team=settings.team, now=now))
        for team in await world.database.read(partial(leaving.overdue, now=now)):
            gone = await world.database.write(partial(leaving.purge, team=team, now=now))
            log.warning("workspace purged", team=team, rows=sum(gone.values()))
        schema.forget_copies(world.database.location, now - KEPT_COPIES)
        await world.database.write(lambda db: timetable.take(db, timetable.EVERYWHERE, "inbox.sweep", today, now, now))
    await world.database.tidy()


def next_due(db: Session, now: datetime) -> datetime | None:
    """Nobody waits for a sweep."""
    return None


ROUTES = Routes()
MESSAGES: dict[str, Render] = {}
RHYTHM = Rhythm(tick, next_due)
