"""Proposals as they are remembered: every workspace its own, and nothing left of what was taken back."""

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session

from bot.programme import Member, Role
from bot.proposals import Kind, Origin, Proposal, Status, merge, withdraw
from bot.worksessions import State, WorkSession
from storage import programme, proposals, schema, themes, worksessions
from storage.database import Database
from tests.postgres import sqlite_only

NOW = datetime(2021, 6, 17, 11, tzinfo=UTC)
LATER = NOW + timedelta(days=14)


@pytest.fixture
def session(database: Database) -> WorkSession:
    found = WorkSession(
        "ws_1", "T1", "Juli", "C1", LATER, LATER + timedelta(hours=3), None, "Europe/Amsterdam", State.PLANNED, "ineke"
    )
    database.write_now(lambda db: worksessions.save(db, found, NOW))
    return found


def proposal(number: int, name: str, **more: object) -> Proposal:
    at = NOW + timedelta(minutes=number)
    found = Proposal(f"pr_{number}", "T1", name, name, "Omdat.", f"u{number}", at, "ws_1")
    return replace(found, **more)  # type: ignore[arg-type]  # fields of a proposal


def keep(database: Database, *found: Proposal) -> None:
    database.write_now(lambda db: proposals.save(db, found))


def test_a_proposal_comes_back_as_it_was_kept(database: Database, session: WorkSession) -> None:
    origin = Origin("u9", "C1", "1.1")
    found = proposal(1, "  <!channel> OZA ", origin=origin, theme="th_1", short_name="OZA", position=3)
    keep(database, found)
    assert database.read_now(lambda db: proposals.one(db, "T1", "pr_1")) == found
    keep(database, replace(found, status=Status.LATER, origin=None, version=2))
    assert database.read_now(lambda db: proposals.one(db, "T1", "pr_1")) == replace(
        found, status=Status.LATER, origin=None, version=2
    )


def test_another_workspace_sees_nothing_of_it(database: Database, session: WorkSession) -> None:
    keep(database, proposal(1, "OZA"))
    assert database.read_now(lambda db: proposals.one(db, "T2", "pr_1")) is None
    assert database.read_now(lambda db: proposals.bundle_of(db, "T2", "pr_1")) is None
    assert database.read_now(lambda db: proposals.waiting(db, "T2")) == []
    assert database.read_now(lambda db: proposals.known(db, "T2", [])) == []


def test_backing_counts_once_and_follows_a_merge_and_a_withdrawal(database: Database, session: WorkSession) -> None:
    keep(database, proposal(1, "A"), proposal(2, "B"))

    def back(db: Session) -> None:
        for number, users in ((1, ("u1", "u3", "u3", "u5")), (2, ("u2", "u3", "u4"))):
            for user in users:
                proposals.back(db, "T1", f"pr_{number}", user, NOW)

    database.write_now(back)

    def join(db: Session) -> None:
        first, second = proposals.waiting(db, "T1")
        proposals.save(db, merge(second, first))

    database.write_now(join)
    (together,) = database.read_now(lambda db: proposals.waiting(db, "T1"))
    assert sorted(together.backers) == ["u1", "u2", "u3", "u4", "u5"]
    bundle, pressed = database.read_now(lambda db: proposals.bundle_of(db, "T1", "pr_2")) or (None, None)
    assert bundle == together and pressed is not None and pressed.id == "pr_2"
    database.write_now(lambda db: proposals.take_back(db, "T1", together, "u3"))
    assert sorted(database.read_now(lambda db: proposals.waiting(db, "T1"))[0].backers) == ["u1", "u2", "u4", "u5"]

    def leave(db: Session) -> None:
        proposals.save(db, withdraw(together, together.head))
        proposals.hand_over(db, "T1", together.head, "pr_2")

    database.write_now(leave)
    (left,) = database.read_now(lambda db: proposals.waiting(db, "T1"))
    assert (left.name, sorted(left.backers)) == ("B", ["u2", "u4", "u5"])
    assert database.read_now(lambda db: proposals.bundle_of(db, "T1", "pr_1")) is None


