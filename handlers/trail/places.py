"""Which region, which part and which entry a press is about, read from the database and with the right to it."""

from dataclasses import dataclass

from sqlmodel import Session

from bot.problem import Refused
from bot.programme import Action, Place, Region, allow, may, missing
from bot.trail import NO_TRAIL, Entry, Kind, Part, place_of
from bot.trail.rights import must_see
from handlers.routing import Click
from handlers.world import Asker, World
from storage import programme, trail

PROGRAMME = "programme"
"""Stands for a region where something is of the whole network."""
OF_REGION = (Action.KEEP_TRAIL, Action.APPROVE_TRAIL)
"""What only a region itself does with its trail; with that of the programme the coordinator does it."""


@dataclass(frozen=True)
class Spot:
    """Who looks, at which region (None: the whole programme)."""

    asker: Asker
    region: Region | None

    @property
    def region_id(self) -> str | None:
        """The id of the region, None for the programme."""
        return self.region.id if self.region else None

    @property
    def code(self) -> str:
        """By what a button names this place."""
        return self.region.id if self.region else PROGRAMME

    def may(self, action: Action, entry: Entry | None = None) -> bool:
        """Say whether who looks may do this here; what is of the programme is the coordinator's."""
        return may(self.asker.member, self._here(action), self._place(action, entry))

    def allow(self, action: Action, entry: Entry | None = None) -> None:
        """Let who looks pass. Raises Refused."""
        allow(self.asker.member, self._here(action), self._place(action, entry))

    def _here(self, action: Action) -> Action:
        return Action.SHAPE_PROGRAMME if self.region is None and action in OF_REGION else action

    def _place(self, action: Action, entry: Entry | None) -> Place:
        """To stand in an entry, as the account manager of a rule does, is no right to change a region's words."""
        return place_of(self.asker.member, self.region_id, None if action in OF_REGION else entry)


def spot(db: Session, world: World, click: Click, code: str, action: Action = Action.SEE_PUBLISHED) -> Spot:
    """Return the place that a button names, for who may do this there. Raises Refused."""
    asker = world.asker(db, click)
    region = None if code == PROGRAMME else programme.region(db, click.team, code)
    if region is None and code != PROGRAMME:
        raise missing(asker.member, action, "programme.region_gone")
    here = Spot(asker, region)
    here.allow(action)
    return here


def entry_at(
    db: Session, world: World, click: Click, entry_id: str, action: Action = Action.SEE_TRAIL
) -> tuple[Spot, Entry]:
    """Return an entry that who looks may read, and its place. Raises Refused for what they want to do with it."""
    asker = world.asker(db, click)
    entry = must_see(asker.member, trail.one(db, click.team, entry_id), action)
    region = programme.region(db, click.team, entry.region) if entry.region else None
    return Spot(asker, region), entry


def part_named(name: str) -> Part:
    """Return the part of a page. Raises Refused for a name that is none."""
    try:
        return Part(name)
    except ValueError:
        raise Refused(NO_TRAIL) from None


def kind_named(name: str) -> Kind:
    """Return the kind of an entry. Raises Refused for a name that is none."""
    try:
        return Kind(name)
    except ValueError:
        raise Refused(NO_TRAIL) from None
