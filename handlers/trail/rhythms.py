"""What the trail does with time: each feature of it that waits for a moment is named on one line here."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from handlers.ticker import Rhythm
from handlers.trail import asking, gathering, looking_back, overdue, reminding
from handlers.world import World

RHYTHMS: Sequence[Rhythm] = (reminding.RHYTHM, gathering.RHYTHM, looking_back.RHYTHM, overdue.RHYTHM, asking.RHYTHM)


async def tick(world: World, now: datetime) -> None:
    """Let each do what is due."""
    for rhythm in RHYTHMS:
        await rhythm.tick(world, now)


def next_due(db: Session, now: datetime) -> datetime | None:
    """Return when there is something again for one of them."""
    moments = [rhythm.next_due(db, now) for rhythm in RHYTHMS]
    return min((moment for moment in moments if moment is not None), default=None)


RHYTHM = Rhythm(tick, next_due)
