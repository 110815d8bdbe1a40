"""What was found in documents and impressions and waits for a yes: by document, for a region or with the programme.

What was found in a document about a region that is not in the programme waits there; the region is made when somebody
keeps the first of it. Where a document names no region, somebody chooses it before anything of it is kept.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View
from sqlmodel import Session

from bot.encoding import NotReadable
from bot.material import recognise
from bot.problem import Refused
from bot.programme import Action, Place, Region, may
from bot.trail import Entry, Part, State
from bot.trail.importing import Unread, named, read
from handlers.routing import Click
from handlers.themes.proposing import in_window
from handlers.trail import piling
from handlers.trail.places import PROGRAMME, Spot, spot
from handlers.views import trail_proposed as views
from handlers.waiting import Urgency, Waiting
from handlers.words import Words
from handlers.world import World
from storage import programme, trail
from storage.trail import importing

MOST_ON_HOME = 3


def waiting_for(db: Session, team: str, user: str, now: datetime) -> list[Waiting]:
    """Return where something was found that this person may say yes to.

    That is their own region; for a coordinator the programme too, and every region in which nobody takes part yet.
    """
    counts = importing.waiting(db, team)
    if not counts:
        return []
    member = programme.member(db, team, user)
    names: dict[str | None, str] = {region.id: region.name for region in programme.regions(db, team)}
    places: list[str | None] = (
        [member.region] if member.region and may(member, Action.KEEP_TRAIL, Place(belongs=True)) else []
    )
    if may(member, Action.SHAPE_PROGRAMME):
        lived_in = importing.lived_in(db, team)
        places = [None, *places, *(each for each in names if each not in (*places, *lived_in))]
    shown = [place for place in places if counts.get(place)][:MOST_ON_HOME]
    return [
        Waiting(Urgency.THEMES, partial(views.waits, counts[place], place or PROGRAMME, names.get(place, "")))
        for place in shown
    ]


def window(world: World, click: Click, code: str, number: int, db: Session, done: views.Done | None = None) -> View:
    """Draw what was found for a region and waits for a yes; `number` is the page, from 0. `done` says what was done."""
    here = spot(db, world, click, code or PROGRAMME, Action.KEEP_TRAIL)
    found = trail.proposed(db, click.team, [here.region_id])
    regions = programme.regions(db, click.team) if here.region is None else []
    bundles = [_bundle(db, here, material, entries, regions) for material, entries in views.by_document(found).items()]
    more = trail.count(db, click.team, None, State.PROPOSED) if here.region and here.asker.member.coordinates else 0
    shown = views.Shown(bundles, number, _below(click), done, more)
    return views.proposed(here, shown, here.asker.words)


def _bundle(
    db: Session, here: Spot, material: str, entries: Sequence[Entry], regions: Sequence[Region]
) -> views.Bundle:
    """One document with what was found in it; of which region it could be, where that is still to be said."""
    waits = sum(importing.waits_for_region(each) for each in entries) if material else 0
    if not waits:
        return views.Bundle(material, entries)
    name = importing.about_region(db, here.asker.member.team, material, [region.name for region in regions])
    new = bool(name) and named(name, [region.name for region in regions]) is None
    return views.Bundle(material, entries, tuple(regions), name, new, waits)


def keep_found(db: Session, world: World, here: Spot, found: Entry) -> set[str]:
    """Keep a proposal with what hangs under it, and with what it hangs under. Raises Refused where it has no region.

    Returns the ids of what is kept now.

    The first that is kept of a document makes the region that the document names; the rest of it follows there.
    """
    team, by = here.asker.member.team, here.asker.member.user
    if found.region is None and found.origin and found.origin.material and not importing.of_programme(found.kind):
        settle_region(db, world, here, found.origin.material)
        found = trail.one(db, team, found.id) or found
    if found.parent:
        parent = trail.one(db, team, found.parent)
        if parent is not None and parent.state is State.PROPOSED:
            trail.keep(db, parent, by, world.now())
    for each in (found, *found.children):
        if each.state is State.PROPOSED:
            trail.keep(db, each, by, world.now())
    return {each.id for each in (found, *found.children)}


def keep_all_found(db: Session, world: World, here: Spot, found: Sequence[Entry]) -> tuple[set[str], dict[str, str]]:
    """Keep proposals with what hangs under them and what they hang under: thousands in as many statements as ten.

    Returns the ids of what is kept now, and the documents (id and name) of which nobody said yet of which region.
    """
    team, wanted = here.asker.member.team, {each.id for each in found}
    regions, left = [here.region_id], dict[str, str]()
    waiting = {
        each.origin.material: each.origin
        for each in found
        if each.origin and each.origin.material and importing.waits_for_region(each)
    }
    for material, origin in waiting.items():
        try:
            regions.append(settle_region(db, world, here, material))
        except Refused as refused:
            if refused.key != "trail.region_first":
                raise
            left[material] = origin.document
    together: dict[str, Entry] = {}
    for each in trail.proposed(db, team, regions):  # a document that came to its region brought its entries there
        unplaced = importing.waits_for_region(each) and each.origin is not None and each.origin.material in left
        if each.id not in wanted or unplaced:
            continue
        together |= {one.id: one for one in (each, *each.children) if one.state is State.PROPOSED}
    for parent in {each.parent for each in together.values() if each.parent} - set(together):
        above = trail.one(db, team, parent)
        if above is not None and above.state is State.PROPOSED:
            together[above.id] = above
    trail.settle_all(db, list(together.values()), State.KEPT, here.asker.member.user, world.now())
    return set(together), left


def needs_region(db: Session, found: Entry) -> bool:
    """Say whether nobody knows of which region this is, so that it cannot be kept yet."""
    if not importing.waits_for_region(found):
        return False
    material = found.origin.material if found.origin else ""
    known = [region.name for region in programme.regions(db, found.team)]
    return not importing.about_region(db, found.team, material, known)


def settle_region(db: Session, world: World, here: Spot, material: str) -> str:
    """Bring what was found in a document to the region that it names, made where it is not there yet; returns its id.

    Raises Refused where the document names none.
    """
    team = here.asker.member.team
    known = {region.name: region.id for region in programme.regions(db, team)}
    name = importing.about_region(db, team, material, known)
    if not name:
        raise Refused("trail.region_first")
    there = named(name, known)
    region = known[there] if there else programme.save_region(db, team, name, None, world.ids("rg"))[0]
    _bring_along(db, world, here, material, region, name)
    return region


def _bring_along(db: Session, world: World, here: Spot, material: str, region: str, name: str) -> None:
    """Bring a document to a region, with every other one that waits and names the same region."""
    team = here.asker.member.team
    others = [
        each.id
        for each in importing.papers(db, team, None)
        if name and each.id != material and named(importing.about_region(db, team, each.id, [name]), [name])
    ]
    importing.place(db, team, [material, *others], region, here.asker.member.user, world.now())


def on_entry(db: Session, here: Spot, entry: Entry, now: datetime) -> list[views.Draw]:
    """On what was found, for who keeps the programme: of which region it is, where nobody said so yet."""
    if not importing.waits_for_region(entry) or not here.may(Action.KEEP_TRAIL):
        return []
    regions = programme.regions(db, entry.team)
    return [lambda words: views.region_of_one(entry, regions, words)]


def unread_of(source: importing.Paper, db: Session, team: str) -> Sequence[Unread]:
    """Return the lines of a document that no sheet took; what was stored says it, so that nothing is kept twice."""
    if source.is_list:
        return ()
    try:
        return read(recognise(source.text), [region.name for region in programme.regions(db, team)]).unread
    except NotReadable:
        return ()


def on_part(db: Session, here: Spot, part: Part, entries: Sequence[Entry], now: object) -> list[views.Draw]:
    """Name the documents that were read, where the timeline or the programme stands, for who keeps the trail."""
    wanted = Part.PROGRAMME if here.region is None else Part.TIMELINE
    if part is not wanted or not here.may(Action.KEEP_TRAIL):
        return []
    found = importing.papers(db, here.asker.member.team, here.region_id)[-views.MOST_PAPERS :]

    def draw(words: Words) -> list[Block]:
        return views.papers(here, found, words)

    return [draw] if found else []


def number_of(text: str) -> int:
    """Read the number of a page; what is none is the first."""
    return int(text) if text.isascii() and text.isdigit() else 0


def _below(click: Click) -> str:
    """What lies below this window: it is drawn when it is opened, pressed in, or when an entry above it was."""
    if in_window(click, "trail.proposed") or in_window(click, "trail.region_other"):
        return piling.below(click)
    if in_window(click, "trail.entry"):
        return " ".join(name for name in piling.below(click).split() if name.startswith("page:"))
    return piling.under(click)
