"""Saying yes to what was found: to all of it, to one document, and of which region a document is."""

from functools import partial

from slack_sdk.models.views import View
from sqlmodel import Session

from bot.problem import Refused
from bot.programme import Action
from bot.trail import NO_TRAIL, State
from handlers.routing import Answer, Click
from handlers.themes.proposing import in_window
from handlers.trail.places import PROGRAMME, Spot, spot
from handlers.trail.proposed import NEW, keep_found, number_of, settle_region, unread_of, window
from handlers.trail.redrawing import redraw
from handlers.views import trail_proposed as views
from handlers.world import World
from storage import audit, inbox, programme, trail
from storage.audit import Deed
from storage.trail import importing


async def open_proposed(click: Click, world: World) -> Answer:
    """Somebody wants to see what waits for a yes: of "<region> <page>"."""
    code, _, number = click.value.partition(" ")
    view = await world.database.read(partial(window, world, click, code, number_of(number)))
    if in_window(click, "trail.proposed"):
        return Answer(then=[world.show(click.team, click.view_id, view)])
    return Answer(then=[world.open(click, view, push=click.in_form)])


async def keep_all(click: Click, world: World) -> Answer:
    """Somebody says that all of it is right: of "<region>", or of one document, "<region> <document>"."""
    code, _, material = click.value.partition(" ")

    def work(db: Session) -> str:
        here = spot(db, world, click, code, Action.APPROVE_TRAIL)
        if not inbox.first(db, click.team, click.key, world.now()):
            return here.code
        kept = 0
        for each in trail.proposed(db, click.team, [here.region_id]):
            if material in ("", each.origin.material if each.origin else ""):
                kept += _keep_if_placed(db, world, here, each.id)
        if not kept:
            raise Refused("trail.region_first")
        audit.record(db, click.team, Deed.KEPT, world.now(), actor=click.user, details={"count": kept})
        return here.code

    return Answer(then=[redraw(click, world, code=await world.write(work))])


def _keep_if_placed(db: Session, world: World, here: Spot, entry: str) -> bool:
    """Keep a proposal unless nobody knows yet of which region it is."""
    found = trail.one(db, here.asker.member.team, entry)
    if found is None or found.state is not State.PROPOSED:
        return True
    try:
        keep_found(db, world, here, found)
    except Refused as refused:
        if refused.key != "trail.region_first":
            raise
        return False
    return True


async def choose_region(click: Click, world: World) -> Answer:
    """Somebody says of which region a document is: "<region> <document>"."""
    code, _, material = click.value.partition(" ")

    def work(db: Session) -> str:
        here = spot(db, world, click, PROGRAMME, Action.KEEP_TRAIL)
        if not any(each.id == material for each in importing.papers(db, click.team, None)):
            raise Refused(NO_TRAIL)
        if not inbox.first(db, click.team, click.key, world.now()):
            return PROGRAMME
        if code == NEW:
            return settle_region(db, world, here, material)
        region = programme.region(db, click.team, code)
        if region is None:
            raise Refused("programme.region_gone")
        importing.place(db, click.team, [material], region.id, click.user, world.now())
        return region.id

    shown = await world.write(work)
    view = await world.database.read(partial(window, world, click, shown, 0))
    return Answer(then=[world.show(click.team, click.view_id, view)])


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
