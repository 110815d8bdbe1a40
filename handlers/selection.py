"""Choosing a topic with one tap, and the groups when choosing closes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.delivery import Operation
from bot.problem import Refused
from bot.programme import Action, Programme, Region, allow
from bot.selection import Choice, Group, Wish, choose, close, unserved
from bot.worksessions import State, WorkSession
from handlers.delivery import Body
from handlers.programme import enrol_all
from handlers.routing import Answer, Click, Routes, metadata_of
from handlers.ticker import Rhythm
from handlers.views import programme as programme_views
from handlers.views import selection as views
from handlers.words import Words
from handlers.world import Asker, World
from storage import delivery, inbox, programme, selection, worksessions


@dataclass(frozen=True)
class Chosen:
    """What one tap led to, and whether the person is still to be asked for a region."""

    asker: Asker
    session: WorkSession
    choice: Choice
    regions: tuple[Region, ...] = ()


async def pick(click: Click, world: World) -> Answer:
    """Somebody pressed a topic, or chose another one from the list in their own confirmation."""
    return await _pick(click, world, Wish.TOPIC)


async def pick_anywhere(click: Click, world: World) -> Answer:
    """Somebody does not know, and goes where there is room."""
    return await _pick(click, world, Wish.ANYWHERE)


async def pick_absent(click: Click, world: World) -> Answer:
    """Somebody cannot come."""
    return await _pick(click, world, Wish.ABSENT)


async def _pick(click: Click, world: World, wish: Wish) -> Answer:
    chosen = await world.database.write(partial(_choose, click, world, wish))
    if chosen is None:
        return Answer()
    if chosen.choice.changed:
        world.repaint(click.team, "selection.card", chosen.session.id)
    return Answer(then=[_confirm(click, world, chosen)])


def _choose(click: Click, world: World, wish: Wish, db: Session) -> Chosen | None:
    """All of it or none of it: the pick, what it replaces, and the key that makes a second delivery harmless."""
    now = world.now()
    if not inbox.first(db, click.team, click.key, now):
        return None
    topic = click.value if wish is Wish.TOPIC else None
    where = {"topic_id": click.value} if topic else {"session_id": click.value}
    found = selection.situation(db, click.team, click.user, **where)
    if found is None:
        raise Refused("selection.unknown_topic")
    allow(found.member, Action.PICK)
    session = found.session
    asker = Asker(found.member, found.settings, world.words_for(found.member, found.settings))
    counts = selection.counts(db, session.id) if session.group_limit is not None else {}
    choice = choose(session, click.user, wish, topic, found.before, counts, now)
    if choice.changed:
        selection.save_pick(db, click.team, session.id, choice.pick)
    regions: tuple[Region, ...] = ()
    if found.member.region is None and not found.region_asked:
        programme.ask_region_once(db, click.team, click.user, now)
        regions = tuple(programme.regions(db, click.team))
    return Chosen(asker, session, choice, regions)


async def _confirm(click: Click, world: World, chosen: Chosen) -> None:
    words = chosen.asker.words
    pick, changed = chosen.choice.pick, chosen.choice.changed
    text, blocks = views.own_choice(chosen.session, pick.wish, pick.topic, changed, words)
    await world.whisper(click, text, blocks, replace=click.argument == "switch")
    if chosen.regions:
        question = programme_views.region_question(chosen.regions, chosen.asker.settings.region_word, words)
        await world.whisper(click, words("programme.region_question", word=chosen.asker.settings.region_word), question)


async def close_now(click: Click, world: World) -> Answer:
    """The coordinator closes choosing early."""

    def save(db: Session) -> WorkSession:
        allow(world.asker(db, click).member, Action.CLOSE_SELECTION)
        session = worksessions.one(db, click.team, click.value)
        if session is None or session.state is not State.CHOOSING:
            raise Refused("worksessions.grouped_already")
        form_groups(db, session, world)
        return session

    await world.write(save)
    return Answer()


def form_groups(db: Session, session: WorkSession, world: World) -> None:
    """Fix the groups, and owe the channel the list and a thread for each group, in the caller's transaction."""
    seatings = close(session, selection.picks_of(db, session.id))
    groups = [
        Group(world.ids("gr"), session.id, number, (seating.topic,), seating.facilitator, seating.people)
        for number, seating in enumerate(seatings, start=1)
    ]
    selection.save_groups(db, session.team, groups)
    worksessions.set_state(db, session.id, State.GROUPED)
    now = world.now()
    for group in groups:
        delivery.plan(
            db,
            team=session.team,
            key=f"selection.group:{group.id}",
            kind="selection.group",
            arguments={"id": group.id},
            channel=session.channel,
            now=now,
        )
    _owe_change(db, session, now, "closed")


