"""A theme for everybody stands in the message in which people choose, and in the thread of every group."""

from slack_sdk.models.blocks import Block
from sqlmodel import Session

from bot.trail import Kind
from bot.trail.cross_themes import taken_along
from bot.worksessions import WorkSession
from handlers.views import trail_cross_themes as views
from handlers.words import Words
from storage import trail


def told(db: Session, session: WorkSession, words: Words, *, group: bool = False) -> list[Block]:
    """Return what every group of a session takes along, for the whole session or in the thread of one `group`."""
    names = taken_along(trail.entries(db, session.team, regions=[None], kinds=[Kind.CROSS_THEME]), session)
    return [views.taken_along(names, words, group=group)] if names else []
