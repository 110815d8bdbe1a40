"""What is proposed about themes: which notes carry it, what was decided, and what is never asked again."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import String, bindparam, text
from sqlmodel import Session, col, select

from bot.impressions import PARTS
from bot.themes import Carrier, Decided, Kind, Proposal, Spot, Suggestion
from storage.themes.rows import ThemeCarrierRow, ThemeProposalRow

_CARRIERS = text(
    "SELECT c.* FROM theme_carrier c"
    " JOIN impression i ON i.team_id = c.team_id AND i.id = c.impression_id"
    " WHERE c.team_id = :team AND c.proposal_id IN :ids AND i.withdrawn_at IS NULL ORDER BY i.created_at, i.id"
).bindparams(bindparam("ids", expanding=True, type_=String))
_PARTS = ", ".join(PARTS)
_TEXTS = text(
    f"SELECT id, group_id, material_id, material_group, work_session_id, {_PARTS} FROM impression"  # noqa: S608 - columns
    " WHERE team_id = :team AND withdrawn_at IS NULL AND id IN :ids"
).bindparams(bindparam("ids", expanding=True, type_=String))

RECOGNISED = 0.75
"""Certainty from which on a note says itself what it is about; below it only its group's choice does."""
_POOL = text(
    "SELECT p.impression_id FROM theme_placement p"
    " LEFT JOIN impression_theme x ON x.team_id = p.team_id AND x.impression_id = p.impression_id"
    " WHERE p.team_id = :team GROUP BY p.impression_id HAVING coalesce(max(x.certainty), 0) < :recognised"
)


def save(db: Session, team: str, found: Sequence[Suggestion], now: datetime, new_id: Callable[[str], str]) -> int:
    """Keep what was not proposed before, decided or not; returns how many are new. One that waits gets new carriers."""
    query = select(ThemeProposalRow).where(
        ThemeProposalRow.team_id == team, col(ThemeProposalRow.mark).in_([each.mark for each in found])
    )
    known = {row.mark: row for row in db.exec(query)}
    waiting = [row.id for row in known.values() if row.state == Decided.OPEN.value]
    carried = {(row.proposal_id, row.impression_id) for row in db.connection().execute(
        _CARRIERS, {"team": team, "ids": waiting})} if waiting else set()  # fmt: skip
    new = 0
    for one in found:
        row = known.get(one.mark)
        if row is None:
            row = ThemeProposalRow(
                id=new_id("tv"), team_id=team, kind=one.kind.value, mark=one.mark, theme_id=one.theme,
                other_id=one.other, proposal_id=one.proposal, at=now,
            )  # fmt: skip
            db.add(row)
            db.flush()
            known[one.mark] = row
            new += 1
        elif row.state != Decided.OPEN.value:
            continue
        for carrier in one.carriers:
            if (row.id, carrier.note) not in carried:
                carried.add((row.id, carrier.note))
                db.add(_carrier_row(team, row.id, carrier))
    db.flush()
    return new


def waiting(db: Session, team: str) -> list[Proposal]:
    """Return what no coordinator decided on yet, oldest first, with the notes that still carry it. Two statements."""
    query = select(ThemeProposalRow).where(
        ThemeProposalRow.team_id == team, ThemeProposalRow.state == Decided.OPEN.value
    )
    rows = list(db.exec(query.order_by(col(ThemeProposalRow.at), col(ThemeProposalRow.id))))
    carriers = _carriers(db, team, [row.id for row in rows])
    return [_proposal(row, carriers.get(row.id, ())) for row in rows]


def newest(db: Session, team: str) -> datetime | None:
    """Return when the newest proposal that waits was made; None where none does."""
    query = select(ThemeProposalRow.at).where(
        ThemeProposalRow.team_id == team, ThemeProposalRow.state == Decided.OPEN.value
    )
    return db.exec(query.order_by(col(ThemeProposalRow.at).desc()).limit(1)).first()


def one(db: Session, team: str, proposal_id: str) -> Proposal | None:
    """Return a proposal of this workspace, decided or not."""
    row = db.get(ThemeProposalRow, (team, proposal_id))
    if row is None:
        return None
    return _proposal(row, _carriers(db, team, [row.id]).get(row.id, ()))


def decide(
    db: Session, team: str, proposal: Proposal, state: Decided, by: str, now: datetime, *, made: str | None = None
) -> None:
    """Keep what a coordinator decided; a refusal is not asked again. `made` is the theme (id) that it became."""
    row = db.get(ThemeProposalRow, (team, proposal.id))
    assert row is not None
    row.theme_id = made or row.theme_id
    row.state, row.decided_by, row.decided_at, row.version = state.value, by, now, proposal.version + 1
    db.add(row)
    db.flush()


