"""What the reminders of the trail say when they leave, and what of it waits on somebody's Home.

Whether there is still something to say, and whether this is still who hears it, is asked anew when a message leaves:
between its plan and that moment lie quiet hours.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.calendar import at_clock
from bot.programme import Programme
from bot.trail import Kind
from bot.trail import joining as joining_rules
from bot.trail.profile import day_of
from handlers.delivery import Body, Render
from handlers.trail.hearers import concerned
from handlers.trail.reminding import VACANCIES, vacancies, watch
from handlers.views import trail_reminders as views
from handlers.waiting import Urgency, Waiting
from handlers.words import Words
from storage import programme, trail
from storage.trail import naming

SOON = timedelta(days=14)
"""A part waits on its owner's Home from so long before its day."""


# Home


def waiting_for(db: Session, team: str, user: str, now: datetime) -> list[Waiting]:
    """Return what waits for somebody by name: to say whether their party agrees, and parts due within two weeks.

    It stands on their Home also when this week's messages to them are spent.
    """
    named = naming.waits_on(db, team, user, (Kind.PARTY, Kind.MILESTONE))
    settings = programme.programme(db, team) if named else None
    if settings is None:
        return []
    found = []
    for entry in named:
        above = trail.one(db, team, entry.parent) if entry.parent else None
        if above is None or not above.stands:
            continue
        if entry.kind is Kind.PARTY:
            if entry.text("standing") in ("", "asked") and above.text("standing") in ("", "draft"):
                found.append(Waiting(Urgency.ASKED, partial(views.waiting_party, entry, above)))
            continue
        due = day_of(entry, "due")
        at = at_clock(due.last, "18:00", settings.timezone) if due else None
        if at is not None and at <= now + SOON and entry.text("standing") != "done":
            found.append(Waiting(Urgency.PROMISED, partial(views.waiting_milestone, entry, above, at < now), at))
    return found


# Messages


def tell_vacancies(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """To who can fill them: every vacancy that is theirs, in one message; nothing once they are filled or may wait."""
    watched, user = watch(db, settings), str(arguments["user"])
    at = at_clock(date.fromisocalendar(*_iso(str(arguments["week"])), 7), "23:59", settings.timezone)
    mine = [role for role, users in vacancies(db, watched, at) if user in users]
    names = {each.id: each for each in watched.of(Kind.ASSIGNMENT)}
    shown = [(role, names.get(role.parent or "")) for role in mine]
    return Body(*views.vacancies(shown, words)) if shown else None


def _iso(week: str) -> tuple[int, int]:
    year, _, number = week.partition("-W")
    return int(year), int(number)


def tell_milestone(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """To its owner: a part comes due, or its day is over; nothing once it is done or has another day."""
    found = trail.one(db, settings.team, str(arguments["id"]))
    if found is None or not found.stands or found.text("standing") == "done":
        return None
    above = trail.one(db, settings.team, found.parent) if found.parent else None
    if found.text("due") != str(arguments["due"]) or (above is not None and not above.stands):
        return None
    if str(arguments["user"]) not in concerned(db, found, above):
        return None
    return Body(*views.milestone(found, above, str(arguments["name"]) == "after", words))


def tell_closing(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """To a region: its application closes soon, and what it misses; nothing once it is complete or handed in."""
    found = trail.one(db, settings.team, str(arguments["id"]))
    closes = date.fromisoformat(str(arguments["closes"]))
    framework = trail.entries(db, settings.team, regions=[None], kinds=[Kind.CRITERION, Kind.MILEPOST])
    missing = joining_rules.missing(found, framework) if found is not None else []
    if found is None or not found.stands or found.text("standing") not in ("", "draft") or not missing:
        return None
    if joining_rules.closing(framework, closes) != closes:
        return None  # the coordinator gave it another day
    if str(arguments["user"]) not in concerned(db, found):
        return None
    return Body(*views.closing(found, missing, closes, words))


def tell_ending(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """To who uses it: money or a scheme ends; nothing once it has another end."""
    found = trail.one(db, settings.team, str(arguments["id"]))
    if found is None or not found.stands or found.text("until") != str(arguments["until"]):
        return None
    if str(arguments["user"]) not in concerned(db, found):
        return None
    ends = day_of(found, "until")
    return Body(*views.ending(found, ends, words)) if ends else None


MESSAGES: dict[str, Render] = {
    VACANCIES: tell_vacancies,
    "trail.milestone": tell_milestone,
    "trail.closing": tell_closing,
    "trail.ending": tell_ending,
}
