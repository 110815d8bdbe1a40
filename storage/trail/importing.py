"""Writing what was read in earlier documents as proposals of the trail, and finding those documents back."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from bot.harvest.words import folded
from bot.trail import SHEETS, Entry, Kind, Origin, Part, State
from bot.trail.importing import Found, Reading, about, lines, named
from bot.trail.importing.lists import Listed
from storage.impressions import MaterialRow
from storage.programme import MemberRow, RegionRow
from storage.trail.keeping import make, next_position
from storage.trail.reading import entries
from storage.trail.rows import TrailChangeRow, TrailRow


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that was brought in, with the text into which the offsets of its proposals point."""

    id: str
    title: str
    file_name: str
    text: str
    imported_at: datetime

    @property
    def is_list(self) -> bool:
        """Whether it is a list with columns, in which every line was understood."""
        return self.file_name.lower().endswith(".csv")


def paper(db: Session, team: str, material: str) -> Paper | None:
    """Return a document of this workspace."""
    row = db.get(MaterialRow, (team, material))
    return _paper(row) if row else None


def paper_of(db: Session, team: str, sha: str) -> Paper | None:
    """Return the document that has this fingerprint."""
    row = db.exec(select(MaterialRow).where(MaterialRow.team_id == team, MaterialRow.sha == sha)).first()
    return _paper(row) if row else None


def papers(db: Session, team: str, region: str | None) -> list[Paper]:
    """Return the documents in which something was found for a region (None: for the programme), oldest first."""
    of_it = TrailRow.region_id == region if region is not None else col(TrailRow.region_id).is_(None)
    ids = select(TrailRow.material_id).where(TrailRow.team_id == team, of_it, col(TrailRow.material_id).is_not(None))
    query = select(MaterialRow).where(MaterialRow.team_id == team, col(MaterialRow.id).in_(ids))
    return [_paper(row) for row in db.exec(query.order_by(col(MaterialRow.imported_at), col(MaterialRow.id)))]


def is_read(db: Session, team: str, material: str) -> bool:
    """Say whether proposals of this document were made before, whatever became of them."""
    query = select(func.count()).where(TrailRow.team_id == team, TrailRow.material_id == material)
    return db.exec(query).one() > 0


def propose(
    db: Session,
    team: str,
    source: Paper,
    reading: Reading,
    regions: Mapping[str, str],
    now: datetime,
    new_id: Callable[[str], str],
    region: str | None = None,
) -> int:
    """Write what a document gave as proposals; returns how many there are.

    `regions` has the id of each region by its name. `region` is the id of the one it is said to be about; without it,
    it is the one that the document names, and where there is none yet its proposals wait with the programme.
    """
    at_home = region or _id_of(reading.region, regions)
    ids: list[str] = []
    line_of, after = lines(source.text), _one_after_another()
    for found in reading.found:
        ids.append(new_id("te"))
        parent = None if found.under is None else ids[found.under]
        place = None if of_programme(found.kind) else _id_of(found.region, regions) or at_home
        entry = Entry(
            id=ids[-1],
            team=team,
            region=place,
            kind=found.kind,
            values=found.values(source.text),
            state=State.PROPOSED,
            parent=parent,
            origin=_origin(source, found, line_of),
        )
        make(db, after(db, entry), "", now)
    return len(ids)


def _one_after_another() -> Callable[[Session, Entry], Entry]:
    """Give each entry of many its place; how many there are already is asked once for each kind and parent."""
    last: dict[tuple[Kind, str | None], int] = {}

    def place_of(db: Session, entry: Entry) -> Entry:
        among = (entry.kind, entry.parent)
        last[among] = last[among] + 1 if among in last else next_position(db, entry)
        return replace(entry, position=last[among])

    return place_of


def of_programme(kind: Kind) -> bool:
    """Say whether entries of a kind are of the whole programme, and never of one region."""
    return SHEETS[kind].part is Part.PROGRAMME


def about_region(db: Session, team: str, material: str, known: Iterable[str]) -> str:
    """Return the name of the region that a document is about, as it says itself; "" where it names none."""
    found = paper(db, team, material)
    return about(found.title, found.text[len(found.title) :], known) if found else ""


def waits_for_region(entry: Entry) -> bool:
    """Say whether a proposal is of a region of which nobody said yet which one it is."""
    return entry.state is State.PROPOSED and entry.region is None and not of_programme(entry.kind)


def waiting(db: Session, team: str) -> dict[str | None, int]:
    """Return how much waits for somebody to say that it is right, by region; None is the programme."""
    query = select(TrailRow.region_id, func.count()).where(
        TrailRow.team_id == team, TrailRow.state == State.PROPOSED.value
    )
    return dict(db.exec(query.group_by(col(TrailRow.region_id))).all())