def owe_card(db: Session, session: WorkSession, now: datetime) -> None:
    """Owe the channel the message in which people choose, in the transaction that makes the session."""
    delivery.plan(
        db,
        team=session.team,
        key=f"selection.card:{session.id}",
        kind="selection.card",
        arguments={"id": session.id},
        channel=session.channel,
        now=now,
    )


def _owe_change(db: Session, session: WorkSession, now: datetime, why: str) -> None:
    card = f"selection.card:{session.id}"
    delivery.plan(
        db,
        team=session.team,
        key=f"{card}:{why}",
        kind="selection.card",
        arguments={"id": session.id},
        channel=session.channel,
        target_key=card,
        operation=Operation.UPDATE,
        now=now,
    )


async def open_move(click: Click, world: World) -> Answer:
    """The coordinator wants to move somebody to another group, or give a group a facilitator."""

    def look(db: Session) -> tuple[Asker, WorkSession, list[Group]]:
        asker = world.asker(db, click)
        allow(asker.member, Action.MOVE_SEAT)
        session = worksessions.one(db, click.team, click.value)
        if session is None or session.state is not State.GROUPED:
            raise Refused("worksessions.gone")
        return asker, session, selection.groups_of(db, session.id)

    asker, session, groups = await world.database.read(look)
    return Answer(then=[world.open(click, views.move_form(session, groups, asker.words))])


async def move(click: Click, world: World) -> Answer:
    """Somebody gets another seat, or a group another facilitator."""

    def save(db: Session) -> None:
        allow(world.asker(db, click).member, Action.MOVE_SEAT)
        session = worksessions.one(db, click.team, metadata_of(click).get("session", ""))
        group = selection.group(db, click.team, click.text("group"))
        if session is None or group is None or group.work_session != session.id:
            raise Refused("worksessions.gone")
        if not inbox.first(db, click.team, click.key, world.now()):
            return
        user = click.text("person")
        touched = {group.id} | {other.id for other in selection.groups_of(db, session.id) if other.has(user)}
        if click.text("as") == "facilitator":
            selection.lead(db, group.id, user)
        else:
            selection.move_seat(db, click.team, group, user)
        _owe_change(db, session, world.now(), f"moved:{click.key}")
        for group_id in sorted(touched):
            delivery.plan(
                db,
                team=click.team,
                key=f"selection.group:{group_id}:moved:{click.key}",
                kind="selection.group",
                channel=session.channel,
                arguments={"id": group_id},
                target_key=f"selection.group:{group_id}",
                operation=Operation.UPDATE,
                now=world.now(),
            )

    await world.write(save)
    return Answer(then=[enrol_all(world, click.team, [click.text("person")])])


def card(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The message of a session: topics to choose from, and later the groups."""
    session = worksessions.one(db, settings.team, str(arguments["id"]))
    if session is None:
        return None
    if session.state is State.CHOOSING:
        text, blocks = views.choices(session, selection.counts(db, session.id), selection.wishes(db, session.id), words)
    else:
        groups = selection.groups_of(db, session.id)
        threads = {
            group.id: link
            for group in groups
            if (at := delivery.sent(db, settings.team, f"selection.group:{group.id}")) and (link := delivery.link(*at))
        }
        text, blocks = views.groups(
            session, groups, unserved(session, groups), threads, selection.wishes(db, session.id), words
        )
    return Body(text, blocks)


def group_post(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The message that opens the thread of a group."""
    group = selection.group(db, settings.team, str(arguments["id"]))
    session = worksessions.one(db, settings.team, group.work_session) if group else None
    if group is None or session is None:
        return None
    text, blocks = views.group_thread(session, group, words)
    return Body(text, blocks)


async def tick(world: World, now: datetime) -> None:
    """Close what is due."""

    def due(db: Session) -> list[str]:
        found = worksessions.in_state(db, [State.CHOOSING])
        return [session.id for session in found if session.closes_at is not None and session.closes_at <= now]

    for session_id in await world.database.read(due):

        def shut(db: Session, session_id: str = session_id) -> None:
            session = worksessions.find(db, session_id)
            if session is not None and session.state is State.CHOOSING:
                form_groups(db, session, world)

        await world.write(shut)


def next_due(db: Session, now: datetime) -> datetime | None:
    """Return when choosing closes next."""
    moments = [session.closes_at for session in worksessions.in_state(db, [State.CHOOSING]) if session.closes_at]
    return min(moments, default=None)


def repaint_all(db: Session) -> list[tuple[str, str]]:
    """Return team and id of the sessions in which people are choosing: a restart may have lost their counters."""
    return [(session.team, session.id) for session in worksessions.in_state(db, [State.CHOOSING])]


ROUTES = Routes(
    actions={
        "selection.pick": pick,
        "selection.anywhere": pick_anywhere,
        "selection.absent": pick_absent,
        "selection.close": close_now,
        "selection.move": open_move,
    },
    forms={"selection.move": move},
)
MESSAGES = {"selection.card": card, "selection.group": group_post}
RHYTHM = Rhythm(tick, next_due)
