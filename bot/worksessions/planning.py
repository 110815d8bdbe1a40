"""What may be asked of the forms that make a work session: dates, topics, closing time, sizes, and how to choose."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.problem import Problem
from bot.worksessions.records import (
    LARGEST_GROUP,
    MOST_TOPICS,
    SHORT_NAME_LENGTH,
    TITLE_LENGTH,
    TOPIC_LENGTH,
    Mode,
    Silence,
)

FURTHEST = timedelta(days=731)
"""Two years ahead; beyond it a mistake in the year is likelier than a plan, and the calendar itself ends somewhere."""


class Extra(StrEnum):
    """What can be ticked besides: counters stay hidden until closing, and closing as soon as everybody has chosen."""

    HIDDEN = "hidden"
    CLOSE_WHEN_ALL = "close_when_all"


@dataclass(frozen=True)
class Plan:
    """What the first form asks for, checked."""

    title: str
    channel: str
    starts_at: datetime
    ends_at: datetime
    regions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Offer:
    """What the last form asks for, checked: topics with short names, how and until when to choose, size of a group."""

    topics: tuple[tuple[str, str], ...]
    closes_at: datetime
    group_limit: int | None
    group_minimum: int | None = None
    mode: Mode = Mode.FREE
    hidden: bool = False
    close_when_all: bool = False
    silence: Silence = Silence.AGREES


def plan(
    *, title: str, channel: str, day: str, start: str, end: str, regions: Sequence[str], timezone: str, now: datetime
) -> tuple[Plan | None, list[Problem]]:
    """Check the form "new work session". Dates are YYYY-MM-DD and times HH:MM in `timezone`.

    Returns the plan, or None with everything there is to repair, all at once.
    """
    problems: list[Problem] = []
    title = " ".join(title.split())
    if not title:
        problems.append(Problem("title", "worksessions.problem.title_missing"))
    elif len(title) > TITLE_LENGTH:
        problems.append(Problem("title", "worksessions.problem.too_long", {"most": TITLE_LENGTH, "now": len(title)}))
    if not channel:
        problems.append(Problem("channel", "worksessions.problem.channel_missing"))
    on = _date(day)
    starts, ends = _time(start), _time(end)
    if on is None:
        problems.append(Problem("day", "worksessions.problem.no_date"))
    if starts is None:
        problems.append(Problem("start", "worksessions.problem.no_time"))
    if ends is None:
        problems.append(Problem("end", "worksessions.problem.no_time"))
    if on is None or starts is None or ends is None:
        return None, problems
    zone = ZoneInfo(timezone)
    starts_at, ends_at = datetime.combine(on, starts, zone), datetime.combine(on, ends, zone)
    for field, moment in (("start", starts_at), ("end", ends_at)):
        if not exists_once(moment):
            problems.append(Problem(field, "worksessions.problem.clock_change"))
    if ends <= starts:
        problems.append(Problem("end", "worksessions.problem.end_before_start"))
    elif ends_at <= now:
        problems.append(Problem("day", "worksessions.problem.past"))
    if on - now.astimezone(zone).date() > FURTHEST:
        problems.append(Problem("day", "dates.too_far"))
    if problems:
        return None, problems
    return Plan(title, channel, starts_at, ends_at, tuple(regions)), []


def topics(text: str) -> tuple[list[str], list[Problem]]:
    """Read topics, one a line; numbering and bullets before a line are dropped, order is kept."""
    names = [re.sub(r"^\s*(?:[-*•·]|\d{1,2}[.)])\s+", "", line) for line in text.splitlines()]
    names = [" ".join(name.split()) for name in names]
    names = [name for name in names if name]
    if not names:
        return [], [Problem("topics", "worksessions.problem.no_topics")]
    if len(names) > MOST_TOPICS:
        return [], [Problem("topics", "worksessions.problem.too_many", {"most": MOST_TOPICS, "now": len(names)})]
    for name in names:
        if len(name) > TOPIC_LENGTH:
            start = name[:30]
            values = {"start": start, "most": TOPIC_LENGTH, "now": len(name)}
            return [], [Problem("topics", "worksessions.problem.topic_too_long", values)]
    seen: set[str] = set()
    for name in names:
        if name.casefold() in seen:
            return [], [Problem("topics", "worksessions.problem.topic_twice", {"name": name})]
        seen.add(name.casefold())
    return names, []


def sizes(text: str) -> tuple[int | None, int | None]:
    """Read how many people a group has: "3-8", only "8" for the largest, or nothing. Returns smallest and largest.

    Raises ValueError for anything else.
    """
    text = text.strip()
    if not text:
        return None, None
    found = re.fullmatch(r"(?:(\d{1,4})\s*(?:-|–|—|t/m|tot|to)\s*)?(\d{1,4})", text)
    if found is None:
        raise ValueError(text)
    least, most = int(found[1]) if found[1] else None, int(found[2])
    if not 2 <= most <= LARGEST_GROUP or (least is not None and not 1 <= least <= most):
        raise ValueError(text)
    return least, most


def offer(
    *,
    names: Sequence[str],
    shorts: str,
    closes: str,
    limit: str,
    plan: Plan,
    timezone: str,
    now: datetime,
    closes_day: str = "",
    mode: str = "",
    extras: Sequence[str] = (),
    silence: str = "",
) -> tuple[Offer | None, list[Problem]]:
    """Check the form "is this right?": a short name a line, closing day YYYY-MM-DD and time HH:MM, sizes of a group.

    Without a closing day it is the day of the session. `extras` are values of `Extra`, `silence` one of `Silence`.
    """
    problems: list[Problem] = []
    lines = [" ".join(line.split()) for line in shorts.splitlines() if line.strip()]
    if len(lines) != len(names):
        values = {"topics": len(names), "now": len(lines)}
        problems.append(Problem("shorts", "worksessions.problem.short_names_count", values))
    elif long := next((line for line in lines if len(line) > SHORT_NAME_LENGTH), None):
        problems.append(
            Problem("shorts", "worksessions.problem.short_name_long", {"name": long[:40], "most": SHORT_NAME_LENGTH})
        )
    elif len({line.casefold() for line in lines}) < len(lines):
        problems.append(Problem("shorts", "worksessions.problem.short_name_twice"))
    least = most = None
    try:
        least, most = sizes(limit)
    except ValueError:
        problems.append(Problem("limit", "worksessions.problem.limit", {"most": LARGEST_GROUP}))
    chosen_mode = Mode(mode) if mode in set(Mode) else Mode.FREE
    closes_at, wrong = closing(closes_day, closes, plan.starts_at, plan.ends_at, timezone, now)
    problems += wrong
    if problems or closes_at is None:
        return None, problems
    return (
        Offer(
            tuple(zip(names, lines, strict=True)),
            closes_at,
            most,
            least,
            chosen_mode,
            Extra.HIDDEN in extras,
            Extra.CLOSE_WHEN_ALL in extras,
            Silence(silence) if silence in set(Silence) else Silence.AGREES,
        ),
        [],
    )


def closing(
    day: str, clock: str, starts_at: datetime, ends_at: datetime, timezone: str, now: datetime
) -> tuple[datetime | None, list[Problem]]:
    """Check a closing moment: later than now and not after the session; without a day, the day of the session."""
    zone = ZoneInfo(timezone)
    on, at = (_date(day) if day else starts_at.astimezone(zone).date()), _time(clock)
    if on is None:
        return None, [Problem("closes_day", "worksessions.problem.no_date")]
    if at is None:
        return None, [Problem("closes", "worksessions.problem.no_time")]
    closes_at = datetime.combine(on, at, zone)
    if closes_at > ends_at:
        return None, [Problem("closes", "worksessions.problem.closes_after_end")]
    if closes_at <= now:
        return None, [Problem("closes", "worksessions.problem.closes_in_past")]
    if not exists_once(closes_at):
        return None, [Problem("closes", "worksessions.problem.clock_change")]
    return closes_at, []


def closing_proposal(plan: Plan, now: datetime) -> datetime:
    """Propose when choosing closes: an hour before the end, but later than now."""
    proposal = max(plan.starts_at, plan.ends_at - timedelta(hours=1))
    return proposal if proposal > now else plan.ends_at


def exists_once(moment: datetime) -> bool:
    """Say whether this clock time happens exactly once: not in the hour that the change of clocks skips or repeats."""
    back = moment.astimezone(ZoneInfo("UTC")).astimezone(moment.tzinfo)
    unfolded = moment.replace(fold=0).utcoffset() == moment.replace(fold=1).utcoffset()
    return back.replace(tzinfo=None) == moment.replace(tzinfo=None) and unfolded


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _time(text: str) -> time | None:
    try:
        return time.fromisoformat(text) if len(text) == 5 else None
    except ValueError:
        return None
