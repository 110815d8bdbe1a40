import asyncio
import itertools
import os
import sqlite3
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session

from bot.worksessions import Mode
from storage import inbox, schema, selection, worksessions
from storage.database import Database, Unusable, check, kind_of, make_engine
from storage.lock import Held, alone
from storage.writer import Writer
from tests.postgres import sqlite_only

NOW = datetime(2021, 6, 17, 12, tzinfo=UTC)


def count(db: Session) -> int:
    return int(db.connection().exec_driver_sql("SELECT count(*) FROM inbox").scalar_one())


async def test_a_thousand_works_at_once_are_all_on_disk_when_they_answer(database: Database, location: str) -> None:
    results = await asyncio.gather(
        *(database.write(lambda db, k=k: inbox.first(db, "T1", f"k{k}", NOW)) for k in range(1000))
    )
    assert all(results)
    other = Database(location)
    assert other.read_now(count) == 1000
    other.close()


async def test_a_failing_work_undoes_itself_and_nobody_else(database: Database) -> None:
    gate = threading.Event()

    def bad(db: Session) -> None:
        inbox.first(db, "T1", "bad", NOW)
        raise RuntimeError("no")

    waiting = asyncio.ensure_future(database.write(lambda db: gate.wait(5)))
    others = [
        asyncio.ensure_future(database.write(lambda db, k=k: inbox.first(db, "T1", f"k{k}", NOW))) for k in range(5)
    ]
    failing = asyncio.ensure_future(database.write(bad))
    more = [
        asyncio.ensure_future(database.write(lambda db, k=k: inbox.first(db, "T1", f"m{k}", NOW))) for k in range(5)
    ]
    await asyncio.sleep(0)
    gate.set()
    await asyncio.gather(waiting, *others, *more)
    with pytest.raises(RuntimeError):
        await failing
    assert await database.read(count) == 10


async def together(database: Database, *works: Callable[[Session], object]) -> list[object]:
    """Let several works wait for the writer at the same time, so that they share one commit."""
    gate = threading.Event()
    holding = asyncio.ensure_future(database.write(lambda db: gate.wait(5)))
    await asyncio.sleep(0.05)
    waiting = [asyncio.ensure_future(database.write(work)) for work in works]
    await asyncio.sleep(0)
    gate.set()
    await holding
    return await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 5)


async def test_a_row_that_exists_already_fails_its_own_work_and_the_writer_goes_on(database: Database) -> None:
    def double(db: Session) -> None:
        db.add(inbox.InboxRow(team_id="T1", key="k0", at=NOW))
        db.flush()

    def first(key: str) -> Callable[[Session], object]:
        return lambda db: inbox.first(db, "T1", key, NOW)

    answers = await together(database, first("k0"), double, first("k1"))
    assert [answers[0], answers[2]] == [True, True]
    assert isinstance(answers[1], IntegrityError)
    assert await asyncio.wait_for(database.write(first("k2")), 5)
    assert await database.read(count) == 3


async def test_who_no_longer_waits_for_a_write_keeps_nobody_else_from_writing(database: Database) -> None:
    gate = threading.Event()
    running = asyncio.ensure_future(database.write(lambda db: gate.wait(5)))
    await asyncio.sleep(0.05)
    waiting = asyncio.ensure_future(database.write(lambda db: inbox.first(db, "T1", "given up", NOW)))
    await asyncio.sleep(0.05)
    for task in (running, waiting):
        task.cancel()
    await asyncio.sleep(0)
    gate.set()
    assert await asyncio.wait_for(database.write(lambda db: inbox.first(db, "T1", "k", NOW)), 5)
    assert await database.read(count) == 1


@sqlite_only("SQLite can be given a small disk")
async def test_a_full_disk_fails_what_does_not_fit_and_loses_nothing_that_was_answered(
    database: Database, location: str
) -> None:
    def fill(db: Session) -> None:
        connection = db.connection()
        pages = int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 4}")
        inbox.first(db, "T1", "x" * 200_000, NOW)

    answers = await together(
        database,
        lambda db: inbox.first(db, "T1", "before", NOW),
        fill,
        lambda db: inbox.first(db, "T1", "after", NOW),
    )
    assert [answers[0], answers[2]] == [True, True]
    assert isinstance(answers[1], OperationalError)
    assert await asyncio.wait_for(database.write(lambda db: inbox.first(db, "T1", "later", NOW)), 5)
    kept = {key for (key,) in sqlite3.connect(location).execute("SELECT key FROM inbox")}
    assert kept == {"before", "after", "later"}


