"""The coordinator gives a session another date, or cancels it: with a reason, and knowing how many people will hear."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from slack_sdk.models.views import View
from sqlmodel import Session

from bot.followup import Slot, Warned, may_change, moved_to, reason_of, unseen, version_of
from bot.problem import Problem, Refused
from bot.programme import Action, allow
from bot.worksessions import Plan, WorkSession, plan
from handlers.followup.cautioning import hours_like, warned
from handlers.followup.inviting import session_for
from handlers.followup.owing import call_off, change_date, hearers
from handlers.privacy import check_texts
from handlers.routing import Answer, Click, Handler, metadata_of, problems_ack
from handlers.views import followup_moving as views
from handlers.world import Asker, World
from storage import followup, inbox, worksessions


async def open_move(click: Click, world: World) -> Answer:
    """The coordinator wants another date for a session."""

    def look(db: Session) -> View:
        asker, session = _session(click, world, db, click.value, Action.MOVE_SESSION)
        return views.move_form(session, asker.words.in_zone(session.timezone))

    return Answer(then=[world.open(click, await world.database.read(look), push=click.in_form)])


async def hand_in_move(click: Click, world: World) -> Answer:
    """A date was handed in: check it, and say what will happen and to how many people."""
    return await world.database.write(partial(_check, click, world))


def _check(click: Click, world: World, db: Session) -> Answer:
    found = metadata_of(click)
    asker, session = _session(click, world, db, found.get("session", ""), Action.MOVE_SESSION)
    unseen(session, found.get("shown", ""))
    checked, problems = _plan(world, asker, session, click.text("day"), click.text("start"), click.text("end"))
    reason, wrong = _reason(db, asker, session, click)
    if checked is not None:
        problems += moved_to(session, checked, world.now())[1]
    problems += wrong
    if problems or checked is None:
        return Answer(ack=problems_ack(click, world, asker.words, problems))
    form_id = world.ids("fm")
    data = {
        "move": session.id,
        "shown": version_of(session),
        "day": click.text("day"),
        "start": click.text("start"),
        "end": click.text("end"),
        "reason": reason,
    }
    worksessions.save_form(db, form_id, click.team, click.user, data, world.now())
    known = _warned(db, session, checked, world.now())
    told = len(hearers(db, session, click.user))
    view = views.move_check(form_id, session, checked, known, told, asker.words.in_zone(session.timezone))
    return Answer(ack={"response_action": "push", "view": view.to_dict()})


async def move(click: Click, world: World) -> Answer:
    """The move was confirmed: it is made with everything that follows, in one transaction."""

    def save(db: Session) -> tuple[Asker, WorkSession | None, int]:
        asker = world.asker(db, click)
        if inbox.seen(db, click.team, click.key):
            return asker, None, 0
        allow(asker.member, Action.MOVE_SESSION)
        form_id = metadata_of(click).get("form", "")
        data: dict[str, Any] = worksessions.form(db, click.team, click.user, form_id) or {}
        if "move" not in data:
            raise Refused("worksessions.form_gone")
        asker, session = _session(click, world, db, str(data["move"]), Action.MOVE_SESSION)
        unseen(session, str(data["shown"]))
        checked, problems = _plan(world, asker, session, str(data["day"]), str(data["start"]), str(data["end"]))
        if checked is None or problems:
            raise Refused("followup.make_refused")
        after, wrong = moved_to(session, checked, world.now())
        if wrong:
            raise Refused("followup.make_refused")
        inbox.first(db, click.team, click.key, world.now())
        told = len(hearers(db, session, click.user))
        kept = change_date(db, world, asker.settings, session, after, click.user, str(data["reason"]))
        worksessions.drop_form(db, click.team, form_id)
        return asker, kept, told

    asker, session, told = await world.write(save)
    return _done(click, world, asker, session, told)


async def open_cancel(click: Click, world: World) -> Answer:
    """The coordinator wants to cancel a session."""

    def look(db: Session) -> View:
        asker, session = _session(click, world, db, click.value, Action.CANCEL_SESSION)
        told = len(hearers(db, session, click.user))
        return views.cancel_form(session, told, asker.words.in_zone(session.timezone))

    return Answer(then=[world.open(click, await world.database.read(look), push=click.in_form)])


async def cancel(click: Click, world: World) -> Answer:
    """The session does not take place: everybody concerned hears it, in one transaction."""

    def save(db: Session) -> tuple[Asker, list[Problem], WorkSession | None, int]:
        found = metadata_of(click)
        asker = world.asker(db, click)
        if inbox.seen(db, click.team, click.key):
            return asker, [], None, 0
        asker, session = _session(click, world, db, found.get("session", ""), Action.CANCEL_SESSION)
        unseen(session, found.get("shown", ""))
        reason, problems = _reason(db, asker, session, click)
        if problems:
            return asker, problems, None, 0
        inbox.first(db, click.team, click.key, world.now())
        kept, told = call_off(db, world, session, click.user, reason)
        return asker, [], kept, told

    asker, problems, session, told = await world.write(save)
    if problems:
        return Answer(ack=problems_ack(click, world, asker.words, problems))
    return _done(click, world, asker, session, told)


def _reason(db: Session, asker: Asker, session: WorkSession, click: Click) -> tuple[str, list[Problem]]:
    """Everybody concerned reads why, so that it passes the check of all that people hand in."""
    reason, problems = reason_of(click.text("reason"))
    screened = check_texts(db, asker.settings, session.id, {"reason": reason})
    return screened.texts["reason"], [*problems, *screened.problems]


async def show_trail(click: Click, world: World) -> Answer:
    """Somebody wants to know which dates a session had."""

    def look(db: Session) -> View:
        asker = world.asker(db, click)
        allow(asker.member, Action.SEE_PUBLISHED)
        session = session_for(db, click.team, click.value)
        moves = followup.moving.trail(db, click.team, session.id)
        return views.trail_window(session, moves, asker.words)

    return Answer(then=[world.open(click, await world.database.read(look), push=click.in_form)])


def _done(click: Click, world: World, asker: Asker, session: WorkSession | None, told: int) -> Answer:
    if session is None:
        return Answer(ack={"response_action": "clear"})
    view = views.done(session, told, asker.words.in_zone(session.timezone))
    return Answer(ack={"response_action": "update", "view": view.to_dict()})


def _session(click: Click, world: World, db: Session, session_id: str, action: Action) -> tuple[Asker, WorkSession]:
    asker = world.asker(db, click)
    allow(asker.member, action)
    session = session_for(db, click.team, session_id)
    may_change(session, world.now())
    return asker, session


def _plan(
    world: World, asker: Asker, session: WorkSession, day: str, start: str, end: str
) -> tuple[Plan | None, list[Problem]]:
    """Check a date; a session that is named after its day is named after the new one."""
    checked, problems = plan(
        title=session.title,
        channel=session.channel,
        day=day,
        start=start,
        end=end,
        regions=session.regions,
        timezone=session.timezone,
        now=world.now(),
    )
    if checked is not None and session.title in _day_names(world, session):
        words = world.channel_words(asker.settings).in_zone(session.timezone)
        title = words("worksessions.default_title", day=words.day(checked.starts_at))
        checked = replace(checked, title=title)
    return checked, problems


def _day_names(world: World, session: WorkSession) -> set[str]:
    """What a session is called when nobody names it, in every language: the programme's may have changed since."""
    spoken = [words.in_zone(session.timezone) for words in world.words.values()]
    return {words("worksessions.default_title", day=words.day(session.starts_at)) for words in spoken}


def _warned(db: Session, session: WorkSession, checked: Plan, now: datetime) -> list[Warned]:
    slot = Slot(checked.starts_at, checked.ends_at)
    return warned(
        db, session.team, slot, session.timezone, hours_like(session), session.regions, now, besides=session.id
    )


ACTIONS: dict[str, Handler] = {
    "followup.move": open_move,
    "followup.cancel": open_cancel,
    "followup.trail": show_trail,
}
FORMS: dict[str, Handler] = {
    "followup.move": hand_in_move,
    "followup.move_check": move,
    "followup.cancel": cancel,
}
COMMANDS: dict[str, Handler] = {}
