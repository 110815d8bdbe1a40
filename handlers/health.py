"""Whether Oogst does its work, for whoever watches a server: a page with a yes or a no, and the reasons as words.

Nothing on it is about people: states, seconds and counts.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from handlers.settings import Settings
from handlers.world import World
from storage import delivery, programme

if TYPE_CHECKING:
    from handlers.run import Opened

DATABASE_SECONDS = 2.0
"""So long the database may take to answer; a balancer that asks usually waits five."""


@dataclass(frozen=True)
class Backlog:
    """What waits in all workspaces together: messages per state, and since when the oldest is due that waits."""

    states: Mapping[str, int]
    oldest_due: datetime | None

    def late(self, now: datetime) -> float:
        """Return for how many seconds the oldest waits; 0 when nothing does."""
        return max(0.0, (now - self.oldest_due).total_seconds()) if self.oldest_due else 0.0


@dataclass(frozen=True)
class Report:
    """`ready`: everything that a click or a digest needs works; `problems` names what does not."""

    ready: bool
    problems: tuple[str, ...]
    backlog: Backlog | None
    late: float

    def body(self) -> Mapping[str, object]:
        """Return it as it is shown."""
        return {
            "ready": self.ready,
            "problems": list(self.problems),
            "outbox": dict(self.backlog.states) if self.backlog else None,
            "oldest_unsent_seconds": round(self.late) if self.backlog else None,
        }


def backlog(db: Session) -> Backlog:
    """Count what waits."""
    states: Counter[str] = Counter()
    oldest: list[datetime] = []
    for settings in programme.programmes(db):
        queue = delivery.queue(db, settings.team)
        states.update(queue.counts)
        oldest += [queue.oldest_due] if queue.oldest_due else []
    return Backlog(states, min(oldest, default=None))


async def report(world: World) -> Report:
    """Ask the database, and look when the clock and the courier last did their rounds and Slack was last heard."""
    problems = list(world.liveness.problems(world.clock.monotonic()))
    found: Backlog | None = None
    try:
        async with asyncio.timeout(DATABASE_SECONDS):
            found = await world.database.read(backlog)
    except (SQLAlchemyError, TimeoutError, RuntimeError):  # RuntimeError: it is closed already
        problems.append("database")
    late = found.late(world.now()) if found else 0.0
    return Report(not problems, tuple(problems), found, late)


@asynccontextmanager
async def watched(oogst: "Opened", settings: Settings) -> AsyncIterator[None]:
    """Show the page on its own port while the context lasts; without such a port nothing is shown. Raises OSError."""
    if settings.health_port is None:
        yield
        return

    async def health(_: web.Request) -> web.Response:
        found = await report(oogst.world)
        return web.json_response(found.body(), status=200 if found.ready else 503)

    async def live(_: web.Request) -> web.Response:
        return web.json_response({"live": True})

    app = web.Application()
    app.add_routes([web.get("/health", health), web.get("/health/live", live)])
    if settings.metrics == "on":
        from handlers.metrics import CONTENT_TYPE, rendered

        async def metrics(_: web.Request) -> web.Response:
            body = rendered(oogst.world.tally, await report(oogst.world))
            return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE})

        app.add_routes([web.get("/metrics", metrics)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.health_host, settings.health_port).start()
        yield
    finally:
        await runner.cleanup()