def carries(db: Session, team: str, note: str) -> bool:
    """Say whether a note carries any proposal: a message may show its words."""
    query = select(ThemeCarrierRow.proposal_id).where(
        ThemeCarrierRow.team_id == team, ThemeCarrierRow.impression_id == note
    )
    return db.exec(query.limit(1)).first() is not None


def reopen(db: Session, team: str, made: str) -> None:
    """A theme that was made of a proposal is taken back: the proposal waits again."""
    query = select(ThemeProposalRow).where(
        ThemeProposalRow.team_id == team, ThemeProposalRow.theme_id == made, ThemeProposalRow.kind == Kind.NEW.value
    )
    for row in db.exec(query):
        row.state, row.theme_id, row.decided_by, row.decided_at = Decided.OPEN.value, None, "", None
        row.version += 1
        db.add(row)
    db.flush()


def close_merges(db: Session, team: str, theme: str, by: str, now: datetime) -> None:
    """A theme went on in another: questions about it have no more use."""
    for proposal in waiting(db, team):
        if theme in (proposal.theme, proposal.other):
            decide(db, team, proposal, Decided.MADE, by, now)


def refused(db: Session, team: str) -> list[frozenset[str]]:
    """Return the notes (ids) behind each new theme that was refused."""
    query = select(ThemeCarrierRow.proposal_id, ThemeCarrierRow.impression_id).join(
        ThemeProposalRow,
        (col(ThemeProposalRow.team_id) == ThemeCarrierRow.team_id)
        & (col(ThemeProposalRow.id) == ThemeCarrierRow.proposal_id),
    )
    wanted = query.where(
        ThemeProposalRow.team_id == team,
        ThemeProposalRow.state == Decided.REFUSED.value,
        ThemeProposalRow.kind == Kind.NEW.value,
    )
    found: dict[str, set[str]] = {}
    for proposal, note in db.exec(wanted):
        found.setdefault(proposal, set()).add(note)
    return [frozenset(each) for each in found.values()]


def pool(db: Session, team: str) -> frozenset[str]:
    """Return the ids of the notes under no theme, and of those in which we recognise none of their group's topics."""
    values = {"team": team, "recognised": RECOGNISED}
    return frozenset(row.impression_id for row in db.connection().execute(_POOL, values))


def texts(db: Session, team: str, notes: Collection[str]) -> dict[tuple[str, str], str]:
    """Return the stored words of these notes by note and part; not of what was withdrawn. One statement."""
    found = db.connection().execute(_TEXTS, {"team": team, "ids": sorted(notes)}) if notes else ()
    return {(row.id, part): getattr(row, part) for row in found for part in PARTS if getattr(row, part)}


def homes(db: Session, team: str, notes: Collection[str]) -> dict[str, tuple[str, str | None]]:
    """Return of each note which group it is of (or which part of a document), and the id of its session if any."""
    found: Any = db.connection().execute(_TEXTS, {"team": team, "ids": sorted(notes)}) if notes else ()
    return {
        row.id: (row.group_id or f"{row.material_id}:{row.material_group or ''}", row.work_session_id) for row in found
    }


def _carriers(db: Session, team: str, ids: Sequence[str]) -> dict[str, tuple[Carrier, ...]]:
    found: dict[str, tuple[Carrier, ...]] = {}
    for row in db.connection().execute(_CARRIERS, {"team": team, "ids": list(ids)}) if ids else ():
        spot = Spot(row.field, row.start, row.end)
        carrier = Carrier(row.impression_id, spot, row.name_start, row.name_end)
        found[row.proposal_id] = (*found.get(row.proposal_id, ()), carrier)
    return found


def _carrier_row(team: str, proposal: str, carrier: Carrier) -> ThemeCarrierRow:
    return ThemeCarrierRow(
        proposal_id=proposal, impression_id=carrier.note, team_id=team, field=carrier.spot.field,
        start=carrier.spot.start, end=carrier.spot.end, name_start=carrier.name_start, name_end=carrier.name_end,
    )  # fmt: skip


def _proposal(row: ThemeProposalRow, carriers: tuple[Carrier, ...]) -> Proposal:
    return Proposal(
        row.id, row.team_id, Kind(row.kind), row.at, Decided(row.state), row.mark, row.theme_id, row.other_id,
        row.proposal_id, row.version, row.decided_by, carriers,
    )  # fmt: skip
