"""The practice clock moves the bot's time: it stops at every due moment on the way and waits for the bot there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest

from playground.clock import target
from tests.playground.world import Json, World, until

NOON = datetime(2021, 6, 17, 12, 0, tzinfo=UTC)


class Follower:
    """What a bot does with the practice clock: tick, report, wait for the answer, and so on."""

    def __init__(self, slack: World, due: list[datetime]) -> None:
        self.slack, self.due, self.ticks = slack, sorted(due), list[datetime]()
        self.idle = True

    async def run(self) -> None:
        known: Json = {"moved": 0, "asked": 0}
        async with httpx.AsyncClient(base_url=self.slack.base, trust_env=False, timeout=30) as client:
            now = datetime.fromisoformat((await client.get("/_mens/clock")).json()["now"])
            while True:
                while self.due and self.due[0] <= now:
                    self.ticks.append(self.due.pop(0))
                report = {
                    "at": now.isoformat(),
                    "idle": self.idle,
                    "next_due": self.due[0].isoformat() if self.due else None,
                    "moved": known["moved"],
                    "seen": known["asked"],
                    "wait": 5,
                }
                known = (await client.post("/_mens/clock/report", json=report)).json()
                now = datetime.fromisoformat(known["now"])


@asynccontextmanager
async def following(bot: Follower) -> AsyncIterator[None]:
    task = asyncio.create_task(bot.run())
    await until(lambda: bot.slack.practice.clock.followed)
    yield
    task.cancel()


async def test_the_clock_starts_where_the_scenario_says_and_runs_on(slack: World) -> None:
    first = (await slack.people.get("/_mens/clock")).json()
    assert first["now"].startswith("2021-06-17T11:55:0") and first["moved"] == 0
    await asyncio.sleep(0.05)
    assert (await slack.people.get("/_mens/clock")).json()["now"] > first["now"]


async def test_a_move_stops_at_every_due_moment_and_waits_for_the_bot(slack: World) -> None:
    due = [NOON + timedelta(days=days) for days in (1, 5, 12, 40)]
    bot = Follower(slack, due)
    async with following(bot):
        answer = await slack.post("clock/move", to="2021-06-30T09:00")
    assert bot.ticks == due[:3] and len(answer["steps"]) == 3 and not answer["timed_out"]
    assert answer["now"].startswith("2021-06-30T07:00")
    assert [
        datetime.fromisoformat(step) - moment < timedelta(seconds=5)
        for step, moment in zip(answer["steps"], due, strict=False)
    ]


async def test_without_a_bot_the_clock_moves_at_once_and_never_back(slack: World) -> None:
    answer = await slack.post("clock/move", by_seconds=3600)
    assert answer["steps"] == [] and answer["now"].startswith("2021-06-17T12:55")
    assert "only goes forward" in (await slack.post("clock/move", to="2021-06-17T13:00"))["error"]
    posted = await slack.web.chat_postMessage(channel="plein", text="1")
    assert float(posted["ts"]) >= NOON.timestamp() + 3300


async def test_settled_waits_for_an_idle_report_after_the_last_deed(slack: World) -> None:
    bot = Follower(slack, [])
    async with following(bot):
        assert (await slack.people.get("/_mens/settled?timeout=5")).json() == {
            "ok": True,
            "settled": True,
            "reported": True,
        }
        bot.idle = False
        asyncio.get_running_loop().call_later(0.3, lambda: setattr(bot, "idle", True))
        started = asyncio.get_running_loop().time()
        assert (await slack.people.get("/_mens/settled?timeout=5")).json()["settled"]
        assert asyncio.get_running_loop().time() - started > 0.2
        bot.idle = False
        assert not (await slack.people.get("/_mens/settled?timeout=0.3")).json()["settled"]


async def test_a_bot_that_hung_up_is_not_waited_for(slack: World) -> None:
    async with following(Follower(slack, [])):
        pass
    await asyncio.sleep(1.2)
    started = asyncio.get_running_loop().time()
    await slack.post("clock/move", by_seconds=60)
    assert asyncio.get_running_loop().time() - started < 0.5


@pytest.mark.parametrize(
    ("asked", "local"),
    [
        ({"to_weekday": "tuesday", "hour": 9}, "2021-06-22T09:00"),
        ({"to_weekday": "thursday", "hour": 15}, "2021-06-17T15:00"),
        ({"to_weekday": "thursday", "hour": 9}, "2021-06-24T09:00"),
        ({"to": "2021-11-01T09:00"}, "2021-11-01T09:00"),
        ({"by_seconds": 90}, "2021-06-17T14:01:30"),
    ],
)
def test_a_moment_can_be_named_in_local_words(asked: Json, local: str) -> None:
    zone = ZoneInfo("Europe/Amsterdam")
    assert target(asked, NOON, zone) == datetime.fromisoformat(local).replace(tzinfo=zone)
