"""The one article about a session: read it, and write it with its sentences, sources and what can be searched."""

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, insert
from sqlmodel import Session, col, select

from bot.article import Article, Part, Run, Sentence, State, check
from storage import impressions, text_index, themes, writing
from storage.harvest.rows import ArticleRow, ArticleSentenceRow, ArticleSourceRow, for_everybody
from storage.impressions import ImpressionRow
from storage.worksessions import WorkSessionRow


def one(db: Session, team: str, article_id: str) -> Article | None:
    """Return an article of this workspace."""
    row = db.get(ArticleRow, (team, article_id))
    return _article(db, row) if row else None


def of_session(db: Session, team: str, session_id: str) -> Article | None:
    """Return the article about a session, if there is one yet."""
    query = select(ArticleRow).where(ArticleRow.team_id == team, ArticleRow.work_session_id == session_id)
    row = db.exec(query).first()
    return _article(db, row) if row else None


def state_of(db: Session, team: str, session_id: str) -> str | None:
    """Return "draft", "published", or None where there is no article about this session."""
    query = select(ArticleRow.state).where(ArticleRow.team_id == team, ArticleRow.work_session_id == session_id)
    return db.exec(query).first()


def size_of_draft(db: Session, team: str, session_id: str) -> int:
    """Return how many impressions the draft about a session took in; 0 where there is none, or it is published."""
    drafts = select(ArticleRow.id).where(
        ArticleRow.team_id == team,
        ArticleRow.work_session_id == session_id,
        ArticleRow.state == State.DRAFT.value,
    )
    query = select(func.count()).select_from(ArticleSourceRow)
    return db.exec(query.where(ArticleSourceRow.team_id == team, col(ArticleSourceRow.article_id).in_(drafts))).one()


def behind(db: Session, team: str, session_id: str | None = None) -> list[str]:
    """Return the sessions of a workspace (or this one, if it is) whose draft lacks something that was handed in."""
    taken_in = select(ArticleSourceRow.impression_id).where(
        ArticleSourceRow.team_id == team,
        ArticleSourceRow.article_id == ArticleRow.id,
        ArticleSourceRow.impression_id == ImpressionRow.id,
    )
    query = (
        select(ArticleRow.work_session_id)
        .join(ImpressionRow, col(ImpressionRow.work_session_id) == ArticleRow.work_session_id)
        .where(
            ArticleRow.team_id == team,
            ArticleRow.state == State.DRAFT.value,
            ImpressionRow.team_id == team,
            col(ImpressionRow.group_id).is_not(None),
            col(ImpressionRow.withdrawn_at).is_(None),
            ~taken_in.exists(),
        )
        .distinct()
        .order_by(ArticleRow.work_session_id)
    )
    return list(db.exec(query if session_id is None else query.where(ArticleRow.work_session_id == session_id)))


def published(db: Session, team: str) -> list[str]:
    """Return the ids of the published articles of a workspace, oldest first; practice sessions have none."""
    query = select(ArticleRow.id).where(
        ArticleRow.team_id == team, ArticleRow.state == State.PUBLISHED.value, for_everybody(team)
    )
    return list(db.exec(query.order_by(col(ArticleRow.published_at), col(ArticleRow.id))))


