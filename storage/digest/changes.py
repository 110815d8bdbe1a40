"""Who changed what about a region's digest: enough to tell it, and to undo it. Ids only, no words."""

import json
from datetime import datetime

from sqlmodel import Field, Session

from bot.digest import Change
from storage.moments import Moment
from storage.rows import Row


class DigestChangeRow(Row, table=True):
    """One change: what it was about, how it was before (JSON), and whether somebody undid it."""

    __tablename__ = "digest_change"
    id: str = Field(primary_key=True)
    team_id: str
    region_id: str = Field(foreign_key="region.id", index=True)
    what: str
    by_user: str
    at: datetime = Field(sa_type=Moment)
    before: str
    after: str
    version: int
    undone_by: str | None = None
    undone_at: datetime | None = Field(default=None, sa_type=Moment)


def add_change(db: Session, team: str, change: Change) -> None:
    """Keep a change."""
    db.add(
        DigestChangeRow(
            id=change.id,
            team_id=team,
            region_id=change.region,
            what=change.what,
            by_user=change.by,
            at=change.at,
            before=json.dumps(change.before, sort_keys=True),
            after=json.dumps(change.after, sort_keys=True),
            version=change.version,
        )
    )
    db.flush()


def change(db: Session, team: str, change_id: str) -> Change | None:
    """Return one change of this workspace."""
    row = db.get(DigestChangeRow, (team, change_id))
    if row is None:
        return None
    return Change(
        row.id,
        row.region_id,
        row.what,
        row.by_user,
        row.at,
        json.loads(row.before),
        json.loads(row.after),
        row.version,
        row.undone_by,
    )


def undo_change(db: Session, team: str, change_id: str, by: str, now: datetime) -> None:
    """Write down who undid a change."""
    row = db.get_one(DigestChangeRow, (team, change_id))
    row.undone_by, row.undone_at = by, now
    db.add(row)
    db.flush()
