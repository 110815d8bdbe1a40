"""What of the trail can be found: what anybody may read stands in the search index, for as long as it may be read."""

from collections.abc import Collection, Iterable
from datetime import date

from sqlmodel import Session, col, select

from bot.trail import Entry, Kind
from bot.trail.recalling import Line, asked_by, lines, published, when
from storage import text_index
from storage.portions import portions
from storage.trail.reading import one
from storage.trail.rows import TrailRow

OWNER = "trail:"
"""Before the id of an entry: whose sentences they are in the index."""


def index(db: Session, team: str, ids: Collection[str]) -> None:
    """Let exactly what anybody may read of these entries be found, in the transaction that changes them."""
    using: list[str] = []
    for some in portions(ids):
        below = select(TrailRow.id).where(
            TrailRow.team_id == team, col(TrailRow.parent_id).in_(some), TrailRow.kind == Kind.ADOPTION.value
        )
        using += db.exec(below)
    for entry_id in dict.fromkeys([*ids, *using]):
        text_index.put(db, team, f"{OWNER}{entry_id}", searchable(db, team, entry_id))


def searchable(db: Session, team: str, entry_id: str) -> list[text_index.Entry]:
    """Return what can be found of an entry; nothing of one that not everybody may read."""
    entry = one(db, team, entry_id)
    return _said(entry, above(db, entry)) if entry else []


def index_read(db: Session, team: str, entries: Iterable[Entry]) -> None:
    """Do as `index` for entries that were read already: in as many statements for thousands as for one.

    Not for examples and who uses them, of which one says what the other does.
    """
    text_index.put_all(db, team, {f"{OWNER}{entry.id}": _said(entry, None) for entry in entries})


def _said(entry: Entry, over: Entry | None) -> list[text_index.Entry]:
    if not published(entry):
        return []
    day, year = when(entry)
    at = day or (date(year, 1, 1) if year else None)
    note = entry.origin.impression if entry.origin else ""
    words = asked_by(entry)
    return [
        text_index.Entry(line.field, note, line.start, line.end, at, f"{words} {line.text}")
        for line in lines(entry, over)
    ]


def above(db: Session, entry: Entry) -> Entry | None:
    """Return the entry that has to be read for what this one says: the example that it says is used."""
    return one(db, entry.team, entry.parent) if entry.kind is Kind.ADOPTION and entry.parent else None


def line_at(db: Session, entry: Entry, field: str, start: int, end: int) -> Line | None:
    """Return what an entry says at a place now; None where it says something else there."""
    found: Iterable[Line] = lines(entry, above(db, entry))
    return next((line for line in found if (line.field, line.start, line.end) == (field, start, end)), None)


def ids_after(db: Session, team: str, after: str, most: int) -> list[str]:
    """Return the next entries of a workspace, in the order of their ids."""
    query = select(TrailRow.id).where(TrailRow.team_id == team, col(TrailRow.id) > after)
    return list(db.exec(query.order_by(col(TrailRow.id)).limit(most)))
