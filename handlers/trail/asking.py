"""Who asks meets who gives: shown beside a question, and once a week laid in the digest of the region that asks.

Nothing is sent to another region here: who wants to meet presses, and one person of the other region says yes or no.
"""

from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import Block
from sqlmodel import Session

from bot.calendar import at_clock, period_key
from bot.introductions import Basis
from bot.programme import Action, Programme
from bot.trail import Entry, State, matching
from bot.trail.matching import Match
from handlers.introductions.beginning import pair, propose_entries
from handlers.ticker import Rhythm
from handlers.trail.places import Spot
from handlers.views import trail_asking as views
from handlers.words import Words
from handlers.world import World
from storage import introductions, programme, timetable, trail

CLOCK = "06:30"
"""On Monday, before any region reads its digest, and after articles were looked through."""
WEEK, QUIET_FOR, LATE = timedelta(days=7), timedelta(days=6), timedelta(days=1)
RULE = "trail.matching"


async def tick(world: World, now: datetime) -> None:
    """Look once a week which questions of the trail meet an offer or an example of another region."""
    for settings in await world.database.read(partial(_due, now=now)):
        found = await world.database.read(partial(_look, settings))
        await world.write(partial(_propose, world, settings, found, now))


def next_due(db: Session, now: datetime) -> datetime | None:
    """Return when it is looked for next, where there is anything to ask."""
    found = []
    for settings in programme.programmes(db):
        if _shared_asks(db, settings.team):
            at = _turn(settings, now)
            found.append(at if _is_due(db, settings, now) else at + WEEK)
    return min(found, default=None)


def _due(db: Session, now: datetime) -> list[Programme]:
    return [
        settings
        for settings in programme.programmes(db)
        if _is_due(db, settings, now) and _shared_asks(db, settings.team)
    ]


def _is_due(db: Session, settings: Programme, now: datetime) -> bool:
    at = _turn(settings, now)
    period = period_key(at, settings.timezone)
    return now < at + LATE and not timetable.taken(db, settings.team, RULE, period)


def _turn(settings: Programme, now: datetime) -> datetime:
    """The last Monday morning that has come."""
    day = now.astimezone(ZoneInfo(settings.timezone)).date()
    at = at_clock(day - timedelta(days=day.weekday()), CLOCK, settings.timezone)
    return at if at <= now else at_clock(day - timedelta(days=day.weekday() + 7), CLOCK, settings.timezone)


def _shared_asks(db: Session, team: str) -> list[Entry]:
    return trail.entries(db, team, kinds=matching.ASKS, states=[State.SHARED])


def _look(settings: Programme, db: Session) -> list[Match]:
    giving = trail.entries(db, settings.team, kinds=matching.GIVES, states=[State.SHARED])
    return matching.matches(_shared_asks(db, settings.team), giving)


def _propose(world: World, settings: Programme, found: list[Match], now: datetime, db: Session) -> None:
    at, team = _turn(settings, now), settings.team
    if not timetable.take(db, team, RULE, period_key(at, settings.timezone), at, now):
        return
    places = {region.id for region in programme.regions(db, team) if region.channel}
    known = introductions.known(db, team, Basis.TRAIL).pairs
    busy = introductions.busy(db, team, now, QUIET_FOR)
    for match in matching.choose([one for one in found if one.asks.region in places], known, busy):
        asks, gives = (trail.one(db, team, each.id) for each in (match.asks, match.gives))
        if asks is not None and gives is not None:
            propose_entries(db, world, asks, gives, match.score, now)


def on_entry(db: Session, here: Spot, entry: Entry, now: datetime) -> list[views.Draw]:
    """What other regions offer or show that may help with a question, and the way to meet them."""
    if entry.kind not in matching.ASKS or here.asker.member.region != entry.region or not entry.stands:
        return []
    giving = trail.entries(db, entry.team, kinds=matching.GIVES, states=[State.SHARED])
    found = matching.matches([entry], giving)[: matching.MOST]
    names = {region.id: region.name for region in programme.regions(db, entry.team)}
    meets = entry.state is State.SHARED or here.may(Action.APPROVE_TRAIL, entry)

    def draw(words: Words) -> list[Block]:
        return views.beside(found, names, {one.gives.id: pair(entry, one.gives) for one in found if meets}, words)

    return [draw] if found else []


RHYTHM = Rhythm(tick, next_due)
