"""The work sessions of an assignment: which one is next, which were held, who is named, and what they can be about."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.proposals import title_of
from bot.trail.profile import is_vacant
from bot.trail.records import Entry
from bot.trail.sheets import Kind
from bot.worksessions import MOST_TOPICS, State, WorkSession


class Via(StrEnum):
    """By what an assignment gets its dates: a session, a date poll before it, or a series that makes them."""

    SESSION = "session"
    POLL = "poll"
    SERIES = "series"


@dataclass(frozen=True)
class Tied:
    """One thing that belongs to an assignment (ids of ours)."""

    entry: str
    via: Via
    thing: str


@dataclass(frozen=True)
class Course:
    """The sessions of an assignment: those to come, soonest first; those held, newest first; and those called off of
    which the day is still to come, so that nobody travels for nothing."""

    coming: tuple[WorkSession, ...]
    held: tuple[WorkSession, ...]
    off: tuple[WorkSession, ...]


def course(sessions: Iterable[WorkSession], now: datetime) -> Course:
    """Put the sessions of an assignment in order of time."""
    found = sorted(sessions, key=lambda one: (one.starts_at, one.id))
    standing = [one for one in found if one.state is not State.CANCELLED]
    return Course(
        coming=tuple(one for one in standing if one.ends_at > now),
        held=tuple(one for one in reversed(standing) if one.ends_at <= now),
        off=tuple(one for one in found if one.state is State.CANCELLED and one.starts_at > now),
    )


def named(assignment: Entry) -> tuple[str, ...]:
    """Return the members of an assignment who are in the workspace, in the order of their roles (user ids)."""
    roles = (role for role in assignment.under(Kind.ROLE) if role.stands and role.user() and not is_vacant(role))
    return tuple(dict.fromkeys(role.user() for role in roles))


def topics(assignment: Entry, spoken: Collection[str]) -> Sequence[str]:
    """Return what a session of an assignment can be about: its open points, those of which nobody spoke first.

    `spoken` are the ids of points that have something tied to them. One without points is about itself.
    """
    points = [point for point in assignment.under(Kind.POINT) if point.stands]
    ordered = sorted(points, key=lambda one: one.id in spoken) or [assignment]
    return list(dict.fromkeys(title_of(" ".join(one.title.split())) for one in ordered))[:MOST_TOPICS]
