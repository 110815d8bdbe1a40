"""Opening the windows of the trail: the page of a region, a part of it, an entry, and what was proposed."""

from collections.abc import Callable
from functools import partial

from slack_sdk.models.views import View
from sqlmodel import Session

from bot.problem import Refused
from bot.programme import Action, allow, may
from bot.trail import NO_TRAIL, SHEETS, Part, State, kinds_of, visible
from bot.trail.rights import readable, shown_fields
from handlers.digest.regions import NoRegion, ask_region
from handlers.routing import Answer, Click
from handlers.themes.proposing import in_window
from handlers.trail import extras
from handlers.trail.places import PROGRAMME, entry_at, part_named, spot
from handlers.views import trail as views
from handlers.world import World
from storage import programme, trail

Look = Callable[[Session], View]


async def open_page(click: Click, world: World) -> Answer:
    """Somebody wants to see a region's page: the one they chose, else their own."""
    code = click.value if click.kind == "action" else ""
    try:
        view = await world.database.read(partial(page, world, click, code))
    except NoRegion as missing:
        return ask_region(world, click, missing)
    if in_window(click, "trail.regions"):
        return Answer(then=[world.open(click, view, push=True)])
    return Answer(then=[world.open(click, view)])


async def open_regions(click: Click, world: World) -> Answer:
    """Somebody wants to see which regions there are."""

    def look(db: Session) -> View:
        asker = world.asker(db, click)
        allow(asker.member, Action.SEE_PUBLISHED)
        return views.regions(programme.regions(db, click.team), asker.settings.region_word, asker.words)

    return Answer(then=[world.open(click, await world.database.read(look), push=click.in_form)])


async def open_part(click: Click, world: World) -> Answer:
    """Somebody opens a part of a region's page, or turns a page of it."""
    code, _, rest = click.value.partition(" ")
    name, _, number = rest.partition(" ")
    view = await world.database.read(partial(part, world, click, code, name, _number(number)))
    if in_window(click, "trail.part"):
        return Answer(then=[world.show(click.team, click.view_id, view)])
    return Answer(then=[world.open(click, view, push=click.in_form)])


async def open_entry(click: Click, world: World) -> Answer:
    """Somebody opens an entry."""
    view = await world.database.read(partial(entry, world, click, click.value))
    return Answer(then=[over(click, world, view)])


async def open_proposed(click: Click, world: World) -> Answer:
    """Somebody wants to see what was found for their region and waits for a yes."""
    view = await world.database.read(partial(proposals, world, click, click.value))
    return Answer(then=[world.open(click, view, push=click.in_form)])


async def over(click: Click, world: World, view: View) -> None:
    """Show an entry's window: on top, or in the place of another entry, for Slack piles three."""
    if in_window(click, "trail.entry") or in_window(click, "trail.new"):
        await world.show(click.team, click.view_id, view)
    else:
        await world.open(click, view, push=click.in_form)


def page(world: World, click: Click, code: str, db: Session) -> View:
    """Draw the page of a region, with everything that who looks may read."""
    asker = world.asker(db, click)
    if not code and not asker.member.region:
        if may(asker.member, Action.SEE_TRAIL):
            return views.regions(programme.regions(db, click.team), asker.settings.region_word, asker.words)
        raise NoRegion(asker, programme.regions(db, click.team))
    here = spot(db, world, click, code or str(asker.member.region))
    found = visible(asker.member, trail.tree(db, click.team, here.region_id))
    waiting = 0
    if here.may(Action.KEEP_TRAIL):
        waiting = trail.count(db, click.team, here.region_id, State.PROPOSED)
    more = extras.on_page(db, here, found, world.now())
    return views.page(here, found, waiting, more, asker.words)


def part(world: World, click: Click, code: str, name: str, number: int, db: Session) -> View:
    """Draw a part of a region's page."""
    here, wanted = spot(db, world, click, code), part_named(name)
    if (wanted is Part.PROGRAMME) is not (here.region is None):
        raise Refused(NO_TRAIL)
    found = visible(here.asker.member, trail.tree(db, click.team, here.region_id, kinds_of(wanted)))
    more = extras.on_part(db, here, wanted, found, world.now())
    return views.part(here, wanted, found, number, more, here.asker.words)


def entry(world: World, click: Click, entry_id: str, db: Session) -> View:
    """Draw an entry: a form for who may change it, else a page to read."""
    here, found = entry_at(db, world, click, entry_id)
    member = here.asker.member
    changes = trail.changes_of(db, click.team, [found.id]) if here.may(Action.KEEP_TRAIL, found) else []
    people = {change.by for change in changes}
    names = {each.user: each.name for each in programme.members(db, click.team, people)}
    below = [child for child in found.children if readable(member, child)]
    fields = shown_fields(SHEETS[found.kind], member, found)
    more = extras.on_entry(db, here, found, world.now())
    return views.entry(here, found, below, fields, more, changes, names, here.asker.words)


def proposals(world: World, click: Click, code: str, db: Session) -> View:
    """Draw what was found for a region and waits for a yes."""
    here = spot(db, world, click, code or PROGRAMME, Action.KEEP_TRAIL)
    found = trail.proposed(db, click.team, [here.region_id])
    return views.proposed(here, found, here.asker.words)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0
