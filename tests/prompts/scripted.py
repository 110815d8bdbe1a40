"""A scripted model: an OpenAI-compatible server on this computer that answers by script and keeps what it was sent.

    async with ScriptedModel(says({"said": "ok"})) as model:
        door = model.door()

A script is one reply for each call, the last one for ever; a reply is a value or a function of the body it was sent.
"""

import asyncio
import importlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

from bot.writing.modes import Mode
from prompts.endpoint import Clock, Endpoint
from prompts.places import place

MODEL = "scripted-1"


@dataclass(frozen=True)
class Reply:
    """Bytes as they go over the wire. `handle` takes the whole connection instead."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    handle: Callable[[web.Request], Awaitable[web.StreamResponse]] | None = None


Script = Reply | Callable[[dict[str, Any]], Reply]


def says(content: Any, *, finish: str | None = "stop", refusal: str | None = None, usage: Any = None) -> Reply:
    """A completion that says this: text as it is, anything else as JSON."""
    text = content if content is None or isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    message = {"role": "assistant", "content": text, "refusal": refusal}
    return whole({"choices": [{"index": 0, "message": message, "finish_reason": finish}], "usage": usage})


def whole(body: Any, status: int = 200, **headers: str) -> Reply:
    """A body of JSON with any status; headers by name, `_` for `-`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(json.dumps(body).encode(), status, {"Content-Type": "application/json", **named})


def takes_over(handle: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> Reply:
    """A reply that writes to the wire itself: slowly, too much, or never."""
    return Reply(handle=handle)


def refuses(field_name: str, status: int = 400) -> Reply:
    """The refusal of a field, as OpenAI words it."""
    return whole({"error": {"message": f"Unsupported parameter: '{field_name}'", "param": field_name}}, status)


class ScriptedModel:
    """The server. `asked` are the bodies it was sent, `raw` their bytes, `headers` the headers."""

    def __init__(self, *script: Script) -> None:
        self.script = list(script)
        self.asked: list[dict[str, Any]] = []
        self.raw: list[bytes] = []
        self.headers: list[Mapping[str, str]] = []
        self.port = 0
        self._runner: web.AppRunner | None = None
        self.hanging = asyncio.Event()
        self._over = asyncio.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(importlib.import_module, "openai")  # takes seconds, which are many on a fast clock
        app = web.Application(client_max_size=50_000_000)
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._over.set()
        assert self._runner is not None
        await self._runner.cleanup()

    def door(self, clock: Clock | None = None, **options: Any) -> Endpoint:
        """A door that leads here, under mode `local`."""
        found = place(Mode.LOCAL, options.pop("url", self.url))
        assert found is not None
        return Endpoint(found, MODEL, "sk-scripted", clock or FastClock(), lambda: 0.0, **options)

    async def hang(self, request: web.Request) -> web.StreamResponse:
        """Take the question and say nothing until the end of the test."""
        self.hanging.set()
        await self._over.wait()
        return web.Response()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        self.raw.append(raw)
        self.headers.append(request.headers)
        body = json.loads(raw) if raw else {}
        self.asked.append(body)
        reply = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if not isinstance(reply, Reply):
            reply = reply(body)
        if reply.handle is not None:
            return await reply.handle(request)
        return web.Response(body=reply.body, status=reply.status, headers=dict(reply.headers))


class WallClock:
    """The clock of this computer, where a test is about something else than time."""

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class FastClock:
    """A clock that runs 25 times as fast, so that thirty seconds are soon over."""

    PACE = 25.0

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time() * self.PACE

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.PACE)
