"""The tables of work sessions, the regions in them, their topics, and forms that are being filled in."""

from datetime import datetime

from sqlalchemy import UniqueConstraint, text
from sqlmodel import Field

from storage.moments import Moment
from storage.rows import Row


class WorkSessionRow(Row, table=True):
    """One dated meeting."""

    __tablename__ = "work_session"
    id: str = Field(primary_key=True)
    team_id: str = Field(index=True)
    title: str
    channel_id: str
    starts_at: datetime = Field(sa_type=Moment)
    ends_at: datetime = Field(sa_type=Moment)
    closes_at: datetime | None = Field(default=None, sa_type=Moment)
    timezone: str
    state: str
    group_limit: int | None = None
    group_minimum: int | None = None
    mode: str = Field(default="free", sa_column_kwargs={"server_default": "free"})
    hidden: bool = Field(default=False, sa_column_kwargs={"server_default": text("0")})
    close_when_all: bool = Field(default=False, sa_column_kwargs={"server_default": text("0")})
    opened_at: datetime | None = Field(default=None, sa_type=Moment)
    silence: str = Field(default="agrees", sa_column_kwargs={"server_default": "agrees"})
    created_by: str
    created_at: datetime = Field(sa_type=Moment)
    follows: str | None = Field(default=None, foreign_key="work_session.id")
    calendar_sequence: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    series_id: str | None = None


class WorkSessionRegionRow(Row, table=True):
    """A region that takes part in a session."""

    __tablename__ = "work_session_region"
    work_session_id: str = Field(primary_key=True, foreign_key="work_session.id")
    region_id: str = Field(primary_key=True, foreign_key="region.id")
    team_id: str


class TopicRow(Row, table=True):
    """A theme on offer in one session."""

    __tablename__ = "topic"
    __table_args__ = (UniqueConstraint("work_session_id", "position"),)
    id: str = Field(primary_key=True)
    team_id: str
    work_session_id: str = Field(foreign_key="work_session.id", index=True)
    theme_id: str = Field(foreign_key="theme.id")
    name: str
    short_name: str
    position: int
    facilitator: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    merged_into: str | None = None
    withdrawn_at: datetime | None = Field(default=None, sa_type=Moment)


class FormRow(Row, table=True):
    """What somebody filled in so far in a form of several steps; it outlives a restart."""

    __tablename__ = "form"
    id: str = Field(primary_key=True)
    team_id: str
    user_id: str
    data: str
    at: datetime = Field(sa_type=Moment)
