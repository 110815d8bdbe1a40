"""What became of a post to Slack, and when to try again. The protocol is described in `docs/delivery.md`."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Operation(StrEnum):
    """What an outbox row asks of Slack."""

    POST = "post"
    UPDATE = "update"
    FILE = "file"
    REMOVE = "remove"


REPEATABLE = frozenset({Operation.UPDATE, Operation.REMOVE})
"""What says or does the same however often it is done, and so is simply done again when its outcome is unknown."""


class Outcome(StrEnum):
    """What is known after an attempt."""

    SENT = "sent"
    NOT_SENT = "not_sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class RowState(StrEnum):
    """The life of an outbox row. `unknown` waits for reconciliation; `parked` waits for a person."""

    PLANNED = "planned"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SENT = "sent"
    PARKED = "parked"
    DROPPED = "dropped"


QUARANTINE = timedelta(seconds=60)
"""How long an unknown post rests before history is asked: at least thrice the posting timeout, plus skew."""
POST_TIMEOUT = 10.0
"""Seconds for one post; the quarantine is derived from it."""
MOST_ATTEMPTS = 8
MOST_ATTEMPTS_OUTAGE = 300
"""About a day, five minutes apart: so long the network or Slack may be down without a message being given up."""
RETRY_AFTER_DEFAULT = 30.0
"""Seconds to wait when Slack says "later" without a readable Retry-After."""
RETRY_AFTER_LONGEST = 3600.0
PACE = 1.05
"""Seconds between two posts in one channel: Slack allows one a second."""

_WAIT = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
_UNKNOWN = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable", "team_added_to_org"})
_OUTAGE = frozenset({"TimeoutError", "ServerDisconnectedError", "ClientOSError", "ConnectionResetError", "unreadable"})


@dataclass(frozen=True)
class Reply:
    """What came back: an HTTP status, Slack's own `ok` and `error`, the `ts`, and a Retry-After if there was one.

    `status` is None when no answer came; `before_sending` says that the request surely never left.
    """

    status: int | None = None
    ok: bool | None = None
    error: str = ""
    ts: str | None = None
    retry_after: str | None = None
    before_sending: bool = False


def classify(reply: Reply) -> Outcome:
    """Say what a reply means. Whatever is not surely sent or surely not sent is unknown, and never retried blindly."""
    if reply.status is None:
        return Outcome.NOT_SENT if reply.before_sending else Outcome.UNKNOWN
    if reply.status == 429 or reply.error in _WAIT:
        return Outcome.NOT_SENT
    if reply.status >= 500 or reply.ok is None or reply.error in _UNKNOWN:
        return Outcome.UNKNOWN
    if reply.ok:
        return Outcome.SENT if reply.ts else Outcome.UNKNOWN
    return Outcome.REFUSED


def wait_before_retry(reply: Reply, attempt: int) -> float:
    """Return the seconds to wait after a post that was surely not sent: as told, else doubling from two seconds."""
    if reply.status == 429 or reply.error in _WAIT:
        try:
            told = float(reply.retry_after or "")
        except ValueError:
            told = RETRY_AFTER_DEFAULT
        if not 0 <= told <= RETRY_AFTER_LONGEST:
            told = RETRY_AFTER_DEFAULT if told != told or told < 0 else RETRY_AFTER_LONGEST
        return max(told, 1.0)
    return min(2.0**attempt, 300.0)


def is_hopeless(reply: Reply, attempt: int) -> bool:
    """Say whether to stop trying a post that was not sent. What Slack is too busy for is never given up."""
    if reply.status == 429 or reply.error in _WAIT or reply.retry_after:
        return False
    out = reply.before_sending or (reply.status or 0) >= 500 or reply.error in _UNKNOWN or reply.error in _OUTAGE
    return attempt >= (MOST_ATTEMPTS_OUTAGE if out else MOST_ATTEMPTS)
