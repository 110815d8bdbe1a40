"""What is particular to a SQLite file: one process, one writer, and a log that is emptied now and then."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from storage.database.location import path_of, url_of
from storage.database.problems import Unusable

TIDYING_WAIT = 200
"""Milliseconds that emptying the log waits for readers; writers wait as long."""
NEXT_SAVEPOINT = ("RELEASE work", "SAVEPOINT work")
PATIENCE: tuple[float, ...] = ()
"""Nothing is tried again: SQLite has waited for the lock itself."""


def make_engine(location: str, lock_wait: float) -> Engine:
    """Return an engine whose transactions begin as readers or as writers from the start, and are durable."""
    engine = create_engine(
        url_of(location), connect_args={"timeout": lock_wait, "check_same_thread": False}, hide_parameters=True
    )

    @event.listens_for(engine, "connect")
    def _durable(dbapi: Any, _record: object) -> None:
        dbapi.isolation_level = None  # BEGIN is ours: a plain one that writes later fails at once under load
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            dbapi.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if connection.get_execution_options().get("readonly") else "BEGIN IMMEDIATE")

    return engine


def check(location: str, lock_wait: float) -> None:
    """Make sure that the file is a sound database that can be written. Raises Unusable; never touches a bad file."""
    path = path_of(location)
    if not path.parent.is_dir():
        raise Unusable("database.no_folder", file=path, folder=path.parent)
    if path.is_dir():
        raise Unusable("database.is_folder", file=path, example=path / "oogst.db")
    if path.exists():
        try:
            with path.open("r+b") as file:
                head = file.read(16)
        except OSError as error:
            raise Unusable("database.no_right", file=path, reason=error.strerror) from error
        if head and head != b"SQLite format 3\x00":
            raise Unusable("database.not_ours", file=path)
        if head:
            _look_through(path, lock_wait)
    engine = create_engine(url_of(location), poolclass=NullPool, connect_args={"timeout": lock_wait})
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            connection.exec_driver_sql("ROLLBACK")
    except DatabaseError as error:
        raise Unusable("database.cannot_use", file=path, reason=error.orig) from error
    finally:
        engine.dispose()


def _look_through(path: Path, lock_wait: float) -> None:
    """Raise Unusable for a damaged file. It is opened for reading only: else SQLite would write the log into it."""
    log, index = path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")
    if index.exists() and not log.exists():  # both are there while it is in use, and neither once it was closed
        raise Unusable("database.lost_log", file=path, log=log.name)
    # what a crash left in the log is about to be read into the file: then more is worth looking at than the pages
    thorough = log.exists() and log.stat().st_size > 0
    check = "integrity_check(1)" if thorough else "quick_check(1)"
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=lock_wait)) as connection:
            found = connection.execute(f"PRAGMA {check}").fetchone()[0]
            orphan = connection.execute("PRAGMA foreign_key_check").fetchone() if thorough and found == "ok" else None
            if thorough and found == "ok" and _is_of_another(path, connection):
                found = f"its log {log.name} is that of another database"
    except sqlite3.OperationalError as error:  # no room or no right beside the file: that is no damage
        raise Unusable("database.cannot_use", file=path, reason=error) from error
    except sqlite3.Error as error:
        found, orphan = str(error), None
    if found != "ok" or orphan is not None:
        what = " ".join(found.split()) if orphan is None else f"a row of {orphan[0]} belongs to no {orphan[2]}"
        raise Unusable("database.damaged", file=path, what=what)


def _is_of_another(path: Path, with_log: sqlite3.Connection) -> bool:
    """Tell whether the log beside a file was written for another one, by what never changes in a database.

    The file by itself is one of the states it was in, as far as it can be read at all.
    """
    by_itself = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    with closing(by_itself):
        try:
            marks = by_itself.execute("SELECT team_id, secret FROM programme").fetchall()
        except sqlite3.Error:
            return False
    try:
        now = dict(with_log.execute("SELECT team_id, secret FROM programme").fetchall())
    except sqlite3.Error:
        return True
    return any(now.get(team, secret) != secret for team, secret in marks)


def tidied(engine: Engine) -> bool:
    """Empty the write-ahead log; returns False while somebody reads from it."""
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        (usual,) = driver.execute("PRAGMA busy_timeout").fetchone()
        driver.execute(f"PRAGMA busy_timeout = {TIDYING_WAIT}")
        try:
            busy, _, _ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            driver.execute(f"PRAGMA busy_timeout = {usual}")
    return not busy


def run(driver: Any, statement: str) -> None:
    """Send a statement about the transaction itself."""
    driver.execute(statement)


def in_transaction(driver: Any) -> bool:
    """Tell whether the transaction is still there, so that one work can be undone by itself."""
    return bool(driver.in_transaction)


def passes(error: BaseException) -> bool:
    """Tell whether an error may be gone when the same is tried again."""
    return False


def lost(error: BaseException) -> bool:
    """Tell whether an error means that connections are no good any more."""
    return False
