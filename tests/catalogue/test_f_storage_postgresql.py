"""F and G: a database that is shared, restarted, cut off, blocked or read-only loses nothing that was answered."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from storage import inbox, schema
from storage.database import Database, Unusable, check
from storage.database.postgresql import WRITING
from tests import postgres

NOW = datetime(2021, 6, 17, 12, tzinfo=UTC)
TIMES = 10
Count = Callable[[int], None]


@pytest.fixture(scope="module")
def own() -> Iterator[postgres.Server]:
    """A server that these tests may stop and hold."""
    postgres.server()  # skips where none starts
    server = postgres.Server()
    server.execute("CREATE DATABASE oogst TEMPLATE template0")
    schema.upgrade(server.url("oogst"))
    yield server
    server.stop()


def keys(database: Database) -> set[str]:
    return database.read_now(
        lambda db: {key for (key,) in db.connection().exec_driver_sql("SELECT key FROM inbox").all()}
    )


def first(key: str) -> Callable[[Session], bool]:
    return lambda db: inbox.first(db, "T1", key, NOW)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_f3_eight_that_read_and_write_one_row_at_once_lose_no_update(
    kind: str, tmp_path: Path, cases: Count
) -> None:
    location = postgres.fresh() if kind == "postgresql" else str(tmp_path / "oogst.db")
    schema.upgrade(location)
    # two processes of Oogst on one server are two of these; a file has one
    databases = [Database(location) for _ in range(2 if kind == "postgresql" else 1)]
    databases[0].write_now(first("0"))

    def increment(db: Session) -> None:
        value = int(db.connection().exec_driver_sql("SELECT key FROM inbox").scalar_one())
        db.connection().exec_driver_sql(f"UPDATE inbox SET key = '{value + 1}'")

    async def many(number: int) -> int:
        for _ in range(200):
            await databases[number % len(databases)].write(increment)
        return 200

    done = sum(await asyncio.gather(*(many(number) for number in range(8))))
    assert keys(databases[0]) == {"1600"}
    for database in databases:
        database.close()
    cases(done)


@pytest.mark.matrix
async def test_f12_a_server_that_starts_again_loses_nothing_that_was_answered(
    own: postgres.Server, cases: Count
) -> None:
    database = Database(own.url("oogst"))
    answered: set[str] = set()
    stop = asyncio.Event()

    async def writes(who: int) -> None:
        number = 0
        while not stop.is_set():
            number += 1
            key = f"restart {who} {number}"
            try:
                await database.write(first(key))
            except DBAPIError:
                continue  # the caller gives no ack, and Slack comes again
            answered.add(key)

    writers = [asyncio.create_task(writes(who)) for who in range(4)]
    for _ in range(TIMES):
        before = len(answered)
        await asyncio.to_thread(own.restart)
        async with asyncio.timeout(20):
            while len(answered) < before + 20:  # noqa: ASYNC110 - a number of works, not a moment
                await asyncio.sleep(0.02)
    stop.set()
    await asyncio.gather(*writers)
    assert answered <= keys(database)
    database.close()
    cases(TIMES)


@pytest.mark.matrix
def test_f12_connections_that_the_server_ends_are_replaced_and_nobody_notices(
    own: postgres.Server, cases: Count
) -> None:
    database = Database(own.url("oogst"))
    for number in range(TIMES):
        tried: list[int] = []

        def cut_off(db: Session, number: int = number, tried: list[int] = tried) -> bool:
            tried.append(1)
            found = inbox.first(db, "T1", f"cut {number}", NOW)
            if len(tried) == 1:  # in the middle of the work, and all others in the pool as well
                own.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = 'oogst' AND pid <> pg_backend_pid()"
                )
                db.connection().exec_driver_sql("SELECT 1")
            return found

        assert database.write_now(cut_off) is True
        assert len(tried) == 2
        assert f"cut {number}" in keys(database)
    database.close()
    cases(TIMES)


@pytest.mark.matrix
@pytest.mark.parametrize("state", ["40001", "40P01"])
def test_f12_a_conflict_that_the_server_breaks_is_tried_again(own: postgres.Server, state: str, cases: Count) -> None:
    """A serialization failure (40001) and a deadlock (40P01), between this process and a stranger's transaction."""
    database = Database(own.url("oogst"))
    own_url = own.url("oogst")
    for number in range(TIMES):
        tried: list[str] = []

        def collide(db: Session, number: int = number, tried: list[str] = tried) -> None:
            connection = db.connection()
            inbox.first(db, "T1", f"{state} {number}", NOW)
            if state == "40001" and not tried:
                tried.append(state)
                connection.exec_driver_sql("DO $$ BEGIN RAISE SQLSTATE '40001'; END $$")
            elif state == "40P01" and not tried:
                tried.append(state)
                _deadlock(connection, own_url)

        database.write_now(collide)
        assert tried == [state]
        assert f"{state} {number}" in keys(database)
    database.close()
    cases(TIMES)


