"""What stands beside a region's trail on its page: open promises, whom it got to know, what others ask and offer."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.programme import Action
from bot.promises import Told
from bot.trail import Entry, Kind, State
from handlers.trail.places import Spot
from handlers.views import trail_beside as views
from handlers.views.trail_beside import Draw
from storage import programme, promises, trail, worksessions
from storage.trail import met as of_regions

A_YEAR = timedelta(days=365)
"""So long it stays on the page whom a region got to know."""


def open_promises(db: Session, here: Spot, entries: Sequence[Entry], now: datetime) -> list[Draw]:
    """What people of the region stand for and did not finish; only the region itself and the coordinator read it."""
    if here.region is None or not here.may(Action.SEE_TRAIL):
        return []
    team, region = here.asker.member.team, here.region.id
    standing = [each for each in promises.unfinished(db, team) if each.stands and each.is_public]
    people = programme.members(db, team, {each.owner for each in standing})
    ours = {person.user for person in people if person.region == region}
    mine = [each for each in standing if each.owner in ours]
    sessions = {each.work_session: worksessions.one(db, team, each.work_session) for each in mine}
    practice = {key for key, session in sessions.items() if session is None or session.is_practice}
    found = [
        told for told in promises.told(db, [one for one in mine if one.work_session not in practice]) if told.words
    ]
    found.sort(key=_due)
    return [views.promised(found)] if found else []


def _due(told: Told) -> tuple[bool, str]:
    return told.promise.due is None, str(told.promise.due)


def met(db: Session, here: Spot, entries: Sequence[Entry], now: datetime) -> list[Draw]:
    """Which other regions it got to know through Oogst: both sides said yes to that."""
    if here.region is None or not here.may(Action.SEE_TRAIL):
        return []
    team = here.asker.member.team
    names = {each.id: each.name for each in programme.regions(db, team)}
    found = [names[each] for each in of_regions.met(db, team, here.region.id, now - A_YEAR) if each in names]
    return [views.met(found)] if found else []


def others(db: Session, here: Spot, entries: Sequence[Entry], now: datetime) -> list[Draw]:
    """What other regions shared that they ask or offer, what names this region first; for the region itself."""
    member = here.asker.member
    if here.region is None or member.region != here.region.id:
        return []
    names = {each.id: each.name for each in programme.regions(db, member.team)}
    shared = trail.entries(db, member.team, kinds=[Kind.REQUEST, Kind.OFFER], states=[State.SHARED])
    found = [
        each
        for each in shared
        if each.region in names and each.region != here.region.id and each.text("standing") in ("", "open", "taken")
    ]
    about = here.region.name.casefold()
    found.sort(key=lambda each: about not in f"{each.text('whom')} {each.text('for_whom')} {each.title}".casefold())
    return [views.from_others([(names[str(each.region)], each) for each in found])] if found else []
