"""Articles: the draft that is cut from impressions, and what of it was published."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from bot.article import Part, PublishedSentence
from storage.moments import Moment
from storage.selection import GroupRow, GroupTopicRow
from storage.themes import ImpressionThemeRow
from storage.worksessions import TopicRow


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


def published_sentences(db: Session, team: str, since: datetime, until: datetime) -> list[PublishedSentence]:
    """Return the sentences of articles published from `since` on and before `until`, in the order of the articles.

    What was withdrawn after publication is not among them.
    """
    query = (
        select(ArticleSentenceRow, ArticleRow, GroupRow)
        .join(ArticleRow, col(ArticleRow.id) == ArticleSentenceRow.article_id)
        .join(GroupRow, col(GroupRow.id) == ArticleSentenceRow.group_id)
        .where(
            ArticleRow.team_id == team,
            ArticleRow.state == "published",
            col(ArticleRow.published_at) >= since,
            col(ArticleRow.published_at) < until,
        )
        .order_by(col(ArticleRow.published_at), col(ArticleRow.id), col(ArticleSentenceRow.position))
    )
    rows = db.exec(query).all()
    themes = _themes_of(db, {sentence.impression_id for sentence, _, _ in rows})
    topics = _topics_of(db, {group.id for _, _, group in rows})
    return [
        PublishedSentence(
            id=sentence.id,
            article=article.id,
            work_session=article.work_session_id,
            group=group.id,
            group_number=group.number,
            part=Part(sentence.part),
            text=sentence.text,
            themes=themes.get(sentence.impression_id, ()),
            topics=topics.get(group.id, ()),
            published_at=article.published_at,
        )
        for sentence, article, group in rows
        if article.published_at is not None
    ]


def _themes_of(db: Session, impressions: set[str]) -> dict[str, tuple[str, ...]]:
    query = select(ImpressionThemeRow).where(col(ImpressionThemeRow.impression_id).in_(impressions))
    found: dict[str, tuple[str, ...]] = {}
    for row in db.exec(query.order_by(ImpressionThemeRow.theme_id)):
        found[row.impression_id] = (*found.get(row.impression_id, ()), row.theme_id)
    return found


def _topics_of(db: Session, groups: set[str]) -> dict[str, tuple[str, ...]]:
    query = (
        select(GroupTopicRow.group_id, TopicRow.name)
        .join(TopicRow, col(TopicRow.id) == GroupTopicRow.topic_id)
        .where(col(GroupTopicRow.group_id).in_(groups))
        .order_by(col(GroupTopicRow.position))
    )
    found: dict[str, tuple[str, ...]] = {}
    for group_id, name in db.exec(query):
        found[group_id] = (*found.get(group_id, ()), name)
    return found
