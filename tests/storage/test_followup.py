"""Polls, moves, files and series as they are remembered: every workspace its own, and a way back to the old schema."""

import sqlite3
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.followup import (
    Availability,
    DateOption,
    DatePoll,
    Decided,
    Decision,
    PollState,
    Series,
    SeriesState,
    SessionMove,
    stopped,
)
from bot.worksessions import State, WorkSession
from storage import followup, schema, worksessions
from storage.database import Database
from tests.postgres import sqlite_only

NOW = datetime(2021, 6, 22, 15, tzinfo=UTC)
LATER = NOW + timedelta(days=80)
HOURS = timedelta(hours=3)
OPTIONS = tuple(DateOption(f"do_{n}", LATER + timedelta(days=n), LATER + timedelta(days=n) + HOURS) for n in range(3))


@pytest.fixture
def session(database: Database) -> WorkSession:
    found = WorkSession(
        "ws_1", "T1", "Juni", "C1", NOW, NOW + HOURS, None, "Europe/Amsterdam", State.PLANNED, "ineke"
    )  # fmt: skip
    database.write_now(lambda db: worksessions.save(db, found, NOW))
    return found


@pytest.fixture
def poll(database: Database, session: WorkSession) -> DatePoll:
    made = DatePoll(
        "dp_1", "T1", "C1", "Europe/Amsterdam", NOW + timedelta(days=7), 2, PollState.RUNNING, "ineke", NOW, 1, OPTIONS,
        "ws_1",
    )  # fmt: skip
    database.write_now(lambda db: followup.polling.save(db, made, NOW))
    return made


def test_a_poll_comes_back_as_it_was_kept_and_another_workspace_sees_nothing_of_it(
    database: Database, poll: DatePoll
) -> None:
    assert database.read_now(lambda db: followup.polling.one(db, "T1", "dp_1")) == poll
    assert database.read_now(lambda db: followup.polling.of_option(db, "T1", "do_2")) == poll
    for found in (
        database.read_now(lambda db: followup.polling.one(db, "T2", "dp_1")),
        database.read_now(lambda db: followup.polling.of_option(db, "T2", "do_2")),
        database.read_now(lambda db: followup.polling.open_after(db, "T2", "ws_1")),
        database.read_now(lambda db: followup.polling.open_after(db, "T1", "ws_2")),
    ):
        assert found is None
    assert database.read_now(lambda db: followup.polling.in_state(db, "T2", list(PollState))) == []


def test_a_date_that_is_removed_keeps_its_answers_and_counts_again_when_it_is_back(
    database: Database, poll: DatePoll
) -> None:
    def say(word: Availability) -> None:
        database.write_now(lambda db: followup.polling.save_answer(db, poll, "do_1", "noor", word, NOW))

    say(Availability.NO)
    say(Availability.YES)
    without = replace(poll, options=tuple(replace(each, removed=each.id == "do_1") for each in poll.options))
    database.write_now(lambda db: followup.polling.save(db, without, NOW))
    kept = database.read_now(lambda db: followup.polling.one(db, "T1", "dp_1"))
    assert kept == without
    assert database.read_now(lambda db: followup.polling.said(db, without)) == []
    assert database.read_now(lambda db: followup.polling.has_answers(db, without))
    database.write_now(lambda db: followup.polling.save(db, poll, NOW))
    (said,) = database.read_now(lambda db: followup.polling.said(db, poll))
    assert (said.option, said.user, said.availability) == ("do_1", "noor", Availability.YES)
    assert database.read_now(lambda db: followup.polling.said_by(db, poll, "samir")) == {}


