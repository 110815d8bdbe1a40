"""What can be done with an entry besides changing its words: keep a proposal, set aside, share, confirm, use."""

from collections.abc import Callable
from functools import partial

from sqlmodel import Session

from bot.problem import Refused
from bot.programme import Action, allow
from bot.trail import NO_TRAIL, SHEETS, Entry, Kind, State, Value, place_of
from handlers.routing import Answer, Click
from handlers.themes.proposing import in_window
from handlers.trail import pages
from handlers.trail.places import Spot, entry_at, spot
from handlers.world import World
from storage import inbox, trail

Decide = Callable[[Session, Spot, Entry], None]


async def keep(click: Click, world: World) -> Answer:
    """Somebody says that a proposal is right, with what hangs under it."""

    def decide(db: Session, here: Spot, found: Entry) -> None:
        here.allow(Action.KEEP_TRAIL, found)
        for each in (found, *found.children):
            if each.state is State.PROPOSED:
                trail.keep(db, each, click.user, world.now())

    return await _decide(click, world, Action.KEEP_TRAIL, decide)


async def keep_all(click: Click, world: World) -> Answer:
    """Somebody says that everything that was found for a region is right."""

    def work(db: Session) -> None:
        here = spot(db, world, click, click.value, Action.APPROVE_TRAIL)
        if inbox.first(db, click.team, click.key, world.now()):
            for each in trail.proposed(db, click.team, [here.region_id]):
                trail.keep(db, each, click.user, world.now())

    await world.write(work)
    return Answer(then=[_redraw(click, world, click.value)])


async def drop(click: Click, world: World) -> Answer:
    """Somebody sets an entry aside."""

    def decide(db: Session, here: Spot, found: Entry) -> None:
        here.allow(Action.KEEP_TRAIL, found)
        trail.drop(db, found, click.user, world.now())

    return await _decide(click, world, Action.KEEP_TRAIL, decide)


async def share(click: Click, world: World) -> Answer:
    """A region lets every other region read an entry."""

    def decide(db: Session, here: Spot, found: Entry) -> None:
        here.allow(Action.APPROVE_TRAIL, found)
        if not found.stands:
            raise Refused("trail.not_kept")
        trail.settle(db, found, State.SHARED, click.user, world.now())

    return await _decide(click, world, Action.APPROVE_TRAIL, decide)


async def confirm(click: Click, world: World) -> Answer:
    """Somebody says that what stands here about them is right, and may be shown."""

    def decide(db: Session, here: Spot, found: Entry) -> None:
        allow(here.asker.member, Action.CONFIRM_CONTACT, place_of(here.asker.member, None, found))
        if not SHEETS[found.kind].confirmed or found.confirmed:
            raise Refused(NO_TRAIL)
        trail.confirm(db, found, click.user, world.now())

    return await _decide(click, world, Action.CONFIRM_CONTACT, decide)


async def adopt(click: Click, world: World) -> Answer:
    """A region uses an example of another one too; it counts once for each region."""

    def decide(db: Session, here: Spot, found: Entry) -> None:
        member = here.asker.member
        allow(member, Action.ADOPT_EXAMPLE, place_of(member, member.region))
        if found.kind is not Kind.EXAMPLE or not found.stands or member.region == found.region:
            raise Refused("trail.own_example" if member.region == found.region else NO_TRAIL)
        if any(child.region == member.region for child in found.under(Kind.ADOPTION)):
            return
        entry = Entry(
            id=world.ids("te"),
            team=click.team,
            region=member.region,
            kind=Kind.ADOPTION,
            values={"title": Value("")},
            state=State.SHARED,
            parent=found.id,
        )
        trail.make(db, entry, click.user, world.now())

    return await _decide(click, world, Action.ADOPT_EXAMPLE, decide)


async def _decide(click: Click, world: World, action: Action, decide: Decide) -> Answer:
    """Do it once, whatever Slack delivers twice; then let the window follow."""

    def work(db: Session) -> str:
        here, found = entry_at(db, world, click, click.value, action)
        if inbox.first(db, click.team, click.key, world.now()):
            decide(db, here, found)
        return here.code

    code = await world.write(work)
    return Answer(then=[_redraw(click, world, code)])


async def _redraw(click: Click, world: World, code: str) -> None:
    """The window in which somebody pressed shows what is true now."""
    if not click.view_id:
        return
    if in_window(click, "trail.proposed"):
        look = partial(pages.proposals, world, click, code)
    elif in_window(click, "trail.entry"):
        look = partial(pages.entry, world, click, click.value)
    else:
        look = partial(pages.page, world, click, code)
    try:
        view = await world.database.read(look)
    except Refused:  # what was set aside is not shown any more: the part takes its place
        view = await world.database.read(partial(pages.page, world, click, code))
    await world.show(click.team, click.view_id, view)
