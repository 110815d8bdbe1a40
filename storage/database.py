"""Opens the database and runs units of work on it: `read` and `write` take a function that gets an open session.

Readers see one state each and never wait; `storage/writer.py` makes every change.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from storage.writer import Item, T, Work, Writer

READERS = 4
LOCK_WAIT = 5.0
"""Seconds to wait for somebody else's lock before the work fails and Slack is asked to come again."""
TIDYING_WAIT = 200
"""Milliseconds that emptying the log waits for readers; writers wait as long."""


class Unusable(Exception):
    """The database cannot be used; the text says which file, why, and what to do."""


def url_of(location: str) -> str:
    """Turn a path or a database URL into a URL. Raises Unusable for a database this version cannot use."""
    if location.startswith("sqlite:///"):
        return location
    if "://" in location:
        raise Unusable(
            f"{location.split('://')[0]}: this version keeps its memory in SQLite. "
            "Set OOGST_DATABASE to a file, such as oogst.db."
        )
    return f"sqlite:///{Path(location).expanduser()}"


def path_of(location: str) -> Path:
    """Return the file that holds the database."""
    return Path(url_of(location).removeprefix("sqlite:///"))


def make_engine(location: str, lock_wait: float = LOCK_WAIT) -> Engine:
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


def check(location: str) -> None:
    """Make sure that the file is a sound database that can be written. Raises Unusable; never touches a bad file."""
    path = path_of(location)
    if not path.parent.is_dir():
        raise Unusable(
            f"{path}: the folder {path.parent} does not exist. Make it, or set OOGST_DATABASE to another file."
        )
    if path.is_dir():
        raise Unusable(f"{path} is a folder. Set OOGST_DATABASE to a file, such as {path / 'oogst.db'}.")
    if path.exists():
        try:
            with path.open("r+b") as file:
                head = file.read(16)
        except OSError as error:
            raise Unusable(
                f"{path} cannot be written ({error.strerror}). Give this account the right to write it."
            ) from error
        if head and head != b"SQLite format 3\x00":
            raise Unusable(
                f"{path} is not a database of Oogst. It was left untouched; set OOGST_DATABASE to another file."
            )
    engine = create_engine(url_of(location), poolclass=NullPool, connect_args={"timeout": LOCK_WAIT})
    try:
        with engine.connect() as connection:
            found = connection.execute(text("PRAGMA quick_check(1)")).scalar()
            if found != "ok":
                raise Unusable(f"{path} is damaged ({found}). It was left untouched; put back your newest copy.")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            connection.exec_driver_sql("ROLLBACK")
    except DatabaseError as error:
        raise Unusable(
            f"{path} cannot be used ({error.orig}). It was left untouched. "
            "Check the file and its folder, or put back your newest copy."
        ) from error
    finally:
        engine.dispose()


class Database:
    """The open database. Make it with `Database(location)`, use it from one event loop, close it on the way out."""

    def __init__(self, location: str, lock_wait: float = LOCK_WAIT) -> None:
        self.location = location
        self.engine = make_engine(location, lock_wait)
        self._readonly = self.engine.execution_options(readonly=True)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self._writer = Writer(self.engine)
        self._tidied = -1  # what an earlier process left in the log is emptied as well

    async def read(self, work: Work[T]) -> T:
        """Run `work` on a session that sees one state of the database and cannot change it."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, work)

    async def write(self, work: Work[T]) -> T:
        """Run `work` in a transaction of its own; returns once it is on disk. What `work` raises undoes it alone."""
        return await self._writer.do(work)

    async def write_together(
        self, together: Callable[[Session, Sequence[Item]], Sequence[T | BaseException]], item: Item
    ) -> T:
        """Let `together` take this item with all others that wait for it, in one transaction; returns its result.

        `together` gets the items in order and returns as many results; an exception among them is raised here, and
        its item must have changed nothing. When `together` itself fails, the items are done again, one by one.
        """
        result: T = await self._writer.do_together(together, item)
        return result

    async def tidy(self) -> bool:
        """Empty the write-ahead log, in which withdrawn words would otherwise stay until it fills up.

        Does nothing where nothing was written since. Returns False while a long reading keeps the log in use: it is
        then for the next time, for whoever wants to write may not be held up by it.
        """
        if self._writer.commits == self._tidied:
            return True
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._tidy)

    def _tidy(self) -> bool:
        written = self._writer.commits
        with self.engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            (usual,) = driver.execute("PRAGMA busy_timeout").fetchone()
            driver.execute(f"PRAGMA busy_timeout = {TIDYING_WAIT}")
            try:
                busy, _, _ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                driver.execute(f"PRAGMA busy_timeout = {usual}")
        if not busy:
            self._tidied = written
        return not busy

    def write_now(self, work: Work[T]) -> T:
        """Do the same as `write` for a caller without an event loop: the terminal."""
        return self._writer.ask(work).result()

    def read_now(self, work: Work[T]) -> T:
        """Do the same as `read` for a caller without an event loop."""
        return self._read(work)

    def close(self) -> None:
        """Finish what was asked and let go of the file. Whoever asks later gets a RuntimeError, so no ack leaves."""
        self._writer.close()
        self._readers.shutdown()
        self.engine.dispose()

    def _read(self, work: Work[T]) -> T:
        with self._readonly.connect() as connection, Session(bind=connection) as session:
            return work(session)
