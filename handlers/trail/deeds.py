"""What people decide about a region's trail is written in the trail of deeds: who, what, when, and no word of it."""

from sqlmodel import Session

from bot.trail import Entry
from handlers.routing import Click
from handlers.world import World
from storage import audit
from storage.audit import Deed


def tell_deed(db: Session, world: World, click: Click, deed: Deed, found: Entry) -> None:
    """Write down that whoever pressed did this with an entry."""
    audit.record(db, click.team, deed, world.now(), actor=click.user, subject=found.id, details={"sort": found.kind})
