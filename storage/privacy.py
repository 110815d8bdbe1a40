"""What is kept of the names that a session leaves out: keyed hashes, from which no name can be read."""

from collections.abc import Mapping

from sqlalchemy import delete
from sqlmodel import Field, Session, SQLModel, col, select


class InvolvedNameRow(SQLModel, table=True):
    """One spelling of a name that a session leaves out, as a keyed hash; `capital`: only when written with one."""

    __tablename__ = "involved_name"
    team_id: str = Field(primary_key=True)
    work_session_id: str = Field(primary_key=True, foreign_key="work_session.id")
    mac: str = Field(primary_key=True)
    capital: bool = False


def involved(db: Session, team: str, session_id: str) -> dict[str, bool]:
    """Return the hashes of a session, each with whether it only counts for a word with a capital."""
    query = select(InvolvedNameRow).where(
        InvolvedNameRow.team_id == team, InvolvedNameRow.work_session_id == session_id
    )
    return {row.mac: row.capital for row in db.exec(query)}


def involve(db: Session, team: str, session_id: str, macs: Mapping[str, bool]) -> bool:
    """Add names to those that a session leaves out. Returns whether any of it was new."""
    known = involved(db, team, session_id)
    new = {mac: capital for mac, capital in macs.items() if known.get(mac, True) and known.get(mac) != capital}
    for mac, capital in new.items():
        row = db.get(InvolvedNameRow, (team, session_id, mac))
        row = row or InvolvedNameRow(team_id=team, work_session_id=session_id, mac=mac)
        row.capital = capital
        db.add(row)
    db.flush()
    return bool(new)


def forget(db: Session, team: str, session_id: str) -> None:
    """Take away every name of a session; what was masked stays masked."""
    query = delete(InvolvedNameRow).where(
        col(InvolvedNameRow.team_id) == team, col(InvolvedNameRow.work_session_id) == session_id
    )
    db.connection().execute(query)
    db.expire_all()
