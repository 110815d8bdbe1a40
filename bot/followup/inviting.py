"""The next work session: who is invited, who answered what, and who is reminded when."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from bot.calendar import at_clock, working_day_before
from bot.dates import announced
from bot.problem import Refused
from bot.programme import Member
from bot.worksessions import Plan, State, WorkSession, invited

REMINDER_CLOCK = "09:00"


class Answer(StrEnum):
    """What somebody says to an invitation; the last answer counts."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


@dataclass(frozen=True)
class Given:
    """An answer that counts, and when it was given."""

    answer: Answer
    at: datetime


def found_date(previous: WorkSession, texts: Iterable[str]) -> date | None:
    """Return the one date that the groups announced for their next meeting, or None when it has to be asked.

    `texts` are what they wrote, with no words of ours. The date of a past session stays in the past: a year that was
    not written is the first one after the session itself, whenever it is read.
    """
    return announced(texts, previous.starts_at.astimezone(previous.zone).date())


def next_session(previous: WorkSession, plan: Plan, new_id: str, by: str) -> WorkSession:
    """Make the session that follows: only a date and a place, topics come later; the same regions are invited."""
    return WorkSession(
        id=new_id,
        team=previous.team,
        title=plan.title,
        channel=plan.channel,
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        closes_at=None,
        timezone=previous.timezone,
        state=State.PLANNED,
        created_by=by,
        regions=previous.regions,
    )


def first_session(team: str, timezone: str, plan: Plan, new_id: str, by: str) -> WorkSession:
    """Make a session that follows none: only a date and a place."""
    return WorkSession(
        id=new_id,
        team=team,
        title=plan.title,
        channel=plan.channel,
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        closes_at=None,
        timezone=timezone,
        state=State.PLANNED,
        created_by=by,
        regions=plan.regions,
    )


def replanned(existing: WorkSession, plan: Plan) -> WorkSession:
    """Give a session of which only the date was set another date. Raises Refused once people choose topics in it."""
    if existing.state is not State.PLANNED:
        raise Refused("followup.has_topics", title=existing.title)
    return replace(existing, title=plan.title, channel=plan.channel, starts_at=plan.starts_at, ends_at=plan.ends_at)


def answer(session: WorkSession, wish: str, now: datetime) -> Given:
    """Take an answer to an invitation.

    Raises Refused once the session has started or was cancelled, or for a word that is none.
    """
    if wish not in set(Answer):
        raise Refused("slack.unknown")
    if session.state is State.CANCELLED:
        raise Refused("followup.is_cancelled", title=session.title)
    if now >= session.starts_at:
        raise Refused("followup.started", title=session.title)
    return Given(Answer(wish), now)


def to_remind(
    session: WorkSession, members: Sequence[Member], answers: Mapping[str, Answer], expected: Collection[str] = ()
) -> list[Member]:
    """Return who is reminded: whoever comes, and the invited who did not answer. Not who said no or maybe.

    `expected` are the people (user ids) whom the invitation names, of whatever region they are.
    """
    silent = {*(member.user for member in invited(session, members)), *expected} - answers.keys()
    coming = {user for user, given in answers.items() if given is Answer.YES}
    return [member for member in members if member.takes_part and member.user in silent | coming]


def reminder_at(session: WorkSession, zone: str, is_holiday: Callable[[date], bool]) -> datetime:
    """Return when people are reminded: at nine on the last working day before, by the programme's clock."""
    day = session.starts_at.astimezone(session.zone).date()
    return at_clock(working_day_before(day, is_holiday), REMINDER_CLOCK, zone)


def reminder_period(session: WorkSession) -> str:
    """Return the key under which the reminder is given once: the day of the session, so that a moved one counts."""
    return session.starts_at.astimezone(session.zone).date().isoformat()
