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
from storage.harvest.rows import ArticleRow, ArticleSentenceRow
from storage.impressions import ImpressionRow
from storage.promises.records import PromiseRow
from storage.selection import GroupRow, SeatRow
from storage.trail import TrailRow, TrailValueRow, asking, citing, examples, following, reached, ties
from storage.worksessions import WorkSessionRow
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


def speak(db: Session, house: House) -> None:
    """Sessions in which the same is said again and again; all of it is published and promised."""
    at, sessions = house.clock.at, 400
    own = {"team_id": TEAM, "created_at": at}
    for table, rows in (
        (WorkSessionRow, [
            {"id": f"ws_{n}", "title": f"Sessie {n}", "channel_id": "C1", "starts_at": at, "ends_at": at,
             "timezone": "Europe/Amsterdam", "state": "grouped", "created_by": "ineke", **own} for n in range(sessions)
        ]),
        (GroupRow, [
            {"id": f"gr_{n}", "team_id": TEAM, "work_session_id": f"ws_{n}", "number": 1, "facilitator": "ineke"}
            for n in range(sessions)
        ]),
        (SeatRow, [
            {"work_session_id": f"ws_{n}", "user_id": user, "group_id": f"gr_{n}", "team_id": TEAM}
            for n in range(sessions) for user in ("noor", "sanne", "samir")
        ]),
        (ArticleRow, [
            {"id": f"ar_{n}", "work_session_id": f"ws_{n}", "state": "published", "headline": "Nieuws",
             "updated_at": at, "published_at": at, "published_by": "ineke", **own} for n in range(sessions)
        ]),
        (ImpressionRow, [
            {"id": f"im_{n}", "work_session_id": f"ws_{n % sessions}", "group_id": f"gr_{n % sessions}",
             "source": "form", "author": "ineke", "takeaway": f"Wij bellen school {n}.", "updated_at": at, **own}
            for n in range(ENTRIES)
        ]),
        (ArticleSentenceRow, [
            {"id": f"as_{n}", "team_id": TEAM, "article_id": f"ar_{n % sessions}", "position": n,
             "group_id": f"gr_{n % sessions}", "part": "body", "text": f"Wij bellen school {n}.",
             "impression_id": f"im_{n}", "field": "takeaway", "start": 0, "end": 16, "impression_version": 1}
            for n in range(ENTRIES)
        ]),
        (PromiseRow, [
            {"id": f"pm_{n}", "team_id": TEAM, "work_session_id": f"ws_{n % sessions}", "state": "accepted",
             "group_id": f"gr_{n % sessions}", "impression_id": f"im_{n}", "part": "takeaway", "start": 0, "end": 16,
             "fingerprint": f"f{n}", "owner": "ineke", "asked_by": "ineke", "asked_at": at, "agreed_at": at}
            for n in range(ENTRIES)
        ]),
    ):  # fmt: skip
        db.connection().execute(insert(table), rows)


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


@pytest.mark.matrix
def test_the_report_of_a_programme_that_published_forty_thousand_notes_rests_on_all_of_them(house: House) -> None:
    house.person("ineke", house.region("Haaglanden"), Role.COORDINATOR)
    house.write(lambda db: speak(db, house))
    event.listen(house.database.engine, "checkout", few)

    def read(db: Session) -> None:
        found = trail.gather(db, TEAM, Reader.REGION, None)
        assert len(found.sentences) == len(found.promises) == ENTRIES
        notes = [one.impression for one in found.sentences]
        assert len(reached.published_of(db, TEAM, notes)) == len(ties.sessions_of(db, TEAM, notes)) == ENTRIES
        assert trail.seen(db, TEAM, "rg_0001", notes).runs == frozenset()
        assert trail.take_out(db, TEAM, notes) == []

    house.write(read)
