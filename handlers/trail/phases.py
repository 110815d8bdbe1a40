"""On a phase: what other regions say of the same one, and who passed it; and phases that move."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.calendar import is_dutch_holiday, next_sending_time
from bot.programme import Action, Programme
from bot.trail import Entry, Kind, readable
from bot.trail.phases import Elsewhere, elsewhere
from handlers.delivery import Body, Render
from handlers.introductions import pair
from handlers.trail.names import own_names
from handlers.trail.places import Spot
from handlers.views import trail_phases as views
from handlers.views.trail_beside import Draw
from handlers.words import Words
from storage import delivery, programme, trail

DATES = ("begins", "ends")
SOON = timedelta(minutes=10)
"""Who moves one phase moves the next one too: their regions hear it a little later."""


def on_entry(db: Session, here: Spot, entry: Entry, now: datetime) -> list[Draw]:
    """Show what other regions say of the same phase, to who works on this one."""
    if entry.kind is not Kind.PHASE or here.region is None or not here.may(Action.KEEP_TRAIL, entry):
        return []
    today = now.astimezone(ZoneInfo(here.asker.settings.timezone)).date()
    found = others(db, here, entry, today)
    if not found:
        return []
    names = {region.id: region.name for region in programme.regions(db, entry.team)}
    meets = here.asker.member.region == entry.region and entry.stands
    shown = [
        views.Other(names.get(one.region, ""), one, _button(entry, one) if meets else "", str(one.region))
        for one in found
    ]
    return [partial(views.others, shown)]


def others(db: Session, here: Spot, phase: Entry, today: Any) -> list[Elsewhere]:
    """Return what other regions say of the same phase, of what who looks may read."""
    team, member = phase.team, here.asker.member
    entries = trail.entries(db, team, kinds=[Kind.PHASE, Kind.EXPERIENCE])
    may_read = {each.id for each in entries if readable(member, each)}
    return elsewhere(phase, entries, may_read, list(own_names(db, team, Kind.PHASE).values()), today)


def _button(mine: Entry, other: Elsewhere) -> str:
    """The value of the button that brings both in touch, "" where the other shares nothing to refer to."""
    theirs = other.speaks
    return pair(mine, theirs) if theirs is not None and theirs.state.value == "shared" else ""


def moved(db: Session, before: Entry, settings: Programme, now: datetime) -> None:
    """Owe a region that one of its phases stands elsewhere in time, when a date that stood there is another one."""
    region = programme.region(db, before.team, before.region or "") if before.region else None
    after = trail.one(db, before.team, before.id)
    if before.kind is not Kind.PHASE or after is None or not before.stands or region is None or not region.channel:
        return
    if not any(before.text(name) and before.text(name) != after.text(name) for name in DATES):
        return
    delivery.plan(
        db,
        team=before.team,
        key=f"trail.phase_moved:{before.id}:{after.version}",
        kind="trail.phase_moved",
        arguments={"id": before.id, "version": after.version, "since": (now - SOON).isoformat()},
        channel=region.channel,
        now=now,
        not_before=next_sending_time(now + SOON, settings.timezone, is_dutch_holiday),
    )


def tell_moved(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """To a region: which of its phases moved, from when to when; nothing once it moved again or is gone."""
    found = trail.one(db, settings.team, str(arguments["id"]))
    if found is None or not found.stands or found.version != int(arguments["version"]):
        return None
    since = datetime.fromisoformat(str(arguments["since"]))
    changes = [each for each in trail.changes_of(db, settings.team, [found.id]) if each.at >= since]
    before = {name: found.text(name) for name in DATES}
    for change in reversed(changes):
        if change.name in DATES:
            before[change.name] = change.before
    if all(before[name] == found.text(name) for name in DATES):
        return None
    return Body(*views.moved(found, before["begins"], before["ends"], words))


MESSAGES: dict[str, Render] = {"trail.phase_moved": tell_moved}
