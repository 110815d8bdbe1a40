"""Where groups are computed: in a process of its own, because the solver holds the interpreter while it works."""

import asyncio
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

import structlog

from bot.selection.allocation import Allocation, Instance, allocate

log = structlog.get_logger()


async def solved_here(instance: Instance) -> Allocation:
    """Compute in a thread of this process: for tests, and where a process could not be had."""
    return await asyncio.to_thread(allocate, instance)


async def solved_apart(instance: Instance) -> Allocation:
    """Compute in a process that is started for it, so that clicks are answered meanwhile and its memory is given back.

    When the process dies (out of memory, say) it is tried once more in this one: people are waiting for their group.
    """
    pool = ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn"))
    try:
        return await asyncio.get_running_loop().run_in_executor(pool, allocate, instance)
    except (BrokenProcessPool, OSError) as error:
        log.warning("groups not computed apart", error=type(error).__name__)
        return await solved_here(instance)
    finally:
        pool.shutdown(wait=False)
