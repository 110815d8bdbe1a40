"""The tables of what is tied to points of agendas, and of what the engine has looked at."""

from datetime import datetime

from sqlmodel import Field

from storage.moments import Moment
from storage.rows import Row


class TrailTieRow(Row, table=True):
    """Something that is about a point. It goes with the note of which it is, words and all."""

    __tablename__ = "trail_tie"
    point_id: str = Field(primary_key=True, foreign_key="trail.id")
    kind: str = Field(primary_key=True)
    thing_id: str = Field(primary_key=True, index=True)
    team_id: str
    state: str
    reason: str
    score: float = 0.0
    shared: str = ""
    impression_id: str | None = Field(default=None, foreign_key="impression.id", index=True)
    version: int = 0
    field: str = ""
    start: int = 0
    end: int = 0
    by_user: str = ""
    at: datetime = Field(sa_type=Moment)


class TrailLookedRow(Row, table=True):
    """What the engine has looked at: an article, a point or an example in one version, a promise."""

    __tablename__ = "trail_looked"
    subject: str = Field(primary_key=True)
    team_id: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Moment)
