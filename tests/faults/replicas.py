"""Several replicas on one PostgreSQL: forked processes that take jobs, die, freeze, and are replaced."""

from __future__ import annotations

import asyncio
import gc
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
from sqlmodel import Session, col, select

from bot.delivery import QUARANTINE
from bot.pacing import Pace
from bot.programme import Programme
from handlers.clients import make_client
from handlers.clock import SystemClock
from handlers.delivery import Courier
from handlers.replicas import Replica
from handlers.ticker import Rhythm, Ticker
from handlers.turns import Turns
from handlers.world import World
from storage import delivery, programme
from storage.database import Database
from storage.delivery import OutboxRow
from tests.faults.moving import SharedClock
from tests.faults.scenarios import KIND, MESSAGES, TEAM
from tests.faults.slack import PLOT, Json, Post, PracticeSlack
from tests.handlers.house import every_word, wall

NOON = wall(2021, 6, 17, 12)


def plot(channels: int) -> Json:
    """A workspace with so many channels, in each of which the bot is."""
    rooms = [{"name": f"kanaal-{n}", "id": f"CK{n}", "members": "all", "bot": True} for n in range(channels)]
    return PLOT | {"channels": [*PLOT["channels"], *rooms]}


@dataclass(frozen=True)
class Way:
    """How a replica goes about it: its pace, how long it may take, and how long an unknown message rests."""

    unlimited: bool = False
    quarantine: timedelta = QUARANTINE
    rhythms: tuple[Rhythm, ...] = ()


@dataclass
class Fleet:
    """Replicas by number, each a process of its own. `stop` ends them all."""

    location: str
    slack: PracticeSlack
    folder: Path
    way: Way = field(default_factory=Way)
    running: dict[int, int] = field(default_factory=dict)

    def start(self, number: int) -> None:
        """Let a replica begin, where none of this number is."""
        assert number not in self.running
        child = os.fork()
        if child == 0:
            _live(self, self.folder / f"replica-{number}.log")
        self.running[number] = child

    def kill(self, number: int, how: int = signal.SIGKILL) -> None:
        """End a replica, at once."""
        child = self.running.pop(number)
        os.kill(child, how)
        os.waitpid(child, 0)

    def freeze(self, number: int) -> None:
        os.kill(self.running[number], signal.SIGSTOP)

    def thaw(self, number: int) -> None:
        os.kill(self.running[number], signal.SIGCONT)

    def alive(self) -> list[int]:
        """The numbers of those that did not end by themselves."""
        return [number for number, child in self.running.items() if os.waitpid(child, os.WNOHANG) == (0, 0)]

    def stop(self) -> None:
        for number in list(self.running):
            with suppress(ProcessLookupError, ChildProcessError):
                self.thaw(number)
                self.kill(number)

    def log(self) -> str:
        return "\n".join(file.read_text()[-3000:] for file in sorted(self.folder.glob("replica-*.log")))


@contextmanager
def fleet(location: str, folder: Path, channels: int, way: Way | None = None) -> Iterator[Fleet]:
    """A database on the server, a practice Slack with so many channels, and no replica yet."""
    with closing_database(location) as database:
        settings = Programme(TEAM, "nl", "Europe/Amsterdam", "regio", "secret", "UBOT")
        database.write_now(lambda db: programme.save_programme(db, settings))
    slack = PracticeSlack(SharedClock(SystemClock().now()), plot(channels))  # histories are asked by the time of day
    found = Fleet(location, slack, folder, way or Way())
    try:
        yield found
    finally:
        found.stop()
        slack.stop()


@contextmanager
def closing_database(location: str) -> Iterator[Database]:
    database = Database(location)
    try:
        yield database
    finally:
        database.close()


def owe(location: str, messages: Sequence[tuple[str, str]]) -> None:
    """Plan these messages (channel, text), each in a transaction of its own, which asks for its job as well."""

    def plan(channel: str, text: str, db: Session) -> bool:
        return delivery.plan(
            db, team=TEAM, key=text, kind=KIND, arguments={"id": text}, now=SystemClock().now(), channel=channel
        )

    with closing_database(location) as database:
        for channel, text in messages:
            database.write_now(partial(plan, channel, text))


def outbox(location: str) -> dict[str, list[str]]:
    """The keys of all messages, by their state."""
    found: dict[str, list[str]] = {}

    def look(db: Session) -> list[tuple[str, str]]:
        query = select(OutboxRow.state, OutboxRow.key).where(OutboxRow.team_id == TEAM).order_by(col(OutboxRow.id))
        return list(db.exec(query).all())

    with closing_database(location) as database:
        for state, key in database.read_now(look):
            found.setdefault(state, []).append(key)
    return found


def all_sent(location: str, number: int, within: float) -> float:
    """Wait until so many messages are sent; returns the seconds it took. Raises AssertionError when it takes longer."""
    began = time.monotonic()  # noqa: TID251 - these tests run in real time
    while len((states := outbox(location)).get("sent", [])) < number:
        took = time.monotonic() - began  # noqa: TID251 - the same
        assert took < within, {state: len(keys) for state, keys in states.items()}
        time.sleep(0.3)
    return time.monotonic() - began  # noqa: TID251 - the same


def doubles(posts: Sequence[Post]) -> list[str]:
    """The texts that stand at Slack more than once."""
    seen: set[str] = set()
    return [post.text for post in posts if post.text in seen or seen.add(post.text)]  # type: ignore[func-returns-value]  # add gives None


def _live(here: Fleet, said: Path) -> None:
    """The whole life of a replica; never returns."""
    code = 1
    gc.disable()  # it would copy every page that the parent shares with us
    log = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    try:
        asyncio.run(_work(here))
        code = 0
    except BaseException:  # noqa: BLE001 - told to the test by the exit code and the log
        traceback.print_exc()
    sys.stderr.flush()
    os._exit(code)


async def _work(here: Fleet) -> None:
    client = make_client("xoxb-practice", f"{here.slack.address}/api/")
    client.session = aiohttp.ClientSession()
    draw = random.Random(os.getpid())
    world = World(
        database=Database(here.location),
        clock=SystemClock(),
        slack_of=lambda team: client,
        words=every_word(),
        ids=lambda kind: f"{kind}_{draw.getrandbits(64):016x}",
        settings_language="nl",
        settings_timezone="Europe/Amsterdam",
    )
    if here.way.unlimited:
        world.turns = Turns(world.clock, Pace(limits=None))
    kinds: dict[str, Any] = dict(MESSAGES)
    courier = Courier(world, kinds, here.way.quarantine)
    ticker = Ticker(world, here.way.rhythms, lambda: courier.idle)
    replica = Replica(world, courier, ticker, partial(asyncio.sleep, 0))
    world.wake_courier = replica.wake
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await replica.start()
    await stop.wait()
    await replica.stop(8.0)
    world.database.close()
    await client.session.close()
