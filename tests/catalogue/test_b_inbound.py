"""What comes in counts once and loses nothing: again, at the same moment, by two ways, in any order, or a day late."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.worksessions import State
from storage import programme, selection, worksessions
from tests.catalogue.inbound import Door, told
from tests.handlers.house import TEAM


@pytest.mark.parametrize("events", [20, pytest.param(80, marks=pytest.mark.matrix)])
async def test_b1_an_event_that_comes_again_has_one_effect(
    tmp_path: Path, events: int, cases: Callable[[int], None]
) -> None:
    door, loop, took = Door(tmp_path), asyncio.get_running_loop(), list[float]()
    for number in range(events):
        body = door.event(door.reply(f"We nodigen school {number} uit.", f"7.{number}"))
        for pause in (0, 0, 60, 300):
            door.house.at(door.house.clock.now() + timedelta(seconds=pause))
            begun = loop.time()
            await door.deliver(body)
            took.append(loop.time() - begun)
            cases(1)
        assert len(door.kept()) == 1
        await door.deliver(door.event(door.delete(f"7.{number}", "9.1")))
    took.sort()
    assert took[len(took) // 2] < 1, "Slack waits three seconds; a busy machine may stumble now and then"


@pytest.mark.matrix
async def test_b2_an_event_that_comes_twice_at_once_has_one_effect(
    tmp_path: Path, cases: Callable[[int], None]
) -> None:
    """Twenty-five at a time, each time in a room of its own: nobody writes five hundred impressions in one group."""
    for start in range(0, 500, 25):
        door = Door(tmp_path / str(start))
        bodies = [door.event(door.reply(told(n), f"7.{n}")) for n in range(start, start + 25)]
        await asyncio.gather(*(door.deliver(body) for body in bodies for _ in range(2)))
        assert len(door.kept()) == 25
        door.house.database.close()
        cases(25)


async def test_b3_a_message_of_a_shared_channel_counts_once(tmp_path: Path, cases: Callable[[int], None]) -> None:
    """Ten shapes: through our workspace, through the other one, through both, and sent twice by somebody's Slack."""
    other: dict[str, Any] = {"team_id": "T2", "is_ext_shared_channel": True}
    ours = {"authorizations": [{"team_id": TEAM}]}
    theirs = {"authorizations": [{"team_id": "T2"}]}
    shapes: list[tuple[dict[str, Any], ...]] = [
        ({**other, **ours},),
        ({**other, "authorizations": [], "context_team_id": TEAM},),
        ({**other, "authorizations": [{"team_id": None, "is_enterprise_install": True}], "context_team_id": TEAM},),
        ({**other, **theirs},),
        ({**other, **ours}, {**other, **theirs}),
        ({**other, **theirs}, {**other, **ours}),
        ({**other, **ours}, {"is_ext_shared_channel": True}),
        ({**other, **theirs}, {**other, **theirs}),
    ]
    door = Door(tmp_path)
    for number, ways in enumerate(shapes):
        message = door.reply(f"Zo gaat het in school {number}.", f"7.{number}", client_msg_id=f"c{number}")
        for outer in ways:
            await door.deliver(door.event(message, **outer))
        assert len(door.kept()) == number + 1, ways
        cases(1)
    for number in (8, 9):
        for ts in (f"8.{number}", f"9.{number}"):
            await door.deliver(door.event(door.reply(told(number), ts, client_msg_id=f"c{number}")))
        assert len(door.kept()) == number + 1
        cases(1)
    before = door.house.read(lambda db: selection.groups_of(db, TEAM, door.afternoon.session.id))
    assert [group.id for group in before] == ["gr_a", "gr_b"]


UNHURRIED = list(HealthCheck)
numbers = itertools.count(1)


