"""Closing by the clock, by the coordinator and when everybody has chosen, at the same time too, and when it fails."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.programme import Role
from bot.selection.allocation import Allocation, Instance, Option, Person
from bot.worksessions import Mode, State
from handlers.selection import tick
from handlers.selection.cards import owe_card
from handlers.solving import solved_apart, solved_here
from handlers.words import load
from storage import selection, worksessions
from tests.handlers.house import TEAM, House, wall
from tests.handlers.seated import CLOSES, Room, choosing, close

NOW = wall(2021, 6, 17, 12)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, NOW)
    region = made.region("Haaglanden")
    for user in ("noor", "samir"):
        made.person(user, region)
    made.person("ineke", region, Role.COORDINATOR)
    yield made
    made.database.close()


def closing_when_all(house: House, mode: Mode) -> Room:
    room = choosing(house, {}, mode=mode)
    house.write(lambda db: worksessions.save(db, replace(room.session, close_when_all=True), NOW))
    return room


def tick_now(house: House) -> None:
    house.do(tick(house.world, house.clock.now()))


def test_choosing_closes_once_everybody_who_is_invited_said_something(house: House) -> None:
    house.stranger("vera", None)
    house.stranger("gone", None, deleted=True)
    room = closing_when_all(house, Mode.FREE)
    tick_now(house)
    room.press("selection.pick", "noor", room.topic("Ouders"))
    room.press("selection.absent", "samir")
    tick_now(house)
    assert room.session.state is State.CHOOSING
    room.press("selection.anywhere", "ineke")
    tick_now(house)
    assert room.session.state is State.GROUPED
    assert room.session.closes_at == NOW
    assert room.tables() == {"Ouders": ["ineke", "noor"]}


def test_who_can_be_cut_off_by_the_last_choice_is_told_so_while_choosing(house: House) -> None:
    room, early = closing_when_all(house, Mode.FREE), load("nl")("selection.closes_early")
    owe_now(house, room)
    assert early in room.list()
    house.write(lambda db: worksessions.save(db, replace(room.session, close_when_all=False), NOW))
    assert early not in room.list()


def owe_now(house: House, room: Room) -> None:
    """Owe the channel the message of the session, as when it was made."""
    house.write(lambda db: owe_card(db, room.session, NOW))


def test_the_coordinator_counts_the_same_people_as_the_channel(house: House) -> None:
    room = choosing(house, {"noor": ["Ouders"], "ineke": None})
    room.press("selection.absent", "samir")
    assert house.read(lambda db: selection.count_picks(db, TEAM, room.id)) == 2


def test_who_chooses_last_in_ranked_mode_is_not_cut_off_between_two_taps(house: House) -> None:
    room = closing_when_all(house, Mode.RANKED)
    for user in ("noor", "samir", "ineke"):
        room.press("selection.pick", user, room.topic("Ouders"))
    tick_now(house)
    house.at(NOW + timedelta(seconds=30))
    tick_now(house)
    room.press("selection.pick", "ineke", room.topic("Vervoer"))
    assert room.session.state is State.CHOOSING
    house.at(NOW + timedelta(minutes=3))
    tick_now(house)
    assert room.session.state is State.GROUPED


def test_who_leads_or_writes_without_being_appointed_hears_it_at_closing_and_nobody_else_does(house: House) -> None:
    for user, role in (("sanne", Role.FACILITATOR), ("lotte", Role.NOTE_TAKER), ("youssef", Role.PARTICIPANT)):
        house.person(user, None, role)
    chosen = {
        "noor": ["Ouders"],
        "sanne": ["Ouders"],
        "lotte": ["Ouders"],
        "samir": ["Vervoer"],
        "youssef": ["Vervoer"],
    }
    room = close(house, chosen, leads={"youssef": "Vervoer"})
    assert (room.at("Ouders").facilitator, room.at("Vervoer").facilitator) == ("sanne", "youssef")
    assert {row.user_id for row in house.owed("selection.seated")} == {"sanne", "lotte"}
    assert "Je bent de begeleider." in room.told("selection.seated", "sanne")
    assert "Je bent de notulist." in room.told("selection.seated", "lotte")


def test_a_button_pressed_three_times_and_two_ticks_make_the_groups_once(house: House) -> None:
    room = choosing(house, {"noor": ["Ouders"], "samir": ["Ouders"]})
    house.at(CLOSES)

    async def at_once() -> None:
        async def ack(body: object = None) -> None:
            """Nothing is asked of the ack here."""

        clicks = [house.click("action", "selection.close", "ineke", room.id) for _ in range(3)]
        handling = [room._router.handle(click, room.world, ack) for click in clicks]
        await asyncio.gather(*handling, tick(room.world, CLOSES), tick(room.world, CLOSES))
        await room.world.tasks.drain(30)

    asyncio.run(at_once())
    assert room.tables() == {"Ouders": ["noor", "samir"]}
    assert [row.key for row in house.owed("selection.card")][1:] == [f"selection.card:{room.id}:closed"]
    assert len(house.owed("selection.group")) == 1


def test_when_working_out_the_groups_fails_the_next_tick_tries_again(house: House) -> None:
    room = choosing(house, {"noor": ["Ouders"]})

    async def fails(instance: Instance) -> Allocation:
        raise ValueError("no solver")

    room.world.solve = fails
    house.at(CLOSES)
    tick_now(house)
    assert room.session.state is State.CLOSING
    assert "Ik maak de groepen" in room.press("selection.close", "ineke")
    room.world.solve = solved_here
    tick_now(house)
    assert room.tables() == {"Ouders": ["noor"]}


async def test_when_the_process_that_computes_is_killed_the_groups_come_all_the_same() -> None:
    people = tuple(Person(f"U{number}", ("one", "two")) for number in range(8))
    instance = Instance("seed", people, (Option("one", maximum=5), Option("two", maximum=5)))
    async with asyncio.timeout(30):
        solving = asyncio.create_task(solved_apart(instance))
        while not (started := multiprocessing.active_children()):  # noqa: ASYNC110 - nothing tells that it started
            await asyncio.sleep(0.01)
        for process in started:  # before it can be done: it has to bring the solver first
            process.kill()
        with capture_logs() as logged:
            assert await solving == await solved_here(instance)
    assert [line["event"] for line in logged] == ["groups not computed apart"]
