"""What groups handed in, as it is remembered: every workspace its own, and nothing left of what was withdrawn."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.impressions import Contents, Heard, Impression, Source, withdraw
from bot.selection import Group
from bot.worksessions import State, Topic, WorkSession
from storage import impressions, selection, themes, worksessions
from storage.database import Database

NOW = datetime(2021, 6, 17, 13, tzinfo=UTC)
WORDS = Contents("  <!channel> Precies zo.\n ", "“Zo.”", "Hoe dan?", "Ik help.")


@pytest.fixture
def group(database: Database) -> Group:
    found = Group("gr_1", "ws_1", 1, ("tp_1",), "sanne", ("noor",))

    def save(db: Any) -> None:
        theme = themes.theme_for(db, "T1", "OZA", "OZA", (), "th_1")
        topic = Topic("tp_1", "OZA", "OZA", theme)
        session = WorkSession(
            "ws_1", "T1", "Sessie", "C1", NOW, NOW, NOW, "Europe/Amsterdam", State.GROUPED, "ineke", (topic,)
        )
        worksessions.save(db, session, NOW)
        selection.save_groups(db, "T1", [found])

    database.write_now(save)
    return found


def impression(name: str = "im_1", ts: str | None = None) -> Impression:
    source = Source.REPLY if ts else Source.FORM
    return Impression(name, "T1", "ws_1", "gr_1", source, "sanne", WORDS, NOW, NOW, channel="C1" if ts else None, ts=ts)


def keep(database: Database, value: Impression, *about: str) -> None:
    database.write_now(lambda db: impressions.save(db, value, about))


def test_words_come_back_as_they_were_typed(database: Database, group: Group) -> None:
    keep(database, impression(ts="1.1"), "th_1", "th_1")
    assert database.read_now(lambda db: impressions.one(db, "T1", "im_1")) == impression(ts="1.1")
    assert database.read_now(lambda db: impressions.of_message(db, "T1", "C1", "1.1")) == impression(ts="1.1")
    assert database.read_now(lambda db: impressions.of_session(db, "T1", "ws_1")) == [impression(ts="1.1")]


def test_another_workspace_sees_nothing_of_it(database: Database, group: Group) -> None:
    keep(database, impression(ts="1.1"), "th_1")
    assert database.read_now(lambda db: impressions.one(db, "T2", "im_1")) is None
    assert database.read_now(lambda db: impressions.of_message(db, "T2", "C1", "1.1")) is None
    assert database.read_now(lambda db: impressions.of_session(db, "T2", "ws_1")) == []


def test_of_a_withdrawn_impression_no_word_and_no_theme_is_left(database: Database, group: Group) -> None:
    keep(database, impression(), "th_1")
    keep(database, withdraw(impression(), NOW), "th_1")
    assert database.read_now(lambda db: impressions.of_session(db, "T1", "ws_1")) == []
    row = database.read_now(lambda db: db.get(impressions.ImpressionRow, ("T1", "im_1")))
    assert row is not None and {row.takeaway, row.quote, row.question, row.offer} == {""}
    assert database.read_now(lambda db: list(db.exec(themes.select(themes.ImpressionThemeRow)))) == []


def test_what_was_heard_of_a_message_outlives_it_without_its_words(database: Database) -> None:
    assert database.read_now(lambda db: impressions.heard(db, "T1", "C1", "1.1")) is None
    for value in (Heard("2.1"), Heard("2.1", gone=True)):
        database.write_now(lambda db, value=value: impressions.remember_heard(db, "T1", "C1", "1.1", value))
        assert database.read_now(lambda db: impressions.heard(db, "T1", "C1", "1.1")) == value
    assert database.read_now(lambda db: impressions.heard(db, "T2", "C1", "1.1")) is None
