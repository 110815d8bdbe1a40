"""A series of meetings by one rule, by the clock on the wall: the third Thursday at 13:00 stays at 13:00.

Rules are RRULE texts (RFC 5545, 3.3.10), which every agenda reads; only the parts that a series of meetings needs.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr

from bot.problem import Problem
from bot.worksessions import exists_once

LONGEST_RULE = 200
"""Characters; the rules that we make take about 50."""
FIVE_YEARS = timedelta(days=5 * 366)
"""How long a series may last; school holidays are not known much further either."""
MOST_MEETINGS = 260
"""Every week for five years."""
_ALWAYS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"}
_PARTS = {
    "DAILY": _ALWAYS,
    "WEEKLY": _ALWAYS | {"BYDAY"},
    "MONTHLY": _ALWAYS | {"BYDAY", "BYMONTHDAY", "BYSETPOS"},
    "YEARLY": _ALWAYS | {"BYMONTH", "BYDAY", "BYMONTHDAY", "BYSETPOS"},
}
"""What a frequency takes; a day by day search for 30 February would take seconds."""
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY = f"(?P<day>{'|'.join(_DAYS)})"
_SOME_DAY = f"(?:-?[1-5])?(?:{'|'.join(_DAYS)})"
_VALUES = {
    "INTERVAL": "[1-9][0-9]?",
    "COUNT": "[1-9][0-9]{0,3}",
    "UNTIL": "20[0-9]{6}(?:T[0-9]{6}Z?)?",
    "WKST": "|".join(_DAYS),
    "BYDAY": f"{_SOME_DAY}(?:,{_SOME_DAY}){{0,6}}",
    "BYMONTHDAY": "-?(?:[1-9]|[12][0-9]|3[01])(?:,-?(?:[1-9]|[12][0-9]|3[01])){0,30}",
    "BYMONTH": "(?:[1-9]|1[0-2])(?:,(?:[1-9]|1[0-2])){0,11}",
    "BYSETPOS": "-?[1-5]",
}
"""What a part can be; dateutil stumbles over a 99th Thursday."""
# what rule_of makes, its parts in the order of the alphabet
_BY_WEEK = re.compile(f"BYDAY={_DAY};FREQ=WEEKLY(?P<interval>;INTERVAL=2;WKST=MO)?")
_BY_WEEKDAY = re.compile(f"BYDAY=(?P<nth>[1-4]|-1){_DAY};FREQ=MONTHLY")
_BY_DATE = re.compile(
    "BYMONTHDAY=(?:(?P<day>[1-9]|1[0-9]|2[0-8])|28,(?:29,(?:30,)?)?(?P<long>29|30|31);BYSETPOS=-1);FREQ=MONTHLY"
)


class Kind(StrEnum):
    """The rhythms that can be chosen from a form; the words for one are `recurrence.<value>`."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY_BY_DATE = "monthly_date"
    MONTHLY_BY_WEEKDAY = "monthly_weekday"
    MONTHLY_LAST_WEEKDAY = "monthly_last"


@dataclass(frozen=True)
class Pattern:
    """What a rule says, for showing it: `weekday` 0 is Monday; `nth` 1-4 is which of them in a month, -1 the last;
    `day` is the day of the month; `count` how many meetings there are. What does not apply is None.
    """

    kind: Kind
    weekday: int | None = None
    nth: int | None = None
    day: int | None = None
    count: int | None = None


