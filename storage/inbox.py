"""What Slack told us and we did already: one key per event or click, kept without its content."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import String, bindparam, delete, text
from sqlmodel import Field, Session, col, select

from storage.crashpoints import crashpoint
from storage.moments import Moment, packed
from storage.rows import Row


class InboxRow(Row, table=True):
    """A key that was handled. The row is written in the same transaction as its effect."""

    __tablename__ = "inbox"
    team_id: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Moment)


_FIRST = text("INSERT INTO inbox (team_id, key, at) VALUES (:team, :key, :at) ON CONFLICT DO NOTHING")

_SEEN = text("SELECT team_id, key FROM inbox WHERE team_id IN :teams AND key IN :keys").bindparams(
    bindparam("teams", expanding=True, type_=String), bindparam("keys", expanding=True, type_=String)
)


def first(db: Session, team: str, key: str, now: datetime) -> bool:
    """Record the key and say whether this is the first time; False means: done already, do nothing."""
    crashpoint("effect.before")
    return db.connection().execute(_FIRST, {"team": team, "key": key, "at": packed(now)}).rowcount == 1


def seen_of(db: Session, keys: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return those of these keys (workspace, key) that were handled; for what is done for many at once."""
    found = db.connection().execute(
        _SEEN, {"teams": sorted({team for team, _ in keys}), "keys": sorted({key for _, key in keys})}
    )
    return {(team, key) for team, key in found}


def record(db: Session, keys: Sequence[tuple[str, str]], now: datetime) -> None:
    """Record keys (workspace, key) that are new."""
    if keys:
        crashpoint("effect.before")
        at = packed(now)
        db.connection().execute(_FIRST, [{"team": team, "key": key, "at": at} for team, key in keys])


def seen(db: Session, team: str, key: str) -> bool:
    """Say whether the key was handled, for a form that is checked before anything is written."""
    return db.get(InboxRow, (team, key)) is not None


def is_newest(db: Session, team: str, about: str, number: int, now: datetime) -> bool:
    """Record up to which number something was told, and say whether this is no older; 0 is "it has no number".

    For what Slack tells whole each time, such as an account: what comes late is older than what is known.
    """
    if number == 0:
        return True
    known = select(InboxRow.key).where(InboxRow.team_id == team, col(InboxRow.key).startswith(f"{about}:"))
    newest = max((int(key.rpartition(":")[2]) for key in db.exec(known)), default=0)
    if number > newest:
        db.connection().execute(
            delete(InboxRow).where(col(InboxRow.team_id) == team, col(InboxRow.key).startswith(f"{about}:"))
        )
        first(db, team, f"{about}:{number}", now)
    return number >= newest


def forget(db: Session, before: datetime) -> int:
    """Drop keys older than Slack's longest retry; returns how many."""
    return (
        db.connection()
        .execute(
            delete(InboxRow).where(col(InboxRow.at) < before).execution_options(every_workspace="what is old goes")
        )
        .rowcount
    )
