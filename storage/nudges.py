"""Automatic messages to one person: owed like any other, but no more than two a week and in sending hours."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from bot.calendar import is_dutch_holiday
from bot.delivery import RowState
from bot.nudges import WEEK, nudge_at
from storage import delivery
from storage.delivery import OutboxRow


def plan_nudge(
    db: Session,
    *,
    team: str,
    key: str,
    kind: str,
    arguments: Mapping[str, Any],
    user: str,
    zone: str,
    now: datetime,
    not_before: datetime | None = None,
    not_after: datetime | None = None,
) -> bool:
    """Owe somebody a message that nobody asked for, once per key; its body is made when it is sent, or not at all.

    It leaves in sending hours of `zone`, not before `not_before`. Returns False, and owes nothing, where the person
    would get a third one within a week or where it could only leave after `not_after`: what it would say waits on
    their Home. A key that was planned before is True.
    """
    if delivery.parcel(db, team, key) is not None:
        return True
    at = nudge_at(not_before or now, _had(db, team, user, not_before or now), zone, is_dutch_holiday)
    if at is None or (not_after is not None and at >= not_after):
        return False
    delivery.plan(
        db,
        team=team,
        key=key,
        kind=kind,
        arguments=arguments,
        user=user,
        now=now,
        not_before=at,
        not_after=not_after,
        nudge=True,
    )
    return True


def _had(db: Session, team: str, user: str, around: datetime) -> list[datetime]:
    """When this person's automatic messages left or leave; one that had nothing to say does not count."""
    query = select(OutboxRow.sent_at, OutboxRow.not_before).where(
        OutboxRow.team_id == team,
        OutboxRow.user_id == user,
        col(OutboxRow.nudge).is_(True),
        col(OutboxRow.state).not_in([RowState.DROPPED, RowState.PARKED]),
        OutboxRow.not_before > around - 2 * WEEK,
    )
    return [sent or planned for sent, planned in db.exec(query)]
