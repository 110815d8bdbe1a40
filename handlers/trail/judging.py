"""Saying yes to what was found, to all of it or to one document; and reading what was not understood."""

from functools import partial

from slack_sdk.models.views import View
from sqlmodel import Session

from bot.problem import Refused
from bot.programme import Action
from bot.trail import NO_TRAIL
from handlers.routing import Answer, Click
from handlers.themes.proposing import in_window
from handlers.trail.places import spot
from handlers.trail.proposed import keep_all_found, number_of, unread_of, window
from handlers.trail.redrawing import follow
from handlers.views import trail_proposed as views
from handlers.world import World
from storage import audit, inbox, programme, trail
from storage.audit import Deed
from storage.trail import importing


async def open_proposed(click: Click, world: World) -> Answer:
    """Somebody wants to see what waits for a yes: of "<region> <page>"."""
    code, _, number = click.value.partition(" ")
    view = await world.database.read(partial(window, world, click, code, number_of(number)))
    if in_window(click, "trail.proposed") or in_window(click, "trail.region_other"):
        return Answer(then=[world.show(click.team, click.view_id, view)])
    return Answer(then=[world.open(click, view, push=click.in_form)])


async def keep_all(click: Click, world: World) -> Answer:
    """Somebody says that all of it is right: of "<region>", or of one document, "<region> <document>"."""
    code, _, material = click.value.partition(" ")

    def work(db: Session) -> views.Done | None:
        here = spot(db, world, click, code, Action.APPROVE_TRAIL)
        if not inbox.first(db, click.team, click.key, world.now()):
            return None
        known = {region.id for region in programme.regions(db, click.team)}
        found = [
            each
            for each in trail.proposed(db, click.team, [here.region_id])
            if material in ("", each.origin.material if each.origin else "")
        ]
        done, left = keep_all_found(db, world, here, found)
        kept = sum(each.id in done for each in found)
        if kept:
            audit.record(db, click.team, Deed.KEPT, world.now(), actor=click.user, details={"count": kept})
        made = [region.name for region in programme.regions(db, click.team) if region.id not in known]
        return views.Done(kept, tuple(left.values()), tuple(made))

    done = await world.write(work)
    view = await world.database.read(partial(window, world, click, code, 0, done=done))
    return Answer(then=[show(click, world, view)])


async def show(click: Click, world: World, view: View) -> None:
    """Show a window in the place of the one in which somebody pressed; those below it follow."""
    await world.show(click.team, click.view_id, view)
    await follow(click, world)


async def open_unread(click: Click, world: World) -> Answer:
    """Somebody wants to see which lines of a document no sheet took: "<region> <document>"."""
    code, _, material = click.value.partition(" ")

    def look(db: Session) -> View:
        here = spot(db, world, click, code, Action.KEEP_TRAIL)
        source = next((each for each in importing.papers(db, click.team, here.region_id) if each.id == material), None)
        if source is None:
            raise Refused(NO_TRAIL)
        return views.unread(here, source.title, unread_of(source, db, click.team), here.asker.words)

    return Answer(then=[world.open(click, await world.database.read(look), push=click.in_form)])
