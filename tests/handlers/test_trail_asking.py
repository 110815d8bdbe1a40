"""Who asks meets who gives, in Slack: beside a question, and in the digest of the region that asks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.introductions import Basis
from bot.programme import Role
from bot.trail import Entry, Kind, State, Value
from handlers.trail import asking
from storage import introductions, trail
from tests.handlers.house import TEAM, House, wall
from tests.handlers.trailing import Trail

ONE, TWO = "rg_0001", "rg_0002"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Trail]:
    """Haaglanden asks what Waterweg offers to everybody."""
    house = House(tmp_path, wall(2021, 6, 18, 16))
    one, two = house.region("Haaglanden"), house.region("Waterweg")
    house.person("noor", one)
    house.person("sanne", one, Role.FACILITATOR)
    house.person("samir", two, Role.FACILITATOR)
    made(house, Kind.REQUEST, one, "te_asks", "Wie rekent de kosten van het leerlingenvervoer door?", State.KEPT)
    made(house, Kind.OFFER, two, "te_offer", "Een rekenmodel voor de kosten van vervoer", State.SHARED)
    yield Trail(house)
    house.database.close()


def made(house: House, kind: Kind, region: str, entry_id: str, title: str, state: State) -> None:
    entry = Entry(entry_id, TEAM, region, kind, {"title": Value(title)}, state)
    house.write(lambda db: trail.make(db, entry, "sanne", house.clock.at))


def share(scene: Trail) -> None:
    scene.press("sanne", "trail.share", "te_asks", "trail.entry")


def proposed(scene: Trail) -> list[tuple[str, str]]:
    scene.house.do(asking.tick(scene.world, scene.house.clock.at))
    known = scene.house.read(lambda db: introductions.known(db, TEAM, Basis.TRAIL))
    return sorted(known.pairs)


@pytest.mark.practice("002:12")
def test_beside_a_question_stands_what_another_region_offers_and_why(scene: Trail) -> None:
    said = scene.press("sanne", "trail.entry", "te_asks")
    assert (
        "Waterweg biedt dit" in said and "rekenmodel" in said and "Gevonden op" in said and "leerlingenvervoer" in said
    )
    assert "Breng ons in contact" in said
    assert "Breng ons in contact" not in scene.press("noor", "trail.entry", "te_asks"), "it is not shared yet"
    share(scene)
    assert "Breng ons in contact" in scene.press("noor", "trail.entry", "te_asks")
    assert "rekenmodel" not in scene.press("samir", "trail.entry", "te_asks"), "it is proposed to who asks"


def test_once_a_week_a_shared_question_that_meets_an_offer_is_proposed_and_nothing_is_sent(scene: Trail) -> None:
    scene.house.at(wall(2021, 6, 21, 6, 31))
    assert proposed(scene) == [], "the region keeps its question to itself"
    share(scene)
    assert proposed(scene) == [("te_asks", "te_offer")]
    scene.house.at(wall(2021, 6, 28, 7))
    assert proposed(scene) == [("te_asks", "te_offer")], "the same pair is proposed once"
    assert scene.house.owed("introductions.ask") == [], "nothing leaves before somebody wants it"


def test_a_request_that_was_answered_is_not_proposed(scene: Trail) -> None:
    share(scene)
    found = scene.house.read(lambda db: trail.one(db, TEAM, "te_asks"))
    assert found is not None
    given = {**found.values, "standing": Value("given")}
    scene.house.write(lambda db: trail.change(db, found, given, "ineke", scene.house.clock.at))
    scene.house.at(wall(2021, 6, 21, 7))
    assert proposed(scene) == []


def test_the_text_that_will_be_sent_takes_the_place_of_the_question_for_slack_piles_no_more_than_three(
    scene: Trail,
) -> None:
    said = scene.press("sanne", "introductions.begin", "te_asks te_offer", "trail.entry")
    assert "rekenmodel" in said and scene.world.shown == [scene.window]
    assert scene.house.owed("introductions.ask") == [], "nothing leaves before somebody sends it"
