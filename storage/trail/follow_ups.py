"""Which sessions, date polls and series belong to which assignment."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, or_, select

from bot.trail import Kind, State
from bot.trail.follow_ups import Tied, Via
from storage.trail.follow_up_rows import TrailFollowUpRow
from storage.trail.rows import TrailRow, TrailValueRow

NAMING = {
    Via.SESSION: ("followup.invitation", "followup.proposal", "selection.card"),
    Via.POLL: ("followup.poll",),
    Via.SERIES: (),
}
"""Messages that say for which assignment something is."""
STANDING = (State.KEPT.value, State.SHARED.value)


def tie(db: Session, team: str, entry: str, via: Via, thing: str, by: str, now: datetime) -> None:
    """Let a session, poll or series belong to an assignment; what belongs to one already stays with it."""
    if db.get(TrailFollowUpRow, (team, via.value, thing)) is None:
        db.add(TrailFollowUpRow(team_id=team, kind=via.value, thing_id=thing, entry_id=entry, by_user=by, at=now))
        db.flush()


def hand_on(db: Session, team: str, before: tuple[Via, str], session: str, by: str, now: datetime) -> None:
    """Let a session belong to the assignment of what it comes from: a poll, a series, or the session before it."""
    entry = entry_of(db, team, *before)
    if entry:
        tie(db, team, entry, Via.SESSION, session, by, now)


def entry_of(db: Session, team: str, via: Via, thing: str) -> str:
    """Return the id of the assignment to which something belongs, "" where it belongs to none."""
    row = db.get(TrailFollowUpRow, (team, via.value, thing))
    return row.entry_id if row else ""


def region_of(db: Session, team: str, via: Via, thing: str) -> tuple[str, ...]:
    """Return the region of the assignment to which something belongs; none where there is no region to it."""
    query = (
        select(TrailRow.region_id)
        .join(TrailFollowUpRow, col(TrailFollowUpRow.entry_id) == TrailRow.id)
        .where(
            TrailFollowUpRow.team_id == team,
            TrailRow.team_id == team,
            TrailFollowUpRow.kind == via.value,
            TrailFollowUpRow.thing_id == thing,
        )
    )
    return tuple(region for region in db.exec(query) if region)


def of_entry(db: Session, team: str, entry: str) -> list[Tied]:
    """Return everything that belongs to an assignment, in the order in which it was made."""
    query = select(TrailFollowUpRow).where(TrailFollowUpRow.team_id == team, TrailFollowUpRow.entry_id == entry)
    rows = db.exec(query.order_by(col(TrailFollowUpRow.at), col(TrailFollowUpRow.thing_id)))
    return [Tied(row.entry_id, Via(row.kind), row.thing_id) for row in rows]


def sessions_tied(db: Session, team: str) -> set[str]:
    """Return the ids of all sessions that belong to an assignment of one region or of the programme."""
    query = select(TrailFollowUpRow.thing_id).where(
        TrailFollowUpRow.team_id == team, TrailFollowUpRow.kind == Via.SESSION.value
    )
    return set(db.exec(query))


def sessions_naming(db: Session, team: str, user: str) -> set[str]:
    """Return the ids of the sessions of assignments in which somebody has a role."""
    vacant = select(TrailValueRow.trail_id).where(
        TrailValueRow.team_id == team, TrailValueRow.name == "standing", TrailValueRow.text == "vacant"
    )
    above = (
        select(TrailRow.parent_id)
        .join(TrailValueRow, col(TrailValueRow.trail_id) == TrailRow.id)
        .where(
            TrailRow.team_id == team,
            TrailValueRow.team_id == team,
            TrailRow.kind == Kind.ROLE.value,
            col(TrailRow.state).in_(STANDING),
            TrailValueRow.name == "person",
            TrailValueRow.user_id == user,
            col(TrailRow.id).not_in(vacant),
        )
    )
    query = (
        select(TrailFollowUpRow.thing_id)
        .join(TrailRow, col(TrailRow.id) == TrailFollowUpRow.entry_id)
        .where(
            TrailFollowUpRow.team_id == team,
            TrailRow.team_id == team,
            TrailFollowUpRow.kind == Via.SESSION.value,
            col(TrailRow.state).in_(STANDING),
            col(TrailRow.id).in_(above),
        )
    )
    return set(db.exec(query))


def posts_of(db: Session, team: str, ids: Collection[str]) -> list[str]:
    """Return the keys of the messages that name these assignments, or what hangs under them, such as a role."""
    above = select(TrailRow.parent_id).where(TrailRow.team_id == team, col(TrailRow.id).in_(sorted(ids)))
    query = select(TrailFollowUpRow).where(
        TrailFollowUpRow.team_id == team,
        or_(col(TrailFollowUpRow.entry_id).in_(sorted(ids)), col(TrailFollowUpRow.entry_id).in_(above)),
    )
    return [f"{kind}:{row.thing_id}" for row in db.exec(query) for kind in NAMING[Via(row.kind)]]
