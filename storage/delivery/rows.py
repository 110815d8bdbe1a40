"""The table of what Oogst owes Slack, and a row of it as the rest of the house sees it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint, false, text
from sqlmodel import Field

from bot.delivery import Operation, RowState
from storage.moments import Moment
from storage.rows import Row


class OutboxRow(Row, table=True):
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
    maybe_double: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    doubles_removed: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    parked_at: datetime | None = Field(default=None, sa_type=Moment)
    told_at: datetime | None = Field(default=None, sa_type=Moment)


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
    maybe_double: bool = False
    error: str = ""

    @property
    def place(self) -> str:
        """The channel, or the person, that it is for."""
        return self.channel or self.user or ""

    @property
    def lane(self) -> str:
        """Parcels of one lane leave in order: a channel, or the conversation with one person."""
        return f"{self.team}:{self.place}"


def parcel_of(row: OutboxRow) -> Parcel:
    """Return a stored row as a value."""
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
        row.maybe_double,
        row.error,
    )
