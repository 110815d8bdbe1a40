"""Reading what was fetched: Word in a process of its own, which is ended when it takes too long or too much memory."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE

from bot.attachments import Document, LeftOut, Unreadable, looks_zipped, read_document

NEEDED = ("PATH", "SYSTEMROOT")
"""What the process gets of our environment: not the tokens."""


async def read(data: bytes, seconds: float) -> Document:
    """Return the text of a file, off the event loop. Raises Unreadable, "slow" when it takes more than `seconds`."""
    if not looks_zipped(data):
        return await asyncio.to_thread(read_document, data)
    return await read_apart(data, seconds)


async def read_apart(data: bytes, seconds: float) -> Document:
    """Read in a process that is started for it. What it dies of is the file's fault: it is damaged then.

    Its complaints are not heard: an error message can hold people's words.
    """
    environment = {name: os.environ[name] for name in NEEDED if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "handlers.unpacking",
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        env=environment | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    try:
        async with asyncio.timeout(seconds):
            said, _ = await process.communicate(data)
    except TimeoutError:
        raise Unreadable("slow") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise Unreadable("damaged")
    answer = json.loads(said)
    if "reason" in answer:
        raise Unreadable(str(answer["reason"]))
    return Document(str(answer["text"]), frozenset(LeftOut(place) for place in answer["left_out"]))
