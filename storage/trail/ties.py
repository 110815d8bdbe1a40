"""What is tied to points of agendas: proposed by the engine, kept or refused by people."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from bot.impressions import Impression
from bot.trail.records import Entry
from bot.trail.tying import TIED, Point, Reason, Thing, Tie, TieState, points_of
from storage.impressions import ImpressionRow
from storage.portions import portions
from storage.trail.reading import entries
from storage.trail.tie_rows import TrailTieRow
from storage.worksessions import WorkSessionRow

COUNTING = (TieState.PROPOSED, TieState.KEPT)


def points(db: Session, team: str, regions: Collection[str]) -> list[Point]:
    """Return the points and assignments of these regions, in order."""
    return points_of(agenda(db, team, regions))


def agenda(db: Session, team: str, regions: Collection[str]) -> list[Entry]:
    """Return the entries to which something can be tied: each point after its assignment."""
    found = entries(db, team, regions=list(regions), kinds=TIED) if regions else []
    above = {entry.id: number for number, entry in enumerate(found)}
    return sorted(found, key=lambda one: (above.get(one.parent or "", above[one.id]), one.parent is not None))


def save(db: Session, ties: Iterable[Tie], now: datetime) -> None:
    """Write ties, each in the place of what was known of the same point and thing."""
    for tie in ties:
        key = (tie.team, tie.point, tie.thing.value, tie.thing_id)
        row = db.get(TrailTieRow, key) or TrailTieRow(
            team_id=tie.team, point_id=tie.point, kind=tie.thing.value, thing_id=tie.thing_id, state="", reason="",
            at=now,
        )  # fmt: skip
        row.state, row.reason, row.score = tie.state.value, tie.reason.value, tie.score
        row.shared = " ".join(tie.shared)
        row.impression_id, row.version = tie.impression or None, tie.version
        row.field, row.start, row.end = tie.field, tie.start, tie.end
        row.by_user, row.at = tie.by, tie.at or now
        db.add(row)
    db.flush()


def tie(db: Session, team: str, point: str, thing: Thing, thing_id: str) -> Tie | None:
    """Return what is known of a point and a thing."""
    row = db.get(TrailTieRow, (team, point, thing.value, thing_id))
    return _tie(row) if row else None


def of_points(
    db: Session, team: str, ids: Collection[str], states: Collection[TieState] = COUNTING, thing: Thing | None = None
) -> list[Tie]:
    """Return the ties of these points, best first."""
    found: list[Tie] = []
    for some in portions(ids):
        query = select(TrailTieRow).where(
            TrailTieRow.team_id == team,
            col(TrailTieRow.point_id).in_(some),
            col(TrailTieRow.state).in_([state.value for state in states]),
        )
        if thing is not None:
            query = query.where(TrailTieRow.kind == thing.value)
        found += [_tie(row) for row in db.exec(query)]
    return sorted(found, key=lambda one: (-one.score, one.key))


def of_things(db: Session, team: str, thing: Thing, ids: Collection[str]) -> list[Tie]:
    """Return the ties of these impressions, promises or examples, in whatever state, best first."""
    found: list[Tie] = []
    for some in portions(ids):
        query = select(TrailTieRow).where(
            TrailTieRow.team_id == team, TrailTieRow.kind == thing.value, col(TrailTieRow.thing_id).in_(some)
        )
        found += [_tie(row) for row in db.exec(query)]
    return sorted(found, key=lambda one: (-one.score, one.key))


def known(db: Session, team: str, ids: Collection[str]) -> set[tuple[str, Thing, str]]:
    """Return which ties of these points there are, in whatever state."""
    return {each.key for each in of_points(db, team, ids, tuple(TieState))}


def sessions_of(db: Session, team: str, impressions: Collection[str]) -> dict[str, tuple[str, date]]:
    """Return by impression id in which session it was handed in, and on which day that was."""
    found: dict[str, tuple[str, date]] = {}
    for some in portions(impressions):
        query = (
            select(ImpressionRow.id, WorkSessionRow.id, WorkSessionRow.starts_at, WorkSessionRow.timezone)
            .join(WorkSessionRow, col(WorkSessionRow.id) == ImpressionRow.work_session_id)
            .where(
                ImpressionRow.team_id == team,
                WorkSessionRow.team_id == team,
                col(ImpressionRow.id).in_(some),
                col(ImpressionRow.withdrawn_at).is_(None),
            )
        )
        for one, session, at, zone in db.exec(query):
            found[one] = session, at.astimezone(ZoneInfo(zone)).date()
    return found


def untie(db: Session, team: str, impression: Impression) -> None:
    """A note changed: what a person said of it stays, without a place in words that are no longer those; what the
    engine saw in it goes. A note that was withdrawn takes all of it along."""
    of_note = select(TrailTieRow).where(TrailTieRow.team_id == team, TrailTieRow.impression_id == impression.id)
    for row in db.exec(of_note).all():
        if impression.withdrawn_at is not None:
            db.delete(row)
        elif row.version == impression.version:
            continue
        elif row.state == TieState.PROPOSED.value:
            db.delete(row)
        else:
            row.shared, row.field, row.start, row.end, row.version = "", "", 0, 0, impression.version
            db.add(row)
    db.flush()


def _tie(row: TrailTieRow) -> Tie:
    return Tie(
        team=row.team_id,
        point=row.point_id,
        thing=Thing(row.kind),
        thing_id=row.thing_id,
        state=TieState(row.state),
        reason=Reason(row.reason),
        score=row.score,
        shared=tuple(row.shared.split()),
        impression=row.impression_id or "",
        version=row.version,
        field=row.field,
        start=row.start,
        end=row.end,
        by=row.by_user,
        at=row.at,
    )
