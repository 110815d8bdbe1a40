"""People press the same thing of the trail at the same moment, each before another replica: it is done once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from bot.trail import Entry, Kind, State, Value
from bot.trail.follow_ups import Via
from handlers.routing import Click
from handlers.slack import router
from handlers.world import World
from storage import trail
from storage.database import Database
from storage.trail import follow_ups
from tests import postgres
from tests.handlers.house import TEAM, House, wall
from tests.handlers.trailing import Watching, two_regions

HERE = "rg_0001"
REPLICAS = 3


class Town:
    """One workspace that several replicas serve."""

    def __init__(self, folder: Path) -> None:
        self.house = House(folder, wall(2021, 6, 17, 16), location=postgres.fresh())
        two_regions(self.house, "noor")
        reached = {each.name: getattr(self.house.world, each.name) for each in fields(World)
                   if not each.name.startswith("_")}  # fmt: skip
        self.worlds = [
            Watching(**{**reached, "database": Database(self.house.database.location)}) for _ in range(REPLICAS)
        ]

    def close(self) -> None:
        for world in (*self.worlds, self.house.world):
            world.database.close()

    def made(self, number: int, kind: Kind, parent: str | None = None, **fields: str) -> Entry:
        """An entry; one that hangs under nothing waits for a yes."""
        entry = Entry(
            f"te_{number}", TEAM, HERE, kind, {name: Value(text) for name, text in fields.items()},
            state=State.PROPOSED if parent is None else State.KEPT, parent=parent,
        )  # fmt: skip
        self.house.write(lambda db: trail.make(db, entry, "", self.house.clock.at))
        return entry

    def at_once(self, *clicks: Click) -> list[str]:
        """Let every replica take its click at the same moment; returns what each person reads."""

        async def take(world: Watching, click: Click) -> str:
            acked: list[Any] = []

            async def ack(answer: Any = None) -> None:
                acked.append(answer)

            await router().handle(click, world, ack)
            await world.tasks.drain(5)
            return str([acked, world.heard, world.opened])

        async def all_of_them() -> list[str]:
            return await asyncio.gather(*(take(*pair) for pair in zip(self.worlds, clicks, strict=True)))

        return asyncio.run(all_of_them())

    def changes(self, *ids: str) -> list[tuple[str, str, str]]:
        return [
            (each.entry, each.name, each.after) for each in self.house.read(lambda db: trail.changes_of(db, TEAM, ids))
        ]


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    made = Town(tmp_path)
    yield made
    made.close()


def presses(town: Town, name: str, values: list[str], window: str, user: str = "sanne") -> list[Click]:
    body = {"view": {"type": "modal", "callback_id": window, "root_view_id": "V0"}}
    return [
        town.house.click("action", name, user, value, key=f"k{n}", view_id="V2", trigger="1.1", body=body)
        for n, value in enumerate(values)
    ]


def test_a_proposal_that_is_kept_before_three_replicas_at_once_is_kept_once(town: Town) -> None:
    town.made(1, Kind.AMBITION, title="Elk kind op school in de eigen wijk")
    town.at_once(*presses(town, "trail.keep", ["te_1"] * REPLICAS, "trail.entry"))
    assert town.changes("te_1") == [("te_1", "state", "kept")]


def test_all_that_waits_is_kept_before_three_replicas_at_once_and_each_of_it_once(town: Town) -> None:
    ids = [town.made(n, Kind.FACT, title=f"Cijfer {n}").id for n in range(30)]
    town.at_once(*presses(town, "trail.keep_all", [HERE] * REPLICAS, "trail.proposed"))
    assert sorted(town.changes(*ids)) == sorted((one, "state", "kept") for one in ids)
    assert {each.version for each in town.house.read(lambda db: trail.entries(db, TEAM))} == {2}


def test_a_vacancy_that_is_filled_before_three_replicas_at_once_has_one_of_them_in_it(town: Town) -> None:
    town.made(1, Kind.ASSIGNMENT, title="Eén lijn")
    town.made(2, Kind.ROLE, "te_1", title="Projectleider", standing="vacant")
    view = {"type": "modal", "callback_id": "trail.entry", "previous_view_id": "V1", "root_view_id": "V0"}
    said = town.at_once(*(
        town.house.click(
            "form", "trail.entry", "sanne", key=f"k{n}", view_id="V2", trigger="1.1", body={"view": view},
            fields={"title": "Projectleider", "standing": "filled", "person": user},
            metadata='{"entry": "te_2", "version": "1"}',
        )
        for n, user in enumerate(("noor", "sanne", "samir"))
    ))  # fmt: skip
    changed = town.changes("te_2")
    assert sorted(name for _, name, _ in changed) == ["person", "standing"], changed
    late = town.house.world.words["nl"]("trail.moved_on")
    assert sum(late in each for each in said) == REPLICAS - 1, said


def test_what_is_added_before_three_replicas_at_once_has_a_place_of_its_own(town: Town) -> None:
    view = {"type": "modal", "callback_id": "trail.new", "previous_view_id": "V1", "root_view_id": "V0"}
    town.at_once(*(
        town.house.click(
            "form", "trail.new", "sanne", key=f"k{n}", view_id="V2", trigger="1.1", body={"view": view},
            fields={"title": f"Ambitie {n}"}, metadata=f'{{"region": "{HERE}", "kind": "ambition"}}',
        )
        for n in range(REPLICAS)
    ))  # fmt: skip
    assert [each.position for each in town.house.read(lambda db: trail.entries(db, TEAM))] == [1, 2, 3]


def test_a_session_that_is_tied_before_three_replicas_at_once_belongs_to_one_assignment(town: Town) -> None:
    now = town.house.clock.at
    for number in range(REPLICAS):
        town.made(number, Kind.ASSIGNMENT, title=f"Opdracht {number}")

    async def tie(number: int, session: str) -> None:
        await town.worlds[number].database.write(
            lambda db: follow_ups.tie(db, TEAM, f"te_{number}", Via.SESSION, session, "ineke", now)
        )

    async def all_of_them() -> None:
        await asyncio.gather(*(tie(number, f"ws_{turn}") for turn in range(20) for number in range(REPLICAS)))

    asyncio.run(all_of_them())
    tied = [
        each.thing
        for number in range(REPLICAS)
        for each in town.house.read(lambda db, number=number: follow_ups.of_entry(db, TEAM, f"te_{number}"))  # type: ignore[misc] # the number of this turn
    ]
    assert sorted(tied) == sorted(f"ws_{turn}" for turn in range(20))
