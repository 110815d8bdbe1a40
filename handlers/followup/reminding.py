"""One reminder on the last working day before a session, to who comes and to the invited who said nothing."""

from datetime import datetime
from functools import partial

from sqlmodel import Session

from bot.calendar import is_dutch_holiday
from bot.followup import Answer as Rsvp
from bot.followup import reminder_at, reminder_period, to_remind
from bot.selection import Wish
from bot.trail.follow_ups import Via
from bot.worksessions import State, WorkSession
from handlers.followup.owing import rule_of
from handlers.trail import follow_ups
from handlers.world import World
from storage import followup, nudges, programme, selection, timetable, worksessions

COMING = (State.PLANNED, State.CHOOSING, State.CLOSING, State.GROUPED)


async def tick(world: World, now: datetime) -> None:
    """Remind people on the last working day before, once."""
    for team, session_id in await world.database.read(partial(_due, now=now)):
        await world.write(partial(_remind, team, session_id, now))


def next_due(db: Session, now: datetime) -> datetime | None:
    """Return when the next reminder leaves."""
    return min((at for at, _ in _reminders(db, now)), default=None)


def _due(db: Session, now: datetime) -> list[tuple[str, str]]:
    return [(session.team, session.id) for at, session in _reminders(db, now) if at <= now]


def _reminders(db: Session, now: datetime) -> list[tuple[datetime, WorkSession]]:
    """The reminders that were not given yet, of sessions that are still to start."""
    return [
        (reminder_at(session, settings.timezone, is_dutch_holiday), session)
        for settings in programme.programmes(db)
        for session in worksessions.after(db, settings.team, now)
        if session.state in COMING
        and not timetable.taken(db, settings.team, rule_of(session), reminder_period(session))
    ]


def _remind(team: str, session_id: str, now: datetime, db: Session) -> None:
    session, settings = worksessions.one(db, team, session_id), programme.programme(db, team)
    if session is None or settings is None or session.starts_at <= now or session.state not in COMING:
        return
    at, period = reminder_at(session, settings.timezone, is_dutch_holiday), reminder_period(session)
    if at > now or not timetable.take(db, team, rule_of(session), period, at, now):
        return
    absent = {
        pick.user: Rsvp.NO for pick in selection.picks_of(db, session.team, session.id) if pick.wish is Wish.ABSENT
    }
    answers = {**absent, **followup.answers(db, team, session.id)}
    named = follow_ups.expected(db, team, Via.SESSION, session.id)
    people = to_remind(session, programme.members(db, team), answers, named)
    if not followup.is_follow_up(db, team, session.id):  # nobody else was ever invited by us
        people = [member for member in people if member.user in answers or member.user in named]
    for member in people:
        nudges.plan_nudge(
            db,
            team=team,
            key=f"followup.reminder:{session.id}:{period}:{member.user}",
            kind="followup.reminder",
            arguments={"id": session.id, "user": member.user, "period": period},
            user=member.user,
            zone=settings.timezone,
            now=now,
            not_after=session.starts_at,
        )
