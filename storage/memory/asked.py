"""Questions that people ask, and those that wait for somebody who knows.

The words of a question stay a week, or for as long as it waits for a region; then they are erased.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, func, or_
from sqlmodel import Field, Session, col, select

from storage import tombstones
from storage.moments import Moment
from storage.rows import Row


class AskedIn(StrEnum):
    """Where a question was asked; only in a channel others read the answer."""

    DIRECT = "direct"
    CHANNEL = "channel"
    COMMAND = "command"


class AskedState(StrEnum):
    """What became of a question: it is looked up, told, not known, waiting for a region, told by one, or taken back."""

    SEARCHING = "searching"
    ANSWERED = "answered"
    UNKNOWN = "unknown"
    WAITING = "waiting"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class QuestionRow(Row, table=True):
    """What somebody asked, and what became of it; `region_id` where it was put to one region."""

    __tablename__ = "question"
    __table_args__ = (
        Index("ix_question_message", "team_id", "channel_id", "ts"),
        Index("ix_question_user", "team_id", "user_id", "asked_at"),
    )
    id: str = Field(primary_key=True)
    team_id: str
    user_id: str
    text: str
    asked_in: str
    channel_id: str = ""
    ts: str = ""
    thread_ts: str = ""
    state: str
    theme_id: str | None = Field(default=None, foreign_key="theme.id")
    differs: bool = False
    region_id: str | None = Field(default=None, foreign_key="region.id")
    asked_at: datetime = Field(sa_type=Moment)
    waits_since: datetime | None = Field(default=None, sa_type=Moment)


class AnswerVoteRow(Row, table=True):
    """Whether an answer helped somebody."""

    __tablename__ = "answer_vote"
    question_id: str = Field(primary_key=True, foreign_key="question.id")
    user_id: str = Field(primary_key=True)
    team_id: str
    helpful: bool
    at: datetime = Field(sa_type=Moment)


@dataclass(frozen=True)
class Asked:
    """A question of somebody, as it stands. `text` is empty once its words were erased."""

    id: str
    team: str
    user: str
    text: str
    asked_in: AskedIn
    channel: str
    ts: str
    thread_ts: str
    state: AskedState
    asked_at: datetime
    theme: str | None = None
    differs: bool = False
    region: str | None = None
    waits_since: datetime | None = None


def save(db: Session, value: Asked) -> None:
    """Write a question as it stands."""
    row = db.get(QuestionRow, (value.team, value.id)) or QuestionRow(
        id=value.id,
        team_id=value.team,
        user_id=value.user,
        text=value.text,
        asked_in=value.asked_in,
        state=value.state,
        asked_at=value.asked_at,
    )
    row.text, row.state, row.theme_id, row.differs = value.text, value.state.value, value.theme, value.differs
    row.asked_in = value.asked_in.value
    row.channel_id, row.ts, row.thread_ts = value.channel, value.ts, value.thread_ts
    row.region_id, row.waits_since = value.region, value.waits_since
    db.add(row)
    db.flush()


def one(db: Session, team: str, question_id: str) -> Asked | None:
    """Return a question of this workspace."""
    row = db.get(QuestionRow, (team, question_id))
    return _asked(row) if row else None


def state_of(db: Session, team: str, question_id: str) -> AskedState | None:
    """Return what became of a question."""
    found = one(db, team, question_id)
    return found.state if found else None


def at_message(db: Session, team: str, channel: str, ts: str) -> Asked | None:
    """Return the question that this message in Slack asked."""
    query = select(QuestionRow).where(
        QuestionRow.team_id == team, QuestionRow.channel_id == channel, QuestionRow.ts == ts
    )
    row = db.exec(query).first()
    return _asked(row) if row else None


def asked_since(db: Session, team: str, user: str, since: datetime) -> int:
    """Count what somebody asked from a moment on."""
    query = select(func.count()).where(
        QuestionRow.team_id == team, QuestionRow.user_id == user, QuestionRow.asked_at >= since
    )
    return int(db.exec(query).one())


def unanswered(db: Session, before: datetime) -> list[Asked]:
    """Return questions of all workspaces that were being looked up since before this moment: somebody has to go on."""
    query = select(QuestionRow).where(
        QuestionRow.state == AskedState.SEARCHING.value,
        QuestionRow.asked_in != AskedIn.COMMAND.value,
        QuestionRow.asked_at < before,
    )
    rows = db.exec(
        query.order_by(col(QuestionRow.asked_at)).execution_options(every_workspace="the clock acts for all of them")
    )
    return [_asked(row) for row in rows]


def waiting_questions(db: Session, team: str, region: str | None) -> list[Asked]:
    """Return the questions that wait for an answer from a region, oldest first: put to it, or to every region.

    Each has an `id` to remember as said, the `text` in its asker's words, and since when it waits. Once it is answered
    or taken back it is no longer among them; what was said of it then is owed a change.
    """
    query = select(QuestionRow).where(
        QuestionRow.team_id == team,
        QuestionRow.state == AskedState.WAITING.value,
        QuestionRow.text != "",
        or_(col(QuestionRow.region_id).is_(None), col(QuestionRow.region_id) == region),
    )
    return [_asked(row) for row in db.exec(query.order_by(col(QuestionRow.waits_since), col(QuestionRow.id)))]


def vote(db: Session, asked: Asked, user: str, helpful: bool, now: datetime) -> None:
    """Keep whether an answer helped somebody; a second opinion of the same person replaces the first."""
    row = db.get(AnswerVoteRow, (asked.team, asked.id, user)) or AnswerVoteRow(
        question_id=asked.id, user_id=user, team_id=asked.team, helpful=helpful, at=now
    )
    row.helpful, row.at = helpful, now
    db.add(row)
    db.flush()


def erase(db: Session, asked: Asked, state: AskedState, now: datetime) -> Asked:
    """Erase the words of a question; returns it as it is left."""
    row = db.get(QuestionRow, (asked.team, asked.id))
    assert row is not None
    row.text, row.state, row.waits_since = "", state.value, None
    db.add(row)
    db.flush()
    tombstones.record(db, asked.team, f"question_{state.value}", asked.id, now)
    return _asked(row)


def forget(db: Session, before: datetime) -> int:
    """Erase the words of questions from before this moment that wait for nobody; returns how many."""
    query = select(QuestionRow).where(
        QuestionRow.asked_at < before, QuestionRow.text != "", QuestionRow.state != AskedState.WAITING.value
    )
    rows: Sequence[QuestionRow] = db.exec(query.execution_options(every_workspace="what is old goes")).all()
    for row in rows:
        row.text = ""
        db.add(row)
    db.flush()
    return len(rows)


def _asked(row: QuestionRow) -> Asked:
    return Asked(
        id=row.id,
        team=row.team_id,
        user=row.user_id,
        text=row.text,
        asked_in=AskedIn(row.asked_in),
        channel=row.channel_id,
        ts=row.ts,
        thread_ts=row.thread_ts,
        state=AskedState(row.state),
        asked_at=row.asked_at,
        theme=row.theme_id,
        differs=row.differs,
        region=row.region_id,
        waits_since=row.waits_since,
    )
