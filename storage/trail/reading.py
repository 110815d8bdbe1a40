"""Reading the trail: entries of a region or of the programme, alone or with what hangs under them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlmodel import Session, col, func, select

from bot.trail import Change, Entry, Kind, Origin, State, Value
from storage.impressions import MaterialRow
from storage.portions import portions
from storage.trail.rows import TrailChangeRow, TrailRow, TrailValueRow

LIVING = (State.PROPOSED.value, State.KEPT.value, State.SHARED.value)


def one(db: Session, team: str, entry_id: str) -> Entry | None:
    """Return an entry of this workspace with what hangs under it, whatever its state."""
    row = db.get(TrailRow, (team, entry_id))
    if row is None:
        return None
    below = db.exec(
        select(TrailRow).where(
            TrailRow.team_id == team, TrailRow.parent_id == entry_id, col(TrailRow.state).in_(LIVING)
        )
    ).all()
    found = _read(db, team, [row, *below])
    entry = next(each for each in found if each.id == entry_id)
    return replace(entry, children=tuple(sorted((e for e in found if e.id != entry_id), key=_order)))


def entries(
    db: Session,
    team: str,
    *,
    regions: Sequence[str | None] | None = None,
    kinds: Iterable[Kind] | None = None,
    states: Iterable[State] = (State.KEPT, State.SHARED),
) -> list[Entry]:
    """Return entries in order, flat. `regions` None means all, and None in it what is of the programme."""
    query = select(TrailRow).where(TrailRow.team_id == team, col(TrailRow.state).in_([state.value for state in states]))
    if regions is not None:
        named = [region for region in regions if region is not None]
        of_these = col(TrailRow.region_id).in_(named)
        query = query.where(of_these | col(TrailRow.region_id).is_(None) if None in regions else of_these)
    if kinds is not None:
        query = query.where(col(TrailRow.kind).in_([kind.value for kind in kinds]))
    return sorted(_read(db, team, db.exec(query).all()), key=_order)


def tree(
    db: Session,
    team: str,
    region: str | None,
    kinds: Iterable[Kind] | None = None,
    states: Iterable[State] = (State.KEPT, State.SHARED),
) -> list[Entry]:
    """Return what hangs under a region (None: the programme) in order, each with its children.

    `kinds` are those at the top. A child whose parent is not among these states stands by itself.
    """
    found = entries(db, team, regions=[region], states=states)
    by_id = {entry.id: entry for entry in found}
    below: dict[str, list[Entry]] = {}
    for entry in found:
        if entry.parent in by_id:
            below.setdefault(str(entry.parent), []).append(entry)
    wanted = None if kinds is None else frozenset(kinds)
    return [
        replace(entry, children=tuple(below.get(entry.id, ())))
        for entry in found
        if entry.parent not in by_id and (wanted is None or entry.kind in wanted)
    ]


def proposed(db: Session, team: str, regions: Sequence[str | None] | None = None) -> list[Entry]:
    """Return what waits for somebody to say that it is right, in the order of its documents."""
    return entries(db, team, regions=regions, states=[State.PROPOSED])


def count(db: Session, team: str, region: str | None, state: State) -> int:
    """Return how many entries of a region are in this state."""
    where = TrailRow.region_id == region if region is not None else col(TrailRow.region_id).is_(None)
    query = select(func.count()).where(TrailRow.team_id == team, TrailRow.state == state.value, where)
    return db.exec(query).one()


def changes_of(db: Session, team: str, ids: Iterable[str]) -> list[Change]:
    """Return every change of these entries, oldest first."""
    rows: list[TrailChangeRow] = []
    for some in portions(ids):
        rows += db.exec(
            select(TrailChangeRow).where(TrailChangeRow.team_id == team, col(TrailChangeRow.trail_id).in_(some))
        )
    rows.sort(key=lambda row: row.id or 0)
    return [Change(row.trail_id, row.name, row.before, row.after, row.by_user, row.at) for row in rows]


def _order(entry: Entry) -> tuple[str, int, str]:
    return entry.kind.value, entry.position, entry.id


def _read(db: Session, team: str, rows: Sequence[TrailRow]) -> list[Entry]:
    """Turn rows into entries; two statements more for each few thousand."""
    if not rows:
        return []
    values: dict[str, dict[str, Value]] = {}
    for some in portions(row.id for row in rows):
        said = select(TrailValueRow.trail_id, TrailValueRow.name, TrailValueRow.text, TrailValueRow.user_id).where(
            TrailValueRow.team_id == team, col(TrailValueRow.trail_id).in_(some)
        )
        for entry_id, name, text, user in db.exec(said):
            values.setdefault(entry_id, {})[name] = Value(text, user or "")
    titles: dict[str, str] = {}
    for some in portions(row.material_id for row in rows if row.material_id):
        named = select(MaterialRow.id, MaterialRow.title).where(
            MaterialRow.team_id == team, col(MaterialRow.id).in_(some)
        )
        titles |= {str(key): str(title) for key, title in db.exec(named)}
    return [_entry(row, values.get(row.id, {}), titles) for row in rows]


def _entry(row: TrailRow, values: dict[str, Value], titles: dict[str, str]) -> Entry:
    origin = None
    if row.material_id or row.impression_id:
        origin = Origin(
            material=row.material_id or "",
            document=titles.get(row.material_id or "", ""),
            first_line=row.first_line,
            last_line=row.last_line,
            impression=row.impression_id or "",
            field=row.field,
            start=row.start,
            end=row.end,
        )
    return Entry(
        id=row.id,
        team=row.team_id,
        region=row.region_id,
        kind=Kind(row.kind),
        values=values,
        state=State(row.state),
        parent=row.parent_id,
        position=row.position,
        version=row.version,
        origin=origin,
        reason=row.reason,
        made_by=row.made_by,
        made_at=row.made_at,
        changed_at=row.changed_at,
        confirmed=row.confirmed,
    )
