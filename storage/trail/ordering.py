"""The order in which entries stand: people move one up or down among those of its kind."""

from datetime import datetime

from sqlmodel import Session, col, select

from bot.trail import Entry
from storage.trail.keeping import note, row_of
from storage.trail.reading import LIVING
from storage.trail.rows import TrailRow


def siblings(db: Session, entry: Entry) -> list[str]:
    """Return the ids of the entries among which this one has its place, in order, with its own."""
    return [row.id for row in _rows(db, entry)]


def move(db: Session, entry: Entry, step: int, by: str, now: datetime) -> bool:
    """Move an entry as it was read this many places down (up: below 0), as far as there is room.

    Returns whether it stands elsewhere now. The change is kept with both places, counted from 1. Raises Refused when
    somebody changed the entry meanwhile.
    """
    row, rows = row_of(db, entry), _rows(db, entry)
    before = [each.id for each in rows].index(entry.id)
    after = min(max(before + step, 0), len(rows) - 1)
    if after == before:
        return False
    rows.insert(after, rows.pop(before))
    for at, each in enumerate(rows, start=1):
        each.position = at
        db.add(each)
    note(db, entry, "position", str(before + 1), str(after + 1), by, now, None)
    row.version, row.changed_at = row.version + 1, now
    db.add(row)
    db.flush()
    return True


def _rows(db: Session, entry: Entry) -> list[TrailRow]:
    query = select(TrailRow).where(
        TrailRow.team_id == entry.team,
        TrailRow.region_id == entry.region if entry.region is not None else col(TrailRow.region_id).is_(None),
        TrailRow.parent_id == entry.parent if entry.parent is not None else col(TrailRow.parent_id).is_(None),
        TrailRow.kind == entry.kind.value,
        col(TrailRow.state).in_(LIVING),
    )
    return list(db.exec(query.order_by(col(TrailRow.position), col(TrailRow.id))))
