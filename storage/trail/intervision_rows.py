"""The table of regions that were put together for intervision."""

from datetime import datetime

from sqlmodel import Field

from storage.moments import Moment
from storage.rows import Row


class TrailIntervisionRow(Row, table=True):
    """A region in a group that was made known; `by_user` is who did."""

    __tablename__ = "trail_intervision"
    group_id: str = Field(primary_key=True)
    region_id: str = Field(primary_key=True, foreign_key="region.id")
    team_id: str = Field(index=True)
    by_user: str
    at: datetime = Field(sa_type=Moment)
