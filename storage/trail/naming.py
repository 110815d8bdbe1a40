"""Who stands in the trail by name: what is theirs to answer or to do."""

from collections.abc import Collection

from sqlmodel import Session, col, select

from bot.trail import Entry, Kind
from storage.trail.reading import one
from storage.trail.rows import TrailRow, TrailValueRow


def waits_on(db: Session, team: str, user: str, kinds: Collection[Kind]) -> list[Entry]:
    """Return what stands under somebody's own name, of these kinds; one statement where there is nothing."""
    query = (
        select(TrailRow.id)
        .join(TrailValueRow, col(TrailValueRow.trail_id) == TrailRow.id)
        .where(
            TrailRow.team_id == team,
            TrailValueRow.team_id == team,
            TrailValueRow.user_id == user,
            TrailValueRow.name == "person",
            col(TrailRow.kind).in_([kind.value for kind in kinds]),
        )
    )
    found = (one(db, team, entry_id) for entry_id in db.exec(query).all())
    return sorted((entry for entry in found if entry is not None and entry.stands), key=lambda entry: entry.id)
