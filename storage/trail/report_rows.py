"""The tables of what stands in reports that were sent, and of the times that every region was asked to look back."""

from datetime import datetime

from sqlmodel import Field

from storage.moments import Moment
from storage.rows import Row


class TrailReportCitationRow(Row, table=True):
    """A sentence or a note of which words can stand in a file that was sent, by the key of that file."""

    __tablename__ = "trail_report_citation"
    parcel: str = Field(primary_key=True)
    cited: str = Field(primary_key=True, index=True)
    team_id: str


class TrailRoundRow(Row, table=True):
    """One time that the coordinator asked every region to evaluate or to look back; `title` is the period."""

    __tablename__ = "trail_round"
    id: str = Field(primary_key=True)
    team_id: str = Field(index=True)
    kind: str
    title: str
    opened_by: str
    opened_at: datetime = Field(sa_type=Moment)
    remind_at: datetime = Field(sa_type=Moment)


class TrailRoundPersonRow(Row, table=True):
    """Somebody who was asked in it, for which region."""

    __tablename__ = "trail_round_person"
    round_id: str = Field(primary_key=True, foreign_key="trail_round.id")
    user_id: str = Field(primary_key=True)
    region_id: str = Field(foreign_key="region.id")
    team_id: str
