"""Which groups answered, and who was asked: read for many sessions at once, for the clock and for the board."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from bot.article import State
from bot.delivery import RowState
from bot.prompting import Asked, Rung
from storage import delivery, nudges
from storage.delivery import OutboxRow
from storage.harvest import ArticleRow
from storage.impressions import ImpressionRow
from storage.timetable import OccurrenceRow

KIND = "impressions.ask"
SETTLED = "impressions.asked"
"""What takes the place of the question once the impression is in."""


@dataclass(frozen=True)
class Answered:
    """Ids of groups: `now` have an impression, `ever` had one, also where it was withdrawn; `published` of sessions."""

    now: frozenset[str]
    ever: frozenset[str]
    published: frozenset[str]


def answered(db: Session, team: str, session_ids: Collection[str]) -> Answered:
    """Return which groups of these sessions handed in, and of which sessions the article is out."""
    handed_in = select(ImpressionRow.group_id, ImpressionRow.withdrawn_at).where(
        ImpressionRow.team_id == team,
        col(ImpressionRow.work_session_id).in_(session_ids),
        col(ImpressionRow.group_id).is_not(None),
    )
    rows = db.exec(handed_in).all() if session_ids else []
    out = select(ArticleRow.work_session_id).where(
        ArticleRow.team_id == team,
        col(ArticleRow.work_session_id).in_(session_ids),
        ArticleRow.state == State.PUBLISHED.value,
    )
    return Answered(
        frozenset(group for group, withdrawn in rows if group and withdrawn is None),
        frozenset(group for group, _ in rows if group),
        frozenset(db.exec(out)) if session_ids else frozenset(),
    )


def asked(db: Session, team: str, groups: Collection[str], *, only_sent: bool = False) -> dict[str, list[Asked]]:
    """Return who was asked for the impression of each of these groups, oldest question first.

    One that waits to be sent counts with the moment at which it leaves, unless `only_sent`.
    """
    states = [RowState.SENT] if only_sent else [RowState.SENT, RowState.PLANNED, RowState.SENDING, RowState.UNKNOWN]
    query = select(OutboxRow).where(
        OutboxRow.team_id == team,
        OutboxRow.kind == KIND,
        col(OutboxRow.key) >= f"{KIND}:",
        col(OutboxRow.key) < f"{KIND};",
        col(OutboxRow.state).in_(states),
    )
    found: dict[str, list[Asked]] = {}
    for row in db.exec(query) if groups else ():
        told = json.loads(row.arguments)
        if told["id"] in groups:
            rung = Rung(told["rung"]) if told.get("rung") else None
            asked_at = row.sent_at or row.not_before
            found.setdefault(told["id"], []).append(Asked(told["id"], row.user_id or "", asked_at, rung))
    return {group: sorted(each, key=lambda one: one.at) for group, each in found.items()}


def settle(db: Session, team: str, group: str, now: datetime) -> None:
    """A group answered: take back what waits to be asked, and let the questions that were sent say that it is in."""
    query = select(OutboxRow).where(
        OutboxRow.team_id == team,
        col(OutboxRow.key) >= f"{KIND}:{group}:",
        col(OutboxRow.key) < f"{KIND}:{group};",
        OutboxRow.kind == KIND,
        col(OutboxRow.state).in_([RowState.PLANNED, RowState.SENT, RowState.SENDING, RowState.UNKNOWN]),
    )
    rows = db.exec(query).all()
    if any(row.state == RowState.PLANNED for row in rows):
        nudges.drop(db, team, KIND, group)
        db.expire_all()
        rows = db.exec(query).all()  # one may have left meanwhile
    for row in rows:
        delivery.plan_change(db, team=team, of=row.key, why="in", kind=SETTLED, arguments={"id": group}, now=now)


def turns(db: Session, team: str, rules: Collection[str]) -> dict[str, set[str]]:
    """Return which periods these rules had their turn in."""
    query = select(OccurrenceRow.rule_id, OccurrenceRow.period_key).where(
        OccurrenceRow.team_id == team, col(OccurrenceRow.rule_id).in_(rules)
    )
    found: dict[str, set[str]] = {}
    for rule, period in db.exec(query) if rules else ():
        found.setdefault(rule, set()).add(period)
    return found
