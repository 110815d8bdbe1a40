"""Series of sessions: their rule, and what was decided about single dates."""

from datetime import date, datetime

from sqlmodel import Field, Session, col, select

from bot.followup import Decided, Decision, Series, SeriesState
from bot.trail.follow_ups import Via
from storage import worksessions
from storage.moments import Moment
from storage.rows import Row
from storage.trail.follow_ups import region_of


class SessionSeriesRow(Row, table=True):
    """Sessions that come back by a rule (RRULE text)."""

    __tablename__ = "session_series"
    id: str = Field(primary_key=True)
    team_id: str = Field(index=True)
    work_session_id: str | None = Field(default=None, foreign_key="work_session.id")
    title: str
    channel_id: str
    rule: str
    starts_at: datetime = Field(sa_type=Moment)
    ends_at: datetime = Field(sa_type=Moment)
    timezone: str
    state: str
    version: int
    created_by: str
    created_at: datetime = Field(sa_type=Moment)


class SeriesExceptionRow(Row, table=True):
    """What the coordinator decided about one date of a series: leave it out, hold it, or hold it on another day."""

    __tablename__ = "series_exception"
    series_id: str = Field(primary_key=True, foreign_key="session_series.id")
    day: date = Field(primary_key=True)
    team_id: str
    decision: str
    moved_to: date | None = None
    decided_by: str
    at: datetime = Field(sa_type=Moment)


def save(db: Session, series: Series) -> None:
    """Write a series with what was decided about its dates."""
    row = db.get(SessionSeriesRow, (series.team, series.id))
    if row is None:
        row = SessionSeriesRow(
            id=series.id,
            team_id=series.team,
            work_session_id=series.previous,
            title=series.title,
            channel_id=series.channel,
            rule=series.rule,
            starts_at=series.starts_at,
            ends_at=series.ends_at,
            timezone=series.timezone,
            state=series.state.value,
            version=series.version,
            created_by=series.created_by,
            created_at=series.created_at,
        )
    row.title, row.channel_id, row.rule = series.title, series.channel, series.rule
    row.starts_at, row.ends_at, row.timezone = series.starts_at, series.ends_at, series.timezone
    row.state, row.version = series.state.value, series.version
    db.add(row)
    db.flush()


def decide(db: Session, team: str, series_id: str, decided: Decided, by: str, now: datetime) -> None:
    """Keep what was decided about one date; the last decision counts."""
    row = db.get(SeriesExceptionRow, (team, series_id, decided.day)) or SeriesExceptionRow(
        series_id=series_id, day=decided.day, team_id=team, decision="", decided_by=by, at=now
    )
    row.decision, row.moved_to, row.decided_by, row.at = decided.decision.value, decided.moved_to, by, now
    db.add(row)
    db.flush()


def one(db: Session, team: str, series_id: str) -> Series | None:
    """Return a series of this workspace."""
    row = db.get(SessionSeriesRow, (team, series_id))
    return _series(db, row) if row else None


def running(db: Session, team: str) -> list[Series]:
    """Return the series of a workspace that go on."""
    query = select(SessionSeriesRow).where(
        SessionSeriesRow.team_id == team, SessionSeriesRow.state == SeriesState.RUNNING.value
    )
    return [_series(db, row) for row in db.exec(query.order_by(col(SessionSeriesRow.starts_at)))]


def _series(db: Session, row: SessionSeriesRow) -> Series:
    previous = worksessions.one(db, row.team_id, row.work_session_id) if row.work_session_id else None
    query = select(SeriesExceptionRow).where(
        SeriesExceptionRow.team_id == row.team_id, SeriesExceptionRow.series_id == row.id
    )
    return Series(
        id=row.id,
        team=row.team_id,
        title=row.title,
        channel=row.channel_id,
        rule=row.rule,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        timezone=row.timezone,
        state=SeriesState(row.state),
        version=row.version,
        created_by=row.created_by,
        created_at=row.created_at,
        previous=row.work_session_id,
        regions=previous.regions if previous else region_of(db, row.team_id, Via.SERIES, row.id),
        decided=tuple(
            Decided(each.day, Decision(each.decision), each.moved_to)
            for each in db.exec(query.order_by(col(SeriesExceptionRow.day)))
        ),
    )
