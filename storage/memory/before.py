"""What is remembered of a theme for whoever is about to talk about it again; only what was published comes out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from bot.article import Part
from bot.harvest import Theme
from bot.impressions import Impression, Source
from bot.themes import (
    Before,
    EarlierMaterial,
    EarlierSession,
    Knower,
    OpenQuestion,
    belongs,
    questions_in,
    related,
    still_says,
    unique_people,
)
from bot.worksessions import State, Topic, WorkSession
from storage import delivery, programme, themes, worksessions
from storage.harvest import ArticleRow, ArticleSentenceRow
from storage.impressions import ImpressionRow, MaterialRow
from storage.selection import GroupRow, GroupTopicRow
from storage.themes import ImpressionThemeRow
from storage.worksessions import TopicRow, WorkSessionRegionRow, WorkSessionRow


def offered(db: Session, team: str, topic_id: str) -> tuple[WorkSession, Topic] | None:
    """Return a topic of this workspace with the session that offers it."""
    row = db.get(TopicRow, (team, topic_id))
    session = worksessions.one(db, team, row.work_session_id) if row else None
    topic = session.topic(topic_id) if session else None
    return (session, topic) if session and topic else None


def posts(db: Session, impressions: Iterable[Impression]) -> dict[str, str]:
    """Return where impressions can be read in Slack: a link by impression id, for those that were posted."""
    found = {}
    for one in impressions:
        at = delivery.sent(db, one.team, f"impressions.post:{one.id}:{one.group}")
        if at is None and one.source is Source.REPLY and one.channel and one.ts:
            at = (one.channel, one.ts)
        if at is not None:
            found[one.id] = delivery.link(*at)
    return found


def before(db: Session, team: str, session: WorkSession, topic: Topic) -> Before:
    """Return what is remembered of a topic's theme from before this session, newest first.

    Sessions and groups count once the groups are known, sentences once their article was published and as long as the
    note still says them. What somebody practised shows only in the practice sessions of the same person.
    """
    everything = themes.lineage(db, team)
    own = related(topic.theme, everything)
    rows = _sessions(db, session, own)
    published = _published(db, team, own, rows)
    groups = _groups(db, team, own, rows, published)
    links = {row.id: _link(db, team, row.id, groups[row.id]) for row in rows}
    regions = _regions(db, team, rows)
    sessions = tuple(
        EarlierSession(
            row.id,
            row.title,
            row.starts_at,
            tuple(sorted(group.number for group in groups[row.id])),
            regions.get(row.id, ()),
            *links[row.id],
        )
        for row in rows
    )
    about = _about(db, team, [one.sentence.impression_id for one in published])
    said = [one for one in published if belongs(one.text, about.get(one.sentence.impression_id, ()), everything, own)]
    material, questions = _material(db, team, own, everything)
    asked = [
        OpenQuestion(one.text, one.session.starts_at.astimezone(session.zone).date(), one.group.number)
        for one in said
        if one.sentence.part == Part.QUESTION
    ]
    people = _people(db, team, rows, groups, said)
    return Before(topic.name, sessions, _newest([*asked, *questions]), people, material)


@dataclass(frozen=True)
class _Told:
    """A sentence of a published article: its words as the note has them now, and where they were told."""

    text: str
    sentence: ArticleSentenceRow
    group: GroupRow
    session: WorkSessionRow


def _sessions(db: Session, session: WorkSession, own: frozenset[str]) -> list[WorkSessionRow]:
    """The earlier sessions that offered the theme, newest first."""
    having = select(TopicRow.work_session_id).where(
        TopicRow.team_id == session.team, col(TopicRow.theme_id).in_(sorted(own))
    )
    query = (
        select(WorkSessionRow)
        .where(
            WorkSessionRow.team_id == session.team,
            WorkSessionRow.id != session.id,
            WorkSessionRow.state == State.GROUPED.value,
            col(WorkSessionRow.id).in_(having),
        )
        .order_by(col(WorkSessionRow.starts_at).desc(), col(WorkSessionRow.id))
    )
    return [row for row in db.exec(query) if _open_to(row, session)]


def _open_to(row: WorkSessionRow, session: WorkSession) -> bool:
    if not row.channel_id.startswith("D"):
        return True
    return session.is_practice and row.created_by == session.created_by


def _published(db: Session, team: str, own: frozenset[str], rows: Sequence[WorkSessionRow]) -> list[_Told]:
    """What published articles say of the theme, each sentence cut anew out of the note as it is now."""
    about = select(ImpressionThemeRow.impression_id).where(
        ImpressionThemeRow.team_id == team, col(ImpressionThemeRow.theme_id).in_(sorted(own))
    )
    query = (
        select(ArticleSentenceRow, ImpressionRow, GroupRow, ArticleRow.work_session_id)
        .join(ArticleRow, col(ArticleRow.id) == ArticleSentenceRow.article_id)
        .join(ImpressionRow, col(ImpressionRow.id) == ArticleSentenceRow.impression_id)
        .join(GroupRow, col(GroupRow.id) == ArticleSentenceRow.group_id)
        .where(
            *(col(table.team_id) == team for table in (ArticleRow, ArticleSentenceRow, ImpressionRow, GroupRow)),
            ArticleRow.state == "published",
            col(ArticleRow.work_session_id).in_([row.id for row in rows]),
            col(ImpressionRow.withdrawn_at).is_(None),
            col(ImpressionRow.id).in_(about),
        )
        .order_by(col(ArticleSentenceRow.position))
    )
    by_id = {row.id: row for row in rows}
    told = []
    for sentence, impression, group, session_id in db.exec(query):
        stored = str(getattr(impression, sentence.field))
        text = still_says(stored, sentence.start, sentence.end, sentence.text)
        if text is not None:
            told.append(_Told(text, sentence, group, by_id[session_id]))
    order = {row.id: number for number, row in enumerate(rows)}
    return sorted(told, key=lambda one: order[one.session.id])


def _groups(
    db: Session, team: str, own: frozenset[str], rows: Sequence[WorkSessionRow], published: Sequence[_Told]
) -> dict[str, list[GroupRow]]:
    """The groups of each session that had the theme among their topics, or published something about it."""
    query = (
        select(GroupRow)
        .join(GroupTopicRow, col(GroupTopicRow.group_id) == GroupRow.id)
        .join(TopicRow, col(TopicRow.id) == GroupTopicRow.topic_id)
        .where(
            *(col(table.team_id) == team for table in (GroupRow, GroupTopicRow, TopicRow)),
            col(GroupRow.work_session_id).in_([row.id for row in rows]),
            col(TopicRow.theme_id).in_(sorted(own)),
        )
    )
    found = {group.id: group for group in [*db.exec(query), *(one.group for one in published)]}
    return {row.id: [group for group in found.values() if group.work_session_id == row.id] for row in rows}


def _link(db: Session, team: str, session_id: str, groups: Sequence[GroupRow]) -> tuple[str | None, bool]:
    article = db.exec(
        select(ArticleRow.id).where(
            ArticleRow.team_id == team, ArticleRow.work_session_id == session_id, ArticleRow.state == "published"
        )
    ).first()
    at = delivery.sent(db, team, f"harvest.article:{article}") if article else None
    if at:
        return delivery.link(*at), True
    for group in sorted(groups, key=lambda one: one.number):
        at = delivery.sent(db, team, f"selection.group:{group.id}")
        if at:
            return delivery.link(*at), False
    return None, False


def _regions(db: Session, team: str, rows: Sequence[WorkSessionRow]) -> dict[str, tuple[str, ...]]:
    """The names of the regions that took part, for sessions that were not for everybody."""
    names = {region.id: region.name for region in programme.regions(db, team)}
    query = select(WorkSessionRegionRow).where(
        WorkSessionRegionRow.team_id == team,
        col(WorkSessionRegionRow.work_session_id).in_([row.id for row in rows]),
    )
    found: dict[str, list[str]] = {}
    for row in db.exec(query):
        found.setdefault(row.work_session_id, []).append(names.get(row.region_id, ""))
    return {key: tuple(sorted(filter(None, of))) for key, of in found.items() if len(of) < len(names)}


def _about(db: Session, team: str, impressions: Iterable[str]) -> dict[str, list[str]]:
    """The themes of each of these impressions."""
    query = select(ImpressionThemeRow).where(
        ImpressionThemeRow.team_id == team, col(ImpressionThemeRow.impression_id).in_(sorted(set(impressions)))
    )
    found: dict[str, list[str]] = {}
    for row in db.exec(query):
        found.setdefault(row.impression_id, []).append(row.theme_id)
    return found


def _people(
    db: Session,
    team: str,
    rows: Sequence[WorkSessionRow],
    groups: dict[str, list[GroupRow]],
    said: Sequence[_Told],
) -> tuple[Knower, ...]:
    found = [
        Knower(group.facilitator, row.starts_at, group.number)
        for row in rows
        for group in groups[row.id]
        if group.facilitator
    ]
    offers = {one.sentence.impression_id: one for one in said if one.sentence.part == Part.OFFER}
    query = select(ImpressionRow.id, ImpressionRow.author).where(
        ImpressionRow.team_id == team, col(ImpressionRow.id).in_(list(offers))
    )
    for impression, author in db.exec(query):
        offer = offers[impression]
        found.append(Knower(author or "", offer.session.starts_at, offer.group.number, offer.text))
    active = {member.user: member.takes_part for member in programme.members(db, team, {one.user for one in found})}
    return unique_people(found, active)


def _material(
    db: Session, team: str, own: frozenset[str], everything: Sequence[Theme]
) -> tuple[tuple[EarlierMaterial, ...], list[OpenQuestion]]:
    """Documents with passages about the theme, newest first, and the questions that those passages ask."""
    query = (
        select(MaterialRow, ImpressionRow)
        .join(ImpressionRow, col(ImpressionRow.material_id) == MaterialRow.id)
        .join(ImpressionThemeRow, col(ImpressionThemeRow.impression_id) == ImpressionRow.id)
        .where(
            *(col(table.team_id) == team for table in (MaterialRow, ImpressionRow, ImpressionThemeRow)),
            col(ImpressionRow.withdrawn_at).is_(None),
            col(ImpressionThemeRow.theme_id).in_(sorted(own)),
        )
        .order_by(col(ImpressionRow.first_line), col(ImpressionRow.id))
        .distinct()
    )
    passages: dict[str, list[tuple[int, int]]] = {}
    documents: dict[str, MaterialRow] = {}
    questions: list[OpenQuestion] = []
    rows = db.exec(query).all()
    about = _about(db, team, [passage.id for _, passage in rows])
    for document, passage in rows:
        documents[document.id] = document
        first = passage.first_line or 1
        lines = (first, passage.last_line or first)
        if lines not in passages.setdefault(document.id, []):
            passages[document.id].append(lines)
        for text, line in questions_in(passage.takeaway, first):
            if belongs(text, about.get(passage.id, ()), everything, own):
                questions.append(OpenQuestion(text, document.on, None, document.title, line))
    ordered = sorted(documents.values(), key=lambda one: (-(one.on or date.min).toordinal(), one.title, one.id))
    return tuple(EarlierMaterial(one.title, one.on, tuple(passages[one.id])) for one in ordered), questions


def _newest(found: Sequence[OpenQuestion]) -> tuple[OpenQuestion, ...]:
    """Each question once, newest first, in the order in which they were told."""
    first: dict[str, OpenQuestion] = {}
    for one in sorted(found, key=lambda one: -(one.on or date.min).toordinal()):
        first.setdefault(one.text, one)
    return tuple(first.values())