def _deadlock(connection: Connection, url: str) -> None:
    """Wait for a stranger who waits for us; the server ends ours, for the stranger looks a minute later."""
    ready = threading.Event()

    def stranger() -> None:
        with psycopg.connect(url) as other:
            other.execute("SET deadlock_timeout = '60s'")
            other.execute("SELECT pg_advisory_xact_lock(2)")
            ready.set()
            other.execute("SELECT pg_advisory_xact_lock(1)")

    connection.exec_driver_sql("SET LOCAL deadlock_timeout = '50ms'")
    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(1)")
    threading.Thread(target=stranger, daemon=True).start()
    ready.wait(5)
    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(2)")


@pytest.mark.matrix
def test_f12_a_server_that_can_only_be_read_is_refused_at_the_start_and_waited_for_later(
    own: postgres.Server, cases: Count
) -> None:
    database = Database(own.url("oogst"))
    for number in range(TIMES):
        own.execute("ALTER DATABASE oogst SET default_transaction_read_only = on")
        with pytest.raises(Unusable, match="only be read"):
            check(own.url("oogst"))
        own.execute("ALTER DATABASE oogst RESET default_transaction_read_only")
        check(own.url("oogst"))
        tried: list[int] = []

        def changes_roles(db: Session, tried: list[int] = tried, number: int = number) -> None:
            if not tried:
                tried.append(1)
                db.connection().exec_driver_sql("SET TRANSACTION READ ONLY")
            inbox.first(db, "T1", f"role {number}", NOW)

        database.write_now(changes_roles)
        assert f"role {number}" in keys(database)
    database.close()
    cases(TIMES)


@pytest.mark.matrix
@pytest.mark.parametrize("seconds", [20, 1, 2, 3, 6])
async def test_g6_a_server_that_stands_still_holds_up_works_and_breaks_nothing(
    own: postgres.Server, seconds: int
) -> None:
    database = Database(own.url("oogst"))
    await database.write(first(f"before {seconds}"))
    with own.paused():
        waiting = [asyncio.ensure_future(database.write(first(f"held {seconds} {n}"))) for n in range(20)]
        reading = asyncio.ensure_future(database.read(lambda db: inbox.seen(db, "T1", f"before {seconds}")))
        began = asyncio.get_running_loop().time()
        while asyncio.get_running_loop().time() - began < seconds:  # noqa: ASYNC110 - shows that the loop turns
            await asyncio.sleep(0.1)  # the loop itself is not held up
    results = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 20)
    assert all(result is True or isinstance(result, DBAPIError) for result in results)
    assert await asyncio.wait_for(reading, 20)
    assert await asyncio.wait_for(database.write(first(f"after {seconds}")), 5)
    kept = keys(database)
    assert {f"held {seconds} {n}" for n, result in enumerate(results) if result is True} <= kept
    database.close()


def test_f12_a_replica_that_freezes_in_the_middle_of_a_write_holds_the_others_up_for_less_than_their_patience() -> None:
    location = postgres.fresh()
    with psycopg.connect(location) as frozen:
        database = Database(location)
        frozen.execute("SET idle_in_transaction_session_timeout = 300")  # four seconds in the product
        frozen.execute(f"SELECT pg_advisory_xact_lock({WRITING})")
        assert database.write_now(first("k"))
        database.close()
        with pytest.raises(psycopg.Error):
            frozen.execute("SELECT 1")
        frozen.close()


def test_f12_an_address_that_leads_nowhere_is_told_without_its_password() -> None:
    with pytest.raises(Unusable) as refused:
        check("postgresql://me:verysecret@127.0.0.1:1/oogst?password=verysecret")
    assert "verysecret" not in str(refused.value)
    assert "127.0.0.1:1/oogst" in str(refused.value)
    assert "\n" not in str(refused.value)
