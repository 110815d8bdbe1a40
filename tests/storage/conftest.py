from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.programme import Programme
from storage import programme
from storage.database import Database
from tests import postgres

NOW = datetime(2021, 6, 17, 11, 55, tzinfo=UTC)


@pytest.fixture
def location(tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """A database, with tables for who opens it: a file, or one on the tests' own PostgreSQL."""
    return postgres.location(tmp_path, migrated="database" in request.fixturenames)


@pytest.fixture
def database(location: str) -> Iterator[Database]:
    opened = Database(location)
    opened.write_now(
        lambda db: programme.save_programme(db, Programme("T1", "nl", "Europe/Amsterdam", "regio", "s", "UBOT"))
    )
    yield opened
    opened.close()
