"""Slack's other door: requests over HTTP, of which nothing is read before it is sure that Slack sent them."""

import asyncio
from collections.abc import Sequence

import structlog
from slack_bolt.request.async_request import AsyncBoltRequest
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from handlers.health import report
from handlers.run import Opened
from handlers.serving.payload import Malformed, read
from handlers.serving.shapes import check
from handlers.serving.signature import Verifier

MOST_BYTES = 1024 * 1024
"""Slack's largest payloads, a form of a hundred blocks, stay below a quarter of this."""
SMALL_BYTES = 64 * 1024
"""What Slack sends is nearly always smaller; so much of a request is always taken in."""
MOST_HELD = 32 * 1024 * 1024
"""Bytes beyond that of all requests together, before anybody knows whether Slack sent them."""
BODY_SECONDS = 5.0
"""Slack itself waits three seconds for the answer, so that a body takes no longer."""

log = structlog.get_logger()


class Refusal(Exception):
    """A request that goes no further: `status` for whoever sent it, `reason` as a word for the log."""

    def __init__(self, status: int, reason: str) -> None:
        """Keep both."""
        super().__init__(reason)
        self.status, self.reason = status, reason


class Door:
    """Takes in what Slack sends by POST, and answers what its listener acks."""

    def __init__(self, oogst: Opened, verifier: Verifier, body_seconds: float = BODY_SECONDS) -> None:
        """Bring to `oogst` what `verifier` lets through; a body has to be there within `body_seconds`."""
        self._oogst = oogst
        self._verifier = verifier
        self._body_seconds = body_seconds
        self._held = 0

    async def events(self, request: Request) -> Response:
        """Answer an event, an interaction or a command."""
        try:
            body = await self._body(request)
            reason = self._verifier.refuse(request.headers.raw, body)
            if reason is not None:
                raise Refusal(401, reason)
            payload = self._payload(request, body)
        except Refusal as refusal:
            return self._refused(refusal)
        if payload.get("type") == "url_verification":
            return JSONResponse({"challenge": str(payload.get("challenge", ""))})
        if payload.get("ssl_check"):
            return Response(status_code=200)
        headers: dict[str, str | Sequence[str]] = dict(request.headers)
        # Bolt gets what we have read, as it does from a socket: it would parse the text once more, without our bounds
        asked = AsyncBoltRequest(body=payload, headers=headers, mode="socket_mode")
        done = False
        try:
            answer = await self._oogst.app.async_dispatch(asked)
            done = answer.status < 500
        finally:
            if not done:
                self._verifier.forget(request.headers.raw)
        return Response(answer.body, answer.status, {name: values[0] for name, values in answer.headers.items()})

    async def health(self, _: Request) -> Response:
        """Answer the balancer; the reasons are on the page for the administrator, which is not for everybody."""
        found = await report(self._oogst.world)
        return JSONResponse({"ready": found.ready}, 200 if found.ready else 503)

    def _payload(self, request: Request, body: bytes) -> dict[str, object]:
        try:
            payload = read(body, request.headers.get("content-type", ""))
            if payload.get("type") != "url_verification" and not payload.get("ssl_check"):
                check(payload)
        except Malformed as malformed:
            raise Refusal(400, malformed.reason) from None
        return payload

    async def _body(self, request: Request) -> bytes:
        length = request.headers.get("content-length", "0")
        if not (length.isascii() and length.isdecimal() and len(length) <= 12) or int(length) > MOST_BYTES:
            raise Refusal(413, "too_large")
        body, held = bytearray(), 0
        try:
            async with asyncio.timeout(self._body_seconds):
                async for piece in request.stream():
                    body += piece
                    if len(body) > MOST_BYTES:
                        raise Refusal(413, "too_large")
                    more = max(0, len(body) - SMALL_BYTES) - held
                    if self._held + more > MOST_HELD:
                        raise Refusal(503, "crowded")
                    held, self._held = held + more, self._held + more
        except TimeoutError:
            raise Refusal(408, "too_slow") from None
        except ClientDisconnect:
            raise Refusal(400, "gone") from None
        finally:
            self._held -= held
        return bytes(body)

    def _refused(self, refusal: Refusal) -> Response:
        world = self._oogst.world
        world.tally.refused[refusal.reason] += 1
        log.warning("request refused", incident=world.ids("rq"), status=refusal.status, reason=refusal.reason)
        closing = {"Connection": "close"} if refusal.status in (408, 413, 503) else {}
        return Response(status_code=refusal.status, headers=closing)


def web_app(door: Door, more: Sequence[Route] = ()) -> Starlette:
    """Return the pages there are: for Slack, for a balancer, and `more`, for who installs."""
    routes = [
        Route("/slack/events", door.events, methods=["POST"]),
        Route("/health", door.health, methods=["GET"]),
        *more,
    ]
    return Starlette(routes=routes)
