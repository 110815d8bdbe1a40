"""Delivery over signed HTTP requests, for an app that does not use Socket Mode."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import httpx

from .state import Json

if TYPE_CHECKING:
    from .hub import Delivery


@dataclass(frozen=True)
class HttpApp:
    """Where the app listens, and the secret with which requests to it are signed."""

    url: str
    signing_secret: str
    client: httpx.AsyncClient


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
        response = await app.client.post(app.url, content=body, headers=headers, timeout=within)
    except httpx.TimeoutException:
        return Answer(False, error="http_timeout")
    except httpx.TooManyRedirects:
        return Answer(False, error="too_many_redirects")
    except httpx.TransportError:
        return Answer(False, error="connection_failed")
    if not response.is_success:
        return Answer(False, error="http_error", final=response.headers.get("x-slack-no-retry") == "1")
    if not response.content:
        return Answer(True)
    try:
        payload = response.json()
    except ValueError:
        payload = {"text": response.text}
    return Answer(True, payload if isinstance(payload, dict) else {})


async def verified(app: HttpApp, now: float, challenge: str) -> bool:
    """Whether the url answers Slack's url_verification with the challenge, as it must before events are sent there."""
    body, content_type = body_of(
        "events_api", {"type": "url_verification", "token": "practice", "challenge": challenge}
    )
    headers = {"Content-Type": content_type, **signed(app.signing_secret, body, now)}
    try:
        response = await app.client.post(app.url, content=body, headers=headers, timeout=3.0)
    except httpx.TransportError:
        return False
    return response.is_success and challenge in response.text
