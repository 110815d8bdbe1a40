"""What groups miss, as the coordinator sees it, and the reminders that she has sent: once a day, two a week at most."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlmodel import Session

from bot.article import readers
from bot.nudges import Room
from bot.problem import Refused
from bot.programme import Action, Member, allow
from bot.prompting import asked_of, days_missing, is_missing
from bot.worksessions import WorkSession
from handlers import promises
from handlers.prompting import records
from handlers.prompting.asking import away
from handlers.routing import Answer, Click
from handlers.views import prompting as views
from handlers.waiting import Gap
from handlers.world import Asker, World
from storage import delivery, inbox, nudges, programme, prompting, selection, timetable, worksessions


@dataclass(frozen=True)
class Board:
    """What the groups of one session miss, in the order of their numbers.

    `today` holds the names of what was reminded today; `rooms` and `people` are by user id.
    """

    session: WorkSession
    gaps: tuple[Gap, ...] = ()
    today: frozenset[str] = frozenset()
    rooms: Mapping[str, Room] = field(default_factory=dict)
    people: Mapping[str, Member] = field(default_factory=dict)

    def reachable(self, gap: Gap) -> tuple[str, ...]:
        """Return who can still be reminded of this today; nobody where that was done."""
        return () if gap.name in self.today else tuple(u for u in gap.users if self.rooms.get(u) is Room.FREE)


def gaps(db: Session, team: str, sessions: Sequence[WorkSession], now: datetime) -> list[Gap]:
    """Return which groups of these sessions miss their impression, since when it was asked, and whom to remind."""
    ids = [session.id for session in sessions]
    groups, answered = selection.groups_of_all(db, team, ids), prompting.answered(db, team, ids)
    missing = [
        (session, group)
        for session in sessions
        if session.id not in answered.published
        for group in groups.get(session.id, ())
        if is_missing(session, group.id in answered.now, now)
    ]
    asked = prompting.asked(db, team, {group.id for _, group in missing}, only_sent=True)
    gone = away(db, team, [group for _, group in missing])
    found = []
    for session, group in missing:
        user = asked_of(session, group, gone)
        when = [each.at for each in asked.get(group.id, ())]
        line = partial(views.gap, session, group, when, days_missing(session, now))
        users = (user,) if user else ()
        found.append(
            Gap("impression", group.id, session.id, group.number, users, prompting.KIND, line, {"id": group.id})
        )
    return found


SOURCES: tuple[Callable[[Session, str, Sequence[WorkSession], datetime], list[Gap]], ...] = (
    gaps,
    records.gaps,
    promises.gaps,
)
"""Every feature in which a group can leave something open; what comes first here comes first for a group."""


def boards(db: Session, team: str, sessions: Sequence[WorkSession], zone: str, now: datetime) -> dict[str, Board]:
    """Return what the groups of each of these sessions miss, by session id; nothing before a session began."""
    begun = [session for session in sessions if session.starts_at <= now]
    found = [gap for source in SOURCES for gap in source(db, team, begun, now)]
    found.sort(key=lambda gap: gap.number or 0)
    users = {user for gap in found for user in gap.users}
    rooms = nudges.rooms(db, team, users, zone, now) if users else {}
    people = {member.user: member for member in programme.members(db, team, users)} if users else {}
    turns = prompting.turns(db, team, [_rule(gap) for gap in found])
    days = {session.id: _day(now, session) for session in begun}
    today = frozenset(gap.name for gap in found if days[gap.session] in turns.get(_rule(gap), ()))
    return {
        session.id: Board(session, tuple(gap for gap in found if gap.session == session.id), today, rooms, people)
        for session in sessions
    }


async def remind(click: Click, world: World) -> Answer:
    """The coordinator has a reminder sent of one thing that is missing, at most once a day."""
    text = await world.write(partial(_remind_one, click, world))
    return Answer(then=[world.whisper(click, text)])


async def remind_all(click: Click, world: World) -> Answer:
    """The coordinator has everybody reminded of what is missing in a session: one message to each of them."""
    text = await world.write(partial(_remind_all, click, world))
    return Answer(then=[world.whisper(click, text)])


def _remind_one(click: Click, world: World, db: Session) -> str:
    session_id, _, name = click.value.partition("/")
    asker, board = _board(db, world, click, session_id)
    gap = next((gap for gap in board.gaps if gap.name == name), None)
    if gap is None:
        raise Refused("prompting.nothing_missing")
    if not gap.users:
        raise Refused("selection.shape.remind_practice" if board.session.is_practice else "prompting.nobody")
    if gap.name in board.today:
        raise Refused("prompting.reminded_today")
    if not board.reachable(gap):
        return views.unreachable(gap, board, asker.words)
    return _send(db, world, click, asker, board, dict.fromkeys(board.reachable(gap), gap))


def _remind_all(click: Click, world: World, db: Session) -> str:
    asker, board = _board(db, world, click, click.value)
    if not board.gaps:
        raise Refused("prompting.nothing_missing")
    first: dict[str, Gap] = {}
    for gap in board.gaps:
        for user in board.reachable(gap):
            first.setdefault(user, gap)
    if not first:
        raise Refused("prompting.all_reminded")
    return _send(db, world, click, asker, board, first)


def _board(db: Session, world: World, click: Click, session_id: str) -> tuple[Asker, Board]:
    asker = world.asker(db, click)
    allow(asker.member, Action.REMIND)
    session = worksessions.one(db, click.team, session_id)
    if session is None or not readers(session, [asker.member]):
        raise Refused("worksessions.gone")
    return asker, boards(db, click.team, [session], asker.settings.timezone, world.now())[session.id]


def _send(db: Session, world: World, click: Click, asker: Asker, board: Board, about: Mapping[str, Gap]) -> str:
    """Owe each of these people one message about what they can do; returns what to tell who asked for it."""
    now, day, zone = world.now(), _day(world.now(), board.session), asker.settings.timezone
    told, at = inbox.first(db, click.team, click.key, now), now
    for user, gap in about.items() if told else ():
        if board.session.is_practice and user != board.session.created_by:
            raise Refused("selection.shape.remind_practice")
        timetable.take(db, click.team, _rule(gap), day, now, now)
        key = f"{gap.kind}:{gap.subject}:{user}:{day}"
        nudges.plan_nudge(
            db,
            team=click.team,
            key=key,
            kind=gap.kind,
            arguments={**gap.arguments, "user": user},
            user=user,
            zone=zone,
            now=now,
        )
        planned = delivery.parcel(db, click.team, key)
        at = max(at, planned.not_before) if planned else at
    return views.reminded(list(about), None if at <= now else at, asker.words)


def _rule(gap: Gap) -> str:
    return f"prompting.remind:{gap.name}"


def _day(now: datetime, session: WorkSession) -> str:
    return now.astimezone(session.zone).date().isoformat()
