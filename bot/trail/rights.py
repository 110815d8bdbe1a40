"""Who reads and changes what of the trail: the region itself and the coordinator, and everybody what was shared."""

from collections.abc import Iterable
from dataclasses import replace

from bot.programme import Action, Member, Place, may, missing
from bot.trail.fields import Type
from bot.trail.records import Entry, State
from bot.trail.sheets import SHEETS, Sheet

NO_TRAIL = "trail.gone"
"""The sentence for an entry that is not there, and just so for one that somebody may not see."""


def place_of(member: Member, region: str | None, entry: Entry | None = None) -> Place:
    """Return how a person relates to a region's trail; `wrote` says that the entry names them."""
    named = entry is not None and any(value.user == member.user for value in entry.values.values() if value.user)
    return Place(belongs=region is not None and member.region == region, wrote=named)


def readable(member: Member, entry: Entry) -> bool:
    """Say whether somebody may read an entry: who stands in it may; others a contact only once that person agreed."""
    place = place_of(member, entry.region, entry)
    if place.wrote and may(member, Action.CONFIRM_CONTACT, place):
        return entry.state is not State.DROPPED
    if SHEETS[entry.kind].confirmed and not entry.confirmed and not may(member, Action.KEEP_TRAIL, place):
        return False
    if entry.region is None and entry.stands:
        return may(member, Action.SEE_PUBLISHED)
    if entry.state is State.SHARED:
        return may(member, Action.SEE_PUBLISHED)
    return entry.state is not State.DROPPED and may(member, Action.SEE_TRAIL, place)


def visible(member: Member, entries: Iterable[Entry]) -> list[Entry]:
    """Return those that somebody may read, in order, each with those under it that they may read too."""
    return [
        replace(entry, children=tuple(visible(member, entry.children))) for entry in entries if readable(member, entry)
    ]


def must_see(member: Member, entry: Entry | None, action: Action = Action.SEE_TRAIL) -> Entry:
    """Return the entry. Raises Refused for `action`: in the same words when it is not there as when it is another's."""
    if entry is None or not readable(member, entry):
        raise missing(member, action, NO_TRAIL)
    return entry


def shown_fields(sheet: Sheet, member: Member, entry: Entry) -> list[str]:
    """Return the fields that somebody may read, in order: private ones only who may change the entry."""
    changes = may(member, Action.KEEP_TRAIL, place_of(member, entry.region))
    return [field.name for field in sheet.fields if changes or not field.private]


def people_fields(sheet: Sheet) -> list[str]:
    """Return the fields that take a person."""
    return [field.name for field in sheet.fields if field.type is Type.PERSON]
