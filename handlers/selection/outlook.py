"""Before closing: the coordinator opens a window that says how the groups would come out now, and keeps it right."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial

from slack_sdk.errors import SlackApiError
from slack_sdk.models.views import View
from sqlmodel import Session

from bot.problem import Refused
from bot.programme import Action, allow
from bot.selection import foresee
from bot.selection.allocation import Allocation
from bot.selection.shaping import closed
from bot.worksessions import State, WorkSession
from handlers.routing import Answer, Click, Handler, metadata_of
from handlers.selection.closing import Gathered, gather
from handlers.views import selection_outlook as views
from handlers.world import TRIGGER_TIMEOUT, Asker, World
from storage import worksessions

CALLBACK = "selection.outlook"


async def open_outlook(click: Click, world: World) -> Answer:
    """The coordinator wants to know how it would come out; the window opens at once, the answer follows."""
    asker, session = await world.database.read(partial(look, click, world, click.value))
    if session.state is not State.CHOOSING:
        raise closed(session)
    return Answer(then=[_open(click, world, asker, session)])


async def again(click: Click, world: World) -> Answer:
    """The coordinator wants the newest state."""
    await world.database.read(partial(look, click, world, metadata_of(click).get("session", "")))
    return Answer(then=[refresh(click, world)])


async def leave(click: Click, world: World) -> Answer:
    """The coordinator leaves a small offer as it is: it is not proposed again in this window."""
    _, session = await world.database.read(partial(look, click, world, metadata_of(click).get("session", "")))
    left = left_alone(click)
    return Answer(then=[refresh(click, world, left=(*left, click.value) if session.topic(click.value) else left)])


def look(click: Click, world: World, session_id: str, db: Session) -> tuple[Asker, WorkSession]:
    """Return who asks and the session. Raises Refused for who may not shape it, or where there is none."""
    asker = world.asker(db, click)
    allow(asker.member, Action.SHAPE_OFFER)
    session = worksessions.one(db, click.team, session_id)
    if session is None or session.state in (State.PLANNED, State.CANCELLED):
        raise Refused("worksessions.gone")
    return asker, session


def left_alone(click: Click) -> tuple[str, ...]:
    """Return which small offers this window was told to leave as they are."""
    return tuple(filter(None, metadata_of(click).get("left", "").split(",")))


def in_window(click: Click) -> bool:
    """Say whether somebody pressed in this window, so that a form goes on top of it."""
    return str((click.body.get("view") or {}).get("callback_id", "")) == CALLBACK


def window(click: Click) -> str:
    """Return the id of the window to paint anew after a click in it or in a form on top of it; "" when there is none.

    The ids come from Slack with the click, so nobody can point at the window of somebody else.
    """
    if in_window(click):
        return click.view_id
    root = str((click.body.get("view") or {}).get("root_view_id") or "")
    return "" if root == click.view_id or not metadata_of(click).get("session") else root


async def refresh(click: Click, world: World, notice: str = "", left: Sequence[str] | None = None) -> None:
    """Paint the window anew; `notice` says what was done, harmless. Where no window is open, nothing happens."""
    view_id = window(click)
    if not view_id:
        return
    session_id = metadata_of(click).get("session", "")
    asker, session = await world.database.read(partial(look, click, world, session_id))
    kept = left_alone(click) if left is None else left
    if session.state is not State.CHOOSING:
        await _show(world, session, view_id, views.closed(session, asker.words))
    elif shown := await _show(world, session, view_id, views.computing(session, notice, kept, asker.words)):
        await _compute(world, asker, session, view_id, shown, notice, kept)


async def _open(click: Click, world: World, asker: Asker, session: WorkSession) -> None:
    view = views.computing(session, "", (), asker.words)
    async with asyncio.timeout(TRIGGER_TIMEOUT):
        answer = await world.slack_of(click.team).views_open(trigger_id=click.trigger, view=view.to_dict())
    opened = answer["view"]
    await _compute(world, asker, session, str(opened["id"]), str(opened["hash"]), "", ())


async def _compute(
    world: World, asker: Asker, session: WorkSession, view_id: str, shown: str, notice: str, left: Sequence[str]
) -> None:
    """Try out the groups and show what comes of it, one window after another: each keeps a processor busy.

    `shown` is the hash of what the window shows; once it shows something newer, this result is not wanted any more.
    """
    world.newest_view[view_id] = shown
    painted = False
    try:
        async with world.foreseeing:
            if world.newest_view.get(view_id) == shown:
                view = await _board(world, asker, session.id, notice, left)
                await _show(world, session, view_id, view, shown)
        painted = True
    finally:
        if not painted:
            await _show(world, session, view_id, views.failed(session, left, asker.words), shown)
        if world.newest_view.get(view_id) == shown:
            del world.newest_view[view_id]


async def _board(world: World, asker: Asker, session_id: str, notice: str, left: Sequence[str]) -> View:
    found = await world.database.read(lambda db: gather(db, worksessions.one(db, asker.member.team, session_id)))
    assert found is not None  # sessions are never taken away
    if found.session.state is not State.CHOOSING:
        return views.closed(found.session, asker.words)
    allocation = await world.solve(found.instance)
    # with a thousand people this takes longer than other clicks may wait
    return await asyncio.to_thread(_drawn, found, allocation, notice, left, asker)


def _drawn(found: Gathered, allocation: Allocation, notice: str, left: Sequence[str], asker: Asker) -> View:
    foreseen = foresee(found.session, found.picks, found.members, found.instance, allocation)
    return views.board(found.session, foreseen, notice, left, asker.words)


async def _show(world: World, session: WorkSession, view_id: str, view: View, shown: str | None = None) -> str:
    """Change a window, when `shown` is given only if it still shows that; returns its new hash.

    Returns "" for one that was closed in the meantime or shows something newer: both are no error.
    """
    try:
        answer = await world.slack_of(session.team).views_update(view_id=view_id, view=view.to_dict(), hash=shown)
    except SlackApiError as error:
        if error.response.get("error") not in ("not_found", "hash_conflict"):
            raise
        return ""
    return str(answer["view"]["hash"])


ACTIONS: Mapping[str, Handler] = {
    "selection.outlook": open_outlook,
    "selection.outlook_again": again,
    "selection.leave": leave,
}
FORMS: Mapping[str, Handler] = {}