def test_who_holds_a_file_is_who_got_it_and_did_not_say_no_since(database: Database, session: WorkSession) -> None:
    def give(user: str, sequence: int) -> int:
        return database.write_now(lambda db: followup.moving.give_copy(db, "T1", "ws_1", user, sequence, NOW))

    assert [give("noor", 0), give("noor", 1), give("samir", 1)] == [1, 2, 1]
    database.write_now(lambda db: followup.moving.put_away(db, "T1", "ws_1", "samir"))
    database.write_now(lambda db: followup.moving.put_away(db, "T1", "ws_1", "lotte"))
    assert database.read_now(lambda db: followup.moving.holders(db, "T1", "ws_1")) == ["noor"]
    assert database.read_now(lambda db: followup.moving.holders(db, "T2", "ws_1")) == []
    assert give("samir", 1) == 2
    assert database.read_now(lambda db: followup.moving.holders(db, "T1", "ws_1")) == ["noor", "samir"]


def test_the_trail_is_in_order_and_ends_with_what_was_called_off(database: Database, session: WorkSession) -> None:
    first = SessionMove("mv_2", "ws_1", NOW, NOW + HOURS, LATER, LATER + HOURS, "ineke", "Zaal", NOW)
    last = SessionMove("mv_1", "ws_1", LATER, LATER + HOURS, None, None, "ineke", "", NOW + HOURS)
    for move in (last, first):
        database.write_now(lambda db, move=move: followup.moving.add(db, "T1", move))
    assert database.read_now(lambda db: followup.moving.trail(db, "T1", "ws_1")) == [first, last]
    assert database.read_now(lambda db: followup.moving.trail(db, "T2", "ws_1")) == []


def test_a_series_comes_back_with_what_was_decided(database: Database, session: WorkSession) -> None:
    made = Series(
        "sr_1", "T1", "", "C1", "FREQ=WEEKLY;BYDAY=TH;COUNT=4", LATER, LATER + HOURS, "Europe/Amsterdam",
        SeriesState.RUNNING, 1, "ineke", NOW, "ws_1",
    )  # fmt: skip
    database.write_now(lambda db: followup.series.save(db, made))
    decided = Decided(date(2021, 9, 16), Decision.MOVE, date(2021, 9, 23))
    for each in (Decided(decided.day, Decision.SKIP), decided):
        database.write_now(lambda db, each=each: followup.series.decide(db, "T1", "sr_1", each, "ineke", NOW))
    kept = replace(made, decided=(decided,))
    assert database.read_now(lambda db: followup.series.one(db, "T1", "sr_1")) == kept
    assert database.read_now(lambda db: followup.series.running(db, "T1")) == [kept]
    assert database.read_now(lambda db: followup.series.one(db, "T2", "sr_1")) is None
    database.write_now(lambda db: followup.series.save(db, stopped(kept)))
    assert database.read_now(lambda db: followup.series.running(db, "T1")) == []


def test_saving_a_session_leaves_its_number_for_agendas_and_its_series(
    database: Database, session: WorkSession
) -> None:
    assert database.write_now(lambda db: worksessions.raise_sequence(db, "T1", "ws_1")) == 1
    database.write_now(lambda db: worksessions.set_series(db, "T1", "ws_1", "sr_1"))
    database.write_now(lambda db: worksessions.save(db, session, NOW))
    kept = database.read_now(lambda db: worksessions.one(db, "T1", "ws_1"))
    assert kept is not None
    assert (kept.calendar_sequence, kept.series) == (1, "sr_1")


@sqlite_only("the test writes the file itself")
def test_an_older_version_reads_a_session_that_was_called_off_as_one_with_only_a_date(location: str) -> None:
    schema.upgrade(location)
    database = Database(location)
    off = WorkSession(
        "ws_1", "T1", "Juni", "C1", NOW, NOW + HOURS, None, "Europe/Amsterdam", State.CANCELLED, "ineke"
    )  # fmt: skip
    database.write_now(lambda db: worksessions.save(db, off, NOW))
    database.close()
    schema.downgrade(location, "0005")
    assert sqlite3.connect(location).execute("SELECT state FROM work_session").fetchall() == [("planned",)]
    assert schema.upgrade(location)
