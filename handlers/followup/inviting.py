"""The next work session: the coordinator sets its date, and people say whether they come."""

from datetime import date, datetime
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.followup import Answer as Rsvp
from bot.followup import Given, answer, first_session, found_date, next_session, replanned
from bot.problem import Problem, Refused
from bot.programme import Action, Programme, allow
from bot.trail.follow_ups import Via
from bot.worksessions import Plan, State, WorkSession, plan
from handlers.followup.owing import (
    change_date,
    owe_file,
    owe_invitation,
    owe_invitation_change,
    owe_next_line,
    skip_late_reminder,
)
from handlers.privacy import check_texts
from handlers.proposals import telling
from handlers.routing import Answer, Click, Handler, metadata_of, problems_ack
from handlers.views import followup as views
from handlers.world import Asker, World
from storage import delivery, followup, inbox, worksessions
from storage.trail import follow_ups


async def choose(click: Click, world: World) -> Answer:
    """The coordinator wants to pick a date for the session after this one: from a message, the Home or a command."""

    def look(db: Session) -> tuple[Asker, WorkSession, date | None, WorkSession | None]:
        asker = world.asker(db, click)
        allow(asker.member, Action.SET_NEXT_DATE)
        previous = (
            newest_with_groups(db, click.team) if click.kind == "command" else session_for(db, click.team, click.value)
        )
        found = found_date(previous, followup.written(db, click.team, previous.id))
        return asker, previous, found, _upcoming(db, previous, world.now())[1]

    asker, previous, found, following = await world.database.read(look)
    today = world.now().astimezone(asker.words.zone).date()
    return Answer(then=[world.open(click, views.plan_form(previous, found, following, today, asker.words))])


async def make(click: Click, world: World) -> Answer:
    """The coordinator takes the date that was found, with the hours and the channel of last time."""
    previous_id, _, day = click.value.partition(" ")

    def save(db: Session) -> None:
        asker = world.asker(db, click)
        allow(asker.member, Action.SET_NEXT_DATE)
        previous = session_for(db, click.team, previous_id)
        checked, _ = _check(asker, world, previous, day=day)
        if checked is None:
            raise Refused("followup.make_refused")
        if inbox.first(db, click.team, click.key, world.now()):
            set_next(db, world, asker.settings, asker.member.user, previous, checked)

    await world.write(save)
    return Answer()


async def hand_in_plan(click: Click, world: World) -> Answer:
    """The coordinator handed in a date: check it, make or move the session, and owe the channel its invitation."""

    def save(db: Session) -> tuple[Asker, list[Problem], WorkSession | None]:
        asker = world.asker(db, click)
        allow(asker.member, Action.SET_NEXT_DATE)
        previous = session_for(db, click.team, metadata_of(click).get("session", ""))
        fields = {name: click.text(name) for name in ("day", "start", "end", "title", "channel")}
        checked, problems = _check(asker, world, previous, **fields)
        problems = [*problems, *check_texts(db, asker.settings, None, {"title": fields["title"]}).problems]
        if checked is None or problems:
            return asker, problems, None
        if not inbox.first(db, click.team, click.key, world.now()):
            return asker, [], _upcoming(db, previous, world.now())[1]
        return asker, [], set_next(db, world, asker.settings, asker.member.user, previous, checked)

    asker, problems, session = await world.write(save)
    if problems:
        return Answer(ack=problems_ack(click, world, asker.words, problems))
    if session is None:
        return Answer()
    return Answer(ack={"response_action": "update", "view": views.planned(session, asker.words).to_dict()})


def _check(asker: Asker, world: World, previous: WorkSession, *, day: str, **typed: str) -> tuple[Plan | None, Any]:
    starts, ends = previous.starts_at.astimezone(previous.zone), previous.ends_at.astimezone(previous.zone)
    words = world.channel_words(asker.settings)
    try:
        name = words("worksessions.default_title", day=words.day(date.fromisoformat(day)))
    except ValueError:
        name = "-"
    return plan(
        title=typed.get("title") or name,
        channel=typed.get("channel", previous.channel),
        day=day,
        start=typed.get("start", f"{starts:%H:%M}"),
        end=typed.get("end", f"{ends:%H:%M}"),
        regions=previous.regions,
        timezone=previous.timezone,
        now=world.now(),
    )


