"""What the windows show of rules that obstruct: how far each is, what waits too long, and what was answered before."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import Block
from sqlmodel import Session

from bot.programme import Action
from bot.trail import Entry, Kind, Part
from bot.trail import obstacles as rules
from handlers.trail.places import Spot
from handlers.views import trail_answers as views
from handlers.words import Words
from storage.trail import asking


def earlier_answers(db: Session, found: Entry) -> list[rules.Earlier]:
    """Return what was answered before about the same rule, of what this region may read."""
    return rules.earlier_answers(found, asking.obstacles(db, found.team)) if found.kind is Kind.OBSTACLE else []


def on_entry(db: Session, here: Spot, entry: Entry, now: datetime) -> list[views.Draw]:
    """What can be done to get an answer, and what was answered elsewhere about the same rule."""
    if entry.kind not in rules.ANSWERABLE or entry.region is None:
        return []
    keeps = here.may(Action.KEEP_TRAIL, entry)
    earlier = earlier_answers(db, entry) if keeps and not entry.text("answer") else []
    late = rules.overdue(entry, _today(here, now), here.asker.settings.timezone)

    def draw(words: Words) -> list[Block]:
        may = rules.answers(here.asker.member, entry)
        return views.on_entry(entry, earlier, words, keeps=keeps, answers=may, late=late)

    return [draw]


def on_part(db: Session, here: Spot, part: Part, entries: Sequence[Entry], now: datetime) -> list[views.Draw]:
    """The rules that wait too long for an answer stand on top, the longest first."""
    late = _late(here, entries, now) if part is Part.RULES else []
    return [lambda words: views.overdue(late, here.asker.settings.timezone, words)] if late else []


def on_page(db: Session, here: Spot, entries: Sequence[Entry], now: datetime) -> list[views.Draw]:
    """A line that says how many rules wait too long."""
    late = _late(here, entries, now)
    return [lambda words: views.overdue_line(here.code, len(late), words)] if late else []


def _late(here: Spot, entries: Sequence[Entry], now: datetime) -> list[Entry]:
    today, zone = _today(here, now), here.asker.settings.timezone
    mine = [entry for entry in entries if entry.kind is Kind.OBSTACLE]
    return sorted(
        (entry for entry in mine if rules.overdue(entry, today, zone)),
        key=lambda entry: (rules.due(entry, zone) or today, entry.id),
    )


def _today(here: Spot, now: datetime) -> date:
    return now.astimezone(ZoneInfo(here.asker.settings.timezone)).date()
