"""Good examples of a whole programme: who uses them too, since when they are shared, to whom they were sent."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.trail import Entry, Kind, State
from storage import delivery
from storage.trail.reading import changes_of, entries


def shared(db: Session, team: str) -> list[Entry]:
    """Return every example that is shared, each with the regions that use it too."""
    found = entries(db, team, kinds=[Kind.EXAMPLE], states=[State.SHARED])
    if not found:
        return []
    below: dict[str, list[Entry]] = {}
    for adoption in entries(db, team, kinds=[Kind.ADOPTION], states=[State.SHARED]):
        below.setdefault(str(adoption.parent), []).append(adoption)
    return [replace(one, children=tuple(below.get(one.id, ()))) for one in found]


def shared_at(db: Session, team: str, examples: Collection[Entry]) -> dict[str, datetime]:
    """Return by id since when each example is shared."""
    since = {one.id: one.made_at for one in examples if one.made_at}
    for change in changes_of(db, team, since):
        if change.name == "state" and change.after == State.SHARED:
            since[change.entry] = change.at
    return since


def sent_to(db: Session, team: str, example: str) -> list[str]:
    """Return the regions in whose channel an example was laid."""
    return [key.rpartition(":")[2] for key in delivery.keys(db, team, "trail.example", example)]
