"""What happened since the start, in numbers alone: no user, channel or word is ever among them."""

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field

ACK_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
"""Upper edges in seconds; Slack waits three for an ack."""


@dataclass
class Spread:
    """How often a duration fell in each class; `counts` has one more than there are edges, for what was longer."""

    edges: tuple[float, ...] = ACK_SECONDS
    counts: list[int] = field(default_factory=list)
    total: float = 0.0

    def __post_init__(self) -> None:
        """Begin at zero."""
        self.counts = self.counts or [0] * (len(self.edges) + 1)

    def add(self, seconds: float) -> None:
        """Count one."""
        self.counts[bisect_left(self.edges, seconds)] += 1
        self.total += seconds


@dataclass
class Tally:
    """The counters of one process. Names are ours: a kind of click, a kind of message, an outcome, a reason word."""

    acks: Counter[tuple[str, bool]] = field(default_factory=Counter)
    """By kind of click, and whether it was answered."""
    ack_seconds: Spread = field(default_factory=Spread)
    posts: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By kind of message and outcome."""
    refused: Counter[str] = field(default_factory=Counter)
    """Requests that never reached a listener, by reason word."""
    ticks: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    """By the place where it was caught."""
