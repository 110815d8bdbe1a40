"""The tables of articles."""

from datetime import datetime

from sqlalchemy import ColumnElement, UniqueConstraint
from sqlmodel import Field, col, select

from storage.moments import Moment
from storage.rows import Row
from storage.worksessions import WorkSessionRow


class ArticleRow(Row, table=True):
    """The article about one session."""

    __tablename__ = "article"
    __table_args__ = (UniqueConstraint("work_session_id"),)
    id: str = Field(primary_key=True)
    team_id: str = Field(index=True)
    work_session_id: str = Field(foreign_key="work_session.id")
    state: str
    headline: str
    version: int = 1
    edited: bool = False
    headline_typed: bool = False
    created_at: datetime = Field(sa_type=Moment)
    updated_at: datetime = Field(sa_type=Moment)
    published_at: datetime | None = Field(default=None, sa_type=Moment)
    published_by: str | None = None
    news: str = ""
    news_by: str = ""


class ArticleSentenceRow(Row, table=True):
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
    theme_id: str | None = None
    theme_by: str = Field(default="", sa_column_kwargs={"server_default": ""})


class ArticleSourceRow(Row, table=True):
    """An impression that an article took in, with the version that was read."""

    __tablename__ = "article_source"
    article_id: str = Field(primary_key=True, foreign_key="article.id")
    impression_id: str = Field(primary_key=True, foreign_key="impression.id")
    team_id: str
    version: int


def for_everybody(team: str) -> ColumnElement[bool]:
    """Leave out sessions in somebody's own conversation with the bot: Slack's ids of those begin with D."""
    own = select(WorkSessionRow.id).where(
        WorkSessionRow.team_id == team, col(WorkSessionRow.channel_id).startswith("D")
    )
    return col(ArticleRow.work_session_id).not_in(own)