def set_next(
    db: Session, world: World, settings: Programme, by: str, previous: WorkSession | None, checked: Plan
) -> WorkSession:
    """Make the session that follows, or move it when it was made already: there is one, however often it is set.

    Without a `previous` session it follows none, and each call makes another.
    """
    now, asked_from = world.now(), previous
    previous, existing = _upcoming(db, previous, now) if previous else (None, None)
    if existing is None:
        new_id = world.ids("ws")
        if previous is None:
            session = first_session(settings.team, settings.timezone, checked, new_id, by)
        else:
            session = next_session(previous, checked, new_id, by)
        worksessions.save(db, session, now, follows=previous.id if previous else None)
        if previous is not None:
            follow_ups.hand_on(db, settings.team, (Via.SESSION, previous.id), session.id, by, now)
        owe_invitation(db, session, now)
        skip_late_reminder(db, session, settings, now)
        owe_next_line(db, session, f"set:{session.id}", now)
    else:
        session = replanned(existing, checked)
        if session == existing:
            return existing
        session = _replan(db, world, settings, existing, session, by)
    if asked_from is not None:
        _owe_proposal_change(db, asked_from, session, world)
    return session


def _upcoming(db: Session, previous: WorkSession, now: datetime) -> tuple[WorkSession, WorkSession | None]:
    """Return the session that is still to come after this one, with the one that it follows.

    One that was held meanwhile stays on its date, whoever presses an old button: the next follows that one.
    """
    following = worksessions.follower(db, previous.team, previous.id)
    while following is not None and following.starts_at <= now:
        previous, following = following, worksessions.follower(db, previous.team, following.id)
    return previous, following


def _replan(
    db: Session, world: World, settings: Programme, existing: WorkSession, session: WorkSession, by: str
) -> WorkSession:
    now = world.now()
    if (existing.starts_at, existing.ends_at) != (session.starts_at, session.ends_at):
        return change_date(db, world, settings, existing, session, by)
    worksessions.save(db, session, now)
    why = f"named:{now.isoformat()}"
    owe_invitation_change(db, session, why, now)
    telling.owe_change(db, session, now, why)
    return session


def _owe_proposal_change(db: Session, previous: WorkSession, session: WorkSession, world: World) -> None:
    now = world.now()
    why = f"{session.starts_at.isoformat()}:{now.isoformat()}"
    delivery.plan_change(db, team=previous.team, of=f"followup.proposal:{previous.id}", why=why, now=now)


async def give_answer(click: Click, world: World) -> Answer:
    """Somebody says yes, maybe or no; the last answer counts."""
    found = await world.write(partial(_answer, click, world))
    if found is None:
        return Answer()
    asker, session, given = found
    world.repaint(click.team, "followup.invitation", session.id)
    if click.view_id and not click.channel:
        return Answer()  # the Home itself shows the answer and its date
    text, blocks = views.noted(session, given.answer, asker.words, asker.member.timezone)
    return Answer(then=[world.whisper(click, text, blocks)])


def _answer(click: Click, world: World, db: Session) -> tuple[Asker, WorkSession, Given] | None:
    now = world.now()
    if not inbox.first(db, click.team, click.key, now):
        return None
    asker = world.asker(db, click)
    allow(asker.member, Action.ANSWER_INVITATION)
    session = session_for(db, click.team, click.value)
    given = answer(session, click.argument, now)
    keep_answer(db, session, click.user, given)
    return asker, session, given


def keep_answer(db: Session, session: WorkSession, user: str, given: Given) -> None:
    """Keep what somebody answered; who may come and has no file of this date in their agenda is owed one."""
    followup.save_answer(db, session, user, given)
    if given.answer is Rsvp.NO:
        followup.moving.put_away(db, session.team, session.id, user)
        return
    had = followup.moving.copy_of(db, session.team, session.id, user)
    if had is None or not had.in_agenda or had.sequence != session.calendar_sequence:
        owe_file(db, session, user, given.at)


def newest_with_groups(db: Session, team: str) -> WorkSession:
    """Return the newest session of the programme that was held. Raises Refused when there is none."""
    tied = follow_ups.sessions_tied(db, team)
    held = (s for s in worksessions.newest(db, team, 50) if s.state is State.GROUPED and not s.is_practice)
    found = next((session for session in held if session.id not in tied), None)
    if found is None:
        raise Refused("followup.no_previous")
    return found


def session_for(db: Session, team: str, session_id: str) -> WorkSession:
    """Return a session that dates may be about. Raises Refused."""
    session = worksessions.one(db, team, session_id)
    if session is None or session.is_practice:  # what follows one would invite everybody
        raise Refused("followup.gone")
    return session


ACTIONS: dict[str, Handler] = {"followup.choose": choose, "followup.make": make, "followup.answer": give_answer}
FORMS: dict[str, Handler] = {"followup.plan": hand_in_plan}
COMMANDS: dict[str, Handler] = {"volgende": choose, "next": choose}
