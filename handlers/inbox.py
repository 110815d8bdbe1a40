"""Housekeeping of what was handled: keys and half-filled forms are forgotten when nobody can come back to them."""

from datetime import datetime, timedelta

from sqlmodel import Session

from handlers.delivery import Render
from handlers.routing import Routes
from handlers.ticker import Rhythm
from handlers.world import World
from storage import inbox, schema, timetable, worksessions

KEPT_KEYS = timedelta(days=7)
"""Slack repeats an event for at most a day; a week leaves room for a computer that was off."""
KEPT_FORMS = timedelta(days=30)
KEPT_COPIES = timedelta(days=7)
"""The copy made before an update is for going back in the first days; words withdrawn later would stay in it."""


async def tick(world: World, now: datetime) -> None:
    """Forget what was overwritten or withdrawn, and once a day what is too old to come back."""

    def sweep(db: Session) -> None:
        if timetable.take(db, "", "inbox.sweep", now.date().isoformat(), now, now):
            inbox.forget(db, now - KEPT_KEYS)
            worksessions.forget_forms(db, now - KEPT_FORMS)

    if not await world.database.read(lambda db: timetable.taken(db, "inbox.sweep", now.date().isoformat())):
        await world.database.write(sweep)
        schema.forget_copies(world.database.location, now - KEPT_COPIES)
    await world.database.tidy()


def next_due(db: Session, now: datetime) -> datetime | None:
    """Nobody waits for a sweep."""
    return None


ROUTES = Routes()
MESSAGES: dict[str, Render] = {}
RHYTHM = Rhythm(tick, next_due)
