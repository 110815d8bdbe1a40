"""Where a message may stand twice, and what was done about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, or_, select

from bot.delivery import Operation, RowState
from storage.delivery.reading import sent
from storage.delivery.rows import OutboxRow


@dataclass(frozen=True)
class Spoken:
    """A message of ours that stands, or may stand, in a channel: its row, its key, and the ts that we know of it."""

    id: int
    key: str
    ts: str | None
    started_at: datetime
    maybe_double: bool


@dataclass(frozen=True)
class Place:
    """A channel, or one thread in it, with what we said there lately."""

    channel: str
    thread_ts: str | None
    spoken: tuple[Spoken, ...]

    @property
    def name(self) -> str:
        """What names this place in what was done today."""
        return f"{self.channel}:{self.thread_ts or ''}"

    @property
    def suspect(self) -> bool:
        """Whether something was posted here again while nobody knew whether it had arrived."""
        return any(each.maybe_double for each in self.spoken)


def places(db: Session, team: str, since: datetime, until: datetime) -> list[Place]:
    """Return where we posted between these moments, and where something may stand twice; the latter come first.

    A conversation with one person counts only where something may stand twice in it.
    """
    query = select(OutboxRow).where(
        OutboxRow.team_id == team,
        OutboxRow.operation == Operation.POST.value,
        OutboxRow.state == RowState.SENT,
        col(OutboxRow.started_at) <= until,
        or_(col(OutboxRow.started_at) > since, col(OutboxRow.maybe_double).is_(True)),
        or_(col(OutboxRow.channel_id).is_not(None), col(OutboxRow.maybe_double).is_(True)),
    )
    found: dict[tuple[str, str | None], list[Spoken]] = {}
    for row in db.exec(query.order_by(col(OutboxRow.id))):
        if row.id is None or row.posted_channel is None or row.started_at is None:
            continue
        above = sent(db, team, row.thread_key) if row.thread_key else None
        one = Spoken(row.id, row.key, row.ts, row.started_at, row.maybe_double)
        found.setdefault((row.posted_channel, above[1] if above else None), []).append(one)
    every = [Place(channel, thread, tuple(spoken)) for (channel, thread), spoken in found.items()]
    return sorted(
        (place for place in every if place.suspect or not place.thread_ts), key=lambda place: not place.suspect
    )


def clear(db: Session, team: str, ids: Iterable[int]) -> None:
    """Remember that these were looked after: at most one of each stands in its channel now."""
    theirs = update(OutboxRow).where(col(OutboxRow.team_id) == team, col(OutboxRow.id).in_(list(ids)))
    db.connection().execute(theirs.values(maybe_double=False))


def count_double(db: Session, team: str, parcel_id: int, kept: str) -> None:
    """Write down that a second copy of this message was taken away, and which one stays."""
    theirs = update(OutboxRow).where(col(OutboxRow.team_id) == team, col(OutboxRow.id) == parcel_id)
    db.connection().execute(theirs.values(doubles_removed=OutboxRow.doubles_removed + 1, ts=kept))
