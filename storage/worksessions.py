"""Work sessions, the topics they offer, and forms that are being filled in."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint, delete, text
from sqlmodel import Field, Session, col, select

from bot.worksessions import Mode, Silence, State, Topic, WorkSession
from storage.moments import Moment
from storage.rows import Row


class WorkSessionRow(Row, table=True):
    """One dated meeting."""

    __tablename__ = "work_session"
    id: str = Field(primary_key=True)
    team_id: str = Field(index=True)
    title: str
    channel_id: str
    starts_at: datetime = Field(sa_type=Moment)
    ends_at: datetime = Field(sa_type=Moment)
    closes_at: datetime | None = Field(default=None, sa_type=Moment)
    timezone: str
    state: str
    group_limit: int | None = None
    group_minimum: int | None = None
    mode: str = Field(default="free", sa_column_kwargs={"server_default": "free"})
    hidden: bool = Field(default=False, sa_column_kwargs={"server_default": text("0")})
    close_when_all: bool = Field(default=False, sa_column_kwargs={"server_default": text("0")})
    opened_at: datetime | None = Field(default=None, sa_type=Moment)
    silence: str = Field(default="agrees", sa_column_kwargs={"server_default": "agrees"})
    created_by: str
    created_at: datetime = Field(sa_type=Moment)
    follows: str | None = Field(default=None, foreign_key="work_session.id")
    calendar_sequence: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    series_id: str | None = None


class WorkSessionRegionRow(Row, table=True):
    """A region that takes part in a session."""

    __tablename__ = "work_session_region"
    work_session_id: str = Field(primary_key=True, foreign_key="work_session.id")
    region_id: str = Field(primary_key=True, foreign_key="region.id")
    team_id: str


class TopicRow(Row, table=True):
    """A theme on offer in one session."""

    __tablename__ = "topic"
    __table_args__ = (UniqueConstraint("work_session_id", "position"),)
    id: str = Field(primary_key=True)
    team_id: str
    work_session_id: str = Field(foreign_key="work_session.id", index=True)
    theme_id: str = Field(foreign_key="theme.id")
    name: str
    short_name: str
    position: int
    facilitator: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    merged_into: str | None = None
    withdrawn_at: datetime | None = Field(default=None, sa_type=Moment)


class FormRow(Row, table=True):
    """What somebody filled in so far in a form of several steps; it outlives a restart."""

    __tablename__ = "form"
    id: str = Field(primary_key=True)
    team_id: str
    user_id: str
    data: str
    at: datetime = Field(sa_type=Moment)


def save(db: Session, session: WorkSession, created_at: datetime, follows: str | None = None) -> None:
    """Write a session with its regions and topics; an existing one of this id is replaced, its topics added once."""
    row = db.get(WorkSessionRow, (session.team, session.id))
    if row is None:
        row = WorkSessionRow(
            **_columns(session), id=session.id, team_id=session.team, created_at=created_at, follows=follows
        )
        db.add(row)
        db.flush()
    else:
        for name, value in _columns(session).items():
            setattr(row, name, value)
        db.add(row)
    present = {
        r.region_id: r
        for r in db.exec(
            select(WorkSessionRegionRow).where(
                WorkSessionRegionRow.team_id == session.team, WorkSessionRegionRow.work_session_id == session.id
            )
        )
    }
    for region, gone in present.items():
        if region not in session.regions:
            db.delete(gone)
    for region in session.regions:
        if region not in present:
            db.add(WorkSessionRegionRow(work_session_id=session.id, region_id=region, team_id=session.team))
    known = set(
        db.exec(select(TopicRow.id).where(TopicRow.team_id == session.team, TopicRow.work_session_id == session.id))
    )
    for position, topic in enumerate(session.topics):
        if topic.id not in known:
            db.add(
                TopicRow(
                    id=topic.id,
                    team_id=session.team,
                    work_session_id=session.id,
                    theme_id=topic.theme,
                    name=topic.name,
                    short_name=topic.short_name,
                    position=position,
                    facilitator=topic.facilitator,
                    minimum=topic.minimum,
                    maximum=topic.maximum,
                    merged_into=topic.merged_into,
                )
            )
    db.flush()


def one(db: Session, team: str, session_id: str) -> WorkSession | None:
    """Return a session of this workspace with its topics and regions."""
    row = db.get(WorkSessionRow, (team, session_id))
    return _session(db, row) if row else None


def of_topic(db: Session, team: str, topic_id: str) -> WorkSession | None:
    """Return the session of this workspace that offers a topic, or offered it."""
    row = db.get(TopicRow, (team, topic_id))
    return one(db, team, row.work_session_id) if row else None


def newest(db: Session, team: str, limit: int = 10) -> list[WorkSession]:
    """Return the sessions of a workspace, latest date first."""
    query = (
        select(WorkSessionRow)
        .where(WorkSessionRow.team_id == team)
        .order_by(col(WorkSessionRow.starts_at).desc(), col(WorkSessionRow.id))
    )
    return _sessions(db, db.exec(query.limit(limit)).all())


def since(db: Session, team: str, moment: datetime) -> list[WorkSession]:
    """Return the sessions of a workspace that are over later than this moment, earliest first."""
    query = select(WorkSessionRow).where(WorkSessionRow.team_id == team, WorkSessionRow.ends_at > moment)
    rows = db.exec(query.order_by(col(WorkSessionRow.starts_at), col(WorkSessionRow.id))).all()
    return _sessions(db, rows)


def ending(db: Session, after: datetime, until: datetime) -> list[WorkSession]:
    """Return the sessions of every workspace that have groups and are over in this time, earliest end first."""
    query = select(WorkSessionRow).where(
        WorkSessionRow.state == State.GROUPED.value,
        WorkSessionRow.ends_at > after,
        WorkSessionRow.ends_at <= until,
    )
    query = query.order_by(col(WorkSessionRow.ends_at), col(WorkSessionRow.id))
    return _sessions(db, db.exec(query.execution_options(every_workspace="the clock acts for all of them")).all())


def in_state(db: Session, states: Iterable[State]) -> list[WorkSession]:
    """Return the sessions of every workspace that are in one of these states, earliest first."""
    query = select(WorkSessionRow).where(col(WorkSessionRow.state).in_([s.value for s in states]))
    query = query.order_by(col(WorkSessionRow.starts_at), col(WorkSessionRow.id))
    return _sessions(db, db.exec(query.execution_options(every_workspace="the clock acts for all of them")).all())


def after(db: Session, team: str, moment: datetime) -> list[WorkSession]:
    """Return the sessions of a workspace that start later than this moment, earliest first; not those cancelled."""
    query = select(WorkSessionRow).where(
        WorkSessionRow.team_id == team,
        WorkSessionRow.starts_at > moment,
        WorkSessionRow.state != State.CANCELLED.value,
    )
    return [_session(db, row) for row in db.exec(query.order_by(col(WorkSessionRow.starts_at), col(WorkSessionRow.id)))]


def follower(db: Session, team: str, session_id: str) -> WorkSession | None:
    """Return the session that was set as the next one after this session; one that was cancelled is none."""
    row = db.exec(
        select(WorkSessionRow).where(
            WorkSessionRow.team_id == team,
            WorkSessionRow.follows == session_id,
            WorkSessionRow.state != State.CANCELLED.value,
        )
    ).first()
    return _session(db, row) if row else None


def predecessor(db: Session, team: str, session_id: str) -> str | None:
    """Return the id of the session that this one was set to follow, if any."""
    query = select(WorkSessionRow.follows).where(WorkSessionRow.team_id == team, WorkSessionRow.id == session_id)
    return db.exec(query).first()


def raise_sequence(db: Session, team: str, session_id: str) -> int:
    """Count one more date that agendas have to take over, and return the new number; saving a session leaves it."""
    row = db.get_one(WorkSessionRow, (team, session_id))
    row.calendar_sequence += 1
    db.add(row)
    db.flush()
    return row.calendar_sequence


def set_series(db: Session, team: str, session_id: str, series_id: str) -> None:
    """Say to which series a session belongs."""
    row = db.get_one(WorkSessionRow, (team, session_id))
    row.series_id = series_id
    db.add(row)


def of_series(db: Session, team: str, series_id: str) -> list[WorkSession]:
    """Return the sessions of a series, latest first, those that were cancelled too."""
    query = select(WorkSessionRow).where(WorkSessionRow.team_id == team, WorkSessionRow.series_id == series_id)
    return [_session(db, row) for row in db.exec(query.order_by(col(WorkSessionRow.starts_at).desc()))]


def appoint(db: Session, team: str, session_id: str, facilitators: Mapping[str, str | None]) -> None:
    """Set who facilitates which topic (topic id to user id)."""
    for row in db.exec(select(TopicRow).where(TopicRow.team_id == team, TopicRow.work_session_id == session_id)):
        if row.id in facilitators:
            row.facilitator = facilitators[row.id]
            db.add(row)


def set_closing(db: Session, team: str, session_id: str, closes_at: datetime) -> None:
    """Set when choosing closes: later, or now."""
    row = db.get_one(WorkSessionRow, (team, session_id))
    row.closes_at = closes_at
    db.add(row)


def merge_topic(db: Session, team: str, topic_id: str, into: str | None) -> None:
    """Let a topic make one group with another; None takes them apart again."""
    row = db.get_one(TopicRow, (team, topic_id))
    row.merged_into = into
    db.add(row)


def limit_topic(db: Session, team: str, topic_id: str, minimum: int | None, maximum: int | None) -> None:
    """Give a topic limits of its own; None leaves those of the session."""
    row = db.get_one(TopicRow, (team, topic_id))
    row.minimum, row.maximum = minimum, maximum
    db.add(row)


def withdraw_topic(db: Session, team: str, topic_id: str, now: datetime) -> None:
    """Take a topic off the offer; what was merged into it stands by itself again."""
    row = db.get_one(TopicRow, (team, topic_id))
    row.withdrawn_at, row.merged_into = now, None
    db.add(row)
    for other in db.exec(select(TopicRow).where(TopicRow.team_id == team, TopicRow.merged_into == topic_id)):
        other.merged_into = None
        db.add(other)


def topic_name(db: Session, team: str, topic_id: str) -> str | None:
    """Return the name of a topic of this workspace, also after it was taken off the offer."""
    row = db.get(TopicRow, (team, topic_id))
    return row.name if row else None


def set_state(db: Session, team: str, session_id: str, state: State) -> None:
    """Move a session on."""
    row = db.get_one(WorkSessionRow, (team, session_id))
    row.state = state.value
    db.add(row)


def save_form(db: Session, form_id: str, team: str, user: str, data: Mapping[str, Any], now: datetime) -> None:
    """Keep what was filled in so far."""
    row = db.get(FormRow, (team, form_id)) or FormRow(id=form_id, team_id=team, user_id=user, data="", at=now)
    row.data, row.at = json.dumps(data, ensure_ascii=False, sort_keys=True), now
    db.add(row)


def form(db: Session, team: str, user: str, form_id: str) -> dict[str, Any] | None:
    """Return what this person filled in so far in this form."""
    row = db.get(FormRow, (team, form_id))
    if row is None or row.user_id != user:
        return None
    data: dict[str, Any] = json.loads(row.data)
    return data


def drop_form(db: Session, team: str, form_id: str) -> None:
    """Forget a form that has been handed in."""
    row = db.get(FormRow, (team, form_id))
    if row is not None:
        db.delete(row)


def forget_forms(db: Session, before: datetime) -> int:
    """Drop forms that nobody finished; returns how many."""
    return (
        db.connection()
        .execute(delete(FormRow).where(col(FormRow.at) < before).execution_options(every_workspace="what is old goes"))
        .rowcount
    )


def _columns(session: WorkSession) -> dict[str, Any]:
    return {
        "title": session.title,
        "channel_id": session.channel,
        "starts_at": session.starts_at,
        "ends_at": session.ends_at,
        "closes_at": session.closes_at,
        "timezone": session.timezone,
        "state": session.state.value,
        "group_limit": session.group_limit,
        "group_minimum": session.group_minimum,
        "mode": session.mode.value,
        "hidden": session.hidden,
        "close_when_all": session.close_when_all,
        "opened_at": session.opened_at,
        "silence": session.silence.value,
        "created_by": session.created_by,
    }


def _session(db: Session, row: WorkSessionRow) -> WorkSession:
    return _sessions(db, [row])[0]


def _sessions(db: Session, rows: Sequence[WorkSessionRow]) -> list[WorkSession]:
    """Read topics and regions of all of them at once: one statement each, however many sessions."""
    ids, teams = [row.id for row in rows], sorted({row.team_id for row in rows})
    topics: dict[str, list[TopicRow]] = {}
    offered = select(TopicRow).where(
        col(TopicRow.team_id).in_(teams), col(TopicRow.work_session_id).in_(ids), col(TopicRow.withdrawn_at).is_(None)
    )
    for topic in db.exec(offered.order_by(col(TopicRow.position))) if ids else ():
        topics.setdefault(topic.work_session_id, []).append(topic)
    regions: dict[str, list[str]] = {}
    invited = select(WorkSessionRegionRow.work_session_id, WorkSessionRegionRow.region_id).where(
        col(WorkSessionRegionRow.team_id).in_(teams), col(WorkSessionRegionRow.work_session_id).in_(ids)
    )
    for session_id, region in db.exec(invited.order_by(WorkSessionRegionRow.region_id)) if ids else ():
        regions.setdefault(session_id, []).append(region)
    return [_with(row, topics.get(row.id, []), regions.get(row.id, [])) for row in rows]


def _with(row: WorkSessionRow, topics: Sequence[TopicRow], regions: Sequence[str]) -> WorkSession:
    return WorkSession(
        id=row.id,
        team=row.team_id,
        title=row.title,
        channel=row.channel_id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        closes_at=row.closes_at,
        timezone=row.timezone,
        state=State(row.state),
        created_by=row.created_by,
        topics=tuple(_topic(topic) for topic in topics),
        regions=tuple(regions),
        group_limit=row.group_limit,
        group_minimum=row.group_minimum,
        mode=Mode(row.mode),
        hidden=row.hidden,
        close_when_all=row.close_when_all,
        opened_at=row.opened_at,
        silence=Silence(row.silence),
        calendar_sequence=row.calendar_sequence,
        series=row.series_id,
    )


def _topic(row: TopicRow) -> Topic:
    return Topic(
        row.id,
        row.name,
        row.short_name,
        row.theme_id,
        row.facilitator,
        row.minimum,
        row.maximum,
        row.merged_into,
    )
