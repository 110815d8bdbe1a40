"""A workspace took the app away: nothing is sent or asked any more, and after some weeks everything of it is erased."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Table, and_, delete, update
from sqlmodel import Field, Session, SQLModel, col, select

from bot.privacy.expiring import GRACE
from storage import audit, text_index, tombstones
from storage.audit import Deed
from storage.data_map import MAP, Keep
from storage.moments import Moment
from storage.rows import Row


class DepartureRow(Row, table=True):
    """When a workspace took the app away, and when it came back; the later of the two holds."""

    __tablename__ = "departure"
    team_id: str = Field(primary_key=True)
    left_at: datetime | None = Field(default=None, sa_type=Moment)
    returned_at: datetime | None = Field(default=None, sa_type=Moment)


def leave(db: Session, team: str, at: datetime, now: datetime) -> bool:
    """Remember that the app was taken away at a moment; returns whether that is news.

    The first moment counts: a token that is revoked and the app that is removed are told apart, in any order. What
    happened before the app came back is told too late, and changes nothing.
    """
    row = db.get(DepartureRow, team) or DepartureRow(team_id=team)
    if row.left_at is not None or is_old(db, team, at):
        return False
    row.left_at = at
    db.add(row)
    db.flush()
    audit.record(db, team, Deed.UNINSTALLED, now)
    return True


def come_back(db: Session, team: str, now: datetime) -> bool:
    """Remember that the app is here (again), at a start or an installation; returns whether it had been away."""
    row = db.get(DepartureRow, team) or DepartureRow(team_id=team)
    was_away, is_new = row.left_at is not None, row.returned_at is None
    row.left_at, row.returned_at = None, now
    db.add(row)
    db.flush()
    if was_away or is_new:
        audit.record(db, team, Deed.INSTALLED, now)
    return was_away


def is_old(db: Session, team: str, at: datetime) -> bool:
    """Say whether the app was seen to be there after this moment: what is told of it then is over."""
    row = db.get(DepartureRow, team)
    return row is not None and row.returned_at is not None and at <= row.returned_at


def is_away(db: Session, team: str) -> bool:
    """Say whether the app was taken away here, so that nothing may be sent or asked."""
    row = db.get(DepartureRow, team)
    return row is not None and row.left_at is not None


def away(db: Session) -> Mapping[str, datetime]:
    """Return the workspaces that took the app away, with when that was."""
    query = select(DepartureRow).where(col(DepartureRow.left_at).is_not(None))
    rows = db.exec(query.execution_options(every_workspace="which workspaces took the app away"))
    return {row.team_id: row.left_at for row in rows if row.left_at is not None}


def overdue(db: Session, now: datetime, grace: timedelta = GRACE) -> list[str]:
    """Return the workspaces whose grace is over and of which there is still something to erase."""
    known = SQLModel.metadata.tables["programme"]
    query = select(known.c.team_id).execution_options(every_workspace="which workspaces there still are")
    there = set(db.connection().execute(query).scalars())
    return sorted(team for team, at in away(db).items() if at + grace <= now and team in there)


def purge(db: Session, team: str, now: datetime) -> Mapping[str, int]:
    """Erase everything of a workspace but its trail; returns how many rows went, per table.

    The trail keeps no words, and with the programme the key goes under which its hashes could be recognised. One
    tombstone takes the place of all that there were, so that no older copy brings the workspace back.
    """
    audit.record(db, team, Deed.PURGED, now)
    gone: dict[str, int] = {}
    _clear_index(db, team)
    _let_go_of_each_other(db, team)
    for rows in reversed(SQLModel.metadata.sorted_tables):
        what = MAP.get(rows.name)
        if what is None or what.keep is Keep.AUDIT:
            continue
        gone[rows.name] = db.connection().execute(delete(rows).where(rows.c.team_id == team)).rowcount
    db.expire_all()
    tombstones.record(db, team, tombstones.WORKSPACE, team, now)
    return {name: count for name, count in gone.items() if count}


def _let_go_of_each_other(db: Session, team: str) -> None:
    """Rows that point at rows of their own table, or in a circle, would hold each other."""
    for rows in SQLModel.metadata.sorted_tables:
        for column in rows.columns:
            inside = any(_comes_later(key.column.table, rows) for key in column.foreign_keys)
            if inside and column.nullable:
                which = and_(rows.c.team_id == team, column.is_not(None))
                db.connection().execute(update(rows).where(which).values({column.name: None}))


def _comes_later(target: Table, rows: Table) -> bool:
    order = [each.name for each in SQLModel.metadata.sorted_tables]
    return order.index(target.name) >= order.index(rows.name)


def _clear_index(db: Session, team: str) -> None:
    """Let nothing be found any more: the index itself is no table of ours."""
    entries = SQLModel.metadata.tables["search_entry"]
    owners = select(entries.c.owner).where(entries.c.team_id == team).distinct()
    for owner in db.connection().execute(owners).scalars().all():
        text_index.put(db, team, owner, [])
