"""How far words reach: nobody reads in an answer or document what they may not, and what goes later goes there too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from bot.article import Part
from bot.digest import Change
from bot.memory.asking import Question
from bot.problem import Refused
from bot.selection import Group
from handlers import digest, impressions, memory, theme_harvest
from handlers.digest.previewing import look_ahead
from handlers.themes import showing
from storage import digest as digests
from storage import memory as store
from storage import programme, selection, text_index
from storage import promises as given
from storage.impressions import ImpressionRow
from storage.memory import AskedState
from storage.themes import changing, teaching
from tests.handlers import test_memory as asking
from tests.handlers.afternoon import Afternoon
from tests.handlers.house import TEAM, House, wall
from tests.handlers.test_canary import Town, live
from tests.handlers.test_theme_harvest import Year


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, wall(2021, 6, 17, 15))
    yield made
    made.database.close()


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    made = Town(tmp_path)
    yield made
    made.house.database.close()


def found_by(house: House, user: str, question: str) -> str:
    """Everything that a search for somebody alone comes up with."""

    def search(db: Any) -> str:
        index = text_index.refresh(db, TEAM, None)
        scope = store.Scope(programme.member(db, TEAM, user), True)
        return "\n".join(one.text for one in store.search(db, scope, Question(question), index).sources)

    return house.read(search)


def test_a_coordinator_outside_the_group_does_not_find_a_quote_that_nobody_said_yes_to(house: House) -> None:
    room = Afternoon(house)
    room.share(
        "sanne", takeaway="De zorgtafel werkt goed op onze school.", quote="De zorgtafel is een lachertje zonder geld."
    )
    (note,) = room.kept()
    ask_whose = house.click("action", "impressions.quote_by", "sanne", "noor", note.id)
    house.answer(impressions.ROUTES.actions["impressions.quote_by"], ask_whose)
    assert "lachertje" in found_by(house, "noor", "zorgtafel"), "who sat in the group reads it"
    told = found_by(house, "ineke", "zorgtafel")
    assert "zorgtafel werkt goed" in told and "lachertje" not in told


def test_a_document_that_was_drawn_anew_follows_what_it_shows_since(house: House) -> None:
    year = Year(house)
    twice = "Ouders kennen de weg naar het loket nog niet goed genoeg."
    year.held(date(2021, 6, 17), [[(Part.BODY, twice)], []])
    year.held(date(2021, 9, 16), [[(Part.BODY, twice)], []])
    year.ask()
    house.arrive("theme_harvest.document")
    theme = year.found().theme
    house.answer(
        theme_harvest.ROUTES.actions["theme_harvest.file"],
        house.click("action", "theme_harvest.file", "noor", f"md:{theme.id}"),
    )
    house.arrive("theme_harvest.file")
    for left in (1, 0):
        withdraw_newest(year, twice)
        house.arrive("theme_harvest.document", "theme_harvest.file")
        assert (twice in year.text()) == bool(left)
    assert [row.operation for row in house.owed("theme_harvest.file")] == ["file", "remove", "file", "remove", "file"]
    assert [row.operation for row in house.owed("theme_harvest.document")].count("update") == 2


def withdraw_newest(year: Year, words: str) -> None:
    rows = year.house.read(
        lambda db: list(db.exec(select(ImpressionRow).where(col(ImpressionRow.withdrawn_at).is_(None))))
    )
    note = [row for row in rows if words in row.takeaway][-1]
    year.house.answer(
        impressions.ROUTES.actions["impressions.decline"],
        year.house.click("action", "impressions.decline", "sanne", note.id),
    )


def test_words_that_are_edited_out_of_a_question_leave_the_channel_it_was_put_to(house: House) -> None:
    region = house.region("Haaglanden", "CHL")
    house.person("noor", region)
    asking.ask(house, "Wie heeft ervaring met een zwembad voor kleuters van Fatima?", ts="9.1")
    asked = asking.the_question(house)
    put(house, asked, region)
    house.arrive("memory.answer", "memory.question")
    assert "Fatima" in asking.said(house, "memory.question")
    message = {"ts": "9.1", "user": "noor", "text": "Wie heeft ervaring met een zwembad voor kleuters?"}
    edit = house.click("event", "message_changed", "noor", channel="DN", body={"message": message}, key="e:edit")
    house.answer(memory.changed, edit)
    assert "Fatima" not in asking.said(house, "memory.question")
    changes = [row.state for row in house.owed("memory.question") if row.operation == "update"]
    assert changes.count("planned") == 1, "the channel is owed the change"


def put(house: House, asked: Any, region: str) -> None:
    click = house.click(
        "form",
        "memory.put",
        "noor",
        metadata=json.dumps({"question": asked.id}),
        fields={"question": asked.text, "region": region},
    )
    answered = house.answer(memory.ROUTES.forms["memory.put"], click)
    assert not answered.ack, answered.ack
    assert house.read(lambda db: store.state_of(db, TEAM, asked.id)) is AskedState.WAITING


def test_the_form_that_takes_a_theme_apart_shows_nothing_that_a_group_keeps_back(house: House) -> None:
    room = Afternoon(house)
    room.share("sanne", takeaway="De zorgtafel werkt goed. Wij gaan door.")
    room.share("sanne", takeaway="Wij lachten om de leerlingenraad.")
    theme, refused = room.session.topics[0].theme, room.kept()[-1]
    assert theme
    no = house.click(
        "form", "impressions.object", "noor", fields={"reason": "Zo was het niet."},
        metadata=json.dumps({"impression": refused.id, "version": str(refused.version)}),
    )  # fmt: skip
    house.answer(impressions.ROUTES.forms["impressions.object"], no)

    def look(db: Any) -> dict[str, str]:
        for one in room.kept():
            teaching.confirm(db, TEAM, one.id, theme, "ineke", house.clock.now())
        return showing.first_sentences(db, TEAM, changing.notes_of(db, TEAM, theme))

    assert sorted(house.write(look).values()) == ["", "De zorgtafel werkt goed."]


def test_undoing_what_was_held_back_is_refused_kindly(house: House) -> None:
    region = house.region("Haaglanden", "CHL")
    house.person("noor", region)
    held = {"subject": "se_1", "reason": "later"}
    change = Change("dc1", region, "hold", "noor", house.clock.now(), {**held, "reason": None}, held, 0)
    house.write(lambda db: digests.add_change(db, TEAM, change))
    with pytest.raises(Refused):
        house.answer(digest.ROUTES.actions["digest.undo"], house.click("action", "digest.undo", "noor", "dc1"))


def test_a_promise_that_will_not_come_is_not_read_as_one_in_an_answer_or_a_document(town: Town) -> None:
    notes = live(town)
    (promise,) = town.house.read(lambda db: given.of_impression(db, TEAM, notes["form"].id))
    town.say("noor", "Wat weten we over het kanarieaanbod?", "7.9")
    town.tick(wall(2021, 6, 22, 9, 10))
    before = {key: said for key, said in town.drawn().items() if key.startswith(("memory.answer", "theme_harvest"))}
    assert any("Lotte" in said for key, said in before.items() if key.startswith("memory.answer"))
    known = len(town.rows())
    town.press("promises.dropped", "lotte", promise.id)
    followed, now_said = {row.target_key for row in town.rows()[known:]}, town.drawn()
    stale = [key for key in before if now_said[key] != before[key] and key not in followed]
    assert stale == [], "stands in Slack as it was"
    assert any(key and key.startswith("theme_harvest.file") for key in followed)
    assert any(key and key.startswith("memory.answer") for key in followed)


def test_who_follows_a_region_does_not_learn_that_a_small_group_was_of_it(house: House) -> None:
    here, followed, elsewhere = (house.region(name) for name in ("Haaglanden", "Zuidrand", "Noordrand"))
    for user, region in (("samir", followed), ("youssef", followed), ("noor", elsewhere), ("ali", elsewhere)):
        house.person(user, region)
    for user in ("mira", "femke", "sanne"):
        house.person(user, elsewhere)
    session = house.session(wall(2021, 6, 17, 13), regions=[elsewhere])
    large = Group("gr_a", session.id, 1, (session.topics[0].id,), "sanne", ("noor", "mira", "femke", "samir"))
    small = Group("gr_b", session.id, 2, (session.topics[1].id,), "youssef", ("ali",))
    house.write(lambda db: selection.save_groups(db, TEAM, [large, small]))
    told = "Ouders kennen de weg naar het loket nog niet."
    house.article(session, [[(Part.BODY, told)], [(Part.BODY, "Zonnepanelen leveren meer op dan wij dachten.")]])

    def read(db: Any) -> list[str]:
        wants = replace(digests.subscription(db, TEAM, here), others=frozenset({followed}))
        digests.save_subscription(db, TEAM, wants)
        settings, region = programme.programme(db, TEAM), programme.region(db, TEAM, here)
        assert settings is not None and region is not None
        now = house.clock.now() + timedelta(hours=1)
        ahead = look_ahead(db, settings, region, house.world.words["nl"], now)
        return [one.text for one in ahead.live.sentences.values()]

    assert house.write(read) == [told]
