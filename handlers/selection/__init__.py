"""Choosing a topic, in free or ranked mode, and the groups that come of it: before, at and after closing."""

from datetime import datetime

from sqlmodel import Session

from handlers.delivery import Render
from handlers.routing import Routes
from handlers.selection import (
    appointing,
    cards,
    choosing,
    closing,
    outlook,
    pairing,
    reminding,
    seating,
    shaping,
    swapping,
    telling,
)
from handlers.selection.cards import owe_card, repaint_all
from handlers.ticker import Rhythm
from handlers.world import World

__all__ = ["MESSAGES", "RHYTHM", "ROUTES", "owe_card", "repaint_all"]

PARTS = (choosing, pairing, closing, outlook, shaping, appointing, seating, swapping)


async def tick(world: World, now: datetime) -> None:
    """Remind who did not choose, close what is due, and free the seats of who left."""
    await reminding.tick(world, now)
    await closing.tick(world, now)
    await seating.tick(world, now)


def next_due(db: Session, now: datetime) -> datetime | None:
    """Return when there is something to do next."""
    moments = [reminding.next_due(db, now), closing.next_due(db, now)]
    return min((moment for moment in moments if moment is not None), default=None)


ROUTES = Routes(
    actions={name: handler for part in PARTS for name, handler in part.ACTIONS.items()},
    forms={name: handler for part in PARTS for name, handler in part.FORMS.items()},
    events=seating.EVENTS,
)
MESSAGES: dict[str, Render] = {
    kind: render
    for part in (cards, choosing, pairing, reminding, seating, swapping, telling)
    for kind, render in part.MESSAGES.items()
}
RHYTHM = Rhythm(tick, next_due)
