"""Date polls: the dates, and who said what to each of them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, Session, col, func, select

from bot.followup import Availability, DateOption, DatePoll, PollState, Said
from bot.trail.follow_ups import Via
from storage import worksessions
from storage.moments import Moment
from storage.rows import Row
from storage.trail.follow_ups import region_of


class DatePollRow(Row, table=True):
    """One question when people can come."""

    __tablename__ = "date_poll"
    id: str = Field(primary_key=True)
    team_id: str = Field(index=True)
    work_session_id: str | None = Field(default=None, foreign_key="work_session.id")
    channel_id: str
    timezone: str
    deadline: datetime = Field(sa_type=Moment)
    quorum: int
    state: str
    chosen: str | None = None
    version: int
    created_by: str
    created_at: datetime = Field(sa_type=Moment)


class DateOptionRow(Row, table=True):
    """One date in a poll; one that was removed keeps its answers."""

    __tablename__ = "date_option"
    id: str = Field(primary_key=True)
    team_id: str
    poll_id: str = Field(foreign_key="date_poll.id", index=True)
    starts_at: datetime = Field(sa_type=Moment)
    ends_at: datetime = Field(sa_type=Moment)
    removed_at: datetime | None = Field(default=None, sa_type=Moment)


class DateAnswerRow(Row, table=True):
    """What somebody said to one date: yes, if need be, or no."""

    __tablename__ = "date_answer"
    option_id: str = Field(primary_key=True, foreign_key="date_option.id")
    user_id: str = Field(primary_key=True)
    team_id: str
    answer: str
    at: datetime = Field(sa_type=Moment)


def save(db: Session, poll: DatePoll, now: datetime) -> None:
    """Write a poll with its dates; a date that is no longer in it counts as removed, its answers stay."""
    row = db.get(DatePollRow, (poll.team, poll.id))
    if row is None:
        row = DatePollRow(
            id=poll.id,
            team_id=poll.team,
            work_session_id=poll.previous,
            channel_id=poll.channel,
            timezone=poll.timezone,
            deadline=poll.deadline,
            quorum=poll.quorum,
            state=poll.state.value,
            chosen=poll.chosen,
            version=poll.version,
            created_by=poll.created_by,
            created_at=poll.created_at,
        )
    row.timezone, row.deadline, row.quorum = poll.timezone, poll.deadline, poll.quorum
    row.state, row.chosen, row.version = poll.state.value, poll.chosen, poll.version
    db.add(row)
    db.flush()
    known = {each.id: each for each in _option_rows(db, poll.team, poll.id)}
    for option in poll.options:
        kept = known.get(option.id)
        if kept is None:
            kept = DateOptionRow(
                id=option.id, team_id=poll.team, poll_id=poll.id, starts_at=option.starts_at, ends_at=option.ends_at
            )
        kept.starts_at, kept.ends_at = option.starts_at, option.ends_at
        kept.removed_at = None if not option.removed else kept.removed_at or now
        db.add(kept)
    db.flush()


def one(db: Session, team: str, poll_id: str) -> DatePoll | None:
    """Return a poll of this workspace with all its dates."""
    row = db.get(DatePollRow, (team, poll_id))
    return _poll(db, row) if row else None


def of_option(db: Session, team: str, option_id: str) -> DatePoll | None:
    """Return the poll of this workspace in which this date stands, or stood."""
    row = db.get(DateOptionRow, (team, option_id))
    return one(db, team, row.poll_id) if row else None


def in_state(db: Session, team: str, states: Iterable[PollState]) -> list[DatePoll]:
    """Return the polls of a workspace in one of these states, the one that ends first on top."""
    query = select(DatePollRow).where(
        DatePollRow.team_id == team, col(DatePollRow.state).in_([state.value for state in states])
    )
    return [_poll(db, row) for row in db.exec(query.order_by(col(DatePollRow.deadline), col(DatePollRow.id)))]


def open_after(db: Session, team: str, session_id: str) -> DatePoll | None:
    """Return the poll about the date after this session that was not decided yet, if any."""
    waiting = in_state(db, team, (PollState.RUNNING, PollState.ENDED))
    return next((poll for poll in waiting if poll.previous == session_id), None)


def save_answer(db: Session, poll: DatePoll, option_id: str, user: str, said: Availability, now: datetime) -> None:
    """Let this answer take the place of the person's earlier one to this date."""
    values = {"team_id": poll.team, "answer": said.value, "at": now}
    statement = insert(DateAnswerRow).values(option_id=option_id, user_id=user, **values)
    db.connection().execute(
        statement.on_conflict_do_update(
            index_elements=["option_id", "user_id"],
            set_=values,
            where=col(DateAnswerRow.team_id) == poll.team,
        )
    )


