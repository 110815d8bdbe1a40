"""Tells who listens (the page) that something in the workspace changed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    """`kind` is message, modal, home, people, channels, journal, clock or reset; no `user` means everybody."""

    kind: str
    channel: str = ""
    user: str = ""


class Changes:
    """A feed with any number of listeners; telling costs nothing when nobody listens."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[Change]] = set()

    @contextmanager
    def listen(self) -> Iterator[asyncio.Queue[Change]]:
        """A queue of every change from now on. A listener that falls 500 behind gets one `reset` instead of them."""
        queue: asyncio.Queue[Change] = asyncio.Queue(500)
        self._listeners.add(queue)
        try:
            yield queue
        finally:
            self._listeners.discard(queue)

    def tell(self, kind: str, channel: str = "", user: str = "") -> None:
        """Tell every listener."""
        for queue in self._listeners:
            if queue.full():
                while not queue.empty():
                    queue.get_nowait()
                queue.put_nowait(Change("reset"))
            queue.put_nowait(Change(kind, channel, user))
