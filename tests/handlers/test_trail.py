"""The trail in Slack: a region's page, adding to it, what waits for a yes, and who sees what."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.trail import Entry, Kind, State, Value
from storage import trail
from tests.handlers.house import TEAM, House, wall
from tests.handlers.trailing import Trail, lived_in, two_regions


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    yield from lived_in(tmp_path, wall(2021, 6, 17, 16))


@pytest.fixture
def scene(house: House) -> Trail:
    """Two regions: Noor is of the first, Samir of the second; Ineke coordinates."""
    return two_regions(house)


HERE = "rg_0001"


def made(scene: Trail, kind: Kind, state: State = State.KEPT, parent: str | None = None, **texts: str) -> str:
    entry = Entry(
        scene.world.ids("te"), TEAM, HERE, kind, {name: Value(text) for name, text in texts.items()}, state, parent
    )
    scene.house.write(lambda db: trail.make(db, entry, "", scene.house.clock.at))
    return entry.id


def test_what_somebody_adds_stands_on_the_page_of_their_region_and_another_region_does_not_see_it(scene: Trail) -> None:
    assert "Nog geen agenda" in scene.press("noor", "trail.page", HERE)
    form = scene.press("noor", "trail.add", f"{HERE} assignment", "trail.part", region=HERE, part="agenda")
    assert "De opdracht in één regel" in form
    typed = {"title": "Eén loket voor ouders", "goal": "Niemand hoeft zijn verhaal twee keer te doen."}
    said = scene.fill("noor", "trail.new", typed, region=HERE, kind="assignment", part="agenda")
    assert "Eén loket voor ouders" in said, "the part below shows it at once"
    assert "Eén loket voor ouders" in scene.say("sanne", "regio")
    assert "Eén loket" not in scene.press("samir", "trail.page", HERE)
    assert "Eén loket voor ouders" in scene.press("ineke", "trail.page", HERE)


def test_an_entry_that_somebody_may_not_see_cannot_be_opened_by_its_id(scene: Trail) -> None:
    kept = made(scene, Kind.EVENT, title="De wethouder sprak met de besturen.")
    assert "De wethouder" in scene.press("noor", "trail.entry", kept)
    said = scene.press("samir", "trail.entry", kept)
    assert "De wethouder" not in said and "Dit is van anderen" in said


def test_what_was_found_counts_only_once_somebody_says_that_it_is_right(scene: Trail) -> None:
    found = made(scene, Kind.PHASE, State.PROPOSED, title="Verkennen", begins="2021-03")
    assert "1 vondst wacht" in scene.press("noor", "trail.page", HERE)
    assert scene.entries(HERE) == []
    scene.press("noor", "trail.keep", found, "trail.entry")
    (phase,) = scene.entries(HERE)
    assert phase.title == "Verkennen" and phase.state is State.KEPT


def test_what_was_typed_is_held_against_the_sheet_and_kept_in_the_form(scene: Trail) -> None:
    said = scene.fill("noor", "trail.new", {"title": "", "begins": "ooit"}, region=HERE, kind="phase")
    assert "Vul dit in." in said and "2006-03" in said
    assert scene.entries(HERE) == []


def test_somebody_who_changes_an_older_version_is_told_and_nothing_is_lost(scene: Trail) -> None:
    kept = made(scene, Kind.AMBITION, title="Elk kind naar school.")
    scene.fill("noor", "trail.entry", {"title": "Elk kind dichtbij naar school."}, entry=kept, version="1")
    said = scene.fill("sanne", "trail.entry", {"title": "Iets anders."}, entry=kept, version="1")
    assert "net veranderd" in said
    (ambition,) = scene.entries(HERE)
    assert ambition.title == "Elk kind dichtbij naar school."
    history = scene.press("noor", "trail.entry", kept)
    assert "Elk kind naar school." in history and "Noor" in history


def test_what_a_region_shares_every_region_reads_and_what_it_uses_too_counts_once(scene: Trail) -> None:
    example = made(scene, Kind.EXAMPLE, title="Koffie met ouders", what="Elke week een uur open.")
    assert "begeleider" in scene.press("noor", "trail.share", example, "trail.entry")
    scene.press("sanne", "trail.share", example, "trail.entry")
    assert "Koffie met ouders" in scene.press("samir", "trail.page", HERE)
    for _ in range(2):
        scene.press("samir", "trail.adopt", example, "trail.entry")
    found = scene.house.read(lambda db: trail.one(db, TEAM, example))
    assert found is not None and len(found.under(Kind.ADOPTION)) == 1
    assert "voorbeeld van jullie zelf" in scene.press("noor", "trail.adopt", example, "trail.entry")


def test_a_contact_is_shown_to_others_only_after_that_person_said_yes(scene: Trail) -> None:
    contact = Entry("te_c", TEAM, HERE, Kind.CONTACT, {"title": Value("Noor"), "person": Value("", "noor")})
    scene.house.write(lambda db: trail.make(db, contact, "", scene.house.clock.at))
    assert "Dit klopt, toon mij" in scene.press("noor", "trail.entry", "te_c")
    scene.press("noor", "trail.confirm", "te_c", "trail.entry")
    found = scene.house.read(lambda db: trail.one(db, TEAM, "te_c"))
    assert found is not None and found.confirmed
    assert "Alleen de persoon zelf" in scene.press("ineke", "trail.confirm", "te_c", "trail.entry")


def test_what_hangs_under_an_entry_is_added_in_its_window_and_the_entry_comes_back(scene: Trail) -> None:
    kept = made(scene, Kind.ASSIGNMENT, title="Eén loket")
    assert "De rol" in scene.press("noor", "trail.add", f"{HERE} role {kept}", "trail.entry")
    said = scene.fill(
        "noor", "trail.new", {"title": "Projectleider", "standing": "vacant"},
        region=HERE, kind="role", parent=kept, part="agenda", back="1",
    )  # fmt: skip
    assert "Projectleider · *vacant*" in said
    (assignment,) = scene.entries(HERE)
    assert [child.title for child in assignment.under(Kind.ROLE)] == ["Projectleider"]


def test_who_only_stands_in_an_entry_of_another_region_reads_it_and_does_not_change_it(scene: Trail) -> None:
    rule = Entry(
        "te_r", TEAM, HERE, Kind.OBSTACLE,
        {"title": Value("Busvervoer"), "effect": Value("Kinderen wachten."), "manager": Value("", "samir")},
    )  # fmt: skip
    scene.house.write(lambda db: trail.make(db, rule, "noor", scene.house.clock.at))
    assert "Busvervoer" in scene.press("samir", "trail.entry", "te_r")
    said = scene.fill("samir", "trail.entry", {"title": "Weg ermee", "effect": "Niets."}, entry="te_r", version="1")
    assert "Alleen wie erbij hoort" in said
    assert "Alleen wie erbij hoort" in scene.press("samir", "trail.drop", "te_r", "trail.entry")
    scene.house.stranger("samir", None, deleted=True)
    assert "Busvervoer" not in scene.press("samir", "trail.entry", "te_r")
