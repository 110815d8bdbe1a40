"""Clicks that wait for their ack, which Slack gives three seconds: what can wait steps aside for them."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

LONGEST_ASIDE = 1.0
"""Seconds after which what stepped aside goes on: a rush must not hold up the messages that it brings for ever."""


class Acks:
    """Counts who waits."""

    def __init__(self) -> None:
        self._waiting = 0
        self._none = asyncio.Event()
        self._none.set()

    @contextmanager
    def awaited(self) -> Iterator[None]:
        """One click is being answered for as long as this lasts."""
        self._waiting += 1
        self._none.clear()
        try:
            yield
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._none.set()

    @property
    def waiting(self) -> int:
        """How many clicks wait at this moment; may be asked from any thread."""
        return self._waiting

    async def first(self) -> None:
        """Step aside while clicks wait for their ack, but not for longer than `LONGEST_ASIDE`."""
        if self._none.is_set():
            return
        try:
            async with asyncio.timeout(LONGEST_ASIDE):
                await self._none.wait()
        except TimeoutError:
            return
