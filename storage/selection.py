"""Picks, the groups that came of them, and who sits where."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import UniqueConstraint, func
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Field, Session, SQLModel, col, select

from bot.selection import Group, Pick, Wish
from storage.moments import Moment


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


def pick_of(db: Session, session_id: str, user: str) -> Pick | None:
    """Return somebody's choice in a session."""
    row = db.get(PickRow, (session_id, user))
    return Pick(user, Wish(row.wish), row.topic_id, row.at) if row else None


def save_pick(db: Session, team: str, session_id: str, pick: Pick) -> None:
    """Let this choice take the place of the person's earlier one."""
    values = {"team_id": team, "wish": pick.wish.value, "topic_id": pick.topic, "at": pick.at}
    statement = insert(PickRow).values(work_session_id=session_id, user_id=pick.user, **values)
    db.connection().execute(statement.on_conflict_do_update(index_elements=["work_session_id", "user_id"], set_=values))


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
    values = {"group_id": group.id, "team_id": team, "position": len(group.people)}
    statement = insert(SeatRow).values(work_session_id=group.work_session, user_id=user, **values)
    db.connection().execute(statement.on_conflict_do_update(index_elements=["work_session_id", "user_id"], set_=values))


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
