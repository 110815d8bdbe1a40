"""With whom somebody likes to sit: asked by one, answered by the other, and counted when both want it."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from bot.problem import Refused
from bot.programme import Action, Programme, allow
from bot.selection import answered, ask, clear
from bot.worksessions import WorkSession
from handlers.delivery import Body, Render
from handlers.programme import get_to_know
from handlers.routing import Answer, Click, Handler, metadata_of
from handlers.views import selection as views
from handlers.words import Words
from handlers.world import Asker, World
from storage import delivery, inbox, programme, selection, worksessions


async def open_pair(click: Click, world: World) -> Answer:
    """Somebody would like to sit with one other person."""

    def look(db: Session) -> tuple[Asker, WorkSession, str | None]:
        asker = world.asker(db, click)
        allow(asker.member, Action.ASK_PAIR)
        session = worksessions.one(db, click.team, click.value)
        if session is None:
            raise Refused("worksessions.gone")
        clear(session, world.now())
        mine = [
            found.partner for found in selection.pairs_of(db, session.team, session.id) if found.asker == click.user
        ]
        return asker, session, next(iter(mine), None)

    asker, session, partner = await world.database.read(look)
    return Answer(then=[world.open(click, views.pair_form(session, partner, asker.words))])


async def ask_pair(click: Click, world: World) -> Answer:
    """The form "with whom": the other is asked, in the same transaction."""
    partner = click.text("partner")
    await get_to_know(world, click.team, partner, lambda db: allow(world.asker(db, click).member, Action.ASK_PAIR))

    def save(db: Session) -> Asker:
        asker, now = world.asker(db, click), world.now()
        allow(asker.member, Action.ASK_PAIR)
        session = worksessions.one(db, click.team, metadata_of(click).get("session", ""))
        if session is None:
            raise Refused("worksessions.gone")
        wish = ask(session, asker.member, programme.member(db, click.team, partner), world.ids("pr"), now)
        known = [found for found in selection.pairs_of(db, session.team, session.id) if found.asker == click.user]
        if any(found.partner == partner for found in known) or not inbox.first(db, click.team, click.key, now):
            return asker
        selection.ask_pair(db, click.team, wish)
        delivery.plan(
            db,
            team=click.team,
            key=f"selection.pair:{wish.id}",
            kind="selection.pair",
            arguments={"id": wish.id},
            user=partner,
            now=now,
            not_after=session.closes_at,
        )
        return asker

    asker = await world.write(save)
    return Answer(ack={"response_action": "update", "view": views.pair_asked(partner, asker.words).to_dict()})


async def answer_pair(click: Click, world: World) -> Answer:
    """The other says yes or no to sitting together. The message itself says what they said last."""

    def save(db: Session) -> None:
        now = world.now()
        allow(world.asker(db, click).member, Action.ASK_PAIR)
        found = selection.pair(db, click.team, click.value)
        session = worksessions.one(db, click.team, found.work_session) if found else None
        if found is None or session is None:
            raise Refused("selection.pair_gone")
        if not inbox.first(db, click.team, click.key, now):
            return
        selection.answer_pair(
            db, click.team, found.id, answered(session, found, click.user, click.argument == "yes", now)
        )
        delivery.plan_change(db, team=click.team, of=f"selection.pair:{found.id}", why=click.key, now=now)

    await world.write(save)
    return Answer()


def pair_question(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The message that asks somebody whether they like to sit with who asked, and then shows what they said."""
    found = selection.pair(db, settings.team, str(arguments["id"]))
    session = worksessions.one(db, settings.team, found.work_session) if found else None
    return Body(*views.pair_question(session, found, words)) if found and session else None


ACTIONS: Mapping[str, Handler] = {"selection.pair": open_pair, "selection.pair_answer": answer_pair}
FORMS: Mapping[str, Handler] = {"selection.pair": ask_pair}
MESSAGES: dict[str, Render] = {"selection.pair": pair_question}
