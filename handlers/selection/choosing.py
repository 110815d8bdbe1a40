"""Taps on topics: one's own choice, in order of liking where that counts, and with whom one likes to sit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.problem import Refused
from bot.programme import Action, Programme, Region, allow
from bot.selection import Choice, Pair, Wish, answered, ask, choose, clear, rank
from bot.worksessions import Mode, WorkSession
from handlers.delivery import Body, Render
from handlers.programme import enrol_all
from handlers.routing import Answer, Click, Handler, metadata_of
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


Decide = Callable[[Session, selection.Situation, datetime], Choice]


async def pick(click: Click, world: World) -> Answer:
    """Somebody pressed a topic, or chose another one from the list in their own confirmation."""
    return await _choose(click, world, partial(_take, click, Wish.TOPIC), topic=click.value)


async def pick_anywhere(click: Click, world: World) -> Answer:
    """Somebody does not know, and goes where there is room."""
    return await _choose(click, world, partial(_take, click, Wish.ANYWHERE))


async def pick_absent(click: Click, world: World) -> Answer:
    """Somebody cannot come."""
    return await _choose(click, world, partial(_take, click, Wish.ABSENT))


async def pick_rank(click: Click, world: World) -> Answer:
    """Somebody says which topic is their first, second or third choice."""

    def put(db: Session, found: selection.Situation, now: datetime) -> Choice:
        at = int(click.argument) if click.argument.isdecimal() else -1
        return rank(found.session, click.user, at, click.value, found.before, now)

    return await _choose(click, world, put, topic=click.value)


def _take(click: Click, wish: Wish, db: Session, found: selection.Situation, now: datetime) -> Choice:
    session = found.session
    counts = selection.counts(db, session.id) if session.is_limited and session.mode is Mode.FREE else {}
    topic = click.value if wish is Wish.TOPIC else None
    return choose(session, click.user, wish, topic, found.before, counts, now)


async def _choose(click: Click, world: World, decide: Decide, topic: str = "") -> Answer:
    chosen = await world.database.write(partial(_save, click, world, decide, topic))
    if chosen is None:
        return Answer()
    if chosen.choice.changed:
        world.repaint(click.team, "selection.card", chosen.session.id)
        if chosen.choice.pick.wish is Wish.ABSENT:
            world.wake_courier()
    return Answer(then=[_confirm(click, world, chosen)])


def _save(click: Click, world: World, decide: Decide, topic: str, db: Session) -> Chosen | None:
    """All of it or none of it: the pick, what it replaces, and the key that makes a second delivery harmless."""
    now = world.now()
    if not inbox.first(db, click.team, click.key, now):
        return None
    where = {"topic_id": topic} if topic else {"session_id": click.value}
    found = selection.situation(db, click.team, click.user, **where)
    if found is None:
        raise Refused("selection.unknown_topic")
    allow(found.member, Action.PICK)
    session = found.session
    asker = Asker(found.member, found.settings, world.words_for(found.member, found.settings))
    choice = decide(db, found, now)
    if choice.changed:
        selection.save_pick(db, click.team, session.id, choice.pick)
        _tell_of_gap(db, session, choice, now)
    regions: tuple[Region, ...] = ()
    if found.member.region is None and not found.region_asked:
        programme.ask_region_once(db, click.team, click.user, now)
        regions = tuple(programme.regions(db, click.team))
    return Chosen(asker, session, choice, regions)


def _tell_of_gap(db: Session, session: WorkSession, choice: Choice, now: datetime) -> None:
    """A facilitator who cannot come leaves a topic without one: the coordinator hears of it, once for each topic."""
    user = choice.pick.user
    if choice.pick.wish is not Wish.ABSENT or user == session.created_by:
        return
    for topic in session.topics:
        if topic.facilitator == user:
            delivery.plan(
                db,
                team=session.team,
                key=f"selection.gap:{topic.id}:{user}",
                kind="selection.gap",
                arguments={"topic": topic.id, "session": session.id, "user": user},
                user=session.created_by,
                now=now,
                not_after=session.closes_at,
            )


async def _confirm(click: Click, world: World, chosen: Chosen) -> None:
    words = chosen.asker.words
    text, blocks = views.own_choice(chosen.session, chosen.choice, words)
    await world.whisper(click, text, blocks, replace=bool(click.argument))
    if chosen.regions:
        question = programme_views.region_question(chosen.regions, chosen.asker.settings.region_word, words)
        await world.whisper(click, words("programme.region_question", word=chosen.asker.settings.region_word), question)


async def start_over(click: Click, world: World) -> Answer:
    """Somebody wants to choose anew, with nothing chosen."""

    def forget(db: Session) -> Asker | None:
        now = world.now()
        found = selection.situation(db, click.team, click.user, session_id=click.value)
        if found is None:
            raise Refused("selection.unknown_topic")
        allow(found.member, Action.PICK)
        clear(found.session, now)
        if inbox.first(db, click.team, click.key, now):
            selection.drop_pick(db, found.session.id, click.user)
        return Asker(found.member, found.settings, world.words_for(found.member, found.settings))

    asker = await world.database.write(forget)
    if asker is None:
        return Answer()
    world.repaint(click.team, "selection.card", click.value)
    return Answer(then=[world.whisper(click, asker.words("selection.own_nothing"), replace=True)])


async def open_pair(click: Click, world: World) -> Answer:
    """Somebody would like to sit with one other person."""

    def look(db: Session) -> tuple[Asker, WorkSession, str | None]:
        asker = world.asker(db, click)
        allow(asker.member, Action.ASK_PAIR)
        session = worksessions.one(db, click.team, click.value)
        if session is None:
            raise Refused("worksessions.gone")
        clear(session, world.now())
        mine = [found.partner for found in selection.pairs_of(db, session.id) if found.asker == click.user]
        return asker, session, next(iter(mine), None)

    asker, session, partner = await world.database.read(look)
    return Answer(then=[world.open(click, views.pair_form(session, partner, asker.words))])


async def ask_pair(click: Click, world: World) -> Answer:
    """The form "with whom": the other is asked, in the same transaction."""
    partner = click.text("partner")
    if partner and not await world.database.read(lambda db: programme.is_known(db, click.team, partner)):
        await enrol_all(world, click.team, [partner])

    def save(db: Session) -> Asker:
        asker, now = world.asker(db, click), world.now()
        allow(asker.member, Action.ASK_PAIR)
        session = worksessions.one(db, click.team, metadata_of(click).get("session", ""))
        if session is None:
            raise Refused("worksessions.gone")
        wish = ask(session, asker.member, programme.member(db, click.team, partner), world.ids("pr"), now)
        known = [found for found in selection.pairs_of(db, session.id) if found.asker == click.user]
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
    """The other says yes or no to sitting together."""

    def save(db: Session) -> tuple[Asker, Pair]:
        asker, now = world.asker(db, click), world.now()
        allow(asker.member, Action.ASK_PAIR)
        found = selection.pair(db, click.team, click.value)
        session = worksessions.one(db, click.team, found.work_session) if found else None
        if found is None or session is None:
            raise Refused("selection.pair_gone")
        selection.answer_pair(db, found.id, answered(session, found, click.user, click.argument == "yes", now))
        return asker, found

    asker, found = await world.write(save)
    text = asker.words(
        "selection.pair_yes" if click.argument == "yes" else "selection.pair_no", name=f"<@{found.asker}>"
    )
    return Answer(then=[world.whisper(click, text)])


def pair_question(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The message that asks somebody whether they like to sit with who asked."""
    found = selection.pair(db, settings.team, str(arguments["id"]))
    session = worksessions.one(db, settings.team, found.work_session) if found else None
    return Body(*views.pair_question(session, found, words)) if found and session else None


def gap(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The message to the coordinator that a facilitator cannot come; nothing once that has changed."""
    session = worksessions.one(db, settings.team, str(arguments["session"]))
    topic = session.topic(str(arguments["topic"])) if session else None
    wish = selection.pick_of(db, session.id, str(arguments["user"])) if session else None
    if session is None or topic is None or topic.facilitator != arguments["user"]:
        return None
    if wish is None or wish.wish is not Wish.ABSENT:
        return None
    return Body(*views.facilitator_away(session, topic, words))


ACTIONS: Mapping[str, Handler] = {
    "selection.pick": pick,
    "selection.anywhere": pick_anywhere,
    "selection.absent": pick_absent,
    "selection.rank": pick_rank,
    "selection.clear": start_over,
    "selection.pair": open_pair,
    "selection.pair_answer": answer_pair,
}
FORMS: Mapping[str, Handler] = {"selection.pair": ask_pair}
MESSAGES: dict[str, Render] = {"selection.pair": pair_question, "selection.gap": gap}
