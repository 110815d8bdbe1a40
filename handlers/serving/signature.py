"""Whether a request comes from Slack: looked at in the raw bytes, before anything of it is read."""

import hmac
import re
from collections import OrderedDict
from collections.abc import Iterable
from hashlib import sha256

from handlers.clock import Clock

TOLERANCE = 300
"""Seconds that a request may be old, or ahead, by Slack's own rule."""
REMEMBERED = 600.0
"""Seconds for which a signature is remembered: both sides of the tolerance."""
MOST_REMEMBERED = 100_000
"""Slack sends at most thirty thousand an hour for a workspace; what is forgotten for want of room, our keys catch."""
STAMP, SIGNATURE = b"x-slack-request-timestamp", b"x-slack-signature"
_STAMP = re.compile(rb"[0-9]{1,12}")
_SIGNATURE = re.compile(rb"v0=[0-9a-f]{64}")


class Verifier:
    """Knows the signing secret, and the signatures that were used lately."""

    def __init__(self, secret: str, clock: Clock, most: int = MOST_REMEMBERED) -> None:
        """Take Slack's signing secret; `clock` is the real one, for Slack signs by real time."""
        self._secret = secret.encode()
        self._clock = clock
        self._most = most
        self._used: OrderedDict[bytes, float] = OrderedDict()

    def refuse(self, headers: Iterable[tuple[bytes, bytes]], body: bytes) -> str | None:
        """Return a word for why this is not from Slack, or was here before; None takes it in, and remembers it."""
        found = [(name, value) for name, value in headers if name in (STAMP, SIGNATURE)]
        given = dict(found)
        if len(given) < 2:
            return "unsigned"
        if len(found) > 2:
            return "signed_twice"
        stamp, signature = given[STAMP], given[SIGNATURE]
        if not _STAMP.fullmatch(stamp):
            return "timestamp"
        if not _SIGNATURE.fullmatch(signature):
            return "signature_form"
        if abs(self._clock.now().timestamp() - int(stamp)) > TOLERANCE:
            return "stale"
        wanted = hmac.new(self._secret, b"v0:" + stamp + b":" + body, sha256).hexdigest()
        if not hmac.compare_digest(b"v0=" + wanted.encode(), signature):
            return "signature"
        return None if self._first(signature) else "replayed"

    def forget(self, headers: Iterable[tuple[bytes, bytes]]) -> None:
        """Let a request that was taken in come once more, for what it asked was not done.

        Slack's first retry comes nearly at once: within the same second it carries the same signature.
        """
        for name, value in headers:
            if name == SIGNATURE:
                self._used.pop(value, None)

    def _first(self, signature: bytes) -> bool:
        now = self._clock.monotonic()
        while self._used and next(iter(self._used.values())) <= now:
            self._used.popitem(last=False)
        if signature in self._used:
            return False
        if len(self._used) >= self._most:
            self._used.popitem(last=False)
        self._used[signature] = now + REMEMBERED
        return True
