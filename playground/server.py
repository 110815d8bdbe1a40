"""The practice Slack as a web server: Web API, sockets, uploads, the verbs and the page."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from . import controls, filing, methods, opening, responding, wire
from .errors import Refused
from .hub import Socket
from .page import routes as page
from .practice import Practice
from .state import Json

JSON_ARGUMENTS = frozenset(("attachments", "blocks", "files", "message", "metadata", "view"))


async def arguments(request: Request) -> tuple[Json, str]:
    """The arguments of a Web API call, from query, form or JSON body, and its token, from the header or among them."""
    args: Json = dict(request.query_params)
    body = await request.body()
    if "json" in request.headers.get("content-type", ""):
        # The SDK says JSON and sends nothing when there is nothing to say.
        args |= json.loads(body) if body.strip() else {}
    elif body:
        args |= {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    for name in JSON_ARGUMENTS & args.keys():
        if isinstance(args[name], str):
            args[name] = json.loads(args[name])
    token = args.pop("token", None) or request.headers.get("authorization", "").removeprefix("Bearer ")
    return args, str(token)


def routes(practice: Practice) -> list[BaseRoute]:
    """Every route that belongs to Slack itself."""

    async def api(request: Request) -> ASGIApp | Response:
        try:
            args, token = await arguments(request)
        except ValueError:
            return JSONResponse({"ok": False, "error": "invalid_json"})
        try:
            status, answer, headers = await methods.call(practice, request.path_params["method"], args, token)
        except methods.Cut:
            return cut
        return JSONResponse(answer, status, headers)

    async def upload(request: Request) -> Response:
        found = practice.workspace.files.get(request.path_params["file"])
        if found is None or found.complete:
            return PlainTextResponse("no such upload", 404)
        form = await request.form() if "multipart" in request.headers.get("content-type", "") else {}
        part: Any = next(iter(form.values()), None)
        content = await part.read() if part is not None and hasattr(part, "read") else await request.body()
        if len(content) != found.size:
            return PlainTextResponse("the length differs from what was announced", 400)
        found.content = content
        return PlainTextResponse(f"OK - {len(content)}")

    async def download(request: Request) -> ASGIApp | Response:
        return await filing.fetch(practice, request)

    async def respond(request: Request) -> Response:
        body = json.loads(await request.body() or b"{}")
        entry = practice.journal.note("respond", "response_url", body)
        try:
            responding.respond(practice, request.path_params["key"], body)
        except Refused as no:
            entry.response = {"ok": False, "error": no.error} | no.more
            return JSONResponse(entry.response, no.status)
        return PlainTextResponse("ok")

    async def link(websocket: WebSocket) -> None:
        await websocket.accept()
        line = Socket(websocket.scope[wire.KEY])
        practice.hub.connect(line)
        opening.when_connected(practice)
        writing = asyncio.create_task(_write(websocket, line))
        try:
            while True:
                text = await websocket.receive_text()
                if line.silent:
                    line.connection.silence()
                else:
                    practice.hub.heard(text)
        except WebSocketDisconnect:
            pass
        finally:
            writing.cancel()
            practice.hub.disconnect(line)

    return [
        Route("/api/{method}", api, methods=["GET", "POST"]),
        Route("/_upload/{file}", upload, methods=["POST"]),
        Route("/_files/{file}/{name:path}", download),
        Route("/_respond/{key}", respond, methods=["POST"]),
        WebSocketRoute("/_socket", link),
    ]


async def _write(websocket: WebSocket, line: Socket) -> None:
    with contextlib.suppress(WebSocketDisconnect):
        while (text := await line.outbox.get()) is not None:
            await websocket.send_text(text)
        await websocket.close()


async def cut(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer nothing and break the connection."""
    scope[wire.KEY].cut()


def application(practice: Practice) -> Starlette:
    """The whole practice Slack as one ASGI application."""
    mounted = [*routes(practice), *controls.routes(practice), *page.routes(practice)]
    return Starlette(routes=mounted, lifespan=lambda app: _life(practice))


@contextlib.asynccontextmanager
async def _life(practice: Practice) -> AsyncIterator[None]:
    yield
    practice.save()
    await practice.hub.hang_up()


class Server(uvicorn.Server):
    """uvicorn that tells the long polls to end when it is asked to stop, and leaves signals to who starts it."""

    def __init__(self, config: uvicorn.Config, practice: Practice) -> None:
        super().__init__(config)
        self.practice, self.up = practice, asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start listening, and tell who waits for that."""
        try:
            await super().startup(sockets)
        finally:
            self.up.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        """Leave the process's signal handlers alone."""
        yield

    def stop(self) -> None:
        """Ask it to stop; `serve` then returns soon."""
        self.practice.closing.set()
        self.should_exit = True


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises OSError when the port is taken."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((host, port))
    return listening


def server(practice: Practice, listening: socket.socket) -> Server:
    """A server for this practice Slack on this socket; run it with `serve(sockets=[listening])`."""
    host, port = listening.getsockname()[:2]
    practice.base = f"http://{host}:{port}"
    config = uvicorn.Config(
        application(practice),
        http=wire.HttpWire,
        ws=wire.SocketWire,
        ws_ping_interval=10.0,
        ws_ping_timeout=None,  # never hang up on a silent app
        ws_per_message_deflate=False,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    return Server(config, practice)


@contextlib.asynccontextmanager
async def running(practice: Practice, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Serve in this event loop while the block runs; gives the base address."""
    listening = listen(host, port)
    made = server(practice, listening)
    serving = asyncio.create_task(made.serve(sockets=[listening]))
    await made.up.wait()
    try:
        yield practice.base
    finally:
        made.stop()
        await serving
