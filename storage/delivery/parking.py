"""Messages that wait for a person: what they are, who was told, and what the person decided."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, func, select

from bot.delivery import NO_PARENT, NOTICE, Operation, RowState
from storage.delivery.rows import OutboxRow, Parcel, parcel_of


class Decision(StrEnum):
    """What a person says of a message that waits for them."""

    AGAIN = "again"
    THERE = "there"
    LEAVE = "leave"


@dataclass(frozen=True)
class Parked:
    """A parcel that waits for a person, Slack's or our own word for why, and since when."""

    parcel: Parcel
    why: str
    since: datetime | None


def parked(db: Session, team: str, ids: Iterable[int] | None = None) -> list[Parked]:
    """Return what waits for a person, oldest first; of a thread only what it hangs on, not every part of it."""
    query = select(OutboxRow).where(
        OutboxRow.team_id == team,
        OutboxRow.state == RowState.PARKED,
        OutboxRow.error != NO_PARENT,
        OutboxRow.kind != NOTICE,
    )
    if ids is not None:
        query = query.where(col(OutboxRow.id).in_(list(ids)))
    return [Parked(parcel_of(row), row.error, row.parked_at) for row in db.exec(query.order_by(col(OutboxRow.id)))]


def untold(db: Session, team: str) -> tuple[int, datetime | None]:
    """Return how many parcels wait for a person of which nobody was told, and since when the oldest of them waits."""
    query = select(func.count(), func.min(OutboxRow.parked_at)).where(
        OutboxRow.team_id == team,
        OutboxRow.state == RowState.PARKED,
        OutboxRow.error != NO_PARENT,
        OutboxRow.kind != NOTICE,
        col(OutboxRow.told_at).is_(None),
    )
    number, oldest = db.exec(query).one()
    return number, oldest


def told(db: Session, team: str, ids: Iterable[int]) -> list[tuple[Parcel, str]]:
    """Return the parcels with these numbers, in whatever state, with what stands beside them."""
    query = select(OutboxRow).where(OutboxRow.team_id == team, col(OutboxRow.id).in_(list(ids)))
    return [(parcel_of(row), row.error) for row in db.exec(query.order_by(col(OutboxRow.id)))]


def last_notice(db: Session, team: str) -> datetime | None:
    """Return when a person was last told of what waits."""
    query = select(func.max(OutboxRow.created_at)).where(
        OutboxRow.team_id == team, OutboxRow.kind == NOTICE, OutboxRow.operation == Operation.POST.value
    )
    return db.exec(query).one()


def notices(db: Session, team: str) -> list[tuple[str, dict[str, Any]]]:
    """Return the messages in which people were told, as key and arguments, oldest first."""
    query = select(OutboxRow.key, OutboxRow.arguments).where(
        OutboxRow.team_id == team, OutboxRow.kind == NOTICE, OutboxRow.operation == Operation.POST.value
    )
    return [(key, json.loads(arguments)) for key, arguments in db.exec(query.order_by(col(OutboxRow.id)))]


def mark_told(db: Session, team: str, ids: Iterable[int], now: datetime) -> None:
    """Remember that a person was told of these."""
    theirs = update(OutboxRow).where(col(OutboxRow.team_id) == team, col(OutboxRow.id).in_(list(ids)))
    db.connection().execute(theirs.values(told_at=now))


def decide(db: Session, team: str, ids: Iterable[int], decision: Decision, now: datetime) -> list[int]:
    """Do what a person decided with what still waits for them; returns which those were.

    What hangs below a message goes with it: planned again, or dropped where there is nothing to hang it on.
    """
    waiting = select(OutboxRow).where(
        OutboxRow.team_id == team, OutboxRow.state == RowState.PARKED, col(OutboxRow.id).in_(list(ids))
    )
    rows = list(db.exec(waiting.order_by(col(OutboxRow.id)).with_for_update()))
    below = select(OutboxRow).where(
        OutboxRow.team_id == team,
        OutboxRow.state == RowState.PARKED,
        OutboxRow.error == NO_PARENT,
        col(OutboxRow.thread_key).in_([row.key for row in rows]),
    )
    done = [row.id for row in rows if row.id is not None]
    for row in [*rows, *db.exec(below)]:
        if decision is Decision.AGAIN:
            row.state, row.not_before, row.error = RowState.PLANNED, now, ""
            row.parked_at = row.told_at = None
        else:
            row.state, row.error = RowState.DROPPED, f"decided: {decision.value}"
        db.add(row)
    return done
