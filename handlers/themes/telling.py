"""The weekly message with what is proposed, and what of themes waits on somebody's Home."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.programme import Action, Place, Programme, may
from handlers.delivery import Body
from handlers.posts import owe_change
from handlers.themes.showing import table
from handlers.views import themes_proposed, themes_queue
from handlers.waiting import Urgency, Waiting
from handlers.words import Words
from handlers.world import World
from storage import delivery, programme
from storage.themes import queue

REPAINTED = 12
"""Messages with proposals that follow what is decided, the newest: of those before, everything is decided."""


def weekly(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The message to a coordinator; once nothing in it waits any more, it says thanks and shows nobody's words."""
    found = table(db, settings.team).found
    return Body(*themes_proposed.weekly(found, words))


def repaint(db: Session, world: World, team: str) -> None:
    """Let the messages that show proposals say what is true now: decided on, or without what was withdrawn."""
    for key in delivery.keys(db, team, "themes.proposed", "weekly")[-REPAINTED:]:
        owe_change(db, world, team, key)


def waiting_for(db: Session, team: str, user: str, now: datetime) -> list[Waiting]:
    """Return what of themes waits for somebody: notes to place, and for a coordinator the proposals."""
    member = programme.member(db, team, user)
    everything = may(member, Action.PLACE_NOTE)
    found = []
    if everything or may(member, Action.PLACE_NOTE, Place(wrote=True)):
        number = queue.count(db, team, user, everything=everything)
        if number:
            found.append(Waiting(Urgency.THEMES, partial(themes_queue.waits, number)))
    if may(member, Action.CURATE_THEMES):
        proposed = table(db, team, sentences=False).found
        if proposed:
            found.append(Waiting(Urgency.THEMES, partial(themes_proposed.waits, len(proposed))))
    return found
