"""Versions of a published article: which sentences it had, as places. Their words stay in the notes, never here."""

from datetime import datetime

from sqlalchemy import insert
from sqlmodel import Field, Session, col, select

from bot.article import UNCHANGED, Article, ArticleVersion, Changes, Kept, State, compare, kept, says_the_same
from bot.impressions import PARTS
from storage import impressions
from storage.moments import Moment
from storage.rows import Row


class ArticleVersionRow(Row, table=True):
    """An article as it could be read from a moment on."""

    __tablename__ = "article_version"
    article_id: str = Field(primary_key=True, foreign_key="article.id")
    number: int = Field(primary_key=True)
    team_id: str
    at: datetime = Field(sa_type=Moment)


class ArticleVersionSentenceRow(Row, table=True):
    """One sentence of a version: its place in the version of the note that was read, and the mark of its words."""

    __tablename__ = "article_version_sentence"
    article_id: str = Field(primary_key=True, foreign_key="article.id")
    number: int = Field(primary_key=True)
    position: int = Field(primary_key=True)
    team_id: str
    sentence_id: str
    group_id: str
    impression_id: str = Field(foreign_key="impression.id")
    field: str
    start: int
    end: int
    impression_version: int
    mark: str


def record(db: Session, article: Article, now: datetime) -> None:
    """Keep the published article as a version, unless it says what the last version said."""
    found = versions(db, article.team, article.id)
    if article.state is not State.PUBLISHED or (found and says_the_same(found[-1], article)):
        return
    number = found[-1].number + 1 if found else 1
    db.add(ArticleVersionRow(article_id=article.id, number=number, team_id=article.team, at=now))
    db.flush()
    rows = [
        {
            "article_id": article.id,
            "number": number,
            "position": position,
            "team_id": article.team,
            "sentence_id": one.sentence,
            "group_id": one.group,
            "impression_id": one.impression,
            "field": one.field,
            "start": one.start,
            "end": one.end,
            "impression_version": one.version,
            "mark": one.mark,
        }
        for position, one in enumerate(kept(article))
    ]
    if rows:
        db.connection().execute(insert(ArticleVersionSentenceRow), rows)


def versions(db: Session, team: str, article_id: str) -> list[ArticleVersion]:
    """Return the versions of a published article, oldest first."""
    rows = db.exec(
        select(ArticleVersionRow)
        .where(ArticleVersionRow.team_id == team, ArticleVersionRow.article_id == article_id)
        .order_by(col(ArticleVersionRow.number))
    ).all()
    sentences = db.exec(
        select(ArticleVersionSentenceRow)
        .where(ArticleVersionSentenceRow.team_id == team, ArticleVersionSentenceRow.article_id == article_id)
        .order_by(col(ArticleVersionSentenceRow.number), col(ArticleVersionSentenceRow.position))
    ).all()
    of_number: dict[int, list[Kept]] = {}
    for one in sentences:
        place = (one.impression_id, one.field, one.start, one.end, one.impression_version)
        of_number.setdefault(one.number, []).append(Kept(one.sentence_id, one.group_id, *place, one.mark))
    return [ArticleVersion(row.number, row.at, tuple(of_number.get(row.number, ()))) for row in rows]


def changes(db: Session, article: Article, since: int = 1) -> Changes:
    """Return what changed in a published article since this version, with the old words that may still be had."""
    found = versions(db, article.team, article.id)
    before = next((one for one in found if one.number == since), None)
    if before is None or len(found) < 2:
        return UNCHANGED

    def words_of(one: Kept) -> str | None:
        stored = impressions.version(db, article.team, one.impression, one.version) if one.field in PARTS else None
        return getattr(stored.contents, one.field)[one.start : one.end] if stored else None

    return Changes(before.at, found[-1].number, compare(before, article, words_of))
