"""The next date: invitations and answers, date polls, series, and dates that move or do not take place."""

from datetime import datetime

from sqlmodel import Session

from handlers.delivery import Render
from handlers.followup import (
    answering,
    deciding,
    holidays,
    inviting,
    messages,
    moving,
    polling,
    posting,
    proposing,
    reminding,
    repeating,
    series,
    series_running,
)
from handlers.followup.inviting import choose, give_answer, hand_in_plan, make
from handlers.followup.listing import running, waiting_for
from handlers.followup.messages import proposal
from handlers.followup.repainting import repaint_all
from handlers.routing import Routes
from handlers.ticker import Rhythm
from handlers.world import World

__all__ = [
    "MESSAGES",
    "RHYTHM",
    "ROUTES",
    "choose",
    "give_answer",
    "hand_in_plan",
    "make",
    "next_due",
    "proposal",
    "repaint_all",
    "running",
    "tick",
    "waiting_for",
]

PARTS = (inviting, proposing, posting, answering, deciding, moving, series, series_running, holidays)
TIMED = (reminding, polling, repeating)


async def tick(world: World, now: datetime) -> None:
    """Remind of sessions, end polls whose deadline has passed, and make the next session of a series."""
    for part in TIMED:
        await part.tick(world, now)


def next_due(db: Session, now: datetime) -> datetime | None:
    """Return when there is something to do next."""
    moments = [part.next_due(db, now) for part in TIMED]
    return min((moment for moment in moments if moment is not None), default=None)


ROUTES = Routes(
    actions={name: handler for part in PARTS for name, handler in part.ACTIONS.items()},
    forms={name: handler for part in PARTS for name, handler in part.FORMS.items()},
    commands={name: handler for part in PARTS for name, handler in part.COMMANDS.items()},
)
MESSAGES: dict[str, Render] = {
    kind: render for part in (messages, polling, repeating) for kind, render in part.MESSAGES.items()
}
RHYTHM = Rhythm(tick, next_due)
