"""A line to Slack that is half dead, cut, sent away or refused is replaced in time, and nothing said is lost."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import WSMsgType, web
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.problem import Refused
from bot.programme import Action, Role, allow
from handlers.liveness import SILENT
from handlers.watching import Line, LineLost, held
from handlers.world import read_account
from storage import programme
from tests.handlers.house import TEAM, House, wall

FAST = 25.0
"""So many seconds of the bot's clock pass in one of ours."""


class FastClock:
    """A clock in a hurry, whose wall can be set back, and which can leap ahead."""

    def __init__(self) -> None:
        self.wall = datetime(2026, 3, 2, 9, tzinfo=UTC)
        self.leapt = 0.0

    def now(self) -> datetime:
        return self.wall + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time() * FAST + self.leapt

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / FAST)


@dataclass
class Switchboard:
    """The other end of the line: sends what was not acked once more, and misbehaves as `mode` says, once."""

    mode: str = ""
    owed: dict[str, dict[str, Any]] = field(default_factory=dict)
    connections: int = 0
    tickets: int = 0
    refusing: bool = False
    base: str = ""
    socket: web.WebSocketResponse | None = None
    stale: set[str] = field(default_factory=set)

    async def open(self, request: web.Request) -> web.Response:
        self.tickets += 1
        ticket = str(self.tickets)
        if self.refusing:
            return web.json_response({"ok": False, "error": "internal_error"})
        if self.mode == "expired":
            self.mode = ""
            self.stale.add(ticket)
        return web.json_response({"ok": True, "url": f"{self.base.replace('http', 'ws')}/link?ticket={ticket}"})

    async def auth(self, request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "team_id": TEAM, "user_id": "UBOT", "bot_id": "BBOT"})

    async def link(self, request: web.Request) -> web.StreamResponse:
        if request.query["ticket"] in self.stale:
            return web.Response(status=403)
        self.connections += 1
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1})
        mode, self.mode = self.mode, ""
        if mode == "too_many":
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
        self.socket = socket
        for envelope in list(self.owed.values()):
            await socket.send_json(envelope)
        quiet = mode == "never_ponged"
        async for message in socket:
            if message.type is WSMsgType.PING and not quiet and self.socket is socket:
                await socket.pong(message.data)
            elif message.type is WSMsgType.TEXT and not quiet:
                self.owed.pop(json.loads(message.data)["envelope_id"], None)
        return socket

    async def say(self, number: int) -> None:
        envelope = {
            "envelope_id": f"env-{number}",
            "type": "events_api",
            "payload": {
                "type": "event_callback", "team_id": TEAM, "event_id": f"Ev{number}",
                "event": {"type": "message", "text": str(number), "user": "U1", "channel": "C1", "ts": f"1.{number}"},
            },
        }  # fmt: skip
        self.owed[f"env-{number}"] = envelope
        if self.socket is not None:
            with suppress(ConnectionError):
                await self.socket.send_json(envelope)

    async def misbehave(self, how: str) -> None:
        """Do it now to the line there is; `expired` also gives out a ticket that nobody takes."""
        assert self.socket is not None
        old, self.socket = self.socket, None  # nothing is said over it any more, no pong either
        if how in ("disconnect", "expired", "too_many"):
            self.mode = "" if how == "disconnect" else how
            reason = "refresh_requested" if how == "disconnect" else "warning"
            with suppress(ConnectionError):
                await old.send_json({"type": "disconnect", "reason": reason})
        elif how == "never_ponged":
            self.mode = how
            await old.close()


@asynccontextmanager
async def switchboard() -> AsyncIterator[Switchboard]:
    board = Switchboard()
    app = web.Application()
    app.router.add_post("/api/apps.connections.open", board.open)
    app.router.add_post("/api/auth.test", board.auth)
    app.router.add_get("/link", board.link)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert site._server is not None
    board.base = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}"  # type: ignore[attr-defined]  # asyncio's server has sockets
    try:
        yield board
    finally:
        await runner.cleanup()


def bot(board: Switchboard) -> tuple[AsyncApp, list[str]]:
    heard: list[str] = []
    client = AsyncWebClient("xoxb-1", base_url=f"{board.base}/api/", retry_handlers=[])
    app = AsyncApp(client=client, process_before_response=True)

    @app.event("message")
    async def message(event: dict[str, Any]) -> None:
        heard.append(str(event["text"]))

    return app, heard


