"""One tap says how a promise stands: kept, moved, dropped; and a tap by mistake is undone."""

from collections.abc import Callable
from functools import partial

from sqlmodel import Session

from bot.problem import Problem, Refused
from bot.programme import Action, allow
from bot.promises import Promise, State, drop, keep, move, reopen
from handlers.promises.days import read_day
from handlers.promises.recording import Found, find, owe_person, record
from handlers.routing import Answer, Click, metadata_of, problems_ack
from handlers.views import promises as views
from handlers.world import Asker, World
from storage import inbox, promises


async def done(click: Click, world: World) -> Answer:
    """It was done: who wanted it hears so, once."""
    return await _mark(click, world, lambda db, found: keep(found.promise, world.now()))


async def dropped(click: Click, world: World) -> Answer:
    """It will not come."""
    return await _mark(click, world, lambda db, found: drop(found.promise, world.now()))


async def undone(click: Click, world: World) -> Answer:
    """It was marked by mistake."""

    def again(db: Session, found: Found) -> Promise:
        trail = promises.events(db, click.team, found.promise.id)
        return reopen(found.promise, trail, promises.of_impression(db, click.team, found.promise.impression))

    return await _mark(click, world, again)


async def _mark(click: Click, world: World, step: Callable[[Session, Found], Promise]) -> Answer:
    def save(db: Session) -> tuple[Asker, Promise]:
        found = _markable(db, world, click, click.value)
        after = step(db, found)
        if inbox.first(db, click.team, click.key, world.now()):
            record(db, world, found.asker.settings, found.promise, after, click.user, found.capacity)
            if after.state is State.KEPT:
                _tell_takers(db, world, found, after)
        return found.asker, after

    asker, after = await world.write(save)
    if not _in_public(click):
        return Answer()  # their own message or Home follows by itself
    text, blocks = views.marked(after, asker.words)
    return Answer(then=[world.whisper(click, text, blocks)])


async def open_move(click: Click, world: World) -> Answer:
    """It comes later: ask for the new day."""

    def look(db: Session) -> Found:
        found = _markable(db, world, click, click.value)
        if not found.promise.stands:
            raise Refused("promises.over")
        return found

    found = await world.database.read(look)
    return Answer(then=[world.open(click, views.move_form(found.told, found.asker.words))])


async def save_move(click: Click, world: World) -> Answer:
    """The new day was handed in."""
    asker, problems = await world.write(partial(_save_move, click, world))
    return Answer(ack=problems_ack(click, world, asker.words, problems)) if problems else Answer()


def _save_move(click: Click, world: World, db: Session) -> tuple[Asker, list[Problem]]:
    found = _markable(db, world, click, metadata_of(click).get("promise", ""))
    if inbox.seen(db, click.team, click.key):
        return found.asker, []
    due, problems = read_day(click, found.asker, world.now(), found.promise.due, required=True)
    if due is None:
        return found.asker, problems
    after = move(found.promise, due, world.now())
    inbox.first(db, click.team, click.key, world.now())
    record(db, world, found.asker.settings, found.promise, after, click.user, found.capacity)
    return found.asker, []


def _markable(db: Session, world: World, click: Click, promise_id: str) -> Found:
    found = find(db, world, click, promise_id, Action.MARK_PROMISE)
    allow(found.asker.member, Action.MARK_PROMISE, found.as_owner)
    if found.session.is_practice and click.user != found.session.created_by:
        raise Refused("promises.gone")
    return found


def _tell_takers(db: Session, world: World, found: Found, promise: Promise) -> None:
    for user in promises.takers(db, promise.team, promise.id):
        owe_person(
            db, world, found.asker.settings, found.session,
            key=f"promises.kept:{promise.id}:{user}", kind="promises.kept",
            arguments={"id": promise.id, "user": user}, user=user,
        )  # fmt: skip


def _in_public(click: Click) -> bool:
    return not click.view_id and bool(click.channel) and not click.channel.startswith("D")
