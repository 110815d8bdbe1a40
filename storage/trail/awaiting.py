"""Where something of the trail may wait for somebody, counted without reading any of it."""

from collections.abc import Mapping

from sqlmodel import Session, and_, col, func, or_, select

from bot.trail import Kind, State
from storage.trail.rows import TrailRow

Place = tuple[str, Kind]
"""A region and a kind."""


def numbers(db: Session, team: str) -> Mapping[Place, int]:
    """Return how many examples that are not shared and how many rules there are."""
    stand = [State.KEPT.value, State.SHARED.value]
    query = (
        select(TrailRow.region_id, TrailRow.kind, func.count())
        .where(
            TrailRow.team_id == team,
            col(TrailRow.region_id).is_not(None),
            or_(
                and_(col(TrailRow.kind) == Kind.EXAMPLE.value, col(TrailRow.state) == State.KEPT.value),
                and_(col(TrailRow.kind) == Kind.OBSTACLE.value, col(TrailRow.state).in_(stand)),
            ),
        )
        .group_by(col(TrailRow.region_id), col(TrailRow.kind))
    )
    return {(str(place), Kind(kind)): number for place, kind, number in db.exec(query)}
