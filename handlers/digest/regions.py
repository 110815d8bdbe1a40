"""Which region somebody asks for: the one that is named, else their own; without one they are asked kindly."""

from sqlmodel import Session

from bot.problem import Refused
from bot.programme import Action, Member, Place, Region, allow, may
from handlers.routing import Answer, Click
from handlers.views import programme as programme_views
from handlers.world import Asker, World
from storage import programme


class NoRegion(Exception):
    """Somebody without a region asked for something of their region's."""

    def __init__(self, asker: Asker, regions: list[Region]) -> None:
        super().__init__("no region")
        self.asker, self.regions = asker, regions


def region_for(db: Session, world: World, click: Click, region_id: str, action: Action) -> tuple[Asker, Region]:
    """Return who asks and the region it is about: the named one, else their own. Raises NoRegion, or Refused."""
    asker = world.asker(db, click)
    wanted = region_id or asker.member.region
    if not wanted or (asker.member.region is None and not may(asker.member, action)):
        if asker.member.takes_part:
            raise NoRegion(asker, programme.regions(db, click.team))
        allow(asker.member, action)
    region = programme.region(db, click.team, wanted or "")
    if region is None:
        raise Refused("programme.region_gone")
    allow(asker.member, action, here(asker.member, region))
    return asker, region


def here(member: Member, region: Region) -> Place:
    """How a member relates to a region: theirs, or another one."""
    return Place(belongs=member.region == region.id)


def ask_region(world: World, click: Click, missing: NoRegion) -> Answer:
    """Ask somebody kindly which region is theirs, with buttons; then they press again."""
    words = missing.asker.words
    text = words("digest.which_region")
    blocks = programme_views.region_question(missing.regions, words)
    return Answer(then=[world.whisper(click, text, blocks if missing.regions else ())])
