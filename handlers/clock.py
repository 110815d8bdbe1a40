"""The time, in the only place that asks for it. Everything else gets a `Clock` handed in."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

import aiohttp


class Clock(Protocol):
    """What time it is, how long something took, and waiting."""

    def now(self) -> datetime:
        """Return the moment on the wall, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never run back."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait for real."""
        ...


class SystemClock:
    """The computer's own clock."""

    def now(self) -> datetime:
        """Return the moment on the wall, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the one place that may

    def monotonic(self) -> float:
        """Return seconds that never run back."""
        if hasattr(time, "CLOCK_BOOTTIME"):  # Linux: goes on while the computer sleeps, which the other one does not
            return time.clock_gettime(time.CLOCK_BOOTTIME)
        return time.monotonic()  # noqa: TID251 - the one place that may

    async def sleep(self, seconds: float) -> None:
        """Wait for real."""
        await asyncio.sleep(seconds)


@dataclass(frozen=True)
class Standing:
    """How far the bot is: whether nothing is under way, and the next moment at which something is due."""

    idle: bool
    next_due: datetime | None


class PracticeClock(SystemClock):
    """The clock of a practice Slack, which a person can move; it tells that clock when the bot has caught up."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._ahead: timedelta | None = None
        self._skipped = 0.0
        self._moved = 0
        self._asked = 0

    def now(self) -> datetime:
        """Return the moment that the practice clock shows."""
        return super().now() + (self._ahead or timedelta(0))

    def monotonic(self) -> float:
        """Return seconds that never run back; what a person skips on the practice clock has passed here as well."""
        return super().monotonic() + self._skipped

    async def set(self) -> None:
        """Read the practice clock once. Raises aiohttp.ClientError when it cannot be reached."""
        async with aiohttp.ClientSession(trust_env=False) as http, http.get(self._url) as answer:
            self._follow(await answer.json())

    async def keep_in_step(self, tick: Callable[[], Awaitable[Standing]]) -> None:
        """Tick every second and at every move, and report each time how far the bot is. Runs until cancelled."""
        async with aiohttp.ClientSession(trust_env=False) as http:
            while True:
                at, moved, asked = self.now(), self._moved, self._asked
                standing = await tick()
                due = standing.next_due.isoformat() if standing.next_due else None
                report = {
                    "at": at.isoformat(),
                    "idle": standing.idle,
                    "next_due": due,
                    "moved": moved,
                    "seen": asked,
                    "wait": 1.0,
                }
                try:
                    async with http.post(f"{self._url}/report", json=report) as answer:
                        self._follow(await answer.json())
                except (aiohttp.ClientError, TimeoutError):
                    await self.sleep(1.0)

    def _follow(self, told: dict[str, object]) -> None:
        ahead = datetime.fromisoformat(str(told["now"])) - super().now()
        if self._ahead is not None:
            self._skipped += max(0.0, (ahead - self._ahead).total_seconds())
        self._ahead = ahead
        self._moved = int(str(told.get("moved", 0)))
        self._asked = int(str(told.get("asked", 0)))
