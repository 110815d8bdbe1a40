"""What Slack told us and we did already: one key per event or click, kept without its content."""

from datetime import datetime

from sqlalchemy import delete, text
from sqlmodel import Field, Session, SQLModel, col

from storage.moments import Moment, packed


class InboxRow(SQLModel, table=True):
    """A key that was handled. The row is written in the same transaction as its effect."""

    __tablename__ = "inbox"
    team_id: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Moment)


_FIRST = text("INSERT INTO inbox (team_id, key, at) VALUES (:team, :key, :at) ON CONFLICT DO NOTHING")


def first(db: Session, team: str, key: str, now: datetime) -> bool:
    """Record the key and say whether this is the first time; False means: done already, do nothing."""
    return db.connection().execute(_FIRST, {"team": team, "key": key, "at": packed(now)}).rowcount == 1


def seen(db: Session, team: str, key: str) -> bool:
    """Say whether the key was handled, for a form that is checked before anything is written."""
    return db.get(InboxRow, (team, key)) is not None


def forget(db: Session, before: datetime) -> int:
    """Drop keys older than Slack's longest retry; returns how many."""
    return db.connection().execute(delete(InboxRow).where(col(InboxRow.at) < before)).rowcount
