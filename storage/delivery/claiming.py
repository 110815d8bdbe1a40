"""Taking a message in hand, and writing down what became of it: every write is fenced by its attempt."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, update
from sqlmodel import Session, col, func, or_, select

from bot.delivery import REPEATABLE, RowState
from storage.delivery.pausing import EVERYTHING, PauseRow
from storage.delivery.rows import OutboxRow, Parcel, parcel_of

BY_NUMBER = "the courier names a row by the number that it read from it"
COURIER = "the courier serves every workspace, each under its own token"


def due(
    db: Session,
    now: datetime,
    quarantined_before: datetime,
    limit: int = 200,
    *,
    busy: Collection[int] = (),
    resting: Collection[int] = (),
    rested: Collection[int] = (),
    place: tuple[str, str] | None = None,
) -> list[Parcel]:
    """Return what can be worked on now: planned parcels whose time has come, and unknown ones past their quarantine.

    One in whose sending the courier itself failed counts as unknown once its lease has passed. Nothing is due in a
    workspace that does not let Oogst in.

    Only the first open parcel of each lane counts, so that order within a channel is kept; one that backs off
    holds up its lane, one that is meant for later does not. Workspaces take turns, whatever each of them owes.
    `busy` are in hand already. `resting` and `rested` are unknown ones of which the caller knows by a better clock
    than the one on the wall whether their quarantine is over. `place` (workspace, and channel or person) asks for one.
    """
    open_states = [RowState.PLANNED, RowState.SENDING, RowState.UNKNOWN]
    lane = func.coalesce(OutboxRow.channel_id, OutboxRow.user_id)
    shut_out = select(PauseRow.team_id).where(PauseRow.needs == EVERYTHING)
    heads = (
        select(func.min(OutboxRow.id))
        .where(col(OutboxRow.state).in_(open_states), or_(OutboxRow.not_before <= now, OutboxRow.attempt > 0))
        .group_by(OutboxRow.team_id, lane)
    )
    ready = or_(
        and_(col(OutboxRow.state) == RowState.PLANNED, col(OutboxRow.not_before) <= now),
        and_(
            col(OutboxRow.state) == RowState.UNKNOWN,
            or_(
                and_(col(OutboxRow.started_at) <= quarantined_before, col(OutboxRow.not_before) <= now),
                col(OutboxRow.id).in_(list(rested)),
            ),
            col(OutboxRow.id).not_in(list(resting)),
        ),
        and_(col(OutboxRow.state) == RowState.SENDING, col(OutboxRow.lease_until) <= now),
    )
    if place is not None:
        heads = heads.where(OutboxRow.team_id == place[0], lane == place[1])
    turn = func.row_number().over(partition_by=col(OutboxRow.team_id), order_by=col(OutboxRow.id))
    rows = db.exec(
        select(OutboxRow)
        .where(
            col(OutboxRow.id).in_(heads),
            ready,
            col(OutboxRow.id).not_in(list(busy)),
            col(OutboxRow.team_id).not_in(shut_out),
        )
        .order_by(turn, col(OutboxRow.id))
        .limit(limit)
        .execution_options(every_workspace=COURIER)
    )
    return [parcel_of(row) for row in rows]


def last_left(db: Session, team: str, place: str) -> datetime | None:
    """Return when the last message for a channel or person left, whichever process sent it."""
    lane = func.coalesce(OutboxRow.channel_id, OutboxRow.user_id)
    query = select(func.max(OutboxRow.sent_at)).where(OutboxRow.team_id == team, lane == place)
    return db.exec(query).one()


def next_due(db: Session, now: datetime, quarantine: timedelta) -> datetime | None:
    """Return when something can be worked on next: a planned parcel for later, or one whose quarantine ends."""
    later = select(OutboxRow.not_before).where(OutboxRow.state == RowState.PLANNED, OutboxRow.not_before > now)
    later = later.order_by(col(OutboxRow.not_before)).limit(1).execution_options(every_workspace=COURIER)
    planned = db.exec(later).first()
    resting = select(OutboxRow.started_at, OutboxRow.not_before).where(OutboxRow.state == RowState.UNKNOWN)
    resting = resting.execution_options(every_workspace=COURIER)
    unknown = [max(started + quarantine, again) for started, again in db.exec(resting) if started is not None]
    moments = [planned, *unknown]
    return min((moment for moment in moments if moment is not None and moment > now), default=None)


def is_busy(db: Session, now: datetime, quarantined_before: datetime) -> bool:
    """Say whether something is under way, or could be worked on now."""
    sending = select(OutboxRow.id).where(OutboxRow.state == RowState.SENDING).limit(1)
    sending = sending.execution_options(every_workspace=COURIER)
    return db.exec(sending).first() is not None or bool(due(db, now, quarantined_before, limit=1))


def claim(db: Session, parcel_id: int, attempt: int, now: datetime, lease_until: datetime) -> bool:
    """Take a parcel in hand, fenced by its attempt; committed before any socket is opened.

    False when somebody else has it, or when it was taken back, or answered otherwise, since it was looked at.
    """
    open_still = col(OutboxRow.state).in_([RowState.PLANNED, RowState.UNKNOWN, RowState.SENDING])
    return _write(
        db,
        parcel_id,
        attempt,
        open_still,
        state=RowState.SENDING,
        attempt=attempt + 1,
        started_at=now,
        lease_until=lease_until,
    )


def record_sent(db: Session, parcel_id: int, attempt: int, ts: str | None, channel: str | None, now: datetime) -> bool:
    """Write down where a parcel arrived. False when somebody else took it over in the meantime."""
    return _write(db, parcel_id, attempt, state=RowState.SENT, ts=ts, posted_channel=channel, sent_at=now, error="")


def record_later(db: Session, parcel_id: int, attempt: int, not_before: datetime, error: str) -> bool:
    """Put a parcel back that surely did not leave."""
    return _write(db, parcel_id, attempt, state=RowState.PLANNED, not_before=not_before, error=error)


def record_unknown(db: Session, parcel_id: int, attempt: int, not_before: datetime, error: str) -> bool:
    """Let a parcel rest of which nobody knows whether it arrived; it is looked up at `not_before` at the earliest."""
    return _write(db, parcel_id, attempt, state=RowState.UNKNOWN, not_before=not_before, error=error)


def record_parked(db: Session, parcel_id: int, attempt: int, error: str, now: datetime) -> bool:
    """Leave a parcel to a person, with the word for why."""
    return _write(db, parcel_id, attempt, state=RowState.PARKED, error=error, parked_at=now, told_at=None)


def record_repeated(db: Session, parcel_id: int, attempt: int) -> bool:
    """Remember that a parcel is posted again while an earlier post of it may still show up."""
    return _write(db, parcel_id, attempt, maybe_double=True)


def record_state(db: Session, parcel_id: int, attempt: int, state: RowState, error: str) -> bool:
    """Mark a parcel dropped, or whatever else it is."""
    return _write(db, parcel_id, attempt, state=state, error=error)


def release(db: Session, parcel_id: int, attempt: int) -> bool:
    """Let go of a parcel in whose sending the courier itself failed: nobody knows what became of it."""
    return _write(db, parcel_id, attempt, col(OutboxRow.state) == RowState.SENDING, state=RowState.UNKNOWN)


def take_over(db: Session) -> int:
    """After a start: whatever the last process was sending has an unknown outcome. Returns how many.

    Only for a file, which one process has to itself: of several on a server each would take what the others are sending
    now, so there a lease runs out instead. What says the same however often it is done is simply planned again.
    """
    sending = update(OutboxRow).where(col(OutboxRow.state) == RowState.SENDING)
    sending = sending.execution_options(every_workspace=COURIER)
    harmless = sending.where(col(OutboxRow.operation).in_(sorted(REPEATABLE))).values(state=RowState.PLANNED)
    again = db.connection().execute(harmless).rowcount
    return again + db.connection().execute(sending.values(state=RowState.UNKNOWN)).rowcount


def _write(db: Session, parcel_id: int, fence: int, *only: ColumnElement[bool], **values: Any) -> bool:
    mine = (col(OutboxRow.id) == parcel_id, col(OutboxRow.attempt) == fence, *only)
    statement = update(OutboxRow).where(*mine).values(**values).execution_options(every_workspace=BY_NUMBER)
    return db.connection().execute(statement).rowcount == 1
