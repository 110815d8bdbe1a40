"""Sitting with somebody: the question in a message of one's own, and what one says to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.programme import Role
from bot.selection import together
from handlers.slack import kinds
from storage import selection
from tests.handlers.house import TEAM, House, wall
from tests.handlers.seated import Room, choosing


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, wall(2021, 6, 17, 12))
    region = made.region("Haaglanden")
    for user in ("noor", "samir"):
        made.person(user, region)
    made.person("ineke", region, Role.COORDINATOR)
    yield made
    made.database.close()


def asked(house: House) -> tuple[Room, str]:
    """Noor asks Samir; returns the id of the question too."""
    room = choosing(house, {"noor": ["Ouders"], "samir": ["Vervoer"]})
    about = json.dumps({"session": room.id})
    room.do("form", "selection.pair", "noor", fields={"partner": "samir"}, metadata=about)
    (pair,) = house.read(lambda db: selection.pairs_of(db, TEAM, room.id))
    return room, pair.id


def buttons(room: Room) -> list[str]:
    """The actions under the question as it would be drawn now."""
    body = room.house.draw(room.house.owed("selection.pair")[-1], kinds())
    assert body is not None
    rows = [block.to_dict() for block in body.blocks]
    return [each["action_id"] for row in rows if row["type"] == "actions" for each in row["elements"]]


def test_who_answered_reads_it_in_the_question_and_can_still_say_the_other_thing(house: House) -> None:
    room, pair = asked(house)
    assert buttons(room) == ["selection.pair_answer:yes", "selection.pair_answer:no"]
    room.press("selection.pair_answer", "samir", pair, "yes")
    assert "samen in een groep" in room.told("selection.pair", "samir")
    assert buttons(room) == ["selection.pair_answer:no"]
    assert together(house.read(lambda db: selection.pairs_of(db, TEAM, room.id))) == (("noor", "samir"),)
    room.press("selection.pair_answer", "samir", pair, "no")
    assert "Ik zeg dit niet tegen <@noor>" in room.told("selection.pair", "samir")
    assert buttons(room) == ["selection.pair_answer:yes"]
    assert together(house.read(lambda db: selection.pairs_of(db, TEAM, room.id))) == ()


def test_an_answer_changes_the_question_and_sends_nothing_new_to_anybody(house: House) -> None:
    room, pair = asked(house)
    room.press("selection.pair_answer", "samir", pair, "no")
    question, change = house.owed("selection.pair")
    assert (question.operation, change.operation) == ("post", "update")
    assert change.target_key == question.key
    assert room.world.heard == []
