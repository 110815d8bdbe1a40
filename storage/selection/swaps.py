"""Two people who want to change places after the groups were made."""

from datetime import datetime

from sqlmodel import Field, Session, col, or_, select

from bot.selection import Swap, SwapState
from storage.moments import Moment
from storage.rows import Row


class SwapRow(Row, table=True):
    """One person's proposal to another to change places."""

    __tablename__ = "swap"
    id: str = Field(primary_key=True)
    team_id: str
    work_session_id: str = Field(foreign_key="work_session.id", index=True)
    asker: str
    partner: str
    asker_group: str = Field(foreign_key="group.id")
    partner_group: str = Field(foreign_key="group.id")
    state: str
    at: datetime = Field(sa_type=Moment)


def save_swap(db: Session, team: str, swap: Swap) -> None:
    """Keep a proposal as it is now."""
    row = db.get(SwapRow, (team, swap.id))
    if row is None:
        row = SwapRow(
            id=swap.id,
            team_id=team,
            work_session_id=swap.work_session,
            asker=swap.asker,
            partner=swap.partner,
            asker_group=swap.asker_group,
            partner_group=swap.partner_group,
            state=swap.state.value,
            at=swap.at,
        )
    row.state = swap.state.value
    db.add(row)
    db.flush()


def swap(db: Session, team: str, swap_id: str) -> Swap | None:
    """Return one proposal of this workspace."""
    row = db.get(SwapRow, (team, swap_id))
    return _swap(row) if row else None


def open_swap(db: Session, team: str, session_id: str, asker: str) -> Swap | None:
    """Return the proposal of this person that still waits for an answer."""
    query = select(SwapRow).where(
        SwapRow.team_id == team,
        SwapRow.work_session_id == session_id,
        SwapRow.asker == asker,
        SwapRow.state == SwapState.ASKED.value,
    )
    row = db.exec(query).first()
    return _swap(row) if row else None


def open_swaps(db: Session, team: str, session_id: str) -> list[Swap]:
    """Return every proposal of a session that still waits for an answer, in the order of asking."""
    query = select(SwapRow).where(
        SwapRow.team_id == team, SwapRow.work_session_id == session_id, SwapRow.state == SwapState.ASKED.value
    )
    return [_swap(row) for row in db.exec(query.order_by(col(SwapRow.at), SwapRow.id))]


def swapped_with(db: Session, team: str, session_id: str, user: str) -> str | None:
    """Return with whom somebody changed places last in a session."""
    query = select(SwapRow).where(
        SwapRow.team_id == team,
        SwapRow.work_session_id == session_id,
        SwapRow.state == SwapState.DONE.value,
        or_(SwapRow.asker == user, SwapRow.partner == user),
    )
    # whoever changed places has no older proposal left, so the one that was made last was also done last
    row = db.exec(query.order_by(col(SwapRow.at).desc(), col(SwapRow.id).desc())).first()
    return None if row is None else row.partner if row.asker == user else row.asker


def _swap(row: SwapRow) -> Swap:
    return Swap(
        row.id,
        row.work_session_id,
        row.asker,
        row.partner,
        row.asker_group,
        row.partner_group,
        SwapState(row.state),
        row.at,
    )
