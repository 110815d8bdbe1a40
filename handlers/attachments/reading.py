"""Reading what was fetched: Word in a process of its own, which is ended when it takes too long or too much memory."""

import asyncio
import os
import sys
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from bot.attachments import Document, Unreadable, looks_zipped, read_document

MOST_MEMORY = 1024 * 1024 * 1024
"""Bytes of address space for the process that unpacks; a Word file of 5 MB takes a tenth (measured)."""


async def read(data: bytes, seconds: float) -> Document:
    """Return the text of a file, off the event loop. Raises Unreadable, "slow" when it takes more than `seconds`."""
    if not looks_zipped(data):
        return await asyncio.to_thread(read_document, data)
    return await asyncio.to_thread(read_apart, data, seconds)


def read_apart(data: bytes, seconds: float) -> Document:
    """Read in a process that is started for it. What it dies of is the file's fault: it is damaged then."""
    context = get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_read_and_send, args=(there, data), daemon=True)
    process.start()
    there.close()
    try:
        if not here.poll(seconds):
            raise Unreadable("slow")
        result = here.recv()
    except EOFError:
        raise Unreadable("damaged") from None
    finally:
        process.kill()
        process.join()
        here.close()
    if isinstance(result, Unreadable):
        raise result
    assert isinstance(result, Document)
    return result


def _read_and_send(there: Connection, data: bytes) -> None:
    """What goes wrong unforeseen ends the process, in silence: an error message can hold people's words."""
    sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115 - for as long as the process lives
    _limit_memory()
    try:
        there.send(read_document(data))
    except Unreadable as refused:
        there.send(refused)


def _limit_memory() -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
