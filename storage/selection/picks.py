"""Picks: one per person and session, read and written in a rush."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, text
from sqlmodel import Field, Session, SQLModel, col, select

from bot.programme import Member, Programme, outsider
from bot.selection import MOST_CHOICES, Pick, Wish
from bot.worksessions import Mode, State, Topic, WorkSession
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
    second_topic_id: str | None = Field(default=None, foreign_key="topic.id")
    third_topic_id: str | None = Field(default=None, foreign_key="topic.id")
    placed_by: str | None = None
    at: datetime = Field(sa_type=Moment)


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
       m.name, m.roles, m.region_id, m.locale, m.direct_channel, m.sector, m.region_asked_at,
       s.id, s.title, s.channel_id, s.starts_at, s.ends_at, s.closes_at, s.timezone, s.state, s.created_by,
       s.group_limit, s.group_minimum, s.mode, s.hidden, s.close_when_all, s.opened_at,
       k.wish, k.topic_id, k.second_topic_id, k.third_topic_id, k.placed_by, k.at
FROM work_session s
JOIN programme p ON p.team_id = s.team_id
LEFT JOIN member m ON m.team_id = s.team_id AND m.user_id = :user
LEFT JOIN pick k ON k.work_session_id = s.id AND k.user_id = :user
WHERE s.team_id = :team AND s.id = :session
""")
_TOPICS = text("""
SELECT id, name, short_name, theme_id, facilitator, minimum, maximum, merged_into FROM topic
WHERE team_id = :team AND work_session_id = :session AND withdrawn_at IS NULL ORDER BY position
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
    name, *about = row[5:12]
    known = name is not None
    member = Member(team, user, name, programme.read_roles(about[0]), *about[1:5]) if known else outsider(team, user)
    found = row[12:27]
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
        group_minimum=found[10],
        mode=Mode(found[11]),
        hidden=bool(found[12]),
        close_when_all=bool(found[13]),
        opened_at=moment(found[14]) if found[14] else None,
    )
    wish, *topics_chosen, placed_by, at = row[27:33]
    before = _pick(user, wish, topics_chosen, moment(at), placed_by) if wish else None
    return Situation(Programme(team, *row[0:5]), member, about[5] is not None, session, before)


_SAVE_PICK = text("""
INSERT INTO pick (work_session_id, user_id, team_id, wish, topic_id, second_topic_id, third_topic_id, placed_by, at)
VALUES (:session, :user, :team, :wish, :first, :second, :third, :placed_by, :at)
ON CONFLICT (work_session_id, user_id)
DO UPDATE SET wish = excluded.wish, topic_id = excluded.topic_id, second_topic_id = excluded.second_topic_id,
              third_topic_id = excluded.third_topic_id, placed_by = excluded.placed_by, at = excluded.at
""")


def save_pick(db: Session, team: str, session_id: str, pick: Pick) -> None:
    """Let this choice take the place of the person's earlier one."""
    first, second, third = (*pick.topics, None, None, None)[:MOST_CHOICES]
    values = {"session": session_id, "user": pick.user, "team": team, "wish": pick.wish.value}
    ranks = {"first": first, "second": second, "third": third}
    db.connection().execute(_SAVE_PICK, {**values, **ranks, "placed_by": pick.placed_by, "at": packed(pick.at)})


def drop_pick(db: Session, session_id: str, user: str) -> None:
    """Forget what somebody chose in a session."""
    query = delete(PickRow).where(col(PickRow.work_session_id) == session_id, col(PickRow.user_id) == user)
    db.connection().execute(query)
    db.expire_all()


def pick_of(db: Session, session_id: str, user: str) -> Pick | None:
    """Return the choice of one person in a session."""
    row = db.get(PickRow, (session_id, user))
    return _read(row) if row else None


def picks_of(db: Session, session_id: str) -> list[Pick]:
    """Return every pick that counts, in the order in which people chose."""
    rows = db.exec(
        select(PickRow).where(PickRow.work_session_id == session_id).order_by(col(PickRow.at), col(PickRow.user_id))
    )
    return [_read(row) for row in rows]


def count_picks(db: Session, session_id: str) -> int:
    """Count the people who chose, whatever they chose."""
    return db.exec(select(func.count()).where(PickRow.work_session_id == session_id)).one()


def counts(db: Session, session_id: str) -> Counter[str]:
    """Count the people per topic that is their (first) choice, without reading who they are."""
    query = select(PickRow.topic_id, func.count()).where(
        PickRow.work_session_id == session_id, col(PickRow.topic_id).is_not(None)
    )
    return Counter({topic: number for topic, number in db.exec(query.group_by(col(PickRow.topic_id))) if topic})


def wishes(db: Session, session_id: str) -> Counter[Wish]:
    """Count the people per kind of wish."""
    query = select(PickRow.wish, func.count()).where(PickRow.work_session_id == session_id).group_by(PickRow.wish)
    return Counter({Wish(wish): number for wish, number in db.exec(query)})


def _read(row: PickRow) -> Pick:
    ranks = [row.topic_id, row.second_topic_id, row.third_topic_id]
    return _pick(row.user_id, row.wish, ranks, row.at, row.placed_by)


def _pick(user: str, wish: str, ranks: Sequence[str | None], at: datetime, placed_by: str | None) -> Pick:
    return Pick(user, Wish(wish), tuple(topic for topic in ranks if topic), at, placed_by)
