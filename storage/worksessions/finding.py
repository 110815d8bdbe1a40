"""Finding sessions: by id, by date, by state, and which came before or after."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from bot.worksessions import Mode, Silence, State, Topic, WorkSession
from storage.worksessions.rows import TopicRow, WorkSessionRegionRow, WorkSessionRow


def one(db: Session, team: str, session_id: str) -> WorkSession | None:
    """Return a session of this workspace with its topics and regions."""
    row = db.get(WorkSessionRow, (team, session_id))
    return _session(db, row) if row else None


def of_topic(db: Session, team: str, topic_id: str) -> WorkSession | None:
    """Return the session of this workspace that offers a topic, or offered it."""
    row = db.get(TopicRow, (team, topic_id))
    return one(db, team, row.work_session_id) if row else None


def several(db: Session, team: str, ids: Collection[str]) -> list[WorkSession]:
    """Return these sessions of a workspace, as far as they are there: three statements, however many."""
    query = select(WorkSessionRow).where(WorkSessionRow.team_id == team, col(WorkSessionRow.id).in_(sorted(ids)))
    return _sessions(db, db.exec(query.order_by(col(WorkSessionRow.starts_at))).all()) if ids else []


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


def of_series(db: Session, team: str, series_id: str) -> list[WorkSession]:
    """Return the sessions of a series, latest first, those that were cancelled too."""
    query = select(WorkSessionRow).where(WorkSessionRow.team_id == team, WorkSessionRow.series_id == series_id)
    return [_session(db, row) for row in db.exec(query.order_by(col(WorkSessionRow.starts_at).desc()))]


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
