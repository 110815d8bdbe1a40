"""Picks, the groups that came of them, and who sits where."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import UniqueConstraint, func, text
from sqlmodel import Field, Session, SQLModel, col, select

from bot.programme import Member, Programme, outsider
from bot.selection import Group, Pick, Wish
from bot.worksessions import State, Topic, WorkSession
from storage import programme
from storage.moments import Moment, moment, packed


class PickRow(SQLModel, table=True):
    """The one choice that counts for a person in a session."""

    __tablename__ = "pick"
    work_session_id: str = Field(primary_key=True, foreign_key="work_session.id")
    user_id: str = Field(primary_key=True)
    team_id: str
    wish: str
    topic_id: str | None = Field(default=None, foreign_key="topic.id")
    at: datetime = Field(sa_type=Moment)


class GroupRow(SQLModel, table=True):
    """People who talk together."""

    __tablename__ = "group"
    __table_args__ = (UniqueConstraint("work_session_id", "number"),)
    id: str = Field(primary_key=True)
    team_id: str
    work_session_id: str = Field(foreign_key="work_session.id", index=True)
    number: int
    facilitator: str | None = None


class GroupTopicRow(SQLModel, table=True):
    """A topic that a group talks about."""

    __tablename__ = "group_topic"
    group_id: str = Field(primary_key=True, foreign_key="group.id")
    topic_id: str = Field(primary_key=True, foreign_key="topic.id")
    team_id: str
    position: int = 0


class SeatRow(SQLModel, table=True):
    """Where somebody sits: one seat per person per session."""

    __tablename__ = "seat"
    work_session_id: str = Field(primary_key=True, foreign_key="work_session.id")
    user_id: str = Field(primary_key=True)
    group_id: str = Field(foreign_key="group.id", index=True)
    team_id: str
    position: int = 0


@dataclass(frozen=True)
class Situation:
    """Everything that one press is decided on, read at once: a thousand people may press in the same second."""

    settings: Programme
    member: Member
    region_asked: bool
    session: WorkSession
    before: Pick | None


_SITUATION = text("""
SELECT p.language, p.timezone, p.region_word, p.secret, p.bot_user,
       m.name, m.roles, m.region_id, m.locale, m.direct_channel, m.region_asked_at,
       s.id, s.title, s.channel_id, s.starts_at, s.ends_at, s.closes_at, s.timezone, s.state, s.created_by,
       s.group_limit,
       k.wish, k.topic_id, k.at
FROM work_session s
JOIN programme p ON p.team_id = s.team_id
LEFT JOIN member m ON m.team_id = s.team_id AND m.user_id = :user
LEFT JOIN pick k ON k.work_session_id = s.id AND k.user_id = :user
WHERE s.team_id = :team AND s.id = :session
""")
_TOPICS = text("""
SELECT id, name, short_name, theme_id, facilitator FROM topic
WHERE team_id = :team AND work_session_id = :session ORDER BY position
""")
_SESSION_OF = text("SELECT work_session_id FROM topic WHERE team_id = :team AND id = :topic")


def situation(db: Session, team: str, user: str, session_id: str = "", topic_id: str = "") -> Situation | None:
    """Return who presses where, by a session or by one of its topics; None when this workspace has neither.

    The session comes with its topics and without its regions.
    """
    connection = db.connection()
    if topic_id:
        session_id = connection.execute(_SESSION_OF, {"team": team, "topic": topic_id}).scalar() or ""
    row = connection.execute(_SITUATION, {"team": team, "user": user, "session": session_id}).first()
    if row is None:
        return None
    name, *about = row[5:11]
    known = name is not None
    member = Member(team, user, name, programme.read_roles(about[0]), *about[1:4]) if known else outsider(team, user)
    found = row[11:21]
    topics = tuple(Topic(*topic) for topic in connection.execute(_TOPICS, {"team": team, "session": session_id}))
    session = WorkSession(
        id=found[0],
        team=team,
        title=found[1],
        channel=found[2],
        starts_at=moment(found[3]),
        ends_at=moment(found[4]),
        closes_at=moment(found[5]) if found[5] else None,
        timezone=found[6],
        state=State(found[7]),
        created_by=found[8],
        topics=topics,
        group_limit=found[9],
    )
    wish, chosen, at = row[21:24]
    before = Pick(user, Wish(wish), chosen, moment(at)) if wish else None
    return Situation(Programme(team, *row[0:5]), member, about[4] is not None, session, before)


_SAVE_PICK = text("""
INSERT INTO pick (work_session_id, user_id, team_id, wish, topic_id, at)
VALUES (:session, :user, :team, :wish, :topic, :at)
ON CONFLICT (work_session_id, user_id)
DO UPDATE SET wish = excluded.wish, topic_id = excluded.topic_id, at = excluded.at
""")


def save_pick(db: Session, team: str, session_id: str, pick: Pick) -> None:
    """Let this choice take the place of the person's earlier one."""
    values = {"session": session_id, "user": pick.user, "team": team, "wish": pick.wish.value, "topic": pick.topic}
    db.connection().execute(_SAVE_PICK, {**values, "at": packed(pick.at)})


