"""Intervision in Slack: who can help whom, seen by the coordinator and made known to facilitators."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.programme import Role
from bot.trail import Entry, Kind, State, Value
from handlers import trail as feature
from playground.linter import visible_texts
from storage import trail
from tests.handlers.house import TEAM, House, wall
from tests.handlers.trailing import Trail

ONE, TWO = "rg_0001", "rg_0002"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Trail]:
    """Waterweg is past the phase in which Haaglanden now is; Haaglanden offers what Waterweg asks."""
    house = House(tmp_path, wall(2021, 6, 17, 16))
    one, two = house.region("Haaglanden"), house.region("Waterweg")
    house.person("noor", one)
    house.person("sanne", one, Role.FACILITATOR)
    house.person("samir", two, Role.FACILITATOR)
    house.person("ineke", None, Role.COORDINATOR)
    made(house, Kind.PHASE, one, "te_now", title="Verkennen")
    made(house, Kind.EXPERIENCE, one, "te_hard", "te_now", title="Niemand neemt de leiding.", aspect="hard")
    made(house, Kind.PHASE, two, "te_past", title="Verkennen", ends="2020-12")
    made(house, Kind.OFFER, one, "te_offer", title="Een rekenmodel voor de kosten van vervoer")
    made(house, Kind.REQUEST, two, "te_asks", title="Wie rekent de kosten van het vervoer door?")
    yield Trail(house)
    house.database.close()


def made(house: House, kind: Kind, region: str, entry_id: str, parent: str | None = None, **texts: str) -> None:
    entry = Entry(entry_id, TEAM, region, kind, {n: Value(t) for n, t in texts.items()}, State.KEPT, parent)
    house.write(lambda db: trail.make(db, entry, "ineke", house.clock.at))


def messages(scene: Trail) -> dict[str, str]:
    found = {}
    for row in scene.house.owed("trail.intervision"):
        body = scene.house.draw(row, feature.MESSAGES)
        assert body is not None
        told = visible_texts({"blocks": [block.to_dict() for block in body.blocks]})
        found[str(row.user_id)] = "\n".join([body.text, *told])
    return found


@pytest.mark.practice("003:46-55")
def test_the_coordinator_sees_who_can_help_whom_and_why_and_makes_it_known_with_one_tap(scene: Trail) -> None:
    assert "Wie kan wie helpen?" in scene.press("ineke", "trail.part", "programme programme")
    said = scene.press("ineke", "trail.intervision", "0")
    assert "Haaglanden en Waterweg" in said and "Niemand neemt de leiding." in said and "rekenmodel" in said
    said = scene.press("ineke", "trail.intervision_tell", f"0 {ONE} {TWO}", "trail.intervision")
    assert "Dit jaar al samen" in said and "Maak bekend" not in said
    assert sorted(messages(scene)) == ["samir", "sanne"]
    said = scene.press("ineke", "trail.intervision_tell", f"0 {ONE} {TWO}", "trail.intervision")
    assert "net iets veranderd" in said and len(messages(scene)) == 2


def test_a_facilitator_reads_words_of_another_region_only_where_it_shared_them(scene: Trail) -> None:
    scene.press("ineke", "trail.intervision_tell", f"0 {ONE} {TWO}", "trail.intervision")
    said = messages(scene)["samir"]
    assert "Haaglanden" in said and "leiding" not in said and "rekenmodel" not in said
    assert "Haaglanden kan jullie helpen bij: Wie rekent de kosten van het vervoer door?" in said
    offer = scene.house.read(lambda db: trail.one(db, TEAM, "te_offer"))
    assert offer is not None
    scene.house.write(lambda db: trail.settle(db, offer, State.SHARED, "sanne", scene.house.clock.at))
    assert "rekenmodel" in messages(scene)["samir"]


def test_nobody_but_the_coordinator_sees_or_makes_groups(scene: Trail) -> None:
    for user in ("noor", "sanne", "samir"):
        assert "Alleen de coördinator" in scene.press(user, "trail.intervision", "0")
        scene.press(user, "trail.intervision_tell", f"0 {ONE} {TWO}", "trail.intervision")
    assert messages(scene) == {}


def test_a_region_whom_it_does_not_suit_says_so_with_one_tap_and_is_left_alone_until_the_session_is_over(
    scene: Trail,
) -> None:
    scene.press("ineke", "trail.intervision_tell", f"0 {ONE} {TWO}", "trail.intervision")
    group = scene.house.owed("trail.intervision")[0].key.split(":")[1]
    assert "Dit past nu niet" in messages(scene)["samir"]
    assert scene.house.owed("trail.intervision_no") == []
    for user, place in (("noor", ONE), ("sanne", TWO), ("samir", ONE)):
        scene.press(user, "trail.intervision_no", f"{group} {place}")
    assert scene.house.owed("trail.intervision_no") == [], "only a facilitator says no, and only for their own region"
    for _ in range(2):
        assert scene.press("samir", "trail.intervision_no", f"{group} {TWO}") == ""
    (row,) = scene.house.owed("trail.intervision_no")
    body = scene.house.draw(row, feature.MESSAGES)
    assert row.user_id == "ineke" and body is not None
    told = "\n".join(visible_texts({"blocks": [block.to_dict() for block in body.blocks]}))
    assert "Waterweg kan de volgende keer niet" in told and "Wie kan wie helpen?" in told
    assert "deze keer niet door" in messages(scene)["sanne"] and "Waterweg" not in messages(scene)["sanne"]
    assert "deze keer niet mee" in messages(scene)["samir"]
    said = scene.press("ineke", "trail.intervision", "0")
    assert "Maak bekend" not in said and "Doet deze keer niet mee: Waterweg" in said
    scene.house.at(wall(2021, 10, 1, 9))
    said = scene.press("ineke", "trail.intervision", "0")
    assert "Maak bekend" in said, "a no is about one session, and they were not together by it"


def test_a_region_in_a_group_for_the_coming_session_is_proposed_for_no_second_one(scene: Trail) -> None:
    house = scene.house
    three = house.region("Vechtstreek")
    made(house, Kind.OFFER, three, "te_more", title="Een rekenmodel voor de kosten van het vervoer per leerling")
    scene.press("ineke", "trail.intervision_tell", f"0 {ONE} {TWO} {three}", "trail.intervision")
    group = house.owed("trail.intervision")[0].key.split(":")[1]
    scene.press("sanne", "trail.intervision_no", f"{group} {ONE}")
    assert "Vechtstreek" in messages(scene)["samir"] and "Haaglanden" not in messages(scene)["samir"]
    said = scene.press("ineke", "trail.intervision", "0")
    assert "Maak bekend" not in said and "niemand meer" in said
