"""What groups hand in, and what was brought in from earlier: in people's own words, never changed by us."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.moments import Moment


class MaterialRow(SQLModel, table=True):
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


class ImpressionRow(SQLModel, table=True):
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
    author: str | None = None
    takeaway: str
    quote: str = ""
    question: str = ""
    offer: str = ""
    version: int = 1
    created_at: datetime = Field(sa_type=Moment)
    updated_at: datetime = Field(sa_type=Moment)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Moment)
