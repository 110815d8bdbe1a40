"""The next work session: its date, who comes, the file for an agenda, and one reminder."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.calendar import is_dutch_holiday
from bot.delivery import Operation
from bot.followup import (
    Answer as Rsvp,
)
from bot.followup import (
    Given,
    answer,
    found_date,
    next_session,
    reminder_at,
    reminder_period,
    replanned,
    to_remind,
)
from bot.problem import Problem, Refused
from bot.programme import Action, Programme, allow
from bot.selection import Wish
from bot.worksessions import Plan, State, WorkSession, plan
from handlers.delivery import Body
from handlers.proposals import telling
from handlers.routing import Answer, Click, Routes, metadata_of, problems_ack
from handlers.ticker import Rhythm
from handlers.views import followup as views
from handlers.views.calendar_file import calendar_file, calendar_name
from handlers.words import Words
from handlers.world import Asker, World
from storage import delivery, followup, inbox, programme, selection, timetable, worksessions

COMING = (State.PLANNED, State.CHOOSING, State.CLOSING, State.GROUPED)


async def choose(click: Click, world: World) -> Answer:
    """The coordinator wants to pick a date for the session after this one: from a message, the Home or a command."""

    def look(db: Session) -> tuple[Asker, WorkSession, date | None, WorkSession | None]:
        asker = world.asker(db, click)
        allow(asker.member, Action.SET_NEXT_DATE)
        previous = _newest_with_groups(db, click) if click.kind == "command" else _session(db, click.team, click.value)
        found = found_date(previous, followup.written(db, click.team, previous.id))
        return asker, previous, found, worksessions.follower(db, click.team, previous.id)

    asker, previous, found, following = await world.database.read(look)
    if following is not None and following.starts_at <= world.now():
        following = None
    today = world.now().astimezone(asker.words.zone).date()
    return Answer(then=[world.open(click, views.plan_form(previous, found, following, today, asker.words))])


async def make(click: Click, world: World) -> Answer:
    """The coordinator takes the date that was found, with the hours and the channel of last time."""
    previous_id, _, day = click.value.partition(" ")

    def save(db: Session) -> None:
        asker = world.asker(db, click)
        allow(asker.member, Action.SET_NEXT_DATE)
        previous = _session(db, click.team, previous_id)
        checked, _ = _check(asker, world, previous, day=day)
        if checked is None:
            raise Refused("followup.make_refused")
        if inbox.first(db, click.team, click.key, world.now()):
            _set(db, world, asker, previous, checked)

    await world.write(save)
    return Answer()


async def hand_in_plan(click: Click, world: World) -> Answer:
    """The coordinator handed in a date: check it, make or move the session, and owe the channel its invitation."""

    def save(db: Session) -> tuple[Asker, list[Problem], WorkSession | None]:
        asker = world.asker(db, click)
        allow(asker.member, Action.SET_NEXT_DATE)
        previous = _session(db, click.team, metadata_of(click).get("session", ""))
        fields = {name: click.text(name) for name in ("day", "start", "end", "title", "channel")}
        checked, problems = _check(asker, world, previous, **fields)
        if checked is None:
            return asker, problems, None
        if not inbox.first(db, click.team, click.key, world.now()):
            return asker, [], worksessions.follower(db, click.team, previous.id)
        return asker, [], _set(db, world, asker, previous, checked)

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


def _set(db: Session, world: World, asker: Asker, previous: WorkSession, checked: Plan) -> WorkSession:
    """Make the session that follows, or move it when it was made already: there is one, however often it is set."""
    now = world.now()
    existing = worksessions.follower(db, previous.team, previous.id)
    if existing is None:
        session = next_session(previous, checked, world.ids("ws"), asker.member.user)
        worksessions.save(db, session, now, follows=previous.id)
        _owe(db, session, "followup.invitation", f"followup.invitation:{session.id}", now, channel=session.channel)
    else:
        session = replanned(existing, checked)
        if session == existing:
            return existing
        worksessions.save(db, session, now)
        _tell_of_change(db, existing, session, now)
    if reminder_at(session, asker.settings.timezone, is_dutch_holiday) <= now:
        # the invitation itself comes that late; a reminder on its heels would only be noise
        timetable.take(db, session.team, _rule(session), reminder_period(session), now, now, "skipped")
    proposal = f"followup.proposal:{previous.id}"
    if asked := delivery.parcel(db, previous.team, proposal):
        key = f"{proposal}:{session.starts_at.isoformat()}:{now.isoformat()}"
        _owe(db, previous, "followup.proposal", key, now, target_key=proposal, user=asked.user)
    return session


def _tell_of_change(db: Session, before: WorkSession, session: WorkSession, now: datetime) -> None:
    card = f"followup.invitation:{session.id}"
    when = f"{session.starts_at.isoformat()}:{now.isoformat()}"
    if (before.starts_at, before.ends_at) != (session.starts_at, session.ends_at):
        interested = [
            user for user, given in followup.answers(db, session.team, session.id).items() if given is not Rsvp.NO
        ]
        followup.forget_answers(db, session.team, session.id)
        for user in interested:
            _owe(db, session, "followup.moved", f"followup.moved:{session.id}:{user}:{when}", now, user=user)
    _owe(db, session, "followup.invitation", f"{card}:{when}", now, target_key=card, channel=before.channel)
    telling.owe_change(db, session, now, f"moved:{when}")


async def give_answer(click: Click, world: World) -> Answer:
    """Somebody says yes, maybe or no; the last answer counts."""
    found = await world.write(partial(_answer, click, world))
    if found is None:
        return Answer()
    asker, session, given = found
    world.repaint(click.team, "followup.invitation", session.id)
    if click.view_id and not click.channel:
        return Answer()  # the Home itself shows the answer and its date
    text, blocks = views.noted(session, given.answer, asker.words)
    return Answer(then=[world.whisper(click, text, blocks)])


def _answer(click: Click, world: World, db: Session) -> tuple[Asker, WorkSession, Given] | None:
    now = world.now()
    if not inbox.first(db, click.team, click.key, now):
        return None
    asker = world.asker(db, click)
    allow(asker.member, Action.ANSWER_INVITATION)
    session = _session(db, click.team, click.value)
    given = answer(session, click.argument, now)
    followup.save_answer(db, session, click.user, given)
    if given.answer is not Rsvp.NO:
        dates = f"{session.starts_at.isoformat()}-{session.ends_at.isoformat()}"
        _owe(
            db,
            session,
            "followup.calendar",
            f"followup.calendar:{session.id}:{click.user}:{dates}",
            now,
            user=click.user,
            operation=Operation.FILE,
            arguments={"id": session.id, "user": click.user},
        )
    return asker, session, given


async def tick(world: World, now: datetime) -> None:
    """Remind people on the last working day before, once."""
    for team, session_id in await world.database.read(partial(_due, now=now)):
        await world.write(partial(_remind, team, session_id, now))


def _due(db: Session, now: datetime) -> list[tuple[str, str]]:
    return [(session.team, session.id) for at, session in _reminders(db, now) if at <= now]


def _reminders(db: Session, now: datetime) -> list[tuple[datetime, WorkSession]]:
    """The reminders that were not given yet, of sessions that are still to start."""
    return [
        (reminder_at(session, settings.timezone, is_dutch_holiday), session)
        for settings in programme.programmes(db)
        for session in worksessions.after(db, settings.team, now)
        if session.state in COMING and not timetable.taken(db, _rule(session), reminder_period(session))
    ]


def _remind(team: str, session_id: str, now: datetime, db: Session) -> None:
    session, settings = worksessions.one(db, team, session_id), programme.programme(db, team)
    if session is None or settings is None or session.starts_at <= now:
        return
    at = reminder_at(session, settings.timezone, is_dutch_holiday)
    if at > now or not timetable.take(db, team, _rule(session), reminder_period(session), at, now):
        return
    absent = {pick.user: Rsvp.NO for pick in selection.picks_of(db, session.id) if pick.wish is Wish.ABSENT}
    answers = {**absent, **followup.answers(db, team, session.id)}
    people = to_remind(session, programme.members(db, team), answers)
    if not followup.is_follow_up(db, team, session.id):
        people = [member for member in people if member.user in answers]  # nobody else was ever invited by us
    for member in people:
        _owe(
            db,
            session,
            "followup.reminder",
            f"followup.reminder:{session.id}:{reminder_period(session)}:{member.user}",
            now,
            user=member.user,
            arguments={"id": session.id, "user": member.user},
            not_after=session.starts_at,
        )


def next_due(db: Session, now: datetime) -> datetime | None:
    """Return when the next reminder leaves."""
    return min((at for at, _ in _reminders(db, now)), default=None)


def proposal(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """Ask the coordinator for the next date after an article was published."""
    previous = worksessions.one(db, settings.team, str(arguments["id"]))
    if previous is None:
        return None
    following = worksessions.follower(db, settings.team, previous.id)
    found = found_date(previous, followup.written(db, settings.team, previous.id))
    return Body(*views.proposal(previous, found, following, words))


def invitation(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """Invite the channel, with the answers so far."""
    session = worksessions.one(db, settings.team, str(arguments["id"]))
    if session is None:
        return None
    return Body(*views.invitation(session, followup.counts(db, settings.team, session.id), words))


def moved_message(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """Ask somebody anew whose session got another date."""
    session = worksessions.one(db, settings.team, str(arguments["id"]))
    return Body(*views.moved(session, words)) if session else None


def reminder(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """Remind one person, unless they said no or maybe since."""
    session = worksessions.one(db, settings.team, str(arguments["id"]))
    if session is None:
        return None
    given = followup.answer_of(db, settings.team, session.id, str(arguments["user"]))
    if given is not None and given.answer is not Rsvp.YES:
        return None
    return Body(*views.reminder(session, given.answer if given else None, words))


def calendar(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The session as a file for an agenda, unless the person said no since."""
    session = worksessions.one(db, settings.team, str(arguments["id"]))
    given = followup.answer_of(db, settings.team, session.id, str(arguments["user"])) if session else None
    if session is None or given is None or given.answer is Rsvp.NO:
        return None
    at = delivery.sent(db, settings.team, f"followup.invitation:{session.id}")
    link = delivery.link(*at) if at else f"https://slack.com/archives/{session.channel}"
    file = calendar_file(session, given.at, link, words)
    return Body(views.calendar_text(session, words), file=file, file_name=calendar_name(session, words))


