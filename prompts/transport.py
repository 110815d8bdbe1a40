"""The wire to a model: only to the one place, never along, and never more bytes than a megabyte comes back."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx

from bot.writing import Failure
from prompts.places import Place

MOST_BYTES = 1_000_000
"""The longest answer that is read."""
TOLD = 4_000
"""Bytes of a refusal that are read, to see what the endpoint did not understand."""
IDLE_SECONDS = 4.0
"""How long a connection is used again: many servers close it after five."""

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""From a host and port to the IP addresses it has, best first. Raises OSError when it has none."""


class Stopped(Exception):
    """A call that was ended here. `status` is 0 when no answer was read; `told` is what a refusal says, for us only."""

    def __init__(self, reason: Failure, status: int = 0, told: str = "", retry_after: str = "") -> None:
        """Keep why, and what the endpoint told about it."""
        super().__init__(reason.value)
        self.reason, self.status, self.told, self.retry_after = reason, status, told, retry_after


async def resolved(host: str, port: int) -> list[str]:
    """Ask this computer for the addresses of a host."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class GuardedTransport(httpx.AsyncBaseTransport):
    """Sends to one place and reads one short answer. Raises Stopped before a byte goes anywhere else."""

    def __init__(self, place: Place, wire: httpx.AsyncBaseTransport, resolve: Resolve = resolved) -> None:
        """Guard a transport."""
        self._place, self._wire, self._resolve = place, wire, resolve

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and return its answer, whose length is watched while it is read."""
        if not self._place.is_at(request.url.scheme, request.url.host, request.url.port):
            raise Stopped(Failure.NOT_ALLOWED)
        response = await self._send(request)
        try:
            await _judge(response)
        except BaseException:
            await response.aclose()
            raise
        assert isinstance(response.stream, httpx.AsyncByteStream)
        response.stream = _Short(response.stream)
        return response

    async def addresses(self) -> list[str]:
        """Return the addresses of the place. Raises Stopped when it has none, or one where texts may not go."""
        try:
            found = await self._resolve(self._place.host, self._place.port)
        except (OSError, UnicodeError):
            raise Stopped(Failure.UNREACHABLE) from None
        if not found:
            raise Stopped(Failure.UNREACHABLE)
        if not all(self._place.allows(address) for address in found):
            raise Stopped(Failure.NOT_ALLOWED)
        return found

    async def _send(self, request: httpx.Request) -> httpx.Response:
        """Connect to the very address that was checked: a name that leads elsewhere a moment later changes nothing."""
        addresses = await self.addresses()
        for number, address in enumerate(addresses, start=1):
            to = httpx.Request(
                request.method,
                request.url.copy_with(host=address),
                headers=request.headers,
                stream=request.stream,
                extensions={**request.extensions, "sni_hostname": self._place.host},
            )
            try:
                return await self._wire.handle_async_request(to)
            except httpx.ConnectError:
                if number == len(addresses):
                    raise
        raise Stopped(Failure.UNREACHABLE)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._wire.aclose()


async def _judge(response: httpx.Response) -> None:
    """End the call when the answer is a redirect, packed, announced too long, or a refusal."""
    if 300 <= response.status_code < 400:
        raise Stopped(Failure.REDIRECTED, response.status_code)
    if response.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise Stopped(Failure.ENCODED, response.status_code)
    if response.status_code >= 400:
        raise Stopped(
            _refusal(response.status_code),
            response.status_code,
            await _beginning(response),
            response.headers.get("retry-after", ""),
        )
    announced = response.headers.get("content-length", "")
    if announced.isdecimal() and len(announced) < 19 and int(announced) > MOST_BYTES:
        raise Stopped(Failure.TOO_LARGE, response.status_code)


def _refusal(status: int) -> Failure:
    if status == 429:
        return Failure.RATE_LIMITED
    return Failure.SERVER_ERROR if status >= 500 else Failure.REFUSED_US


async def _beginning(response: httpx.Response) -> str:
    read = b""
    assert isinstance(response.stream, httpx.AsyncByteStream)
    async for piece in response.stream:
        read += piece[:TOLD]
        if len(read) >= TOLD:
            break
    return read[:TOLD].decode("utf-8", "replace")


class _Short(httpx.AsyncByteStream):
    """A body that ends the call when it grows too long."""

    def __init__(self, body: httpx.AsyncByteStream) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for piece in self._body:
            size += len(piece)
            if size > MOST_BYTES:
                raise Stopped(Failure.TOO_LARGE)
            yield piece

    async def aclose(self) -> None:
        await self._body.aclose()
