"""What can be done with an entry besides changing its words: keep a proposal, set aside, share, confirm, use."""

from collections.abc import Callable

from sqlmodel import Session

from bot.problem import Refused
from bot.programme import Action, allow
from bot.trail import NO_TRAIL, SHEETS, Entry, Kind, State, Value, place_of
from bot.trail.joining import must_be_draft
from handlers.routing import Answer, Click
from handlers.trail import looking_back
from handlers.trail.deeds import tell_deed
from handlers.trail.places import Spot, entry_at
from handlers.trail.proposed import keep_found
from handlers.trail.redrawing import redraw
from handlers.world import World
from storage import inbox, trail
from storage.audit import Deed

Decide = Callable[[Session, Spot, Entry], None]


async def keep(click: Click, world: World) -> Answer:
    """Somebody says that a proposal is right, with what hangs under it and what it hangs under."""

    def decide(db: Session, here: Spot, found: Entry) -> None:
        here.allow(Action.KEEP_TRAIL, found)
        keep_found(db, world, here, found)
        tell_deed(db, world, click, Deed.KEPT, found)

    return await _decide(click, world, Action.KEEP_TRAIL, decide)


async def drop(click: Click, world: World) -> Answer:
    """Somebody sets an entry aside."""

    def decide(db: Session, here: Spot, found: Entry) -> None:
        here.allow(Action.KEEP_TRAIL, found)
        if found.parent:
            must_be_draft(found, trail.one(db, click.team, found.parent))
        trail.drop(db, found, click.user, world.now())
        looking_back.follow_answer(db, found, world.now())
        tell_deed(db, world, click, Deed.SET_ASIDE, found)

    return await _decide(click, world, Action.KEEP_TRAIL, decide)


async def share(click: Click, world: World) -> Answer:
    """A region lets every other region read an entry, with what hangs under it."""

    def decide(db: Session, here: Spot, found: Entry) -> None:
        here.allow(Action.APPROVE_TRAIL, found)
        if not found.stands:
            raise Refused("trail.not_kept")
        kept = [each for each in (found, *found.children) if each.state is State.KEPT]
        trail.settle_all(db, kept, State.SHARED, click.user, world.now())
        tell_deed(db, world, click, Deed.SHARED, found)

    return await _decide(click, world, Action.APPROVE_TRAIL, decide)


async def confirm(click: Click, world: World) -> Answer:
    """Somebody says that what stands here about them is right, and may be shown."""

    def decide(db: Session, here: Spot, found: Entry) -> None:
        allow(here.asker.member, Action.CONFIRM_CONTACT, place_of(here.asker.member, None, found))
        if not SHEETS[found.kind].confirmed or found.confirmed:
            raise Refused(NO_TRAIL)
        trail.confirm(db, found, click.user, world.now())
        tell_deed(db, world, click, Deed.CONFIRMED, found)

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
    return Answer(then=[redraw(click, world, click.value, code)])
