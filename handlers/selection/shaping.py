"""From the window before closing: joining and removing topics, placing people, limits, the closing time, reminding.

Every change checks who asks, and the session as it is by now: a second coordinator may have changed it meanwhile.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from slack_sdk.models.views import View
from sqlmodel import Session

from bot.calendar import is_dutch_holiday
from bot.problem import Problem, Refused
from bot.programme import Action, allow
from bot.selection import shaping
from bot.selection.choosing import chosen_first
from bot.worksessions import WorkSession, closing
from handlers.programme import get_to_know
from handlers.routing import Answer, Click, Handler, metadata_of, problems_ack
from handlers.selection.cards import owe_change
from handlers.selection.closing import close_now
from handlers.selection.outlook import left_alone, look, refresh
from handlers.selection.reminding import remind
from handlers.selection.telling import tell
from handlers.views import selection_shaping as views
from handlers.views.selection import when
from handlers.world import Asker, World
from storage import delivery, inbox, programme, selection, worksessions

Change = Callable[[Session, Asker, WorkSession, datetime], tuple[Sequence[Problem], str]]
"""A change of the offer within its transaction: what is wrong with it, or else what was done, as harmless mrkdwn."""
Form = Callable[[Session, Asker, WorkSession], View]


async def from_menu(click: Click, world: World) -> Answer:
    """The coordinator chose what to do with one offer from its menu; the value says what, and with which topic."""
    what, _, topic = click.value.partition(":")
    asked = replace(click, value=topic)
    doors = {"merge": open_merge, "apart": take_apart, "limits": open_limits, "withdraw": open_withdraw}
    if what not in doors:
        raise Refused("slack.unknown")
    return await doors[what](asked, world)


async def open_merge(click: Click, world: World) -> Answer:
    """The coordinator wants to join two offers; the value names the first, and the second when it was proposed."""
    topic, _, into = click.value.partition(",")

    def make(db: Session, asker: Asker, session: WorkSession) -> View:
        lead = shaping.on_offer(session, topic)
        return views.merge_form(session, lead.id, into, left_alone(click), asker.words)

    return await _form(click, world, make)


async def merge(click: Click, world: World) -> Answer:
    """The form "merge": from now on the two are one offer."""

    def change(db: Session, asker: Asker, session: WorkSession, now: datetime) -> tuple[Sequence[Problem], str]:
        picks = selection.picks_of(db, session.team, session.id)
        moving, into, problems = shaping.merge(session, click.text("topic"), click.text("into"), picks)
        for topic in moving:
            worksessions.merge_topic(db, session.team, topic, into)
        joined = [*session.offer(into), *(topic for topic in session.topics if topic.id in moving)]
        return problems, views.merged(joined, asker.words)

    return await _change(click, world, Action.SHAPE_OFFER, change)


async def take_apart(click: Click, world: World) -> Answer:
    """The coordinator undoes what was joined: each topic is on the list by itself again."""

    def change(db: Session, asker: Asker, session: WorkSession, now: datetime) -> tuple[Sequence[Problem], str]:
        for topic in shaping.apart(session, click.value):
            worksessions.merge_topic(db, session.team, topic, None)
        return [], asker.words("selection.shape.taken_apart")

    return await _change(click, world, Action.SHAPE_OFFER, change)


async def open_withdraw(click: Click, world: World) -> Answer:
    """The coordinator wants to take a topic off the list."""

    def make(db: Session, asker: Asker, session: WorkSession) -> View:
        lead = shaping.on_offer(session, click.value)
        chosen = chosen_first(session, selection.counts(db, session.team, session.id))[lead.id]
        return views.withdraw_form(session, lead.id, chosen, left_alone(click), asker.words)

    return await _form(click, world, make)


async def withdraw(click: Click, world: World) -> Answer:
    """The form "take off the list": who has no choice left is asked to choose again, in the same transaction."""

    def change(db: Session, asker: Asker, session: WorkSession, now: datetime) -> tuple[Sequence[Problem], str]:
        topic = click.text("topic")
        found = shaping.withdraw(session, topic, selection.picks_of(db, session.team, session.id))
        worksessions.withdraw_topic(db, session.team, topic, now)
        for pick in found.changed:
            selection.save_pick(db, session.team, session.id, pick)
        for user in found.bereft:
            selection.drop_pick(db, session.team, session.id, user)
            arguments = {"id": session.id, "topic": topic, "user": user}
            tell(db, session, "selection.withdrawn", f"{topic}:{user}", user, arguments, now)
        gone = session.topic(topic)
        assert gone is not None  # else `withdraw` had refused
        if gone.facilitator and gone.facilitator != click.user:
            arguments = {"id": session.id, "topic": topic, "user": gone.facilitator}
            tell(db, session, "selection.relieved", world.ids("rl"), gone.facilitator, arguments, now)
        return [], views.withdrawn(gone.name, len(found.bereft), asker.words)

    return await _change(click, world, Action.SHAPE_OFFER, change)


async def open_place(click: Click, world: World) -> Answer:
    """The coordinator wants to put somebody with a topic."""
    return await _form(
        click, world, lambda db, asker, session: views.place_form(session, left_alone(click), asker.words)
    )


async def place(click: Click, world: World) -> Answer:
    """The form "place somebody": it counts as their choice until they choose themselves, and they hear of it."""
    user = click.text("person")
    await get_to_know(world, click.team, user, lambda db: allow(world.asker(db, click).member, Action.SHAPE_OFFER))

    def change(db: Session, asker: Asker, session: WorkSession, now: datetime) -> tuple[Sequence[Problem], str]:
        member = programme.member(db, click.team, user)
        picks = selection.picks_of(db, session.team, session.id)
        pick, problems = shaping.put(session, picks, member, click.text("topic"), click.user, now)
        if problems:
            return problems, ""
        offered = session.offer(click.text("topic"))
        if pick is not None:
            selection.save_pick(db, session.team, session.id, pick)
            arguments = {"id": session.id, "topic": offered[0].id, "user": user}
            tell(db, session, "selection.placed", world.ids("pl"), user, arguments, now)
        return [], views.put(user, offered, asker.words)

    return await _change(click, world, Action.SHAPE_OFFER, change)


async def open_limits(click: Click, world: World) -> Answer:
    """The coordinator wants to give a topic limits of its own."""

    def make(db: Session, asker: Asker, session: WorkSession) -> View:
        return views.limits_form(session, shaping.on_offer(session, click.value), left_alone(click), asker.words)

    return await _form(click, world, make)


async def limit(click: Click, world: World) -> Answer:
    """The form "size of the group"."""

    def change(db: Session, asker: Asker, session: WorkSession, now: datetime) -> tuple[Sequence[Problem], str]:
        lead = shaping.on_offer(session, metadata_of(click).get("topic", ""))
        picks = selection.picks_of(db, session.team, session.id)
        least, most, problems = shaping.limits(session, lead.id, click.text("sizes"), picks)
        if not problems:
            worksessions.limit_topic(db, session.team, lead.id, least, most)
        return problems, asker.words("selection.shape.limited")

    return await _change(click, world, Action.SHAPE_OFFER, change)


async def open_closing(click: Click, world: World) -> Answer:
    """The coordinator wants another closing time."""

    def make(db: Session, asker: Asker, session: WorkSession) -> View:
        allow(asker.member, Action.CLOSE_SELECTION)
        return views.closing_form(session, left_alone(click), asker.words)

    return await _form(click, world, make)


async def set_closing(click: Click, world: World) -> Answer:
    """The form "other closing time": a reminder that still waits is given as long as people have to choose."""

    def change(db: Session, asker: Asker, session: WorkSession, now: datetime) -> tuple[Sequence[Problem], str]:
        day, clock = click.text("closes_day"), click.text("closes")
        closes_at, problems = closing(day, clock, session.starts_at, session.ends_at, asker.settings.timezone, now)
        if closes_at is None:
            return problems, ""
        worksessions.set_closing(db, session.team, session.id, closes_at)
        delivery.keep_until(db, session.team, f"selection.reminder:{session.id}:", closes_at)
        shown = when(replace(session, closes_at=closes_at), asker.words)
        return [], asker.words("selection.shape.closes", closes=shown)

    return await _change(click, world, Action.CLOSE_SELECTION, change)


async def close_here(click: Click, world: World) -> Answer:
    """The coordinator closes choosing from the window."""
    closed = await close_now(click, world)
    return Answer(then=[*closed.then, refresh(click, world)])


async def remind_silent(click: Click, world: World) -> Answer:
    """The coordinator has a reminder sent to who did not choose: once, and never outside sending hours."""

    def change(db: Session, asker: Asker, session: WorkSession, now: datetime) -> tuple[Sequence[Problem], str]:
        members, picks = programme.members(db, session.team), selection.picks_of(db, session.team, session.id)
        at = shaping.reminder_on_request(session, members, picks, now, is_dutch_holiday)
        number = remind(db, session, at, now)
        if not number:
            raise Refused("selection.shape.reminded" if number is None else "prompting.all_had_two")
        words = asker.words
        shown = words("selection.shape.at_once") if at <= now else words.moment(at)
        return [], words.count("selection.shape.reminding", number, when=shown)

    return await _change(click, world, Action.REMIND, change, card=False)


async def _form(click: Click, world: World, make: Form) -> Answer:
    """Put a form on top of the window. Raises Refused for who may not, and once choosing has closed."""

    def read(db: Session) -> View:
        asker, session = look(click, world, metadata_of(click).get("session", ""), db)
        shaping.still_choosing(session, world.now())
        return make(db, asker, session)

    view = await world.database.read(read)
    return Answer(then=[world.open(click, view, push=True)])


async def _change(click: Click, world: World, action: Action, change: Change, *, card: bool = True) -> Answer:
    """Make a change once, with everything that follows from it, and paint the window and the `card` anew."""

    def save(db: Session) -> tuple[Asker, Sequence[Problem], str]:
        asker, session = look(click, world, metadata_of(click).get("session", ""), db)
        allow(asker.member, action)
        if inbox.seen(db, click.team, click.key):
            return asker, [], ""
        now = world.now()
        shaping.still_choosing(session, now)
        problems, notice = change(db, asker, session, now)
        if not problems:
            inbox.first(db, click.team, click.key, now)
            if card:
                owe_change(db, session, now, world.ids("ch"))
        return asker, problems, notice

    asker, problems, notice = await world.write(save)
    if problems:
        return Answer(ack=problems_ack(click, world, asker.words, problems))
    return Answer(then=[refresh(click, world, notice)])


ACTIONS: Mapping[str, Handler] = {
    "selection.shape": from_menu,
    "selection.merge": open_merge,
    "selection.place": open_place,
    "selection.closing": open_closing,
    "selection.remind": remind_silent,
    "selection.close_here": close_here,
}
FORMS: Mapping[str, Handler] = {
    "selection.merge": merge,
    "selection.withdraw": withdraw,
    "selection.place": place,
    "selection.limits": limit,
    "selection.closing": set_closing,
}
