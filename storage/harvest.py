"""Articles: the draft that is cut from impressions, and what of it was published."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.moments import Moment


class ArticleRow(SQLModel, table=True):
    """The article about one session."""

    __tablename__ = "article"
    __table_args__ = (UniqueConstraint("work_session_id"),)
    id: str = Field(primary_key=True)
    team_id: str = Field(index=True)
    work_session_id: str = Field(foreign_key="work_session.id")
    state: str
    headline: str
    version: int = 1
    created_at: datetime = Field(sa_type=Moment)
    updated_at: datetime = Field(sa_type=Moment)
    published_at: datetime | None = Field(default=None, sa_type=Moment)
    published_by: str | None = None


class ArticleSentenceRow(SQLModel, table=True):
    """One sentence of an article: cut from an impression between two offsets of one of its fields."""

    __tablename__ = "article_sentence"
    id: str = Field(primary_key=True)
    team_id: str
    article_id: str = Field(foreign_key="article.id", index=True)
    position: int
    group_id: str | None = Field(default=None, foreign_key="group.id")
    part: str
    text: str
    impression_id: str = Field(foreign_key="impression.id")
    field: str
    start: int
    end: int
    impression_version: int