@sqlite_only("the bytes of a file")
def test_of_what_was_taken_back_no_word_is_left_in_the_file(
    database: Database, session: WorkSession, location: str
) -> None:
    keep(database, proposal(1, "Een naam die weg moet", why="Een reden die weg moet"))
    (bundle,) = database.read_now(lambda db: proposals.waiting(db, "T1"))
    keep(database, *withdraw(bundle, bundle.head))
    database.read_now(lambda db: db.connection().exec_driver_sql("SELECT 1"))
    with sqlite3.connect(location) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        dump = "\n".join(connection.iterdump())
    assert "weg moet" not in dump and "pr_1" in dump


def test_a_theme_is_known_by_all_its_names_until_somebody_proposes_it(database: Database, session: WorkSession) -> None:
    theme = database.write_now(
        lambda db: themes.theme_for(db, "T1", "Onderwijszorgarrangementen", "OZA", ("Zorg op school",), "th_1")
    )
    (known,) = database.read_now(lambda db: proposals.known(db, "T1", []))
    assert (known.kind, known.id) == (Kind.THEME, theme)
    assert {"OZA", "Zorg op school"} <= set(known.names)
    keep(database, proposal(1, "Onderwijszorgarrangementen", theme=theme))
    found = database.read_now(lambda db: proposals.waiting(db, "T1"))
    assert [each.kind for each in database.read_now(lambda db: proposals.known(db, "T1", found))] == [Kind.PROPOSAL]


def test_what_was_typed_last_comes_back_to_who_typed_it_and_to_nobody_else(database: Database) -> None:
    for number, data in enumerate(({"name": "Eerst"}, {"name": "Later"}, {}, {"name": "Klaar", "settled": True})):
        given = (f"pf_{number}", "T1", "u1", data, NOW + timedelta(minutes=number))
        database.write_now(lambda db, g=given: worksessions.save_form(db, *g))
    assert database.read_now(lambda db: proposals.draft(db, "T1", "u1")) == {"name": "Later"}
    assert database.read_now(lambda db: proposals.draft(db, "T1", "u2")) == {}
    assert database.read_now(lambda db: proposals.draft(db, "T2", "u1")) == {}
    database.write_now(lambda db: proposals.settle_drafts(db, "T1", "u1"))
    assert database.read_now(lambda db: proposals.draft(db, "T1", "u1")) == {}
    kept = database.read_now(lambda db: worksessions.form(db, "T1", "u1", "pf_0"))
    assert kept == {"name": "Eerst", "settled": True}, "a form in another window can still be handed in"


def test_who_is_not_invited_does_not_see_what_is_proposed_there(database: Database, session: WorkSession) -> None:
    region = database.write_now(lambda db: programme.save_region(db, "T1", "Haaglanden", None, "rg_1")[0])
    other = replace(session, id="ws_2", regions=(region,))
    database.write_now(lambda db: worksessions.save(db, other, NOW))
    keep(database, proposal(1, "A"), proposal(2, "B", work_session="ws_2"), proposal(3, "C", work_session=None))
    noor = Member("T1", "noor", "Noor", frozenset({Role.PARTICIPANT}), region)
    elsewhere = database.write_now(lambda db: programme.save_region(db, "T1", "Waterweg", None, "rg_2")[0])
    samir = replace(noor, user="samir", region=elsewhere)
    seen = {
        member.user: [each.name for each in database.read_now(lambda db, m=member: proposals.visible(db, m))[0]]
        for member in (noor, samir)
    }
    assert seen == {"noor": ["A", "B", "C"], "samir": ["A", "C"]}


@sqlite_only("the test reads the file itself")
def test_the_way_back_from_proposals_leaves_everything_else(location: str) -> None:
    schema.upgrade(location)
    with sqlite3.connect(location) as connection:
        connection.execute("INSERT INTO inbox (team_id, key, at) VALUES ('T1', 'kept', '2021')")
    schema.downgrade(location, "0002")
    with sqlite3.connect(location) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert not {"proposal", "proposal_backing"} & tables and "work_session" in tables
    schema.upgrade(location)
    with sqlite3.connect(location) as connection:
        assert connection.execute("SELECT key FROM inbox").fetchall() == [("kept",)]
        assert connection.execute("SELECT count(*) FROM proposal").fetchone() == (0,)
