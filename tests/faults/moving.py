"""One time for all processes of a test: that of the computer, plus how far the test moved it."""

from __future__ import annotations

import asyncio
import mmap
import struct
import time
from datetime import datetime, timedelta


class SharedClock:
    """A clock that forked processes share. Waiting moves it, so that nobody waits for real."""

    def __init__(self, starts: datetime) -> None:
        self._ahead = mmap.mmap(-1, 8)
        self._starts = starts
        self._zero = time.monotonic()  # noqa: TID251 - the one real clock of these tests
        self.patient = False
        """Whether this process really waits: where it is measured how long things take, pauses take their time too."""

    def monotonic(self) -> float:
        """Seconds since it was made, with everything that was skipped."""
        ahead = struct.unpack("d", self._ahead[:8])[0]
        return time.monotonic() - self._zero + float(ahead)  # noqa: TID251 - the same

    def now(self) -> datetime:
        return self._starts + timedelta(seconds=self.monotonic())

    def move(self, seconds: float) -> None:
        """Skip this much time, for every process."""
        (ahead,) = struct.unpack("d", self._ahead[:8])
        self._ahead[:8] = struct.pack("d", ahead + seconds)

    def move_to(self, moment: datetime) -> None:
        """Skip the time until then; one that is past already changes nothing."""
        self.move(max(0.0, (moment - self.now()).total_seconds()))

    async def sleep(self, seconds: float) -> None:
        """Let others go first, and then let the time have passed."""
        if self.patient:
            await asyncio.sleep(seconds)
            return
        until = self.monotonic() + seconds
        await asyncio.sleep(0.001)
        if (left := until - self.monotonic()) > 0:
            self.move(left)
