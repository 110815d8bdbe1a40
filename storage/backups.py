"""Copies of a SQLite database: made beside the running bot, checked, put back, and forgotten when their time is over.

A copy says in its name until when it may be kept: what people erase later still stands in it.
"""

import os
import re
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from glob import escape
from pathlib import Path

from bot.privacy.expiring import KEPT_BACKUPS
from storage import schema, tombstones
from storage.database import Unusable, path_of
from storage.moments import moment
from storage.tombstones import Tombstone

_NAME = re.compile(r"\.backup-(\d{8}T\d{6}Z)-until-(\d{4}-\d{2}-\d{2})$")
_TOMBSTONES = "SELECT team_id, kind, subject_id, at, lifted FROM tombstone ORDER BY id"


@dataclass(frozen=True)
class Backup:
    """A copy that was checked: where it is, how many rows it has and of which revision it is."""

    file: Path
    rows: int
    revision: str


def name_for(location: str, now: datetime) -> Path:
    """Return where a copy made now goes when nobody names a place: beside the database."""
    path = path_of(location)
    return path.with_name(f"{path.name}.backup-{now:%Y%m%dT%H%M%SZ}-until-{(now + KEPT_BACKUPS).date()}")


def made(location: str) -> list[Path]:
    """Return the copies beside a database, newest first; not those that somebody gave a name of their own."""
    path = path_of(location)
    found = [file for file in path.parent.glob(f"{escape(path.name)}.backup-*") if _NAME.search(file.name)]
    return sorted(found, reverse=True)


def forget(location: str, today: date, most: int | None = None) -> list[Path]:
    """Delete the copies whose time is over, and of the others all but the newest `most`; returns what went."""
    gone = []
    for number, file in enumerate(made(location)):
        until = _NAME.search(file.name)
        assert until is not None
        if date.fromisoformat(until[2]) < today or (most is not None and number >= most):
            file.unlink()
            gone.append(file)
    return gone


def make(location: str, to: Path) -> Backup:
    """Copy the database as it is at one moment, while others write; the copy stands there whole and checked, or not.

    Raises Unusable when the database or the copy is not sound, and OSError where it cannot be written.
    """
    path = path_of(location)
    if not path.exists():
        raise Unusable("backup.nothing_there", file=path)
    partial = to.with_name(f"{to.name}.partial")
    partial.unlink(missing_ok=True)
    os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with _reading(path) as source, closing(sqlite3.connect(partial)) as target:
            source.execute("BEGIN")  # the copy and the counts are of the same moment
            counts = _counts(source)
            source.backup(target)
            source.rollback()
            target.execute("PRAGMA journal_mode = DELETE")  # one file that needs no other beside it
        found = inspect(partial)
        with _reading(partial) as copied:
            if _counts(copied) != counts:
                raise Unusable("backup.differs", copy=to, file=path)
        _to_disk(partial)
        partial.replace(to)
        _to_disk(to.parent)
    except sqlite3.Error as error:
        raise Unusable("backup.failed", file=path, copy=to, reason=error) from error
    finally:
        partial.unlink(missing_ok=True)
    return Backup(to, sum(counts.values()), found)


def inspect(file: Path) -> str:
    """Return the revision of a copy. Raises Unusable when it is damaged, not ours, or of a version that is newer."""
    if not file.is_file():
        raise Unusable("restore.not_there", file=file)
    with file.open("rb") as opened:
        if opened.read(16) != b"SQLite format 3\x00":
            raise Unusable("restore.not_ours", file=file)
    try:
        with _reading(file) as connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if not {"alembic_version", "programme", "outbox"} <= tables:
                raise Unusable("restore.of_another", file=file)
            damage = damage_of(connection)
            if damage:
                raise Unusable("restore.damaged", file=file, what=damage[0])
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise Unusable("restore.unreadable", file=file, reason=error) from error
    if row is None or not schema.is_known(str(row[0])):
        raise Unusable("restore.newer", file=file)
    return str(row[0])


def damage_of(connection: sqlite3.Connection) -> list[str]:
    """Return what is wrong with a database as a file: pages, indexes, and rows without what they belong to."""
    found = [str(line) for (line,) in connection.execute("PRAGMA integrity_check(20)")]
    if found != ["ok"]:
        return found
    orphans = connection.execute("PRAGMA foreign_key_check").fetchmany(20)
    return [f"a row of {table} belongs to no {parent}" for table, _, parent, _ in orphans]


def damage(location: str) -> list[str]:
    """Look through a whole database for damage, beside whoever works on it. What cannot be read is damage too."""
    try:
        with _reading(path_of(location)) as connection:
            return damage_of(connection)
    except sqlite3.Error as error:
        return [str(error)]


def put_back(location: str, file: Path, now: datetime) -> Path | None:
    """Put a copy in the place of the database, and return where that went, if there was one.

    The copy is checked first, and stays. Whoever calls holds the database alone, and upgrades it and erases again what
    the side file of erasures tells before anybody reads it. Raises Unusable and OSError, and changes nothing then.
    """
    inspect(file)
    path = path_of(location)
    if path.exists() and file.resolve() == path.resolve():
        raise Unusable("restore.itself", file=file)
    new = path.with_name(f"{path.name}.restoring")
    new.unlink(missing_ok=True)
    os.close(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with _reading(file) as source, closing(sqlite3.connect(new)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")
        _to_disk(new)
        _remember_erased(location)
        aside = _aside(path, now) if path.exists() else None
        for ending in ("-wal", "-shm", "-journal"):  # what belongs to the old file would be read into the new one
            path.with_name(path.name + ending).unlink(missing_ok=True)
        new.replace(path)
        _to_disk(path.parent)
    finally:
        new.unlink(missing_ok=True)
    if aside is not None:
        for kept in aside.parent.glob(f"{escape(aside.name)}*"):
            os.utime(kept, (now.timestamp(), now.timestamp()))
    return aside


def _aside(path: Path, now: datetime) -> Path:
    """Keep the present file, with the log that belongs to it, under a name that says what it is."""
    aside = path.with_name(f"{path.name}.before-restore-{now:%Y%m%dT%H%M%SZ}")
    for ending in ("", "-wal"):
        here, there = path.with_name(path.name + ending), aside.with_name(aside.name + ending)
        if here.exists():
            there.unlink(missing_ok=True)
            try:
                os.link(here, there)
            except OSError:  # a file system without links
                shutil.copy2(here, there)
    return aside


def _remember_erased(location: str) -> None:
    """Let the side file know what the present database still can tell of what was erased."""
    path, side = path_of(location), tombstones.side_file(location)
    if not path.exists() or side is None:
        return
    try:
        with _reading(path) as connection:
            rows = connection.execute(_TOMBSTONES).fetchall()
    except sqlite3.Error:  # damaged, or from before there were tombstones: the side file has to do
        return
    tombstones.add_missing(side, [Tombstone(t, k, s, moment(at), bool(up)) for t, k, s, at, up in rows])


def _counts(connection: sqlite3.Connection) -> Mapping[str, int]:
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in names}  # noqa: S608 - names of tables


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a database that is not changed by it."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=5)) as connection:
        yield connection


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
