"""One reminder, to who was invited and did not choose, in sending hours."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.calendar import is_dutch_holiday, next_sending_time
from bot.programme import Programme
from bot.selection import reminder_at, silent
from bot.worksessions import State, WorkSession
from handlers.delivery import Body, Render
from handlers.views import selection as views
from handlers.words import Words
from handlers.world import World
from storage import delivery, nudges, programme, selection, timetable, worksessions


async def tick(world: World, now: datetime) -> None:
    """Remind where it is time."""
    due = await world.database.read(lambda db: [(one.team, one.id) for one in _waiting(db) if _at(one, now) <= now])
    for team, session_id in due:

        def owe(db: Session, team: str = team, session_id: str = session_id) -> None:
            session = worksessions.one(db, team, session_id)
            if session is not None and session.state is State.CHOOSING:
                # an earlier closing time can make a reminder due in the evening or at the weekend
                remind(db, session, next_sending_time(now, session.timezone, is_dutch_holiday), now)

        await world.write(owe)


def remind(db: Session, session: WorkSession, not_before: datetime, now: datetime) -> int | None:
    """Owe a reminder to who did not choose, once in a session. Returns how many are reminded, None where it was done.

    Who had this week's two automatic messages already is not: that they can choose stands on their Home.
    """
    if not timetable.take(db, session.team, _rule(session), "once", not_before, now):
        return None
    people = silent(session, programme.members(db, session.team), selection.picks_of(db, session.team, session.id))
    return sum(
        nudges.plan_nudge(
            db,
            team=session.team,
            key=f"selection.reminder:{session.id}:{member.user}",
            kind="selection.reminder",
            arguments={"id": session.id, "user": member.user},
            user=member.user,
            zone=session.timezone,
            now=now,
            not_before=not_before,
            not_after=session.closes_at,
        )
        for member in people
    )


def next_due(db: Session, now: datetime) -> datetime | None:
    """Return when the next reminder goes out."""
    return min((_at(session, now) for session in _waiting(db)), default=None)


def _waiting(db: Session) -> list[WorkSession]:
    return [
        session
        for session in worksessions.in_state(db, [State.CHOOSING])
        if not session.is_practice
        and reminder_at(session, is_dutch_holiday) is not None
        and not timetable.taken(db, session.team, _rule(session), "once")
    ]


def _at(session: WorkSession, now: datetime) -> datetime:
    return reminder_at(session, is_dutch_holiday) or now


def _rule(session: WorkSession) -> str:
    return f"selection.reminder:{session.id}"


def reminder(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The reminder; nothing for who chose in the meantime, or once choosing has closed."""
    session = worksessions.one(db, settings.team, str(arguments["id"]))
    if session is None or session.state is not State.CHOOSING:
        return None
    if selection.pick_of(db, session.team, session.id, str(arguments["user"])) is not None:
        return None
    at = delivery.sent(db, settings.team, f"selection.card:{session.id}")
    return Body(*views.reminder(session, delivery.link(*at) if at else None, words))


MESSAGES: dict[str, Render] = {"selection.reminder": reminder}
