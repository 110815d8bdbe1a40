"""Everything that is kept of one person, as rows and columns, for the person themselves: it walks the data map."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlmodel import Session, SQLModel

from storage.data_map import MAP, Gone, Holds, Table

Rows = Mapping[str, list[dict[str, Any]]]
"""Rows by table, each with its columns by name."""
SOMEBODY = "…"
"""Stands where another person is named by an id."""
INTERNAL = frozenset({"body_hash", "arguments", "lease_until", "error", "attempt"})
"""What the outbox keeps for itself says nothing of anybody."""


def kept_of(db: Session, team: str, user: str, masked: Callable[[str], str]) -> Rows:
    """Return every row that is this person's, in every table, with all of it but keys of the system.

    Ids of others are left out, and `masked` leaves their names out of texts. Words of a note are in it where the
    person handed it in, and then also what was published of it; a quote of somebody else within it is not.
    """
    own_notes, own_entries = _notes(db, team, user), _entries(db, team, user)
    found: dict[str, list[dict[str, Any]]] = {}
    for name, what in MAP.items():
        rows = SQLModel.metadata.tables[name]
        which = _whose(name, what, user, own_notes, own_entries)
        if which is None:
            continue
        query = select(rows).where(rows.c.team_id == team, which).order_by(*rows.primary_key.columns)
        told = [_told(what, dict(row._mapping), user, masked) for row in db.connection().execute(query)]
        if told:
            found[name] = told
    return found


def counts_of(db: Session, team: str, user: str) -> Mapping[str, int]:
    """Return how much there is of this person, by table."""
    return {name: len(rows) for name, rows in kept_of(db, team, user, lambda text: text).items()}


def _notes(db: Session, team: str, user: str) -> list[str]:
    rows = SQLModel.metadata.tables["impression"]
    query = select(rows.c.id).where(rows.c.team_id == team, rows.c.author == user)
    return [str(note) for note in db.connection().execute(query).scalars()]


def _entries(db: Session, team: str, user: str) -> list[str]:
    """What they wrote in the trail of their region, and where they stand in it."""
    rows, said = SQLModel.metadata.tables["trail"], SQLModel.metadata.tables["trail_value"]
    made = select(rows.c.id).where(rows.c.team_id == team, rows.c.made_by == user)
    named = select(said.c.trail_id).where(said.c.team_id == team, said.c.user_id == user)
    return sorted({str(entry) for query in (made, named) for entry in db.connection().execute(query).scalars()})


def _whose(
    name: str, what: Table, user: str, own_notes: list[str], own_entries: list[str]
) -> ColumnElement[bool] | None:
    """Return which rows of a table are this person's: those they stand in, and those made of their own notes."""
    rows = SQLModel.metadata.tables[name]
    mine = [rows.c[column] == user for column in what.leaves]
    if what.note is not None and what.gone is not Gone.STAYS and Holds.NOTE in what.columns.values():
        of_notes = rows.c[what.note].in_(own_notes)
        if name == "impression_version":
            return or_(of_notes, and_(*mine))
        mine.append(of_notes)
    if what.entry is not None:
        mine.append(rows.c[what.entry].in_(own_entries))
    return or_(*mine) if mine else None


def _told(what: Table, row: dict[str, Any], user: str, masked: Callable[[str], str]) -> dict[str, Any]:
    """Return a row as its person may read it."""
    others_note = "author" in row and row["author"] != user
    others_quote = row.get("quote_by") not in (None, "", user)
    told: dict[str, Any] = {}
    for column, value in row.items():
        holds = what.columns.get(column)
        if column == "team_id" or column in INTERNAL or holds is Holds.KEY or value in (None, ""):
            continue
        if holds is Holds.PERSON and value != user:
            value = SOMEBODY
        elif holds is Holds.NOTE and ((others_note and column != "quote") or (others_quote and column == "quote")):
            continue
        elif holds in (Holds.NOTE, Holds.OWN, Holds.SHARED):
            if holds is Holds.OWN and what.owner and row.get(what.owner) != user:
                continue
            value = masked(str(value))
        elif not isinstance(value, str | int | float | bool):
            value = value.isoformat()
        told[column] = value
    return told
