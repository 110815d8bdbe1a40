"""Where promises are read: which sentences of an article they stand in, the openings, the messages with buttons."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Field, Session, col, func, or_, select

from bot.delivery import Operation
from bot.impressions import Impression
from bot.promises import Place, Promise, candidates, fingerprint, withheld
from bot.worksessions import State as SessionState
from storage import programme
from storage.delivery import OutboxRow
from storage.moments import Moment
from storage.promises.records import of_impressions
from storage.promises.takers import days_told
from storage.rows import Row
from storage.worksessions import WorkSessionRow


class PromiseOpeningRow(Row, table=True):
    """A promise that was read out at the start of a session."""

    __tablename__ = "promise_opening"
    work_session_id: str = Field(primary_key=True, foreign_key="work_session.id")
    promise_id: str = Field(primary_key=True, foreign_key="promise.id")
    team_id: str
    at: datetime = Field(sa_type=Moment)


class NextStepRow(Row, table=True):
    """Somebody of the group said that an offer is a next step, for which nobody is asked."""

    __tablename__ = "next_step"
    impression_id: str = Field(primary_key=True, foreign_key="impression.id")
    team_id: str
    fingerprint: str
    by: str
    at: datetime = Field(sa_type=Moment)


@dataclass(frozen=True)
class Message:
    """A message about a promise that was owed: its key, kind, arguments and receiver."""

    key: str
    kind: str
    arguments: str
    channel: str | None
    user: str | None


def kept_back(db: Session, team: str, found: Sequence[Impression], published_at: datetime | None) -> list[Place]:
    """Return what of these impressions nobody outside the group may read before its giver stands for it."""
    promises = of_impressions(db, team, [each.id for each in found])
    names = {m.user: m.name for m in programme.members(db, team, {each.owner for each in promises})}
    by_id = {each.id: each for each in found}
    return [
        place
        for each in promises
        for place in withheld(
            each,
            by_id[each.impression],
            names.get(each.owner, ""),
            [other for other in promises if other.impression == each.impression and other.id != each.id],
            published_at,
        )
    ]


def open_with(db: Session, team: str, session_id: str, promise_ids: Iterable[str], now: datetime) -> None:
    """Remember what was read out at the start of a session."""
    for promise_id in promise_ids:
        db.add(PromiseOpeningRow(work_session_id=session_id, promise_id=promise_id, team_id=team, at=now))
    db.flush()


def opening(db: Session, team: str, session_id: str) -> list[str]:
    """Return the ids of what was read out at the start of a session."""
    query = select(PromiseOpeningRow.promise_id).where(
        PromiseOpeningRow.team_id == team, PromiseOpeningRow.work_session_id == session_id
    )
    return list(db.exec(query.order_by(PromiseOpeningRow.promise_id)))


def openings_of(db: Session, team: str, promise_id: str) -> list[tuple[str, datetime]]:
    """Return the sessions in whose opening a promise was read out, and when, the last one last."""
    query = select(PromiseOpeningRow).where(
        PromiseOpeningRow.team_id == team, PromiseOpeningRow.promise_id == promise_id
    )
    return [(row.work_session_id, row.at) for row in db.exec(query.order_by(col(PromiseOpeningRow.at)))]


def last_shown(db: Session, team: str) -> dict[str, datetime]:
    """Return when each promise was read out for the last time: promise id to moment."""
    query = (
        select(PromiseOpeningRow.promise_id, func.max(PromiseOpeningRow.at))
        .where(PromiseOpeningRow.team_id == team)
        .group_by(PromiseOpeningRow.promise_id)
    )
    return dict(db.exec(query).all())


def is_next_step(db: Session, impression: Impression) -> bool:
    """Say whether somebody of the group said that the offer, as it reads now, is a next step."""
    row = db.get(NextStepRow, (impression.team, impression.id))
    return row is not None and row.fingerprint == _offer(impression)


def set_next_step(db: Session, impression: Impression, by: str, now: datetime, *, on: bool) -> None:
    """Write down that nobody is asked for the offer of this impression; or that somebody will be after all."""
    row = db.get(NextStepRow, (impression.team, impression.id))
    if row is not None:
        db.delete(row)
        db.flush()
    if on:
        db.add(NextStepRow(
            impression_id=impression.id, team_id=impression.team, fingerprint=_offer(impression), by=by, at=now
        ))  # fmt: skip
        db.flush()


def forget_next_step(db: Session, impression: Impression) -> None:
    """A note was withdrawn: nothing of its offer stays."""
    row = db.get(NextStepRow, (impression.team, impression.id))
    if row is not None:
        db.delete(row)
        db.flush()


def messages(db: Session, promise: Promise) -> list[Message]:
    """Return every message to a person in which this promise stands: all of them follow when it changes."""
    keys = [f"promises.{kind}:{promise.id}" for kind in ("ask", "reminder", "lost", "declined", "kept")]
    keys += [f"promises.news:{promise.owner}:{day}" for day in days_told(db, promise.team, promise.id)]
    query = select(OutboxRow).where(
        OutboxRow.team_id == promise.team,
        OutboxRow.operation == Operation.POST.value,
        or_(*(col(OutboxRow.key) == key for key in keys), *(
            col(OutboxRow.key).startswith(f"{key}:", autoescape=True) for key in keys
        )),
    )  # fmt: skip
    rows = db.exec(query.order_by(col(OutboxRow.id)))
    return [Message(row.key, row.kind, row.arguments, row.channel_id, row.user_id) for row in rows]


def under_way(db: Session, now: datetime) -> list[tuple[str, str]]:
    """Return workspace and id of the sessions that are being held, whatever their workspace; not those cancelled."""
    query = select(WorkSessionRow.team_id, WorkSessionRow.id).where(
        col(WorkSessionRow.starts_at) <= now,
        col(WorkSessionRow.ends_at) > now,
        WorkSessionRow.state != SessionState.CANCELLED.value,
    )
    return sorted(db.exec(query.execution_options(every_workspace="the clock acts for all of them")))


def _offer(impression: Impression) -> str:
    return fingerprint(" ".join(each.text for each in candidates(impression)))
