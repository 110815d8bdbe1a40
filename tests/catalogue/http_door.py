"""The whole bot behind its HTTP door, over real HTTP on this computer, with a practice Slack beside it."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
from sqlmodel import select

from handlers.run import Opened, opened
from handlers.serving import by_http
from handlers.settings import ServerSettings
from storage.inbox import InboxRow
from tests.handlers.dropped import Slack, practising
from tests.handlers.house import TEAM, SetClock, empty_database

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
CANARY = "kanarie-in-de-tekst"
Json = dict[str, Any]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


class Requests:
    """Sends what Slack would send, signed as Slack signs it; `clock` is Slack's."""

    def __init__(self, http: httpx.AsyncClient, clock: SetClock) -> None:
        self.http, self.clock = http, clock

    def signed(self, body: bytes, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
        stamp = str(int(self.clock.now().timestamp() if at is None else at))
        digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}

    async def send(self, body: bytes, kind: str = "application/json", **headers: str) -> httpx.Response:
        """Post bytes with these headers, signed unless the headers say otherwise."""
        given = {"Content-Type": kind, **self.signed(body)} | {n.replace("_", "-"): v for n, v in headers.items()}
        return await self.http.post("/slack/events", content=body, headers=given)

    async def event(self, event: Json, event_id: str = "Ev1") -> httpx.Response:
        return await self.send(envelope(event, event_id))


def envelope(event: Json, event_id: str = "Ev1", team: str = TEAM, at: float = 1623938100) -> bytes:
    told = {"type": "event_callback", "team_id": team, "api_app_id": "A1", "event_id": event_id,
            "event_time": int(at), "event": event,
            "authorizations": [{"team_id": team, "user_id": "UBOT", "is_bot": True}]}  # fmt: skip
    return json.dumps(told).encode()


def message(text: str = CANARY, ts: str = "1.1") -> Json:
    return {"type": "message", "channel": "CWS", "user": "noor", "text": text, "ts": ts, "channel_type": "channel"}


def form(payload: Json) -> bytes:
    return urlencode({"payload": json.dumps(payload)}).encode()


class Served:
    """The bot, its requests, and what became of them."""

    def __init__(self, oogst: Opened, requests: Requests, slack: Slack) -> None:
        self.oogst, self.requests, self.slack = oogst, requests, slack

    @property
    def heard(self) -> int:
        """How many requests reached a listener."""
        return sum(self.oogst.world.tally.acks.values())

    async def handled(self) -> int:
        """How many keys were written down: effects of a request."""
        return len(await self.oogst.world.database.read(lambda db: db.exec(select(InboxRow)).all()))


def _lay_out(folder: Path) -> None:
    if not (folder / "oogst.db").exists():
        (folder / "oogst.db").write_bytes(empty_database())


@asynccontextmanager
async def served(folder: Path, **settings: str) -> AsyncIterator[Served]:
    """Open everything; the clock by which requests are judged stands still at the real time."""
    _lay_out(folder)
    clock = SetClock(datetime.fromtimestamp(time.time(), UTC))  # noqa: TID251 - Slack signs by the real time
    async with practising() as slack:
        chosen = ServerSettings.model_validate(
            {
                "SLACK_BOT_TOKEN": "xoxb-practice",
                "SLACK_SIGNING_SECRET": SECRET,
                "SLACK_API_URL": f"{slack.base}/api/",
                "OOGST_DATABASE": str(folder / "oogst.db"),
                "OOGST_HTTP_PORT": free_port(),
                **settings,
            }
        )
        base = f"http://127.0.0.1:{chosen.http_port}"
        async with (
            opened(chosen) as oogst,
            by_http(oogst, chosen, clock),
            httpx.AsyncClient(base_url=base, trust_env=False, timeout=20) as http,
        ):
            oogst.world.ack_within = 30  # a busy machine may be slow, and lose no test by it
            yield Served(oogst, Requests(http, clock), slack)
