"""Housekeeping: what is past its time is let go of, once a day, and what was overwritten leaves the files."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from sqlmodel import Session

from bot.privacy.expiring import KEPT_COPIES
from bot.programme import Programme
from handlers.delivery import Body, Render
from handlers.routing import Routes
from handlers.ticker import Rhythm
from handlers.words import Words
from handlers.world import AGAIN, World
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
            world.searcher.forget(team)
            log.warning("workspace purged", team=team, rows=sum(gone.values()))
        schema.forget_copies(world.database.location, now - KEPT_COPIES)
        await world.database.write(lambda db: timetable.take(db, timetable.EVERYWHERE, "inbox.sweep", today, now, now))
    await world.database.tidy()


def next_due(db: Session, now: datetime) -> datetime | None:
    """Nobody waits for a sweep."""
    return None


def again(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The message to who pressed something that Slack took too long for."""
    return Body(words("slack.again"))


ROUTES = Routes()
MESSAGES: dict[str, Render] = {AGAIN: again}
RHYTHM = Rhythm(tick, next_due)
