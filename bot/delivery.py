"""What became of a post to Slack, and when to try again. The protocol is described in `docs/delivery.md`."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any


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
OUTAGE_LIMIT = timedelta(days=1)
"""So long history may be out of order before a post of which nobody knows is decided without it."""
QUARANTINE_LONG = timedelta(minutes=5)
"""The rest of a post that failed in an unknown way many times already: each try might show up after all."""
SHORT_RESTS = 12
LOOK_AGAIN = 15.0
"""Seconds between two looks at a history that does not answer: looking is harmless, posting is not."""
RETRY_AFTER_DEFAULT = 30.0
"""Seconds to wait when Slack says "later" without a readable Retry-After."""
RETRY_AFTER_LONGEST = 3600.0

_WAIT = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
_UNKNOWN = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable", "team_added_to_org"})
_OUTAGE = frozenset({"TimeoutError", "ServerDisconnectedError", "ClientOSError", "ConnectionResetError", "unreadable"})
_SHUT_OUT = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "app_uninstalled",
        "no_installation",
        "org_login_required",
        "ekm_access_denied",
        "team_access_not_granted",
        "team_not_found",
        "access_denied",
        "not_allowed_token_type",
    }
)
"""Slack does not let Oogst in at all, or Oogst is not installed there: no message is to blame."""
UNSURE = "history unreadable"
"""Why a parcel is parked of which nobody can find out whether it arrived."""
UNFOUND = "not found in history"
"""Why a parcel is parked that a person saw in Slack, and that we looked for and did not find."""
NO_PARENT = "the message above it was not posted"
"""Why a parcel is parked that hangs below one that is not there, or changes it: a person decides about that one."""
LOST = "the message that it changes cannot be looked up"
"""Why a change is parked of a message that was given up while nobody knew whether it had arrived."""
SAID_THERE = "decided: there"
"""Stands beside a parcel that a person saw in Slack: it is looked up, or was found."""
LEFT_UNSURE = "decided: leave, unsure"
"""Stands beside a dropped parcel that may stand in Slack all the same."""
HARMLESS_TWICE = frozenset({"digest.post", "digest.details"})
"""Kinds that a channel had rather read twice than never; nobody is called by them, and nothing in them is answered."""
_CALLS = re.compile(r"<[@!]")


@dataclass(frozen=True)
class Reply:
    """What came back: an HTTP status, Slack's own `ok` and `error`, the `ts`, and a Retry-After if there was one.

    `status` is None when no answer came; `before_sending` says that the request surely never left. `needed` is the
    scope that Slack missed, where it said so.
    """

    status: int | None = None
    ok: bool | None = None
    error: str = ""
    ts: str | None = None
    retry_after: str | None = None
    before_sending: bool = False
    needed: str = ""


def classify(reply: Reply) -> Outcome:
    """Say what a reply means. Whatever is not surely sent or surely not sent is unknown, and never retried blindly."""
    if reply.status is None:
        return Outcome.NOT_SENT if reply.before_sending else Outcome.UNKNOWN
    if is_busy(reply):
        return Outcome.NOT_SENT
    if reply.status >= 500 or reply.ok is None or reply.error in _UNKNOWN:
        return Outcome.UNKNOWN
    if reply.ok:
        return Outcome.SENT if reply.ts else Outcome.UNKNOWN
    return Outcome.REFUSED


def wait_before_retry(reply: Reply, attempt: int) -> float:
    """Return the seconds to wait after a post that was surely not sent: as told, else doubling from two seconds."""
    if is_busy(reply):
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
    if is_busy(reply):
        return False
    out = reply.before_sending or (reply.status or 0) >= 500 or reply.error in _UNKNOWN or reply.error in _OUTAGE
    return attempt >= (MOST_ATTEMPTS_OUTAGE if out else MOST_ATTEMPTS)


def is_busy(reply: Reply) -> bool:
    """Say whether Slack did nothing but ask to come back later."""
    return reply.status == 429 or reply.error in _WAIT


def is_shut_out(reply: Reply) -> bool:
    """Say whether Slack lets Oogst in no more: then nothing is sent to that workspace, and no message is given up."""
    return reply.error in _SHUT_OUT


def rest_after(attempt: int) -> timedelta:
    """Return how long a post of which nobody knows rests after this attempt, before history is asked for it."""
    return QUARANTINE if attempt <= SHORT_RESTS else QUARANTINE_LONG


def calls_people(text: str, blocks: Iterable[Mapping[str, Any]]) -> bool:
    """Say whether a message mentions anybody: a person, a group, or a whole channel."""
    return bool(_CALLS.search(text)) or any(_calls(block) for block in blocks)


def _calls(part: Any) -> bool:
    if isinstance(part, Mapping):
        if part.get("type") in ("user", "usergroup", "broadcast"):
            return True
        return any(_calls(value) for value in part.values())
    if isinstance(part, (list, tuple)):
        return any(_calls(each) for each in part)
    return isinstance(part, str) and bool(_CALLS.search(part))


def may_repeat(kind: str, *, direct: bool, calls: bool, repeated: bool) -> bool:
    """Say whether a post is made again although nobody can find out whether it arrived.

    Only what is harmless twice, and only once: a digest that calls nobody. All else waits for a person.
    """
    return kind in HARMLESS_TWICE and not direct and not calls and not repeated


NOTICE = "delivery.notice"
"""The kind of the message that tells a coordinator what waits for a person; it never tells of itself."""


class Reason(StrEnum):
    """Why a message waits for a person, in kinds that a person can do something about."""

    ARCHIVED = "archived"
    NOT_MEMBER = "not_member"
    NO_CHANNEL = "no_channel"
    PERSON_GONE = "person_gone"
    NO_RIGHT = "no_right"
    OUTAGE = "outage"
    UNSURE = "unsure"
    UNFOUND = "unfound"
    LOST = "lost"
    NOT_MADE = "not_made"


_REASONS = {
    "is_archived": Reason.ARCHIVED,
    "not_in_channel": Reason.NOT_MEMBER,
    "channel_not_found": Reason.NO_CHANNEL,
    "no_channel": Reason.NO_CHANNEL,
    "user_disabled": Reason.PERSON_GONE,
    "user_not_found": Reason.PERSON_GONE,
    "users_not_found": Reason.PERSON_GONE,
    "user_not_visible": Reason.PERSON_GONE,
    "cannot_dm_bot": Reason.PERSON_GONE,
    "connect": Reason.OUTAGE,
    UNSURE: Reason.UNSURE,
    UNFOUND: Reason.UNFOUND,
    LOST: Reason.LOST,
}


def reason_of(error: str) -> Reason:
    """Return the kind of reason behind the word that stands beside a parked parcel."""
    if error.startswith("missing_scope"):
        return Reason.NO_RIGHT
    if error in _OUTAGE or error in _UNKNOWN:
        return Reason.OUTAGE
    return _REASONS.get(error, Reason.NOT_MADE)


class Whereabouts(StrEnum):
    """What is known of the place in Slack of a message that is to be changed."""

    NOWHERE = "nowhere"
    OPEN = "open"
    LOST = "lost"


def whereabouts(state: RowState, error: str) -> Whereabouts:
    """Say what is known of a message without a ts: it is not there, a person has yet to say, or nobody ever will."""
    if state is RowState.PARKED and error in (UNSURE, UNFOUND):
        return Whereabouts.OPEN
    if state is RowState.DROPPED and error in (LEFT_UNSURE, SAID_THERE):
        return Whereabouts.LOST
    return Whereabouts.NOWHERE
