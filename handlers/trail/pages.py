"""Opening the windows of the trail: the page of a region, a part of it, an entry, and what was proposed."""

from collections.abc import Callable
from datetime import date
from functools import partial
from zoneinfo import ZoneInfo

from slack_sdk.models.views import View
from sqlmodel import Session

from bot.problem import Refused
from bot.programme import Action, allow, may
from bot.trail import NO_TRAIL, SHEETS, Kind, Part, State, kinds_of, visible
from bot.trail.finding import named
from bot.trail.joining import must_be_draft
from bot.trail.rights import readable, shown_fields
from handlers.digest.regions import NoRegion, ask_region
from handlers.routing import Answer, Click, metadata_of
from handlers.themes.proposing import in_window
from handlers.trail import piling, proposed
from handlers.trail.names import missing_phases, missing_roles
from handlers.trail.places import Spot, entry_at, part_named, spot
from handlers.views import trail_entry, trail_page, trail_part
from handlers.views.frame import escaped
from handlers.views.trail_lines import called
from handlers.world import World
from storage import programme, trail

Look = Callable[[Session], View]
FORMS_OF_SESSIONS = (
    "worksessions.plan", "worksessions.topics", "worksessions.offer", "followup.poll", "followup.poll_check",
    "followup.series", "followup.series_check",
)  # fmt: skip
"""Forms that are opened from an assignment, and lead back to it."""
IN_PLACE = (
    "trail.entry", "trail.new", "trail.route", "trail.answer", "trail.use", "trail.region_other", "trail.round",
    *FORMS_OF_SESSIONS,
)  # fmt: skip
"""Windows of one entry: one takes the place of another."""


async def open_page(click: Click, world: World) -> Answer:
    """Somebody wants to see a region's page: the one they chose or named, else their own."""
    look = partial(page, world, click, click.value)
    if click.kind == "command":
        look = partial(_by_name, world, click)
    try:
        view = await world.database.read(look)
    except NoRegion as missing:
        return ask_region(world, click, missing)
    return Answer(then=[_laid(click, world, view, "trail.regions", "trail.page")])


async def open_regions(click: Click, world: World) -> Answer:
    """Somebody wants to see which regions there are."""
    view = await world.database.read(partial(regions, world, click))
    return Answer(then=[_laid(click, world, view, "trail.page")])


async def _laid(click: Click, world: World, view: View, *takes: str) -> None:
    """Lay a window on top, or in the place of one of these: the list of regions and a page take turns."""
    if any(in_window(click, name) for name in takes):
        await world.show(click.team, click.view_id, view)
    else:
        await world.open(click, view, push=click.in_form)


async def open_part(click: Click, world: World) -> Answer:
    """Somebody opens a part of a region's page, or turns a page of it."""
    code, _, rest = click.value.partition(" ")
    name, _, number = rest.partition(" ")
    here = in_window(click, "trail.part")
    below = piling.below(click) if here else piling.under(click)
    view = await world.database.read(partial(part, world, click, code, name, number_of(number), below))
    return Answer(then=[_laid(click, world, view, "trail.part")])


async def open_entry(click: Click, world: World) -> Answer:
    """Somebody opens an entry, or turns a page of what hangs under it: `value` is "<entry> <page>"."""
    entry_id, _, number = click.value.partition(" ")
    return await opened(click, world, entry_id, number_of(number))


async def opened(click: Click, world: World, entry_id: str, number: int = 0, *, form: bool = False) -> Answer:
    """Show an entry, or its form, to who pressed for it."""
    view = await world.database.read(partial(entry, world, click, entry_id, number, form))
    return Answer(then=[over(click, world, view)])


async def closed(click: Click, world: World) -> Answer:
    """Somebody closed an entry, or its form: the windows below show what is true by now, whoever changed it."""
    from handlers.trail.redrawing import follow  # which draws these windows

    return Answer(then=[follow(click, world)] if not click.body.get("is_cleared") else [])


async def edit(click: Click, world: World) -> Answer:
    """Somebody wants to change an entry that they read."""
    return await opened(click, world, click.value, form=True)


async def over(click: Click, world: World, view: View) -> None:
    """Show an entry's window: on top, or in the place of another entry, for Slack piles three."""
    await _laid(click, world, view, *IN_PLACE)


def beneath(click: Click) -> str:
    """What lies below an entry that is opened from here: the window that was pressed in, unless it takes its place."""
    takes = any(in_window(click, name) for name in IN_PLACE)
    return piling.below(click) if takes else piling.under(click)


def returns_to(click: Click) -> str:
    """What lies below a form that gives its place back when it is handed in; "" where it lies over a message."""
    return beneath(click) or ("other" if click.in_form else "")


