"""Taking a message in hand, and writing down what became of it: every write is fenced by its attempt."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, update
from sqlmodel import Session, col, func, or_, select

from bot.delivery import REPEATABLE, RowState
from storage.delivery.rows import OutboxRow, Parcel, parcel_of


def due(db: Session, now: datetime, quarantined_before: datetime, limit: int = 200) -> list[Parcel]:
    """Return what can be worked on now: planned parcels whose time has come, and unknown ones past their quarantine.

    One in whose sending the courier itself failed counts as unknown once its lease has passed.

    Only the first open parcel of each lane counts, so that order within a channel is kept; one that backs off
    holds up its lane, one that is meant for later does not.
    """
    open_states = [RowState.PLANNED, RowState.SENDING, RowState.UNKNOWN]
    lane = func.coalesce(OutboxRow.channel_id, OutboxRow.user_id)
    heads = (
        select(func.min(OutboxRow.id))
        .where(col(OutboxRow.state).in_(open_states), or_(OutboxRow.not_before <= now, OutboxRow.attempt > 0))
        .group_by(OutboxRow.team_id, lane)
    )
    ready = or_(
        and_(col(OutboxRow.state) == RowState.PLANNED, col(OutboxRow.not_before) <= now),
        and_(
            col(OutboxRow.state) == RowState.UNKNOWN,
            col(OutboxRow.started_at) <= quarantined_before,
            col(OutboxRow.not_before) <= now,
        ),
        and_(col(OutboxRow.state) == RowState.SENDING, col(OutboxRow.lease_until) <= now),
    )
    rows = db.exec(
        select(OutboxRow).where(col(OutboxRow.id).in_(heads), ready).order_by(col(OutboxRow.id)).limit(limit)
    )
    return [parcel_of(row) for row in rows]


def next_due(db: Session, now: datetime, quarantine: timedelta) -> datetime | None:
    """Return when something can be worked on next: a planned parcel for later, or one whose quarantine ends."""
    later = select(OutboxRow.not_before).where(OutboxRow.state == RowState.PLANNED, OutboxRow.not_before > now)
    planned = db.exec(later.order_by(col(OutboxRow.not_before))).first()
    resting = select(OutboxRow.started_at, OutboxRow.not_before).where(OutboxRow.state == RowState.UNKNOWN)
    unknown = [max(started + quarantine, again) for started, again in db.exec(resting) if started is not None]
    moments = [planned, *unknown]
    return min((moment for moment in moments if moment is not None and moment > now), default=None)


def is_busy(db: Session, now: datetime, quarantined_before: datetime) -> bool:
    """Say whether something is under way, or could be worked on now."""
    sending = select(OutboxRow.id).where(OutboxRow.state == RowState.SENDING).limit(1)
    return db.exec(sending).first() is not None or bool(due(db, now, quarantined_before, limit=1))


def claim(db: Session, parcel_id: int, attempt: int, now: datetime, lease_until: datetime) -> bool:
    """Take a parcel in hand, fenced by its attempt; committed before any socket is opened."""
    return _write(
        db, parcel_id, attempt, state=RowState.SENDING, attempt=attempt + 1, started_at=now, lease_until=lease_until
    )


def record_sent(db: Session, parcel_id: int, attempt: int, ts: str | None, channel: str | None, now: datetime) -> bool:
    """Write down where a parcel arrived. False when somebody else took it over in the meantime."""
    return _write(db, parcel_id, attempt, state=RowState.SENT, ts=ts, posted_channel=channel, sent_at=now, error="")


def record_later(db: Session, parcel_id: int, attempt: int, not_before: datetime, error: str) -> bool:
    """Put a parcel back that surely did not leave."""
    return _write(db, parcel_id, attempt, state=RowState.PLANNED, not_before=not_before, error=error)


def record_unseen(db: Session, parcel_id: int, attempt: int, not_before: datetime) -> bool:
    """Leave a parcel unknown whose arrival could not be looked up; ask again at `not_before`."""
    return _write(db, parcel_id, attempt, state=RowState.UNKNOWN, not_before=not_before, error="history unreadable")


def record_state(db: Session, parcel_id: int, attempt: int, state: RowState, error: str) -> bool:
    """Mark a parcel unknown, parked or dropped."""
    return _write(db, parcel_id, attempt, state=state, error=error)


def take_over(db: Session) -> int:
    """After a start: whatever the last process was sending has an unknown outcome. Returns how many.

    What says the same however often it is done is simply planned again.
    """
    sending = update(OutboxRow).where(col(OutboxRow.state) == RowState.SENDING)
    harmless = sending.where(col(OutboxRow.operation).in_(sorted(REPEATABLE))).values(state=RowState.PLANNED)
    again = db.connection().execute(harmless).rowcount
    return again + db.connection().execute(sending.values(state=RowState.UNKNOWN)).rowcount


def _write(db: Session, parcel_id: int, fence: int, **values: Any) -> bool:
    statement = (
        update(OutboxRow).where(col(OutboxRow.id) == parcel_id, col(OutboxRow.attempt) == fence).values(**values)
    )
    return db.connection().execute(statement).rowcount == 1
