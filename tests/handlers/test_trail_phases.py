"""Phases across regions: what others say of the same one, who passed it, and an introduction that takes two yeses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session

from bot.programme import Role
from bot.trail import Entry, Kind, State, Value
from handlers import introductions
from handlers.slack import kinds
from playground.linter import visible_texts
from storage import trail
from storage.trail.following import follow_words
from tests.handlers.house import TEAM, House, wall
from tests.handlers.trailing import Trail, lived_in

HERE, THERE = "rg_0001", "rg_0002"


@pytest.fixture(params=["nl"])
def house(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[House]:
    yield from lived_in(tmp_path, wall(2021, 6, 17, 11), request.param)


@pytest.fixture
def scene(house: House) -> Trail:
    """Two regions: Noor is of the first, Samir of the second; Sanne and Youssef lead them, Ineke coordinates."""
    one, two = house.region("Haaglanden"), house.region("Waterweg")
    locale = {"nl": "nl-NL", "en": "en-GB"}[house.settings.language]
    house.person("noor", one, locale=locale)
    house.person("sanne", one, Role.FACILITATOR, locale=locale)
    house.person("samir", two, locale=locale)
    house.person("youssef", two, Role.FACILITATOR, locale=locale)
    house.person("ineke", None, Role.COORDINATOR, locale=locale)
    return Trail(house)


def made(scene: Trail, region: str | None, kind: Kind, *, state: State = State.KEPT, parent: str | None = None,
         by: str = "", **texts: str) -> str:  # fmt: skip
    values = {name: Value(text) for name, text in texts.items()}
    entry = Entry(scene.world.ids("te"), TEAM, region, kind, values, state, parent)
    scene.house.write(lambda db: trail.make(db, entry, by, scene.house.clock.at))
    return entry.id


def met(scene: Trail, state: State = State.SHARED) -> tuple[str, str, str]:
    """Both regions have the phase, under other names; the second passed it and found it hard."""
    made(scene, None, Kind.PHASE_NAME, title="Verkennen")
    mine = made(scene, HERE, Kind.PHASE, title="Verkennen", begins="2021-03")
    theirs = made(scene, THERE, Kind.PHASE, state=state, title="2. verkennen met besturen", begins="2018", ends="2019")
    hard = made(scene, THERE, Kind.EXPERIENCE, state=state, parent=theirs, by="samir", aspect="hard",
                title="Besturen wilden eerst weten wie betaalt.")  # fmt: skip
    return mine, theirs, hard


def owed(scene: Trail, kind: str) -> list[tuple[str | None, str]]:
    """To whom messages of this kind are owed, and what they say now."""
    found = []
    for row in scene.house.owed(kind):
        body = scene.house.draw(row, kinds())
        said = "\n".join([body.text, *visible_texts([b.to_dict() for b in body.blocks])]) if body else ""
        found.append((row.user_id or row.channel_id, said))
    return found


@pytest.mark.practice("000:21-26, 000:45-47, 000:74-75, 000:94-97")
def test_on_a_phase_stands_what_another_region_found_hard_in_the_same_one_and_that_it_passed_it(scene: Trail) -> None:
    mine, _, _ = met(scene)
    said = scene.press("noor", "trail.entry", mine)
    assert "Dezelfde fase in andere regio's" in said and "*Waterweg* had deze fase al (2018 - 2019)" in said
    assert "Besturen wilden eerst weten wie betaalt." in said and "Breng ons in contact" in said


def test_what_another_region_keeps_to_itself_is_not_told_and_the_coordinator_reads_it(scene: Trail) -> None:
    mine, theirs, hard = met(scene, State.KEPT)
    assert "Waterweg" not in scene.press("noor", "trail.entry", mine)
    assert "Besturen wilden" in scene.press("ineke", "trail.entry", mine)
    for answer in (theirs, hard):
        assert "Dit stuur ik" not in scene.press("noor", "introductions.begin", f"{mine} {answer}")


@pytest.mark.parametrize("house", ["nl", "en"], indirect=True)
@pytest.mark.practice("002:12")
def test_one_tap_asks_for_an_introduction_that_is_made_only_after_two_yeses(scene: Trail) -> None:
    mine, theirs, _ = met(scene)
    words = scene.world.words[scene.house.settings.language]
    asked = scene.press("noor", "introductions.begin", f"{mine} {theirs}", "trail.entry", entry=mine)
    assert words("trail.meet_form_intro", region="Waterweg") in asked and "Verkennen" in asked
    assert words("trail.meet_ask_question_phase", region="Haaglanden", text="")[:-1] in asked
    assert scene.house.owed("introductions.ask") == [], "nothing is sent before the text was read"
    sent = scene.fill("noor", "introductions.begin", {}, question=mine, answer=theirs)
    assert "Waterweg" in sent
    ((to, said),) = owed(scene, "introductions.ask")
    assert to == "youssef" and "Verkennen" in said and "noor" not in said.casefold()
    assert scene.house.owed("introductions.met") == [], "one yes is not two"
    (row,) = scene.house.owed("introductions.ask")
    found = scene.house.draw(row, kinds())
    assert found is not None
    (yes, _) = found.blocks[-1].to_dict()["elements"]
    scene.press("youssef", "introductions.yes", yes["value"])
    assert sorted(to for to, _ in owed(scene, "introductions.met") if to) == ["noor", "youssef"]
    again = scene.fill("sanne", "introductions.begin", {}, question=mine, answer=theirs)
    assert words("introductions.asked_already") in again


def test_of_a_no_nobody_hears_and_what_is_no_longer_shared_is_not_asked_any_more(scene: Trail) -> None:
    mine, theirs, _ = met(scene)
    scene.fill("noor", "introductions.begin", {}, question=mine, answer=theirs)
    (row,) = scene.house.owed("introductions.ask")
    body = scene.house.draw(row, kinds())
    assert body is not None
    number = body.blocks[-1].to_dict()["elements"][0]["value"]
    scene.press("youssef", "introductions.no", number)
    assert scene.house.owed("introductions.met") == []
    found = scene.house.read(lambda db: trail.one(db, TEAM, theirs))
    assert found is not None
    scene.house.write(lambda db: trail.settle(db, found, State.KEPT, "youssef", scene.house.clock.at))
    assert "kan niet meer" in scene.press("youssef", "introductions.yes", number)
    scene.house.at(wall(2021, 7, 1, 12))
    scene.house.do(introductions.tick(scene.world, scene.house.clock.at))
    ((to, said),) = owed(scene, "introductions.over")
    assert to == "noor" and said.startswith("Deze kennismaking is er niet van gekomen.")


def test_who_is_of_another_region_asks_nothing_for_this_one(scene: Trail) -> None:
    mine, theirs, _ = met(scene)
    shared = made(scene, HERE, Kind.PHASE, state=State.SHARED, title="Verkennen", begins="2021")
    assert "Dit stuur ik" not in scene.press("samir", "introductions.begin", f"{shared} {theirs}")
    scene.fill("samir", "introductions.begin", {}, question=mine, answer=theirs)
    assert scene.house.owed("introductions.ask") == []


@pytest.mark.practice("000:7-15, 000:99-103")
def test_a_phase_that_moves_is_told_in_the_channel_of_its_region_once_and_keeps_its_history(scene: Trail) -> None:
    mine = made(scene, HERE, Kind.PHASE, title="Uitvoeren", begins="2021-09", ends="2022-01")
    form = {"title": "Uitvoeren", "begins": "2021-09"}
    scene.fill("noor", "trail.entry", {**form, "ends": "2022-03"}, entry=mine, version="1")
    scene.fill("noor", "trail.entry", {**form, "ends": "2022-05"}, entry=mine, version="2")
    said = [text for _, text in owed(scene, "trail.phase_moved") if text]
    (told,) = said
    assert "Eerst: september 2021 - januari 2022. Nu: september 2021 - mei 2022." in told
    assert {row.channel_id for row in scene.house.owed("trail.phase_moved")} == {f"C{HERE}"}
    changes = scene.house.read(lambda db: trail.changes_of(db, TEAM, [mine]))
    assert [(each.before, each.after) for each in changes] == [("2022-01", "2022-03"), ("2022-03", "2022-05")]
    scene.fill("noor", "trail.entry", {**form, "title": "Doen", "ends": "2022-05"}, entry=mine, version="3")
    assert len(scene.house.owed("trail.phase_moved")) == 2, "another name is no other date"


def test_words_that_leave_the_trail_leave_the_question_that_quoted_them(scene: Trail) -> None:
    mine, _, hard = met(scene)
    scene.fill("noor", "introductions.begin", {}, question=mine, answer=hard)
    ((to, said),) = owed(scene, "introductions.ask")
    assert to == "samir" and "Besturen wilden eerst weten wie betaalt." in said
    scene.house.arrive("introductions.ask")

    def take_out(db: Session) -> None:
        found = trail.one(db, TEAM, hard)
        assert found is not None
        trail.drop(db, found, "samir", scene.house.clock.at)
        follow_words(db, TEAM, [hard], scene.house.clock.at)

    scene.house.write(take_out)
    again = [row for row in scene.house.owed("introductions.ask") if row.operation == "update"]
    body = scene.house.draw(again[-1], kinds())
    assert body is not None and "Besturen" not in str([block.to_dict() for block in body.blocks]) + body.text
