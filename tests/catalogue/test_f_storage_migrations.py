"""F8, F9: a migration that fails or is killed leaves the old schema or the new one, and each can be taken back."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, event

from storage import backups, schema
from storage.database import Database
from storage.schema import MIGRATIONS
from tests.handlers.test_canary import Town, live
from tests.postgres import sqlite_only

pytestmark = sqlite_only("files that are copied; tests/catalogue/test_f_storage_alike.py has the other")
Cases = Callable[[int], None]
RELEASED = "0009"
KILLED = (
    "import os, signal, sys\nfrom sqlalchemy import Engine, event\nfrom storage import schema\n"
    "left = [int(sys.argv[2])]\n"
    "def look(*_):\n    left[0] -= 1\n    if not left[0]:\n        os.kill(os.getpid(), signal.SIGKILL)\n"
    "event.listen(Engine, 'after_cursor_execute', look)\nschema.upgrade(sys.argv[1])\n"
)


def revisions() -> list[str]:
    """Every revision, oldest first."""
    scripts = ScriptDirectory(str(MIGRATIONS))
    return [one.revision for one in reversed(list(scripts.walk_revisions()))]


class Failed(Exception):
    """What a test lets a statement do."""


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database at the newest version in which an afternoon was lived, as one file."""
    folder = tmp_path_factory.mktemp("lived")
    town = Town(folder)
    live(town)
    town.house.database.close()
    with closing(sqlite3.connect(folder / "oogst.db")) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    return folder / "oogst.db"


def at(source: Path, revision: str, folder: Path) -> Path:
    """A copy of a database, brought back to a revision."""
    folder.mkdir(exist_ok=True)
    file = folder / f"{revision}.db"
    shutil.copyfile(source, file)
    schema.downgrade(str(file), revision)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    return file


def shape(file: Path) -> tuple[str | None, list[tuple[str, str]]]:
    """The revision of a file, and everything that it is made of."""
    with closing(sqlite3.connect(file)) as connection:
        made = connection.execute("SELECT name, coalesce(sql, '') FROM sqlite_master ORDER BY type, name").fetchall()
        assert backups.damage_of(connection) == []
    return schema.current(str(file)), made


def rows(file: Path) -> dict[str, int]:
    with closing(sqlite3.connect(file)) as connection:
        tables = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if not name.startswith(("search_", "sqlite_", "alembic_"))
        ]
        return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}


def statements_of(file: Path) -> Iterator[int]:
    """Let an upgrade fail after its first statement, after its second, and so on, until it is done."""
    number = 0
    while True:
        number += 1
        left = [number]

        def look(*_: object, left: list[int] = left) -> None:
            left[0] -= 1
            if not left[0]:
                raise Failed

        event.listen(Engine, "after_cursor_execute", look)
        try:
            schema.upgrade(str(file))
            return
        except Failed:
            yield number
        finally:
            event.remove(Engine, "after_cursor_execute", look)


@pytest.mark.matrix
def test_f8_an_upgrade_that_fails_after_any_statement_leaves_what_was(
    lived: Path, tmp_path: Path, cases: Cases
) -> None:
    """All of the upgrade from the newest released version is one step: nobody ever works on half of it."""
    file = at(lived, RELEASED, tmp_path)
    before, kept, tried = shape(file), rows(file), 0
    for _ in statements_of(file):
        tried += 1
        assert shape(file) == before
        assert rows(file) == kept
    assert schema.is_head(schema.current(str(file)) or "")
    with closing(Database(str(file))):
        cases(tried)


@pytest.mark.matrix
def test_f8_an_upgrade_that_is_killed_leaves_the_old_or_the_new_and_then_goes_on(
    lived: Path, tmp_path: Path, cases: Cases
) -> None:
    old = at(lived, RELEASED, tmp_path)
    before = shape(old)
    tried = 0
    for number in (1, 2, 5, 10, 20, 40, 60, 80, 100, 120, 140, 160):
        folder = tmp_path / str(number)
        folder.mkdir()
        file = folder / "oogst.db"
        shutil.copyfile(old, file)
        run = subprocess.run([sys.executable, "-c", KILLED, str(file), str(number)], check=False)
        if run.returncode == -signal.SIGKILL:
            tried += 1
            assert shape(file) == before, number
        schema.upgrade(str(file))
        assert schema.is_head(schema.current(str(file)) or ""), number
        assert backups.damage(str(file)) == []
    assert tried >= 8
    cases(tried)


@pytest.mark.matrix
def test_f9_each_version_goes_back_one_step_and_forward_again_with_people_in_it(
    lived: Path, tmp_path: Path, cases: Cases
) -> None:
    """What both versions know of is kept; a table that only the newer one has is empty after the way back."""
    found, head = revisions(), shape(lived)[1]
    file, tried = tmp_path / "oogst.db", 0
    shutil.copyfile(lived, file)
    for revision in reversed(found[:-1]):
        before = rows(file)
        schema.downgrade(str(file), revision)
        between = rows(file)
        assert {name: between[name] for name in between if name in before} == {
            name: number for name, number in before.items() if name in between
        }, revision
        again = tmp_path / f"{revision}.again.db"
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
        shutil.copyfile(file, again)
        schema.upgrade(str(again))
        assert backups.damage(str(again)) == [], revision
        after = rows(again)
        assert {name: after[name] for name in between} == between, f"{revision}, and forward again"
        assert sorted(name for name, _ in shape(again)[1]) == sorted(name for name, _ in head), revision
        tried += 1
    assert tried >= 15
    cases(tried)


@pytest.mark.matrix
def test_f9_the_released_version_comes_up_to_this_one_with_people_in_it(lived: Path, tmp_path: Path) -> None:
    file = at(lived, RELEASED, tmp_path)
    before = rows(file)
    assert before["impression"] > 3 and before["pick"] >= 0 and before["article_sentence"] > 3
    schema.upgrade(str(file))
    after = rows(file)
    assert {name: after[name] for name in before} == before
    assert backups.damage(str(file)) == []
    with closing(Database(str(file))) as database:
        assert database.read_now(lambda db: db.connection().exec_driver_sql("SELECT 1").scalar_one()) == 1
