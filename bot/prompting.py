"""When a group is asked for its impression, whom, and when that it is missing stands on the coordinator's board."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.calendar import next_sending_time
from bot.selection import Group
from bot.worksessions import State, WorkSession

EARLY = timedelta(minutes=15)
"""So long before the end the first question comes: people are still there, the talk is fresh."""
LATER = timedelta(hours=24)
"""So long after the end it is asked once more, and never again by itself: two a week is all that one person gets."""
MARKED = timedelta(hours=72)
"""So long after the end the board says since when it is missing, and the coordinator decides."""
REST = timedelta(hours=20)
"""Between two questions: a first one that came on Monday morning is not repeated on Monday afternoon."""
LAST = timedelta(days=1)
"""How long the second question has before the board takes over, where holidays made it late."""
HORIZON = timedelta(days=21)
"""Longer than any ladder lasts, holidays included; older sessions are not looked at by the clock."""


class Rung(StrEnum):
    """The two questions that come by themselves."""

    ASK = "ask"
    AGAIN = "again"


@dataclass(frozen=True)
class Asked:
    """A question about one group's impression that was sent to somebody; `rung` is None where a person had it sent."""

    group: str
    user: str
    at: datetime
    rung: Rung | None = None


@dataclass(frozen=True)
class Prompts:
    """The moments of one group: asked, asked once more, marked on the board; each later than the one before."""

    ask: datetime
    again: datetime
    board: datetime

    def due(self, now: datetime) -> Rung | None:
        """Return which question it is time for: the newest only, and none before the first or once the board has it."""
        if now < self.ask or now >= self.board:
            return None
        return Rung.ASK if now < self.again else Rung.AGAIN

    def next(self, now: datetime, done: Collection[Rung]) -> datetime | None:
        """Return when there is something to ask: `now` where it is due, a later moment, or None; `done` were asked."""
        due = self.due(now)
        if due is not None and due not in done:
            return now
        moments = {Rung.ASK: self.ask, Rung.AGAIN: self.again}
        return min((at for rung, at in moments.items() if at > now and rung not in done), default=None)


def prompts(
    session: WorkSession, is_holiday: Callable[[date], bool], first: datetime | None = None, zone: str = ""
) -> Prompts:
    """Return when the group of a session is asked: in sending hours only, of `zone` or the session's own.

    `first` is when the first question really left, where it did: the second one keeps its distance from that.
    """
    zone = zone or session.timezone
    ask = next_sending_time(session.ends_at - EARLY, zone, is_holiday)
    rested = max(session.ends_at + LATER, (first or ask) + REST)
    again = next_sending_time(rested, zone, is_holiday)
    return Prompts(ask, again, max(session.ends_at + MARKED, again + LAST))


def asked_of(session: WorkSession, group: Group, away: Collection[str] = ()) -> str | None:
    """Return who is asked for the impression: who leads the group, else who takes notes, else nobody.

    `away` are people who left the workspace. Of a practice session nobody hears but who practises.
    """
    found = next((user for user in (group.facilitator, group.note_taker) if user and user not in away), None)
    return None if session.is_practice and found != session.created_by else found


def is_missing(session: WorkSession, group_has: bool, now: datetime) -> bool:
    """Say whether a group owes its impression: its session has groups and began, and nothing is in."""
    return session.state is State.GROUPED and now >= session.starts_at and not group_has


def first_of(found: Sequence[Asked], user: str) -> datetime | None:
    """Return when this person was asked for the first time, if ever."""
    return min((each.at for each in found if each.user == user), default=None)


def days_missing(session: WorkSession, now: datetime) -> int:
    """Return how many whole days ago the session was over, from three on; 0 before that: nobody is late yet."""
    since = now - session.ends_at
    return since.days if since >= MARKED else 0
