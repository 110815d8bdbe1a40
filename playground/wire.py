"""Lets a route get at its own connection, so that faults can break it the way a network does."""

from __future__ import annotations

import asyncio
from asyncio.transports import BaseTransport, Transport
from typing import Any, cast

from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

KEY = "practice.connection"


class Connection:
    """The TCP connection under a request or a WebSocket."""

    def __init__(self, transport: Transport, protocol: asyncio.Protocol) -> None:
        self._transport, self._protocol = transport, protocol

    def cut(self) -> None:
        """Break it at once: the other side sees a closed connection, mid-request or mid-stream."""
        self._transport.abort()

    def silence(self) -> None:
        """Leave it open but dead: nothing is read any more, no ping and no pong goes out."""
        if isinstance(self._protocol, WebSocketsSansIOProtocol):
            self._protocol.stop_keepalive()
        if self._transport.is_reading():
            self._transport.pause_reading()


def _handing_over(app: Any, connection: Connection) -> Any:
    async def handing_over(scope: Any, receive: Any, send: Any) -> None:
        scope[KEY] = connection
        await app(scope, receive, send)

    return handing_over


class HttpWire(H11Protocol):
    """uvicorn's HTTP, with the connection in the request's scope."""

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(cast(Transport, transport))
        self.app = _handing_over(self.app, Connection(cast(Transport, transport), self))


class SocketWire(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket, with the connection in its scope."""

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        self.app = _handing_over(self.app, Connection(cast(Transport, transport), self))
