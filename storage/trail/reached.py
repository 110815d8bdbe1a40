"""Published sentences in which a point of an agenda may be meant, found by its words."""

from sqlmodel import Session, col, or_, select

from bot.article import PublishedSentence
from bot.article import State as ArticleState
from bot.harvest.overlap import stems
from storage.harvest import published_sentences
from storage.harvest.rows import ArticleRow, ArticleSentenceRow
from storage.portions import portions

MOST = 400
"""Sentences that are read, the newest; what a region said years ago is found by asking the memory."""


def near(db: Session, team: str, text: str) -> list[PublishedSentence]:
    """Return the newest published sentences that share a word with a text, or a part of one."""
    words = sorted(stems(text).own)
    if not words:
        return []
    query = (
        select(ArticleSentenceRow.id)
        .join(ArticleRow, col(ArticleRow.id) == ArticleSentenceRow.article_id)
        .where(
            ArticleSentenceRow.team_id == team,
            ArticleRow.team_id == team,
            ArticleRow.state == ArticleState.PUBLISHED.value,
            or_(*(col(ArticleSentenceRow.text).icontains(word, autoescape=True) for word in words)),
        )
        .order_by(col(ArticleRow.published_at).desc(), col(ArticleSentenceRow.id))
        .limit(MOST)
    )
    ids = list(db.exec(query).all())
    return published_sentences(db, team, ids=ids) if ids else []


def published_of(db: Session, team: str, impressions: list[str]) -> dict[str, list[PublishedSentence]]:
    """Return by impression id the sentences of it that everybody may read now, in order."""
    ids: list[str] = []
    for some in portions(impressions):
        query = select(ArticleSentenceRow.id).where(
            ArticleSentenceRow.team_id == team, col(ArticleSentenceRow.impression_id).in_(some)
        )
        ids += db.exec(query)
    found: dict[str, list[PublishedSentence]] = {}
    for sentence in published_sentences(db, team, ids=ids) if ids else ():
        found.setdefault(sentence.impression, []).append(sentence)
    return found
