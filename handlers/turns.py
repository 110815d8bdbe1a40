"""Waits until Slack may be asked: the pace of a method in a workspace, of a channel, and what Slack told to wait."""

from collections.abc import Callable

from bot.pacing import Pace
from handlers.clock import Clock


class Turns:
    """Everybody who calls Slack about messages waits here first. Measured by a clock that never runs back."""

    def __init__(self, clock: Clock, pace: Pace | None = None) -> None:
        """Keep the clock; `pace` says how fast (Slack's limits, unless told otherwise)."""
        self._clock = clock
        self._pace = pace or Pace()

    async def wait(self, team: str, method: str, lane: str | None = None) -> None:
        """Wait for a turn of this method in this workspace, and for a message also for one in its channel."""
        if lane is not None:
            await self._until(lambda: self._pace.free_at(lane))
        at = self._pace.turn(team, method, self._clock.monotonic())
        await self._until(lambda: max(at, self._pace.held_until(team, method)))

    def used(self, lane: str) -> None:
        """A message for this channel is through, or given up; the next one waits a second."""
        self._pace.used(lane, self._clock.monotonic())

    def left(self, lane: str, seconds_ago: float) -> None:
        """A message for this channel left so long ago, from here or from another process."""
        at = self._clock.monotonic() - max(seconds_ago, 0.0)
        if self._pace.free_at(lane) < at:
            self._pace.used(lane, at)

    def hold(self, team: str, method: str, seconds: float) -> None:
        """Slack asked to wait so long with this method in this workspace."""
        self._pace.hold(team, method, self._clock.monotonic() + seconds)

    async def _until(self, moment: Callable[[], float]) -> None:
        while (seconds := moment() - self._clock.monotonic()) > 0:
            await self._clock.sleep(seconds)
