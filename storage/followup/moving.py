"""The trail of moves of a session, and who holds which version of its file for an agenda."""

from datetime import datetime

from sqlmodel import Field, Session, col, select

from bot.followup import SessionMove
from storage.moments import Moment
from storage.rows import Row


class SessionMoveRow(Row, table=True):
    """A session got another date, or was cancelled: then it has no date to which it went."""

    __tablename__ = "session_move"
    id: str = Field(primary_key=True)
    team_id: str
    work_session_id: str = Field(foreign_key="work_session.id", index=True)
    from_starts_at: datetime = Field(sa_type=Moment)
    from_ends_at: datetime = Field(sa_type=Moment)
    to_starts_at: datetime | None = Field(default=None, sa_type=Moment)
    to_ends_at: datetime | None = Field(default=None, sa_type=Moment)
    moved_by: str
    reason: str
    at: datetime = Field(sa_type=Moment)


class CalendarCopyRow(Row, table=True):
    """The newest file for an agenda that somebody was given, how often, and whether they want it there."""

    __tablename__ = "calendar_copy"
    work_session_id: str = Field(primary_key=True, foreign_key="work_session.id")
    user_id: str = Field(primary_key=True)
    team_id: str
    sequence: int
    times: int
    in_agenda: bool
    at: datetime = Field(sa_type=Moment)


def add(db: Session, team: str, move: SessionMove) -> None:
    """Keep a move in the trail."""
    db.add(
        SessionMoveRow(
            id=move.id,
            team_id=team,
            work_session_id=move.session,
            from_starts_at=move.from_starts_at,
            from_ends_at=move.from_ends_at,
            to_starts_at=move.to_starts_at,
            to_ends_at=move.to_ends_at,
            moved_by=move.by,
            reason=move.reason,
            at=move.at,
        )
    )
    db.flush()


def trail(db: Session, team: str, session_id: str) -> list[SessionMove]:
    """Return every move of a session, in order; the last one may be that it was cancelled."""
    query = select(SessionMoveRow).where(SessionMoveRow.team_id == team, SessionMoveRow.work_session_id == session_id)
    return [
        SessionMove(
            row.id,
            row.work_session_id,
            row.from_starts_at,
            row.from_ends_at,
            row.to_starts_at,
            row.to_ends_at,
            row.moved_by,
            row.reason,
            row.at,
        )
        for row in db.exec(query.order_by(col(SessionMoveRow.at), col(SessionMoveRow.id)))
    ]


def copy_of(db: Session, team: str, session_id: str, user: str) -> CalendarCopyRow | None:
    """Return which file somebody was given last, None for nobody."""
    row = db.get(CalendarCopyRow, (team, session_id, user))
    return row if row else None


def holders(db: Session, team: str, session_id: str) -> list[str]:
    """Return who has the session in their agenda as far as we know: who got the file and did not say no after it."""
    query = select(CalendarCopyRow.user_id).where(
        CalendarCopyRow.team_id == team,
        CalendarCopyRow.work_session_id == session_id,
        col(CalendarCopyRow.in_agenda).is_(True),
    )
    return list(db.exec(query.order_by(CalendarCopyRow.user_id)))


def give_copy(db: Session, team: str, session_id: str, user: str, sequence: int, now: datetime) -> int:
    """Remember that somebody is given this version of the file, and return for which time they are given one."""
    row = db.get(CalendarCopyRow, (team, session_id, user)) or CalendarCopyRow(
        work_session_id=session_id, user_id=user, team_id=team, sequence=sequence, times=0, in_agenda=True, at=now
    )
    row.sequence, row.times, row.in_agenda, row.at = sequence, row.times + 1, True, now
    db.add(row)
    db.flush()
    return row.times


def put_away(db: Session, team: str, session_id: str, user: str) -> None:
    """Remember that somebody who had the file does not come: it may be gone from their agenda."""
    row = copy_of(db, team, session_id, user)
    if row is not None:
        row.in_agenda = False
        db.add(row)
