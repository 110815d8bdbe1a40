"""What goes by itself when its time is over: how much of it there is, and letting it go, one workspace at a time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, and_, delete, func, or_, select, update
from sqlmodel import Session, SQLModel

from bot.delivery import Operation, RowState
from bot.privacy.expiring import KEPT_COUNTS, KEPT_FORMS, KEPT_KEYS, KEPT_QUESTIONS, KEPT_SENT
from storage import audit
from storage.data_map import MAP, Keep


@dataclass(frozen=True)
class Expiring:
    """One class: how long it is kept, which rows of a table are over, and what is emptied where the row stays."""

    keep: Keep
    kept: timedelta
    table: str
    over: Callable[[Table, datetime], ColumnElement[bool]]
    emptied: Mapping[str, str] | None = None

    def which(self, team: str, now: datetime) -> ColumnElement[bool]:
        """Return which rows of this workspace are past their time; at the very end of it they still count."""
        rows = SQLModel.metadata.tables[self.table]
        return and_(rows.c.team_id == team, self.over(rows, now - self.kept))


def _changes(rows: Table, before: datetime) -> ColumnElement[bool]:
    """Changes of messages that arrived: what they changed keeps its place, its kind and its ids."""
    done = rows.c.state.in_([RowState.SENT, RowState.DROPPED])
    return and_(
        rows.c.operation == Operation.UPDATE.value, done, func.coalesce(rows.c.sent_at, rows.c.created_at) < before
    )


def _told(rows: Table, before: datetime) -> ColumnElement[bool]:
    """Messages that arrived, of which Slack said something."""
    return and_(rows.c.state == RowState.SENT, rows.c.error != "", rows.c.sent_at < before)


def _answered(rows: Table, before: datetime) -> ColumnElement[bool]:
    return and_(rows.c.asked_at < before, rows.c.text != "", rows.c.state != "waiting")


CLASSES: tuple[Expiring, ...] = (
    Expiring(Keep.KEYS, KEPT_KEYS, "inbox", lambda rows, before: rows.c.at < before),
    Expiring(Keep.FORMS, KEPT_FORMS, "form", lambda rows, before: rows.c.at < before),
    Expiring(Keep.OUTBOX, KEPT_SENT, "outbox", _changes),
    Expiring(Keep.OUTBOX, KEPT_SENT, "outbox", _told, {"error": ""}),
    Expiring(Keep.QUESTIONS, KEPT_QUESTIONS, "question", _answered, {"text": ""}),
    Expiring(Keep.COUNTS, KEPT_COUNTS, "writing_call", lambda rows, before: rows.c.at < before),
    Expiring(Keep.COUNTS, KEPT_COUNTS, "writing_event", lambda rows, before: rows.c.at < before),
)
"""Everything in tables that expires, but for the trail, which lets go of its oldest rows in a way of its own."""
BY_THEMSELVES = frozenset({*(each.keep for each in CLASSES), Keep.AUDIT})
"""What a table of the data map may say that is kept for a time; all else goes with something that people do."""


def due(db: Session, team: str, now: datetime) -> Mapping[str, int]:
    """Return how many rows of a workspace are past their time, by class; each class is there, also with nothing."""
    found = dict.fromkeys([each.keep.value for each in CLASSES], 0)
    for each in CLASSES:
        rows = SQLModel.metadata.tables[each.table]
        query = select(func.count()).select_from(rows).where(each.which(team, now))
        found[each.keep.value] += db.connection().execute(query).scalar_one()
    found[Keep.AUDIT.value] = audit.expired(db, team, now)
    found[Keep.MODEL.value] = _orphans(db, team)
    return found


def sweep(db: Session, team: str, now: datetime) -> Mapping[str, int]:
    """Let go of everything of a workspace that is past its time; returns how many rows, by class."""
    found = due(db, team, now)
    for each in CLASSES:
        rows = SQLModel.metadata.tables[each.table]
        which = each.which(team, now)
        if each.emptied is None:
            db.connection().execute(delete(rows).where(which))
        else:
            db.connection().execute(update(rows).where(which).values(dict(each.emptied)))
    audit.prune(db, team, now)
    db.expire_all()
    return found


def _orphans(db: Session, team: str) -> int:
    """Return what a model wrote after reading a note that is withdrawn since; there is never any."""
    cards, notes = SQLModel.metadata.tables["writing_card"], SQLModel.metadata.tables["impression"]
    gone = select(notes.c.id).where(notes.c.team_id == team, notes.c.withdrawn_at.is_not(None))
    query = select(func.count()).select_from(cards)
    query = query.where(cards.c.team_id == team, or_(cards.c.data == "", cards.c.impression_id.in_(gone)))
    return int(db.connection().execute(query).scalar_one())


def unswept() -> list[str]:
    """Return the tables that the map says to be kept for a time, and that no class here lets go of."""
    swept = {each.table for each in CLASSES} | {"audit", "audit_head", "departure"}
    follow = {"question_source", "answer_vote"}  # they go or stay with their question, and hold no words
    timed = {name for name, what in MAP.items() if what.keep in BY_THEMSELVES}
    return sorted(timed - swept - follow)