def keep_all(db: Session, keys: Sequence[str]) -> list[bool | ValueError]:
    """A work for many that takes no key with a space in it, and falls over one that is poison."""
    if "poison" in keys:
        raise RuntimeError("poison")
    return [ValueError(key) if " " in key else inbox.first(db, "T1", key, NOW) for key in keys]


async def test_works_of_one_kind_are_done_together_and_each_hears_its_own_result(database: Database) -> None:
    gate = threading.Event()
    holding = asyncio.ensure_future(database.write(lambda db: gate.wait(5)))
    keys = ["a", "b", "a", "no key", "c"]
    waiting = [asyncio.ensure_future(database.write_together(keep_all, key)) for key in keys]
    between = asyncio.ensure_future(database.write(lambda db: inbox.first(db, "T1", "z", NOW)))
    await asyncio.sleep(0.05)
    gate.set()
    results = await asyncio.gather(holding, *waiting, between, return_exceptions=True)
    assert [str(result) for result in results[1:]] == ["True", "True", "False", "no key", "True", "True"]
    assert await database.read(count) == 4


async def test_what_is_asked_between_works_of_one_kind_is_done_between_them(database: Database) -> None:
    gate = threading.Event()
    holding = asyncio.ensure_future(database.write(lambda db: gate.wait(5)))
    works = [
        database.write_together(keep_all, "a"),
        database.write(lambda db: inbox.forget(db, NOW + timedelta(days=1))),
        database.write_together(keep_all, "b"),
    ]
    waiting = [asyncio.ensure_future(work) for work in works]
    await asyncio.sleep(0.05)
    gate.set()
    assert (await asyncio.gather(holding, *waiting))[1:] == [True, 1, True]
    assert await database.read(lambda db: inbox.seen_of(db, [("T1", "a"), ("T1", "b")])) == {("T1", "b")}


async def test_one_that_brings_down_a_work_for_many_fails_alone(database: Database) -> None:
    gate = threading.Event()
    holding = asyncio.ensure_future(database.write(lambda db: gate.wait(5)))
    keys = ["a", "poison", "b"]
    waiting = [asyncio.ensure_future(database.write_together(keep_all, key)) for key in keys]
    await asyncio.sleep(0.05)
    gate.set()
    results = await asyncio.gather(holding, *waiting, return_exceptions=True)
    assert [str(result) for result in results[1:]] == ["True", "poison", "True"]
    assert await database.read(count) == 2


async def test_who_asks_after_the_end_hears_so_at_once(location: str) -> None:
    schema.upgrade(location)
    database = Database(location)
    database.close()
    with pytest.raises(RuntimeError):
        await asyncio.wait_for(database.write(lambda db: inbox.first(db, "T1", "k", NOW)), 5)


@sqlite_only("the lock of a file")
async def test_a_read_cannot_write(database: Database, location: str) -> None:
    await database.read(lambda db: db.connection().exec_driver_sql("SELECT 1"))
    other = sqlite3.connect(location, isolation_level=None, timeout=0)
    other.execute("BEGIN IMMEDIATE")
    assert await database.read(count) == 0, "a reader does not wait for a writer"
    other.execute("ROLLBACK")


async def test_no_update_is_lost_when_eight_tasks_read_and_write_the_same_row(database: Database) -> None:
    await database.write(lambda db: inbox.first(db, "T1", "0", NOW))

    def increment(db: Session) -> None:
        value = int(db.connection().exec_driver_sql("SELECT key FROM inbox").scalar_one())
        db.connection().exec_driver_sql(f"UPDATE inbox SET key = '{value + 1}'")

    async def many() -> None:
        for _ in range(50):
            await database.write(increment)

    await asyncio.gather(*(many() for _ in range(8)))
    assert (
        await database.read(lambda db: db.connection().exec_driver_sql("SELECT key FROM inbox").scalar_one()) == "400"
    )


@sqlite_only("the lock of a file; tests/catalogue/test_f_storage_postgresql.py has the other")
async def test_somebody_elses_lock_gives_an_error_and_the_next_write_works(location: str) -> None:
    schema.upgrade(location)
    database = Database(location, lock_wait=0.1)
    other = sqlite3.connect(location, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError):
        await database.write(lambda db: inbox.first(db, "T1", "k", NOW))
    other.execute("ROLLBACK")
    assert await database.write(lambda db: inbox.first(db, "T1", "k", NOW))
    database.close()


