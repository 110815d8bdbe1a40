"""Writing a session, and what is changed of it later."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from bot.worksessions import State, WorkSession
from storage.worksessions.rows import TopicRow, WorkSessionRegionRow, WorkSessionRow


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


def set_closing(db: Session, team: str, session_id: str, closes_at: datetime) -> None:
    """Set when choosing closes: later, or now."""
    row = db.get_one(WorkSessionRow, (team, session_id))
    row.closes_at = closes_at
    db.add(row)


def set_state(db: Session, team: str, session_id: str, state: State) -> None:
    """Move a session on."""
    row = db.get_one(WorkSessionRow, (team, session_id))
    row.state = state.value
    db.add(row)


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