@pytest.mark.parametrize("most", [12, pytest.param(200, marks=pytest.mark.matrix)])
def test_b4_events_in_any_order_end_as_they_do_in_order(
    tmp_path: Path, most: int, cases: Callable[[int], None]
) -> None:
    door = Door(tmp_path)
    choosing = door.choosing()
    first, second = (topic.id for topic in choosing.topics)
    tried: list[int] = []

    @settings(max_examples=most, derandomize=True, deadline=None, database=None, suppress_health_check=UNHURRIED)
    @given(st.permutations(range(9)))
    def any_order(order: list[int]) -> None:
        n = next(numbers)
        gone, stays, at = f"{n}00.1", f"{n}00.2", 1_000 * n
        story = [
            door.event(door.reply(f"We nodigen school {n} niet uit vóór we inkopen.", gone)),
            door.event(door.edit(f"We nodigen school {n} later uit vóór we inkopen.", gone, f"{n}01.1")),
            door.event(door.delete(gone, f"{n}02.1")),
            door.event(door.reply(f"We nodigen school {n} eerst uit vóór we inkopen.", stays)),
            door.event(door.edit(f"We nodigen school {n} toen uit vóór we inkopen.", stays, f"{n}01.2")),
            door.event(door.edit(f"We nodigen school {n} ten slotte uit vóór we inkopen.", stays, f"{n}03.2")),
            door.tap("selection.pick", "noor", first, f"{at + 1}.0"),
            door.tap("selection.pick", "noor", second, f"{at + 2}.0"),
            door.tap("selection.absent", "samir", choosing.id, f"{at + 3}.0"),
        ]

        async def tell() -> None:
            for index in order:
                await door.deliver(story[index])

        asyncio.run(tell())
        said = [each.contents.takeaway for each in door.kept() if each.ts in (gone, stays)]
        assert said == [f"We nodigen school {n} ten slotte uit vóór we inkopen."]
        pick = door.house.read(lambda db: selection.pick_of(db, TEAM, choosing.id, "noor"))
        assert pick is not None and pick.topics == (second,)
        asyncio.run(door.deliver(door.event(door.delete(stays, f"{n}09.2"))))
        tried.append(n)

    any_order()
    cases(len(tried))


async def test_b4_a_choice_after_closing_and_a_late_join_change_nothing(tmp_path: Path) -> None:
    door = Door(tmp_path)
    session = door.choosing()
    topic = session.topics[0].id
    door.house.write(lambda db: worksessions.set_state(db, TEAM, session.id, State.GROUPED))
    await door.deliver(door.tap("selection.pick", "noor", topic, "5.0"))
    assert door.house.read(lambda db: selection.pick_of(db, TEAM, session.id, "noor")) is None
    assert door.world.heard and door.world.heard[-1][0] == "noor"


async def test_b4_old_news_of_an_account_does_not_undo_what_is_newer(tmp_path: Path) -> None:
    door = Door(tmp_path)

    def changed(name: str, updated: int) -> dict[str, Any]:
        user = {"id": "noor", "name": name, "team_id": TEAM, "updated": updated, "profile": {"display_name": name}}
        return door.event({"type": "user_change", "user": user, "event_ts": f"{updated}.0"})

    for name, updated in (("Noor B.", 200), ("Noor A.", 100), ("Noor C.", 1000)):
        await door.deliver(changed(name, updated))
    names = door.house.read(lambda db: [each.name for each in programme.members(db, TEAM)])
    assert "Noor C." in names and "Noor A." not in names


async def test_b5_an_event_a_day_late_is_kept_and_told_to_its_author_alone(
    tmp_path: Path, cases: Callable[[int], None]
) -> None:
    door = Door(tmp_path)
    door.house.at(door.house.clock.now() + timedelta(hours=26))
    for number, user in enumerate(("lotte", "sanne", "lotte", "sanne", "lotte")):
        before = len(door.world.heard)
        await door.deliver(door.event(door.reply(f"Dit was nog blijven liggen {number}.", f"7.{number}", user)))
        assert len(door.kept()) == number + 1
        assert [who for who, _ in door.world.heard[before:]] == [user]
        # its group has to agree before anybody else reads it, and is asked so in its own thread
        assert all(thread for _, thread in door.owed_in_channels()), "nothing new for the channel to read"
        cases(1)
