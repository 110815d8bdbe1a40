"""What happens in the workspace as soon as the app connects for the first time: the opening of the scenario."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from . import people
from .state import Json, Unknown

if TYPE_CHECKING:
    from .practice import Practice

log = logging.getLogger("playground")
PATIENCE, LOOK_AGAIN = 10.0, 0.3  # seconds


def when_connected(practice: Practice) -> None:
    """Send what an earlier run left undelivered, and do the opening, once."""
    waiting, practice.workspace.undelivered = practice.workspace.undelivered, []
    practice.hub.resume(waiting)
    if not practice.workspace.opened:
        practice.workspace.opened = True
        task = asyncio.create_task(perform(practice))
        practice.openings.add(task)
        task.add_done_callback(practice.openings.discard)


async def over(practice: Practice, within: float) -> bool:
    """Wait until no opening is going on any more; False when it takes longer than `within` seconds."""
    return not (practice.openings and (await asyncio.wait(practice.openings, timeout=within))[1])


async def perform(practice: Practice) -> None:
    """Do every verb of the opening, each when the app has dealt with the one before."""
    for step in practice.plot.opening:
        try:
            answer = await attempt(practice, str(step.get("do")), {k: v for k, v in step.items() if k != "do"})
        except Unknown as problem:
            answer = {"ok": False, "error": str(problem)}
        if not answer["ok"]:
            log.warning("the opening stopped at %s: %s", step, answer.get("error") or answer.get("errors"))
            return


async def attempt(practice: Practice, verb: str, request: Json, patience: float = PATIENCE) -> Json:
    """Let somebody do something as soon as the app has dealt with what went before. Raises Unknown.

    What they point at may still be on its way when the app does not report to the clock (yet): then they look again,
    for `patience` seconds.
    """
    deadline = practice.real() + patience
    while True:
        await practice.settled(PATIENCE)
        try:
            return await people.do(practice, verb, dict(request))
        except Unknown:
            if practice.real() > deadline:
                raise
            await asyncio.sleep(LOOK_AGAIN)
