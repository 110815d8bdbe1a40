"""What of the trail waits on somebody's Home: an example for a second yes, a rule that nobody was asked, a late answer,
and a question to look back.

A region's people read what is theirs, each what they can do something about; the coordinator reads the whole programme
in as many lines. Nobody is sent anything for it.
"""

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.programme import Action, Member, Programme, may
from bot.trail import Kind, State, examples, place_of
from bot.trail import obstacles as rules
from bot.trail.looking_back import KINDS
from handlers.trail import looking_back
from handlers.views import trail_awaiting as views
from handlers.waiting import Urgency, Waiting
from storage import programme, trail
from storage.trail import asking, awaiting


def waiting_for(db: Session, team: str, user: str, now: datetime) -> list[Waiting]:
    """Return what waits for somebody on the page of their region; for a coordinator on every page."""
    found = awaiting.numbers(db, team, user, now)
    settings = programme.programme(db, team) if found else None
    if settings is None:
        return []
    member = programme.member(db, team, user)
    names = {region.id: region.name for region in programme.regions(db, team)}
    return [
        *_second_yes(db, member, found),
        *_rules(db, member, settings, found, names, now.astimezone(ZoneInfo(settings.timezone)).date()),
        *(looking_back.waiting_for(db, team, user, names, now) if any(kind in KINDS for _, kind in found) else ()),
    ]


def _second_yes(db: Session, member: Member, found: Mapping[awaiting.Place, int]) -> list[Waiting]:
    """Good examples of the own region that wait for the yes of somebody else."""
    if member.region is None or (member.region, Kind.EXAMPLE) not in found:
        return []
    kept = trail.entries(db, member.team, regions=[member.region], kinds=[Kind.EXAMPLE], states=[State.KEPT])
    changes = trail.changes_of(db, member.team, [each.id for each in kept])
    mine = [each for each in kept if examples.second_yes(member, each, [c for c in changes if c.entry == each.id])]
    return [Waiting(Urgency.THEMES, partial(views.second_yes, mine))] if mine else []


def _rules(
    db: Session,
    member: Member,
    settings: Programme,
    found: Mapping[awaiting.Place, int],
    names: Mapping[str, str],
    today: date,
) -> list[Waiting]:
    """Rules whose answer is late, and rules that nobody was asked about: for who leads, of what they lead."""
    stuck = {region for region, kind in found if kind is Kind.OBSTACLE}
    theirs = {each for each in stuck if may(member, Action.APPROVE_TRAIL, place_of(member, each))}
    if not theirs:
        return []
    waits = [each for each in asking.obstacles(db, settings.team) if each.region in theirs and rules.waits(each)]
    late = [each for each in waits if rules.overdue(each, today, settings.timezone)]
    managers = asking.account_managers(db, settings.team)
    asked_nobody = [each for each in waits if each.user("manager") not in managers and each not in late]
    late.sort(key=lambda each: rules.due(each, settings.timezone) or today)
    own = not may(member, Action.SHAPE_PROGRAMME)
    return [
        Waiting(urgency, partial(views.rules, key, mine, {} if own else names))
        for urgency, key, mine in (
            (Urgency.ASKED, "trail.awaiting_late", late),
            (Urgency.THEMES, "trail.awaiting_nobody", asked_nobody),
        )
        if mine
    ]
