"""Delivery over signed HTTP requests, for an app that does not use Socket Mode."""

from __future__ import annotations

import hashlib
import hmac
import json
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import aiohttp

from .state import Json

if TYPE_CHECKING:
    from .hub import Delivery

MOST_REDIRECTS = 2


def make_client() -> aiohttp.ClientSession:
    """Return a client that brings the app as much at once as there is, in a time that grows with it and no faster."""
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), cookie_jar=aiohttp.DummyCookieJar())


@dataclass(frozen=True)
class HttpApp:
    """Where the app listens, and the secret with which requests to it are signed."""

    url: str
    signing_secret: str
    client: aiohttp.ClientSession


@dataclass(frozen=True)
class Answer:
    """What the app answered; `error` is one of Slack's retry reasons, `final` that the app asked for no retry."""

    acked: bool
    payload: Json = field(default_factory=dict)
    error: str = ""
    final: bool = False


def signed(secret: str, body: bytes, now: float) -> dict[str, str]:
    """The two headers that prove that a body comes from Slack at this moment (epoch seconds)."""
    stamp = str(int(now))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


def body_of(kind: str, payload: Json) -> tuple[bytes, str]:
    """How Slack writes each kind of payload: the bytes and their content type."""
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    form = {"payload": json.dumps(payload)} if kind == "interactive" else payload
    return urlencode(form).encode(), "application/x-www-form-urlencoded"


async def post(app: HttpApp, delivery: Delivery, within: float, now: float) -> Answer:
    """Send one delivery and judge the answer; 2xx `within` seconds is an ack."""
    body, content_type = body_of(delivery.kind, delivery.payload)
    headers = {"Content-Type": content_type, **signed(app.signing_secret, body, now)}
    if delivery.attempt:
        headers |= {"X-Slack-Retry-Num": str(delivery.attempt), "X-Slack-Retry-Reason": delivery.reason}
    try:
        async with _sent(app, body, headers, within) as response:
            status, final = response.status, response.headers.get("x-slack-no-retry") == "1"
            content = await response.text()
    except TimeoutError:
        return Answer(False, error="http_timeout")
    except aiohttp.TooManyRedirects:
        return Answer(False, error="too_many_redirects")
    except aiohttp.ClientError:
        return Answer(False, error="connection_failed")
    if not 200 <= status < 300:
        return Answer(False, error="http_error", final=final)
    if not content:
        return Answer(True)
    try:
        payload = json.loads(content)
    except ValueError:
        payload = {"text": content}
    return Answer(True, payload if isinstance(payload, dict) else {})


def _sent(
    app: HttpApp, body: bytes, headers: dict[str, str], within: float
) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
    return app.client.post(
        app.url, data=body, headers=headers, timeout=aiohttp.ClientTimeout(within), max_redirects=MOST_REDIRECTS + 1
    )


async def verified(app: HttpApp, now: float, challenge: str) -> bool:
    """Whether the url answers Slack's url_verification with the challenge, as it must before events are sent there."""
    body, content_type = body_of(
        "events_api", {"type": "url_verification", "token": "practice", "challenge": challenge}
    )
    headers = {"Content-Type": content_type, **signed(app.signing_secret, body, now)}
    try:
        async with _sent(app, body, headers, 3.0) as response:
            return 200 <= response.status < 300 and challenge in await response.text()
    except (TimeoutError, aiohttp.ClientError):
        return False