def picks_of(db: Session, session_id: str) -> list[Pick]:
    """Return every pick that counts, in the order in which people chose."""
    rows = db.exec(
        select(PickRow).where(PickRow.work_session_id == session_id).order_by(col(PickRow.at), col(PickRow.user_id))
    )
    return [Pick(row.user_id, Wish(row.wish), row.topic_id, row.at) for row in rows]


def counts(db: Session, session_id: str) -> Counter[str]:
    """Count the people per topic without reading who they are."""
    query = select(PickRow.topic_id, func.count()).where(
        PickRow.work_session_id == session_id, col(PickRow.topic_id).is_not(None)
    )
    return Counter({topic: number for topic, number in db.exec(query.group_by(col(PickRow.topic_id))) if topic})


def wishes(db: Session, session_id: str) -> Counter[Wish]:
    """Count the people per kind of wish."""
    query = select(PickRow.wish, func.count()).where(PickRow.work_session_id == session_id).group_by(PickRow.wish)
    return Counter({Wish(wish): number for wish, number in db.exec(query)})


def save_groups(db: Session, team: str, groups: Sequence[Group]) -> None:
    """Write the groups of a session with their topics and seats."""
    for group in groups:
        db.add(
            GroupRow(
                id=group.id,
                team_id=team,
                work_session_id=group.work_session,
                number=group.number,
                facilitator=group.facilitator,
            )
        )
    db.flush()
    for group in groups:
        for position, topic in enumerate(group.topics):
            db.add(GroupTopicRow(group_id=group.id, topic_id=topic, team_id=team, position=position))
        for position, user in enumerate(group.people):
            db.add(
                SeatRow(
                    work_session_id=group.work_session, user_id=user, group_id=group.id, team_id=team, position=position
                )
            )
    db.flush()


def groups_of(db: Session, session_id: str) -> list[Group]:
    """Return the groups of a session by number."""
    rows = db.exec(select(GroupRow).where(GroupRow.work_session_id == session_id).order_by(col(GroupRow.number)))
    return [_group(db, row) for row in rows]


def group(db: Session, team: str, group_id: str) -> Group | None:
    """Return one group of this workspace."""
    row = db.get(GroupRow, group_id)
    return _group(db, row) if row and row.team_id == team else None


def move_seat(db: Session, team: str, group: Group, user: str) -> None:
    """Seat somebody in this group, and nowhere else in the session."""
    row = db.get(SeatRow, (group.work_session, user))
    if row is None:
        row = SeatRow(work_session_id=group.work_session, user_id=user, group_id=group.id, team_id=team)
    row.group_id, row.position = group.id, len(group.people)
    db.add(row)
    db.flush()


def lead(db: Session, group_id: str, user: str | None) -> None:
    """Set who facilitates a group."""
    row = db.get_one(GroupRow, group_id)
    row.facilitator = user
    db.add(row)


def _group(db: Session, row: GroupRow) -> Group:
    topics = db.exec(
        select(GroupTopicRow.topic_id).where(GroupTopicRow.group_id == row.id).order_by(col(GroupTopicRow.position))
    ).all()
    people = db.exec(
        select(SeatRow.user_id).where(SeatRow.group_id == row.id).order_by(col(SeatRow.position), col(SeatRow.user_id))
    ).all()
    return Group(row.id, row.work_session_id, row.number, tuple(topics), row.facilitator, tuple(people))
