"""What happens in the workspace as soon as the app connects for the first time: the opening of the scenario."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from . import people
from .state import Unknown

if TYPE_CHECKING:
    from .practice import Practice

log = logging.getLogger("playground")
_running: set[asyncio.Task[None]] = set()


def when_connected(practice: Practice) -> None:
    """Send what an earlier run left undelivered, and do the opening, once."""
    waiting, practice.workspace.undelivered = practice.workspace.undelivered, []
    practice.hub.resume(waiting)
    if not practice.workspace.opened:
        practice.workspace.opened = True
        task = asyncio.create_task(perform(practice))
        _running.add(task)
        task.add_done_callback(_running.discard)


async def perform(practice: Practice) -> None:
    """Do every verb of the opening, each when the app has dealt with the one before."""
    for step in practice.plot.opening:
        await practice.settled(10)
        try:
            answer = await people.do(practice, str(step.get("do")), {k: v for k, v in step.items() if k != "do"})
        except Unknown as problem:
            answer = {"ok": False, "error": str(problem)}
        if not answer["ok"]:
            log.warning("the opening stopped at %s: %s", step, answer.get("error"))
            return
