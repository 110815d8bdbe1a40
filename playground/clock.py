"""The practice clock: starts where the scenario says, runs on in real time, can be moved, and waits for the bot.

The bot reports whether it is idle and what is due next; a move stops at every due moment on the way and waits for a
report made there. Timers of Slack itself (acks, triggers, rates) run on real time and do not come here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from .state import Json

NOBODY = 5.0  # seconds without a report after which no bot is thought to be there
PATIENCE = 30.0  # seconds that one step of a move waits for the bot
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
STEPS = 2000  # due moments in one move, so that a bot that is always due cannot hold it for ever


class PracticeClock:
    """Practice time for the page, the messages and the bot.

    `real` gives rising real seconds, such as loop.time; `present` tells whether the bot is connected.
    """

    def __init__(
        self, starts: datetime, real: Callable[[], float], present: Callable[[], bool], moved: int = 0
    ) -> None:
        self._real, self._zero, self._starts = real, real(), starts
        self._present = present
        self.moved, self.asked = moved, 0
        self.report: Json = {}
        self._reported: float | None = None
        self._changed = asyncio.Condition()
        self._moving = asyncio.Lock()

    def now(self) -> datetime:
        """Practice time, in UTC."""
        return self._starts + timedelta(seconds=self._real() - self._zero)

    def seconds(self) -> float:
        """Practice time in epoch seconds."""
        return self.now().timestamp()

    def as_json(self) -> Json:
        """What GET /_mens/clock answers."""
        return {"now": self.now().isoformat(), "moved": self.moved, "asked": self.asked}

    @property
    def followed(self) -> bool:
        """Whether a bot reports to this clock: lately, or it is still connected and busy with something long."""
        return self._reported is not None and (self._real() - self._reported < NOBODY or self._present())

    async def wait_for_change(self, report: Json, gone: Callable[[], Awaitable[bool]]) -> Json:
        """Take a bot's report; answers when the clock moved, when somebody asks for a fresh report, or after `wait` s.

        `gone` tells whether the bot hung up meanwhile.
        """
        self.report, self._reported = report, self._real()
        moved, seen = int(report.get("moved", 0)), int(report.get("seen", 0))
        deadline = self._real() + min(float(report.get("wait", 10)), 10.0)
        async with self._changed:
            self._changed.notify_all()
            while self.moved <= moved and self.asked <= seen and (left := deadline - self._real()) > 0:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), min(left, 0.5))
                if await gone():
                    self._reported = None
                    break
                # While the bot hangs here it is there: keep it counted as following.
                self._reported = self._real()
        return self.as_json()

    async def idle(self, within: float) -> bool:
        """Wait for an idle report made after this call; False after `within` s, or when no bot reports."""
        deadline = self._real() + within
        while self._real() < deadline and self.followed:
            report = await self._fresh(deadline)
            if report.get("idle") and int(report.get("moved", 0)) >= self.moved:
                return True
            # Busy, or it has not seen the new time yet: its next report is what counts.
            await asyncio.sleep(0.02)
        return False

    async def _fresh(self, deadline: float) -> Json:
        """A report that was made after this call; {} when none came in time."""
        async with self._changed:
            self.asked += 1
            mine = self.asked
            self._changed.notify_all()
            while (left := deadline - self._real()) > 0 and self.followed:
                if int(self.report.get("seen", 0)) >= mine:
                    return self.report
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), min(left, 0.5))
        return {}

    async def move(self, target: datetime) -> Json:
        """Go to `target`, by every moment at which the bot says something is due. Raises ValueError for the past."""
        async with self._moving:
            if target < self.now():
                raise ValueError("the practice clock only goes forward")
            steps: list[str] = []
            settled = True
            if self.followed:
                settled = await self.idle(PATIENCE)
                last = datetime.min.replace(tzinfo=UTC)
                # A moment that stays due after a stop there will not be cleared by stopping once more.
                while settled and len(steps) < STEPS and (due := self._due()) and last < due <= target:
                    last = due
                    await self._set(max(due, self.now()))
                    steps.append(self.now().isoformat())
                    settled = await self.idle(PATIENCE)
            await self._set(max(target, self.now()))
            if self.followed:
                settled = await self.idle(PATIENCE) and settled
            answer: Json = {"ok": True, "now": self.now().isoformat(), "steps": steps, "timed_out": not settled}
            if not settled:
                answer["warning"] = f"the bot was not idle within {PATIENCE:.0f} seconds"
            return answer

    def restart(self, starts: datetime) -> None:
        """Go back to the start, for a workspace that starts afresh; counts as a move."""
        self._starts, self._zero = starts, self._real()
        self.moved += 1

    def _due(self) -> datetime | None:
        due = self.report.get("next_due")
        return datetime.fromisoformat(due).astimezone(UTC) if due else None

    async def _set(self, moment: datetime) -> None:
        async with self._changed:
            self._starts, self._zero = moment, self._real()
            self.moved += 1
            self._changed.notify_all()


def target(request: Json, now: datetime, zone: ZoneInfo) -> datetime:
    """The moment that a body of POST /_mens/clock/move means; times without an offset are local. Raises ValueError."""
    if "to" in request:
        moment = datetime.fromisoformat(str(request["to"]))
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    if "by_seconds" in request:
        return now + timedelta(seconds=float(request["by_seconds"]))
    if request.get("to_weekday") in WEEKDAYS:
        local = now.astimezone(zone)
        time = local.replace(
            hour=int(request.get("hour", 9)), minute=int(request.get("minute", 0)), second=0, microsecond=0
        )
        ahead = (WEEKDAYS.index(request["to_weekday"]) - local.weekday()) % 7
        time += timedelta(days=ahead if ahead or time > local else 7)
        return time.astimezone(UTC)
    raise ValueError(f"say to (ISO), by_seconds, or to_weekday (one of {', '.join(WEEKDAYS)})")
