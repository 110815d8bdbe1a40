"""Regions that were put together for intervision: so that no pair comes back within a year."""

from collections.abc import Iterable
from datetime import datetime
from itertools import combinations

from sqlmodel import Session, col, select

from storage.trail.intervision_rows import TrailIntervisionRow


def put_together(db: Session, team: str, group: str, regions: Iterable[str], by: str, now: datetime) -> None:
    """Keep a group that was made known."""
    for region in regions:
        db.add(TrailIntervisionRow(team_id=team, group_id=group, region_id=region, by_user=by, at=now))
    db.flush()


def regions_of(db: Session, team: str, group: str) -> list[str]:
    """Return the regions of a group, in order; none where there is no such group."""
    query = select(TrailIntervisionRow.region_id).where(
        TrailIntervisionRow.team_id == team, TrailIntervisionRow.group_id == group
    )
    return sorted(db.exec(query))


def leave(db: Session, team: str, group: str, region: str) -> list[str]:
    """Take a region out of its group; returns who stays together. One alone is no group: then nobody does.

    They were not together by it, so that they can be proposed to each other another time.
    """
    found = db.exec(
        select(TrailIntervisionRow).where(TrailIntervisionRow.team_id == team, TrailIntervisionRow.group_id == group)
    ).all()
    stays = [row for row in found if row.region_id != region]
    for row in found if len(stays) < 2 else [row for row in found if row.region_id == region]:
        db.delete(row)
    db.flush()
    return sorted(row.region_id for row in stays) if len(stays) > 1 else []


def groups(db: Session, team: str, since: datetime) -> dict[str, tuple[str, ...]]:
    """Return the groups that were made known since then, by id, each with its regions in order."""
    query = select(TrailIntervisionRow.group_id, TrailIntervisionRow.region_id).where(
        TrailIntervisionRow.team_id == team, col(TrailIntervisionRow.at) > since
    )
    found: dict[str, list[str]] = {}
    for group, region in db.exec(query):
        found.setdefault(group, []).append(region)
    return {group: tuple(sorted(regions)) for group, regions in found.items()}


def met(db: Session, team: str, since: datetime) -> set[frozenset[str]]:
    """Return the pairs of regions that were together since then."""
    return {frozenset(pair) for regions in groups(db, team, since).values() for pair in combinations(regions, 2)}
