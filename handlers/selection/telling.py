"""Word to who is concerned by what others decided about them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.programme import Programme
from bot.selection.shaping import is_choosing
from bot.worksessions import WorkSession
from handlers.delivery import Body, Render
from handlers.views import selection_shaping as views
from handlers.words import Words
from storage import delivery, selection, worksessions


def tell(
    db: Session, session: WorkSession, kind: str, subject: str, user: str, arguments: Mapping[str, Any], now: datetime
) -> None:
    """Owe one person word of what was done about them; practising writes to nobody else."""
    if not session.is_practice or user == session.created_by:
        delivery.plan(
            db,
            team=session.team,
            key=f"{kind}:{subject}",
            kind=kind,
            arguments=arguments,
            user=user,
            now=now,
            not_after=session.ends_at,
        )


def withdrawn(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The message that asks to choose again; nothing for who did so in the meantime, or once choosing has closed."""
    session = worksessions.one(db, settings.team, str(arguments["id"]))
    name = worksessions.topic_name(db, settings.team, str(arguments["topic"]))
    if session is None or name is None or not is_choosing(session):
        return None
    if selection.pick_of(db, session.team, session.id, str(arguments["user"])) is not None:
        return None
    return Body(*views.choose_again(session, name, card_link(db, session), words))


def placed(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The message that says where the coordinator put somebody; nothing once that is no longer so."""
    session = worksessions.one(db, settings.team, str(arguments["id"]))
    pick = selection.pick_of(db, session.team, session.id, str(arguments["user"])) if session else None
    if session is None or pick is None or pick.placed_by is None or not is_choosing(session):
        return None
    lead = session.lead(str(arguments["topic"]))
    if lead is None or session.lead(pick.topics[0]) is not lead:
        return None
    return Body(*views.placed(session, pick.placed_by, lead.id, card_link(db, session), words))


def appointed(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The message to a new facilitator; nothing once it is somebody else, or the topic is off the list."""
    session = worksessions.one(db, settings.team, str(arguments["id"]))
    topic = session.topic(str(arguments["topic"])) if session else None
    if session is None or topic is None or topic.facilitator != arguments["user"]:
        return None
    return Body(*views.appointed(session, topic, words))


def relieved(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The message to who facilitates a topic no more; nothing once they do again."""
    session = worksessions.one(db, settings.team, str(arguments["id"]))
    name = worksessions.topic_name(db, settings.team, str(arguments["topic"]))
    topic = session.topic(str(arguments["topic"])) if session else None
    if session is None or name is None or (topic is not None and topic.facilitator == arguments["user"]):
        return None
    return Body(*views.relieved(session, name, words))


def card_link(db: Session, session: WorkSession) -> str | None:
    """Return the address of the message in which people choose, once it has arrived."""
    at = delivery.sent(db, session.team, f"selection.card:{session.id}")
    return delivery.link(*at) if at else None


MESSAGES: dict[str, Render] = {
    "selection.withdrawn": withdrawn,
    "selection.placed": placed,
    "selection.appointed": appointed,
    "selection.relieved": relieved,
}
