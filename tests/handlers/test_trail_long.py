"""A network that works for many years: its trail is read whole where a database takes only so many ids at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, insert
from sqlmodel import Session

from bot.programme import Role
from bot.trail import Kind, State
from bot.trail.report import Reader
from storage import trail
from storage.trail import TrailRow, TrailValueRow, asking, citing, examples, following, ties
from tests.handlers.house import TEAM, House, wall
from tests.handlers.trailing import lived_in

ENTRIES = 40_000
TAKES = 32_766
"""Values in one statement: what SQLite takes unless it is built otherwise, as it is on some machines."""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    yield from lived_in(tmp_path, wall(2021, 6, 17, 16))


def fill(db: Session, region: str, house: House) -> None:
    """An example, a rule and a point, again and again."""
    kinds = (Kind.POINT, Kind.EXAMPLE, Kind.OBSTACLE)
    same = {"team_id": TEAM, "region_id": region, "state": State.SHARED.value, "made_at": house.clock.at,
            "changed_at": house.clock.at}  # fmt: skip
    rows = [{"id": f"te_{n}", "kind": kinds[n % 3].value, "position": n, **same} for n in range(ENTRIES)]
    db.connection().execute(insert(TrailRow), rows)
    said = [{"trail_id": f"te_{n}", "name": "title", "team_id": TEAM, "text": f"Regel {n}"} for n in range(ENTRIES)]
    db.connection().execute(insert(TrailValueRow), said)


def few(connection: Any, *_: Any) -> None:
    """Let a connection take no more than a plain SQLite does."""
    plain = getattr(connection, "driver_connection", connection)
    if isinstance(plain, sqlite3.Connection):
        plain.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, TAKES)


@pytest.mark.matrix
def test_a_programme_of_forty_thousand_entries_is_read_whole(house: House) -> None:
    region = house.region("Haaglanden")
    house.person("ineke", None, Role.COORDINATOR)
    house.write(lambda db: fill(db, region, house))
    event.listen(house.database.engine, "checkout", few)

    def read(db: Session) -> None:
        found = trail.entries(db, TEAM)
        assert len(found) == ENTRIES and found[-1].title
        ids = [each.id for each in found]
        assert trail.changes_of(db, TEAM, ids) == [] and ties.of_points(db, TEAM, ids) == []
        assert len(examples.shared_at(db, TEAM, examples.shared(db, TEAM))) == len(asking.obstacles(db, TEAM))
        assert len(trail.gather(db, TEAM, Reader.REGION, region).entries) == ENTRIES
        some = ids[:1_500]
        following.follow_words(db, TEAM, some, house.clock.at)
        assert citing.replace_reports(db, TEAM, ids, "why", house.clock.at) == 0

    house.write(read)