def said(db: Session, poll: DatePoll) -> list[Said]:
    """Return every answer to the dates that stand, removed ones left out."""
    standing = [option.id for option in poll.standing]
    query = select(DateAnswerRow).where(DateAnswerRow.team_id == poll.team, col(DateAnswerRow.option_id).in_(standing))
    rows = db.exec(query.order_by(DateAnswerRow.option_id, DateAnswerRow.user_id))
    return [Said(row.option_id, row.user_id, Availability(row.answer)) for row in rows]


def counts(db: Session, poll: DatePoll) -> Mapping[str, Counter[Availability]]:
    """Count per date that stands how many people said what: date id to counts."""
    found: dict[str, Counter[Availability]] = {option.id: Counter() for option in poll.standing}
    query = (
        select(DateAnswerRow.option_id, DateAnswerRow.answer, func.count())
        .where(DateAnswerRow.team_id == poll.team, col(DateAnswerRow.option_id).in_(list(found)))
        .group_by(DateAnswerRow.option_id, DateAnswerRow.answer)
    )
    for option, answer, number in db.exec(query):
        found[option][Availability(answer)] = number
    return found


def said_by(db: Session, poll: DatePoll, user: str) -> Mapping[str, Availability]:
    """Return what one person said: date id to answer, those to removed dates too."""
    every = [option.id for option in poll.options]
    query = select(DateAnswerRow).where(
        DateAnswerRow.team_id == poll.team, col(DateAnswerRow.option_id).in_(every), DateAnswerRow.user_id == user
    )
    return {row.option_id: Availability(row.answer) for row in db.exec(query)}


def has_answers(db: Session, poll: DatePoll) -> bool:
    """Say whether anybody answered anything in this poll, removed dates counted."""
    every = [option.id for option in poll.options]
    query = select(DateAnswerRow.user_id).where(
        DateAnswerRow.team_id == poll.team, col(DateAnswerRow.option_id).in_(every)
    )
    return db.exec(query.limit(1)).first() is not None


def _option_rows(db: Session, team: str, poll_id: str) -> list[DateOptionRow]:
    query = select(DateOptionRow).where(DateOptionRow.team_id == team, DateOptionRow.poll_id == poll_id)
    return list(db.exec(query.order_by(col(DateOptionRow.starts_at), col(DateOptionRow.id))))


def _poll(db: Session, row: DatePollRow) -> DatePoll:
    previous = worksessions.one(db, row.team_id, row.work_session_id) if row.work_session_id else None
    return DatePoll(
        id=row.id,
        team=row.team_id,
        channel=row.channel_id,
        timezone=row.timezone,
        deadline=row.deadline,
        quorum=row.quorum,
        state=PollState(row.state),
        created_by=row.created_by,
        created_at=row.created_at,
        version=row.version,
        options=tuple(
            DateOption(each.id, each.starts_at, each.ends_at, each.removed_at is not None)
            for each in _option_rows(db, row.team_id, row.id)
        ),
        previous=row.work_session_id,
        regions=previous.regions if previous else region_of(db, row.team_id, Via.POLL, row.id),
        chosen=row.chosen,
    )
