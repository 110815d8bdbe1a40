"""After the groups were made: moving somebody, a place for who comes late, why somebody sits where they sit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.problem import Problem, Refused
from bot.programme import Action, Programme, allow
from bot.selection import (
    Change,
    Duty,
    Group,
    Pick,
    Why,
    Wish,
    best_place,
    explain,
    group_of,
    leading_topic,
    leave,
    move,
    seat_late,
    still_grouped,
)
from bot.worksessions import State, WorkSession
from handlers.delivery import Body, Render
from handlers.programme import get_to_know
from handlers.routing import Answer, Click, Handler, metadata_of, problems_ack
from handlers.selection.changing import carry_out, owe_list
from handlers.views import selection_groups as views
from handlers.views import selection_seats as seat_views
from handlers.words import Words
from handlers.world import Asker, World
from storage import delivery, inbox, programme, selection, worksessions


async def open_move(click: Click, world: World) -> Answer:
    """The coordinator wants to give somebody a seat, or a group somebody who leads it or takes its notes."""

    def look(db: Session) -> tuple[Asker, WorkSession, list[Group], Group | None]:
        asker = world.asker(db, click)
        allow(asker.member, Action.MOVE_SEAT)
        group = selection.group(db, click.team, click.value)
        session = worksessions.one(db, click.team, group.work_session if group else click.value)
        if session is None:
            raise Refused("worksessions.gone")
        if session.state is not State.GROUPED:
            raise Refused("selection.no_groups_yet")
        groups = selection.groups_of(db, session.team, session.id)
        if not groups:
            raise Refused("selection.none_made")
        return asker, session, groups, group

    asker, session, groups, group = await world.database.read(look)
    return Answer(then=[world.open(click, views.move_form(session, groups, asker.words, group))])


async def save_move(click: Click, world: World) -> Answer:
    """The coordinator handed in who sits where, and as what."""
    user = click.text("person")
    await get_to_know(world, click.team, user, lambda db: allow(world.asker(db, click).member, Action.MOVE_SEAT))
    try:
        await world.write(partial(_move, click, world))
    except Refused as refused:
        if refused.key != "selection.group_full":
            raise
        words = await world.words_of(click.team, click.user)
        return Answer(ack=problems_ack(click, world, words, [Problem("group", refused.key, refused.values)]))
    return Answer()


def _move(click: Click, world: World, db: Session) -> None:
    allow(world.asker(db, click).member, Action.MOVE_SEAT)
    now, user, duty = world.now(), click.text("person"), click.text("as")
    session = worksessions.one(db, click.team, metadata_of(click).get("session", ""))
    if session is None:
        raise Refused("worksessions.gone")
    if not programme.member(db, click.team, user).takes_part:
        raise Refused("selection.move_nobody")
    groups = selection.groups_to_change(db, session.team, session.id)
    wider = "wider" in click.many("room")
    as_what = Duty(duty) if duty in set(Duty) else Duty.PARTICIPANT
    change = move(session, groups, click.text("group"), user, as_what, now, wider=wider)
    if not change.groups or not inbox.first(db, click.team, click.key, now):
        return
    _make_room(db, session, change)
    pick = selection.pick_of(db, session.team, session.id, user)
    if pick is not None and pick.wish is Wish.ABSENT:
        selection.save_pick(db, click.team, session.id, Pick(user, Wish.ANYWHERE, (), now, placed_by=click.user))
    carry_out(db, session, groups, change, now, click.key)


def _make_room(db: Session, session: WorkSession, change: Change) -> None:
    """Let a group that the coordinator made larger have that size as its own limit."""
    for group in change.groups:
        lead = leading_topic(session, group)
        most = session.maximum(lead) if lead else None
        if lead is not None and most is not None and len(group.people) > most:
            worksessions.limit_topic(db, session.team, lead.id, lead.minimum, len(group.people))


@dataclass(frozen=True)
class Place:
    """Where somebody sits, with the address of the thread; no group when every group is full."""

    asker: Asker
    session: WorkSession
    group: Group | None
    link: str | None
    known: bool = False


async def take_seat(click: Click, world: World) -> Answer:
    """Somebody without a seat takes the best one there is: under the list, or after a tap that came too late."""
    place = await world.write(partial(_seat, click, world))
    text, blocks = seat_views.own_seat(place.session, place.group, place.link, place.known, place.asker.words)
    return Answer(then=[world.whisper(click, text, blocks, replace=bool(click.argument))])


def _seat(click: Click, world: World, db: Session) -> Place:
    asker, now = world.asker(db, click), world.now()
    allow(asker.member, Action.TAKE_SEAT)
    session, topic = _where(db, click)
    still_grouped(session, now)
    groups = selection.groups_to_change(db, session.team, session.id)
    mine = group_of(groups, click.user)
    if mine is not None:
        return Place(asker, session, mine, thread_link(db, click.team, mine.id), known=True)
    if not inbox.first(db, click.team, click.key, now):
        raise Refused("slack.unknown")
    pick = selection.pick_of(db, session.team, session.id, click.user)
    if pick is None or pick.wish is Wish.ABSENT:
        on_offer = topic is not None and session.topic(topic) is not None
        wish, chosen = (Wish.TOPIC, (topic,)) if topic and on_offer else (Wish.ANYWHERE, ())
        pick = Pick(click.user, wish, chosen, now)
        selection.save_pick(db, click.team, session.id, pick)
        owe_list(db, session, now, click.key)
    members = programme.members(db, click.team, [user for group in groups for user in group.people])
    regions = {member.user: member.region for member in members}
    wanted = (topic, *pick.topics) if topic else pick.topics
    try:
        group = best_place(session, groups, wanted, asker.member.region, regions)
    except Refused as refused:
        if refused.key != "selection.no_room":
            raise
        return Place(asker, session, None, None)
    carry_out(db, session, groups, seat_late(group, click.user), now, click.key)
    return Place(asker, session, group, thread_link(db, click.team, group.id))


def _where(db: Session, click: Click) -> tuple[WorkSession, str | None]:
    """Return the session that a button is about, by its own id or by that of one of its topics."""
    session = worksessions.one(db, click.team, click.value)
    if session is not None:
        return session, None
    session = worksessions.of_topic(db, click.team, click.value)
    if session is None:
        raise Refused("worksessions.gone")
    return session, click.value


def thread_link(db: Session, team: str, group_id: str) -> str | None:
    """Return the address of a group's thread, once its head was posted."""
    at = delivery.sent(db, team, f"selection.group:{group_id}")
    return delivery.link(*at) if at else None


