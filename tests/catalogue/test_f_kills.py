"""F7: the process that writes is killed in the middle of it, and what it said was kept is kept."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from storage import inbox
from storage.database import Database
from tests.faults.place import NOON
from tests.handlers.house import empty_database

KILLS = 50
SIDE_BY_SIDE = 8
"""So many write at once, so that a commit carries several works."""


def write_until_killed(file: Path, life: int, telling: int) -> None:
    """Write keys, and tell each only once it is said to be on disk; never returns."""

    async def one(database: Database, who: int) -> None:
        for number in range(1_000_000):
            key = f"{life}:{who}:{number}"
            await database.write(partial(inbox.first, team="T1", key=key, now=NOON))
            os.write(telling, f"{key}\n".encode())

    async def all_of_them() -> None:
        database = Database(str(file))
        await asyncio.gather(*(one(database, who) for who in range(SIDE_BY_SIDE)))

    try:
        asyncio.run(all_of_them())
    finally:
        os._exit(1)


def killed(file: Path, life: int, after: float) -> list[str]:
    """Let it write for so long, kill it, and return what it told of."""
    reading, telling = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        write_until_killed(file, life, telling)
    os.close(telling)
    with os.fdopen(reading) as told:
        first = told.readline()
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), "it died of us, and not of itself"
        lines = [first, *told.readlines()]
    return [line.strip() for line in lines if line.endswith("\n")]


def stored(file: Path) -> set[str]:
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return {key for (key,) in connection.execute("SELECT key FROM inbox")}


@pytest.mark.matrix
def test_f7_a_writer_that_is_killed_loses_nothing_that_it_said_was_kept(
    tmp_path: Path, cases: Callable[[int], None]
) -> None:
    file = tmp_path / "oogst.db"
    file.write_bytes(empty_database())
    draw, told, kills = random.Random("f7"), set[str](), 0
    for life in range(KILLS):
        told |= set(killed(file, life, draw.uniform(0.0, 0.08)))
        kills += 1
        assert told - stored(file) == set()
    assert len(told) > 10 * KILLS, "there was a lot to lose"
    cases(kills)
