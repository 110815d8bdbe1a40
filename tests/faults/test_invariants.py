"""Each invariant can fail: it is shown a state that is wrong in its own way, and one that is whole."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.delivery import Operation
from handlers.delivery import fingerprint
from storage import delivery
from tests.faults.invariants import INVARIANTS, Evidence, check
from tests.faults.place import NOON
from tests.faults.slack import Post
from tests.handlers.house import TEAM, House, wall

ROW = (
    "INSERT INTO outbox (team_id, key, operation, kind, arguments, body_hash, not_before, state, attempt, created_at, "
    "ts, posted_channel, lease_until, error) VALUES ('T1', '{key}', 'post', 'test', '{{}}', 'x', 1, '{state}', 1, 1, "
    "{ts}, 'C1', {lease}, '')"
)
"""A row of the outbox as only a fault could write it."""


@pytest.fixture
def whole(tmp_path: Path) -> Evidence:
    """A database with a session, groups and one message that arrived, and the Slack that belongs to it."""
    house = House(tmp_path, NOON)
    house.person("noor")
    session = house.session(wall(2021, 6, 17, 13))
    house.article(session, [[]])

    def send(db: Any) -> None:
        delivery.plan(
            db, team=TEAM, key="post", kind="test", arguments={"id": "x"}, now=NOON, channel="C1",
            operation=Operation.POST,
        )  # fmt: skip

    house.write(send)
    for row in [*house.owed("test"), *house.owed("harvest.article")]:
        house.arrive(row.kind)
    posts = [
        Post(row.posted_channel or "", row.ts or "", "words", fingerprint(house.settings, row.key), (), "")
        for row in [*house.owed("test"), *house.owed("harvest.article")]
    ]
    house.database.close()
    return Evidence(tmp_path / "oogst.db", posts, NOON)


def broken(whole: Evidence, *statements: str) -> Evidence:
    """The same, after somebody wrote into the file what its own rules forbid."""
    with closing(sqlite3.connect(whole.database, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("PRAGMA ignore_check_constraints=ON")
        for statement in statements:
            connection.execute(statement)
    return whole


def without_rules(table: str) -> list[str]:
    """Statements that put a table in the place of its own that no longer refuses doubles."""
    return [
        f'CREATE TABLE "copy" AS SELECT * FROM "{table}"',
        f'DROP TABLE "{table}"',
        f'ALTER TABLE "copy" RENAME TO "{table}"',
    ]


def test_a_whole_state_has_nothing_wrong(whole: Evidence) -> None:
    assert check(whole) == []


def test_there_are_twelve() -> None:
    assert sorted(INVARIANTS) == list(range(1, 13))


def put(table: str, many: int = 1, **values: object) -> list[str]:
    """Statements that put a row in a table, `many` times; a `#` in a value is counted up."""
    columns = ", ".join(values)
    rows = [", ".join(repr(each).replace("#", str(n)) for each in values.values()) for n in range(many)]
    return [f'INSERT INTO "{table}" ({columns}) VALUES ({row})' for row in rows]


def row(key: str, state: str, ts: str = "NULL", lease: str = "NULL") -> str:
    return ROW.format(key=key, state=state, ts=ts, lease=lease)


GROUP = {"id": "g#", "team_id": "T1", "work_session_id": "ws", "number": "#"}
DEED = {"team_id": "T1", "number": 1, "at": 1, "actor": "", "action": "healed", "subject": "", "details": "{}"}
WRONG: dict[int, list[list[str]]] = {
    1: [
        [*without_rules("pick"), *put("pick", 2, work_session_id="ws", user_id="noor", team_id="T1")],
        [*without_rules("seat"), *put("seat", 2, work_session_id="ws", user_id="noor", team_id="T1")],
        put("group", 2, **GROUP, facilitator="noor"),
        put("group", 2, **GROUP, note_taker="noor"),
        [*without_rules("group"), *put("group", 2, **{**GROUP, "number": 1})],
    ],
    2: [[*without_rules("outbox"), *[row("same", "sent", "'1.1'")] * 2]],
    3: [[row("nowhere", "sent")], [row("elsewhere", "sent", "'6.6'")]],
    6: [[row("held", "sending", lease="'2021-06-01T00:00:00.000000Z'")]],
    7: [
        [row("waits", "planned")],
        [row("unknown", "unknown")],
        [*without_rules("inbox"), *put("inbox", 2, team_id="T1", key="e:1", at=1)],
    ],
    8: [[*without_rules("occurrence"), *put("occurrence", 2, rule_id="r", period_key="2021-W24", team_id="T1")]],
    9: [
        put("group_topic", group_id="gr_gone", topic_id="tp_gone", team_id="T1", position=0),
        [*without_rules("seat"), *put("seat", work_session_id="ws", user_id="noor", group_id="gr_gone")],
        [row("below", "sent", "'1.1'"), "UPDATE outbox SET thread_key = 'nothing' WHERE key = 'below'"],
    ],
    10: [["UPDATE topic SET team_id = ''"]],
    11: [
        put("audit", **DEED, previous="0", hash="y"),
        [*put("audit", **DEED, previous="0", hash="y"), *put("audit", **{**DEED, "number": 2}, previous="x", hash="z"),
         *put("audit_head", team_id="T1", number=2, hash="z")],
        ["DROP TABLE audit"],
    ],
}  # fmt: skip


@pytest.mark.parametrize(("number", "statements"), [(n, each) for n, many in WRONG.items() for each in many])
def test_an_invariant_finds_what_is_wrong_in_the_file(whole: Evidence, number: int, statements: list[str]) -> None:
    assert INVARIANTS[number](broken(whole, *statements)) != []


def test_an_invariant_finds_a_post_that_nobody_owed(whole: Evidence) -> None:
    stray = Post("C1", "7.7", "stray", "not ours", (), "")
    assert INVARIANTS[4](replace(whole, posts=[*whole.posts, stray])) != []


def test_an_invariant_finds_what_stands_at_slack_twice(whole: Evidence) -> None:
    twice = replace(whole.posts[0], ts="7.7")
    assert INVARIANTS[5](replace(whole, posts=[*whole.posts, twice])) != []
    file = Post("C1", "8.1", "a file", "", ("F1",), "")
    assert INVARIANTS[5](replace(whole, posts=[file])) == []
    assert INVARIANTS[5](replace(whole, posts=[file, replace(file, ts="8.2", files=("F2",))])) != []


def test_an_invariant_finds_a_key_without_its_effect(whole: Evidence) -> None:
    found = broken(whole, "INSERT INTO inbox (team_id, key, at) VALUES ('T1', 'a:noor:1.1', 1)")
    assert INVARIANTS[7](replace(found, effects=lambda connection, key: False)) != []
    assert INVARIANTS[7](replace(found, effects=lambda connection, key: True)) == []


def test_an_invariant_finds_words_that_were_deleted(whole: Evidence) -> None:
    assert INVARIANTS[12](replace(whole, gone=["Een zin die weg is."])) == []
    found = broken(whole, "UPDATE theme SET name = 'Een zin die weg is.'")
    assert INVARIANTS[12](replace(found, gone=["Een zin die weg is."])) != []
    left = Post("C1", "9.9", "Een andere zin.", "", (), "")
    assert INVARIANTS[12](replace(whole, posts=[left], gone=["Een andere zin."])) != []
