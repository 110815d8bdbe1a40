"""Owing Slack a message: written in the transaction that caused it, once per key."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, or_, select

from bot.delivery import LEFT_UNSURE, UNFOUND, UNSURE, Operation, RowState
from storage import jobs
from storage.crashpoints import crashpoint
from storage.delivery.reading import parcel
from storage.delivery.rows import OutboxRow


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
    crashpoint("plan.before")
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
    jobs.defer(db, team, channel or user or "")
    crashpoint("plan.after")
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
        or_(
            col(OutboxRow.state).in_([RowState.SENDING, RowState.UNKNOWN, RowState.SENT]),
            col(OutboxRow.error).in_([UNSURE, UNFOUND, LEFT_UNSURE]),
        ),
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


def keep_until(db: Session, team: str, keys: str, not_after: datetime) -> int:
    """Give what has not left yet, of all whose key starts like this, another last moment; returns how many."""
    waiting = update(OutboxRow).where(
        col(OutboxRow.team_id) == team,
        col(OutboxRow.key).startswith(keys, autoescape=True),
        col(OutboxRow.state) == RowState.PLANNED,
    )
    return db.connection().execute(waiting.values(not_after=not_after)).rowcount
