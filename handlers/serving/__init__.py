"""Oogst over HTTP, for several replicas behind a balancer and for workspaces that install it by themselves."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial

import uvicorn

from handlers.clock import Clock, SystemClock
from handlers.run import Opened, keep_running
from handlers.serving.door import Door, web_app
from handlers.serving.patience import Impatient
from handlers.serving.signature import Verifier
from handlers.settings import ServerSettings

GRACE_SECONDS = 5
"""So long an answer that is under way may take when we are asked to stop."""
WAITING = 512
"""Connections that the system keeps for us while all of us are busy."""
MOST_AT_ONCE = 800
"""Connections and answers under way at once; whoever comes beyond that gets 503 and comes again, as Slack does.

Each may hold a megabyte, and a process may usually open 1024 files: without a limit none were left for the database.
"""


class Server(uvicorn.Server):
    """A server inside our own loop: the signals that stop a process are ours already."""

    def __init__(self, config: uvicorn.Config) -> None:
        """Prepare to listen; `up` is set once we do."""
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets)
        self.up.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave them alone."""
        yield


def serve(settings: ServerSettings) -> int:
    """Let Slack in over HTTP until told to stop; returns what `keep_running` does."""
    return keep_running(settings, partial(by_http, settings=settings))


@asynccontextmanager
async def by_http(oogst: Opened, settings: ServerSettings, clock: Clock | None = None) -> AsyncIterator[None]:
    """Listen for Slack for as long as the context lasts. Raises OSError when the port is taken.

    `clock` is the one that Slack signs by: the real time, also when the practice clock shows another.
    """
    from handlers.installing.door import routes

    verifier = Verifier(settings.signing_secret.get_secret_value(), clock or SystemClock())
    app = web_app(Door(oogst, verifier), routes(oogst, settings))
    family = socket.AF_INET6 if ":" in settings.http_host else socket.AF_INET
    listening = socket.create_server((settings.http_host, settings.http_port), family=family, backlog=WAITING)
    config = uvicorn.Config(
        app,
        http=Impatient,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=MOST_AT_ONCE,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = Server(config)
    running = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        await server.up.wait()
        yield
    finally:
        server.should_exit = True
        await running
