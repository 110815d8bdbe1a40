"""How fast Slack may be asked: turns for each method of a workspace and for each channel, in the order of asking.

Slack allows one message a second in a channel and "several hundred a minute" in a workspace, without saying how many or
how large a burst may be. Four a second, ten at once, stays under three hundred in any minute, and the forty channels of
a Tuesday morning have their digest within ten seconds. The other methods have Slack's published tier, a few at once;
changes some more, since people look at what they changed, and one that is told to wait is simply made again.
Times are seconds of a clock that never runs back, and come in as arguments.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

CHANNEL_EVERY = 1.0
"""Seconds between the end of one message in a channel and the next: Slack allows one a second."""


@dataclass(frozen=True)
class Limit:
    """So many a minute in one workspace, of which so many may come at once."""

    a_minute: float
    at_once: int = 5


LIMITS: Mapping[str, Limit] = {
    "chat.postMessage": Limit(240, 10),
    "chat.update": Limit(50, 15),
    "chat.delete": Limit(50),
    "conversations.open": Limit(50),
    "conversations.history": Limit(50),
    "conversations.replies": Limit(50),
    "files.getUploadURLExternal": Limit(100),
    "files.delete": Limit(50),
    "users.list": Limit(20),
}


@dataclass
class Pace:
    """Gives turns. Who asks first goes first, so that nobody starves: a channel has never more than one turn asked for.

    With `limits` None nothing is limited, to measure what the machine itself can do.
    """

    limits: Mapping[str, Limit] | None = field(default_factory=lambda: LIMITS)
    channel_every: float = CHANNEL_EVERY
    _next: dict[tuple[str, str], float] = field(default_factory=dict)
    _held: dict[tuple[str, str], float] = field(default_factory=dict)

    def turn(self, team: str, method: str, now: float) -> float:
        """Take the next turn of a method in a workspace; returns the moment at which it may be used."""
        limit = self.limits.get(method) if self.limits is not None else None
        if limit is None:
            return now
        every = 60 / limit.a_minute
        due = max(now, self._next.get((team, method), 0.0))
        self._next[team, method] = due + every
        return max(now, due - (limit.at_once - 1) * every, self.held_until(team, method))

    def free_at(self, lane: str) -> float:
        """Return the moment from which the next message may leave for a channel."""
        return self._next.get(("", lane), 0.0) if self.limits is not None else 0.0

    def used(self, lane: str, now: float) -> None:
        """A message for this channel is through; counted from here, Slack sees at most one a second."""
        self._next["", lane] = now + self.channel_every

    def hold(self, team: str, method: str, until: float) -> None:
        """Slack asked to wait: no call of this method in this workspace before that moment."""
        self._held[team, method] = max(until, self.held_until(team, method))

    def held_until(self, team: str, method: str) -> float:
        """Return the moment before which this method is not to be called in this workspace."""
        return self._held.get((team, method), 0.0)
