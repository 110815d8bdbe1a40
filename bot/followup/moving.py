"""Another date for a session that people count on, or none at all: what may, and the trail that it leaves."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.calendar import at_clock
from bot.followup.inviting import Answer
from bot.problem import Problem, Refused
from bot.worksessions import Plan, State, WorkSession

REASON_LENGTH = 300
MOVABLE = (State.PLANNED, State.CHOOSING)
"""Once the groups are being made, people sit with each other on a day; that is settled by talking."""


@dataclass(frozen=True)
class SessionMove:
    """A session went from one date to another; without a date to which it went, it was cancelled."""

    id: str
    session: str
    from_starts_at: datetime
    from_ends_at: datetime
    to_starts_at: datetime | None
    to_ends_at: datetime | None
    by: str
    reason: str
    at: datetime


def may_change(session: WorkSession, now: datetime) -> None:
    """Raise Refused for a session that cannot be moved or cancelled any more."""
    if session.state is State.CANCELLED:
        raise Refused("followup.is_cancelled", title=session.title)
    if session.state not in MOVABLE or session.ends_at <= now:
        raise Refused("followup.too_late", title=session.title)


def unseen(session: WorkSession, shown: str) -> None:
    """Raise Refused when the session has another date than the form showed: somebody else moved it meanwhile."""
    if shown != version_of(session):
        raise Refused("followup.changed_since", title=session.title)


def version_of(session: WorkSession) -> str:
    """Return what a form remembers of the date that it showed."""
    return f"{session.starts_at.timestamp():.0f}-{session.ends_at.timestamp():.0f}-{session.state}"


def moved_to(session: WorkSession, plan: Plan, now: datetime) -> tuple[WorkSession, list[Problem]]:
    """Return the session on another date; choosing closes as long before its end as it did, by the clock on the wall.

    The problems say what is wrong: the same date again, or a closing time that would be in the past.
    """
    if (plan.starts_at, plan.ends_at) == (session.starts_at, session.ends_at):
        return session, [Problem("day", "followup.problem.same_date")]
    closes_at = session.closes_at
    if session.state is State.CHOOSING and closes_at is not None:
        closes_at = _closing(session, plan, closes_at)
        if closes_at <= now:
            return session, [Problem("day", "followup.problem.closes_past")]
    moved = replace(session, title=plan.title, starts_at=plan.starts_at, ends_at=plan.ends_at, closes_at=closes_at)
    return moved, []


def reason_of(text: str) -> tuple[str, list[Problem]]:
    """Check the reason that people will read; it may stay empty."""
    reason = " ".join(text.split())
    if len(reason) > REASON_LENGTH:
        values = {"most": REASON_LENGTH, "now": len(reason)}
        return "", [Problem("reason", "worksessions.problem.too_long", values)]
    return reason, []


def concerned(
    answers: Mapping[str, Answer], choosing: Collection[str], holders: Collection[str], by: str
) -> frozenset[str]:
    """Return who hears of another date: who said yes or maybe, who chose a topic, and who has it in their agenda.

    Not the coordinator whose doing it is, unless they have it in their agenda themselves.
    """
    interested = {user for user, given in answers.items() if given is not Answer.NO}
    return frozenset(({*interested, *choosing} - {by}) | set(holders))


def _closing(session: WorkSession, plan: Plan, closes_at: datetime) -> datetime:
    """The closing time goes along: as many days before the session, at as many minutes from its end."""
    was, ends = closes_at.astimezone(session.zone), session.ends_at.astimezone(session.zone)
    days = _day(session.starts_at, session) - was.date()
    day = plan.starts_at.astimezone(session.zone).date() - days
    if days.days == 0:
        before = ends.replace(tzinfo=None) - was.replace(tzinfo=None)
        return max(plan.ends_at - before, plan.starts_at)
    return at_clock(day, f"{was:%H:%M}", session.timezone)


def _day(moment: datetime, session: WorkSession) -> date:
    return moment.astimezone(session.zone).date()
