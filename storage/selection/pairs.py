"""Who asked to sit with whom. It counts once the other has agreed, or when both asked."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, col, select

from bot.selection import Pair, PairState
from storage.moments import Moment
from storage.rows import Row


class PairRow(Row, table=True):
    """Somebody's wish to sit with one other person in a session."""

    __tablename__ = "pair"
    __table_args__ = (UniqueConstraint("work_session_id", "asker", "partner"),)
    id: str = Field(primary_key=True)
    team_id: str
    work_session_id: str = Field(foreign_key="work_session.id", index=True)
    asker: str
    partner: str
    state: str
    at: datetime = Field(sa_type=Moment)


def ask_pair(db: Session, team: str, asked: Pair) -> None:
    """Keep a wish; one wish a person and session, so an earlier one makes place."""
    query = select(PairRow).where(
        PairRow.team_id == team, PairRow.work_session_id == asked.work_session, PairRow.asker == asked.asker
    )
    for row in db.exec(query):
        db.delete(row)
    db.flush()
    values = {"work_session_id": asked.work_session, "asker": asked.asker, "partner": asked.partner}
    db.add(PairRow(id=asked.id, team_id=team, state=asked.state.value, at=asked.at, **values))
    db.flush()


def pair(db: Session, team: str, pair_id: str) -> Pair | None:
    """Return one wish of this workspace."""
    row = db.get(PairRow, (team, pair_id))
    return _pair(row) if row else None


def answer_pair(db: Session, team: str, pair_id: str, state: PairState) -> None:
    """Record what the other said."""
    row = db.get_one(PairRow, (team, pair_id))
    row.state = state.value
    db.add(row)


def pairs_of(db: Session, team: str, session_id: str) -> list[Pair]:
    """Return every wish of a session, in the order of asking."""
    query = (
        select(PairRow)
        .where(PairRow.team_id == team, PairRow.work_session_id == session_id)
        .order_by(col(PairRow.at), PairRow.id)
    )
    return [_pair(row) for row in db.exec(query)]


def _pair(row: PairRow) -> Pair:
    return Pair(row.id, row.work_session_id, row.asker, row.partner, PairState(row.state), row.at)
