"""The practice Slack in a process of its own, and what it holds, as a test reads it."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from playground import manifest, scenario
from playground.practice import Practice, Settings
from playground.server import running
from tests.conftest import ROOT
from tests.faults.moving import SharedClock

Json = dict[str, Any]
PLOT: Json = {
    "app": {"name": "Oogst", "bot_user": "UBOT"},
    "team": {"id": "T1", "name": "Oefen", "domain": "oefen"},
    "people": [
        {"name": name, "id": name.lower()}
        for name in ("Noor", "Samir", "Sanne", "Youssef", "Lotte", "Vera", "Ilse", "Ineke")
    ],
    "channels": [
        {"name": "werksessie", "id": "CWS", "members": "all", "bot": True},
        *({"name": f"regio-{n}", "id": f"C{n}", "members": "all", "bot": True} for n in range(1, 14)),
    ],
}  # fmt: skip
"""Who is there: the people and the channel of `tests/handlers/house.py`, and thirteen channels of regions."""


@dataclass(frozen=True)
class Post:
    """A message or file of the bot, as it stands at Slack now."""

    channel: str
    ts: str
    text: str
    mark: str
    """What its metadata carry; "" where it has none."""
    files: tuple[str, ...]
    thread: str


class PracticeSlack:
    """A fresh practice Slack that shares the clock of the test. Stop it at the end."""

    def __init__(self, clock: SharedClock, plot: Json = PLOT, **strictness: Any) -> None:
        """Fork it; `strictness` are `playground.practice.Settings`."""
        reading, writing = os.pipe()
        parent = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(reading)
            gc.disable()
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # it tells of every call that was cut off
            asyncio.run(_serve(clock, plot, strictness, writing, parent))
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as said:
            self.address = said.readline().strip()
        assert self.address, "the practice Slack did not start"
        self.http = httpx.Client(base_url=self.address, timeout=30, trust_env=False)

    def ask(self, path: str, **request: Any) -> Json:
        """Let somebody do something, or switch something."""
        return dict(self.http.post(f"/_mens/{path}", json=request).json())

    def state(self) -> Json:
        return dict(self.http.get("/_mens/state").json())

    def journal(self) -> list[Json]:
        return list(self.http.get("/_mens/journal").json()["entries"])

    def posts(self) -> list[Post]:
        """Everything of the bot that stands in a channel or a conversation now."""
        return list(_posts(self.state()))

    def stop(self) -> None:
        self.http.close()
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)


def _posts(state: Json) -> Iterable[Post]:
    bot = state["app"]["bot_user"]
    for channel in state["channels"].values():
        for message in channel["messages"].values():
            if message["user"] == bot and message["subtype"] not in ("tombstone", "channel_join"):
                mark = str(((message.get("metadata") or {}).get("event_payload") or {}).get("k", ""))
                yield Post(
                    channel["id"], message["ts"], message["text"], mark, tuple(message["files"]), message["thread_ts"]
                )


async def _serve(clock: SharedClock, plot: Json, strictness: Json, writing: int, parent: int) -> None:
    starts = clock.now()
    practice = Practice(
        scenario.parse(plot | {"starts": f"{starts:%Y-%m-%dT%H:%M:%S} UTC"}),
        manifest.read(Path(ROOT) / "manifest.json"),
        settings=Settings(**({"rates": 0, "retries": (0.05, 0.3, 1.0), "ack_timeout": 3.0} | strictness)),
        real=clock.monotonic,
        wall=time.time,  # noqa: TID251 - signatures carry the real time
        prefix="F",
    )
    async with running(practice) as base:
        with os.fdopen(writing, "w") as out:
            out.write(base + "\n")
        while os.getppid() == parent:  # noqa: ASYNC110 - whoever is killed cannot tell us to stop
            await asyncio.sleep(1)
