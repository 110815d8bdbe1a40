"""Places at which a test may let the process die, to prove that nothing is lost and nothing done twice.

In a running bot nothing is armed, and `crashpoint` does nothing.
"""

from collections.abc import Callable, Mapping

POINTS: Mapping[str, str] = {
    "plan.before": "before something is planned",
    "plan.after": "planned, and not committed yet",
    "commit.after": "the plan is on disk; nobody was woken",
    "claim.after": "the claim is on disk; nothing was sent",
    "post.before": "right before the call to Slack",
    "post.during": "half of the call has left",
    "post.after": "Slack has the message; the answer was not read",
    "answer.after": "the answer was read, and not recorded",
    "record.after": "the answer is on disk",
    "heal.before": "before doubles are looked for",
    "request.in": "a tap came in",
    "effect.before": "before the effect of a tap is written",
    "effect.after": "its effect is written, and not committed",
    "ack.before": "its effect is on disk; no ack left",
    "ack.after": "the ack left; what comes after it has not begun",
    "paint.before": "before a message is painted anew",
}
"""Every place, and what was done by then. The tests fail on one that is not tried."""

_armed: Callable[[str], None] | None = None


def arm(die: Callable[[str], None] | None) -> None:
    """Let `die` be called with the name of every place that is reached; None disarms."""
    global _armed
    _armed = die


def crashpoint(name: str) -> None:
    """Mark a place at which the process may die."""
    if _armed is not None:
        _armed(name)
