"""A small Slack over real HTTP on a clock that tests move, and a courier that serves it.

It keeps channels with messages, can show a message later than it took it, and lets a test answer any call otherwise.
Time passes only when nobody computes: when every lane of the courier waits for a moment, the clock goes there.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.models.blocks import MarkdownTextObject, SectionBlock
from sqlmodel import Session, col, select

from bot.delivery import QUARANTINE, RowState
from handlers import inbox
from handlers.clients import make_client
from handlers.delivery import Body, Courier, Render, notices
from storage import delivery
from storage.delivery import OutboxRow
from tests.handlers.house import TEAM, House, wall

NOW = wall(2021, 6, 17, 10)
BOT, BOT_ID = "UBOT", "B0OOGST"


class VirtualClock:
    """Stands still until told; who sleeps on it wakes in order."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.passed = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._count = itertools.count()

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return 1000.0 + self.passed

    async def sleep(self, seconds: float) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.passed + max(seconds, 0.0), next(self._count), future))
        await future

    @property
    def sleeping(self) -> int:
        return sum(1 for *_, future in self._sleepers if not future.done())

    def next(self) -> float | None:
        """Seconds until somebody wakes."""
        while self._sleepers and self._sleepers[0][2].done():
            heapq.heappop(self._sleepers)
        return self._sleepers[0][0] - self.passed if self._sleepers else None

    def pass_(self, seconds: float) -> None:
        self.passed += seconds
        self.at += timedelta(seconds=seconds)
        while self._sleepers and self._sleepers[0][0] <= self.passed + 1e-9:
            future = heapq.heappop(self._sleepers)[2]
            if not future.done():
                future.set_result(None)


@dataclass
class Message:
    """A message at Slack; seen in history from `visible` on (seconds of the clock)."""

    channel: str
    ts: str
    visible: float
    body: dict[str, Any]
    thread_ts: str = ""


@dataclass
class Call:
    """One call that arrived: when, what, and with which arguments."""

    at: float
    method: str
    said: dict[str, Any]


Script = Callable[["Slack", Call], "web.StreamResponse | None"]


class Cut(web.Response):
    """Break the connection; with `text` after some bytes of an answer."""


@dataclass
class Slack:
    """What it keeps and what was asked of it. `script` may answer a call instead; None lets it go its way."""

    clock: VirtualClock
    script: Script = lambda slack, call: None
    messages: list[Message] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    late: Callable[[Call], float] = lambda call: 0.0
    url: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    _number: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    async def handle(self, request: web.Request) -> web.StreamResponse:
        said: dict[str, Any] = dict(request.query)
        if request.can_read_body:
            said |= await request.json() if request.content_type == "application/json" else dict(await request.post())
        for name in ("metadata", "blocks"):
            if isinstance(said.get(name), str):
                said[name] = json.loads(said[name])
        call = Call(self.clock.passed, request.match_info["method"], said)
        self.calls.append(call)
        answer = self.script(self, call)
        if isinstance(answer, Cut):
            assert request.transport is not None
            if answer.text:
                request.transport.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n"
                )
                request.transport.write(answer.text.encode())
            request.transport.close()
            return web.Response()
        return answer if answer is not None else self.answer(call)

    def answer(self, call: Call) -> web.Response:
        """Answer as Slack does on a good day."""
        said = call.said
        if call.method == "chat.postMessage":
            return self.ok(ts=self.store(call).ts, channel=said["channel"])
        if call.method in ("conversations.history", "conversations.replies"):
            return self.page(said, thread=said.get("ts", ""))
        if call.method == "chat.delete":
            found = [m for m in self.messages if m.channel == said["channel"] and m.ts == said["ts"]]
            if not found:
                return self.refuse("message_not_found")
            self.messages.remove(found[0])
        if call.method == "conversations.open":
            return self.ok(channel={"id": f"D{said['users']}"})
        if call.method == "auth.test":
            return self.ok(team_id=TEAM, user_id=BOT)
        if call.method == "chat.update":
            return self.ok(ts=said["ts"])
        return self.ok()

    def store(self, call: Call, **more: Any) -> Message:
        """Take a message in; it shows when `late` says so."""
        visible = self.clock.passed + self.late(call)
        seen = self.clock.at + timedelta(seconds=visible - self.clock.passed)
        ts = f"{seen.timestamp():.0f}.{next(self._number):06}"
        body = {"user": BOT, "bot_id": BOT_ID, "text": call.said.get("text"), "metadata": call.said.get("metadata")}
        message = Message(call.said["channel"], ts, visible, body | more, call.said.get("thread_ts", ""))
        self.messages.append(message)
        return message

    def page(self, said: Mapping[str, Any], thread: str) -> web.Response:
        found = [
            m for m in self.messages
            if m.channel == said["channel"] and m.visible <= self.clock.passed and float(m.ts) > float(said["oldest"])
            and (m.thread_ts == thread)
        ]  # fmt: skip
        found.sort(key=lambda m: m.ts, reverse=not thread)
        start, limit = int(said.get("cursor") or 0), int(said["limit"])
        more = str(start + limit) if len(found) > start + limit else ""
        told = [m.body | {"ts": m.ts} for m in found[start : start + limit]]
        return self.ok(messages=told, response_metadata={"next_cursor": more})

    def ok(self, **more: Any) -> web.Response:
        return web.json_response({"ok": True, **more}, headers=self.headers)

    def refuse(self, error: str, status: int = 200, **more: str) -> web.Response:
        headers = {name.replace("_", "-"): value for name, value in more.items()}
        return web.json_response({"ok": False, "error": error}, status=status, headers=headers)

    def of(self, method: str, channel: str | None = None) -> list[Call]:
        return [c for c in self.calls if c.method == method and channel in (None, c.said.get("channel"))]

    def standing(self, channel: str) -> list[Message]:
        return [m for m in self.messages if m.channel == channel]


