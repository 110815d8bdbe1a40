"""The first conversation with a new coordinator: a real session, or one to practise with that nobody else sees."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.problem import Refused
from bot.programme import Action, Programme, allow
from bot.worksessions import State, Topic, WorkSession
from handlers import worksessions as real
from handlers.delivery import Body
from handlers.routing import Answer, Click, Routes
from handlers.selection import owe_card
from handlers.views import practice as views
from handlers.words import Words
from handlers.world import Asker, World
from storage import delivery, inbox, practice, worksessions

CHOOSING = timedelta(minutes=15)
"""Long enough to look around, short enough to see the groups come by themselves."""
LENGTH = timedelta(hours=1)


def owe_welcome(db: Session, team: str, user: str, now: datetime) -> bool:
    """Owe a coordinator the first message, once and never again. Returns False where it was owed already."""
    return delivery.plan(
        db, team=team, key=f"practice.ready:{user}", kind="practice.ready", arguments={}, user=user, now=now
    )


def ready(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The first message: what the bot is for, and the question how to begin."""
    text, blocks = views.ready(words)
    return Body(text, blocks)


async def start(click: Click, world: World) -> Answer:
    """The coordinator wants to practise: a session in this conversation, with themes that count nowhere else."""
    asker, session = await world.write(partial(_make, click, world))
    if session is None:
        return Answer()
    text, blocks = views.started(session, asker.words)
    return Answer(then=[world.whisper(click, text, blocks, replace=True)])


async def make_real(click: Click, world: World) -> Answer:
    """The coordinator would rather make a real session; the form must not propose this conversation as its channel."""
    return await real.open_form(replace(click, channel=""), world)


def _make(click: Click, world: World, db: Session) -> tuple[Asker, WorkSession | None]:
    asker, now = world.asker(db, click), world.now()
    allow(asker.member, Action.MAKE_WORK_SESSION)
    if not click.channel.startswith("D"):
        raise Refused("practice.only_here")
    if not inbox.first(db, click.team, click.key, now):
        return asker, None
    if practice.running(db, click.team, click.channel):
        raise Refused("practice.running_already")
    names = [(world.ids("th"), name) for name in views.topic_names(asker.words)]
    practice.save_themes(db, click.team, names)
    session = WorkSession(
        id=world.ids("ws"),
        team=click.team,
        title=asker.words("practice.title"),
        channel=click.channel,
        starts_at=now,
        ends_at=now + LENGTH,
        closes_at=now + CHOOSING,
        opened_at=now,
        timezone=asker.settings.timezone,
        state=State.CHOOSING,
        created_by=click.user,
        topics=tuple(Topic(world.ids("tp"), name, name, theme, click.user) for theme, name in names),
    )
    worksessions.save(db, session, now)
    owe_card(db, session, now)
    return asker, session


ROUTES = Routes(actions={"practice.start": start, "practice.real": make_real})
MESSAGES = {"practice.ready": ready}
