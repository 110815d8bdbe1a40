"""Whether the bot is alive: when it last heard from Slack, ticked and looked at its outbox, by the monotonic clock."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

SILENT = 60.0
"""Seconds without a frame from Slack after which a socket counts as dead; a living one pongs every ten."""
TICK_LATE = 90.0
"""Seconds without a tick, which come every thirty."""
COURIER_LATE = 60.0
"""Seconds without a look at the outbox, which comes every second."""
NAP = 300.0
"""So many seconds between two ticks mean that the bot, or the whole computer, was away; a wall that jumps does not."""


@dataclass
class Liveness:
    """What the health page reads and the watchdog acts upon. Moments are monotonic seconds; None is "not in use".

    `frame` is None where Slack comes by HTTP. `awake_since` is the wall moment from which on ticks came without a gap:
    what was due later than that, and was not done, was not missed because the bot was away.
    """

    frame: float | None = None
    tick: float | None = None
    courier: float | None = None
    awake_since: datetime | None = None
    unknown: Counter[str] = field(default_factory=Counter)
    """How many events came that nobody answers to, by name."""

    def ticked(self, now: datetime, monotonic: float) -> None:
        """Write down a tick, and whether the bot was away before it."""
        before, self.tick = self.tick, monotonic
        away = before is None or monotonic - before > NAP
        self.awake_since = now if away or self.awake_since is None else min(self.awake_since, now)

    def silent(self, monotonic: float) -> bool:
        """Say whether Slack has been silent for too long."""
        return self.frame is not None and monotonic - self.frame >= SILENT

    def tick_is_late(self, monotonic: float) -> bool:
        """Say whether the clock's door has stood still for too long."""
        return self.tick is not None and monotonic - self.tick >= TICK_LATE

    def problems(self, monotonic: float) -> list[str]:
        """Return what is wrong, as names for the health page and the log: socket, ticker, courier."""
        courier = self.courier is not None and monotonic - self.courier >= COURIER_LATE
        found = {"socket": self.silent(monotonic), "ticker": self.tick_is_late(monotonic), "courier": courier}
        return [name for name, wrong in found.items() if wrong]
