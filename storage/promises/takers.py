"""Who wants what somebody promised, each counted once, and what their giver was told of it."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import func
from sqlmodel import Field, Session, col, select

from storage.moments import Moment
from storage.portions import portions
from storage.rows import Row


class PromiseTakerRow(Row, table=True):
    """Somebody wants a promise too. One who takes that back stays as a row, so that the giver is told once."""

    __tablename__ = "promise_taker"
    promise_id: str = Field(primary_key=True, foreign_key="promise.id")
    user_id: str = Field(primary_key=True)
    team_id: str
    at: datetime = Field(sa_type=Moment)
    active: bool = True
    told_on: date | None = None


def want(db: Session, team: str, promise_id: str, user: str, now: datetime, *, on: bool) -> bool:
    """Write down that somebody wants it, or no longer does; returns whether that is news."""
    row = db.get(PromiseTakerRow, (team, promise_id, user))
    if row is None:
        if on:
            db.add(PromiseTakerRow(promise_id=promise_id, user_id=user, team_id=team, at=now))
            db.flush()
        return on
    changed = row.active != on
    row.active = on
    db.add(row)
    db.flush()
    return changed


def takers(db: Session, team: str, promise_id: str) -> list[str]:
    """Return who wants it, first come first."""
    query = select(PromiseTakerRow.user_id).where(
        PromiseTakerRow.team_id == team, PromiseTakerRow.promise_id == promise_id, col(PromiseTakerRow.active)
    )
    return list(db.exec(query.order_by(col(PromiseTakerRow.at), col(PromiseTakerRow.user_id))))


def count_takers(db: Session, team: str, promise_ids: Iterable[str]) -> dict[str, int]:
    """Count who wants each of these."""
    found: dict[str, int] = {}
    for some in portions(promise_ids):
        query = (
            select(PromiseTakerRow.promise_id, func.count())
            .where(
                PromiseTakerRow.team_id == team,
                col(PromiseTakerRow.promise_id).in_(some),
                col(PromiseTakerRow.active),
            )
            .group_by(PromiseTakerRow.promise_id)
        )
        found |= dict(db.exec(query).all())
    return found


def untold(db: Session, team: str | None = None) -> list[tuple[str, str]]:
    """Return (workspace, promise id) of what somebody wants without its giver having heard so."""
    query = select(PromiseTakerRow.team_id, PromiseTakerRow.promise_id).where(
        col(PromiseTakerRow.active), col(PromiseTakerRow.told_on).is_(None)
    )
    if team is not None:
        query = query.where(PromiseTakerRow.team_id == team)
    else:
        query = query.execution_options(every_workspace="the clock acts for all of them")
    return sorted(set(db.exec(query)))


def tell(db: Session, team: str, promise_ids: Iterable[str], day: date) -> None:
    """Remember that the givers of these hear on this day who wants them."""
    query = select(PromiseTakerRow).where(
        PromiseTakerRow.team_id == team,
        col(PromiseTakerRow.promise_id).in_(list(promise_ids)),
        col(PromiseTakerRow.active),
        col(PromiseTakerRow.told_on).is_(None),
    )
    for row in db.exec(query).all():
        row.told_on = day
        db.add(row)
    db.flush()


def days_told(db: Session, team: str, promise_id: str) -> list[date]:
    """Return on which days its giver heard who wants it."""
    query = select(col(PromiseTakerRow.told_on)).where(
        PromiseTakerRow.team_id == team, PromiseTakerRow.promise_id == promise_id
    )
    return sorted({day for day in db.exec(query) if day is not None})


def told_on(db: Session, team: str, promise_ids: Iterable[str], day: date) -> dict[str, list[str]]:
    """Return of whom the givers hear on this day, as far as they still want it: promise id to users."""
    query = select(PromiseTakerRow).where(
        PromiseTakerRow.team_id == team,
        col(PromiseTakerRow.promise_id).in_(list(promise_ids)),
        PromiseTakerRow.told_on == day,
        col(PromiseTakerRow.active),
    )
    found: dict[str, list[str]] = {}
    for row in db.exec(query.order_by(col(PromiseTakerRow.at), col(PromiseTakerRow.user_id))):
        found.setdefault(row.promise_id, []).append(row.user_id)
    return found
