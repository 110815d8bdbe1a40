"""Who met whom, and which region sat with which theme, in earlier sessions."""

from collections import Counter
from collections.abc import Collection
from itertools import combinations

from sqlmodel import Session, col, func, select

from bot.selection import History
from bot.worksessions import WorkSession
from storage.programme import MemberRow
from storage.selection.groups import GroupRow, GroupTopicRow, SeatRow
from storage.worksessions import TopicRow, WorkSessionRow

EXACT = 200
"""So many people at most are compared pair by pair; above that only regions and themes are."""


def history(db: Session, session: WorkSession, users: Collection[str]) -> History:
    """Return what earlier sessions of this workspace say of these people; practice sessions do not count."""
    earlier = (
        select(SeatRow.user_id, SeatRow.group_id)
        .join(GroupRow, (col(GroupRow.team_id) == SeatRow.team_id) & (col(GroupRow.id) == SeatRow.group_id))
        .join(
            WorkSessionRow,
            (col(WorkSessionRow.team_id) == GroupRow.team_id) & (col(WorkSessionRow.id) == GroupRow.work_session_id),
        )
        .where(
            SeatRow.team_id == session.team,
            WorkSessionRow.id != session.id,
            WorkSessionRow.starts_at < session.starts_at,
            col(WorkSessionRow.channel_id).not_like("D%"),
        )
    )
    wanted = set(users)
    tables: dict[str, list[str]] = {}
    for user, group in db.exec(earlier):
        if user in wanted:
            tables.setdefault(group, []).append(user)
    met: Counter[tuple[str, str]] = Counter()
    if len(wanted) <= EXACT:
        for people in tables.values():
            met.update((min(two), max(two)) for two in combinations(people, 2))
    seasoned = frozenset(user for people in tables.values() for user in people)
    return History(dict(met), _regions(db, session), seasoned)


def _regions(db: Session, session: WorkSession) -> dict[tuple[str, str], int]:
    """Count, per region and leading topic, the people of the region who sat with its theme before."""
    query = (
        select(MemberRow.region_id, TopicRow.theme_id, func.count())
        .select_from(SeatRow)
        .join(GroupTopicRow, col(GroupTopicRow.group_id) == SeatRow.group_id)
        .join(TopicRow, col(TopicRow.id) == GroupTopicRow.topic_id)
        .join(WorkSessionRow, col(WorkSessionRow.id) == SeatRow.work_session_id)
        .join(MemberRow, (col(MemberRow.team_id) == SeatRow.team_id) & (col(MemberRow.user_id) == SeatRow.user_id))
        .where(
            SeatRow.team_id == session.team,
            GroupTopicRow.team_id == session.team,
            TopicRow.team_id == session.team,
            WorkSessionRow.team_id == session.team,
            SeatRow.work_session_id != session.id,
            WorkSessionRow.starts_at < session.starts_at,
            col(MemberRow.region_id).is_not(None),
        )
        .group_by(MemberRow.region_id, TopicRow.theme_id)
    )
    by_theme: Counter[tuple[str, str]] = Counter()
    for region, theme, number in db.exec(query):
        by_theme[str(region), theme] += number
    found: Counter[tuple[str, str]] = Counter()
    for offered in session.offers:
        for theme in {topic.theme for topic in offered}:
            for (region, known), number in by_theme.items():
                if known == theme:
                    found[region, offered[0].id] += number
    return dict(found)
