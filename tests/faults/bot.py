"""The bot inside a forked process: its world, courier, ticker and Bolt app, with a door over HTTP."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import aiohttp
import httpx
from aiohttp import ClientMiddlewareType, web
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from sqlmodel import Session, col, or_, select

from bot.delivery import RowState
from handlers import selection
from handlers.clients import make_client
from handlers.delivery import Courier, Render
from handlers.repainting import Repainter
from handlers.slack import kinds, make_app, rhythms, router
from handlers.ticker import Rhythm, Ticker
from handlers.world import World
from storage.database import Database
from storage.delivery import OutboxRow
from tests.faults.moving import SharedClock
from tests.faults.wire import connector
from tests.handlers.house import every_word

UNDER_WAY = (RowState.PLANNED, RowState.SENDING, RowState.UNKNOWN)
REST = 31.0
"""Seconds that are skipped when nothing can be done now: a quarantine is over after two of them."""


@dataclass
class Bot:
    """A running bot, for what a test lets happen in its process."""

    world: World
    courier: Courier
    ticker: Ticker
    repainter: Repainter
    app: AsyncApp
    people: httpx.AsyncClient
    clock: SharedClock

    async def somebody(self, verb: str, who: str, **request: Any) -> dict[str, Any]:
        """Let somebody in the practice Slack do something; answers when the bot has acked, or did not."""
        answer = await self.people.post(f"/_mens/{verb}", json={"as": who, **request})
        return dict(answer.json())

    async def settle(self, within: float = 60.0) -> None:
        """Let everything that is owed by now become of what it becomes; skips quarantines and pauses.

        Raises TimeoutError after `within` real seconds.
        """
        async with asyncio.timeout(within):
            calm = 0
            while True:
                await self.world.tasks.drain(within)
                self.courier.wake()
                await asyncio.sleep(0.002)
                while not self.courier.idle:  # noqa: ASYNC110 - it tells nobody when it is
                    await asyncio.sleep(0.002)
                owed, again = await self.world.database.read(self._owed)
                if not owed and self.world.tasks.idle:
                    return
                calm += 1
                if calm > 2:  # it had its chance, and waits for a later moment
                    self.clock.move(max(1.0, min(REST, (again - self.clock.now()).total_seconds() + 1)))
                    calm = 0

    def _owed(self, db: Session) -> tuple[int, datetime]:
        now = self.clock.now()
        waits = select(OutboxRow.not_before).where(
            col(OutboxRow.state).in_(UNDER_WAY), or_(OutboxRow.not_before <= now, OutboxRow.attempt > 0)
        )
        moments = list(db.exec(waits))
        later = [each for each in moments if each > now]
        return len(moments), min(later) if len(later) == len(moments) and later else now + timedelta(seconds=REST)


@asynccontextmanager
async def running(
    database: Path,
    slack: str,
    clock: SharedClock,
    *,
    port: int = 0,
    more: Mapping[str, Render] | None = None,
    times: Sequence[Rhythm] | None = None,
    seed: int = 0,
    middlewares: Sequence[ClientMiddlewareType] = (),
) -> AsyncIterator[Bot]:
    """Open everything as `handlers.run` does, with the door over HTTP on `port` instead of a socket (0: none)."""
    client = make_client("xoxb-practice", f"{slack}/api/")
    client.session = aiohttp.ClientSession(connector=connector(), middlewares=middlewares)
    draw = random.Random(f"{seed}:{clock.monotonic()}")
    world = World(
        database=Database(str(database)),
        clock=clock,
        slack_of=lambda team: client,
        words=every_word(),
        ids=lambda kind: f"{kind}_{draw.getrandbits(64):016x}",
        settings_language="nl",
        settings_timezone="Europe/Amsterdam",
    )
    made = {**kinds(), **(more or {})}
    courier, repainter = Courier(world, made), Repainter(world, made)
    world.wake_courier, world.repaint = courier.wake, repainter.mark
    ticker = Ticker(world, rhythms() if times is None else times, lambda: courier.idle)
    app = make_app(client, router(), world, _authorize, "weg")
    people = httpx.AsyncClient(base_url=slack, timeout=30, trust_env=False, verify=False)
    bot = Bot(world, courier, ticker, repainter, app, people, clock)
    door = await _open_door(app, port) if port else None
    if door is not None:
        answer = await people.post(
            "/_mens/app", json={"events_url": f"http://127.0.0.1:{port}/", "signing_secret": "s"}
        )
        assert answer.json()["ok"], answer.text
    await courier.start()
    for team, session_id in await world.database.read(selection.repaint_all):
        repainter.mark(team, "selection.card", session_id)
    try:
        yield bot
    finally:
        if door is not None:
            await door.cleanup()
        await world.tasks.drain(5)
        await courier.stop(5)
        world.database.close()
        await people.aclose()
        await client.session.close()


async def _authorize(team: str | None) -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id=team, bot_token="xoxb-practice", bot_user_id="UBOT")


async def _open_door(app: AsyncApp, port: int) -> web.AppRunner:
    """Take what the practice Slack sends over HTTP to Bolt; its answer is the ack."""

    async def deliver(request: web.Request) -> web.Response:
        text = await request.text()
        if "json" in request.content_type:
            body = json.loads(text)
            if body.get("type") == "url_verification":
                return web.json_response({"challenge": body["challenge"]})
        else:
            body = dict(parse_qsl(text, keep_blank_values=True))
            body = json.loads(body["payload"]) if "payload" in body else body
        answer = await app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
        kind = answer.first_headers().get("content-type", "text/plain").split(";")[0]
        return web.Response(status=answer.status, text=answer.body or "", content_type=kind)

    door = web.Application(client_max_size=4 << 20)
    door.router.add_post("/", deliver)
    runner = web.AppRunner(door, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, reuse_address=True).start()
    return runner
