"""F1, F2, F4: a full disk, a lock that somebody else holds, and files that are not what they should be."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from handlers.clock import SystemClock
from handlers.run import EX_CONFIG, serve
from handlers.settings import SlackSettings, load_settings
from storage import backups, inbox, schema
from storage.database import LOCK_WAIT, Database, Unusable, check
from tests.handlers.afternoon import Afternoon
from tests.handlers.house import House, wall
from tests.postgres import sqlite_only

pytestmark = sqlite_only("a file")
NOW = datetime(2021, 6, 17, 12, tzinfo=UTC)
CLOCK = SystemClock()
Cases = Callable[[int], None]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, wall(2021, 6, 17, 15))
    yield made
    made.database.close()


def keys(location: Path) -> set[str]:
    with closing(sqlite3.connect(location)) as connection:
        return {key for (key,) in connection.execute("SELECT key FROM inbox")}


# F1


def limit(house: House, more: int | None) -> None:
    """Let the file grow by so many pages and no further; None: as far as it likes."""

    def work(db: Session) -> None:
        connection = db.connection()
        pages = int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())
        connection.exec_driver_sql(f"PRAGMA max_page_count = {1_000_000 if more is None else pages + more}")

    house.write(work)


def test_f1_a_full_disk_loses_nothing_that_was_answered_whatever_was_being_written(
    house: House, tmp_path: Path, cases: Cases
) -> None:
    """The same real work (an impression with all that follows from it) meets a full disk at ever later steps."""
    room = Afternoon(house)
    seen: set[str] = set()
    before, tried = room.texts(), 0
    for attempt in range(18):
        limit(house, attempt % 3)
        words = f"Poging {attempt}. " + "Zo begon het gesprek met de ouders. " * 60
        try:
            room.share("sanne", takeaway=words)
            done = True
        except OperationalError as error:
            assert "full" in str(error), "the error says what is wrong"
            seen.add(" ".join(str(error.statement).split()[:3]))
            done = False
            tried += 1
        limit(house, None)
        kept = room.texts()
        assert kept == ([*before, words] if done else before), "all of it, or nothing"
        before = kept
        house.write(partial(_key, f"after{attempt}"))  # and the next one works
    assert tried >= 12, f"{tried} failures"
    assert len(seen) >= 2, f"the disk was full in one place only: {seen}"
    with closing(sqlite3.connect(tmp_path / "oogst.db")) as connection:
        assert backups.damage_of(connection) == []
    assert {f"after{n}" for n in range(18)} <= keys(tmp_path / "oogst.db")
    cases(tried)


def test_f1_a_copy_for_which_the_disk_is_too_small_is_no_copy_and_hurts_nothing(house: House, tmp_path: Path) -> None:
    location = str(tmp_path / "oogst.db")
    small = (
        "import resource, signal, sys; from pathlib import Path; from storage import backups;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000));"
        "backups.make(sys.argv[1], Path(sys.argv[1]).with_name('kopie.db'))"
    )
    run = subprocess.run([sys.executable, "-c", small, location], capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "cannot be copied" in run.stderr or "too large" in run.stderr
    assert [file.name for file in tmp_path.glob("kopie*")] == []
    assert backups.damage(location) == []


# F2


def _key(key: str, db: Session) -> bool:
    return inbox.first(db, "T1", key, NOW)


def test_f2_who_waits_for_a_lock_gets_it_when_it_is_let_go(tmp_path: Path, cases: Cases) -> None:
    location = str(tmp_path / "oogst.db")
    schema.upgrade(location)
    database = Database(location)
    other = sqlite3.connect(location, isolation_level=None)
    with ThreadPoolExecutor(1) as ours:
        for number in range(4):
            other.execute("BEGIN IMMEDIATE")
            other.execute("INSERT INTO inbox (team_id, key, at) VALUES ('T1', ?, '2021')", (f"theirs{number}",))
            asked = ours.submit(database.write_now, partial(_key, f"ours{number}"))
            with pytest.raises(TimeoutError):
                asked.result(0.1)
            other.execute("COMMIT")
            assert asked.result(5)
    database.close()
    other.close()
    assert keys(tmp_path / "oogst.db") == {f"{who}{n}" for who in ("ours", "theirs") for n in range(4)}
    cases(4)


def test_f2_who_waits_too_long_hears_so_and_comes_again_without_loss(tmp_path: Path, cases: Cases) -> None:
    """The bound is shorter here than in life: what counts is what happens beyond it."""
    assert LOCK_WAIT <= 5
    location = str(tmp_path / "oogst.db")
    schema.upgrade(location)
    database = Database(location, lock_wait=0.1)
    other = sqlite3.connect(location, isolation_level=None)
    for number in range(4):
        other.execute("BEGIN IMMEDIATE")
        other.execute("INSERT INTO inbox (team_id, key, at) VALUES ('T1', ?, '2021')", (f"theirs{number}",))
        with pytest.raises(OperationalError, match="locked"):
            database.write_now(partial(_key, f"ours{number}"))
        other.execute("COMMIT")
        assert database.write_now(partial(_key, f"ours{number}")), "nothing of the first time is there"
    database.close()
    other.close()
    assert keys(tmp_path / "oogst.db") == {f"{who}{n}" for who in ("ours", "theirs") for n in range(4)}
    cases(4)


@pytest.mark.matrix
async def test_f2_nobody_waits_longer_than_five_seconds_for_a_lock(tmp_path: Path) -> None:
    location = str(tmp_path / "oogst.db")
    schema.upgrade(location)
    database = Database(location)
    other = sqlite3.connect(location, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    began = CLOCK.monotonic()
    with pytest.raises(OperationalError, match="locked"):
        await database.write(lambda db: inbox.first(db, "T1", "k", NOW))
    assert LOCK_WAIT - 0.5 <= CLOCK.monotonic() - began <= LOCK_WAIT + 1
    other.execute("ROLLBACK")
    assert await database.write(lambda db: inbox.first(db, "T1", "k", NOW))
    database.close()


# F4


def crashed(house: House, tmp_path: Path) -> Path:
    """A database as a process leaves it that is killed: the newest changes stand in the log beside it."""
    room = Afternoon(house)
    house.do(house.database.tidy())
    room.share("sanne", takeaway="Begin met vragen. " * 20)
    folder = tmp_path / "na"
    folder.mkdir()
    for ending in ("", "-wal", "-shm"):
        shutil.copyfile(tmp_path / f"oogst.db{ending}", folder / f"oogst.db{ending}")
    assert (folder / "oogst.db-wal").stat().st_size > 0
    return folder / "oogst.db"


def spoil(file: Path, what: str, tmp_path: Path) -> None:
    (tmp_path / "stad").mkdir()
    log, index = file.with_name("oogst.db-wal"), file.with_name("oogst.db-shm")
    if what == "a page":
        content = bytearray(file.read_bytes())
        content[8 * 4096 : 40 * 4096] = b"\x5a" * (32 * 4096)
        file.write_bytes(content)
        log.unlink()
        index.unlink()
    elif what == "cut off":
        log.unlink()
        index.unlink()
        with file.open("r+b") as opened:
            opened.truncate(file.stat().st_size // 3)
    elif what == "no log":
        log.unlink()
    elif what == "log of another":
        other = tmp_path / "ander"
        other.mkdir()
        with closing(sqlite3.connect(other / "x.db", isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("CREATE TABLE boek (titel TEXT)")
            connection.executemany("INSERT INTO boek VALUES (?)", [("x" * 500,)] * 300)
            shutil.copyfile(other / "x.db-wal", log)
    elif what == "log of another Oogst":
        town = House(tmp_path / "stad", wall(2021, 6, 17, 15))
        town.write(lambda db: db.connection().exec_driver_sql("UPDATE programme SET secret = 'another'"))
        shutil.copyfile(tmp_path / "stad" / "oogst.db-wal", log)
        town.database.close()
    elif what == "another program":
        log.unlink()
        index.unlink()
        file.unlink()
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("CREATE TABLE boek (titel TEXT)")
    elif what == "a letter":
        log.unlink()
        index.unlink()
        file.write_bytes(b"Geachte heer, hierbij de notulen." * 100)


@pytest.mark.parametrize(
    "what", ["a page", "cut off", "no log", "log of another", "log of another Oogst", "another program", "a letter"]
)
def test_f4_a_file_that_is_not_right_stops_the_start_and_is_not_touched(
    house: House, tmp_path: Path, what: str, capfd: pytest.CaptureFixture[str]
) -> None:
    file = crashed(house, tmp_path)
    spoil(file, what, tmp_path)
    before = {each: each.read_bytes() for each in (file, file.with_name("oogst.db-wal")) if each.exists()}
    assert serve(settings_for(file)) == EX_CONFIG
    said = capfd.readouterr().err.strip().splitlines()[-1]
    assert str(file) in said
    assert "niets aan veranderd" in said or "Er is niets veranderd" in said
    if what not in ("another program", "a letter"):
        assert "oogst restore BESTAND" in said
    assert {each: each.read_bytes() for each in before} == before


def test_f4_a_log_index_full_of_nonsense_is_made_anew_and_nothing_is_lost(house: House, tmp_path: Path) -> None:
    """SQLite reads its index (-shm) anew from the log when nobody has the file open: nothing in it is believed."""
    file = crashed(house, tmp_path)
    file.with_name("oogst.db-shm").write_bytes(b"\xa5" * 32768)
    check(str(file))
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT count(*) FROM impression").fetchone() == (1,)


def test_f4_an_empty_file_counts_as_a_new_database(tmp_path: Path) -> None:
    """`touch oogst.db`, or a mounted empty file: nothing can be lost in it."""
    file = tmp_path / "oogst.db"
    file.touch()
    check(str(file))
    assert schema.upgrade(str(file))
    check(str(file))


def test_f4_a_crash_alone_is_no_damage(house: House, tmp_path: Path) -> None:
    file = crashed(house, tmp_path)
    check(str(file))
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT count(*) FROM impression").fetchone() == (1,)


def test_f4_a_folder_in_which_nothing_can_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "map").mkdir()
    with pytest.raises(Unusable, match="is a folder"):
        check(str(tmp_path / "map"))


def settings_for(file: Path) -> Any:
    """Settings with which a start comes as far as the database."""
    env = file.parent / "settings.env"
    env.write_text(
        f"OOGST_DATABASE={file}\nOOGST_LANGUAGE=nl\nSLACK_BOT_TOKEN=xoxb-1-2-a\nSLACK_APP_TOKEN=xapp-1-A1-1-a\n"
        "SLACK_API_URL=http://127.0.0.1:9/api/\n"
    )
    return load_settings(SlackSettings, env)