async def until(true: Callable[[], bool], within: float) -> float:
    """Wait, and return after how many of the bot's seconds; `within` is counted in those too."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    while not true():
        assert (loop.time() - begun) * FAST < within, "waited in vain"
        await asyncio.sleep(0.01)
    return (loop.time() - begun) * FAST


GRANTED = frozenset({Role.FACILITATOR, Role.NOTE_TAKER})
WAYS = ("never_ponged", "silence", "disconnect", "expired", "too_many")


async def _lives_on(house: House, how: str, said_before: int) -> None:
    clock = FastClock()
    house.world.clock = clock
    async with switchboard() as board:
        app, heard = bot(board)
        line = Line(house.world, app, "xapp-1", pings=10 / FAST)
        async with held(line):
            for number in range(said_before):
                await board.say(number)
            await until(lambda: not board.owed, 600)  # a busy machine may lose a line by itself before it begins
            before = board.connections
            await board.misbehave(how)
            await board.say(100)
            # an expired ticket costs the minute after which the watchdog comes
            took = await until(lambda: board.connections > before and not board.owed, 140)
            assert took <= 75, (how, took)
            assert set(heard) == {*map(str, range(said_before)), "100"}
            assert house.world.liveness.problems(clock.monotonic()) == []


@pytest.mark.parametrize("how", WAYS)
async def test_c5_a_half_dead_line_is_replaced_and_nothing_is_lost(
    tmp_path: Path, how: str, cases: Callable[[int], None]
) -> None:
    await _lives_on(House(tmp_path, wall(2026, 3, 2, 9)), how, 2)
    cases(1)


@pytest.mark.matrix
@pytest.mark.parametrize("how", WAYS)
async def test_c5_whatever_was_said_before_a_line_died_is_answered_after_it(
    tmp_path: Path, how: str, cases: Callable[[int], None]
) -> None:
    for said in (0, 1, 5, 20):
        (tmp_path / str(said)).mkdir()
        await _lives_on(House(tmp_path / str(said), wall(2026, 3, 2, 9)), how, said)
        cases(1)


async def test_c6_a_wall_clock_that_goes_back_does_not_blind_the_watchdog(
    tmp_path: Path, cases: Callable[[int], None]
) -> None:
    """The library sends no pings here, so that the watchdog is the only one that can notice."""
    house = House(tmp_path, wall(2026, 3, 2, 9))
    for said in (0, 3):
        clock = FastClock()
        house.world.clock = clock
        async with switchboard() as board:
            app, heard = bot(board)
            async with held(Line(house.world, app, "xapp-1", pings=3600)):
                for number in range(said):
                    await board.say(number)
                await until(lambda b=board: not b.owed, 75)  # type: ignore[misc]  # a loop's own board
                clock.wall -= timedelta(hours=1)
                board.socket = None
                await board.say(100)
                red = await until(lambda c=clock: "socket" in house.world.liveness.problems(c.monotonic()), 75)
                assert red >= SILENT - 15
                await until(lambda b=board: not b.owed, 15)
                assert heard[-1] == "100"
        cases(1)


async def test_c6_a_clock_that_leaps_ahead_does_not_cost_a_line_that_lives(
    tmp_path: Path, cases: Callable[[int], None]
) -> None:
    """Somebody moves the practice clock, or the computer slept: what was said over the line meanwhile is not lost."""
    house = House(tmp_path, wall(2026, 3, 2, 9))
    clock = FastClock()
    house.world.clock = clock
    async with switchboard() as board:
        app, heard = bot(board)
        async with held(Line(house.world, app, "xapp-1", pings=3600)):
            await board.say(0)
            await until(lambda: heard == ["0"] and not board.owed, 75)
            clock.leapt = 3600.0
            assert "socket" in house.world.liveness.problems(clock.monotonic())
            await until(lambda: not house.world.liveness.problems(clock.monotonic()), 30)
            await board.say(1)
            await until(lambda: heard == ["0", "1"] and not board.owed, 30)
            assert board.connections == 1
    cases(1)


async def test_c5_three_lines_that_do_not_come_to_life_end_the_process(tmp_path: Path) -> None:
    house = House(tmp_path, wall(2026, 3, 2, 9))
    house.world.clock = FastClock()
    async with switchboard() as board:
        app, _ = bot(board)
        with pytest.raises(LineLost):
            async with held(Line(house.world, app, "xapp-1", pings=3600, patience=0.3)):
                board.refusing, board.socket = True, None
                await asyncio.sleep(60)
        assert board.tickets == 4


def test_c9_guests_strangers_bots_and_who_left_are_nobody_to_appoint(
    tmp_path: Path, cases: Callable[[int], None]
) -> None:
    house = House(tmp_path, wall(2026, 3, 2, 9))
    said: dict[str, dict[str, Any]] = {
        "bot": {"is_bot": True},
        "stranger": {"is_stranger": True},
        "guest": {"is_restricted": True},
        "gone": {"deleted": True},
    }
    for name, more in said.items():
        account = read_account({"id": name, "name": name, "team_id": TEAM, **more}, TEAM)
        if name == "bot":
            assert account is None, "no row at all"
        else:
            assert account is not None
            house.write(lambda db, a=account: programme.save_account(db, TEAM, a))
        member = house.read(lambda db, n=name: programme.member(db, TEAM, n))
        if name != "bot":
            house.write(lambda db, n=name: programme.save_member(db, TEAM, n, name=n, region_id=None, roles=GRANTED))
            member = house.read(lambda db, n=name: programme.member(db, TEAM, n))
        if name == "guest":
            allow(member, Action.PICK)  # a guest takes part; whoever is none of ours does not
        else:
            with pytest.raises(Refused):
                allow(member, Action.PICK)
        cases(1)
