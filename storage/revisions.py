"""What coordinators decided about published sentences that a group changed later, or objects to."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Field, Session

from bot.article import Article
from bot.impressions import Impression
from storage.moments import Moment
from storage.rows import Row


class ArticleRevisionRow(Row, table=True):
    """What was decided about the published sentences that a change of an impression touches, or an objection to it."""

    __tablename__ = "article_revision"
    article_id: str = Field(primary_key=True, foreign_key="article.id")
    impression_id: str = Field(primary_key=True, foreign_key="impression.id")
    version: int = Field(primary_key=True)
    cause: str = Field(primary_key=True)
    team_id: str
    decision: str
    by: str
    at: datetime = Field(sa_type=Moment)


@dataclass(frozen=True)
class Decision:
    """What a coordinator decided about published sentences, `update` or `leave`, and when."""

    decision: str
    by: str
    at: datetime


def decide(
    db: Session, article: Article, impression: Impression, cause: str, decision: str, by: str, now: datetime
) -> None:
    """Write what was decided about the sentences that the current version of an impression touches, and by whom."""
    db.add(
        ArticleRevisionRow(
            article_id=article.id,
            impression_id=impression.id,
            version=impression.version,
            cause=cause,
            team_id=article.team,
            decision=decision,
            by=by,
            at=now,
        )
    )
    db.flush()


def decision(db: Session, article: Article, impression_id: str, version: int, cause: str) -> Decision | None:
    """Return what was decided about the sentences that a version touches, if anybody did."""
    row = db.get(ArticleRevisionRow, (article.team, article.id, impression_id, version, cause))
    return Decision(row.decision, row.by, row.at) if row and row.team_id == article.team else None
