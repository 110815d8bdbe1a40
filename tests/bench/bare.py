"""The baseline: a Bolt app that acks everything and does nothing, on the same adapter with the same flag."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient


async def main(address: str) -> None:
    """Connect and ack until stopped."""
    client = AsyncWebClient(token="xoxb-bench", base_url=address, retry_handlers=[])
    app = AsyncApp(client=client, process_before_response=True)

    @app.action(re.compile(""))
    async def nothing(ack: Callable[[], Awaitable[Any]]) -> None:
        await ack()

    await AsyncSocketModeHandler(app, "xapp-bench").start_async()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
