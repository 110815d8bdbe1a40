"""Dilemmas, open questions and points that nobody mentions become themes: by one tap, or ticked with a new session."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.programme import Role
from bot.proposals import Status
from bot.trail import Entry, Kind, Origin, Value
from bot.worksessions import State
from handlers import worksessions as making
from handlers.proposals import telling
from storage import proposals, trail
from tests.handlers.house import TEAM, House, wall
from tests.handlers.test_canary import Town
from tests.handlers.trailing import Trail, lived_in

HERE, THERE = "rg_0001", "rg_0002"
DILEMMA = "Draagvlak zoeken of doorpakken?"
SILENT = "Jongeren zelf aan tafel"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    yield from lived_in(tmp_path, wall(2021, 6, 17, 16))


@pytest.fixture
def scene(house: House) -> Trail:
    """Haaglanden has a dilemma and a point of which nobody speaks; Waterweg a question that research answers."""
    one, two = house.region("Haaglanden"), house.region("Waterweg")
    house.person("noor", one)
    house.person("sanne", one, Role.FACILITATOR)
    house.person("samir", two, Role.FACILITATOR)
    house.person("ineke", None, Role.COORDINATOR)
    for name, region, kind, values in (
        ("te_d", one, Kind.QUESTION, {"title": DILEMMA, "sort": "dilemma"}),
        ("te_o", one, Kind.QUESTION, {"title": "Wie betaalt de bus?", "sort": "open_question"}),
        ("te_s", one, Kind.POINT, {"title": SILENT}),
        ("te_r", two, Kind.QUESTION, {"title": "Hoeveel kinderen zijn het?", "sort": "research"}),
    ):
        entry = Entry(name, TEAM, region, kind, {key: Value(text) for key, text in values.items()})
        house.write(partial(trail.make, entry=entry, by="noor", now=house.clock.at))
    return Trail(house)


def waiting(scene: Trail) -> list[tuple[str, str]]:
    return scene.house.read(lambda db: [(each.name, each.head.why) for each in proposals.waiting(db, TEAM)])


def test_a_point_that_may_be_a_theme_says_of_which_assignment_it_is_where_there_are_several(scene: Trail) -> None:
    session = scene.house.session(wall(2021, 9, 16, 14), state=State.PLANNED, title="Werksessie september")
    for number, name in enumerate(("Eén lijn", "Onze scholen")):
        for entry in (
            Entry(f"te_a{number}", TEAM, HERE, Kind.ASSIGNMENT, {"title": Value(name)}),
            Entry(f"te_p{number}", TEAM, HERE, Kind.POINT, {"title": Value(f"Punt {number}")}, parent=f"te_a{number}"),
        ):
            scene.house.write(partial(trail.make, entry=entry, by="noor", now=scene.house.clock.at))
        seen = scene.press("ineke", "proposals.review", session.id)
        assert "Punt 0" in seen and ("over gesproken · Eén lijn" in seen) is bool(number), seen


@pytest.mark.practice("000:46, 000:49-53")
def test_a_dilemma_of_a_region_becomes_a_theme_proposal_by_one_tap(scene: Trail) -> None:
    assert "Stel voor als thema" in scene.press("sanne", "trail.entry", "te_d")
    scene.press("sanne", "trail.theme", "te_d", "trail.entry", entry="te_d", region=HERE)
    assert waiting(scene) == [(DILEMMA, "Uit de agenda van Haaglanden")]
    assert "staat bij de voorgestelde thema's" in scene.press("sanne", "trail.entry", "te_d")


def test_a_second_tap_backs_the_proposal_instead_of_making_it_twice(scene: Trail) -> None:
    for user in ("sanne", "ineke"):
        scene.press(user, "trail.theme", "te_d", "trail.entry", entry="te_d", region=HERE)
    assert len(waiting(scene)) == 1
    (bundle,) = scene.house.read(lambda db: proposals.waiting(db, TEAM))
    assert sorted(bundle.backers) == ["ineke", "sanne"]


def test_who_may_not_share_for_a_region_does_not_make_its_agenda_known_either(scene: Trail) -> None:
    assert "Stel voor als thema" not in scene.press("noor", "trail.entry", "te_d")
    for user in ("noor", "samir"):
        scene.press(user, "trail.theme", "te_d", "trail.entry", entry="te_d", region=HERE)
    assert waiting(scene) == []


@pytest.mark.practice("001:40-42, 001:46-50, 000:78-83, 000:105")
def test_the_coordinator_sees_among_the_proposals_what_the_agendas_ask_for_and_takes_it_over(scene: Trail) -> None:
    session = scene.house.session(wall(2021, 9, 16, 13), state=State.PLANNED, title="Werksessie september")
    seen = scene.press("ineke", "proposals.review", session.id)
    assert DILEMMA in seen and "Haaglanden · dilemma" in seen and "Wie betaalt de bus?" in seen
    assert "Haaglanden · nog niet over gesproken" in seen and "Hoeveel kinderen" not in seen
    after = scene.press("ineke", "trail.theme:0", f"te_d {session.id}", "proposals.review", session=session.id)
    assert "Neem een punt over" in after
    assert [name for name, _ in waiting(scene)] == [DILEMMA]


@pytest.mark.practice("000:46, 000:49-53")
def test_what_the_agendas_ask_for_can_be_ticked_when_a_session_gets_its_themes(scene: Trail) -> None:
    session = scene.house.session(wall(2021, 9, 16, 13), state=State.PLANNED, title="Werksessie september")
    scene.press("ineke", "worksessions.proposed", session.id)
    form = scene.window
    (ticks,) = [block for block in form["blocks"] if block.get("block_id") == "agenda"]
    assert [each["text"]["text"] for each in ticks["element"]["options"]] == [DILEMMA, "Wie betaalt de bus?", SILENT]
    assert [each["description"]["text"] for each in ticks["element"]["options"]] == [
        "Haaglanden · dilemma", "Haaglanden · open vraag", "Haaglanden · nog niet over gesproken",
    ]  # fmt: skip
    ack = hand_in(scene, form, {"topics": "Verduurzaming", "agenda": ["te_d", "te_s"]})
    said = json.dumps(ack, ensure_ascii=False)
    assert "Verduurzaming" in said and DILEMMA in said and SILENT in said and "Wie betaalt" not in said


def test_regions_that_are_not_invited_bring_nothing_to_a_session(scene: Trail) -> None:
    session = scene.house.session(wall(2021, 9, 16, 13), state=State.PLANNED, regions=[THERE])
    scene.press("ineke", "worksessions.proposed", session.id)
    assert "agenda" not in {block.get("block_id") for block in scene.window["blocks"]}


def test_a_theme_that_was_cut_out_of_a_note_goes_with_the_note_and_what_was_merged_into_it_stays(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    town = Town(tmp_path_factory.mktemp("town"))
    try:
        scene, house = Trail(town.house), town.house
        for at, words in (
            ("7.1", "De kanariebus naar school betaalt nu niemand."),
            ("7.2", "Op de kanariekooi let nu niemand van ons."),
        ):
            town.room.reply("lotte", words, at)
            note = next(one for one in town.room.kept() if one.contents.takeaway == words)
            cut = Origin(impression=note.id, field="takeaway", start=0, end=len(words))
            entry = Entry(f"te_{at}", TEAM, town.region, Kind.QUESTION, {"title": Value(words)}, origin=cut)
            house.write(partial(trail.make, entry=entry, by="", now=house.clock.at))
            scene.press("ineke", "trail.theme", entry.id, "trail.entry")
        asking = house.session(wall(2021, 9, 16, 13), state=State.PLANNED, title="Werksessie september")
        house.write(lambda db: telling.owe_call(db, asking, house.clock.at))
        house.arrive("proposals.call")
        first, second = house.read(lambda db: proposals.waiting(db, TEAM))
        house.write(lambda db: proposals.save(db, [
            replace(first.head, status=Status.ACCEPTED), replace(second.head, merged_into=first.id)]))  # fmt: skip
        assert "kanariebus" in town.tables("kanariebus"), "else this test says nothing"
        house.at(house.clock.now() + timedelta(minutes=1))
        town.delete("7.1", "CWS")
        assert "proposal" not in town.tables("kanariebus").replace("proposals.", "")
        assert [(each.name, each.status) for each in house.read(lambda db: proposals.waiting(db, TEAM))] == [
            ("Op de kanariekooi let nu niemand van ons.", Status.ACCEPTED)
        ]
        assert [row for row in house.owed("proposals.call") if row.operation == "update"], (
            "the channel reads it no more"
        )
        town.delete("7.2", "CWS")
        assert waiting(scene) == [] and "kanarie" not in str(scene.press("ineke", "proposals.review", asking.id))
    finally:
        town.house.database.close()


def test_a_theme_follows_a_note_that_is_corrected_and_what_the_coordinator_wrote_over_it_stays(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    town = Town(tmp_path_factory.mktemp("town"))
    try:
        scene, house, words = Trail(town.house), town.house, "De kanariebus naar school betaalt nu niemand."
        town.room.reply("lotte", words, "7.1")
        (note,) = town.room.kept()
        cut = Origin(impression=note.id, field="takeaway", start=0, end=len(words))
        entry = Entry("te_1", TEAM, town.region, Kind.QUESTION, {"title": Value(words)}, origin=cut)
        house.write(lambda db: trail.make(db, entry, "", house.clock.at))
        scene.press("ineke", "trail.theme", entry.id, "trail.entry")
        (one,) = house.read(lambda db: proposals.waiting(db, TEAM))
        house.write(lambda db: proposals.save(db, [replace(one.head, name="Vervoer")]))
        house.at(house.clock.now() + timedelta(minutes=1))
        town.room.edit("lotte", "De bus naar school betaalt nu niemand.", words)
        (left,) = house.read(lambda db: proposals.waiting(db, TEAM))
        assert left.name == "Vervoer" and left.also == () and "kanariebus" not in str(left)
    finally:
        town.house.database.close()


def hand_in(scene: Trail, form: dict[str, Any], fields: dict[str, Any]) -> Any:
    metadata = form["private_metadata"]
    click = scene.house.click("form", "worksessions.topics", "ineke", fields=fields, metadata=metadata)
    return scene.house.answer(making.hand_in_topics, click).ack
