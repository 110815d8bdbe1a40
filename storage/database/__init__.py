"""Opens the database and runs units of work on it: `read` and `write` take a function that gets an open session.

Readers see one state each and never wait; `storage/writer.py` makes every change. A database is a SQLite file, which
one process has for itself, or is on a PostgreSQL server, which several processes share.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from storage import tombstones
from storage.database import postgresql, sqlite
from storage.database.location import name_of, on_server, path_of, server_url, url_of
from storage.database.problems import Unusable
from storage.writer import Item, Kind, T, Work, Writer

__all__ = [
    "LOCK_WAIT",
    "Database",
    "Unusable",
    "check",
    "kind_of",
    "make_engine",
    "name_of",
    "on_server",
    "path_of",
    "server_url",
    "url_of",
]

READERS = 4
LOCK_WAIT = 5.0
"""Seconds to wait for somebody else's lock before the work fails and Slack is asked to come again."""


def kind_of(location: str) -> Kind:
    """Return what is particular to the database at this location."""
    return postgresql if on_server(location) else sqlite


def make_engine(location: str, lock_wait: float = LOCK_WAIT) -> Engine:
    """Return an engine whose transactions begin as readers or as writers from the start, and are durable."""
    return kind_of(location).make_engine(location, lock_wait)


def check(location: str) -> None:
    """Make sure that the database is sound and can be written. Raises Unusable; never touches a bad one."""
    kind_of(location).check(location, LOCK_WAIT)


class Database:
    """The open database. Make it with `Database(location)`, use it from one event loop, close it on the way out."""

    def __init__(self, location: str, lock_wait: float = LOCK_WAIT) -> None:
        self.location = location
        self.kind = kind_of(location)
        self.engine = make_engine(location, lock_wait)
        tombstones.follow(self.engine, location)
        self._readonly = self.engine.execution_options(readonly=True)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self._closing = threading.Event()
        self._writer = Writer(self.engine, self.kind)
        self._tidied = -1  # what an earlier process left in the log is emptied as well

    async def read(self, work: Work[T]) -> T:
        """Run `work` on a session that sees one state of the database and cannot change it."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, work)

    async def write(self, work: Work[T]) -> T:
        """Run `work` in a transaction of its own; returns once it is on disk. What `work` raises undoes it alone.

        `work` may run more than once when the database gave up on it; only what its last run did is kept.
        """
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
        if not self.kind.tidied(self.engine):
            return False
        self._tidied = written
        return True

    def write_now(self, work: Work[T]) -> T:
        """Do the same as `write` for a caller without an event loop: the terminal."""
        return self._writer.ask(work).result()

    def read_now(self, work: Work[T]) -> T:
        """Do the same as `read` for a caller without an event loop."""
        return self._read(work)

    def close(self) -> None:
        """Finish what was asked and let go of the file. Whoever asks later gets a RuntimeError, so no ack leaves."""
        self._closing.set()
        self._writer.close()
        self._readers.shutdown()
        self.engine.dispose()

    def _read(self, work: Work[T]) -> T:
        for wait in self.kind.PATIENCE:
            try:
                return self._read_once(work)
            except DBAPIError as error:
                if not self.kind.passes(error) or self._closing.is_set():
                    raise
                if self.kind.lost(error):
                    self.engine.dispose()
            self._closing.wait(wait)
        return self._read_once(work)

    def _read_once(self, work: Work[T]) -> T:
        with self._readonly.connect() as connection, Session(bind=connection) as session:
            return work(session)
