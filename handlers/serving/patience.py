"""A listener that does not wait for ever for somebody to say what they want."""

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10.0
"""Seconds from the first byte, or from the connection, until the head of a request is there. Slack needs none."""


class Impatient(H11Protocol):
    """Hangs up on whoever connects and does not get as far as a whole head in time."""

    head_seconds = HEAD_SECONDS
    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn says the same
        """Begin to wait."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Wait on for a head that is not whole, and no longer for one that is."""
        if self._waiting is None and self._between():
            self._wait()
        super().data_received(data)
        if not self._between():
            self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        """There is nobody left to wait for."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _between(self) -> bool:
        """Say whether no request is being handled: the next bytes are of a head."""
        return self.cycle is None or self.cycle.response_complete

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(self.head_seconds, self._hang_up)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _hang_up(self) -> None:
        self._waiting = None
        if self._between():
            self.transport.close()
