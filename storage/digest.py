"""Weekly digests per region, and what each of them said, so that nothing is said twice."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.moments import Moment


class DigestRow(SQLModel, table=True):
    """One region's digest of one week; a silent one has no items."""

    __tablename__ = "digest"
    __table_args__ = (UniqueConstraint("region_id", "period_key"),)
    id: str = Field(primary_key=True)
    team_id: str = Field(index=True)
    region_id: str = Field(foreign_key="region.id")
    period_key: str
    since: datetime = Field(sa_type=Moment)
    until: datetime = Field(sa_type=Moment)
    silent: bool


class DigestItemRow(SQLModel, table=True):
    """A published sentence, or a date, that a region has read in a digest."""

    __tablename__ = "digest_item"
    digest_id: str = Field(primary_key=True, foreign_key="digest.id")
    position: int = Field(primary_key=True)
    team_id: str
    region_id: str = Field(index=True)
    kind: str
    subject: str
    theme_id: str | None = None
