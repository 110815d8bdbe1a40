"""Files that were dropped for a session: references to Slack, and which of them are still to be read."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, UniqueConstraint, delete
from sqlmodel import Field, Session, col, func, select

from bot.attachments import Attachment, Kind, State
from storage.moments import Moment
from storage.rows import Row


class AttachmentRow(Row, table=True):
    """One file in Slack, whatever became of it. The bytes stay in Slack."""

    __tablename__ = "attachment"
    __table_args__ = (UniqueConstraint("team_id", "file_id"),)
    id: str = Field(primary_key=True)
    team_id: str
    file_id: str
    state: str
    work_session_id: str | None = Field(default=None, foreign_key="work_session.id", index=True)
    group_id: str | None = Field(default=None, foreign_key="group.id")
    impression_id: str | None = Field(default=None, foreign_key="impression.id")
    channel_id: str
    message_ts: str = Field(index=True)
    added_by: str
    added_at: datetime = Field(sa_type=Moment)
    name: str = ""
    kind: str | None = None
    size: int = 0
    permalink: str = ""
    left_out: bool = False
    attempts: int = 0
    try_at: datetime | None = Field(default=None, sa_type=Moment, index=True)


def one(db: Session, team: str, attachment_id: str) -> Attachment | None:
    """Return a file by our id, whatever became of it."""
    row = db.get(AttachmentRow, (team, attachment_id))
    return _attachment(row) if row else None


def of_file(db: Session, team: str, file: str) -> Attachment | None:
    """Return a file by Slack's id, whatever became of it."""
    row = db.exec(select(AttachmentRow).where(AttachmentRow.team_id == team, AttachmentRow.file_id == file)).first()
    return _attachment(row) if row else None


def of_message(db: Session, team: str, channel: str, ts: str) -> list[Attachment]:
    """Return the files that came with a message, whatever became of them."""
    query = select(AttachmentRow).where(
        AttachmentRow.team_id == team, AttachmentRow.channel_id == channel, AttachmentRow.message_ts == ts
    )
    return [_attachment(row) for row in db.exec(query.order_by(col(AttachmentRow.id)))]


def of_session(db: Session, team: str, session_id: str) -> list[Attachment]:
    """Return the attachments of a session and its groups, oldest first; those that an article leaves out too."""
    query = (
        select(AttachmentRow)
        .where(
            AttachmentRow.team_id == team,
            AttachmentRow.work_session_id == session_id,
            AttachmentRow.state == State.KEPT,
        )
        .order_by(col(AttachmentRow.added_at), col(AttachmentRow.id))
    )
    return [_attachment(row) for row in db.exec(query)]


def number_kept(db: Session, team: str, session_id: str, group_id: str | None) -> int:
    """Count the attachments of a group; without one, those of the session itself."""
    query = select(func.count()).where(
        AttachmentRow.team_id == team,
        AttachmentRow.work_session_id == session_id,
        AttachmentRow.group_id == group_id,
        AttachmentRow.state == State.KEPT,
    )
    return db.exec(query).one()


def save(db: Session, value: Attachment) -> None:
    """Write a file as it is now."""
    values: dict[str, Any] = {
        "team_id": value.team,
        "file_id": value.file,
        "state": value.state.value,
        "work_session_id": value.work_session,
        "group_id": value.group,
        "impression_id": value.impression,
        "channel_id": value.channel,
        "message_ts": value.ts,
        "added_by": value.added_by,
        "added_at": value.added_at,
        "name": value.name,
        "kind": value.kind.value if value.kind else None,
        "size": value.size,
        "permalink": value.permalink,
        "left_out": value.left_out,
        "attempts": value.attempts,
        "try_at": value.try_at,
    }
    row = db.get(AttachmentRow, (value.team, value.id)) or AttachmentRow(id=value.id, **values)
    for name, content in values.items():
        setattr(row, name, content)
    db.add(row)
    db.flush()


def let_go(db: Session, team: str, impression: str) -> None:
    """Keep nothing of the file from which an impression was read that is withdrawn."""
    query = select(AttachmentRow).where(
        AttachmentRow.team_id == team, AttachmentRow.impression_id == impression, AttachmentRow.state == State.READ
    )
    for row in db.exec(query).all():
        save(db, _attachment(row).without_words(State.DECLINED))


def to_read(db: Session, now: datetime, most: int) -> list[tuple[str, str]]:
    """Return the files (workspace and id) whose text is to be fetched now, longest waiting first."""
    query = (
        select(AttachmentRow.team_id, AttachmentRow.id)
        .where(AttachmentRow.state == State.WAITING, col(AttachmentRow.try_at) <= now)
        .order_by(col(AttachmentRow.try_at), col(AttachmentRow.id))
        .limit(most)
        .execution_options(every_workspace="the clock acts for all of them")
    )
    return [(team, id_) for team, id_ in db.exec(query)]


def next_try(db: Session) -> datetime | None:
    """Return when the text of a file is to be fetched; None when none waits."""
    query = select(func.min(AttachmentRow.try_at)).where(AttachmentRow.state == State.WAITING)
    return db.exec(query.execution_options(every_workspace="the clock acts for all of them")).one()


def forgettable(db: Session, before: datetime) -> bool:
    """Say whether there is something for `forget`."""
    query = select(AttachmentRow.id).where(*_of_nothing(before)).limit(1)
    return db.exec(query.execution_options(every_workspace="what is old goes")).first() is not None


def forget(db: Session, before: datetime) -> None:
    """Drop what was remembered of files that were gone before they were heard of."""
    gone = delete(AttachmentRow).where(*_of_nothing(before))
    db.connection().execute(gone.execution_options(every_workspace="what is old goes"))


def _of_nothing(before: datetime) -> list[ColumnElement[bool]]:
    return [
        col(AttachmentRow.state) == State.GONE,
        col(AttachmentRow.work_session_id).is_(None),
        col(AttachmentRow.added_at) < before,
    ]


def claim(db: Session, team: str, attachment_id: str, now: datetime, lease: timedelta) -> Attachment | None:
    """Take a file to fetch it; nobody else does within the lease. None when somebody has, or it waits no more."""
    row = db.get(AttachmentRow, (team, attachment_id))
    if row is None or row.state != State.WAITING or row.try_at is None or row.try_at > now:
        return None
    row.attempts, row.try_at = row.attempts + 1, now + lease
    db.add(row)
    db.flush()
    return _attachment(row)


def _attachment(row: AttachmentRow) -> Attachment:
    return Attachment(
        id=row.id,
        team=row.team_id,
        file=row.file_id,
        state=State(row.state),
        channel=row.channel_id,
        ts=row.message_ts,
        added_by=row.added_by,
        added_at=row.added_at,
        work_session=row.work_session_id,
        group=row.group_id,
        name=row.name,
        kind=Kind(row.kind) if row.kind else None,
        size=row.size,
        permalink=row.permalink,
        left_out=row.left_out,
        attempts=row.attempts,
        try_at=row.try_at,
        impression=row.impression_id,
    )
