"""Changing places: one asks, the other agrees, and both change in one transaction."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.problem import Refused
from bot.programme import Action, Member, Programme, allow
from bot.selection import (
    Group,
    SwapState,
    check_swap,
    propose_swap,
    settle_swap,
    swap_partners,
    swapped,
)
from bot.worksessions import WorkSession
from handlers.delivery import Body, Render
from handlers.routing import Answer, Click, Handler, metadata_of
from handlers.selection.changing import carry_out, settle
from handlers.selection.seating import thread_link
from handlers.views import selection_seats as views
from handlers.words import Words
from handlers.world import Asker, World
from storage import delivery, inbox, programme, selection, worksessions

Partners = Mapping[str, tuple[str, ...]]


async def open_swap(click: Click, world: World) -> Answer:
    """Somebody wants to change places with somebody in another group."""

    def look(db: Session) -> tuple[Asker, WorkSession, list[Group], Partners, dict[str, Member]]:
        asker = world.asker(db, click)
        allow(asker.member, Action.SWAP_SEAT)
        session = _session(db, click.team, click.value)
        groups = selection.groups_of(db, session.team, session.id)
        check_swap(session, groups, click.user, world.now())
        partners = swap_partners(groups, click.user)
        if not partners:
            raise Refused("selection.swap_alone")
        members = programme.members(db, click.team, [user for people in partners.values() for user in people])
        return asker, session, groups, partners, {member.user: member for member in members}

    asker, session, groups, partners, members = await world.database.read(look)
    return Answer(then=[world.open(click, views.swap_form(session, groups, partners, members, asker.words))])


async def ask_swap(click: Click, world: World) -> Answer:
    """The form "with whom": the other is asked; an earlier proposal of the same person makes place."""
    asker = await world.write(partial(_ask, click, world))
    view = views.swap_asked(click.text("partner"), asker.words)
    return Answer(ack={"response_action": "update", "view": view.to_dict()})


def _ask(click: Click, world: World, db: Session) -> Asker:
    asker, now, partner = world.asker(db, click), world.now(), click.text("partner")
    allow(asker.member, Action.SWAP_SEAT)
    session = _session(db, click.team, metadata_of(click).get("session", ""))
    groups = selection.groups_to_change(db, session.team, session.id)
    proposed = propose_swap(session, groups, click.user, partner, world.ids("sw"), now)
    earlier = selection.open_swap(db, session.team, session.id, click.user)
    if earlier is not None and earlier.partner == partner:
        return asker  # still waits for the same answer
    if not inbox.first(db, click.team, click.key, now):
        return asker
    if earlier is not None:
        settle(db, session, replace(earlier, state=SwapState.REPLACED), now)
    selection.save_swap(db, click.team, proposed)
    delivery.plan(
        db,
        team=click.team,
        key=f"selection.swap:{proposed.id}",
        kind="selection.swap",
        arguments={"id": proposed.id},
        user=partner,
        now=now,
        not_after=session.ends_at,
    )
    return asker


async def answer_swap(click: Click, world: World) -> Answer:
    """The other agrees, or rather not. The message itself says what became of it."""

    def save(db: Session) -> None:
        allow(world.asker(db, click).member, Action.SWAP_SEAT)
        now, asked = world.now(), selection.swap(db, click.team, click.value)
        if asked is None:
            raise Refused("selection.swap_settled")
        groups = selection.groups_to_change(db, click.team, asked.work_session)
        found = selection.swap(db, click.team, click.value)
        if found is None or inbox.seen(db, click.team, click.key):
            return
        session = _session(db, click.team, found.work_session)
        settled = settle_swap(session, groups, found, click.user, click.argument == "yes", now)
        inbox.first(db, click.team, click.key, now)
        settle(db, session, settled, now)
        if settled.state is SwapState.DONE:
            carry_out(db, session, groups, swapped(groups, settled), now, f"swap:{settled.id}")

    await world.write(save)
    return Answer()


def _session(db: Session, team: str, session_id: str) -> WorkSession:
    session = worksessions.one(db, team, session_id)
    if session is None:
        raise Refused("worksessions.gone")
    return session


def question(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The message that proposes to change places; nothing where that was settled before it left."""
    found = selection.swap(db, settings.team, str(arguments["id"]))
    return settled(db, settings, arguments, words) if found and found.state is SwapState.ASKED else None


def settled(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The same message as it stands now: with its buttons, or with what became of it."""
    found = selection.swap(db, settings.team, str(arguments["id"]))
    session = worksessions.one(db, settings.team, found.work_session) if found else None
    if found is None or session is None:
        return None
    return Body(*views.swap_question(found, session, selection.groups_of(db, session.team, session.id), words))


def outcome(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The message that tells the asker what became of it."""
    found = selection.swap(db, settings.team, str(arguments["id"]))
    if found is None or found.state in (SwapState.ASKED, SwapState.REPLACED):
        return None
    wanted = selection.group(db, settings.team, found.partner_group)
    if wanted is None:
        return None
    return Body(*views.swap_outcome(found, wanted.number, thread_link(db, settings.team, wanted.id), words))


ACTIONS: Mapping[str, Handler] = {"selection.swap": open_swap, "selection.swap_answer": answer_swap}
FORMS: Mapping[str, Handler] = {"selection.swap": ask_swap}
MESSAGES: dict[str, Render] = {
    "selection.swap": question,
    "selection.swap_settled": settled,
    "selection.swap_outcome": outcome,
}