def lived_in(db: Session, team: str) -> set[str]:
    """Return the regions in which there is somebody."""
    query = select(MemberRow.region_id).where(MemberRow.team_id == team, col(MemberRow.region_id).is_not(None))
    return {region for region in db.exec(query.distinct()) if region}


def place(db: Session, team: str, materials: Sequence[str], region: str, by: str, now: datetime) -> int:
    """Give what waits of these documents to a region, but for what is of the whole programme; returns how many."""
    return _place(db, team, col(TrailRow.material_id).in_(sorted(materials)), region, by, now)


def place_entry(db: Session, entry: Entry, region: str, by: str, now: datetime) -> int:
    """Give one proposal to a region, with what it hangs under and all that hangs there; returns how many."""
    top = entry.parent or entry.id
    return _place(db, entry.team, (TrailRow.id == top) | (TrailRow.parent_id == top), region, by, now)


def unplaced(db: Session, team: str, material: str) -> int:
    """Return how much of a document waits for somebody to say of which region it is."""
    return len(_unplaced(db, team, TrailRow.material_id == material))


def _unplaced(db: Session, team: str, which: ColumnElement[bool] | bool) -> list[TrailRow]:
    rows = db.exec(
        select(TrailRow).where(
            TrailRow.team_id == team, which, col(TrailRow.region_id).is_(None), TrailRow.state == State.PROPOSED.value
        )
    ).all()
    return [row for row in rows if not of_programme(Kind(row.kind))]


def _place(db: Session, team: str, which: ColumnElement[bool] | bool, region: str, by: str, now: datetime) -> int:
    name = db.exec(select(RegionRow.name).where(RegionRow.team_id == team, RegionRow.id == region)).one()
    moved = _unplaced(db, team, which)
    for row in moved:
        row.region_id, row.version, row.changed_at = region, row.version + 1, now
        db.add(row)
        db.add(TrailChangeRow(team_id=team, trail_id=row.id, name="region", after=name, by_user=by, at=now))
    db.flush()
    return len(moved)


def _id_of(name: str, regions: Mapping[str, str]) -> str | None:
    known = named(name, regions) if name else None
    return regions[known] if known else None


def _origin(source: Paper, found: Found, line_of: Callable[[int], int]) -> Origin:
    title, seen = found.title, found.seen_at
    return Origin(
        material=source.id,
        document=source.title,
        first_line=line_of(seen.start),
        last_line=line_of(max(seen.start, seen.end - 1)),
        start=title.start,
        end=title.end if found.one_run else title.start,
    )


def _paper(row: MaterialRow) -> Paper:
    return Paper(row.id, row.title, row.file_name, row.text, row.imported_at)


def propose_rows(
    db: Session,
    team: str,
    source: Paper,
    rows: Sequence[Listed],
    regions: Mapping[str, str],
    now: datetime,
    new_id: Callable[[str], str],
    region: str | None = None,
) -> list[Listed]:
    """Write the rows of a list as proposals, each with its line; returns those of which nobody knows the parent.

    A parent is an entry of the same region, in the list or there already, by its title.
    """
    made: dict[tuple[str | None, Kind, str], str] = {}
    looked: set[tuple[str | None, Kind]] = set()
    missing: list[Listed] = []
    after = _one_after_another()
    for row in sorted(rows, key=lambda each: bool(SHEETS[each.kind].parents)):
        place = None if of_programme(row.kind) else _id_of(row.region, regions) or region
        parents = SHEETS[row.kind].parents
        for kind in parents:
            if (place, kind) not in looked:
                looked.add((place, kind))
                _look(db, team, place, kind, made)
        title = folded(row.under)
        parent = next((made[place, kind, title] for kind in parents if (place, kind, title) in made), None)
        if parents and parent is None:
            missing.append(row)
            continue
        entry = Entry(
            id=new_id("te"),
            team=team,
            region=place,
            kind=row.kind,
            values=row.values,
            state=State.PROPOSED,
            parent=parent,
            origin=Origin(source.id, source.title, row.line, row.line),
        )
        make(db, after(db, entry), "", now)
        made[place, row.kind, folded(entry.title)] = entry.id
    return missing


def _look(db: Session, team: str, place: str | None, kind: Kind, made: dict[tuple[str | None, Kind, str], str]) -> None:
    """Add what can be a parent and is there already, by its title; what the list itself brought goes first."""
    for entry in entries(db, team, regions=[place], kinds=[kind], states=(State.PROPOSED, State.KEPT, State.SHARED)):
        made.setdefault((place, kind, folded(entry.title)), entry.id)
