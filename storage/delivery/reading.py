"""What became of what Oogst owes: where a message arrived, and what was posted at a place."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select

from bot.delivery import Operation, RowState
from storage.delivery.rows import OutboxRow, Parcel, parcel_of


def parcel(db: Session, team: str, key: str) -> Parcel | None:
    """Return the parcel of this key, in whatever state."""
    row = db.exec(select(OutboxRow).where(OutboxRow.team_id == team, OutboxRow.key == key)).first()
    return parcel_of(row) if row else None


def is_changing(db: Session, team: str, target_key: str) -> bool:
    """Say whether a change of this parcel still waits to be made: it will show what is written now as well.

    Until the caller has committed, the courier cannot take it in hand.
    """
    query = select(OutboxRow.id).where(
        OutboxRow.team_id == team, OutboxRow.target_key == target_key, OutboxRow.state == RowState.PLANNED
    )
    return db.exec(query.with_for_update()).first() is not None


def sent(db: Session, team: str, key: str) -> tuple[str, str] | None:
    """Return the channel and ts at which the parcel of this key arrived."""
    query = select(OutboxRow.posted_channel, OutboxRow.ts).where(OutboxRow.team_id == team, OutboxRow.key == key)
    row = db.exec(query).first()
    return (row[0], row[1]) if row and row[0] and row[1] else None


def link(channel: str, ts: str) -> str:
    """Return an address that opens a message in whatever workspace the reader is signed in to."""
    return f"https://slack.com/archives/{channel}/p{ts.replace('.', '')}"


def holds(db: Session, team: str, ts: str) -> bool:
    """Say whether something that we sent has this ts, or is this file."""
    return db.exec(select(OutboxRow.id).where(OutboxRow.team_id == team, OutboxRow.ts == ts)).first() is not None


def key_at(db: Session, team: str, channel: str, ts: str) -> tuple[str, str, dict[str, Any]] | None:
    """Return key, kind and arguments of what we posted at this place."""
    query = select(OutboxRow).where(OutboxRow.team_id == team, OutboxRow.posted_channel == channel, OutboxRow.ts == ts)
    row = db.exec(query).first()
    return (row.key, row.kind, json.loads(row.arguments)) if row else None


def speaks_in(db: Session, team: str, channel: str) -> bool:
    """Say whether this workspace ever said anything in a channel."""
    query = select(OutboxRow.id).where(OutboxRow.team_id == team, OutboxRow.posted_channel == channel).limit(1)
    return db.exec(query).first() is not None


@dataclass(frozen=True)
class Queue:
    """What a workspace is owed: parcels per state, and since when the oldest is due that did not leave."""

    counts: Mapping[str, int]
    oldest_due: datetime | None


OPEN = (RowState.PLANNED, RowState.SENDING, RowState.UNKNOWN)
"""The states of what has still to leave."""


def queue(db: Session, team: str) -> Queue:
    """Count what is owed to a workspace, for the doctor."""
    counts = select(OutboxRow.state, func.count()).where(OutboxRow.team_id == team).group_by(OutboxRow.state)
    oldest = select(func.min(func.coalesce(OutboxRow.started_at, OutboxRow.not_before))).where(
        OutboxRow.team_id == team, col(OutboxRow.state).in_(OPEN)
    )
    return Queue(dict(db.exec(counts).all()), db.exec(oldest).one())


def receivers(db: Session, team: str, kind: str, subject: str) -> list[str]:
    """Return everybody who was ever owed a message of this kind about this subject, whoever they are by now."""
    query = select(OutboxRow.user_id).where(
        OutboxRow.team_id == team,
        OutboxRow.kind == kind,
        col(OutboxRow.key).startswith(f"{kind}:{subject}:", autoescape=True),
    )
    return sorted({user for user in db.exec(query) if user})


def keys(db: Session, team: str, kind: str, subject: str) -> list[str]:
    """Return the keys of all messages of this kind about this subject that were ever owed, without their changes."""
    query = select(OutboxRow.key).where(
        OutboxRow.team_id == team,
        OutboxRow.kind == kind,
        OutboxRow.operation == Operation.POST.value,
        col(OutboxRow.key).startswith(f"{kind}:{subject}:", autoescape=True),
    )
    return list(db.exec(query.order_by(col(OutboxRow.id))))
