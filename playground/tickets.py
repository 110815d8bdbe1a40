"""What Slack hands out with an interaction and takes back once or a few times: trigger ids and response urls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .errors import Refused


@dataclass
class Trigger:
    """May open one modal for this person, until `until` (real seconds)."""

    user: str
    until: float
    used: bool = False


@dataclass
class ResponseUrl:
    """May be posted to `left` more times until `until`, as the app's answer to `user` in `channel`.

    `ts` is the message that was clicked ("" for a command); `ephemeral` whether that one was only for the user.
    """

    user: str
    channel: str
    ts: str
    ephemeral: bool
    thread_ts: str
    until: float
    left: int


class Tickets:
    """Hands them out and judges them when they come back."""

    def __init__(self, real: Callable[[], float], trigger_life: float, url_life: float, url_uses: int) -> None:
        self._real = real
        self._trigger_life, self._url_life, self._url_uses = trigger_life, url_life, url_uses
        self._triggers: dict[str, Trigger] = {}
        self._urls: dict[str, ResponseUrl] = {}

    def trigger(self, key: str, user: str) -> str:
        """Remember that `key` may open a modal for this person; returns the key."""
        self._triggers[key] = Trigger(user, self._real() + self._trigger_life)
        if len(self._triggers) > 20_000:
            for old in list(self._triggers)[:10_000]:
                del self._triggers[old]
        return key

    def exchange(self, key: str) -> str:
        """Use a trigger id; returns the person. Raises Refused: unknown, used before, or too late."""
        trigger = self._triggers.get(key)
        if trigger is None:
            raise Refused("invalid_trigger_id")
        if trigger.used:
            raise Refused("trigger_exchanged")
        if self._real() > trigger.until:
            raise Refused("trigger_expired")
        trigger.used = True
        return trigger.user

    def response_url(
        self, key: str, user: str, channel: str, ts: str = "", ephemeral: bool = False, thread_ts: str = ""
    ) -> str:
        """Remember what posting to the url with this key will mean; returns the key."""
        until = self._real() + self._url_life
        self._urls[key] = ResponseUrl(user, channel, ts, ephemeral, thread_ts, until, self._url_uses)
        if len(self._urls) > 20_000:
            for old in list(self._urls)[:10_000]:
                del self._urls[old]
        return key

    def respond(self, key: str) -> ResponseUrl:
        """Use a response url once. Raises Refused: unknown, used up, or too old."""
        url = self._urls.get(key)
        if url is None or self._real() > url.until:
            raise Refused("expired_url", status=404)
        if not url.left:
            raise Refused("used_url", status=404)
        url.left -= 1
        return url
