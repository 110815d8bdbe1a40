"""The line to Slack by Socket Mode, and the watchdog beside it, which looks at nothing but the monotonic clock.

The library compares moments on the wall and goes on trying a ticket that has expired. Here a line on which nothing
came for a minute is replaced whole; after three that did not come to life the process ends, for its supervisor.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from handlers.world import World

log = structlog.get_logger()

LOOKS = 5.0
"""Seconds between two looks of the watchdog."""
PINGS = 10.0
"""Seconds between two pings that we send; a line that lives answers each."""
ANSWERING = 2.0
"""Seconds in which a line that only seems silent answers a ping: the clock leapt, and the line lives."""
REPLACING = 10.0
"""Seconds in which a new line must have said something."""
MOST_FAILURES = 3
GONE = (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSING, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR)


class LineLost(Exception):
    """Slack could not be reached by socket, three times in a row: the process had better start afresh."""


class Line:
    """One socket to Slack at a time. `open` it, let `watch` run beside everything else, and `close` it."""

    def __init__(
        self, world: World, app: AsyncApp, token: str, pings: float = PINGS, patience: float = REPLACING
    ) -> None:
        self._world = world
        self._app = app
        self._token = token
        self._pings = pings
        self._patience = patience
        self._spoke = asyncio.Event()
        self._handler: AsyncSocketModeHandler | None = None
        self._closing: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Connect. Raises SlackApiError where Slack refuses the token, LineLost where no line comes to life."""
        self._world.liveness.frame = self._world.clock.monotonic()
        try:
            async with asyncio.timeout(MOST_FAILURES * self._patience):
                await self._connect()
        except TimeoutError:
            self._let_go()
            raise LineLost from None

    async def watch(self) -> None:
        """Replace the line whenever it falls silent. Runs until cancelled.

        Raises LineLost after three lines that did not come to life.
        """
        failures = 0
        clock, liveness = self._world.clock, self._world.liveness
        while True:
            await clock.sleep(LOOKS)
            if not liveness.silent(clock.monotonic()) or await self._answers():
                failures = 0
                continue
            log.warning("the line to Slack is silent", failures=failures)
            if await self._replaced():
                failures = 0
                log.info("the line to Slack was replaced")
                continue
            failures += 1
            if failures == MOST_FAILURES:
                raise LineLost

    async def close(self) -> None:
        """Let go of the line."""
        self._world.liveness.frame = None
        self._let_go()
        if self._closing:
            await asyncio.wait(self._closing, timeout=REPLACING)

    async def _answers(self) -> bool:
        """Ask the line itself: replacing one that lives would lose what Slack is saying over it."""
        session = self._handler.client.current_session if self._handler is not None else None
        if session is None or session.closed:
            return False
        self._spoke.clear()
        asking = asyncio.get_running_loop().create_task(self._asked(session))
        waiting = asyncio.get_running_loop().create_task(self._world.clock.sleep(ANSWERING))
        try:
            await asyncio.wait({asking, waiting}, return_when=asyncio.FIRST_COMPLETED)
            return asking.done() and asking.exception() is None
        finally:
            asking.cancel()
            waiting.cancel()

    async def _asked(self, session: aiohttp.ClientWebSocketResponse) -> None:
        await session.ping()
        await self._spoke.wait()

    async def _replaced(self) -> bool:
        """Open another line, and say whether anything came over it."""
        self._let_go()
        self._spoke.clear()
        with suppress(TimeoutError, OSError, aiohttp.ClientError, SlackApiError):  # the caller counts it, and gives up
            async with asyncio.timeout(self._patience):
                await self._connect()
                await self._spoke.wait()
                return True
        return False

    async def _connect(self) -> None:
        handler = AsyncSocketModeHandler(self._app, self._token, ping_interval=self._pings)
        client, heard = handler.client, self._heard
        await client.aiohttp_client_session.close()

        class Heard(aiohttp.ClientWebSocketResponse):
            """Tells of every frame, pongs too, of which the library tells nobody."""

            async def receive(self, timeout: float | None = None) -> aiohttp.WSMessage:  # noqa: ASYNC109 - aiohttp's own
                """Return the next frame."""
                message = await super().receive(timeout)
                if message.type not in GONE:
                    heard()
                return message

        client.aiohttp_client_session = aiohttp.ClientSession(ws_response_class=Heard)
        self._handler = handler
        await handler.connect_async()  # type: ignore[no-untyped-call]  # slack-bolt gives no types here

    def _heard(self) -> None:
        self._spoke.set()
        self._world.liveness.frame = self._world.clock.monotonic()

    def _let_go(self) -> None:
        """Close the line beside everything else: one that is half dead takes its time over that."""
        handler, self._handler = self._handler, None
        if handler is not None:
            handler.client.closed = True  # it opens no other socket from here on
            task = asyncio.get_running_loop().create_task(_closed(handler.close_async()))  # type: ignore[no-untyped-call]  # the same
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)


@asynccontextmanager
async def held(line: Line) -> AsyncIterator[None]:
    """Keep the line open, with its watchdog beside it, for as long as the body runs; LineLost ends the body."""
    await line.open()
    body = asyncio.current_task()
    assert body is not None
    watching = asyncio.get_running_loop().create_task(line.watch())

    def end_the_body(task: asyncio.Task[None]) -> None:
        if not task.cancelled():
            body.cancel()

    watching.add_done_callback(end_the_body)
    try:
        yield
    except asyncio.CancelledError:
        if watching.done() and not watching.cancelled() and body.uncancel() == 0:
            watching.result()  # raises what ended the watching
        raise
    finally:
        watching.cancel()
        await line.close()


async def _closed(closing: Coroutine[Any, Any, None]) -> None:
    with suppress(TimeoutError, OSError, aiohttp.ClientError):  # a dead line need not say goodbye
        async with asyncio.timeout(REPLACING):
            await closing
