"""The coordinator's sessions: what can be done now in each of them, and which group misses what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.proposals import Bundle, of_scope, takes_proposals
from bot.selection import Group, leaderless
from bot.worksessions import State, WorkSession
from handlers.prompting import Board, boards
from handlers.world import Asker
from storage import programme, prompting, proposals, selection


@dataclass(frozen=True)
class Desk:
    """One session as the coordinator sees it: how many chose, which group misses what, whether the article is out.

    `begun` says that groups may have found something; before that nothing is missing.
    """

    session: WorkSession
    chosen: int = 0
    board: Board | None = None
    groups: int = 0
    handed_in: int = 0
    published: bool = False
    begun: bool = False
    proposed: int = 0
    asked: bool = False
    open_for_proposals: bool = False
    leaderless: tuple[Group, ...] = ()
    waiting: int = 0


def desks(
    db: Session,
    asker: Asker,
    sessions: Sequence[WorkSession],
    groups: Mapping[str, Sequence[Group]],
    proposed: Sequence[Bundle],
    now: datetime,
) -> tuple[Desk, ...]:
    """Return the sessions of the coordinator, those that ask most of her first: begun, to come, published."""
    team = asker.member.team
    answered = prompting.answered(db, team, [session.id for session in sessions])
    found = boards(db, team, sessions, asker.settings.timezone, now)
    made = []
    for session in (each for each in sessions if each.state is not State.CANCELLED):
        mine = groups.get(session.id, ())
        planned, choosing = session.state is State.PLANNED, session.state is State.CHOOSING
        without, unseated = _to_seat(db, session, mine, now)
        made.append(
            Desk(
                session,
                chosen=selection.count_picks(db, session.team, session.id) if choosing else 0,
                board=found[session.id],
                groups=len(mine),
                handed_in=sum(1 for group in mine if group.id in answered.now),
                published=session.id in answered.published,
                begun=session.starts_at <= now,
                proposed=len(of_scope(proposed, session.id)) if planned else 0,
                asked=planned and proposals.was_asked(db, team, session.id),
                open_for_proposals=takes_proposals(session, now),
                leaderless=without,
                waiting=unseated,
            )
        )
    return tuple(sorted(made, key=_urgency))


def _urgency(desk: Desk) -> tuple[int, float]:
    """Begun and not published first, the newest of them on top; then what comes, the next one on top."""
    at = desk.session.starts_at.timestamp()
    if desk.begun:
        idle = desk.published or desk.session.state is State.PLANNED
        return (2 if idle else 0), -at
    return 1, at


def _to_seat(
    db: Session, session: WorkSession, groups: Sequence[Group], now: datetime
) -> tuple[tuple[Group, ...], int]:
    """Return the groups without a facilitator and how many people have no place; nothing once the session is over."""
    if session.state is not State.GROUPED or now >= session.ends_at:
        return (), 0
    leading = [group.facilitator for group in groups if group.facilitator]
    away = {member.user for member in programme.members(db, session.team, leading) if not member.takes_part}
    return tuple(leaderless(groups, away)), len(selection.unseated(db, session.team, session.id))
