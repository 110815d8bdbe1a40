"""The groups of a session: their topics, who sits there and why, who leads and who writes."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, col, or_, select

from bot.programme import Role
from bot.selection import Change, Group, Reason, Seat
from bot.worksessions import State
from storage.portions import portions
from storage.programme import MemberRow, read_roles
from storage.rows import Row
from storage.selection.picks import PickRow
from storage.worksessions import WorkSessionRow


class GroupRow(Row, table=True):
    """People who talk together."""

    __tablename__ = "group"
    __table_args__ = (UniqueConstraint("work_session_id", "number"),)
    id: str = Field(primary_key=True)
    team_id: str
    work_session_id: str = Field(foreign_key="work_session.id", index=True)
    number: int
    facilitator: str | None = None
    note_taker: str | None = None


class GroupTopicRow(Row, table=True):
    """A topic that a group talks about."""

    __tablename__ = "group_topic"
    group_id: str = Field(primary_key=True, foreign_key="group.id")
    topic_id: str = Field(primary_key=True, foreign_key="topic.id")
    team_id: str
    position: int = 0


class SeatRow(Row, table=True):
    """Where somebody sits: one seat per person per session."""

    __tablename__ = "seat"
    work_session_id: str = Field(primary_key=True, foreign_key="work_session.id")
    user_id: str = Field(primary_key=True)
    group_id: str = Field(foreign_key="group.id", index=True)
    team_id: str
    position: int = 0
    reason: str = Field(default="", sa_column_kwargs={"server_default": ""})


def save_groups(db: Session, team: str, groups: Sequence[Group], seats: Iterable[Seat] = ()) -> None:
    """Write the groups of a session with their topics and seats; `seats` says why people sit there."""
    why = {seat.user: seat.reason.value for seat in seats}
    for group in groups:
        db.add(
            GroupRow(
                id=group.id,
                team_id=team,
                work_session_id=group.work_session,
                number=group.number,
                facilitator=group.facilitator,
                note_taker=group.note_taker,
            )
        )
    db.flush()
    for group in groups:
        for position, topic in enumerate(group.topics):
            db.add(GroupTopicRow(group_id=group.id, topic_id=topic, team_id=team, position=position))
        for position, user in enumerate(group.people):
            db.add(
                SeatRow(
                    work_session_id=group.work_session,
                    user_id=user,
                    group_id=group.id,
                    team_id=team,
                    position=position,
                    reason=why.get(user, ""),
                )
            )
    db.flush()


def groups_of(db: Session, team: str, session_id: str) -> list[Group]:
    """Return the groups of a session by number."""
    return groups_of_all(db, team, [session_id]).get(session_id, [])


def groups_of_all(db: Session, team: str, session_ids: Collection[str]) -> dict[str, list[Group]]:
    """Return the groups of several sessions by number, session id to groups: three statements for thousands of them."""
    rows: list[GroupRow] = []
    for some in portions(session_ids):
        query = select(GroupRow).where(GroupRow.team_id == team, col(GroupRow.work_session_id).in_(some))
        rows += db.exec(query.order_by(col(GroupRow.number)))
    found: dict[str, list[Group]] = {}
    for group in _groups(db, team, rows):
        found.setdefault(group.work_session, []).append(group)
    return found


def groups_to_change(db: Session, team: str, session_id: str) -> list[Group]:
    """Return the groups of a session by number, for a change of seats: another change of them waits for this one.

    Where one writer does everything (SQLite) there is nothing to wait for; else two people could take the last place.
    """
    db.exec(
        select(GroupRow.id).where(GroupRow.team_id == team, GroupRow.work_session_id == session_id).with_for_update()
    ).all()
    db.expire_all()  # what was read before the wait may be old by now
    return groups_of(db, team, session_id)


def group(db: Session, team: str, group_id: str) -> Group | None:
    """Return one group of this workspace."""
    row = db.get(GroupRow, (team, group_id))
    return _groups(db, team, [row])[0] if row else None


def seat(db: Session, team: str, session_id: str, user: str) -> tuple[str, Seat] | None:
    """Return the id of the group in which somebody sits in a session, with the reason."""
    row = db.get(SeatRow, (team, session_id, user))
    return (row.group_id, Seat(user, Reason(row.reason or Reason.PLACED))) if row else None


def move_seat(db: Session, team: str, group: Group, user: str, reason: Reason) -> None:
    """Seat somebody in this group, and nowhere else in the session."""
    row = db.get(SeatRow, (team, group.work_session, user))
    if row is None:
        row = SeatRow(work_session_id=group.work_session, user_id=user, group_id=group.id, team_id=team)
    row.group_id, row.position, row.reason = group.id, len(group.people), reason.value
    db.add(row)
    db.flush()


def reseat(db: Session, team: str, change: Change) -> None:
    """Write a change of seats: who sits where and why, who lost a seat, who leads and who takes notes."""
    for group in change.groups:
        lead(db, team, group.id, group.facilitator)
        take_notes(db, team, group.id, group.note_taker)
        for seat in change.seats:
            if seat.user in group.people:
                move_seat(db, team, group, seat.user, seat.reason)
        for user in change.freed:
            row = db.get(SeatRow, (team, group.work_session, user))
            if row is not None:
                db.delete(row)
    db.flush()


def lead(db: Session, team: str, group_id: str, user: str | None) -> None:
    """Set who facilitates a group."""
    row = db.get_one(GroupRow, (team, group_id))
    row.facilitator = user
    db.add(row)


def take_notes(db: Session, team: str, group_id: str, user: str | None) -> None:
    """Set who writes down what a group finds."""
    row = db.get_one(GroupRow, (team, group_id))
    row.note_taker = user
    db.add(row)


def seated_but_gone(db: Session, now: datetime) -> list[tuple[str, str, str]]:
    """Return who holds a seat or leads a group though they left: ids of workspace, session and user, in order.

    Sessions of every workspace count that have groups and are not over.
    """
    running = (WorkSessionRow.state == State.GROUPED.value, WorkSessionRow.ends_at > now)
    left = or_(*(col(MemberRow.roles).contains(role.value) for role in (Role.OUTSIDER, Role.DEACTIVATED)))
    of_seat = (col(MemberRow.team_id) == SeatRow.team_id) & (col(MemberRow.user_id) == SeatRow.user_id)
    of_lead = (col(MemberRow.team_id) == GroupRow.team_id) & (col(MemberRow.user_id) == GroupRow.facilitator)
    seats = select(SeatRow.team_id, SeatRow.work_session_id, SeatRow.user_id).join(MemberRow, of_seat)
    leads = select(GroupRow.team_id, GroupRow.work_session_id, MemberRow.user_id).join(MemberRow, of_lead)
    found: set[tuple[str, str, str]] = set()
    for query, of in ((seats, SeatRow), (leads, GroupRow)):
        held = (col(WorkSessionRow.team_id) == of.team_id) & (col(WorkSessionRow.id) == of.work_session_id)
        joined = query.join(WorkSessionRow, held).where(*running, left)
        found.update(db.exec(joined.execution_options(every_workspace="the clock acts for all of them")))
    return sorted(found)


def unseated(db: Session, team: str, session_id: str) -> list[str]:
    """Return who chose and has no place in any group, in the order of their ids.

    Who cannot come is not counted, nor who left the workspace or leads a group without a seat of their own.
    """
    query = (
        select(PickRow.user_id, MemberRow.roles)
        .outerjoin(
            SeatRow,
            (col(SeatRow.team_id) == PickRow.team_id)
            & (col(SeatRow.work_session_id) == PickRow.work_session_id)
            & (col(SeatRow.user_id) == PickRow.user_id),
        )
        .outerjoin(MemberRow, (col(MemberRow.team_id) == PickRow.team_id) & (col(MemberRow.user_id) == PickRow.user_id))
        .where(
            PickRow.team_id == team,
            PickRow.work_session_id == session_id,
            PickRow.wish != "absent",
            col(SeatRow.user_id).is_(None),
        )
        .order_by(PickRow.user_id)
    )
    leading = set(
        db.exec(select(GroupRow.facilitator).where(GroupRow.team_id == team, GroupRow.work_session_id == session_id))
    )
    gone = {Role.OUTSIDER, Role.DEACTIVATED}
    return [
        user
        for user, roles in db.exec(query)
        if user not in leading and not (roles is not None and read_roles(roles) & gone)
    ]


def _groups(db: Session, team: str, rows: Sequence[GroupRow]) -> list[Group]:
    topics: dict[str, list[str]] = {}
    people: dict[str, list[str]] = {}
    for some in portions(row.id for row in rows):
        about = select(GroupTopicRow.group_id, GroupTopicRow.topic_id).where(
            GroupTopicRow.team_id == team, col(GroupTopicRow.group_id).in_(some)
        )
        for group_id, topic in db.exec(about.order_by(col(GroupTopicRow.position))):
            topics.setdefault(group_id, []).append(topic)
        seated = select(SeatRow.group_id, SeatRow.user_id).where(
            SeatRow.team_id == team, col(SeatRow.group_id).in_(some)
        )
        for group_id, user in db.exec(seated.order_by(col(SeatRow.position), col(SeatRow.user_id))):
            people.setdefault(group_id, []).append(user)
    return [
        Group(
            row.id,
            row.work_session_id,
            row.number,
            tuple(topics.get(row.id, ())),
            row.facilitator,
            tuple(people.get(row.id, ())),
            row.note_taker,
        )
        for row in rows
    ]
