"""The tables of the trail."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from storage.moments import Moment
from storage.rows import Row


class TrailRow(Row, table=True):
    """An entry without its words: what it is, where it hangs, how far it is, and where it was found."""

    __tablename__ = "trail"
    __table_args__ = (Index("ix_trail_place", "team_id", "region_id", "kind"),)
    id: str = Field(primary_key=True)
    team_id: str
    region_id: str | None = Field(default=None, foreign_key="region.id")
    kind: str
    parent_id: str | None = Field(default=None, index=True)
    position: int = 0
    state: str
    version: int = 1
    confirmed: bool = False
    reason: str = ""
    material_id: str | None = Field(default=None, foreign_key="material.id", index=True)
    first_line: int = 0
    last_line: int = 0
    impression_id: str | None = Field(default=None, foreign_key="impression.id", index=True)
    field: str = ""
    start: int = 0
    end: int = 0
    made_by: str = ""
    made_at: datetime = Field(sa_type=Moment)
    changed_at: datetime = Field(sa_type=Moment)


class TrailValueRow(Row, table=True):
    """What is written in one field of an entry; `user_id` where it is a person.

    `impression_id` is the note out of which the words were cut: they go with it.
    """

    __tablename__ = "trail_value"
    trail_id: str = Field(primary_key=True, foreign_key="trail.id")
    name: str = Field(primary_key=True)
    team_id: str
    text: str = ""
    user_id: str | None = Field(default=None, index=True)
    impression_id: str | None = Field(default=None, foreign_key="impression.id", index=True)


class TrailChangeRow(Row, table=True):
    """One field of an entry that changed, with what stood there before and since."""

    __tablename__ = "trail_change"
    id: int | None = Field(default=None, primary_key=True)
    team_id: str
    trail_id: str = Field(foreign_key="trail.id", index=True)
    name: str
    before: str = ""
    after: str = ""
    by_user: str
    at: datetime = Field(sa_type=Moment)
    impression_id: str | None = Field(default=None, foreign_key="impression.id", index=True)
