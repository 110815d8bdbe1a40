"""How often each Web API method may be called: Slack's published tiers, as token buckets on real time."""

from __future__ import annotations

from dataclasses import dataclass

from .manifest import rules

POSTS_PER_WORKSPACE = 400  # "several hundred per minute"
POSTS_AT_ONCE = 3  # chat.postMessage is 1/s in a channel; this many may come together


@dataclass
class _Bucket:
    left: float
    at: float


class Rates:
    """Counts calls. `factor` multiplies what is allowed; 0 switches all limits off (for measuring)."""

    def __init__(self, factor: float = 1.0, slow_history: bool = False) -> None:
        self._factor, self._slow_history = factor, slow_history
        self._buckets: dict[tuple[str, str], _Bucket] = {}

    def wait(self, method: str, channel: str, now: float) -> float:
        """Count one call at `now` (real seconds): 0.0 when it may pass, else after how many seconds to try again."""
        if not self._factor:
            return 0.0
        if method == "chat.postMessage":
            wait = self._take((method, channel), POSTS_AT_ONCE, 1.0, now)
            return wait or self._take((method, ""), POSTS_PER_WORKSPACE, POSTS_PER_WORKSPACE / 60, now)
        if self._slow_history and method in ("conversations.history", "conversations.replies"):
            return self._take((method, ""), 1, 1 / 60, now)
        allowed = rules().minute[method]
        return self._take((method, ""), allowed, allowed / 60, now)

    def _take(self, key: tuple[str, str], size: int, per_second: float, now: float) -> float:
        size, per_second = max(1, int(size * self._factor)), per_second * self._factor
        bucket = self._buckets.setdefault(key, _Bucket(size, now))
        bucket.left = min(size, bucket.left + (now - bucket.at) * per_second)
        bucket.at = now
        if bucket.left >= 1:
            bucket.left -= 1
            return 0.0
        return (1 - bucket.left) / per_second