@sqlite_only("its settings")
def test_every_durability_setting_is_on(database: Database) -> None:
    def pragma(db: Session, name: str) -> object:
        return db.connection().exec_driver_sql(f"PRAGMA {name}").scalar_one()

    found = {
        name: database.read_now(lambda db, n=name: pragma(db, n))
        for name in ("journal_mode", "synchronous", "foreign_keys")
    }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


@pytest.mark.parametrize("content", [b"this is a letter, not a database", b"PK\x03\x04" + b"\0" * 100])
def test_a_file_that_is_no_database_is_refused_and_left_untouched(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "letter.txt"
    file.write_bytes(content)
    with pytest.raises(Unusable, match="not a database of Oogst"):
        check(str(file))
    assert file.read_bytes() == content


@sqlite_only("a file")
def test_a_damaged_database_is_refused_and_left_untouched(location: str) -> None:
    schema.upgrade(location)
    file = Path(location)
    content = bytearray(file.read_bytes())
    content[4096:12288] = os.urandom(8192)
    file.write_bytes(content)
    with pytest.raises(Unusable):
        check(location)
    assert file.read_bytes() == bytes(content)


def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "other.db"
    other = sqlite3.connect(file)
    other.execute("CREATE TABLE recipe (name TEXT)")
    other.commit()
    with pytest.raises(Unusable, match="another program"):
        schema.upgrade(str(file))


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="does not exist"):
        check(str(tmp_path / "nowhere" / "oogst.db"))


def test_f10_a_database_of_a_newer_version_is_refused(location: str) -> None:
    schema.upgrade(location)
    engine = make_engine(location)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    with pytest.raises(Unusable, match="newer version"):
        schema.upgrade(location)


