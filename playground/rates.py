"""How often each Web API method may be called: Slack's published tiers, as token buckets on real time."""

from __future__ import annotations

from dataclasses import dataclass

# Calls per minute, per method and workspace. Bursts are allowed but their size is not published: here a tier's minute
# may be used at once, except for posting.
PER_MINUTE = {
    "apps.connections.open": 10,  # published as "1+"; a bot that reconnects a few times in a minute is not refused
    "bots.info": 50,
    "chat.delete": 50,
    "chat.postEphemeral": 100,
    "chat.update": 50,
    "conversations.history": 50,
    "conversations.info": 50,
    "conversations.invite": 50,
    "conversations.join": 50,
    "conversations.list": 20,
    "conversations.members": 100,
    "conversations.open": 50,
    "conversations.replies": 50,
    "files.completeUploadExternal": 100,
    "files.getUploadURLExternal": 100,
    "files.info": 100,
    "team.info": 50,
    "users.info": 100,
    "users.list": 20,
    "views.open": 100,
    "views.publish": 100,
    "views.push": 100,
    "views.update": 100,
}
SPECIAL = 600  # auth.test and the like: "hundreds per minute"
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
        allowed = PER_MINUTE.get(method, SPECIAL)
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
