"""What waits for one person, of every feature, most urgent first."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from handlers import followup, impressions, introductions, promises, prompting, themes
from handlers.delivery import notices
from handlers.trail import awaiting, obstacles, proposed, telling
from handlers.waiting import Urgency, Waiting

SOURCES: tuple[Callable[[Session, str, str, datetime], list[Waiting]], ...] = (
    prompting.waiting_for,
    impressions.waiting_for,
    promises.waiting_for,
    introductions.waiting_for,
    followup.waiting_for,
    themes.waiting_for,
    notices.waiting_for,
    obstacles.waiting_for,
    telling.waiting_for,
    proposed.waiting_for,
    awaiting.waiting_for,
)
"""Every feature in which something can wait for somebody; choosing and invitations are in `looking`."""
LATER = datetime.max.replace(tzinfo=UTC)
SOON = timedelta(days=14)
"""A promise waits for somebody from two weeks before its day on; before that it only comes."""


def is_ahead(found: Waiting, now: datetime) -> bool:
    """Say whether this is only to come: a promise whose day is far."""
    return found.urgency is Urgency.PROMISED and found.due is not None and found.due > now + SOON


def waiting_for(db: Session, team: str, user: str, now: datetime) -> list[Waiting]:
    """Return everything that the features say waits for this person, in no order."""
    return [each for source in SOURCES for each in source(db, team, user, now)]


def in_order(found: list[Waiting]) -> tuple[Waiting, ...]:
    """Return it most urgent first, and among equals what is due first."""
    return tuple(sorted(found, key=lambda each: (each.urgency, each.due or LATER)))
