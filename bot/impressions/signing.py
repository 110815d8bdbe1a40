"""Whether a group stands behind what was written down in its name: who answered, until when, and what silence means."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.calendar import at_clock
from bot.impressions.records import PARTS, Contents, Impression
from bot.problem import Problem
from bot.programme import Member
from bot.selection import Group
from bot.worksessions import Silence, WorkSession

ANSWER_BY = "12:00"
"""The clock on the wall at which answering ends, on the next working day."""
LONGEST_REASON = 500
"""Characters in which somebody says what is not right."""


class Verdict(StrEnum):
    """What one person said of one version."""

    AGREES = "agrees"
    OBJECTS = "objects"


class SignOffState(StrEnum):
    """Where a version stands.

    `open`: people can still answer. `agreed`: everybody said yes, or answering ended and silence counts as yes.
    `objected`: somebody says that it is not right. `waiting`: answering ended, not everybody said yes, and silence
    is no yes.
    """

    OPEN = "open"
    AGREED = "agreed"
    OBJECTED = "objected"
    WAITING = "waiting"


@dataclass(frozen=True)
class SignOff:
    """The answer of one person to one version; an objection has a reason."""

    user: str
    verdict: Verdict
    at: datetime
    reason: str = ""


@dataclass(frozen=True)
class Standing:
    """Where a version stands, and on what that rests: `asked` are the people whose yes counts, without its writer."""

    impression: str
    group: str
    state: SignOffState
    until: datetime
    silence: Silence
    asked: tuple[str, ...] = ()
    agreed: tuple[str, ...] = ()
    objections: tuple[SignOff, ...] = ()
    over: bool = False

    @property
    def alone(self) -> bool:
        """Whether nobody else is there to ask."""
        return not self.asked

    @property
    def may_be_published(self) -> bool:
        """Whether the words may stand in an article that is made now: nobody objects, and silence where it counts.

        While it is open they stand in the draft, where silence will count as yes; the draft cannot be published yet.
        """
        if self.state is SignOffState.OBJECTED:
            return False
        return self.silence is Silence.AGREES or self.state is SignOffState.AGREED


def writer(impression: Impression) -> str:
    """Return who wrote this version."""
    return impression.changed_by or impression.author


def asked(impression: Impression, group: Group, members: Collection[Member]) -> tuple[str, ...]:
    """Return whose answer is waited for: everybody seated in the group who still takes part, but not its writer."""
    here = {member.user for member in members if member.takes_part}
    people = dict.fromkeys([*group.people, *([group.facilitator] if group.facilitator else [])])
    return tuple(user for user in people if user in here and user != writer(impression))


def deadline(session: WorkSession, version_at: datetime, is_holiday: Callable[[date], bool]) -> datetime:
    """Return until when a version can be answered: noon, in the session's zone, on the working day that follows.

    It follows the end of the session, or this version where that came later; in UTC.
    """
    day = max(session.ends_at, version_at).astimezone(session.zone).date() + timedelta(days=1)
    while day.weekday() >= 5 or is_holiday(day):
        day += timedelta(days=1)
    return at_clock(day, ANSWER_BY, session.timezone)


def standing(
    impression: Impression,
    group: Group,
    members: Collection[Member],
    answers: Sequence[SignOff],
    silence: Silence,
    until: datetime,
    *,
    over: bool,
) -> Standing:
    """Say where the current version stands. `over` says that answering has ended; `answers` are of this version.

    What somebody said counts as long as they sit in the group.
    """
    people = asked(impression, group, members)
    counted = [one for one in answers if group.has(one.user)]
    yes = tuple(one.user for one in counted if one.verdict is Verdict.AGREES and one.user in people)
    no = tuple(one for one in counted if one.verdict is Verdict.OBJECTS)
    if no:
        state = SignOffState.OBJECTED
    elif set(people) <= set(yes):
        state = SignOffState.AGREED
    elif not over:
        state = SignOffState.OPEN
    else:
        state = SignOffState.AGREED if silence is Silence.AGREES else SignOffState.WAITING
    return Standing(impression.id, group.id, state, until, silence, people, yes, no, over)


def check_reason(text: str) -> list[Problem]:
    """Return what has to be repaired in a reason: there must be one, and it must be short."""
    if not text.strip():
        return [Problem("reason", "impressions.sign.problem.reason")]
    if len(text) > LONGEST_REASON:
        return [Problem("reason", "impressions.problem.too_long", {"most": LONGEST_REASON, "now": len(text)})]
    return []


def changed_parts(before: Contents, after: Contents) -> list[str]:
    """Return the parts in which two versions differ, in the order in which they are read."""
    return [part for part in PARTS if getattr(before, part) != getattr(after, part)]
