"""The call in the channel: owed once, painted anew while people propose and back, closed when the session starts."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.programme import Programme
from bot.proposals import go_on, of_scope, takes_proposals
from bot.worksessions import State, WorkSession
from handlers.delivery import Body
from handlers.views import proposals_call as views
from handlers.words import Words
from handlers.world import World
from storage import delivery, programme, proposals, worksessions

KIND = "proposals.call"


def owe_call(db: Session, session: WorkSession, now: datetime) -> bool:
    """Owe the channel the question which themes people want; returns False where it was asked already."""
    return delivery.plan(
        db, team=session.team, key=_key(session.id), kind="proposals.call", arguments={"id": session.id},
        channel=session.channel, now=now,
    )  # fmt: skip


def owe_change(db: Session, session: WorkSession, now: datetime, why: str) -> bool:
    """Owe the call what it says now, where it may not be lost: its end, its outcome, and words that must go."""
    return delivery.plan_change(db, team=session.team, of=_key(session.id), why=why, now=now)


def asked(db: Session, team: str, now: datetime, session_id: str | None = None) -> list[WorkSession]:
    """Return the sessions whose call shows a proposal for this session; one for "the next" stands in every call."""
    return [
        session
        for session in worksessions.after(db, team, now)
        if session_id in (None, session.id)
        and takes_proposals(session, now)
        and proposals.was_asked(db, team, session.id)
    ]


def repaint(world: World, team: str, session_id: str | None) -> None:
    """Let the calls that show a proposal for this session follow, at most once every two seconds each."""
    world.tasks.start(_repaint(world, team, session_id))


async def _repaint(world: World, team: str, session_id: str | None) -> None:
    for session in await world.database.read(lambda db: asked(db, team, world.now(), session_id)):
        world.repaint(team, "proposals.call", session.id)


def call(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The message in which people propose and back themes, and later what came of it."""
    session = worksessions.one(db, settings.team, str(arguments["id"]))
    if session is None:
        return None
    if session.state is State.PLANNED:
        found = of_scope(proposals.waiting(db, settings.team), session.id)
    else:
        found = proposals.chosen(db, settings.team, session.id)
    closed = session.state is not State.PLANNED or was_closed(db, session)
    text, blocks = views.call(session, found, words, is_open=not closed)
    return Body(text, blocks)


def was_closed(db: Session, session: WorkSession) -> bool:
    """Say whether proposing has ended by the clock; a message is made from what is kept, not from the clock."""
    return delivery.parcel(db, session.team, f"{_key(session.id)}:{_end(session)}") is not None


async def tick(world: World, now: datetime) -> None:
    """When a session starts, its call says that proposing is over; when it ends without topics, its proposals go on."""

    def close(db: Session) -> None:
        for session in worksessions.in_state(db, [State.PLANNED]):
            if session.starts_at <= now:
                owe_change(db, session, now, _end(session))

    def due(db: Session) -> bool:
        found = [each for each in worksessions.in_state(db, [State.PLANNED]) if each.starts_at <= now]
        return any(proposals.was_asked(db, each.team, each.id) and not was_closed(db, each) for each in found)

    if await world.database.read(due):
        await world.write(close)
    if await world.database.read(partial(proposals.overdue, now=now)):
        await world.write(lambda db: proposals.save(db, map(go_on, proposals.overdue(db, now))))


def next_due(db: Session, now: datetime) -> datetime | None:
    """Return when the next session starts for which themes are being proposed."""
    found = [each for each in worksessions.in_state(db, [State.PLANNED]) if each.starts_at > now]
    return min((each.starts_at for each in found if proposals.was_asked(db, each.team, each.id)), default=None)


def repaint_all(db: Session, now: datetime) -> list[tuple[str, str]]:
    """Return team and id of the sessions with an open call: a restart may have lost their counters."""
    return [
        (settings.team, session.id)
        for settings in programme.programmes(db)
        for session in asked(db, settings.team, now)
    ]


def _key(session_id: str) -> str:
    return f"{KIND}:{session_id}"


def _end(session: WorkSession) -> str:
    """A session that is moved to another day ends anew."""
    return f"over:{session.starts_at.isoformat()}"
