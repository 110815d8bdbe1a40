"""What was due and is done: one row per rule and period, so that nothing is ever done twice."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, Session, col, select

from storage.moments import Moment
from storage.rows import Row

EVERYWHERE = "*"
"""The workspace of a turn that is taken once for all of them, such as sweeping up old keys."""


class OccurrenceRow(Row, table=True):
    """A rule's turn in one period, such as `digest:<region>` in `2021-W25`."""

    __tablename__ = "occurrence"
    team_id: str = Field(primary_key=True)
    rule_id: str = Field(primary_key=True)
    period_key: str = Field(primary_key=True)
    due_at: datetime = Field(sa_type=Moment)
    done_at: datetime = Field(sa_type=Moment)
    state: str = "done"


def take(db: Session, team: str, rule: str, period: str, due_at: datetime, now: datetime, state: str = "done") -> bool:
    """Take a rule's turn in a period; False when it was taken already. `state` is done or skipped."""
    values = {"rule_id": rule, "period_key": period, "team_id": team, "due_at": due_at, "done_at": now, "state": state}
    return db.connection().execute(insert(OccurrenceRow).values(**values).on_conflict_do_nothing()).rowcount == 1


def taken(db: Session, team: str, rule: str, period: str) -> bool:
    """Say whether a rule had its turn in a period."""
    return db.get(OccurrenceRow, (team, rule, period)) is not None


def last(db: Session, team: str, rule: str) -> datetime | None:
    """Return when this rule was due for the last time that it had its turn."""
    query = (
        select(OccurrenceRow.due_at)
        .where(OccurrenceRow.team_id == team, OccurrenceRow.rule_id == rule)
        .order_by(col(OccurrenceRow.due_at).desc())
    )
    return db.exec(query).first()


def last_period(db: Session, team: str, rule: str) -> str | None:
    """Return the period in which this rule had its last turn, done or skipped."""
    query = select(OccurrenceRow.period_key).where(OccurrenceRow.team_id == team, OccurrenceRow.rule_id == rule)
    return db.exec(query.order_by(col(OccurrenceRow.due_at).desc())).first()


def first(db: Session, team: str, rule: str) -> datetime | None:
    """Return when this rule was due for the first time, done or skipped."""
    query = (
        select(OccurrenceRow.due_at)
        .where(OccurrenceRow.team_id == team, OccurrenceRow.rule_id == rule)
        .order_by(col(OccurrenceRow.due_at))
    )
    return db.exec(query).first()


def taken_among(db: Session, team: str, turns: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return which of these turns (rule and period) were taken; some statements for all of them, not one each."""
    found: set[tuple[str, str]] = set()
    for start in range(0, len(turns), 500):
        some = set(turns[start : start + 500])
        query = select(OccurrenceRow.rule_id, OccurrenceRow.period_key).where(
            OccurrenceRow.team_id == team,
            col(OccurrenceRow.rule_id).in_([rule for rule, _ in some]),
            col(OccurrenceRow.period_key).in_({period for _, period in some}),
        )
        found |= some & {(rule, period) for rule, period in db.exec(query)}
    return found


def last_state(db: Session, team: str, rule: str) -> str:
    """Return what became of this rule's last turn; empty when it had none."""
    query = (
        select(OccurrenceRow.state)
        .where(OccurrenceRow.team_id == team, OccurrenceRow.rule_id == rule)
        .order_by(col(OccurrenceRow.due_at).desc())
    )
    return db.exec(query).first() or ""
