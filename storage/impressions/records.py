"""What groups hand in, and what was brought in from earlier: in people's own words, never changed by us."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, Session, col, select

from bot.impressions import PARTS, Contents, Heard, Impression, QuoteUse, Source
from storage.moments import Moment
from storage.portions import portions
from storage.rows import Row
from storage.themes import teaching as about
from storage.writing import forget_notes


class MaterialRow(Row, table=True):
    """A document from before Oogst, brought in by `oogst import`, with its text as it was."""

    __tablename__ = "material"
    __table_args__ = (UniqueConstraint("team_id", "sha"),)
    id: str = Field(primary_key=True)
    team_id: str
    title: str
    on: date | None = None
    file_name: str
    sha: str
    text: str
    imported_at: datetime = Field(sa_type=Moment)


class ImpressionRow(Row, table=True):
    """What one group took away, by form, reply or message; or a passage of earlier material."""

    __tablename__ = "impression"
    __table_args__ = (UniqueConstraint("team_id", "source_channel", "source_ts"),)
    id: str = Field(primary_key=True)
    team_id: str = Field(index=True)
    work_session_id: str | None = Field(default=None, foreign_key="work_session.id", index=True)
    group_id: str | None = Field(default=None, foreign_key="group.id", index=True)
    material_id: str | None = Field(default=None, foreign_key="material.id", index=True)
    material_group: str | None = None
    first_line: int | None = None
    last_line: int | None = None
    source: str
    source_channel: str | None = None
    source_ts: str | None = None
    follows_message: bool = False
    author: str | None = None
    takeaway: str
    quote: str = ""
    question: str = ""
    offer: str = ""
    easy: str = Field(default="", sa_column_kwargs={"server_default": ""})
    hard: str = Field(default="", sa_column_kwargs={"server_default": ""})
    conclusion: str = Field(default="", sa_column_kwargs={"server_default": ""})
    example: str = Field(default="", sa_column_kwargs={"server_default": ""})
    obstacle: str = Field(default="", sa_column_kwargs={"server_default": ""})
    quote_by: str = Field(default="", sa_column_kwargs={"server_default": ""})
    quote_use: str = Field(default="open", sa_column_kwargs={"server_default": "open"})
    changed_by: str = Field(default="", sa_column_kwargs={"server_default": ""})
    version: int = 1
    created_at: datetime = Field(sa_type=Moment)
    updated_at: datetime = Field(sa_type=Moment)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Moment)


class HeardMessageRow(Row, table=True):
    """A message in Slack of which an edit or a deletion was heard; kept without its words."""

    __tablename__ = "heard_message"
    team_id: str = Field(primary_key=True)
    channel_id: str = Field(primary_key=True)
    ts: str = Field(primary_key=True)
    edited: str = ""
    gone: bool = False
    declined: bool = False


def one(db: Session, team: str, impression_id: str) -> Impression | None:
    """Return an impression of a group in this workspace, withdrawn or not."""
    row = db.get(ImpressionRow, (team, impression_id))
    return impression_of(row) if row and row.group_id else None


def several(db: Session, team: str, impression_ids: Collection[str]) -> dict[str, Impression]:
    """Return these impressions of groups in this workspace by id, withdrawn or not: one statement for thousands."""
    found: dict[str, Impression] = {}
    for some in portions(impression_ids):
        query = select(ImpressionRow).where(ImpressionRow.team_id == team, col(ImpressionRow.id).in_(some))
        found |= {row.id: impression_of(row) for row in db.exec(query) if row.group_id}
    return found


def of_message(db: Session, team: str, channel: str, ts: str) -> Impression | None:
    """Return the impression that was taken from this message, withdrawn or not."""
    query = select(ImpressionRow).where(
        ImpressionRow.team_id == team, ImpressionRow.source_channel == channel, ImpressionRow.source_ts == ts
    )
    row = db.exec(query).first()
    return impression_of(row) if row and row.group_id else None


def of_session(db: Session, team: str, session_id: str) -> list[Impression]:
    """Return what the groups of a session handed in and did not withdraw, oldest first."""
    query = (
        select(ImpressionRow)
        .where(
            ImpressionRow.team_id == team,
            ImpressionRow.work_session_id == session_id,
            col(ImpressionRow.group_id).is_not(None),
            col(ImpressionRow.withdrawn_at).is_(None),
        )
        .order_by(col(ImpressionRow.created_at), col(ImpressionRow.id))
    )
    return [impression_of(row) for row in db.exec(query)]


def hold(db: Session, team: str, impression_ids: Iterable[str]) -> None:
    """Let whoever else answers about these impressions wait until this is done, and read what they did before it.

    Where one writer does everything (SQLite) there is nothing to wait for; else two answers at the same time would
    each miss the other, and words could be published while somebody objects.
    """
    query = select(ImpressionRow.id).where(
        ImpressionRow.team_id == team, col(ImpressionRow.id).in_(sorted(impression_ids))
    )
    db.exec(query.order_by(col(ImpressionRow.id)).with_for_update()).all()
    db.expire_all()


def write(db: Session, value: Impression, themes: Sequence[str], *, is_new: bool) -> None:
    """Write the row of an impression with its themes; `storage.impressions.save` writes all that belongs to it."""
    row = None if is_new else db.get(ImpressionRow, (value.team, value.id))
    values: dict[str, Any] = {
        "team_id": value.team,
        "work_session_id": value.work_session,
        "group_id": value.group,
        "source": value.source.value,
        "source_channel": value.channel,
        "source_ts": value.ts,
        "follows_message": value.follows_message,
        "author": value.author,
        **{part: value.text(part) for part in PARTS},
        "quote_by": value.quote_by,
        "quote_use": value.quote_use.value,
        "changed_by": value.changed_by,
        "version": value.version,
        "created_at": value.created_at,
        "updated_at": value.updated_at,
        "withdrawn_at": value.withdrawn_at,
    }
    if row is None:
        db.add(ImpressionRow(id=value.id, **values))
    else:
        if row.version != value.version:
            about.forget_places(db, value.team, value.id)
        if row.version != value.version or value.withdrawn_at is not None:
            forget_notes(db, value.team, [value.id])  # what a model wrote after reading it
        for name, content in values.items():
            setattr(row, name, content)
        db.add(row)
    db.flush()
    if value.withdrawn_at:
        about.forget(db, value.team, value.id)
    else:
        about.set_topics(db, value.team, value.id, list(themes), is_new=row is None)


def heard(db: Session, team: str, channel: str, ts: str) -> Heard | None:
    """Return what is known of a message in Slack."""
    row = db.get(HeardMessageRow, (team, channel, ts))
    return Heard(row.edited, row.gone, row.declined) if row else None


def remember_heard(db: Session, team: str, channel: str, ts: str, value: Heard) -> None:
    """Keep what is known of a message, for events that come late or out of order."""
    is_known = {"edited": value.edited, "gone": value.gone, "declined": value.declined}
    statement = insert(HeardMessageRow).values(team_id=team, channel_id=channel, ts=ts, **is_known)
    which = ["team_id", "channel_id", "ts"]
    db.connection().execute(statement.on_conflict_do_update(index_elements=which, set_=is_known))
    db.expire_all()


def impression_of(row: ImpressionRow) -> Impression:
    """Return the impression that a row of a group stands for."""
    return Impression(
        id=row.id,
        team=row.team_id,
        work_session=row.work_session_id or "",
        group=row.group_id or "",
        source=Source(row.source),
        author=row.author or "",
        contents=Contents(**{part: getattr(row, part) for part in PARTS}),
        created_at=row.created_at,
        updated_at=row.updated_at,
        version=row.version,
        withdrawn_at=row.withdrawn_at,
        channel=row.source_channel,
        ts=row.source_ts,
        follows_message=row.follows_message,
        quote_by=row.quote_by,
        quote_use=QuoteUse(row.quote_use),
        changed_by=row.changed_by,
    )
