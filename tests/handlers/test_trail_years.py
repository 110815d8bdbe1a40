"""What a region writes down over the years: what happened and was decided, what it learned, and in which setting."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.trail import Entry, Kind, State
from storage import trail
from tests.handlers.house import TEAM, House, wall
from tests.handlers.trailing import Trail, lived_in, two_regions

HERE = "rg_0001"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    yield from lived_in(tmp_path, wall(2021, 6, 17, 16))


@pytest.fixture
def scene(house: House) -> Trail:
    """Noor and Sanne are of the first region, Samir is of the second; Ineke coordinates."""
    return two_regions(house)


def add(scene: Trail, user: str, kind: Kind, *, region: str = HERE, parent: str = "", **texts: str) -> Entry:
    """Fill in the form of this kind, as a person; returns what is kept of it."""
    metadata = {"parent": parent} if parent else {}
    scene.fill(user, "trail.new", texts, region=region, kind=kind.value, **metadata)
    places = [None if region == "programme" else region]
    every = scene.house.read(lambda db: trail.entries(db, TEAM, regions=places, states=list(State)))
    return next(entry for entry in every if entry.title == texts["title"])


@pytest.mark.practice("000:17-20")
def test_who_spoke_with_whom_stands_on_the_timeline_with_a_day_that_may_be_half_known(scene: Trail) -> None:
    add(scene, "noor", Kind.EVENT, title="De wethouder belde met de mbo's.", on="2021-03", sort="contact")
    add(scene, "sanne", Kind.EVENT, title="Sanne at met de schoolartsen.", on="12-04-2021", sort="contact")
    said = scene.press("noor", "trail.part", f"{HERE} timeline")
    first, last = said.index("De wethouder belde"), said.index("Sanne at met")
    assert "maart 2021" in said and "12 april 2021" in said and first != last
    assert "belde met de mbo" not in scene.press("samir", "trail.page", HERE), "what a region notes is its own"


@pytest.mark.practice("000:47")
def test_a_decision_and_what_changed_since_stand_beside_each_other_with_who_wrote_them(scene: Trail) -> None:
    title = "De provincie geeft niets. Wij gaan door."
    decided = add(scene, "noor", Kind.EVENT, title=title, on="2020-10", sort="decision")
    assert f"*oktober 2020* {title}" in scene.press("sanne", "trail.part", f"{HERE} timeline")
    typed = {"title": decided.title, "on": "2020-11", "sort": "decision"}
    scene.fill("sanne", "trail.entry", typed, entry=decided.id, version="1")
    assert "*november 2020*" in scene.press("noor", "trail.part", f"{HERE} timeline")
    said = scene.press("noor", "trail.entry", decided.id)
    assert "Sanne veranderde" in said and "“oktober 2020” in “november 2020”" in said, "the earlier day is not lost"
    (kept,) = scene.entries(HERE)
    assert kept.text("sort") == "decision"


@pytest.mark.practice("002:5-8")
def test_what_a_hard_time_taught_hangs_under_the_phase_in_which_it_was_learned(scene: Trail) -> None:
    phase = add(scene, "noor", Kind.PHASE, title="Doorgaan met alles dicht", begins="2020-03", ends="2020-09")
    add(scene, "noor", Kind.EXPERIENCE, parent=phase.id, title="Wie elkaar kende, belde meteen.", aspect="easy")
    add(scene, "sanne", Kind.EXPERIENCE, parent=phase.id, title="Iedereen had een ander woord.", aspect="hard")
    said = scene.press("noor", "trail.part", f"{HERE} phases")
    assert "Wie elkaar kende, belde meteen." in said and "Iedereen had een ander woord." in said
    assert "Makkelijk" in said and "Moeilijk" in said and "maart - september 2020" in said


@pytest.mark.practice("002:12")
def test_an_example_that_others_read_keeps_the_setting_in_which_it_worked_and_in_which_it_did_not(scene: Trail) -> None:
    made = add(
        scene, "noor", Kind.EXAMPLE, title="Fietsles op vrijdag", what="Oudere leerlingen leren jongere fietsen.",
        for_whom="een dorp zonder bus", success="Iedereen woont dichtbij.", failure="In de stad kwam niemand.",
    )  # fmt: skip
    assert "Fietsles" not in scene.press("samir", "trail.page", HERE)
    scene.press("sanne", "trail.share", made.id, "trail.entry")
    said = scene.press("samir", "trail.entry", made.id)
    assert "een dorp zonder bus" in said and "Iedereen woont dichtbij." in said and "In de stad kwam niemand." in said
    scene.press("samir", "trail.drop", made.id, "trail.entry")
    assert "Fietsles" in scene.press("noor", "trail.page", HERE), "who may read it cannot take it away"


@pytest.mark.practice("001:46")
def test_a_source_of_money_is_read_by_everybody_with_the_day_on_which_it_ends(scene: Trail) -> None:
    add(scene, "ineke", Kind.RESOURCE, region="programme", title="Potje voor proeven", link="oogst.example/potje",
        note="Ook voor kleine scholen.", until="31-07-2021")  # fmt: skip
    kept = scene.entries(None)
    assert [entry.title for entry in kept] == ["Potje voor proeven"]
    for reader in ("noor", "samir"):
        said = scene.press(reader, "trail.part", "programme programme")
        assert "Potje voor proeven" in said and "31 juli 2021" in said
    refused = scene.fill("noor", "trail.new", {"title": "Nog een potje"}, region="programme", kind="resource")
    assert "coördinator" in refused and len(scene.entries(None)) == 1


@pytest.mark.practice("003:77-79")
def test_conferences_and_visits_of_the_programme_stand_on_every_region_page_once_they_are_near(scene: Trail) -> None:
    for title, day, sort in (
        ("Startdag in de schouwburg", "2021-07-02", "conference"), ("Op bezoek bij een mbo", "2022-02", "visit"),
    ):  # fmt: skip
        add(scene, "ineke", Kind.MILEPOST, region="programme", title=title, on=day, sort=sort)
    every = scene.press("samir", "trail.part", "programme programme")
    assert "Startdag in de schouwburg" in every and "Op bezoek bij een mbo" in every and "februari 2022" in every
    for reader, page in (("noor", HERE), ("samir", "rg_0002")):
        said = scene.press(reader, "trail.page", page)
        assert "2 juli 2021" in said and "Startdag in de schouwburg" in said and "Op bezoek" not in said
