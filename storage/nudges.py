"""Automatic messages to one person: owed like any other, but no more than two a week and in sending hours."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, or_, select

from bot.calendar import next_sending_time
from bot.delivery import RowState
from bot.nudges import WEEK, Room, nudge_at, resting, room
from storage import delivery, programme
from storage.delivery import OutboxRow, Parcel

WAITS = (RowState.PLANNED, RowState.SENDING, RowState.UNKNOWN)


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

    It leaves in sending hours of `zone`, not before `not_before`, and neither in school holidays of their region nor
    in a pause that the person gave themselves.
    Returns False, and owes nothing, where the person would get a third one within a week or where it could only leave
    after `not_after`: what it would say waits on their Home. A key that was planned before is True.
    """
    if delivery.parcel(db, team, key) is not None:
        return True
    had = _had(db, team, [user], now).get(user, [])
    quiet, rests = programme.member(db, team, user).quiet_until, rest_days(db, team, [user])[user]
    at = nudge_at(not_before or now, had, zone, rests, quiet_until=quiet)
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


def hold(db: Session, parcel: Parcel, now: datetime) -> bool:
    """Look at an automatic message once more when it is about to leave: nights and outages change what was planned.

    Returns True where it must not leave now. It then waits for the next sending time, or is dropped where somebody
    would get a third one that week, or where it was tried before: one that is tried again keeps others waiting.
    """
    settings = programme.programme(db, parcel.team)
    if not parcel.nudge or parcel.user is None or settings is None:
        return False
    had = _had(db, parcel.team, [parcel.user], now, without=parcel.id).get(parcel.user, [])
    quiet = programme.member(db, parcel.team, parcel.user).quiet_until
    rests = rest_days(db, parcel.team, [parcel.user])[parcel.user]
    at = nudge_at(now, had, settings.timezone, rests, quiet_until=quiet)
    if at is not None and at <= now:
        return False
    if at is None or parcel.attempt or (parcel.not_after is not None and at >= parcel.not_after):
        delivery.record_state(db, parcel.id, parcel.attempt, RowState.DROPPED, "not in this week's two")
    else:
        delivery.record_later(db, parcel.id, parcel.attempt, at, "")
    return True


def drop(db: Session, team: str, kind: str, subject: str) -> int:
    """Take back what still waits to be asked, of all whose key is `<kind>:<subject>:...`; returns how many."""
    theirs = update(OutboxRow).where(
        col(OutboxRow.team_id) == team,
        col(OutboxRow.key) >= f"{kind}:{subject}:",
        col(OutboxRow.key) < f"{kind}:{subject};",
        col(OutboxRow.nudge).is_(True),
        col(OutboxRow.state) == RowState.PLANNED,
    )
    return db.connection().execute(theirs.values(state=RowState.DROPPED, error="answered")).rowcount


def rooms(db: Session, team: str, users: Iterable[str], zone: str, now: datetime) -> dict[str, Room]:
    """Return for each of these people whether an automatic message can still reach them this week."""
    people = sorted(set(users))
    had = _had(db, team, people, now)
    rests = rest_days(db, team, people)
    quiet = {member.user: member.quiet_until for member in programme.members(db, team, people)}
    return {user: room(now, had.get(user, []), zone, rests[user], quiet.get(user)) for user in people}


def rest_days(db: Session, team: str, users: Iterable[str]) -> dict[str, Callable[[date], bool]]:
    """Return for each of these people what says on which days they are left alone."""
    people = sorted(set(users))
    of_region = {region.id: region.holidays for region in programme.regions(db, team)}
    known = {member.user: of_region.get(member.region or "", "") for member in programme.members(db, team, people)}
    return {user: resting(known.get(user, "")) for user in people}


def pause(db: Session, team: str, user: str, until: datetime | None, zone: str, now: datetime) -> None:
    """Let somebody be left alone until a moment, or end their pause (None); what waits to be sent follows.

    What would come in the pause comes at its end, as far as the week's two allow; what is of no use then is dropped.
    """
    before, rests = programme.member(db, team, user).quiet_until, rest_days(db, team, [user])[user]
    programme.set_quiet(db, team, user, until)
    db.flush()
    query = select(OutboxRow).where(
        OutboxRow.team_id == team,
        OutboxRow.user_id == user,
        col(OutboxRow.nudge).is_(True),
        OutboxRow.state == RowState.PLANNED,
    )
    for row in db.exec(query.order_by(col(OutboxRow.not_before), col(OutboxRow.id))).all():
        held_up = before is not None and row.not_before == next_sending_time(before, zone, rests)
        wanted = now if held_up and until is None else row.not_before
        had = _had(db, team, [user], now, without=row.id).get(user, [])
        at = nudge_at(wanted, had, zone, rests, quiet_until=until)
        if at is None or (row.not_after is not None and at >= row.not_after):
            row.state, row.error = RowState.DROPPED, "quiet"
        else:
            row.not_before = at
        db.add(row)
        db.flush()


def _had(
    db: Session, team: str, users: Iterable[str], now: datetime, without: int | None = None
) -> dict[str, list[datetime]]:
    """When the automatic messages of these people left or leave; one that had nothing to say does not count.

    One whose time has come and that did not leave yet leaves now at the earliest.
    """
    query = select(OutboxRow).where(
        OutboxRow.team_id == team,
        col(OutboxRow.user_id).in_(list(users)),
        col(OutboxRow.nudge).is_(True),
        col(OutboxRow.state).not_in([RowState.DROPPED, RowState.PARKED]),
        or_(col(OutboxRow.not_before) > now - 2 * WEEK, col(OutboxRow.state).in_(WAITS)),
    )
    found: dict[str, list[datetime]] = {}
    for row in db.exec(query):
        if row.user_id is not None and row.id != without:
            at = row.sent_at or (max(row.not_before, now) if row.state in WAITS else row.not_before)
            found.setdefault(row.user_id, []).append(at)
    return found
