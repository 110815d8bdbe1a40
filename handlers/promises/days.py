"""By when: picked first, or typed in words and then said back in full; never guessed."""

from datetime import date, datetime

from bot.dates import Choices, Recurring, Unclear, Understood, Why, read_date
from bot.problem import Problem
from bot.promises import check_due
from handlers.routing import Click
from handlers.world import Asker


def read_day(
    click: Click, asker: Asker, now: datetime, known: date | None = None, *, required: bool = False
) -> tuple[date | None, list[Problem]]:
    """Return the day that a form names in its fields "due" and "typed", or None with what has to be repaired.

    `known` is the day that stood there already: it may have passed, and gives way to what was typed.
    """
    today = now.astimezone(asker.words.zone).date()
    picked, typed = click.text("due"), click.text("typed").strip()
    if not typed:
        if known is not None and picked in ("", known.isoformat()) and not required:
            return known, []
        return check_due(picked, today, required=required)
    match read_date(typed, now, asker.settings.timezone):
        case Understood(day=day):
            if picked and picked not in (day.isoformat(), str(known)):
                return None, [Problem("typed", "promises.problem.two_days")]
            return check_due(day.isoformat(), today, field="typed")
        case Choices(candidates=candidates):
            days = list(dict.fromkeys(asker.words.date(each.day) for each in candidates))
            if len(days) == 1:  # two times of one day: a promise has only a day
                return check_due(candidates[0].day.isoformat(), today, field="typed")
            return None, [Problem("typed", "promises.problem.which_day", {"days": asker.words.list(days)})]
        case Recurring():
            return None, [Problem("typed", "dates.several")]
        case Unclear(why=why, left_over=left_over):
            values = {"words": asker.words.list(left_over)} if why is Why.LEFT_OVER else {}
            return None, [Problem("typed", f"dates.{why}", values)]