async def late(click: Click, world: World) -> Answer:
    """Answer a choice after closing: where they sit, or one button that gives them the best place."""

    def look(db: Session) -> tuple[Asker, WorkSession, Group | None, str | None]:
        asker = world.asker(db, click)
        allow(asker.member, Action.TAKE_SEAT)
        session, _ = _where(db, click)
        groups = selection.groups_of(db, session.team, session.id)
        mine = group_of(groups, click.user)
        if session.state is State.CANCELLED:
            raise Refused("followup.is_cancelled", title=session.title)
        if session.state in (State.CHOOSING, State.CLOSING):
            raise Refused("selection.late_soon", title=session.title)
        if mine is None and (session.state is not State.GROUPED or not groups or world.now() >= session.ends_at):
            raise Refused("selection.late", title=session.title, closed=session.closes_at or session.starts_at)
        return asker, session, mine, thread_link(db, click.team, mine.id) if mine else None

    asker, session, mine, link = await world.database.read(look)
    text, blocks = seat_views.late(session, click.value, mine, link, asker.words)
    return Answer(then=[world.whisper(click, text, blocks)])


async def why(click: Click, world: World) -> Answer:
    """Somebody asks why they sit where they sit."""

    def look(db: Session) -> tuple[Asker, WorkSession, Why | None]:
        asker = world.asker(db, click)
        allow(asker.member, Action.TAKE_SEAT)
        session, _ = _where(db, click)
        group = group_of(selection.groups_of(db, session.team, session.id), click.user)
        return asker, session, reason_of(db, session, group, click.user) if group else None

    asker, session, found = await world.database.read(look)
    text, blocks = seat_views.why_here(session, found, asker.words)
    return Answer(then=[world.whisper(click, text, blocks)])


def reason_of(db: Session, session: WorkSession, group: Group, user: str) -> Why:
    """Return why somebody sits in this group."""
    held = selection.seat(db, session.team, session.id, user)
    seat = held[1] if held and held[0] == group.id else None
    pick, partner = (
        selection.pick_of(db, session.team, session.id, user),
        selection.swapped_with(db, session.team, session.id, user),
    )
    return explain(session, group, seat, pick, user, partner)


async def account_left(click: Click, world: World) -> Answer:
    """Somebody's account changed; `handlers/programme.py` wrote it down before. Who left makes their seat free."""
    await tick(world, world.now())
    return Answer()


async def tick(world: World, now: datetime) -> None:
    """Take out of the groups who left the workspace, also while the bot was down or the groups were being made."""
    if await world.database.read(lambda db: selection.seated_but_gone(db, now)):
        await world.write(partial(_free, now))


def _free(now: datetime, db: Session) -> None:
    for team, session_id, user in selection.seated_but_gone(db, now):
        session = worksessions.one(db, team, session_id)
        if session is not None:
            groups = selection.groups_to_change(db, session.team, session_id)
            carry_out(db, session, groups, leave(groups, user), now, f"left:{user}:{now.isoformat()}")


def seated(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The message that says where somebody sits now, as things are when it leaves."""
    session = worksessions.one(db, settings.team, str(arguments["id"]))
    if session is None:
        return None
    user = str(arguments["user"])
    group = group_of(selection.groups_of(db, session.team, session.id), user)
    link = thread_link(db, settings.team, group.id) if group else None
    return Body(*seat_views.seated(session, group, user, link, words))


ACTIONS: Mapping[str, Handler] = {
    "selection.move": open_move,
    "selection.lead": open_move,
    "selection.seat": take_seat,
    "selection.why": why,
}
FORMS: Mapping[str, Handler] = {"selection.move": save_move}
EVENTS: Mapping[str, Sequence[Handler]] = {"user_change": [account_left]}
MESSAGES: dict[str, Render] = {"selection.seated": seated}
