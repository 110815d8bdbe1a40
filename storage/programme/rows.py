"""How workspaces, regions and members are stored."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from storage.moments import Moment
from storage.rows import Row


class ProgrammeRow(Row, table=True):
    """One workspace in which Oogst works."""

    __tablename__ = "programme"
    team_id: str = Field(primary_key=True)
    name: str = ""
    language: str
    timezone: str
    region_word: str
    secret: str
    bot_user: str = ""
    bot_id: str = Field(default="", sa_column_kwargs={"server_default": ""})


class RegionRow(Row, table=True):
    """A region, with its channel and the hour of its digest."""

    __tablename__ = "region"
    __table_args__ = (UniqueConstraint("team_id", "folded"),)
    id: str = Field(primary_key=True)
    team_id: str = Field(index=True)
    name: str
    folded: str
    channel_id: str | None = None
    digest_weekday: int = 1
    digest_time: str = "09:00"
    holidays: str = Field(default="", sa_column_kwargs={"server_default": ""})


class MemberRow(Row, table=True):
    """A person in the workspace."""

    __tablename__ = "member"
    team_id: str = Field(primary_key=True)
    user_id: str = Field(primary_key=True)
    name: str
    roles: str
    region_id: str | None = Field(default=None, foreign_key="region.id")
    locale: str = ""
    direct_channel: str | None = None
    sector: str = Field(default="", sa_column_kwargs={"server_default": ""})
    region_asked_at: datetime | None = Field(default=None, sa_type=Moment)
    welcomed_at: datetime | None = Field(default=None, sa_type=Moment)
    quiet_until: datetime | None = Field(default=None, sa_type=Moment)
    timezone: str = Field(default="", sa_column_kwargs={"server_default": ""})
