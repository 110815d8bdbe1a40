"""Where something of the trail may wait for somebody, counted without reading any of it."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, and_, col, func, or_, select

from bot.trail import Kind, State
from storage.trail.report_rows import TrailRoundPersonRow, TrailRoundRow
from storage.trail.rounds import open_for
from storage.trail.rows import TrailRow

Place = tuple[str, Kind]
"""A region and a kind."""


def numbers(db: Session, team: str, user: str, now: datetime) -> Mapping[Place, int]:
    """Return how many examples that are not shared and how many rules there are, and what somebody was asked about.

    In one statement, for a Home asks it every time.
    """
    stand = [State.KEPT.value, State.SHARED.value]
    stands = (
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
    asked = (
        select(TrailRoundPersonRow.region_id, TrailRoundRow.kind, func.count())
        .join(TrailRoundRow, onclause=col(TrailRoundRow.id) == TrailRoundPersonRow.round_id)
        .where(*open_for(team, user, now))
        .group_by(col(TrailRoundPersonRow.region_id), col(TrailRoundRow.kind))
    )
    found = db.connection().execute(stands.union_all(asked))
    return {(str(place), Kind(kind)): number for place, kind, number in found}
