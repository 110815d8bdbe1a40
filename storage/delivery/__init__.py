"""The outbox: what Oogst owes Slack, written in the transaction that caused it, and brought there once."""

from storage.delivery.claiming import (
    claim,
    due,
    is_busy,
    next_due,
    record_later,
    record_sent,
    record_state,
    record_unseen,
    take_over,
)
from storage.delivery.planning import Conflict, keep_until, plan, plan_change, replace_files
from storage.delivery.reading import (
    OPEN,
    Queue,
    is_changing,
    key_at,
    keys,
    link,
    parcel,
    queue,
    receivers,
    sent,
    speaks_in,
)
from storage.delivery.rows import OutboxRow, Parcel

__all__ = [
    "OPEN",
    "Conflict",
    "OutboxRow",
    "Parcel",
    "Queue",
    "claim",
    "due",
    "is_busy",
    "is_changing",
    "keep_until",
    "key_at",
    "keys",
    "link",
    "next_due",
    "parcel",
    "plan",
    "plan_change",
    "queue",
    "receivers",
    "record_later",
    "record_sent",
    "record_state",
    "record_unseen",
    "replace_files",
    "sent",
    "speaks_in",
    "take_over",
]
