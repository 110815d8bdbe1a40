"""Where a crash is tried: a database file, a practice Slack, and bots that are forked, die, and are forked again."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import socket
import sys
import traceback
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from storage import crashpoints
from tests.faults.bot import Bot, running
from tests.faults.moving import SharedClock
from tests.faults.slack import PLOT, Json, PracticeSlack
from tests.handlers.house import empty_database, wall

NOON = wall(2021, 6, 17, 12)
LEASE_AND_QUARANTINE = 130.0
"""Seconds after which nothing of an earlier life is in anybody's hands."""

ANYWHERE = "*"
Act = Callable[[Bot], Awaitable[None]]


@dataclass(frozen=True)
class Kill:
    """Die when this place is reached for the `nth` time; `ANYWHERE` counts all places together."""

    point: str
    nth: int = 1


@dataclass
class Place:
    """One crash run: everything lives in `folder`."""

    folder: Path
    clock: SharedClock
    slack: PracticeSlack
    port: int = 0
    options: dict[str, Any] = field(default_factory=dict)
    reached: Counter[str] = field(default_factory=Counter)

    @property
    def database(self) -> Path:
        return self.folder / "oogst.db"

    def live(self, act: Act, kill: Kill | None = None, quietly: bool = False) -> bool:
        """Let a bot live through `act` in a process of its own; returns whether it was killed on the way.

        Raises AssertionError with its own words when it failed in another way.
        """
        said = self.folder / "life.log"
        child = os.fork()
        if child == 0:
            _be_born(self, act, kill, said)
        _, status = os.waitpid(child, 0)
        counts = self.folder / "reached.json"
        if counts.exists():
            self.reached.update(json.loads(counts.read_text()))
            counts.unlink()
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
            if kill is not None:
                self.reached[kill.point] += 1
            return True
        assert os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0, said.read_text()
        return False

    def recover(self, act: Act) -> None:
        """Start twice more, with nothing armed and later than any lease and quarantine."""
        for _ in range(2):
            self.clock.move(LEASE_AND_QUARANTINE)
            assert not self.live(act)

    def stop(self) -> None:
        self.slack.stop()


def a_place(
    folder: Path,
    database: bytes,
    starts: datetime = NOON,
    plot: Json = PLOT,
    *,
    door: bool = False,
    strictness: Json | None = None,
    **options: Any,
) -> Place:
    """Make a place with this database; with a `door` people in Slack can press."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "oogst.db").write_bytes(database)
    _warm()
    clock = SharedClock(starts)
    return Place(folder, clock, PracticeSlack(clock, plot, **(strictness or {})), free_port() if door else 0, options)


@cache
def _warm() -> None:
    """Live once in this process, so that the forked ones find everything imported: that is most of their time."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "oogst.db").write_bytes(empty_database())
        clock = SharedClock(NOON)
        slack = PracticeSlack(clock)

        async def life() -> None:
            async with running(Path(folder) / "oogst.db", slack.address, clock, port=free_port()) as bot:
                await bot.settle()
                await bot.world.slack_of("T1").auth_test()

        try:
            asyncio.run(life())
        finally:
            slack.stop()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _be_born(place: Place, act: Act, kill: Kill | None, said: Path) -> None:
    """The whole life of a forked bot; never returns."""
    code = 1
    gc.disable()  # it would copy every page that the parent shares with us
    log = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)
    os.dup2(log, 2)
    try:
        counts: Counter[str] = Counter()

        def pass_by(name: str) -> None:
            counts[name] += 1
            counts[ANYWHERE] += 1
            if kill is not None and kill.point in (name, ANYWHERE) and counts[kill.point] == kill.nth:
                os.kill(os.getpid(), signal.SIGKILL)

        async def life() -> None:
            async with running(
                place.database, place.slack.address, place.clock, port=place.port, **place.options
            ) as bot:
                crashpoints.arm(pass_by)  # what happens at the start, before anybody acts, is the same each time
                await act(bot)

        asyncio.run(life())
        (place.folder / "reached.json").write_text(json.dumps(counts))
        code = 0
    except BaseException:  # noqa: BLE001 - told to the test by the exit code and the log
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def nth_of(run: int, reaches: int) -> int:
    """Spread the moments of death over every time a place is reached, over the runs of a row."""
    return 1 + run % max(1, reaches)
