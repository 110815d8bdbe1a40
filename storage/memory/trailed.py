"""What answers tell of the trail of regions and of the programme, with who says it and of which year it is."""

from collections.abc import Collection, Mapping, Sequence

from sqlmodel import Session, col, select

from bot.memory.records import Says, Source, SourceKind
from bot.programme import Action, Member, may
from bot.trail import SHEETS, Entry, Kind, State, place_of, readable
from bot.trail.recalling import Line, asked_by, lines, published, when
from storage import programme, trail
from storage.trail.rows import TrailRow
from storage.trail.searchable import above, line_at

SAYS: Mapping[Kind, Says] = {Kind.QUESTION: Says.ASKS, Kind.REQUEST: Says.ASKS, Kind.OFFER: Says.OFFERS}
Spot = tuple[str, str, int, int]
"""Entry, field, start and end of something that the trail says."""


def told_at(db: Session, team: str, spots: Collection[Spot], member: Member | None) -> dict[Spot, Source]:
    """Return what the trail says there now; nothing of what nobody but its region may read, unless it is `member`'s."""
    found: dict[Spot, Source] = {}
    if not spots:
        return found
    entries = {spot[0]: trail.one(db, team, spot[0]) for spot in spots}
    names = {region.id: region.name for region in programme.regions(db, team)}
    for spot in spots:
        entry = entries[spot[0]]
        if entry is None or not (published(entry) or (member is not None and _reads(member, entry))):
            continue
        line = line_at(db, entry, *spot[1:])
        if line is not None:
            found[spot] = source(entry, line, names)
    return found


def unshared(db: Session, member: Member) -> list[tuple[Source, str]]:
    """Return what this person may read of trails that is not everybody's, each with the words by which it is asked."""
    query = select(TrailRow.region_id).where(
        TrailRow.team_id == member.team, TrailRow.state == State.KEPT.value, col(TrailRow.region_id).is_not(None)
    )
    regions = sorted(filter(None, set(db.exec(query))))
    mine = [each for each in regions if may(member, Action.SEE_TRAIL, place_of(member, each))]
    if not mine:
        return []
    names = {region.id: region.name for region in programme.regions(db, member.team)}
    found = []
    for entry in trail.entries(db, member.team, regions=list(mine)):
        if not published(entry) and readable(member, entry):
            found += [(source(entry, line, names), asked_by(entry)) for line in lines(entry, above(db, entry))]
    return found


def source(entry: Entry, line: Line, names: Mapping[str, str]) -> Source:
    """Return a line of an entry with where it comes from; `names` are those of the regions by id."""
    day, year = when(entry)
    region = names.get(entry.region or "", "")
    return Source(
        kind=SourceKind.TRAIL,
        ref=entry.id,
        impression=entry.id,
        field=line.field,
        start=line.start,
        end=line.end,
        text=line.text,
        says=SAYS.get(entry.kind, Says.TELLS),
        on=day,
        where=region,
        named_year=year,
        part=SHEETS[entry.kind].part.value,
        figure=(line.value, f"{entry.title} {region}") if line.value else None,
        unshared=not published(entry),
    )


def words_now(db: Session, team: str, spots: Sequence[Spot]) -> dict[Spot, str]:
    """Return what stands there now, whoever may read it; nothing of what was set aside or taken back."""
    found: dict[Spot, str] = {}
    for spot in spots:
        entry = trail.one(db, team, spot[0])
        line = line_at(db, entry, *spot[1:]) if entry is not None and entry.stands else None
        if line is not None:
            found[spot] = line.text
    return found


def _reads(member: Member, entry: Entry) -> bool:
    return entry.stands and readable(member, entry)
