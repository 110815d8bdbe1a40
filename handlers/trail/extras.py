"""What features add to the windows of the trail: to the page of a region, to a part of it, and to an entry.

A feature offers a function that reads what it shows, and is named on one line here. What it returns is drawn in the
reader's language: five blocks at most on a page, ten on a part or an entry.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block
from sqlmodel import Session

from bot.trail import Entry, Part
from handlers.trail import (
    aiming,
    asking,
    beside,
    checklist,
    dates,
    examples,
    follow_ups,
    intervision,
    joining,
    looking_back,
    obstacles,
    phases,
    proposed,
    reporting,
    theming,
    tying,
)
from handlers.trail.places import Spot
from handlers.views.trail_page import Place
from handlers.words import Words

Draw = Callable[[Words], list[Block]]

ON_PAGE: Mapping[Place, Sequence[Callable[[Session, Spot, Sequence[Entry], datetime], list[Draw]]]] = {
    Place.PHASES: (reporting.timeline,),
    Place.AGENDA: (tying.on_page, reporting.bars),
    Place.BETWEEN: (dates.on_page, beside.open_promises, beside.met, beside.others, obstacles.on_page),
    Place.LAST: (reporting.on_page,),
}
"""Given everything on the page that the reader may see; each beside what it is about."""
ON_PART: Sequence[Callable[[Session, Spot, Part, Sequence[Entry], datetime], list[Draw]]] = (
    proposed.on_part,
    joining.on_part,
    looking_back.on_part,
    obstacles.on_part,
    examples.on_part,
    intervision.on_part,
    tying.on_part,
)
ON_ENTRY: Sequence[Callable[[Session, Spot, Entry, datetime], list[Draw]]] = (
    proposed.on_entry,
    joining.on_entry,
    checklist.on_entry,
    follow_ups.on_entry,
    phases.on_entry,
    dates.on_entry,
    tying.on_entry,
    theming.on_entry,
    aiming.on_entry,
    obstacles.on_entry,
    asking.on_entry,
    examples.on_entry,
)


def on_page(db: Session, here: Spot, entries: Sequence[Entry], now: datetime) -> dict[Place, list[Draw]]:
    """Return what is added to a region's page, by the place where it stands."""
    return {
        place: [draw for source in sources for draw in source(db, here, entries, now)]
        for place, sources in ON_PAGE.items()
    }


def on_part(db: Session, here: Spot, part: Part, entries: Sequence[Entry], now: datetime) -> list[Draw]:
    """Return what is added to a part of it."""
    return [draw for source in ON_PART for draw in source(db, here, part, entries, now)]


def on_entry(db: Session, here: Spot, entry: Entry, now: datetime) -> list[Draw]:
    """Return what is added to an entry."""
    return [draw for source in ON_ENTRY for draw in source(db, here, entry, now)]