def save(db: Session, article: Article) -> None:
    """Write an article with its sentences. Raises Misquoted when one of them is not what its impression says.

    What was published stays as it was read, also when the group changes its impression later.
    """
    row = db.get(ArticleRow, (article.team, article.id))
    out_already = row is not None and row.state == State.PUBLISHED.value
    read_by_all = _article(db, row).sentences if row is not None and out_already else ()
    stored = {i.id: i for i in impressions.of_session(db, article.team, article.work_session)}
    check((s for s in article.sentences if s not in read_by_all), stored)
    values: dict[str, Any] = {
        "state": article.state.value,
        "headline": article.headline,
        "version": article.version,
        "edited": article.edited,
        "headline_typed": article.headline_typed,
        "created_at": article.created_at,
        "updated_at": article.updated_at,
        "published_at": article.published_at,
        "published_by": article.published_by,
        "news": article.news,
        "news_by": article.news_by,
    }
    if row is None:
        row = ArticleRow(id=article.id, team_id=article.team, work_session_id=article.work_session, **values)
    for name, content in values.items():
        setattr(row, name, content)
    db.add(row)
    db.flush()
    about = themes.of_sentences(db, article.team, article.id, article.sentences, stored)
    left = {sentence.id: sentence.run.text for sentence in article.sentences}
    gone = [sentence for sentence in read_by_all if left.get(sentence.id) != sentence.run.text]
    if gone:
        notes = {sentence.run.impression for sentence in gone}
        writing.forget_sentences(db, article.team, [sentence.id for sentence in gone], notes)
    connection = db.connection()
    for table in (ArticleSentenceRow, ArticleSourceRow):
        connection.execute(delete(table).where(col(table.team_id) == article.team, col(table.article_id) == article.id))
    sentences = [
        _sentence_values(article, position, each, *about[each.id]) for position, each in enumerate(article.sentences)
    ]
    if sentences:
        connection.execute(insert(ArticleSentenceRow), sentences)
    sources = [
        {"article_id": article.id, "impression_id": impression, "team_id": article.team, "version": version}
        for impression, version in article.sources.items()
    ]
    if sources:
        connection.execute(insert(ArticleSourceRow), sources)
    text_index.put(db, article.team, f"article:{article.id}", _searchable(db, article))
    db.expire_all()


def searchable(db: Session, team: str, article_id: str) -> list[text_index.Entry]:
    """Return what can be found of an article: its sentences once it is published for everybody, else nothing."""
    article = one(db, team, article_id)
    return _searchable(db, article) if article else []


def _searchable(db: Session, article: Article) -> list[text_index.Entry]:
    session = db.get(WorkSessionRow, (article.team, article.work_session))
    if article.state is not State.PUBLISHED or session is None or session.channel_id.startswith("D"):
        return []
    day = session.starts_at.astimezone(ZoneInfo(session.timezone)).date()
    runs = [(sentence.id, sentence.run) for sentence in article.sentences]
    return [text_index.Entry(ref, run.impression, run.start, run.end, day, run.text) for ref, run in runs]


def _article(db: Session, row: ArticleRow) -> Article:
    sentences = db.exec(
        select(ArticleSentenceRow)
        .where(ArticleSentenceRow.team_id == row.team_id, ArticleSentenceRow.article_id == row.id)
        .order_by(col(ArticleSentenceRow.position))
    )
    sources = db.exec(
        select(ArticleSourceRow)
        .where(ArticleSourceRow.team_id == row.team_id, ArticleSourceRow.article_id == row.id)
        .order_by(col(ArticleSourceRow.impression_id))
    )
    return Article(
        id=row.id,
        team=row.team_id,
        work_session=row.work_session_id,
        state=State(row.state),
        headline=row.headline,
        created_at=row.created_at,
        updated_at=row.updated_at,
        version=row.version,
        edited=row.edited,
        headline_typed=row.headline_typed,
        published_at=row.published_at,
        published_by=row.published_by,
        news=row.news,
        news_by=row.news_by,
        sentences=tuple(_sentence(s) for s in sentences),
        sources={s.impression_id: s.version for s in sources},
    )


def _sentence(row: ArticleSentenceRow) -> Sentence:
    part, version = Part(row.part), row.impression_version
    run = Run(part, row.impression_id, row.field, row.start, row.end, row.text, version)
    return Sentence(row.id, row.group_id or "", run)


def _sentence_values(
    article: Article, position: int, sentence: Sentence, theme: str | None, theme_by: str
) -> dict[str, Any]:
    run = sentence.run
    return {
        "id": sentence.id,
        "team_id": article.team,
        "article_id": article.id,
        "position": position,
        "group_id": sentence.group,
        "part": run.part.value,
        "text": run.text,
        "impression_id": run.impression,
        "field": run.field,
        "start": run.start,
        "end": run.end,
        "impression_version": run.version,
        "theme_id": theme,
        "theme_by": theme_by,
    }
