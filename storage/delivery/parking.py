"""Messages that wait for a person: what they are, who was told, and what the person decided."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, update
from sqlmodel import Session, col, func, or_, select

from bot.delivery import LEFT_UNSURE, NO_PARENT, NOTICE, SAID_THERE, UNFOUND, UNSURE, Operation, RowState
from storage import jobs
from storage.delivery.planning import plan_change
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

    What somebody saw in Slack is looked up there first: without its place it could never be changed or taken away. What
    hangs below a message goes with it: planned again, or dropped where there is nothing to hang it on. Changes of a
    message that may stand in Slack are tried all the same.
    """
    waiting = select(OutboxRow).where(
        OutboxRow.team_id == team, OutboxRow.state == RowState.PARKED, col(OutboxRow.id).in_(list(ids))
    )
    if decision is Decision.THERE:
        waiting = waiting.where(col(OutboxRow.error).in_([UNSURE, UNFOUND]))
    done = []
    for row in db.exec(waiting.order_by(col(OutboxRow.id)).with_for_update()).all():
        assert row.id is not None
        done.append(row.id)
        unsure = row.error == UNSURE
        if decision is Decision.THERE:
            row.state, row.not_before, row.error = RowState.UNKNOWN, now, SAID_THERE
        elif decision is Decision.AGAIN:
            _again(row, now)
        else:
            row.state, row.error = RowState.DROPPED, LEFT_UNSURE if unsure else f"decided: {decision.value}"
        db.add(row)
        if decision is not Decision.THERE:
            for below in _hanging(db, row):
                if decision is Decision.AGAIN or (unsure and below.target_key):
                    _again(below, now)
                else:
                    below.state, below.error = RowState.DROPPED, f"decided: {decision.value}"
                db.add(below)
        jobs.defer(db, team, row.channel_id or row.user_id or "")
    return done


def found(db: Session, parcel: Parcel, ts: str, channel: str, now: datetime) -> bool:
    """Write down where a parcel stands after all; what hangs below it, and its changes, leave now.

    Whoever was told that it waits sees so. False when somebody else settled it in the meantime.
    """
    row = db.exec(select(OutboxRow).where(_same(parcel)).with_for_update()).first()
    if row is None:
        return False
    row.state, row.ts, row.posted_channel, row.sent_at, row.error = RowState.SENT, ts, channel, now, SAID_THERE
    db.add(row)
    for below in _hanging(db, row):
        _again(below, now)
        db.add(below)
    show_decided(db, parcel.team, [parcel.id], "found", now)
    return True


def not_found(db: Session, parcel: Parcel, why: str, now: datetime) -> None:
    """Write down that a parcel was looked for in vain, and `why`: a person has to settle it, and was told so.

    One that was given up already is not there: nothing will have to be changed.
    """
    row = db.exec(select(OutboxRow).where(_same(parcel)).with_for_update()).first()
    if row is None:
        return
    if row.state == RowState.DROPPED:
        row.error = f"decided: {Decision.LEAVE.value}"
    else:
        row.state, row.error = RowState.PARKED, why
    db.add(row)
    show_decided(db, parcel.team, [parcel.id], "not_found", now)


def show_decided(db: Session, team: str, done: Collection[int], what: str, now: datetime) -> None:
    """Whoever was told of these sees what became of them; `what` tells two changes at one moment apart."""
    for key, arguments in notices(db, team):
        if not set(arguments["rows"]).isdisjoint(done):
            why = f"{next(iter(done))}:{what}:{now.isoformat(timespec='microseconds')}"
            plan_change(db, team=team, of=key, why=why, arguments={**arguments, "again": True}, now=now)


def _again(row: OutboxRow, now: datetime) -> None:
    row.state, row.not_before, row.error = RowState.PLANNED, now, ""
    row.parked_at = row.told_at = None


def _hanging(db: Session, row: OutboxRow) -> Sequence[OutboxRow]:
    """Return what waits below this message, and the changes of it that wait."""
    query = select(OutboxRow).where(
        OutboxRow.team_id == row.team_id,
        OutboxRow.state == RowState.PARKED,
        OutboxRow.error == NO_PARENT,
        or_(OutboxRow.thread_key == row.key, OutboxRow.target_key == row.key),
    )
    return db.exec(query).all()


def _same(parcel: Parcel) -> ColumnElement[bool]:
    """What this parcel was when it was looked at."""
    return and_(
        col(OutboxRow.team_id) == parcel.team,
        col(OutboxRow.id) == parcel.id,
        col(OutboxRow.attempt) == parcel.attempt,
        col(OutboxRow.state) == parcel.state.value,
    )
