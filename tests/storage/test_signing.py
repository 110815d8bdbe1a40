"""Versions, answers and quotes as they are remembered: every workspace its own, and nothing left of what is gone."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.impressions import Contents, Impression, QuoteUse, SignOff, Source, Verdict, change, withdraw
from bot.impressions.consent import Permission, Withdrawal, taken_back_mark
from bot.selection import Group
from bot.worksessions import Silence, State, WorkSession
from storage import impressions, schema, selection, worksessions
from storage.database import Database
from tests.postgres import sqlite_only

NOW = datetime(2021, 6, 17, 14, tzinfo=UTC)
NOON = datetime(2021, 6, 18, 10, tzinfo=UTC)
WORDS = Contents("Precies zo.", quote="Met ouders.")
SESSION = WorkSession("ws", "T1", "Sessie", "C1", NOW, NOW, NOW, "Europe/Amsterdam", State.GROUPED, "ineke")
GROUP = Group("gr", "ws", 1, (), "sanne", ("noor",))
NOTE = Impression("im", "T1", "ws", "gr", Source.FORM, "sanne", WORDS, NOW, NOW)


@pytest.fixture
def note(database: Database) -> Impression:
    def save(db: Any) -> None:
        worksessions.save(db, SESSION, NOW)
        selection.save_groups(db, "T1", [GROUP])
        impressions.save(db, NOTE, ())

    database.write_now(save)
    return NOTE


def test_every_version_is_kept_with_who_wrote_it_and_when(database: Database, note: Impression) -> None:
    later = NOW + timedelta(hours=1)
    new = change(note, Contents("Beter.", quote="Met ouders."), later, by="noor")
    database.write_now(lambda db: impressions.save(db, new, ()))
    found = database.read_now(lambda db: impressions.versions(db, "T1", "im"))
    assert [(v.number, v.contents, v.by, v.at) for v in found] == [
        (1, WORDS, "sanne", NOW),
        (2, new.contents, "noor", later),
    ]
    assert database.read_now(lambda db: impressions.one(db, "T1", "im")) == new
    assert database.read_now(lambda db: impressions.versions(db, "T2", "im")) == []
    assert database.read_now(lambda db: impressions.version(db, "T2", "im", 1)) is None


def answer(database: Database, note: Impression, user: str, verdict: Verdict, reason: str = "") -> None:
    database.write_now(lambda db: impressions.save_answer(db, note, SignOff(user, verdict, NOW, reason)))


def said(database: Database, note: Impression) -> list[tuple[str, str, str]]:
    found = database.read_now(lambda db: impressions.answered(db, note))
    return [(one.user, one.verdict.value, one.reason) for one in found]


def test_the_last_answer_counts_and_a_new_version_starts_anew(database: Database, note: Impression) -> None:
    answer(database, note, "noor", Verdict.OBJECTS, "Nee.")
    answer(database, note, "noor", Verdict.AGREES)
    assert said(database, note) == [("noor", "agrees", "")]
    new = change(note, Contents("Beter."), NOW)
    database.write_now(lambda db: impressions.save(db, new, ()))
    assert said(database, new) == [] and said(database, note) == []


def test_where_only_a_rule_changed_the_words_answers_stay(database: Database, note: Impression) -> None:
    answer(database, note, "noor", Verdict.OBJECTS, "Nee.")
    masked = replace(note, contents=Contents("[naam] zo."), version=2)
    database.write_now(lambda db: impressions.save(db, masked, (), by_rule=True))
    assert said(database, masked) == [("noor", "objects", "Nee.")]


@sqlite_only("the test reads the file itself")
def test_of_a_withdrawn_impression_no_version_reason_or_question_is_left(
    database: Database, note: Impression, location: str
) -> None:
    answer(database, note, "noor", Verdict.OBJECTS, "Nee.")
    asked = replace(note, quote_by="lotte", quote_use=QuoteUse.ASKED)
    database.write_now(lambda db: impressions.ask_speaker(db, asked, "sanne", NOW))
    database.write_now(lambda db: impressions.save(db, withdraw(note, NOW), ()))
    with sqlite3.connect(location) as raw:
        for table in ("impression_version", "sign_off", "quote"):
            assert raw.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table


def test_the_time_ends_once_and_what_has_ended_is_not_looked_at_again(database: Database, note: Impression) -> None:
    assert [one.id for one in database.read_now(impressions.to_close)] == ["im"]
    assert database.write_now(lambda db: impressions.close(db, note, NOON, NOON)) is True
    assert database.write_now(lambda db: impressions.close(db, note, NOON, NOON)) is False
    assert database.read_now(impressions.to_close) == []
    assert database.read_now(lambda db: impressions.is_over(db, note))
    new = change(note, Contents("Beter."), NOON)
    database.write_now(lambda db: impressions.save(db, new, ()))
    assert [one.version for one in database.read_now(impressions.to_close)] == [2], "a new version has its own time"


@pytest.mark.parametrize(("silence", "left"), [(Silence.AGREES, 0), (Silence.WAITS, 1)])
def test_what_nobody_answered_waits_on_as_long_as_it_counts(
    database: Database, note: Impression, silence: Silence, left: int
) -> None:
    database.write_now(lambda db: worksessions.save(db, replace(SESSION, silence=silence), NOW))

    def waits(user: str, team: str = "T1") -> int:
        return len(database.read_now(lambda db: impressions.unanswered(db, team, user)))

    assert [waits("noor"), waits("sanne"), waits("lotte"), waits("noor", "T2")] == [1, 0, 0, 0]
    database.write_now(lambda db: impressions.close(db, note, NOON, NOON))
    assert waits("noor") == left
    answer(database, note, "noor", Verdict.AGREES)
    assert waits("noor") == 0


def test_a_quote_that_is_taken_back_leaves_every_version_but_not_anothers_words(
    database: Database, note: Impression
) -> None:
    lottes = replace(note, quote_by="lotte", quote_use=QuoteUse.NAMED)
    samirs = change(lottes, replace(WORDS, quote="Van Samir."), NOW)
    named = replace(samirs, quote_by="samir", quote_use=QuoteUse.ASKED)

    def save(db: Any) -> None:
        impressions.set_quote(db, lottes)
        impressions.ask_speaker(db, lottes, "sanne", NOW)
        impressions.save_permission(db, lottes, Permission.NAMED)
        impressions.save(db, samirs, ())
        impressions.set_quote(db, named)
        impressions.ask_speaker(db, named, "sanne", NOW)

    database.write_now(save)
    assert [one.answer for one in database.read_now(lambda db: impressions.asked_speakers(db, "T1", "im"))] == [
        Permission.NAMED,
        None,
    ]
    assert [v for _, v in database.read_now(lambda db: impressions.quotes_of(db, "T1", "lotte"))] == [1]
    database.write_now(lambda db: impressions.erase_quote(db, named, 1, NOW))
    found = database.read_now(lambda db: impressions.versions(db, "T1", "im"))
    assert [version.contents.quote for version in found] == ["", "Van Samir."]
    assert database.read_now(lambda db: impressions.quotes_of(db, "T1", "lotte")) == []
    database.write_now(lambda db: impressions.erase_quote(db, named, 2, NOW))
    kept = database.read_now(lambda db: impressions.one(db, "T1", "im"))
    assert kept is not None and (kept.contents.quote, kept.quote_by, kept.quote_use) == ("", "", QuoteUse.KEPT)


@sqlite_only("the test reads the file itself")
def test_how_a_quote_was_taken_back_is_remembered_without_its_words(
    database: Database, note: Impression, location: str
) -> None:
    mark = taken_back_mark(WORDS.quote)
    found = Withdrawal("im", 1, "lotte", NOW, mark, ("thread", "article"), (("takeaway", 0, 5),), 1)
    database.write_now(lambda db: impressions.withdrew(db, "T1", found))
    assert database.read_now(lambda db: impressions.withdrawal(db, "T1", "im", 1)) == found
    assert database.read_now(lambda db: impressions.withdrawal(db, "T2", "im", 1)) is None
    assert database.read_now(lambda db: impressions.taken_back(db, note)) == {mark}
    with sqlite3.connect(location) as raw:
        assert "Met ouders" not in str(raw.execute("SELECT * FROM quote_withdrawal").fetchall())


@sqlite_only("the test writes the file itself")
def test_what_was_handed_in_before_the_update_has_its_version_after_it_and_the_way_back_keeps_it(
    database: Database, note: Impression, location: str
) -> None:
    database.close()
    schema.downgrade(location, "0003")
    with sqlite3.connect(location) as raw:
        assert raw.execute("SELECT takeaway, quote FROM impression").fetchall() == [("Precies zo.", "Met ouders.")]
    schema.upgrade(location)
    opened = Database(location)
    found = opened.read_now(lambda db: impressions.versions(db, "T1", "im"))
    assert [(v.number, v.contents, v.by) for v in found] == [(1, WORDS, "sanne")]
    assert opened.read_now(lambda db: impressions.one(db, "T1", "im")) == note
    opened.close()
