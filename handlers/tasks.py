"""Work that goes on after an ack."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import structlog

from handlers.clients import NoInstallation

log = structlog.get_logger()


class Tasks:
    """Work that goes on after an ack: held on to, drained at the end, its failures reported."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def start(
        self, work: Coroutine[Any, Any, None], failed: Callable[[BaseException], Awaitable[None]] | None = None
    ) -> None:
        """Let `work` run; asyncio itself keeps no hold on a task."""
        task = asyncio.get_running_loop().create_task(self._guard(work, failed))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    @property
    def idle(self) -> bool:
        """Whether nothing is under way."""
        return not self._running

    async def drain(self, seconds: float) -> None:
        """Wait for what is under way and what follows from it, but not longer than this."""
        end = asyncio.get_running_loop().time() + seconds
        while self._running and (left := end - asyncio.get_running_loop().time()) > 0:
            await asyncio.wait(self._running, timeout=left)

    async def _guard(
        self, work: Coroutine[Any, Any, None], failed: Callable[[BaseException], Awaitable[None]] | None
    ) -> None:
        try:
            await work
        except NoInstallation as paused:
            log.info("workspace paused", team=paused.team)
        except Exception as error:
            if failed is None:
                log.error("task failed", error=type(error).__name__, exc_info=error)
            else:
                await failed(error)
