"""The clock's door: every thirty seconds, ask each feature what is due. Nothing is scheduled anywhere else."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlmodel import Session

from bot.delivery import QUARANTINE
from handlers.clock import Standing
from handlers.world import World
from storage import delivery

log = structlog.get_logger()

TICK_SECONDS = 30


@dataclass(frozen=True)
class Rhythm:
    """What one feature does with time: `tick` does what is due, `next_due` says when there is something again."""

    tick: Callable[[World, datetime], Awaitable[None]]
    next_due: Callable[[Session, datetime], datetime | None]


class Ticker:
    """Asks every feature in turn; a failing one is logged and asked again at the next tick."""

    def __init__(self, world: World, rhythms: Sequence[Rhythm], courier_idle: Callable[[], bool]) -> None:
        self._world = world
        self._rhythms = rhythms
        self._courier_idle = courier_idle
        self._scheduler: AsyncIOScheduler | None = None
        self._helper: asyncio.Task[None] | None = None
        self._ticking = asyncio.Lock()

    def start(self) -> None:
        """Tick every thirty seconds, missed ticks folded into one."""
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._scheduler.add_job(
            self.tick, "interval", seconds=TICK_SECONDS, misfire_grace_time=None, coalesce=True, max_instances=1
        )
        self._scheduler.start()
        self._helper = asyncio.get_running_loop().create_task(self.help())

    async def help(self) -> None:
        """Tick where the scheduler stands still: it waits by the wall, and a wall that is set back lets it wait on."""
        while True:
            await self._world.clock.sleep(TICK_SECONDS)
            if self._world.liveness.tick_is_late(self._world.clock.monotonic()):
                log.warning("the ticker stood still")
                await self.tick()

    def stop(self) -> None:
        """Tick no more."""
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
        if self._helper is not None:
            self._helper.cancel()

    async def tick(self) -> None:
        """Do what is due now; where that is being done already, nothing more."""
        if self._ticking.locked():
            return
        async with self._ticking:
            await self._tick()

    async def _tick(self) -> None:
        now = self._world.now()
        self._world.liveness.ticked(now, self._world.clock.monotonic())
        self._world.tally.ticks += 1
        for rhythm in self._rhythms:
            try:
                await rhythm.tick(self._world, now)
            except Exception as error:
                self._world.tally.errors["tick"] += 1
                log.error("tick failed", error=type(error).__name__, exc_info=error)
        self._world.wake_courier()

    async def standing(self) -> Standing:
        """Tick, and say how far the bot is: for a clock that people can move."""
        await self.tick()
        now = self._world.now()

        def look(db: Session) -> tuple[bool, list[datetime]]:
            moments = [rhythm.next_due(db, now) for rhythm in self._rhythms]
            moments.append(delivery.next_due(db, now, QUARANTINE))
            return delivery.is_busy(db, now, now - QUARANTINE), [
                moment for moment in moments if moment is not None and moment > now
            ]

        busy, moments = await self._world.database.read(look)
        idle = not busy and self._courier_idle() and self._world.tasks.idle
        return Standing(idle, min(moments, default=None))
