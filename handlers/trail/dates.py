"""The programme's dates on the pages of regions, and who uses what of it that ends."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlmodel import Session

from bot.problem import Refused
from bot.programme import Action, allow
from bot.trail import NO_TRAIL, Entry, Kind, State, Value, place_of
from bot.trail.reminding import near
from handlers.routing import Answer, Click
from handlers.trail.joining import today_in
from handlers.trail.places import Spot, entry_at
from handlers.trail.redrawing import redraw
from handlers.views import trail_dates as views
from handlers.views.trail_beside import Draw
from handlers.world import World
from storage import inbox, programme, trail


def on_page(db: Session, here: Spot, entries: Sequence[Entry], now: datetime) -> list[Draw]:
    """On a region's page the dates of the programme that are near."""
    if here.region is None or here.asker.member.region != here.region_id:
        return []
    today = today_in(here.asker.settings, now)
    found = near(trail.entries(db, here.asker.member.team, regions=[None], kinds=[Kind.MILEPOST]), today)
    return [partial(views.near, found)] if found else []


def on_entry(db: Session, here: Spot, entry: Entry, now: datetime) -> list[Draw]:
    """On a resource which regions use it, and the button to say so: they are reminded before it ends."""
    if entry.kind is not Kind.RESOURCE or not entry.stands:
        return []
    users = {child.region for child in entry.under(Kind.ADOPTION)}
    names = [region.name for region in programme.regions(db, entry.team) if region.id in users]
    region = here.asker.member.region
    return [partial(views.users, entry, names, region is not None and region not in users)]


async def use(click: Click, world: World) -> Answer:
    """A region uses a resource of the programme: it counts once, and its people hear when it ends."""

    def work(db: Session) -> None:
        here, found = entry_at(db, world, click, click.value, Action.ADOPT_EXAMPLE)
        member = here.asker.member
        allow(member, Action.ADOPT_EXAMPLE, place_of(member, member.region))
        if found.kind is not Kind.RESOURCE or not found.stands or member.region is None:
            raise Refused(NO_TRAIL)
        fresh = all(child.region != member.region for child in found.under(Kind.ADOPTION))
        if inbox.first(db, click.team, click.key, world.now()) and fresh:
            values = {"title": Value("")}
            adoption = Entry(
                world.ids("te"), click.team, member.region, Kind.ADOPTION, values, State.SHARED, parent=found.id
            )
            trail.make(db, adoption, click.user, world.now())

    await world.write(work)
    return Answer(then=[redraw(click, world, click.value)])
