"""Picks over one socket, from one at a time to ten thousand at once: the load comes from here, the app runs apart."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from aiohttp import WSMsgType, web

from bot.programme import Programme, Role
from bot.worksessions import State, Topic, WorkSession
from storage import delivery, programme, schema, themes, worksessions
from storage.database import Database

PEOPLE = 10_000
TOPICS = 6
LONGEST = 60.0
"""Seconds after which a measurement gives up."""


@dataclass(frozen=True)
class Load:
    """So many envelopes, with so many unacked at a time."""

    name: str
    in_flight: int
    envelopes: int
    runs: int = 1
    """So many times, of which the middle one counts: a burst is short."""


LOADS = (
    Load("1 in flight", 1, 400),
    Load("50 in flight", 50, 2000),
    Load("burst of 100", 100, 100, runs=5),
    Load("burst of 1,000", 1000, 1000, runs=5),
    Load("burst of 10,000", 10_000, 10_000),
)
SETTLE = 3.0
"""Seconds after a load in which answers and repaints still go out; they belong to its count of updates."""


@dataclass(frozen=True)
class Speed:
    """Envelopes per second, and milliseconds to the ack."""

    rate: float
    p50: float
    p99: float


@dataclass(frozen=True)
class Subject:
    """An app to measure: how to prepare it, and how to start it."""

    name: str
    prepare: Callable[[Path], None]
    command: tuple[str, ...]


@dataclass
class Outcome:
    """What was measured of one app."""

    connected: float
    loads: dict[str, Speed] = field(default_factory=dict)
    updates: dict[str, int] = field(default_factory=dict)
    answered: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Update:
    """One `chat.update`: when it came, which message, and what it says now."""

    at: float
    channel: str
    ts: str
    blocks: Any


class Slack:
    """Just enough of Slack to connect one socket, and no checks: those would be measured too."""

    def __init__(self, sessions: int = 1) -> None:
        self.sessions = sessions
        self.connected = asyncio.Event()
        self.socket: web.WebSocketResponse | None = None
        self.acked: dict[str, float] = {}
        self.progress = asyncio.Event()
        self.updates: list[Update] = []
        self.answered = 0
        self.posted = 0
        self.post = asyncio.Condition()
        self.address = ""

    def app(self) -> web.Application:
        """Return the server."""
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self.method)
        app.router.add_get("/socket", self.serve)
        app.router.add_post("/respond", self.respond)
        return app

    async def method(self, request: web.Request) -> web.Response:
        """Answer a call."""
        name = request.match_info["method"]
        answers: dict[str, Any] = {
            "apps.connections.open": {"url": self.address.replace("http", "ws") + "/socket"},
            "auth.test": {"team_id": "T1", "team": "bench", "user_id": "UBOT", "bot_id": "B1", "user": "oogst"},
            "users.list": {"members": []},
        }
        if name == "chat.update":
            sent = await request.json()
            self.updates.append(Update(time.perf_counter(), str(sent["channel"]), str(sent["ts"]), sent["blocks"]))
        if name == "chat.postMessage":
            async with self.post:
                self.posted += 1
                self.post.notify_all()
        return web.json_response({"ok": True, "ts": f"1.{self.posted:06}", **answers.get(name, {})})

    async def respond(self, request: web.Request) -> web.Response:
        """Take a confirmation."""
        await request.read()
        self.answered += 1
        return web.Response(text="ok")

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Hold the socket, and note when each envelope is acked."""
        self.socket = web.WebSocketResponse()
        await self.socket.prepare(request)
        await self.socket.send_str(
            json.dumps({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A1"}})
        )
        self.connected.set()
        async for message in self.socket:
            if message.type is WSMsgType.TEXT:
                self.acked[json.loads(message.data)["envelope_id"]] = time.perf_counter()
                self.progress.set()
        return self.socket

    async def push(self, load: Load, start: int) -> Speed:
        """Send the envelopes, never more unacked than the load says, and time each one to its ack."""
        assert self.socket is not None
        sent: dict[str, float] = {}
        self.acked.clear()
        began = time.perf_counter()
        async with asyncio.timeout(LONGEST):
            while len(self.acked) < load.envelopes:
                while len(sent) < load.envelopes and len(sent) - len(self.acked) < load.in_flight:
                    number = start + len(sent)
                    envelope = f"e{number}"
                    text = self.envelope(envelope, number)
                    sent[envelope] = time.perf_counter()
                    await self.socket.send_str(text)
                self.progress.clear()
                await self.progress.wait()
        took = max(self.acked.values()) - began
        waits = sorted((self.acked[key] - at) * 1000 for key, at in sent.items())
        return Speed(load.envelopes / took, median(waits), waits[int(len(waits) * 0.99)])

    async def settled(self, load: Load) -> None:
        """Wait until everybody has their answer, or nothing more comes; repaints follow within two seconds."""
        seen = -1
        while seen != self.answered < load.envelopes:
            seen = self.answered
            await asyncio.sleep(SETTLE / 4)
        await asyncio.sleep(SETTLE)

    def envelope(self, envelope_id: str, number: int) -> str:
        """Somebody presses a topic; every press is another person or another topic."""
        user, topic = f"U{number % PEOPLE:05}", f"tp_{(number // PEOPLE + number) % (TOPICS * self.sessions)}"
        payload = {
            "type": "block_actions", "team": {"id": "T1"}, "user": {"id": user, "team_id": "T1"}, "api_app_id": "A1",
            "channel": {"id": "C1", "name": "werksessie"}, "trigger_id": f"{number}.1",
            "response_url": f"{self.address}/respond",
            "container": {"type": "message", "message_ts": "1.000001", "channel_id": "C1"},
            "message": {"ts": "1.000001", "text": "", "blocks": []},
            "actions": [
                {"type": "button", "action_id": "selection.pick", "block_id": topic, "value": topic,
                 "action_ts": f"{number}.2"},
            ],
        }  # fmt: skip
        return json.dumps(
            {"envelope_id": envelope_id, "type": "interactive", "accepts_response_payload": True, "payload": payload}
        )


def fill(folder: Path, sessions: int = 1, people: int = PEOPLE) -> None:
    """Make a database with sessions in which so many people can choose; the n-th is in channel Cn."""
    location = str(folder / "oogst.db")
    schema.upgrade(location)
    database = Database(location)
    now = datetime.now(UTC)  # noqa: TID251 - the bench runs in real time

    def write(db: Any) -> None:
        programme.save_programme(db, Programme("T1", "nl", "Europe/Amsterdam", "regio", "secret", "UBOT"))
        region, _ = programme.save_region(db, "T1", "Haaglanden", "CR", "rg_1")
        for number in range(people):
            roles = frozenset({Role.PARTICIPANT})
            programme.save_member(db, "T1", f"U{number:05}", name=f"P{number}", region_id=region, roles=roles)
        for number in range(1, sessions + 1):
            ids = range((number - 1) * TOPICS, number * TOPICS)
            offered = tuple(
                Topic(f"tp_{n}", f"Thema {n}", f"T {n}", themes.theme_for(db, "T1", f"Thema {n}", "", (), f"th_{n}"))
                for n in ids
            )
            session = WorkSession(
                f"ws_{number}", "T1", "Werksessie", f"C{number}", now, now + timedelta(days=2), now + timedelta(days=1),
                "Europe/Amsterdam", State.CHOOSING, "U00000", offered, (region,),
            )  # fmt: skip
            worksessions.save(db, session, now)
            delivery.plan(
                db,
                team="T1",
                key=f"selection.card:{session.id}",
                kind="selection.card",
                arguments={"id": session.id},
                channel=session.channel,
                now=now,
            )

    database.write_now(write)
    database.close()


OOGST = Subject("oogst", fill, ("-m", "handlers.terminal", "run"))
BARE = Subject("bare Bolt", lambda folder: None, ("-m", "tests.bench.bare"))


@asynccontextmanager
async def running(folder: Path, subject: Subject, slack: Slack) -> AsyncIterator[float]:
    """Start an app on this Slack and wait until it is connected; gives the seconds that took. It ends at the end."""
    subject.prepare(folder)
    runner = web.AppRunner(slack.app(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    clean = {
        k: v
        for k, v in os.environ.items()
        if not k.upper().endswith("_PROXY") and not k.startswith(("OOGST_", "SLACK_"))
    }
    environment = clean | {
        "SLACK_BOT_TOKEN": "xoxb-bench", "SLACK_APP_TOKEN": "xapp-bench", "SLACK_API_URL": f"{slack.address}/api/",
        "OOGST_DATABASE": str(folder / "oogst.db"), "PYTHONPATH": str(Path.cwd()),
    }  # fmt: skip
    command = [*subject.command, *([f"{slack.address}/api/"] if subject is BARE else [])]
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(sys.executable, *command, env=environment, cwd=folder)
    try:
        async with asyncio.timeout(LONGEST):
            await slack.connected.wait()
        yield time.perf_counter() - began
    finally:
        process.terminate()
        await process.wait()
        await runner.cleanup()


async def measure(folder: Path, subject: Subject) -> Outcome:
    """Start an app, wait until it is connected, and put every load on it."""
    slack = Slack()
    async with running(folder, subject, slack) as connected:
        outcome = Outcome(connected)
        await asyncio.sleep(1.0)
        warm_up = Load("warm up", 20, 200)
        await slack.push(warm_up, 0)
        await slack.settled(warm_up)
        start = 10_000
        for load in LOADS:
            speeds = []
            for _ in range(load.runs):
                slack.updates, slack.answered = [], 0
                speeds.append(await slack.push(load, start))
                await slack.settled(load)
                outcome.updates[load.name], outcome.answered[load.name] = len(slack.updates), slack.answered
                start += load.envelopes
            outcome.loads[load.name] = sorted(speeds, key=lambda speed: speed.p50)[load.runs // 2]
        return outcome
