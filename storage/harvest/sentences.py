"""The sentences of published articles, each with where it comes from and what was promised in it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from bot.article import FEWEST_SPEAKERS, Part, PublishedSentence, State
from bot.promises import Told
from bot.selection import Group
from storage import impressions, programme, promises, selection, themes, worksessions
from storage.harvest.rows import ArticleRow, ArticleSentenceRow, for_everybody
from storage.portions import portions
from storage.selection import GroupRow, GroupTopicRow
from storage.themes import ImpressionThemeRow
from storage.worksessions import TopicRow, WorkSessionRow


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
        .where(*(col(table.team_id) == team for table in (ArticleRow, ArticleSentenceRow, GroupRow, WorkSessionRow)))
        .where(ArticleRow.state == State.PUBLISHED.value, for_everybody(team))
    )
    if since is not None:
        query = query.where(col(ArticleRow.published_at) >= since)
    if until is not None:
        query = query.where(col(ArticleRow.published_at) < until)
    these = [query] if ids is None else [query.where(col(ArticleSentenceRow.id).in_(some)) for some in portions(ids)]
    rows = [row for each in these for row in db.exec(each) if row[1].published_at is not None]
    rows.sort(key=lambda row: (row[1].published_at, row[1].id, row[0].position))
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
    of_session = selection.groups_of_all(db, team, sessions)
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
                if standing.asked and set(standing.asked) <= set(standing.agreed) and not standing.objections:
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
    rows: list[ArticleSentenceRow] = []
    for some in portions(sentence_ids):
        rows += db.exec(
            select(ArticleSentenceRow).where(ArticleSentenceRow.team_id == team, col(ArticleSentenceRow.id).in_(some))
        )
    asked = promises.of_impressions(db, team, {row.impression_id for row in rows})
    found: dict[str, list[Told]] = {}
    for told in promises.told(db, asked):
        for row in rows:
            if told.stands_in(row.impression_id, row.field, row.text):
                found.setdefault(row.id, []).append(told)
    return found


def _themes_of(db: Session, team: str, impressions: set[str], living: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for some in portions(impressions):
        query = select(ImpressionThemeRow).where(
            ImpressionThemeRow.team_id == team, col(ImpressionThemeRow.impression_id).in_(some)
        )
        for row in db.exec(query.order_by(ImpressionThemeRow.theme_id)):
            before, theme = found.get(row.impression_id, ()), living.get(row.theme_id, row.theme_id)
            found[row.impression_id] = before if theme in before else (*before, theme)
    return found


def _topics_of(db: Session, team: str, groups: set[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for some in portions(groups):
        query = (
            select(GroupTopicRow.group_id, TopicRow.name)
            .join(TopicRow, col(TopicRow.id) == GroupTopicRow.topic_id)
            .where(GroupTopicRow.team_id == team, TopicRow.team_id == team, col(GroupTopicRow.group_id).in_(some))
            .order_by(col(GroupTopicRow.position))
        )
        for group_id, name in db.exec(query):
            found[group_id] = (*found.get(group_id, ()), name)
    return found
