"""F5, F6: damage is found within a day, and a copy that was made while people write is put back whole."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlmodel import Session

from handlers import checking
from handlers.clock import SystemClock
from handlers.slack import kinds
from storage import backups, inbox, schema
from storage.database import Database, Unusable, check
from tests.handlers.afternoon import Afternoon
from tests.handlers.house import House, wall
from tests.postgres import sqlite_only

pytestmark = sqlite_only("a copy of a file")
NOW = datetime(2021, 6, 17, 12, tzinfo=UTC)
Cases = Callable[[int], None]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, wall(2021, 6, 17, 15))
    yield made
    made.database.close()


def damage(file: Path) -> None:
    """Write over an index, as a disk does that goes wrong: nothing that is usually read meets it."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_impression_1'"
        ).fetchone()
    with file.open("r+b") as opened:
        opened.seek((page - 1) * size + size // 2)
        opened.write(b"\x5a" * (size // 2))


def test_f5_damage_is_found_in_the_night_and_a_coordinator_is_told_once(
    house: House, tmp_path: Path, cases: Cases
) -> None:
    room = Afternoon(house)
    room.share("sanne", takeaway="Begin met vragen.")
    day = house.clock.now()
    house.do(checking.tick(house.world, day))
    assert house.owed("checking.damaged") == [], "a sound database is nobody's worry"
    damage(tmp_path / "oogst.db")
    house.do(checking.tick(house.world, day + timedelta(hours=1)))
    assert house.owed("checking.damaged") == [], "once a day is enough"
    for later in (1, 2, 3):
        house.do(checking.tick(house.world, day + timedelta(days=later)))
    (row,) = house.owed("checking.damaged")
    body = house.draw(row, kinds())
    assert row.user_id == "ineke" and body is not None and "oogst restore" in body.text
    cases(1)


def test_f5_damage_is_found_at_the_next_start(house: House, tmp_path: Path) -> None:
    Afternoon(house).share("sanne", takeaway="Begin met vragen.")
    house.database.close()
    damage(tmp_path / "oogst.db")
    with pytest.raises(Unusable, match="damaged"):
        check(str(tmp_path / "oogst.db"))


def told(file: Path, most: int) -> tuple[int, str]:
    """How many keys up to this one a database has, and a hash over them."""
    with closing(sqlite3.connect(file)) as connection:
        found = [key for (key,) in connection.execute("SELECT key FROM inbox ORDER BY key") if int(key) < most]
    return len(found), hashlib.sha256("".join(found).encode()).hexdigest()


@pytest.mark.parametrize("times", [2, pytest.param(18, marks=pytest.mark.matrix)])
def test_f6_a_copy_made_while_people_write_has_all_that_was_answered_before_it(
    tmp_path: Path, times: int, cases: Cases
) -> None:
    """A drill: copy, lose the database, put the copy back, look. All that was on disk before the copy is in it."""
    location = str(tmp_path / "oogst.db")
    schema.upgrade(location)
    clock, number = SystemClock(), 0
    began = clock.monotonic()
    for drill in range(times):
        database, stop, done = Database(location), threading.Event(), [number]

        def write(database: Database = database, stop: threading.Event = stop, done: list[int] = done) -> None:
            while not stop.is_set():
                database.write_now(partial(_key, done[0]))
                done[0] += 1

        writing = threading.Thread(target=write)
        writing.start()
        while done[0] < number + 50:
            stop.wait(0.01)
        answered = done[0]
        copy = backups.make(location, tmp_path / f"{drill}.db").file
        stop.set()
        writing.join()
        assert told(copy, answered) == told(Path(location), answered), "what was answered is in the copy"
        database.close()
        put = told(copy, 10**9)
        backups.put_back(location, copy, NOW + timedelta(seconds=drill))
        check(location)
        assert told(Path(location), 10**9) == put
        number = put[0]
    assert clock.monotonic() - began < 300, "the drill lasts five minutes at most"
    cases(times)


def _key(number: int, db: Session) -> bool:
    return inbox.first(db, "T1", f"{number:09}", NOW)
