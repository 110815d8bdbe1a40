"""People who talk in the threads of their groups, in a process of their own: a bot shares no computer with its people.

`python -m tests.faults.talking` reads from its input where Slack is, and who says what, where and after how many
seconds; it writes after how many milliseconds each was acked.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import aiohttp

from tests.conftest import ROOT


async def talk(slack: str, said: list[tuple[float, dict[str, Any]]]) -> list[float | None]:
    """Let people say all this in the practice Slack at `slack`: after how many seconds each, and the request of `say`.

    Nobody waits for an answer before going on. Returns for each after how many milliseconds it was acked at its first
    delivery, as Slack saw it; None for one that was not.
    """
    order = json.dumps([slack, said]).encode()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.faults.talking",
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate(order)
    assert process.returncode == 0, "the people did not speak"
    return list(json.loads(out))


async def _everybody(slack: str, said: list[tuple[float, dict[str, Any]]]) -> list[float | None]:
    async with aiohttp.ClientSession(slack, connector=aiohttp.TCPConnector(limit=0)) as people:

        async def say(after: float, request: dict[str, Any]) -> float | None:
            await asyncio.sleep(after)
            async with people.post("/_mens/say", json=request) as response:
                answer = await response.json()
            return float(answer["ack_ms"]) if answer["acked"] else None

        return list(await asyncio.gather(*(say(after, request) for after, request in said)))


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_everybody(*json.load(sys.stdin)))))  # noqa: T201 - read by `talk`
