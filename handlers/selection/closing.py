"""Closing: by the clock, by the coordinator, or when everybody has chosen; then the groups, computed elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import structlog
from sqlmodel import Session

from bot.problem import Refused
from bot.programme import Action, Member, allow
from bot.selection import Group, Pick, Seating, groups_from, is_complete, newly_on_duty, problem_of, together
from bot.selection.allocation import Instance
from bot.selection.shaping import closed
from bot.worksessions import State, WorkSession
from handlers.routing import Answer, Click, Handler
from handlers.selection.cards import owe_change, owe_group
from handlers.selection.telling import tell
from handlers.world import World
from storage import inbox, programme, selection, worksessions

log = structlog.get_logger()


@dataclass(frozen=True)
class Gathered:
    """Everything that the groups of one session follow from."""

    session: WorkSession
    picks: tuple[Pick, ...]
    members: tuple[Member, ...]
    instance: Instance


async def close_now(click: Click, world: World) -> Answer:
    """The coordinator closes choosing early."""

    def save(db: Session) -> WorkSession:
        allow(world.asker(db, click).member, Action.CLOSE_SELECTION)
        session = worksessions.one(db, click.team, click.value)
        if session is None:
            raise Refused("worksessions.gone")
        if session.state is not State.CHOOSING:
            raise closed(session)
        inbox.first(db, click.team, click.key, world.now())
        _shut(db, session, world.now())
        return session

    session = await world.write(save)
    return Answer(then=[form_groups(world, session.team, session.id)])


def _shut(db: Session, session: WorkSession, now: datetime) -> None:
    """Take no more choices; from here on the groups follow, whatever happens to this process."""
    if session.closes_at is None or session.closes_at > now:
        worksessions.set_closing(db, session.team, session.id, now)
    worksessions.set_state(db, session.team, session.id, State.CLOSING)


async def tick(world: World, now: datetime) -> None:
    """Close what is due, and make the groups of what was closed."""

    def shut(db: Session) -> list[tuple[str, str]]:
        for session in worksessions.in_state(db, [State.CHOOSING]):
            if _is_due(db, session, now):
                _shut(db, session, now)
        return [(session.team, session.id) for session in worksessions.in_state(db, [State.CLOSING])]

    if await world.database.read(partial(_anything, now=now)):
        for team, session_id in await world.write(shut):
            world.tasks.start(form_groups(world, team, session_id))


def _anything(db: Session, now: datetime) -> bool:
    if worksessions.in_state(db, [State.CLOSING]):
        return True
    return any(_is_due(db, session, now) for session in worksessions.in_state(db, [State.CHOOSING]))


def _is_due(db: Session, session: WorkSession, now: datetime) -> bool:
    if session.closes_at is not None and session.closes_at <= now:
        return True
    return session.close_when_all and is_complete(
        session, programme.members(db, session.team), selection.picks_of(db, session.team, session.id), now
    )


def next_due(db: Session, now: datetime) -> datetime | None:
    """Return when choosing closes next."""
    moments = [session.closes_at for session in worksessions.in_state(db, [State.CHOOSING]) if session.closes_at]
    return min(moments, default=None)


async def form_groups(world: World, team: str, session_id: str) -> None:
    """Compute the groups of a closed session beside the event loop, and write them in one transaction.

    A second call while the first computes does nothing; after a crash the next tick begins anew, with equal result.
    """
    if session_id in world.forming:
        return
    world.forming.add(session_id)
    try:
        found = await world.database.read(lambda db: gather(db, worksessions.one(db, team, session_id)))
        if found is None or found.session.state is not State.CLOSING:
            return
        allocation = await world.solve(found.instance)
        for objective in allocation.objectives:
            if not objective.proven:
                log.warning("groups not proven best", session=session_id, objective=objective.name,
                            value=objective.value, bound=objective.bound)  # fmt: skip
        seatings = groups_from(found.session, found.picks, found.members, found.instance, allocation)
        await world.write(partial(_save, world, team, session_id, seatings))
    finally:
        world.forming.discard(session_id)


def gather(db: Session, session: WorkSession | None) -> Gathered | None:
    """Read everything that the groups of a session follow from."""
    if session is None:
        return None
    picks = selection.picks_of(db, session.team, session.id)
    members = programme.members(db, session.team)
    pairs = together(selection.pairs_of(db, session.team, session.id))
    history = selection.history(db, session, [pick.user for pick in picks])
    instance = problem_of(session, picks, members, pairs, history)
    return Gathered(session, tuple(picks), tuple(members), instance)


def _save(world: World, team: str, session_id: str, seatings: list[Seating], db: Session) -> None:
    """Fix the groups, and owe the channel the list and a thread for each group, and word to who has to do something."""
    session, now = worksessions.one(db, team, session_id), world.now()
    if session is None or session.state is not State.CLOSING:
        return
    groups = [
        Group(
            world.ids("gr"),
            session.id,
            number,
            seating.topics,
            seating.facilitator,
            tuple(seat.user for seat in seating.seats),
            seating.note_taker,
        )
        for number, seating in enumerate(seatings, start=1)
    ]
    selection.save_groups(db, session.team, groups, [seat for seating in seatings for seat in seating.seats])
    worksessions.set_state(db, session.team, session.id, State.GROUPED)
    for group in groups:
        owe_group(db, session, group, now)
        for user in newly_on_duty(session, group):
            about = {"id": session.id, "user": user}
            tell(db, session, "selection.seated", f"{session.id}:{user}:closed", user, about, now)
    owe_change(db, session, now, "closed")


ACTIONS: Mapping[str, Handler] = {"selection.close": close_now}
FORMS: Mapping[str, Handler] = {}
