"""What of the trail waits on somebody's Home: theirs, what they can do something about, and nothing of others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.trail import Entry, Kind, State, Value
from handlers.home.waiting import waiting_for
from playground.linter import visible_texts
from storage import trail
from tests.handlers.house import TEAM, House, wall
from tests.handlers.trailing import Trail, two_regions

ONE, TWO = "rg_0001", "rg_0002"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Trail]:
    """Noor and Sanne are of Haaglanden, Samir of Waterweg; Ineke coordinates."""
    house = House(tmp_path, wall(2021, 6, 17, 16))
    yield two_regions(house, "samir")
    house.database.close()


def made(scene: Trail, kind: Kind, title: str, state: State = State.KEPT, region: str | None = ONE) -> str:
    entry = Entry(scene.world.ids("te"), TEAM, region, kind, {"title": Value(title)}, state)
    scene.house.write(lambda db: trail.make(db, entry, "noor", scene.house.clock.at))
    return entry.id


def reads(scene: Trail, user: str) -> str:
    """What waits for somebody, in their language."""
    house = scene.house
    found = house.read(lambda db: waiting_for(db, TEAM, user, house.clock.at))
    blocks = [block.to_dict() for each in found for block in each.draw(house.world.words["nl"])]
    return "\n".join(visible_texts({"blocks": blocks}))


def test_an_example_waits_for_who_can_say_the_second_yes_and_not_for_who_said_the_first(scene: Trail) -> None:
    kept = made(scene, Kind.EXAMPLE, "Koffie met ouders")
    assert reads(scene, "noor") == reads(scene, "samir") == ""
    assert "wacht op jouw ja" in reads(scene, "sanne") and "Koffie met ouders" in reads(scene, "sanne")
    scene.press("sanne", "trail.share", kept, "trail.entry")
    assert reads(scene, "sanne") == ""


def test_a_rule_waits_on_the_home_of_who_leads_while_nobody_was_asked_and_when_the_answer_is_late(scene: Trail) -> None:
    made(scene, Kind.OBSTACLE, "Een groep van twaalf")
    assert reads(scene, "noor") == reads(scene, "samir") == ""
    for user in ("sanne", "ineke"):
        assert "1 regel ligt nog bij niemand" in reads(scene, user)
    scene.house.at(wall(2021, 7, 12, 9))
    assert "wacht te lang op antwoord" in reads(scene, "sanne") and "bij niemand" not in reads(scene, "sanne")
    assert "Een groep van twaalf · Haaglanden" in reads(scene, "ineke")
