"""Of which region something is that was found: a whole document or one of its finds; also of one that is new."""

from functools import partial

from slack_sdk.models.views import View
from sqlmodel import Session

from bot.problem import Problem, Refused
from bot.programme import Action
from bot.trail import NO_TRAIL, Entry
from bot.trail.importing import named
from handlers.privacy import check_texts
from handlers.routing import Answer, Click, metadata_of, problems_ack
from handlers.trail import pages, piling
from handlers.trail.judging import show
from handlers.trail.places import PROGRAMME, Spot, spot
from handlers.trail.proposed import settle_region, window
from handlers.trail.redrawing import follow
from handlers.views import trail_proposed as views
from handlers.views.trail_lines import called
from handlers.world import World
from storage import inbox, programme, trail
from storage.trail import importing


async def choose_region(click: Click, world: World) -> Answer:
    """Somebody says of which region a document is, or one thing in it: "<region> <document or entry>"."""
    code, _, what = click.value.partition(" ")
    if code == views.OTHER:
        view = await world.database.read(partial(_form, world, click, what))
        return Answer(then=[world.show(click.team, click.view_id, view)])

    def work(db: Session) -> views.Done | None:
        here = spot(db, world, click, PROGRAMME, Action.KEEP_TRAIL)
        found = _found(db, click.team, what)
        if not inbox.first(db, click.team, click.key, world.now()):
            return None
        region = code
        if code == views.NEW and found is None:
            region = settle_region(db, world, here, what)
        return _bring(db, world, here, region, what, found)

    done = await world.write(work)
    return Answer(then=[show(click, world, await world.database.read(partial(_after, world, click, what, done)))])


async def name_region(click: Click, world: World) -> Answer:
    """Somebody names the region of a document, or of one thing in it, that is not in the programme yet."""
    what = metadata_of(click).get("what", "")

    def work(db: Session) -> tuple[Spot, list[Problem], views.Done | None]:
        here = spot(db, world, click, PROGRAMME, Action.KEEP_TRAIL)
        found = _found(db, click.team, what)
        if inbox.seen(db, click.team, click.key):
            return here, [], None
        name = " ".join(click.text("name").split())[: views.LONGEST_NAME].strip()
        known = {region.name: region.id for region in programme.regions(db, click.team)}
        problems = [*views.wrong_name(name), *check_texts(db, here.asker.settings, None, {"name": name}).problems]
        if problems:
            return here, problems, None
        inbox.first(db, click.team, click.key, world.now())
        there = named(name, known)
        region = known[there] if there else programme.save_region(db, click.team, name, None, world.ids("rg"))[0]
        return here, [], _bring(db, world, here, region, what, found)

    here, problems, done = await world.write(work)
    if problems:
        return Answer(ack=problems_ack(click, world, here.asker.words, problems))
    view = await world.database.read(partial(_after, world, click, what, done))
    return Answer(ack={"response_action": "update", "view": view.to_dict()}, then=[follow(click, world)])


def _found(db: Session, team: str, what: str) -> Entry | None:
    """Return the entry that is to be placed, None for a document. Raises Refused where nothing of it waits."""
    found = trail.one(db, team, what)
    if found is not None and importing.waits_for_region(found):
        return found
    if found is not None or not importing.unplaced(db, team, what):
        raise Refused(NO_TRAIL)
    return None


def _bring(db: Session, world: World, here: Spot, region_id: str, what: str, found: Entry | None) -> views.Done:
    team, by = here.asker.member.team, here.asker.member.user
    region = programme.region(db, team, region_id)
    if region is None:
        raise Refused("programme.region_gone")
    if found is not None:
        moved = importing.place_entry(db, found, region.id, by, world.now())
    else:
        moved = importing.place(db, team, [what], region.id, by, world.now())
    return views.Done(region=region, moved=moved)


def _form(world: World, click: Click, what: str, db: Session) -> View:
    here = spot(db, world, click, PROGRAMME, Action.KEEP_TRAIL)
    found = _found(db, click.team, what)
    source = importing.paper(db, click.team, what)
    name = found.title if found else source.title if source else ""
    word = called(here.asker.settings, here.asker.words)
    return views.other_region(what, name, found is not None, piling.below(click), word, here.asker.words)


def _after(world: World, click: Click, what: str, done: views.Done | None, db: Session) -> View:
    """A find itself, at its region; of a document all that was found for that region."""
    if trail.one(db, click.team, what) is not None:
        return pages.entry(world, click, what, 0, False, db)
    return window(world, click, done.region.id if done and done.region else PROGRAMME, 0, db, done)
