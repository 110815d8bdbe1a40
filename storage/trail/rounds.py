"""The times that every region was asked to look back, and whom."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from bot.trail import Kind, State
from bot.trail.looking_back import OPEN_AFTER, Asked, Round, with_answers
from storage import timetable
from storage.trail.reading import entries
from storage.trail.report_rows import TrailRoundPersonRow, TrailRoundRow

TOO_LATE = timedelta(days=30)
"""After so long without a bot a reminder helps nobody."""


def open_round(db: Session, found: Round, asked: Sequence[Asked]) -> None:
    """Write a new round with whom it asks."""
    db.add(
        TrailRoundRow(
            id=found.id,
            team_id=found.team,
            kind=found.kind.value,
            title=found.title,
            opened_by=found.opened_by,
            opened_at=found.opened_at,
            remind_at=found.remind_at,
        )
    )
    db.flush()
    for one in asked:
        row = TrailRoundPersonRow(round_id=found.id, user_id=one.user, region_id=one.region, team_id=found.team)
        db.add(row)
    db.flush()


def one_round(db: Session, team: str, round_id: str) -> Round | None:
    """Return a round of this workspace."""
    row = db.get(TrailRoundRow, (team, round_id))
    return _round(row) if row else None


def rounds(db: Session, team: str) -> list[Round]:
    """Return every round, the newest first."""
    query = select(TrailRoundRow).where(TrailRoundRow.team_id == team)
    return [_round(row) for row in db.exec(query.order_by(col(TrailRoundRow.opened_at).desc(), col(TrailRoundRow.id)))]


def asked_in(db: Session, found: Round) -> list[Asked]:
    """Return who was asked in a round, with who answered; whoever answered unasked as well."""
    query = select(TrailRoundPersonRow).where(
        TrailRoundPersonRow.team_id == found.team, TrailRoundPersonRow.round_id == found.id
    )
    asked = [Asked(row.user_id, row.region_id) for row in db.exec(query.order_by(col(TrailRoundPersonRow.user_id)))]
    written = entries(db, found.team, kinds=[found.kind], states=[State.KEPT, State.SHARED])
    return with_answers(found, asked, written)


def open_for(team: str, user: str, now: datetime) -> tuple[ColumnElement[bool] | bool, ...]:
    """Return the conditions of rounds, with whom they ask, in which somebody was asked not too long ago to answer."""
    return (
        TrailRoundRow.team_id == team,
        TrailRoundPersonRow.team_id == team,
        TrailRoundPersonRow.user_id == user,
        col(TrailRoundRow.remind_at) > now - OPEN_AFTER,
    )


def waiting_of(db: Session, team: str, user: str, now: datetime) -> list[tuple[Round, Asked]]:
    """Return the rounds, the newest first, in which somebody was asked and did not answer; not those of long ago."""
    query = (
        select(TrailRoundRow)
        .join(TrailRoundPersonRow, onclause=col(TrailRoundPersonRow.round_id) == TrailRoundRow.id)
        .where(*open_for(team, user, now))
        .order_by(col(TrailRoundRow.opened_at).desc(), col(TrailRoundRow.id))
    )
    mine = [(found, one) for found in map(_round, db.exec(query)) for one in asked_in(db, found) if one.user == user]
    return [(found, one) for found, one in mine if one.answered_at is None]


def to_remind(db: Session, now: datetime) -> list[Round]:
    """Return, for every workspace, the rounds in which nobody was reminded yet; long ago nobody is any more."""
    recent = col(TrailRoundRow.remind_at) > now - TOO_LATE
    query = select(TrailRoundRow).where(recent).order_by(col(TrailRoundRow.id))
    rows = db.exec(query.execution_options(every_workspace="the clock acts for all of them"))
    found = [_round(row) for row in rows]
    return [one for one in found if not timetable.taken(db, one.team, *turn(one))]


def turn(found: Round) -> tuple[str, str]:
    """Return the rule and the period under which the one reminder of a round is given."""
    return f"trail.round:{found.id}", "reminder"


def _round(row: TrailRoundRow) -> Round:
    return Round(row.id, row.team_id, Kind(row.kind), row.title, row.opened_by, row.opened_at, row.remind_at)
