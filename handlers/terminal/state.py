"""What `oogst harvest --state FOLDER` keeps between two harvests: one SQLite file that is never read as a whole.

In it: the engine's memory (bounded, one row of JSON), and where each note went. Of the latter only the notes at hand
are looked up, so ten new notes cost as ten. Notes leave when there are more than NOTES of them, the oldest first.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from bot.harvest import Example, Memory, RememberedTheme, Theme
from handlers.terminal.interchange import BadInput

FILE = "harvest.db"
FIRST_FILE = "harvest.json"
"""What the first version kept; read when nothing newer is there."""
VERSION = 2
NOTES = 500_000
Number = TypeVar("Number", int, float)
_AT_ONCE = 500
"""Ids in one question: SQLite takes no more than 999 in old versions."""


def read_memory(folder: Path | None, notes: Collection[str]) -> Memory:
    """Return what the harvests before this one left, with the places of these notes. Raises BadInput when broken."""
    if folder is None:
        return Memory()
    path = folder / FILE
    if not path.exists():
        return _first(folder / FIRST_FILE).only(frozenset(notes))
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
            stored = json.loads(db.execute("SELECT memory FROM kept WHERE version = ?", (VERSION,)).fetchone()[0])
            homes = _homes(db, notes)
        return _memory(stored, homes)
    except (sqlite3.Error, KeyError, TypeError, ValueError):
        raise BadInput("terminal.harvest_state", file=path) from None


def _homes(db: sqlite3.Connection, notes: Collection[str]) -> dict[str, str]:
    keys = {json.dumps(note): note for note in notes}
    found: dict[str, str] = {}
    for start in range(0, len(keys), _AT_ONCE):
        some = [*keys][start : start + _AT_ONCE]
        marks = ",".join("?" * len(some))
        found |= dict(db.execute(f"SELECT note, theme FROM places WHERE note IN ({marks})", some).fetchall())  # noqa: S608 - question marks only
    return {keys[key]: theme for key, theme in found.items()}


def _memory(stored: Mapping[str, Any], homes: Mapping[str, str]) -> Memory:
    of_theme: dict[str, list[str]] = {}
    for note, theme in homes.items():
        of_theme.setdefault(theme, []).append(note)
    themes = (
        RememberedTheme(
            Theme(str(row["id"]), str(row["name"]), aliases=tuple(row["aliases"]), status=row["status"]),
            tuple(sorted(of_theme.get(row["id"], ()))),
            _pairs(row["features"], float),
            int(row["count"]),
        )
        for row in stored["themes"]
    )
    return Memory(
        themes=tuple(themes),
        proposed_merges=tuple((str(a), str(b)) for a, b in stored["proposed_merges"]),
        unplaced=tuple(sorted(of_theme.get("", ()))),
        counted=int(stored["counted"]),
        frequencies=dict(_pairs(stored["frequencies"].items(), int)),
        examples=tuple(Example(str(i), str(t), group, _pairs(held, int)) for i, t, group, held in stored["examples"]),
    )


def _pairs(rows: Any, number: type[Number]) -> tuple[tuple[str, Number], ...]:
    return tuple((str(f), number(x)) for f, x in rows)


def _first(path: Path) -> Memory:
    """What the first version kept: all notes of each theme, and nothing of what they taught."""
    if not path.exists():
        return Memory()
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        if stored["version"] != 1:
            raise BadInput("terminal.harvest_state", file=path)
        themes = [{**row, "count": len(row["notes"])} for row in stored["themes"]]
        homes = {str(note): str(row["id"]) for row in themes for note in row["notes"]}
        more = {"themes": themes, "counted": len(homes), "frequencies": {}, "examples": []}
        return _memory({**stored, **more}, homes)
    except (OSError, AttributeError, KeyError, TypeError, ValueError):
        raise BadInput("terminal.harvest_state", file=path) from None


def write_memory(folder: Path, memory: Memory) -> None:
    """Keep what the next harvest needs, all or nothing. Raises BadInput."""
    stored = {
        "themes": [
            {
                "id": one.theme.id,
                "name": one.theme.name,
                "aliases": one.theme.aliases,
                "status": one.theme.status,
                "features": one.features,
                "count": one.count,
            }
            for one in memory.themes
        ],
        "proposed_merges": memory.proposed_merges,
        "counted": memory.counted,
        "frequencies": memory.frequencies,
        "examples": [(one.note, one.theme, one.group, one.features) for one in memory.examples],
    }
    places = [(json.dumps(note), one.theme.id) for one in memory.themes for note in one.notes]
    places += [(json.dumps(note), "") for note in memory.unplaced]
    with _writing(folder / FILE) as db:
        db.execute("CREATE TABLE IF NOT EXISTS kept (version INTEGER PRIMARY KEY, memory TEXT NOT NULL)")
        db.execute("CREATE TABLE IF NOT EXISTS places (note TEXT NOT NULL UNIQUE, theme TEXT NOT NULL)")
        db.execute("INSERT OR REPLACE INTO kept VALUES (?, ?)", (VERSION, json.dumps(stored, separators=(",", ":"))))
        db.executemany(
            "INSERT INTO places VALUES (?, ?) ON CONFLICT (note) DO UPDATE SET theme = excluded.theme", places
        )
        db.execute("DELETE FROM places WHERE rowid <= (SELECT max(rowid) FROM places) - ?", (NOTES,))


@contextmanager
def _writing(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path)) as db, db:
            yield db
    except (OSError, sqlite3.Error) as error:
        raise BadInput("terminal.harvest_unwritable", file=path, reason=error) from None
