"""Counters that move while people click, against a Slack that answers as it does on a bad day."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.web.async_client import AsyncWebClient

from bot.selection import Pick, Wish
from bot.worksessions import WorkSession
from handlers.repainting import Repainter
from handlers.selection import MESSAGES, owe_card
from storage import selection
from tests.handlers.house import TEAM, House, wall
from tests.handlers.seated import choosing
from tests.handlers.test_delivery import BadDay, ok, refused

NOW = wall(2021, 6, 17, 12)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, NOW)
    for user in ("noor", "samir"):
        made.person(user)
    yield made
    made.database.close()


@pytest.fixture
def session(house: House) -> WorkSession:
    found = choosing(house, {"noor": ["Ouders"]}).session
    house.write(lambda db: owe_card(db, found, NOW))
    house.arrive("selection.card")
    return found


def paint(house: House, session: WorkSession, slack: BadDay) -> None:
    """Somebody taps once, and nobody after that."""

    async def run() -> None:
        app = web.Application()
        app.router.add_post("/api/{method}", slack.handle)
        server = TestServer(app)
        await server.start_server()
        house.calls(AsyncWebClient("xoxb-none", base_url=str(server.make_url("/api/")), retry_handlers=[]))
        Repainter(house.world, MESSAGES).mark(TEAM, "selection.card", session.id)
        async with asyncio.timeout(10):
            while not house.world.tasks.idle:
                await house.world.tasks.drain(1)
        await server.close()

    asyncio.run(run())


@pytest.mark.parametrize(
    "answer",
    [
        refused("ratelimited", 429, **{"Retry-After": "7"}),
        refused("internal_error"),
        web.Response(status=503, text="busy"),
    ],
)
def test_the_last_counter_is_painted_also_when_slack_was_busy_just_then(
    house: House, session: WorkSession, answer: web.Response
) -> None:
    slack = BadDay(chat_update=[answer, ok(ts="1.1")])
    pick = Pick("samir", Wish.TOPIC, (session.topics[0].id,), NOW)
    house.write(lambda db: selection.save_pick(db, TEAM, session.id, pick))
    paint(house, session, slack)
    assert slack.count("chat.update") == 2
    if answer.status == 429:
        assert (house.clock.now() - NOW).total_seconds() >= 7


def test_a_message_that_somebody_took_away_is_painted_no_more(house: House, session: WorkSession) -> None:
    slack = BadDay(chat_update=[refused("message_not_found")])
    paint(house, session, slack)
    assert slack.count("chat.update") == 1
