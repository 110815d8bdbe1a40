"""What the windows show of rules that obstruct: how far each is, what waits too long, and what was answered before."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import Block
from sqlmodel import Session

from bot.calendar import at_clock
from bot.programme import Action
from bot.trail import Entry, Kind, Part
from bot.trail import obstacles as rules
from handlers.trail.places import Spot
from handlers.views import trail_answers as views
from handlers.waiting import Urgency, Waiting
from handlers.words import Words
from storage import programme
from storage.trail import asking


def earlier_answers(db: Session, found: Entry) -> list[rules.Earlier]:
    """Return what was answered before about the same rule, of what this region may read."""
    return rules.earlier_answers(found, asking.obstacles(db, found.team)) if found.kind is Kind.OBSTACLE else []


def on_entry(db: Session, here: Spot, entry: Entry, now: datetime) -> list[views.Draw]:
    """What can be done to get an answer, and what was answered elsewhere about the same rule."""
    if entry.kind not in rules.ANSWERABLE or entry.region is None:
        return []
    if rules.waits(entry) and entry.user("manager") and not _answered_by(db, entry):
        entry = replace(entry, values=rules.released(entry))
    keeps = here.may(Action.KEEP_TRAIL, entry)
    earlier = earlier_answers(db, entry) if keeps and not entry.text("answer") else []
    late = rules.overdue(entry, _today(here, now), here.asker.settings.timezone)

    def draw(words: Words) -> list[Block]:
        may = rules.answers(here.asker.member, entry)
        return views.on_entry(entry, earlier, words, keeps=keeps, answers=may, late=late)

    return [draw]


def _answered_by(db: Session, entry: Entry) -> bool:
    """Whether the person to whom it was put can answer still: an account manager, or a coordinator."""
    user = entry.user("manager")
    return user in asking.account_managers(db, entry.team) or programme.member(db, entry.team, user).coordinates


def on_part(db: Session, here: Spot, part: Part, entries: Sequence[Entry], now: datetime) -> list[views.Draw]:
    """The rules that wait too long for an answer, the longest first; which were answered elsewhere, and what to do."""
    if part is not Part.RULES or here.region is None:
        return []
    late, drawn = _late(here, entries, now), list[views.Draw]()
    if late:
        drawn.append(lambda words: views.overdue(late, here.asker.settings.timezone, words))
    waiting = [each for each in entries if rules.waits(each) and not each.text("answer")]
    if waiting and here.may(Action.KEEP_TRAIL):
        known = asking.obstacles(db, here.asker.member.team)
        helped = [each for each in waiting if rules.earlier_answers(each, known)]
        nobody = any(not each.user("manager") for each in waiting if each not in helped)
        drawn.append(lambda words: views.next_step(helped, words, nobody=nobody))
    return drawn


def on_page(db: Session, here: Spot, entries: Sequence[Entry], now: datetime) -> list[views.Draw]:
    """A line that says how many rules wait too long."""
    late = _late(here, entries, now)
    return [lambda words: views.overdue_line(here.code, len(late), words)] if late else []


def waiting_for(db: Session, team: str, user: str, now: datetime) -> list[Waiting]:
    """Return what somebody is asked to answer: also when this week's messages to them are spent."""
    asked = [entry for entry in asking.put_to(db, team, user) if rules.waits(entry)]
    settings = programme.programme(db, team) if asked else None
    if settings is None:
        return []
    names = {region.id: region.name for region in programme.regions(db, team)}
    found = []
    for entry in asked:
        day = rules.due(entry, settings.timezone)
        draw = partial(views.waiting, entry, names.get(entry.region or "", "…"))
        found.append(Waiting(Urgency.ASKED, draw, at_clock(day, "18:00", settings.timezone) if day else None))
    return found


def _late(here: Spot, entries: Sequence[Entry], now: datetime) -> list[Entry]:
    today, zone = _today(here, now), here.asker.settings.timezone
    mine = [entry for entry in entries if entry.kind is Kind.OBSTACLE]
    return sorted(
        (entry for entry in mine if rules.overdue(entry, today, zone)),
        key=lambda entry: (rules.due(entry, zone) or today, entry.id),
    )


def _today(here: Spot, now: datetime) -> date:
    return now.astimezone(ZoneInfo(here.asker.settings.timezone)).date()