def today(world: World, here: Spot) -> date:
    """Return the day on the wall where the programme is."""
    return world.now().astimezone(ZoneInfo(here.asker.settings.timezone)).date()


def regions(world: World, click: Click, db: Session, notice: str = "") -> View:
    """Draw every region."""
    asker = world.asker(db, click)
    allow(asker.member, Action.SEE_PUBLISHED)
    word = called(asker.settings, asker.words)
    return trail_page.regions(programme.regions(db, click.team), asker.member.region, word, asker.words, notice)


def _by_name(world: World, click: Click, db: Session) -> View:
    """Draw the page of the region that was named after the command, one's own without a name."""
    if not click.value:
        return page(world, click, "", db)
    asker = world.asker(db, click)
    allow(asker.member, Action.SEE_PUBLISHED)
    found = named(click.value, programme.regions(db, click.team))
    if found is not None:
        return page(world, click, found.id, db)
    word = called(asker.settings, asker.words)
    return regions(
        world, click, db, asker.words("trail.no_such", name=escaped(click.value[:80]), many=escaped(word.many))
    )


def page(world: World, click: Click, code: str, db: Session) -> View:
    """Draw the page of a region, with everything that who looks may read."""
    asker = world.asker(db, click)
    if not code and not asker.member.region:
        if may(asker.member, Action.SEE_TRAIL):
            return regions(world, click, db)
        raise NoRegion(asker, programme.regions(db, click.team))
    here = spot(db, world, click, code or str(asker.member.region))
    found = visible(asker.member, trail.tree(db, click.team, here.region_id))
    waiting = 0
    if here.may(Action.KEEP_TRAIL):
        waiting = trail.count(db, click.team, here.region_id, State.PROPOSED)
    from handlers.trail import extras  # features open these windows themselves

    more = extras.on_page(db, here, found, world.now())
    return trail_page.page(here, found, waiting, more, today(world, here), asker.words)


def part(world: World, click: Click, code: str, name: str, number: int, below: str, db: Session) -> View:
    """Draw a part of a region's page."""
    here, wanted = spot(db, world, click, code), part_named(name)
    if (wanted is Part.PROGRAMME) is not (here.region is None):
        raise Refused(NO_TRAIL)
    found = visible(here.asker.member, trail.tree(db, click.team, here.region_id, kinds_of(wanted)))
    from handlers.trail import extras  # as above

    more = extras.on_part(db, here, wanted, found, world.now())
    names = 0
    if wanted is Part.PHASES and here.may(Action.KEEP_TRAIL):
        names = len(missing_phases(db, here))
    reading = trail_part.Reading(number, today(world, here), names, below)
    return trail_part.part(here, wanted, found, more, reading, here.asker.words)


def entry(world: World, click: Click, entry_id: str, number: int, form: bool, db: Session) -> View:
    """Draw an entry: a page to read, or the form for who may change it."""
    here, found = entry_at(db, world, click, entry_id, Action.KEEP_TRAIL if form else Action.SEE_TRAIL)
    member, keeps = here.asker.member, here.may(Action.KEEP_TRAIL, found)
    if form:
        here.allow(Action.KEEP_TRAIL, found)
        must_be_draft(found, trail.one(db, click.team, found.parent) if found.parent else None)
    changes = trail.changes_of(db, click.team, [found.id]) if keeps else []
    people = {change.by for change in changes}
    among = trail.siblings(db, found)
    from handlers.trail import extras, follow_ups  # as above

    shown = trail_entry.Opened(
        entry=found,
        below=[child for child in found.children if readable(member, child)],
        fields=shown_fields(SHEETS[found.kind], member, found),
        changes=changes,
        people={each.user: each.name for each in programme.members(db, click.team, people)},
        today=today(world, here),
        place=(among.index(found.id) + 1, len(among)) if found.id in among else (1, 1),
        number=number,
        form=form,
        names=len(missing_roles(db, here, found)) if keeps and found.kind is Kind.ASSIGNMENT else 0,
        under=beneath(click),
        more=extras.on_entry(db, here, found, world.now()),
        soon=follow_ups.soon(db, found, world.now()),
    )
    return trail_entry.entry(here, shown, here.asker.words)


def proposals(world: World, click: Click, code: str, db: Session) -> View:
    """Draw what was found for a region and waits for a yes, on the page where somebody was."""
    number = metadata_of(click).get("page", "0") if in_window(click, "trail.proposed") else "0"
    return proposed.window(world, click, code, number_of(number), db)


def number_of(text: str) -> int:
    """Read the number of a page; what is none is the first."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
