"""Workspaces that do not let Oogst in, or miss a right: nothing is sent there until Slack says otherwise."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Field, Session, col, select

from bot.delivery import RowState
from storage.delivery.rows import OutboxRow
from storage.moments import Moment
from storage.rows import Row

EVERYTHING = ""
"""What a pause `needs` where it is not one right but the whole access that is gone."""


class PauseRow(Row, table=True):
    """Why nothing (or nothing that needs this right) is sent in a workspace, and when Slack is asked again."""

    __tablename__ = "delivery_pause"
    team_id: str = Field(primary_key=True)
    needs: str = Field(primary_key=True)
    why: str
    since: datetime = Field(sa_type=Moment)
    probe_at: datetime = Field(sa_type=Moment)


@dataclass(frozen=True)
class Pause:
    """A pause of a workspace: the scope it `needs` ("" for access at all), Slack's word for why, and since when."""

    team: str
    needs: str
    why: str
    since: datetime
    probe_at: datetime


def pause(db: Session, team: str, needs: str, why: str, now: datetime, probe_at: datetime) -> bool:
    """Send nothing more there that needs this; returns whether that is news."""
    row = db.get(PauseRow, (team, needs))
    if row is not None:
        row.why, row.probe_at = why, max(row.probe_at, probe_at)
        db.add(row)
        return False
    db.add(PauseRow(team_id=team, needs=needs, why=why, since=now, probe_at=probe_at))
    db.flush()
    return True


def pauses(db: Session, team: str) -> list[Pause]:
    """Return what is not sent in a workspace, and why."""
    rows = db.exec(select(PauseRow).where(PauseRow.team_id == team).order_by(col(PauseRow.needs)))
    return [Pause(row.team_id, row.needs, row.why, row.since, row.probe_at) for row in rows]


def probe_later(db: Session, team: str, probe_at: datetime) -> None:
    """Ask Slack again at this moment, and not before."""
    db.connection().execute(update(PauseRow).where(col(PauseRow.team_id) == team).values(probe_at=probe_at))


def resume(db: Session, team: str, needs: str, now: datetime) -> int:
    """Send again; what was parked for want of this right is planned once more. Returns how many those are."""
    db.connection().execute(delete(PauseRow).where(col(PauseRow.team_id) == team, col(PauseRow.needs) == needs))
    if needs == EVERYTHING:
        return 0
    waiting = update(OutboxRow).where(
        col(OutboxRow.team_id) == team,
        col(OutboxRow.state) == RowState.PARKED,
        col(OutboxRow.error) == lacking(needs),
    )
    again = waiting.values(state=RowState.PLANNED, not_before=now, error="", parked_at=None, told_at=None)
    return db.connection().execute(again).rowcount


def lacking(needs: str) -> str:
    """Return what stands as the reason beside a parcel that was parked for want of a right."""
    return f"missing_scope {needs}".strip()
