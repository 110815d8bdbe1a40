"""Who comes to the next work session."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.moments import Moment


class InvitationRow(SQLModel, table=True):
    """Somebody's answer to an invitation: yes, maybe or no."""

    __tablename__ = "invitation"
    work_session_id: str = Field(primary_key=True, foreign_key="work_session.id")
    user_id: str = Field(primary_key=True)
    team_id: str
    answer: str
    at: datetime = Field(sa_type=Moment)
