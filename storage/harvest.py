"""Articles: the draft that is cut from impressions, and what of it was published."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, UniqueConstraint, delete, insert
from sqlmodel import Field, Session, SQLModel, col, select

from bot.article import (
    FEWEST_SPEAKERS,
    Article,
    Contribution,
    Edition,
    Part,
    PublishedSentence,
    Run,
    Sentence,
    State,
    check,
)
from bot.impressions import PARTS, Impression
from bot.impressions.consent import says_again, taken_back_mark
from bot.promises import Told
from bot.selection import Group
from bot.worksessions import WorkSession
from storage import attachments, impressions, programme, promises, selection, text_index, themes, worksessions, writing
from storage.moments import Moment
from storage.selection import GroupRow, GroupTopicRow
from storage.themes import ImpressionThemeRow
from storage.worksessions import TopicRow, WorkSessionRow


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
    edited: bool = False
    headline_typed: bool = False
    created_at: datetime = Field(sa_type=Moment)
    updated_at: datetime = Field(sa_type=Moment)
    published_at: datetime | None = Field(default=None, sa_type=Moment)
    published_by: str | None = None
    news: str = ""
    news_by: str = ""


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
    theme_id: str | None = None
    theme_by: str = Field(default="", sa_column_kwargs={"server_default": ""})


class ArticleSourceRow(SQLModel, table=True):
    """An impression that an article took in, with the version that was read."""

    __tablename__ = "article_source"
    article_id: str = Field(primary_key=True, foreign_key="article.id")
    impression_id: str = Field(primary_key=True, foreign_key="impression.id")
    team_id: str
    version: int


def one(db: Session, team: str, article_id: str) -> Article | None:
    """Return an article of this workspace."""
    row = db.get(ArticleRow, article_id)
    return _article(db, row) if row and row.team_id == team else None


def of_session(db: Session, team: str, session_id: str) -> Article | None:
    """Return the article about a session, if there is one yet."""
    query = select(ArticleRow).where(ArticleRow.team_id == team, ArticleRow.work_session_id == session_id)
    row = db.exec(query).first()
    return _article(db, row) if row else None


def state_of(db: Session, team: str, session_id: str) -> str | None:
    """Return "draft", "published", or None where there is no article about this session."""
    query = select(ArticleRow.state).where(ArticleRow.team_id == team, ArticleRow.work_session_id == session_id)
    return db.exec(query).first()


def published(db: Session, team: str) -> list[str]:
    """Return the ids of the published articles of a workspace, oldest first; practice sessions have none."""
    query = select(ArticleRow.id).where(
        ArticleRow.team_id == team, ArticleRow.state == State.PUBLISHED.value, _for_everybody()
    )
    return list(db.exec(query.order_by(col(ArticleRow.published_at), col(ArticleRow.id))))


def save(db: Session, article: Article) -> None:
    """Write an article with its sentences. Raises Misquoted when one of them is not what its impression says.

    What was published stays as it was read, also when the group changes its impression later.
    """
    row = db.get(ArticleRow, article.id)
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
    connection.execute(delete(ArticleSentenceRow).where(col(ArticleSentenceRow.article_id) == article.id))
    connection.execute(delete(ArticleSourceRow).where(col(ArticleSourceRow.article_id) == article.id))
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
    session = db.get(WorkSessionRow, article.work_session)
    if article.state is not State.PUBLISHED or session is None or session.channel_id.startswith("D"):
        return []
    day = session.starts_at.astimezone(ZoneInfo(session.timezone)).date()
    runs = [(sentence.id, sentence.run) for sentence in article.sentences]
    return [text_index.Entry(ref, run.impression, run.start, run.end, day, run.text) for ref, run in runs]


def contributions(db: Session, session: WorkSession) -> list[Contribution]:
    """Return every group of a session with what it handed in."""
    found = impressions.of_session(db, session.team, session.id)
    groups = selection.groups_of(db, session.id)
    kept_back = withheld(db, session, groups, found)
    places = promises.kept_back(db, session.team, found, _published_at(db, session))
    quoted = _quoted_again(db, session.team, found)
    return [
        Contribution(
            group,
            mine,
            frozenset(place for place in kept_back if place[0] in {i.id for i in mine}),
            frozenset(astuple(place) for place in places if place.impression in {i.id for i in mine})
            | {place for place in quoted if place[0] in {i.id for i in mine}},
        )
        for group in groups
        for mine in [tuple(i for i in found if i.group == group.id)]
    ]


def _quoted_again(db: Session, team: str, found: Sequence[Impression]) -> set[tuple[str, str, int, int]]:
    """Return where words of which somebody did not say yes to their use as a quote stand elsewhere, as places.

    To which somebody said no, in whatever note of the session and in whatever part; else in the same note.
    """
    refused = impressions.refused_words(db, team, [one.id for one in found])
    marks = {taken_back_mark(words) for words in refused}
    places: set[tuple[str, str, int, int]] = set()
    for one in found:
        quote = one.contents.quote
        kept = refused if one.quote_use.may_be_published or not quote.strip() else {*refused, quote}
        places |= {(one.id, *place) for words in kept for place in says_again(one.contents, words)}
        if quote.strip() and taken_back_mark(quote) in marks:
            places.add((one.id, "quote", 0, len(quote)))
    return places


def withheld(
    db: Session, session: WorkSession, groups: Sequence[Group], found: Sequence[Impression]
) -> set[tuple[str, str]]:
    """Return the parts (impression id and part) that nobody outside the group may read.

    A quote whose speaker did not agree, or not yet. And until the article is out, all of an impression to which
    somebody of the group objects, or to which not everybody agreed where silence does not count as yes. What became
    of words that are out already is decided sentence by sentence (`handlers.harvest.revising`).
    """
    kept_back = {(one.id, "quote") for one in found if not one.quote_use.may_be_published}
    if state_of(db, session.team, session.id) != State.PUBLISHED.value:
        stands = impressions.standings(db, session, groups, found)
        refused = [one.id for one in found if one.id in stands and not stands[one.id].may_be_published]
        kept_back |= {(one, part) for one in refused for part in PARTS}
    return kept_back


def _published_at(db: Session, session: WorkSession) -> datetime | None:
    query = select(ArticleRow.published_at).where(
        ArticleRow.team_id == session.team, ArticleRow.work_session_id == session.id
    )
    return db.exec(query).first()


def edition(db: Session, team: str, article_id: str) -> Edition | None:
    """Return an article with everything that is needed to show it."""
    article = one(db, team, article_id)
    session = worksessions.one(db, team, article.work_session) if article else None
    if article is None or session is None:
        return None
    found = contributions(db, session)
    users = {i.author for c in found for i in c.impressions} | {c.group.facilitator or "" for c in found}
    users |= {article.published_by or "", article.news_by, *(i.quote_by for c in found for i in c.impressions)}
    names = {member.user: member.name for member in programme.members(db, team, users)}
    groups, told = [c.group for c in found], [i for c in found for i in c.impressions]
    stands = impressions.standings(db, session, groups, told)
    names |= {
        member.user: member.name
        for member in programme.members(db, team, {no.user for one in stands.values() for no in one.objections})
    }
    following = worksessions.follower(db, team, session.id)
    promised = tuple(promises.told(db, promises.of_session(db, team, session.id)))
    files = tuple(attachments.of_session(db, team, session.id))
    return Edition(article, session, tuple(found), names, following, stands, files, promises=promised)


def published_sentences(
    db: Session,
    team: str,
    since: datetime | None = None,
    until: datetime | None = None,
    *,
    ids: Collection[str] | None = None,
) -> list[PublishedSentence]:
    """Return the sentences of articles published from `since` on and before `until`, in the order of the articles.

    With `ids` only those of them. What was withdrawn after publication is not among them, nor what somebody wrote in a
    practice session.
    """
    query = (
        select(ArticleSentenceRow, ArticleRow, GroupRow, WorkSessionRow)
        .join(ArticleRow, col(ArticleRow.id) == ArticleSentenceRow.article_id)
        .join(GroupRow, col(GroupRow.id) == ArticleSentenceRow.group_id)
        .join(WorkSessionRow, col(WorkSessionRow.id) == ArticleRow.work_session_id)
        .where(ArticleRow.team_id == team, ArticleRow.state == State.PUBLISHED.value, _for_everybody())
        .order_by(col(ArticleRow.published_at), col(ArticleRow.id), col(ArticleSentenceRow.position))
    )
    if since is not None:
        query = query.where(col(ArticleRow.published_at) >= since)
    if until is not None:
        query = query.where(col(ArticleRow.published_at) < until)
    if ids is not None:
        query = query.where(col(ArticleSentenceRow.id).in_(list(ids)))
    rows = db.exec(query).all()
    living = themes.living(db, team)
    about = _themes_of(db, team, {sentence.impression_id for sentence, _, _, _ in rows}, living)
    topics = _topics_of(db, team, {group.id for _, _, group, _ in rows})
    people = _people_of(db, team, {session.id for _, _, _, session in rows})
    return [
        PublishedSentence(
            id=sentence.id,
            article=article.id,
            work_session=session.id,
            group=group.id,
            group_number=group.number,
            part=Part(sentence.part),
            text=sentence.text,
            themes=about.get(sentence.impression_id, ()),
            topics=topics.get(group.id, ()),
            published_at=article.published_at,
            theme=_one(sentence, about.get(sentence.impression_id, ()), living),
            impression=sentence.impression_id,
            field=sentence.field,
            start=sentence.start,
            end=sentence.end,
            on=session.starts_at.astimezone(ZoneInfo(session.timezone)).date(),
            session_title=session.title,
            regions=people[group.id].regions,
            speakers=people[group.id].speakers,
            agreed=sentence.impression_id in people[group.id].agreed,
        )
        for sentence, article, group, session in rows
        if article.published_at is not None
    ]


@dataclass(frozen=True)
class _People:
    """Who sat in a group: their region ids, how many they were, and the impressions to which each of them said yes."""

    regions: tuple[str, ...] = ()
    speakers: int = 0
    agreed: frozenset[str] = frozenset()


def _people_of(db: Session, team: str, sessions: set[str]) -> dict[str, _People]:
    """By group id; consent is only looked up for small groups, where it decides what may be told."""
    of_session = selection.groups_of_all(db, sessions)
    of_group = {group.id: _seated(group) for groups in of_session.values() for group in groups}
    users = {user for people in of_group.values() for user in people}
    region_of = {one.user: one.region for one in programme.members(db, team, users)} if users else {}
    found: dict[str, _People] = {}
    for session_id, groups in sorted(of_session.items()):
        agreed: dict[str, set[str]] = {}
        if any(len(of_group[group.id]) < FEWEST_SPEAKERS for group in groups):
            session = worksessions.one(db, team, session_id)
            told = impressions.of_session(db, team, session_id)
            for standing in impressions.standings(db, session, groups, told).values() if session else ():
                if set(standing.asked) <= set(standing.agreed) and not standing.objections:
                    agreed.setdefault(standing.group, set()).add(standing.impression)
        for group in groups:
            regions = sorted({region for user in of_group[group.id] if (region := region_of.get(user))})
            found[group.id] = _People(tuple(regions), len(of_group[group.id]), frozenset(agreed.get(group.id, ())))
    return found


def _seated(group: Group) -> set[str]:
    return {user for user in (*group.people, group.facilitator) if user}


def _one(sentence: ArticleSentenceRow, themes: tuple[str, ...], living: Mapping[str, str]) -> str | None:
    """What was worked out or said of this sentence, as long as its note is about that; else the note's only theme."""
    theme = living.get(sentence.theme_id, sentence.theme_id) if sentence.theme_id else None
    if theme is not None and (theme in themes or sentence.theme_by):
        return theme
    return themes[0] if len(themes) == 1 else None


