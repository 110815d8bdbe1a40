"""Connections that know how far a call is: half of it has left, or Slack has it and its answer was not read yet."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import aiohttp
from aiohttp.client_proto import ResponseHandler

from storage.crashpoints import crashpoint

POSTING = (b"/api/chat.", b"/api/files.", b"/_upload/")
"""What changes something at Slack; to die while reading loses nothing."""


class Halved:
    """A transport that passes a place at which to die when half of a call has left."""

    def __init__(self, inner: asyncio.Transport) -> None:
        self._inner = inner
        self.posting = False

    def write(self, data: bytes) -> None:
        head = data[:100]
        if head.startswith((b"POST", b"GET")):
            self.posting = any(each in head for each in POSTING)
        if not self.posting:
            self._inner.write(data)
            return
        half = len(data) // 2
        self._inner.write(data[:half])
        crashpoint("post.during")
        self._inner.write(data[half:])

    def writelines(self, chunks: Any) -> None:
        self.write(b"".join(chunks))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class Watched(ResponseHandler):
    """aiohttp's own side of a connection, which passes a place at which to die when an answer arrives."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(Halved(transport))  # type: ignore[arg-type]  # it is a transport by what it does

    def data_received(self, data: bytes) -> None:
        if isinstance(self.transport, Halved) and self.transport.posting:
            self.transport.posting = False  # once for each call, however many pieces its answer comes in
            crashpoint("post.after")
        super().data_received(data)


def connector() -> aiohttp.TCPConnector:
    """A pool of such connections. Call it inside the event loop."""
    made = aiohttp.TCPConnector()
    made._factory = partial(Watched, loop=asyncio.get_running_loop())  # type: ignore[assignment]  # aiohttp has no other way
    return made
