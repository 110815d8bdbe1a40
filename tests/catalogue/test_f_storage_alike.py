"""F11 and F9 on PostgreSQL: the same days leave the same rows and messages as on SQLite, and each version goes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import select
from sqlmodel import col

from storage import jobs, schema
from storage.delivery import OutboxRow
from storage.schema import MIGRATIONS
from tests import postgres
from tests.catalogue.test_i_workspaces import KINDS, WORDS, afternoon
from tests.handlers.house import House, wall
from tests.handlers.test_canary import Town, live, withdraw

Cases = Callable[[int], None]
Rows = dict[str, list[str]]
OLDEST = "0015"
"""Released; before this one the ways back are those of SQLite."""


@contextmanager
def both(folder: Path) -> Iterator[tuple[str, str]]:
    """An empty database of each kind."""
    file = folder / "oogst.db"
    file.write_bytes(postgres.empty_file())
    yield str(file), postgres.fresh()


def note_everywhere(folder: Path, location: str) -> House:
    """A note that is typed, agreed to, promised, quoted, published, told, asked for, and then withdrawn."""
    town = Town(folder, location)
    withdraw(town, live(town, kept=True))
    town.tick(wall(2021, 6, 29, 9))
    return town.house


def choosing_to_digest(folder: Path, location: str) -> House:
    """An afternoon with choosing and groups, and the digest of it."""
    house = House(folder, wall(2021, 6, 17, 9), location=location)
    afternoon(house, WORDS[0])
    return house


def kept(house: House) -> Rows:
    """Every row of every table, as the product reads it."""
    return {
        name: sorted(repr(tuple(row)) for row in house.read(lambda db, table=table: db.connection().execute(select(table)).all()))  # type: ignore[misc] # the table of this turn  # noqa: E501
        for name, table in schema.METADATA.tables.items()
    }  # fmt: skip


def said(house: House) -> list[tuple[str, str]]:
    """Every message as it is drawn now."""
    rows = house.read(lambda db: db.exec(_OUTBOX).scalars().all())
    return [(row.key, str(house.draw(row, KINDS))) for row in rows if row.operation != "remove"]


_OUTBOX: Any = select(OutboxRow).order_by(col(OutboxRow.key))


@pytest.mark.matrix
@pytest.mark.parametrize("days", [note_everywhere, choosing_to_digest])
def test_f11_the_same_days_leave_the_same_rows_and_the_same_messages_on_both(
    days: Callable[[Path, str], House], tmp_path: Path
) -> None:
    with both(tmp_path) as places:
        houses = [days(tmp_path, place) for place in places]
        file, server = (kept(house) for house in houses)
        assert sum(map(len, file.values())) > 60
        for name in file:
            # a file is looked through every night; a server does that by itself
            assert server[name] == [row for row in file[name] if "'checking.night'" not in row], name
        told = [said(house) for house in houses]
        assert len(told[0]) > 5 and told[0] == told[1]
        for house in houses:
            house.database.close()


def test_f11_make_test_all_runs_both_suites_on_postgresql_too() -> None:
    lines = (Path(__file__).parents[2] / "Makefile").read_text(encoding="utf-8").splitlines()
    (everything,) = [line for line in lines if line.startswith("test-all:")]
    assert "test-postgres" in everything.split("##")[0].split()
    at = next(number for number, line in enumerate(lines) if line.startswith("test-postgres:"))
    assert "OOGST_TEST_DATABASE=postgresql" in lines[at + 1]
    assert {"tests/storage", "tests/handlers"} <= set(lines[at + 1].split())


def counts(location: str) -> dict[str, int]:
    with closing(psycopg.connect(jobs.address(location))) as connection:
        names = [
            name
            for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
            if not name.startswith(("search_", "alembic_", "procrastinate"))
        ]
        found = {}
        for name in names:
            row = connection.execute(f'SELECT count(*) FROM "{name}"'.encode()).fetchone()
            found[name] = row[0] if row else 0
        return found


@pytest.mark.matrix
def test_f9_each_version_goes_back_and_forward_on_postgresql_with_people_in_it(tmp_path: Path, cases: Cases) -> None:
    location = postgres.fresh()
    town = Town(tmp_path, location)
    live(town)
    town.house.database.close()
    found = [one.revision for one in ScriptDirectory(str(MIGRATIONS)).walk_revisions() if one.revision >= OLDEST]
    newest, tried = counts(location).keys(), 0
    for revision in found[1:]:
        before = counts(location)
        schema.downgrade(location, revision)
        between = counts(location)
        both_know = before.keys() & between.keys()
        assert {name: between[name] for name in both_know} == {name: before[name] for name in both_know}, revision
        schema.upgrade(location)
        after = counts(location)
        assert {name: after[name] for name in between} == between, f"{revision}, and forward again"
        assert after.keys() == newest
        schema.downgrade(location, revision)
        tried += 1
    assert tried >= 5
    cases(tried)
