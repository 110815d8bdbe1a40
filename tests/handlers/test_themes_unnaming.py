"""A topic that goes by words of a note loses that name with the note, and keeps everything else."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.article import Part
from bot.impressions.consent import mark_of
from bot.proposals import Status
from bot.selection import Pick, Wish
from bot.trail import Entry, Kind, Origin, Value
from bot.worksessions import State, Topic
from handlers.proposals import offering, telling
from handlers.selection.cards import owe_card
from handlers.themes import unnaming
from storage import delivery, proposals, schema, selection, trail, worksessions
from storage.database import Database
from storage.delivery.rows import OutboxRow
from storage.themes import changing, theme_for
from tests.handlers.house import TEAM, wall
from tests.handlers.test_canary import Town
from tests.handlers.trailing import Trail
from tests.postgres import sqlite_only

LATER = wall(2021, 6, 17, 14)
WORDS = "De kanariebus naar school betaalt nu niemand."


def on_offer(town: Town, quoted: str = "") -> str:
    """Lotte says it, the coordinator makes it a theme and then a topic, people choose; returns the session's id.

    `quoted` is the note of which it is the quote; else it is a reply of its own.
    """
    scene, house = Trail(town.house), town.house
    if not quoted:
        town.room.reply("lotte", WORDS, "7.1")
    note = next(one for one in town.room.kept() if WORDS in (one.contents.takeaway, one.contents.quote))
    cut = Origin(impression=note.id, field="quote" if quoted else "takeaway", start=0, end=len(WORDS))
    entry = Entry("te_1", TEAM, town.region, Kind.QUESTION, {"title": Value(WORDS)}, origin=cut)
    house.write(lambda db: trail.make(db, entry, "", house.clock.at))
    scene.press("ineke", "trail.theme", entry.id, "trail.entry")
    asking = house.session(wall(2021, 9, 16, 13), state=State.PLANNED, title="Werksessie september")
    house.write(lambda db: telling.owe_call(db, asking, house.clock.at))
    house.arrive("proposals.call")
    (found,) = house.read(lambda db: proposals.waiting(db, TEAM))
    house.write(lambda db: proposals.save(db, [replace(found.head, status=Status.ACCEPTED)]))

    def choose(db) -> None:  # type: ignore[no-untyped-def]  # a statement of the test
        links = offering.links(db, TEAM, {"planned": asking.id, "proposed": [(found.id, WORDS)]}, [WORDS, "Vervoer"])
        topics = tuple(
            Topic(f"tp_{n}", name, name[:20], theme_for(db, TEAM, name, name[:20], links.aliases(name), f"th_{n}"))
            for n, name in enumerate((WORDS, "Vervoer"))
        )
        session = replace(
            asking, state=State.CHOOSING, topics=topics, opened_at=house.clock.at, closes_at=wall(2021, 9, 15, 17)
        )
        worksessions.save(db, session, house.clock.at)
        offering.settle(db, house.world, session, links)
        owe_card(db, session, house.clock.at)

    house.write(choose)
    house.arrive("selection.card", "proposals.call")
    return asking.id


def test_a_topic_in_words_of_a_note_gets_a_neutral_name_with_the_note_and_a_new_one_from_the_coordinator(
    tmp_path: Path,
) -> None:
    town = Town(tmp_path)
    try:
        house, session_id = town.house, on_offer(town)
        chosen = Pick("noor", Wish.TOPIC, ("tp_0",), house.clock.at)
        house.write(lambda db: selection.save_pick(db, TEAM, session_id, chosen))
        said = [key for key, body in town.drawn().items() if "kanariebus" in body]
        assert {"selection.card", "proposals.call"} <= {key.split(":")[0] for key in said}, said
        house.at(house.clock.now() + timedelta(minutes=1))
        town.delete("7.1", "CWS")
        assert "kanariebus" not in town.tables("kanariebus")
        assert not [key for key, body in town.drawn().items() if "kanarie" in body.casefold()]
        changed = {row.target_key for row in town.rows() if row.operation in ("update", "remove")}
        assert set(said) <= changed, "what stands in Slack is owed a change"
        session = house.read(lambda db: worksessions.one(db, TEAM, session_id))
        assert session is not None
        assert [each.name for each in session.topics] == ["Thema 1 van 16 september 2021 (naam volgt)", "Vervoer"]
        assert house.read(lambda db: selection.counts(db, TEAM, session_id))["tp_0"] == 1, "who chose it still does"
        (asked,) = [body for key, body in town.drawn().items() if key.startswith("themes.unnamed:tp_0:")]
        assert "Geef een naam" in asked and "themes.open" in asked
        theme = session.topics[0].theme
        town.arrive()
        fields = {"name": "Wie betaalt de bus", "short": "", "criterion": "", "aliases": ""}
        card = house.read(lambda db: changing.card(db, TEAM, theme))
        assert card is not None
        town.hand_in("themes.edit", "ineke", fields, theme=theme, version=str(card.version))
        session = house.read(lambda db: worksessions.one(db, TEAM, session_id))
        assert session is not None and session.topics[0].name == "Wie betaalt de bus"
        assert not [key for key, body in town.drawn().items() if "naam volgt" in body]
    finally:
        town.house.database.close()


def test_a_topic_in_words_of_a_quote_loses_them_when_who_said_it_takes_the_quote_back(tmp_path: Path) -> None:
    town = Town(tmp_path)
    try:
        house = town.house
        told = {"takeaway": "Het vervoer is niet geregeld.", "quote": WORDS}
        town.hand_in("impressions.share", "sanne", told, group="gr_a")
        (note,) = town.room.kept()
        town.press("impressions.quote_by", "sanne", "noor", note.id)
        town.press("impressions.quote_answer", "noor", f"{note.id}:{mark_of(WORDS)}", "named")
        session_id = on_offer(town, quoted=note.id)
        town.press("impressions.quote_withdraw", "noor", f"{note.id}:{note.version}")
        session = house.read(lambda db: worksessions.one(db, TEAM, session_id))
        assert session is not None and session.topics[0].name == "Thema 1 van 16 september 2021 (naam volgt)"
        assert "kanariebus" not in town.tables("kanariebus")
        assert not [key for key, body in town.drawn().items() if "kanariebus" in body.casefold()]
        assert [one.contents.takeaway for one in town.room.kept()] == [told["takeaway"]], "the rest of the note stays"
    finally:
        town.house.database.close()


def test_a_topic_that_others_gave_the_name_of_a_withdrawn_agenda_point_keeps_it(tmp_path: Path) -> None:
    town = Town(tmp_path)
    try:
        house, words = town.house, WORDS
        before = house.session(wall(2021, 9, 16, 13), regions=[town.region], topics=(words, "Vervoer"))
        town.room.reply("lotte", words, "7.1")
        note = next(one for one in town.room.kept() if one.contents.takeaway == words)
        house.at(house.clock.now() + timedelta(minutes=1))
        for number, title in enumerate((words, "Vervoer")):
            cut = Origin(impression=note.id, field="takeaway", start=0, end=len(words))
            entry = Entry(f"te_{number}", TEAM, town.region, Kind.QUESTION, {"title": Value(title)}, origin=cut)
            house.write(lambda db, made=entry: trail.make(db, made, "", house.clock.at))
        house.at(house.clock.now() + timedelta(minutes=1))
        other = house.region("Twente", "CTW")
        elsewhere = house.session(wall(2021, 9, 17, 13), regions=[other], topics=(words,))
        ticked = house.session(wall(2021, 9, 18, 13), regions=[town.region], topics=(words, "Vervoer"))
        house.at(house.clock.now() + timedelta(minutes=1))
        town.delete("7.1", "CWS")

        def names(of: str) -> list[str]:
            session = house.read(lambda db: worksessions.one(db, TEAM, of))
            assert session is not None
            return [topic.name for topic in session.topics]

        assert names(before.id) == [words, "Vervoer"], "it was called so before the note was written"
        assert names(elsewhere.id) == [words], "that region does not see the agenda"
        assert names(ticked.id) == ["Thema 1 van 18 september 2021 (naam volgt)", "Vervoer"], "one word is everybody's"
    finally:
        town.house.database.close()


@sqlite_only("the test writes the file itself")
def test_a_question_for_a_name_that_an_older_version_asked_is_still_known(tmp_path: Path) -> None:
    location = str(tmp_path / "oogst.db")
    schema.upgrade(location)
    database = Database(location)
    for key, target in (("themes.unnamed:tp_1:im_1:ineke", None), ("b", "themes.unnamed:tp_1:im_1:ineke")):
        row = OutboxRow(
            team_id=TEAM, key=key, operation="post" if target is None else "update", kind="themes.unnamed",
            arguments="{}", body_hash="", target_key=target, not_before=LATER, created_at=LATER,
        )  # fmt: skip
        database.write_now(lambda db, row=row: db.add(row))
    database.close()
    schema.downgrade(location, "0023")
    with closing(sqlite3.connect(location)) as held:
        before = held.execute("SELECT kind, key, target_key FROM outbox ORDER BY id").fetchall()
        assert before[0] == ("trail.unnamed", "trail.unnamed:tp_1:im_1:ineke", None)
        assert before[1] == ("trail.unnamed", "b", "trail.unnamed:tp_1:im_1:ineke")
    assert schema.upgrade(location)
    database = Database(location)
    found = database.read_now(lambda db: delivery.keys(db, TEAM, unnaming.KIND, "tp_1"))
    database.close()
    assert found == ["themes.unnamed:tp_1:im_1:ineke"]


@pytest.mark.matrix
def test_the_name_leaves_what_was_published_under_it_too(tmp_path: Path) -> None:
    town = Town(tmp_path)
    try:
        house, session_id = town.house, on_offer(town)
        session = house.read(lambda db: worksessions.one(db, TEAM, session_id))
        assert session is not None
        house.at(wall(2021, 9, 16, 15))
        house.write(lambda db: worksessions.set_state(db, TEAM, session_id, State.GROUPED))
        house.article(session, [[(Part.BODY, "Wij rijden om beurten."), (Part.QUESTION, "Wie rijdt er maandag?")]])
        town.arrive()
        (article,) = [row for row in house.owed("harvest.article") if row.operation == "post"]
        for form_of in ("html", "md"):
            town.press("harvest.more", "ineke", f"{form_of}:{article.key.split(':')[1]}")
        town.hand_in("theme_harvest.choose", "ineke", {"theme": session.topics[0].theme})
        for at in (wall(2021, 9, 17, 9), wall(2021, 9, 21, 9), wall(2021, 9, 21, 9, 5)):
            town.tick(at)
        said = {key.split(":")[0] for key, body in town.drawn().items() if "kanariebus" in body}
        assert {"harvest.article", "harvest.file", "digest.post", "selection.card"} <= said, said
        assert "kanariebus" in town.exported().casefold()
        house.at(wall(2021, 9, 21, 10))
        town.delete("7.1", "CWS")
        town.tick(wall(2021, 9, 21, 10, 5))
        assert not [key for key, body in town.drawn().items() if "kanariebus" in body.casefold()]
        assert "kanariebus" not in town.tables("kanariebus") and "kanariebus" not in town.exported().casefold()
    finally:
        town.house.database.close()