def test_migrations_make_exactly_the_tables_that_the_code_describes(location: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    def described(name: str | None, kind: str, _parents: object) -> bool:
        return not str(name).startswith(("search_index", "procrastinate"))  # made by hand, and by others

    schema.upgrade(location)
    database = Database(location)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": described})
        assert compare_metadata(context, schema.METADATA) == []
    database.close()


def test_upgrading_twice_changes_nothing(location: str) -> None:
    assert schema.upgrade(location)
    assert not schema.upgrade(location)


def test_the_way_back_from_the_first_migration_leaves_no_table(location: str) -> None:
    schema.upgrade(location)
    schema.downgrade(location, "base")
    engine = make_engine(location)
    tables = inspect(engine).get_table_names()
    engine.dispose()
    left = [table for table in tables if table != "sqlite_sequence" and not table.startswith("procrastinate")]
    assert left == ["alembic_version"]


@sqlite_only("the test writes the file itself")
def test_a_choice_of_before_ranked_choosing_survives_the_way_up_and_back(location: str) -> None:
    schema.upgrade(location)
    schema.downgrade(location, "0001")
    file = sqlite3.connect(location)
    at = "2021-06-17T11:55:00.000000Z"
    file.executescript(f"""
        INSERT INTO theme (id, team_id, name, short_name, criterion, status) VALUES ('th', 'T1', 'OZA', '', '', 'active');
        INSERT INTO work_session (id, team_id, title, channel_id, starts_at, ends_at, timezone, state, created_by, created_at)
        VALUES ('ws', 'T1', 'Juni', 'C1', '{at}', '{at}', 'Europe/Amsterdam', 'choosing', 'U1', '{at}');
        INSERT INTO topic (id, team_id, work_session_id, theme_id, name, short_name, position)
        VALUES ('tp', 'T1', 'ws', 'th', 'OZA', 'OZA', 0);
        INSERT INTO pick (work_session_id, user_id, team_id, wish, topic_id, at) VALUES ('ws', 'U1', 'T1', 'topic', 'tp', '{at}');
    """)  # noqa: E501 - values of this test
    file.close()
    schema.upgrade(location)
    database = Database(location)
    session = database.read_now(lambda db: worksessions.one(db, "T1", "ws"))
    assert session is not None
    assert (session.mode, session.hidden, session.group_minimum) == (Mode.FREE, False, None)
    assert [pick.topics for pick in database.read_now(lambda db: selection.picks_of(db, "T1", "ws"))] == [("tp",)]
    database.close()
    schema.downgrade(location, "0001")
    assert sqlite3.connect(location).execute("SELECT user_id, topic_id FROM pick").fetchall() == [("U1", "tp")]


@sqlite_only("a copy of the file")
def test_the_copy_before_a_migration_has_what_was_still_in_the_log(location: str) -> None:
    schema.upgrade(location)
    schema.downgrade(location, "0001")
    open_elsewhere = sqlite3.connect(location, isolation_level=None)
    open_elsewhere.execute("PRAGMA journal_mode = WAL")
    open_elsewhere.execute("PRAGMA wal_autocheckpoint = 0")
    open_elsewhere.execute("INSERT INTO inbox (team_id, key, at) VALUES ('T1', 'late', '2021')")
    schema.upgrade(location)
    (copy,) = Path(location).parent.glob("*.before-*")
    assert sqlite3.connect(copy).execute("SELECT key FROM inbox").fetchall() == [("late",)]


@sqlite_only("several processes may share a server")
def test_a_second_process_is_told_that_the_database_is_in_use(location: str) -> None:
    with alone(location), pytest.raises(Held, match="in use"), alone(location):
        pass


def test_every_table_says_to_which_workspace_a_row_belongs() -> None:
    assert [name for name, table in schema.METADATA.tables.items() if "team_id" not in table.columns] == []


@sqlite_only("the bytes of a file")
async def test_words_that_were_erased_leave_the_file_and_its_log(database: Database, location: str) -> None:
    await database.write(lambda db: inbox.first(db, "T1", "een woord dat weg moet", NOW))
    await database.write(lambda db: inbox.forget(db, NOW.replace(year=2030)))
    await database.tidy()
    for file in Path(location).parent.glob("oogst.db*"):
        assert b"een woord dat weg moet" not in file.read_bytes(), file.name


@sqlite_only("the log beside a file")
async def test_a_long_reading_puts_off_the_emptying_of_the_log_and_holds_nobody_up(
    database: Database, location: str
) -> None:
    await database.write(lambda db: inbox.first(db, "T1", "een woord dat weg moet", NOW))
    reading, done = threading.Event(), threading.Event()

    def read(db: Session) -> bool:
        found = inbox.seen(db, "T1", "een woord dat weg moet")
        reading.set()
        done.wait(10)
        return found

    long = asyncio.ensure_future(database.read(read))
    await asyncio.to_thread(reading.wait, 10)
    await database.write(lambda db: inbox.forget(db, NOW.replace(year=2030)))
    assert not await database.tidy()
    await asyncio.wait_for(database.write(lambda db: inbox.first(db, "T1", "verder", NOW)), 3)
    done.set()
    assert await long
    assert await database.tidy() and await database.tidy()
    for file in Path(location).parent.glob("oogst.db*"):
        assert b"een woord dat weg moet" not in file.read_bytes(), file.name


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
async def test_nobody_waits_for_ever_when_the_writing_itself_breaks(location: str) -> None:
    engine = make_engine(location)
    writer = Writer(engine, object())  # type: ignore[arg-type]  # a fault of ours, of whatever kind
    with pytest.raises(AttributeError):
        await asyncio.wait_for(writer.do(lambda db: None), 5)
    with pytest.raises(RuntimeError, match="closed"):
        await writer.do(lambda db: None)
    engine.dispose()


async def test_a_batch_that_takes_long_is_committed_in_parts_and_nothing_of_it_is_lost(location: str) -> None:
    engine = make_engine(location)
    seconds = itertools.count(0, 0.1)
    writer = Writer(engine, kind_of(location), stopwatch=lambda: next(seconds))
    begun, gate, done = threading.Event(), threading.Event(), list[int]()
    writer.ask(lambda db: begun.set() or gate.wait(5))
    assert await asyncio.to_thread(begun.wait, 5)
    waiting = [asyncio.ensure_future(writer.do(partial(_done, done, number))) for number in range(10)]
    await asyncio.sleep(0)
    gate.set()
    assert await asyncio.gather(*waiting) == done == list(range(10))
    assert writer.commits == 1 + 4, "of works that take a tenth of a second each, three fit in a quarter"
    await asyncio.to_thread(writer.close)
    engine.dispose()


def _done(done: list[int], number: int, db: Session) -> int:
    done.append(number)
    return number
