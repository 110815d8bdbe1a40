"""Who gets a place when many tap at once where groups can be full, and for whom one is kept."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.programme import Role
from bot.worksessions import Mode
from handlers.selection import closing, owe_card
from storage import selection
from tests.handlers.house import TEAM, House, wall
from tests.handlers.seated import CLOSES, Room, choosing

PEOPLE = ("noor", "samir", "sanne", "youssef", "lotte")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, wall(2021, 6, 17, 12))
    region = made.region("Haaglanden")
    for user in PEOPLE:
        made.person(user, region)
    made.person("ineke", region, Role.COORDINATOR)
    yield made
    made.database.close()


def at_once(room: Room, *taps: tuple[str, str, str]) -> None:
    """Let these taps (action, user, value) come in one batch."""

    async def run() -> None:
        gate = threading.Event()
        holding = asyncio.ensure_future(room.house.database.write(lambda db: gate.wait(5)))
        await asyncio.sleep(0.05)

        async def ack(body: object = None) -> None:
            """Nothing is asked of the ack here."""

        clicks = [room.house.click("action", name, user, value) for name, user, value in taps]
        handling = [asyncio.ensure_future(room._router.handle(click, room.world, ack)) for click in clicks]
        await asyncio.sleep(0.1)
        gate.set()
        await asyncio.gather(holding, *handling)
        await room.world.tasks.drain(5)

    asyncio.run(run())


def chosen(room: Room) -> dict[str, list[str]]:
    names = {topic.id: topic.name for topic in room.session.topics}
    picks = room.house.read(lambda db: selection.picks_of(db, TEAM, room.id))
    return {pick.user: [names[topic] for topic in pick.topics] for pick in picks}


def test_everybody_who_reads_that_they_have_a_place_gets_it_also_beside_a_facilitator(house: House) -> None:
    room = choosing(house, {}, mode=Mode.FREE, limit=3, leads={"lotte": "Ouders"})
    ouders = room.topic("Ouders")
    at_once(
        room,
        ("selection.pick", "noor", ouders),
        ("selection.pick", "samir", ouders),
        ("selection.pick", "sanne", ouders),
        ("selection.pick", "lotte", room.topic("Vervoer")),
        ("selection.pick", "youssef", room.topic("Vervoer")),
    )
    assert chosen(room) == {
        "noor": ["Ouders"], "samir": ["Ouders"], "lotte": ["Vervoer"], "youssef": ["Vervoer"],
    }  # fmt: skip
    assert "vol" in room.press("selection.pick", "sanne", ouders)
    house.at(CLOSES)
    house.write(lambda db: closing._shut(db, room.session, CLOSES))
    house.do(closing.form_groups(house.world, TEAM, room.id))
    assert room.tables() == {"Ouders": ["lotte", "noor", "samir"], "Vervoer": ["youssef"]}


def test_a_facilitator_finds_their_own_topic_never_full_and_who_cannot_come_gives_the_place_away(house: House) -> None:
    room = choosing(house, {}, mode=Mode.FREE, limit=2, leads={"lotte": "Ouders"})
    ouders = room.topic("Ouders")
    at_once(room, ("selection.pick", "noor", ouders), ("selection.pick", "lotte", ouders))
    assert chosen(room) == {"noor": ["Ouders"], "lotte": ["Ouders"]}
    at_once(
        room,
        ("selection.pick", "samir", ouders),
        ("selection.absent", "lotte", room.id),
        ("selection.pick", "sanne", ouders),
        ("selection.pick", "youssef", ouders),
    )
    assert chosen(room) == {"noor": ["Ouders"], "lotte": [], "sanne": ["Ouders"]}


def test_the_card_says_that_a_topic_is_full_when_the_next_tap_would_be_refused(house: House) -> None:
    room = choosing(house, {"noor": ["Ouders"]}, mode=Mode.FREE, limit=2, leads={"lotte": "Ouders"})
    house.write(lambda db: owe_card(db, room.session, house.clock.now()))
    assert [line for line in room.list().splitlines() if "vol" in line] == ["*Ouders* · 1 mens · vol"]
    assert "vol" in room.press("selection.pick", "samir", room.topic("Ouders"))
