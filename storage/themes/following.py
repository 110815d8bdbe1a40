"""The sentences of articles follow where their notes are. Apart from the package: articles are made of themes."""

from collections.abc import Collection

from sqlmodel import Session, col, select

from storage import harvest, impressions
from storage.harvest import ArticleSentenceRow
from storage.themes import articles


def cited(db: Session, team: str, notes: Collection[str]) -> list[str]:
    """Return those of these notes of which sentences stand in an article. One statement."""
    query = select(ArticleSentenceRow.impression_id).where(
        ArticleSentenceRow.team_id == team, col(ArticleSentenceRow.impression_id).in_(sorted(notes))
    )
    return sorted(set(db.exec(query)))


def theme_sentences(db: Session, team: str, notes: Collection[str]) -> int:
    """Work out anew what the sentences of every article with one of these notes are about; returns how many moved.

    What a person said of a sentence stays. Nothing else of an article changes, so nobody is told.
    """
    query = select(ArticleSentenceRow.article_id).where(
        ArticleSentenceRow.team_id == team, col(ArticleSentenceRow.impression_id).in_(sorted(notes))
    )
    moved = 0
    for article in filter(None, (harvest.one(db, team, each) for each in sorted(set(db.exec(query))))):
        stored = {i.id: i for i in impressions.of_session(db, team, article.work_session)}
        before = articles.known_of_sentences(db, team, article.id)
        found = articles.of_sentences(db, team, article.id, article.sentences, stored)
        changed = {sentence: said for sentence, said in found.items() if said != before.get(sentence)}
        for sentence, (theme, by) in changed.items():
            articles.move_sentence(db, team, sentence, theme, by)
        moved += len(changed)
    db.expire_all()
    return moved