class BadRule(ValueError):
    """This text is no rule for a series of meetings; `key` names the sentence that says why."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


def kinds(first: date) -> list[Kind]:
    """Return the rhythms that a series beginning on this day can have: a fifth Thursday is only ever the last one."""
    found = [Kind.WEEKLY, Kind.FORTNIGHTLY, Kind.MONTHLY_BY_DATE]
    if _nth(first) <= 4:
        found.append(Kind.MONTHLY_BY_WEEKDAY)
    if (first + timedelta(days=7)).month != first.month:
        found.append(Kind.MONTHLY_LAST_WEEKDAY)
    return found


def rule_of(kind: Kind, first: date, count: int) -> str:
    """Return the RRULE text of `count` meetings in this rhythm, beginning on this day.

    Monthly on the 29th to 31st is the last day in a month that is shorter. Raises ValueError for a rhythm that
    `kinds(first)` does not offer.
    """
    if kind not in kinds(first):
        raise ValueError(f"{first} begins no {kind} series")
    day = _DAYS[first.weekday()]
    parts = {
        Kind.WEEKLY: f"FREQ=WEEKLY;BYDAY={day}",
        Kind.FORTNIGHTLY: f"FREQ=WEEKLY;INTERVAL=2;BYDAY={day};WKST=MO",
        Kind.MONTHLY_BY_DATE: f"FREQ=MONTHLY;BYMONTHDAY={first.day}",
        Kind.MONTHLY_BY_WEEKDAY: f"FREQ=MONTHLY;BYDAY={_nth(first)}{day}",
        Kind.MONTHLY_LAST_WEEKDAY: f"FREQ=MONTHLY;BYDAY=-1{day}",
    }[kind]
    if kind is Kind.MONTHLY_BY_DATE and first.day > 28:
        days = ",".join(str(number) for number in range(28, first.day + 1))
        parts = f"FREQ=MONTHLY;BYMONTHDAY={days};BYSETPOS=-1"
    return f"{parts};COUNT={count}"


def pattern(rule: str) -> Pattern | None:
    """Return what a rule that `rule_of` made says, or None for a rule from elsewhere that has no such words.

    Raises BadRule for what is no rule.
    """
    said = _parts(rule)
    count = int(said.pop("COUNT")) if "COUNT" in said else None
    text = ";".join(f"{part}={said[part]}" for part in sorted(said))
    if found := _BY_WEEK.fullmatch(text):
        kind = Kind.FORTNIGHTLY if found["interval"] else Kind.WEEKLY
        return Pattern(kind, weekday=_DAYS.index(found["day"]), count=count)
    if found := _BY_WEEKDAY.fullmatch(text):
        nth = int(found["nth"])
        kind = Kind.MONTHLY_BY_WEEKDAY if nth > 0 else Kind.MONTHLY_LAST_WEEKDAY
        return Pattern(kind, weekday=_DAYS.index(found["day"]), nth=nth, count=count)
    if found := _BY_DATE.fullmatch(text):
        return Pattern(Kind.MONTHLY_BY_DATE, day=int(found["day"] or found["long"]), count=count)
    return None


def series(rule: str, first: datetime, zone: str, count: int) -> list[datetime]:
    """Return the starts, in UTC, of at most `count` meetings: `first` (aware) and what the rule makes of it.

    The clock on the wall of this IANA zone shows the same time at each of them. A time that the change of clocks skips
    is an hour later, as in RFC 5545. Raises BadRule for what is no rule for a series; ends after five years.
    """
    return list(islice(_starts(rule, first, zone), count))


def following(rule: str, first: datetime, zone: str, after: datetime) -> datetime | None:
    """Return the first start of the series that is later than this moment, in UTC; None when it has ended."""
    return next((start for start in _starts(rule, first, zone) if start > after), None)


def problems(rule: str, first: datetime, zone: str) -> list[Problem]:
    """Say what is wrong with a series that begins at `first`, in the field "rule"; nothing when all is well.

    A series ends within five years, its first meeting follows its own rule, and no meeting stands at a time that the
    change of clocks skips or repeats.
    """
    try:
        said = _parts(rule)
        starts = series(rule, first, zone, MOST_MEETINGS + 1)
    except BadRule as bad:
        return [Problem("rule", bad.key, bad.values)]
    if "COUNT" not in said and "UNTIL" not in said:
        return [Problem("rule", "recurrence.problem.endless")]
    if len(starts) > MOST_MEETINGS:
        return [Problem("rule", "recurrence.problem.too_many", {"most": MOST_MEETINGS})]
    if "COUNT" in said and len(starts) < int(said["COUNT"]):
        return [Problem("rule", "recurrence.problem.too_long")]
    if not starts or starts[0] != first:
        return [Problem("rule", "recurrence.problem.first")]
    if "UNTIL" in said and _until(said["UNTIL"], zone) > _wall(first, zone) + FIVE_YEARS:
        return [Problem("rule", "recurrence.problem.too_long")]
    clock = _wall(first, zone).time()
    for start in starts:
        local = start.astimezone(ZoneInfo(zone))
        if local.time() != clock or not exists_once(local):
            return [Problem("rule", "recurrence.problem.clock_change")]
    return []


def _starts(rule: str, first: datetime, zone: str) -> Iterator[datetime]:
    said = _parts(rule)
    wall = _wall(first, zone)
    most = int(said.pop("COUNT", MOST_MEETINGS * 10))
    last = wall + FIVE_YEARS
    if "UNTIL" in said:
        last = min(last, _until(said.pop("UNTIL"), zone))
    made = rrulestr(";".join(f"{part}={value}" for part, value in said.items()), dtstart=wall)
    if not isinstance(made, rrule):  # a set of rules, for a text of more lines than one
        raise BadRule("recurrence.problem.unreadable")
    # an end in any case: a rule for 30 February looks for one until the year 9999
    for moment in islice(made.replace(until=last), most):
        yield moment.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _parts(rule: str) -> dict[str, str]:
    """The parts of a rule by name, in capitals. Raises BadRule for parts that a series of meetings has not."""
    text = rule.strip().upper().removeprefix("RRULE:")
    if len(text) > LONGEST_RULE:
        raise BadRule("recurrence.problem.unreadable")
    said: dict[str, str] = {}
    for piece in text.split(";"):
        name, _, value = piece.partition("=")
        if name in said:
            raise BadRule("recurrence.problem.unreadable")
        said[name] = value
    if said.get("FREQ") in {"HOURLY", "MINUTELY", "SECONDLY"} or said.keys() & {"BYHOUR", "BYMINUTE", "BYSECOND"}:
        raise BadRule("recurrence.problem.too_dense")
    if said.keys() - _PARTS.get(said.get("FREQ", ""), set()):
        raise BadRule("recurrence.problem.unreadable")
    if not all(re.fullmatch(_VALUES[name], value) for name, value in said.items() if name != "FREQ"):
        raise BadRule("recurrence.problem.unreadable")
    if said["FREQ"] == "WEEKLY" and any(character.isdigit() for character in said.get("BYDAY", "")):
        raise BadRule("recurrence.problem.unreadable")
    if "COUNT" in said and "UNTIL" in said:
        raise BadRule("recurrence.problem.unreadable")
    return said


def _until(text: str, zone: str) -> datetime:
    """The last moment of a series, as the clock on the wall shows it. Raises BadRule."""
    try:
        if len(text) == 8:
            return datetime.combine(date.fromisoformat(text), time(23, 59))
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError) as error:
        raise BadRule("recurrence.problem.unreadable") from error
    return _wall(moment, zone) if moment.tzinfo else moment


def _wall(moment: datetime, zone: str) -> datetime:
    """What the clock on the wall shows, without a zone: dateutil counts in those."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _nth(day: date) -> int:
    return (day.day + 6) // 7
