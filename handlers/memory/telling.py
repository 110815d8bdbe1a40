"""The messages that a question brings about elsewhere: in a region's channel, and to who asked it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.programme import Programme
from handlers.delivery import Body
from handlers.memory import answering
from handlers.posts import owe_change
from handlers.views import memory_asking as views
from handlers.words import Words
from handlers.world import World
from storage import delivery, memory, programme, text_index, timetable
from storage.memory import AskedState

KEPT = timedelta(days=7)
"""The words of a question that waits for nobody."""
FORGOTTEN = timedelta(seconds=30)
"""A question that is still looked up after this was cut off by a restart."""


def question(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """A question as it is put to a region; once it is answered or taken back, that."""
    asked = memory.one(db, settings.team, str(arguments["id"]))
    if asked is None:
        return None
    if asked.state is not AskedState.WAITING or not asked.text:
        return Body(*views.settled(asked.state is AskedState.WITHDRAWN, words))
    member = programme.member(db, settings.team, asked.user)
    region = programme.region(db, settings.team, member.region) if member.region else None
    return Body(*views.put(asked.id, asked.text, region.name if region else "", words))


def knows(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """To who asked: somebody knows something, and where that can be read."""
    asked = memory.one(db, settings.team, str(arguments["id"]))
    if asked is None:
        return None
    if not asked.text:
        return Body(*views.settled(asked.state is AskedState.WITHDRAWN, words))
    at = (str(arguments.get("channel") or ""), str(arguments.get("ts") or ""))
    member = programme.member(db, settings.team, str(arguments["user"]))
    region = programme.region(db, settings.team, member.region) if member.region else None
    link = delivery.link(*at) if all(at) else ""
    return Body(*views.knows(asked.id, asked.text, member.user, region.name if region else "", link, words))


async def tick(world: World, now: datetime) -> None:
    """Take in what was published before there was an index, go on with what a restart cut off, let answers follow."""
    for team in await world.database.read(lambda db: [each.team for each in programme.programmes(db)]):
        while not await world.database.read(partial(memory.is_indexed, team=team)):
            await world.database.write(partial(memory.index_more, team=team))
        if await world.database.read(partial(memory.is_behind, team=team)):
            await world.database.write(partial(_follow, world=world, team=team))
    for asked in await world.database.read(lambda db: memory.unanswered(db, now - FORGOTTEN)):
        await answering.look_up(world, asked)
    today = now.date().isoformat()
    if not await world.database.read(lambda db: timetable.taken(db, timetable.EVERYWHERE, "memory.sweep", today)):
        await world.database.write(lambda db: _sweep(db, today, now))


def _follow(db: Session, world: World, team: str) -> None:
    for question_id in memory.follow(db, team):
        owe_change(db, world, team, f"{answering.ANSWER}:{question_id}")


def _sweep(db: Session, today: str, now: datetime) -> None:
    if timetable.take(db, timetable.EVERYWHERE, "memory.sweep", today, now, now):
        memory.forget(db, now - KEPT)
        text_index.tidy(db)


def next_due(db: Session, now: datetime) -> datetime | None:
    """Nobody waits for what is done here: an answer is given when it is asked."""
    return None
