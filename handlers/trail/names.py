"""The workspace's own names of phases and roles, and which of them are not in use yet."""

from collections.abc import Iterable, Mapping

from sqlmodel import Session

from bot.trail import Entry, Kind
from handlers.trail.places import Spot
from storage import trail

NAMES = {Kind.PHASE: Kind.PHASE_NAME, Kind.ROLE: Kind.ROLE_NAME}
"""For which kind of entry the programme keeps names, and where."""


def own_names(db: Session, team: str, kind: Kind) -> dict[str, str]:
    """Return the programme's own names for entries of this kind by id, in order; none where it has none."""
    if kind not in NAMES:
        return {}
    found = trail.entries(db, team, regions=[None], kinds=[NAMES[kind]])
    return {each.id: " ".join(each.title.split()) for each in found if each.title}


def missing_phases(db: Session, here: Spot) -> list[str]:
    """Return the programme's phases that a region does not have yet, in order."""
    if here.region is None:
        return []
    team = here.asker.member.team
    return _new(own_names(db, team, Kind.PHASE), trail.entries(db, team, regions=[here.region_id], kinds=[Kind.PHASE]))


def missing_roles(db: Session, here: Spot, assignment: Entry) -> list[str]:
    """Return the programme's roles that an assignment does not have yet, in order."""
    return _new(own_names(db, here.asker.member.team, Kind.ROLE), assignment.under(Kind.ROLE))


def _new(names: Mapping[str, str], there: Iterable[Entry]) -> list[str]:
    known = {" ".join(entry.title.split()).casefold() for entry in there}
    return [name for name in dict.fromkeys(names.values()) if name.casefold() not in known]
