"""A work session: one dated meeting with topics on offer, and what may be asked of the form that makes it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.problem import Problem

TITLE_LENGTH = 100
TOPIC_LENGTH = 120
SHORT_NAME_LENGTH = 20
"""Chart labels take 20 characters and a button on a phone shows about 30 (`playground/limits.yaml`)."""
MOST_TOPICS = 30
"""A message has 50 blocks and about 10,000 characters; 30 topics of the longest name stay under both."""
LARGEST_GROUP = 500


class State(StrEnum):
    """Where a work session is: only a date, people choosing, or groups fixed."""

    PLANNED = "planned"
    CHOOSING = "choosing"
    GROUPED = "grouped"


@dataclass(frozen=True)
class Topic:
    """A theme on offer in one work session."""

    id: str
    name: str
    short_name: str
    theme: str = ""
    facilitator: str | None = None


@dataclass(frozen=True)
class WorkSession:
    """One dated meeting. All moments are zone-aware; `timezone` is the zone in which people read them."""

    id: str
    team: str
    title: str
    channel: str
    starts_at: datetime
    ends_at: datetime
    closes_at: datetime | None
    timezone: str
    state: State
    created_by: str
    topics: tuple[Topic, ...] = ()
    regions: tuple[str, ...] = ()
    group_limit: int | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which this session's clock times are meant."""
        return ZoneInfo(self.timezone)

    @property
    def is_practice(self) -> bool:
        """Whether it lives in somebody's own conversation with the bot; Slack's ids of those begin with D."""
        return self.channel.startswith("D")

    def topic(self, topic_id: str) -> Topic | None:
        """Return the topic with this id, if this session offers it."""
        return next((topic for topic in self.topics if topic.id == topic_id), None)


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
    """What the last form asks for, checked: topics with short names, closing time, largest group."""

    topics: tuple[tuple[str, str], ...]
    closes_at: datetime
    group_limit: int | None


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


def short_name(name: str, taken: Sequence[str] = ()) -> str:
    """Propose a name of at most 20 characters: an abbreviation in brackets, else whole words, else a cut."""
    bracket = re.search(r"\(([^()]{2,20})\)\s*$", name)
    bare = re.sub(r"\s*\([^()]*\)\s*$", "", name).strip() or name
    if len(name) <= SHORT_NAME_LENGTH:
        proposal = name
    elif bracket and bracket[1].isupper():
        proposal = bracket[1]
    elif len(bare) <= SHORT_NAME_LENGTH:
        proposal = bare
    else:
        proposal = _whole_words(bare)
    number = 2
    base = proposal
    while proposal.casefold() in {other.casefold() for other in taken}:
        proposal = f"{base[: SHORT_NAME_LENGTH - 2].rstrip()} {number}"
        number += 1
    return proposal


def short_names(names: Sequence[str]) -> list[str]:
    """Propose short names for a whole list, no two the same."""
    proposals: list[str] = []
    for name in names:
        proposals.append(short_name(name, proposals))
    return proposals


def offer(
    *, names: Sequence[str], shorts: str, closes: str, limit: str, plan: Plan, timezone: str, now: datetime
) -> tuple[Offer | None, list[Problem]]:
    """Check the form "is this right?": one short name a line, closing time HH:MM, largest group or nothing."""
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
    group_limit = None
    if limit.strip():
        if not limit.strip().isdigit() or not 2 <= int(limit.strip()[:6]) <= LARGEST_GROUP:
            problems.append(Problem("limit", "worksessions.problem.limit", {"most": LARGEST_GROUP}))
        else:
            group_limit = int(limit.strip())
    at = _time(closes)
    closes_at = None
    if at is None:
        problems.append(Problem("closes", "worksessions.problem.no_time"))
    else:
        closes_at = datetime.combine(plan.starts_at.astimezone(ZoneInfo(timezone)).date(), at, ZoneInfo(timezone))
        if closes_at > plan.ends_at:
            problems.append(Problem("closes", "worksessions.problem.closes_after_end"))
        elif closes_at <= now:
            problems.append(Problem("closes", "worksessions.problem.closes_in_past"))
        elif not exists_once(closes_at):
            problems.append(Problem("closes", "worksessions.problem.clock_change"))
    if problems or closes_at is None:
        return None, problems
    return Offer(tuple(zip(names, lines, strict=True)), closes_at, group_limit), []


def closing_proposal(plan: Plan, now: datetime) -> datetime:
    """Propose when choosing closes: an hour before the end, but later than now."""
    proposal = max(plan.starts_at, plan.ends_at - timedelta(hours=1))
    return proposal if proposal > now else plan.ends_at


def exists_once(moment: datetime) -> bool:
    """Say whether this clock time happens exactly once: not in the hour that the change of clocks skips or repeats."""
    back = moment.astimezone(ZoneInfo("UTC")).astimezone(moment.tzinfo)
    unfolded = moment.replace(fold=0).utcoffset() == moment.replace(fold=1).utcoffset()
    return back.replace(tzinfo=None) == moment.replace(tzinfo=None) and unfolded


def _whole_words(name: str) -> str:
    kept = ""
    for word in name.split():
        longer = f"{kept} {word}".strip()
        if len(longer) > SHORT_NAME_LENGTH:
            break
        kept = longer
    words = kept.split()
    while len(words) > 1 and words[-1].casefold() in _LINKS:
        words.pop()
    return " ".join(words) or name[: SHORT_NAME_LENGTH - 1].rstrip() + "…"


_LINK_WORDS = "aan bij de den der een en het in met naar of om op te tot uit van voor a an and by for of on the to with"
_LINKS = frozenset(_LINK_WORDS.split())
"""Words that promise another one; a short name does not end in them."""


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