def promised(db: Session, team: str, sentence_ids: Sequence[str]) -> dict[str, list[Told]]:
    """Return by sentence id what somebody promised in these sentences of articles and stands for, or kept."""
    query = select(ArticleSentenceRow).where(
        ArticleSentenceRow.team_id == team, col(ArticleSentenceRow.id).in_(list(sentence_ids))
    )
    rows = db.exec(query).all()
    asked = promises.of_impressions(db, team, {row.impression_id for row in rows})
    found: dict[str, list[Told]] = {}
    for told in promises.told(db, asked):
        for row in rows:
            if told.stands_in(row.impression_id, row.field, row.text):
                found.setdefault(row.id, []).append(told)
    return found


def _for_everybody() -> ColumnElement[bool]:
    """Leave out sessions in somebody's own conversation with the bot: Slack's ids of those begin with D."""
    own = select(WorkSessionRow.id).where(col(WorkSessionRow.channel_id).startswith("D"))
    return col(ArticleRow.work_session_id).not_in(own)


def _themes_of(db: Session, team: str, impressions: set[str], living: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    query = select(ImpressionThemeRow).where(
        ImpressionThemeRow.team_id == team, col(ImpressionThemeRow.impression_id).in_(impressions)
    )
    found: dict[str, tuple[str, ...]] = {}
    for row in db.exec(query.order_by(ImpressionThemeRow.theme_id)):
        before, theme = found.get(row.impression_id, ()), living.get(row.theme_id, row.theme_id)
        found[row.impression_id] = before if theme in before else (*before, theme)
    return found


def _topics_of(db: Session, team: str, groups: set[str]) -> dict[str, tuple[str, ...]]:
    query = (
        select(GroupTopicRow.group_id, TopicRow.name)
        .join(TopicRow, col(TopicRow.id) == GroupTopicRow.topic_id)
        .where(GroupTopicRow.team_id == team, col(GroupTopicRow.group_id).in_(groups))
        .order_by(col(GroupTopicRow.position))
    )
    found: dict[str, tuple[str, ...]] = {}
    for group_id, name in db.exec(query):
        found[group_id] = (*found.get(group_id, ()), name)
    return found


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
