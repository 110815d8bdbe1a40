"""Putting the trail in order: entries up and down, and the programme's own names taken over all at once."""

from sqlmodel import Session

from bot.problem import Refused
from bot.programme import Action
from bot.trail import NO_TRAIL, Entry, Kind, Value
from handlers.routing import Answer, Click
from handlers.themes.proposing import in_window
from handlers.trail import pages
from handlers.trail.names import missing_phases, missing_roles
from handlers.trail.places import entry_at, spot
from handlers.trail.redrawing import redraw
from handlers.world import World
from storage import inbox, trail

STEPS = {"up": -1, "down": 1}


async def line(click: Click, world: World) -> Answer:
    """Somebody chose what to do with a line of a list: `value` is "open", "up" or "down", and the entry."""
    verb, _, entry_id = click.value.partition(" ")
    if verb not in STEPS:
        return await pages.opened(click, world, entry_id)

    def work(db: Session) -> Entry:
        here, found = entry_at(db, world, click, entry_id, Action.KEEP_TRAIL)
        here.allow(Action.KEEP_TRAIL, found)
        if inbox.first(db, click.team, click.key, world.now()):
            trail.move(db, found, STEPS[verb], click.user, world.now())
        return found

    found = await world.write(work)
    shown = found.parent if found.parent and not _about(click, entry_id) else entry_id
    return Answer(then=[redraw(click, world, shown, found.region or "")])


def _about(click: Click, entry_id: str) -> bool:
    """Whether the button stands in the window of the entry itself, and not in that of its parent."""
    return in_window(click, "trail.entry") and bool(click.argument)


async def take_names(click: Click, world: World) -> Answer:
    """Somebody takes over the phases of the programme for a region, or its roles for an assignment.

    `value` is "<region> phase_name", or the id of the assignment. Roles come in as vacant: nobody is in them yet.
    """
    code, _, of_region = click.value.partition(" ")

    def work(db: Session) -> None:
        assignment = None
        if of_region:
            here = spot(db, world, click, code, Action.KEEP_TRAIL)
        else:
            here, assignment = entry_at(db, world, click, code, Action.KEEP_TRAIL)
            here.allow(Action.KEEP_TRAIL, assignment)
            if assignment.kind is not Kind.ASSIGNMENT:
                raise Refused(NO_TRAIL)
        if not inbox.first(db, click.team, click.key, world.now()):
            return
        kind = Kind.ROLE if assignment else Kind.PHASE
        for name in missing_roles(db, here, assignment) if assignment else missing_phases(db, here):
            values = {"title": Value(name), **({"standing": Value("vacant")} if assignment else {})}
            parent = assignment.id if assignment else None
            entry = Entry(world.ids("te"), click.team, here.region_id, kind, values, parent=parent)
            trail.make(db, entry, click.user, world.now())

    await world.write(work)
    return Answer(then=[redraw(click, world, code)])