def repaint_all(db: Session, now: datetime) -> list[tuple[str, str]]:
    """Return team and id of the sessions with an invitation: a restart may have lost their counters."""
    return [
        (settings.team, session.id)
        for settings in programme.programmes(db)
        for session in worksessions.after(db, settings.team, now)
        if followup.is_follow_up(db, settings.team, session.id)
    ]


def _newest_with_groups(db: Session, click: Click) -> WorkSession:
    found = next(
        (s for s in worksessions.newest(db, click.team, 50) if s.state is State.GROUPED and not s.is_practice), None
    )
    if found is None:
        raise Refused("followup.no_previous")
    return found


def _session(db: Session, team: str, session_id: str) -> WorkSession:
    session = worksessions.one(db, team, session_id)
    if session is None or session.is_practice:  # what follows one would invite everybody
        raise Refused("followup.gone")
    return session


def _rule(session: WorkSession) -> str:
    return f"followup.reminder:{session.id}"


def _owe(
    db: Session,
    session: WorkSession,
    kind: str,
    key: str,
    now: datetime,
    *,
    channel: str | None = None,
    user: str | None = None,
    target_key: str | None = None,
    operation: Operation | None = None,
    arguments: Mapping[str, str] | None = None,
    not_after: datetime | None = None,
) -> None:
    delivery.plan(
        db,
        team=session.team,
        key=key,
        kind=kind,
        arguments=arguments or {"id": session.id},
        channel=channel,
        user=user,
        target_key=target_key,
        operation=operation or (Operation.UPDATE if target_key else Operation.POST),
        now=now,
        not_after=not_after,
    )


ROUTES = Routes(
    actions={"followup.choose": choose, "followup.make": make, "followup.answer": give_answer},
    forms={"followup.plan": hand_in_plan},
    commands={"volgende": choose, "next": choose},
)
MESSAGES = {
    "followup.proposal": proposal,
    "followup.invitation": invitation,
    "followup.moved": moved_message,
    "followup.reminder": reminder,
    "followup.calendar": calendar,
}
RHYTHM = Rhythm(tick, next_due)