def said(db: Session, settings: object, arguments: Mapping[str, Any], words: object) -> Body | None:
    """The words of a test's message are in its arguments."""
    text = str(arguments["text"])
    return Body(text, [SectionBlock(text=MarkdownTextObject(text=text))])


KINDS: dict[str, Render] = {
    "test": said,
    "digest.post": said,
    "digest.details": said,
    **notices.MESSAGES,
    **inbox.MESSAGES,
}


class Office:
    """A house, a Slack and a courier between them, on one virtual clock."""

    def __init__(self, house: House, slack: Slack, courier: Courier, clock: VirtualClock) -> None:
        self.house, self.slack, self.courier, self.clock = house, slack, courier, clock

    def owe(self, key: str, text: str = "woorden", *, kind: str = "test", **where: Any) -> None:
        where = where if "user" in where or "channel" in where else {"channel": "C1", **where}
        self.house.write(
            lambda db: delivery.plan(
                db, team=TEAM, key=key, kind=kind, arguments={"text": text}, now=self.clock.now(), **where
            )
        )

    def rows(self) -> dict[str, OutboxRow]:
        return {
            row.key: row
            for row in self.house.read(lambda db: list(db.exec(select(OutboxRow).order_by(col(OutboxRow.id)))))
        }

    def states(self) -> dict[str, str]:
        return {key: row.state for key, row in self.rows().items()}

    async def still(self, *others: asyncio.Task[Any]) -> None:
        """Wait until nobody computes: every lane is done, or sleeps."""
        calm = 0
        while calm < 2:
            busy = sum(1 for task in others if not task.done())
            serving = self.courier.serving
            calm = calm + 1 if serving >= 0 and serving + busy <= self.clock.sleeping else 0
            await asyncio.sleep(0.0005)

    async def live(self, seconds: float, *, ticks: float | None = None) -> None:
        """Let time pass; with `ticks` the ticker ticks so often."""
        end = self.clock.passed + seconds
        self.courier.wake()
        tick_at = self.clock.passed + ticks if ticks else None
        while True:
            await self.still()
            step = end - self.clock.passed
            for moment in (self.clock.next(), await self._due()):
                step = min(step, moment) if moment is not None else step
            if tick_at is not None:
                step = min(step, tick_at - self.clock.passed)
            self.clock.pass_(max(step, 0.0))
            self.courier.wake()
            if tick_at is not None and self.clock.passed >= tick_at - 1e-6:
                task = asyncio.get_running_loop().create_task(notices.tick(self.house.world, self.clock.now()))
                while not task.done():
                    await self.still(task)
                    if not task.done() and (wake := self.clock.next()) is not None:
                        self.clock.pass_(wake)
                task.result()
                tick_at = self.clock.passed + (ticks or 0)
                self.courier.wake()
            if self.clock.passed >= end - 1e-6:
                await self.still()
                return

    async def _due(self) -> float | None:
        now = self.clock.now()
        found = await self.house.database.read(partial(delivery.next_due, now=now, quarantine=QUARANTINE))
        return (found - now).total_seconds() + 0.001 if found else None

    async def settled(self) -> bool:
        """Say whether nothing waits any more."""
        over = {RowState.SENT, RowState.PARKED, RowState.DROPPED}
        return all(state in over for state in self.states().values())


@asynccontextmanager
async def office(folder: Path, script: Script | None = None, **more: Any) -> AsyncIterator[Office]:
    """Open an office; all of it is closed at the end."""
    house = House(folder, NOW)
    clock = VirtualClock(NOW)
    house.world.clock = clock
    slack = Slack(clock, script or (lambda slack, call: None))
    app = web.Application(client_max_size=10**8)
    app.router.add_route("*", "/api/{method}", slack.handle)
    server = TestServer(app)
    await server.start_server()
    slack.url = str(server.make_url("/api/"))
    client = make_client("xoxb-x", slack.url)
    house.world.slack_of = lambda team: client
    courier = Courier(house.world, KINDS, **more)
    house.world.wake_courier = courier.wake
    await courier.start()
    try:
        yield Office(house, slack, courier, clock)
    finally:
        await courier.stop(2)
        await server.close()
        house.database.close()


def by_channel(calls: list[Call]) -> dict[str, list[Call]]:
    found: dict[str, list[Call]] = defaultdict(list)
    for call in calls:
        found[call.said["channel"]].append(call)
    return found
