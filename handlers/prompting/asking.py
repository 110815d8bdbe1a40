"""The questions that come by themselves: before the end of a session, once more a day later, and never after that."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.programme import Programme
from bot.prompting import EARLY, HORIZON, Prompts, Rung, asked_of, first_of, is_missing, prompts
from bot.selection import Group
from bot.worksessions import WorkSession
from handlers.delivery import Body
from handlers.views import prompting as views
from handlers.words import Words
from handlers.world import World
from storage import nudges, programme, prompting, selection, timetable, worksessions


@dataclass(frozen=True)
class Candidate:
    """A group that owes its impression: who is asked, when, how often it was, and which turns were taken."""

    session: WorkSession
    group: Group
    user: str
    moments: Prompts
    times: int = 0
    done: frozenset[Rung] = frozenset()

    @property
    def rule(self) -> str:
        """What is asked of one person about one group."""
        return f"{prompting.KIND}:{self.group.id}:{self.user}"

    def period(self, rung: Rung) -> str:
        """A session that is held on another day is asked about anew."""
        return f"{self.session.ends_at.isoformat()}:{rung}"


async def tick(world: World, now: datetime) -> None:
    """Ask where it is time."""
    due = await world.database.read(partial(_due, now=now))
    if due:
        await world.write(partial(_ask, due, now))


def next_due(db: Session, now: datetime) -> datetime | None:
    """Return when the next group is asked."""
    found = [each.moments.next(now, each.done) for each in _candidates(db, now, now + 1000 * HORIZON)]
    return min((at for at in found if at is not None), default=None)


def _due(db: Session, now: datetime) -> set[str]:
    return {each.group.id for each in _candidates(db, now, now + EARLY) if _rung(each, now) is not None}


def _rung(candidate: Candidate, now: datetime) -> Rung | None:
    rung = candidate.moments.due(now)
    return None if rung in candidate.done else rung


def _ask(due: set[str], now: datetime, db: Session) -> None:
    """Owe the questions, looked at anew: somebody may have handed in since.

    Nobody gets two at the same moment: who is asked about several groups gets the one that was asked about least, and
    reads of the others on their Home.
    """
    told: set[str] = set()
    for each in sorted(_candidates(db, now, now + EARLY), key=lambda one: one.times):
        rung = _rung(each, now)
        if each.group.id not in due or rung is None:
            continue
        planned = each.user not in told and nudges.plan_nudge(
            db,
            team=each.session.team,
            key=f"{each.rule}:{each.period(rung)}",
            kind=prompting.KIND,
            arguments={
                "id": each.group.id,
                "user": each.user,
                "rung": rung.value,
                "ends": each.session.ends_at.isoformat(),
            },
            user=each.user,
            zone=each.session.timezone,
            now=now,
            not_after=each.moments.board,
        )
        told.add(each.user)
        state = "done" if planned else "skipped"
        timetable.take(db, each.session.team, each.rule, each.period(rung), now, now, state)


def _candidates(db: Session, now: datetime, until: datetime) -> list[Candidate]:
    """Return what the clock has to look at, of every workspace; a group that answered once is not asked again."""
    sessions = worksessions.ending(db, now - HORIZON, until)
    if not sessions:
        return []
    teams = sorted({session.team for session in sessions})
    return [each for team in teams for each in _of_team(db, team, [one for one in sessions if one.team == team])]


def _of_team(db: Session, team: str, sessions: Sequence[WorkSession]) -> list[Candidate]:
    answered = prompting.answered(db, team, [session.id for session in sessions])
    going_on = [session for session in sessions if session.id not in answered.published]
    groups = selection.groups_of_all(db, team, [session.id for session in going_on])
    open_ = [
        (session, group)
        for session in going_on
        for group in groups.get(session.id, ())
        if group.id not in answered.ever
    ]
    gone = away(db, team, [group for _, group in open_])
    owing = [(session, group, user) for session, group in open_ if (user := asked_of(session, group, gone)) is not None]
    asked = prompting.asked(db, team, {group.id for _, group, _ in owing})
    rests = nudges.rest_days(db, team, [user for _, _, user in owing])
    found = []
    for session, group, user in owing:
        before = asked.get(group.id, ())
        moments = prompts(session, rests[user], first_of(before, user))
        found.append(Candidate(session, group, user, moments, times=len(before)))
    turns = prompting.turns(db, team, [each.rule for each in found])
    return [
        replace(each, done=frozenset(rung for rung in Rung if each.period(rung) in turns.get(each.rule, ())))
        for each in found
    ]


def away(db: Session, team: str, groups: Iterable[Group]) -> set[str]:
    """Return who leads one of these groups, or takes its notes, and left the workspace."""
    users = {user for group in groups for user in (group.facilitator, group.note_taker) if user}
    return {member.user for member in programme.members(db, team, users) if not member.takes_part}


def ask(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The question to whom a group's impression is asked of; nothing once it is in, or once somebody else is asked."""
    group = selection.group(db, settings.team, str(arguments["id"]))
    session = worksessions.one(db, settings.team, group.work_session) if group else None
    if group is None or session is None:
        return None
    answered = prompting.answered(db, settings.team, [session.id])
    user, rung = arguments.get("user"), arguments.get("rung")
    if user is not None and user != asked_of(session, group, away(db, settings.team, [group])):
        return None
    by_itself = rung is not None and (
        group.id in answered.ever
        or session.id in answered.published
        or arguments.get("ends") != session.ends_at.isoformat()
    )
    if by_itself or not is_missing(session, group.id in answered.now, session.ends_at):
        return None
    return Body(*views.ask(session, group, words, last=rung == Rung.AGAIN))


def settled(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """What the question says once the impression is in; nothing where it was withdrawn again."""
    group = selection.group(db, settings.team, str(arguments["id"]))
    session = worksessions.one(db, settings.team, group.work_session) if group else None
    if group is None or session is None or group.id not in prompting.answered(db, settings.team, [session.id]).now:
        return None
    return Body(*views.settled(session, group, words))
