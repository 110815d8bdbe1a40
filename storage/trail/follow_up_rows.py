"""The table of what belongs to an assignment: sessions, date polls and series."""

from datetime import datetime

from sqlmodel import Field

from storage.moments import Moment
from storage.rows import Row


class TrailFollowUpRow(Row, table=True):
    """A session, poll or series that was started for an assignment; each belongs to one. `by_user` is who did it."""

    __tablename__ = "trail_follow_up"
    team_id: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    thing_id: str = Field(primary_key=True)
    entry_id: str = Field(foreign_key="trail.id", index=True)
    by_user: str
    at: datetime = Field(sa_type=Moment)
