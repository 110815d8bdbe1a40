"""The outbox: what Oogst owes Slack, written in the transaction that caused it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import UniqueConstraint, and_, text, update
from sqlmodel import Field, Session, SQLModel, col, func, or_, select

from bot.delivery import REPEATABLE, Operation, RowState
from storage.moments import Moment


class OutboxRow(SQLModel, table=True):
    """One message part that Slack is to get."""

    __tablename__ = "outbox"
    __table_args__ = (UniqueConstraint("team_id", "key"),)
    id: int | None = Field(default=None, primary_key=True)
    team_id: str
    key: str
    operation: str
    kind: str
    arguments: str
    body_hash: str
    channel_id: str | None = None
    user_id: str | None = None
    thread_key: str | None = None
    target_key: str | None = None
    not_before: datetime = Field(sa_type=Moment, index=True)
    not_after: datetime | None = Field(default=None, sa_type=Moment)
    state: str = Field(default=RowState.PLANNED, index=True)
    attempt: int = 0
    lease_until: datetime | None = Field(default=None, sa_type=Moment)
    started_at: datetime | None = Field(default=None, sa_type=Moment)
    ts: str | None = Field(default=None, index=True)
    posted_channel: str | None = None
    error: str = ""
    nudge: bool = Field(default=False, sa_column_kwargs={"server_default": text("0")})
    created_at: datetime = Field(sa_type=Moment)
    sent_at: datetime | None = Field(default=None, sa_type=Moment)


@dataclass(frozen=True)
class Parcel:
    """An outbox row as the courier sees it. `arguments` are ids; the body is made from live rows when it is sent."""

    id: int
    team: str
    key: str
    operation: Operation
    kind: str
    arguments: Mapping[str, Any]
    channel: str | None
    user: str | None
    thread_key: str | None
    target_key: str | None
    not_before: datetime
    not_after: datetime | None
    state: RowState
    attempt: int
    started_at: datetime | None
    ts: str | None
    posted_channel: str | None
    nudge: bool = False

    @property
    def lane(self) -> str:
        """Parcels of one lane leave in order: a channel, or the conversation with one person."""
        return f"{self.team}:{self.channel or self.user}"


class Conflict(Exception):
    """Somebody planned another message under a key that was planned already."""


def plan(
    db: Session,
    *,
    team: str,
    key: str,
    kind: str,
    arguments: Mapping[str, Any],
    now: datetime,
    channel: str | None = None,
    user: str | None = None,
    thread_key: str | None = None,
    target_key: str | None = None,
    operation: Operation = Operation.POST,
    not_before: datetime | None = None,
    not_after: datetime | None = None,
    nudge: bool = False,
) -> bool:
    """Owe Slack a message, once per key; returns False where it was owed already.

    Give `channel` or `user` (a direct message). `thread_key` names the parcel in whose thread it goes, `target_key`
    the parcel that an update changes. What has not left by `not_after` is dropped: a reminder has no use later. A
    `nudge` is one that nobody asked for; those are planned by `storage.nudges`, which counts them.
    Raises Conflict when the key stands for something else.
    """
    packed = json.dumps(arguments, ensure_ascii=False, sort_keys=True)
    body = "\0".join([operation, kind, packed, channel or "", user or "", thread_key or "", target_key or ""])
    body_hash = hashlib.sha256(body.encode()).hexdigest()
    known = db.exec(select(OutboxRow.body_hash).where(OutboxRow.team_id == team, OutboxRow.key == key)).first()
    if known is not None:
        if known != body_hash:
            raise Conflict(key)
        return False
    db.add(
        OutboxRow(
            team_id=team,
            key=key,
            operation=operation.value,
            kind=kind,
            arguments=packed,
            body_hash=body_hash,
            channel_id=channel,
            user_id=user,
            thread_key=thread_key,
            target_key=target_key,
            not_before=not_before or now,
            not_after=not_after,
            nudge=nudge,
            created_at=now,
        )
    )
    db.flush()
    return True


def plan_change(
    db: Session,
    *,
    team: str,
    of: str,
    why: str,
    now: datetime,
    kind: str | None = None,
    arguments: Mapping[str, Any] | None = None,
) -> bool:
    """Owe Slack what a message that was owed under the key `of` says now, once for each `why`.

    It is made as it was the first time, unless another `kind` or other `arguments` are given. Returns False where
    there is no such message, or this change of it was owed already.
    """
    posted = parcel(db, team, of)
    if posted is None:
        return False
    return plan(
        db,
        team=team,
        key=f"{of}:{why}",
        kind=kind or posted.kind,
        arguments=posted.arguments if arguments is None else arguments,
        now=now,
        channel=posted.channel,
        user=posted.user,
        target_key=of,
        operation=Operation.UPDATE,
    )


def replace_files(db: Session, team: str, kind: str, subject: str, why: str, now: datetime) -> int:
    """Owe the removal of every file of this kind about this subject that left already, and a new one in its place.

    Once for each `why`; returns how many. A file that did not leave yet is made from live rows when it does.
    """
    query = select(OutboxRow).where(
        OutboxRow.team_id == team,
        OutboxRow.kind == kind,
        OutboxRow.operation == Operation.FILE.value,
        col(OutboxRow.key).startswith(f"{kind}:{subject}:", autoescape=True),
        col(OutboxRow.state).in_([RowState.SENDING, RowState.UNKNOWN, RowState.SENT]),
    )
    rows = [row for row in db.exec(query).all() if parcel(db, team, f"{row.key}:removed") is None]
    for row in rows:
        file = json.loads(row.arguments)
        for key, arguments, target, operation in (
            (f"{row.key}:removed", file, row.key, Operation.REMOVE),
            (f"{row.key}:{why}", {**file, "again": True}, None, Operation.FILE),
        ):
            plan(
                db,
                team=team,
                key=key,
                kind=kind,
                arguments=arguments,
                now=now,
                channel=row.channel_id,
                user=row.user_id,
                target_key=target,
                operation=operation,
            )
    return len(rows)


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
    return [_parcel(row) for row in rows]


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


def parcel(db: Session, team: str, key: str) -> Parcel | None:
    """Return the parcel of this key, in whatever state."""
    row = db.exec(select(OutboxRow).where(OutboxRow.team_id == team, OutboxRow.key == key)).first()
    return _parcel(row) if row else None


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


def key_at(db: Session, team: str, channel: str, ts: str) -> tuple[str, str, dict[str, Any]] | None:
    """Return key, kind and arguments of what we posted at this place."""
    query = select(OutboxRow).where(OutboxRow.team_id == team, OutboxRow.posted_channel == channel, OutboxRow.ts == ts)
    row = db.exec(query).first()
    return (row.key, row.kind, json.loads(row.arguments)) if row else None


def states(db: Session) -> dict[str, int]:
    """Count the parcels per state, for the doctor."""
    return dict(db.exec(select(OutboxRow.state, func.count()).group_by(OutboxRow.state)).all())


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


def keep_until(db: Session, team: str, keys: str, not_after: datetime) -> int:
    """Give what has not left yet, of all whose key starts like this, another last moment; returns how many."""
    waiting = update(OutboxRow).where(
        col(OutboxRow.team_id) == team,
        col(OutboxRow.key).startswith(keys, autoescape=True),
        col(OutboxRow.state) == RowState.PLANNED,
    )
    return db.connection().execute(waiting.values(not_after=not_after)).rowcount


def _write(db: Session, parcel_id: int, fence: int, **values: Any) -> bool:
    statement = (
        update(OutboxRow).where(col(OutboxRow.id) == parcel_id, col(OutboxRow.attempt) == fence).values(**values)
    )
    return db.connection().execute(statement).rowcount == 1


def _parcel(row: OutboxRow) -> Parcel:
    assert row.id is not None
    return Parcel(
        row.id,
        row.team_id,
        row.key,
        Operation(row.operation),
        row.kind,
        json.loads(row.arguments),
        row.channel_id,
        row.user_id,
        row.thread_key,
        row.target_key,
        row.not_before,
        row.not_after,
        RowState(row.state),
        row.attempt,
        row.started_at,
        row.ts,
        row.posted_channel,
        row.nudge,
    )
