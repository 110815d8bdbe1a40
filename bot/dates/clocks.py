"""What the clock shows when people say a time: "half drie", "kwart over 2", "14u30", "2 pm", "van 9 tot 11".

1 to 7 o'clock without a part of the day is in the afternoon, unless it is written with a zero in front ("07:30").
"""

import re
from dataclasses import dataclass, replace
from datetime import time
from enum import StrEnum
from itertools import product

from bot.dates.vocabulary import DUTCH_NUMBERS, NUMBERS, either

NUMBER = rf"(?:[0-9]{{1,2}}|{either(NUMBERS)})"
_HOURS = r"(?:uur|u)"
_NOON = r"(?:12\s)?noon|midday"
_SPOKEN = rf"""(?:
    (?P<minutes>{NUMBER}(?=\sminuten)|5|10|20|25|vijf|tien|twintig|kwart) (?:\sminuten)?
    \s(?P<side>over|voor) \s(?P<half>half\s)? (?P<to>{NUMBER})
  | half \s(?P<half_of>[0-9]{{1,2}}|{either(DUTCH_NUMBERS)})
  | (?P<past_minutes>{NUMBER}|(?:a\s)?quarter|half) (?:\sminutes)?
    \s(?P<english>past|(?<=quarter\s)to|(?<=minutes\s)to)
    \s(?P<hour_past>{NUMBER}) )
  (?:\s?{_HOURS})?(?!\w)"""
_DIGITAL = rf"(?P<hour>[0-9]{{1,2}})(?:[:.]|\s?(?:uur|u)\s?)(?P<minute>[0-9]{{2}})(?:\s?{_HOURS})?(?![\w:]|\.[0-9])"
_MERIDIEM = r"(?P<twelve>[0-9]{1,2}|LETTERS)(?:[:.](?P<after>[0-9]{2}))?\s?(?P<meridiem>[ap])\.?m\b\.?".replace(
    "LETTERS", either(NUMBERS)
)
_WHOLE = rf"(?P<whole>{NUMBER})(?:\s?{_HOURS}|\so'clock)(?!\w)"
_BARE = rf"(?P<bare>{NUMBER})(?![\w:/]|[.,][0-9])"


def _verbose(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.VERBOSE)


_FORMS = tuple(
    _verbose(rf"(?:{form})" + r"(?!\w)") for form in (_SPOKEN, rf"(?P<noon>{_NOON})", _MERIDIEM, _DIGITAL, _WHOLE)
)
_ANY_BARE = _verbose(_BARE)
_AT = re.compile(r"(?:om|at)\s")
_FROM = re.compile(r"(?:van|from)\s(?:om\s)?")
_TO = re.compile(r"\s?-\s?|\s(?:tot|to|till|until)\s(?:om\s)?")


class Part(StrEnum):
    """A part of the day."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NIGHT = "night"


@dataclass(frozen=True)
class Clock:
    """A time as it was said: `hour` 0-23 and `minute`, `exact` when it can be read in one way only.

    `like_a_date` is the text when it could be a date as well ("16.09"); `marked` says that it is surely a time
    ("9 uur", "9.30", "9 am").
    """

    hour: int
    minute: int = 0
    exact: bool = False
    meridiem: str | None = None
    like_a_date: str = ""
    marked: bool = True


@dataclass(frozen=True)
class Hours:
    """A start, and perhaps an end."""

    start: Clock
    end: Clock | None = None


class NoSuchTime(Exception):
    """It looks like a time, and no clock shows it."""


def hours_at(text: str, at: int) -> tuple[Hours, int] | None:
    """Read a time or a range that begins at this place; return it with where it ends, or None when there is none.

    A range needs both ends. Raises NoSuchTime for "25:00" and "half 14".
    """
    opened = _FROM.match(text, at)
    place = opened.end() if opened else at
    first = _clock_at(text, place) or _bare_at(text, place)
    if first is not None and (joint := _TO.match(text, first[1])):
        second = _clock_at(text, joint.end()) or _bare_at(text, joint.end())
        if second is not None and (opened or joint[0].strip() != "-" or first[0].marked or second[0].marked):
            return Hours(first[0], second[0]), second[1]
    if opened:
        return None
    introduced = _AT.match(text, at)
    if introduced:
        found = _clock_at(text, introduced.end()) or _bare_at(text, introduced.end())
        if found is None:
            return None
        after = hours_at(text, introduced.end())
        if after is not None and after[0].end is not None:  # "om 9.00-12.00"
            return after
        clock = found[0]
        return Hours(replace(clock, like_a_date="", marked=True)), found[1]
    found = _clock_at(text, at)
    return (Hours(found[0]), found[1]) if found else None


def times(hours: Hours, part: Part | None) -> list[tuple[time, time | None]]:
    """Return every start and end that these words can mean on one day; more than one only for 07:01 to 07:59.

    Empty when the part of the day does not fit, or when the end is not after the start.
    """
    end = hours.end
    if end is None:
        return [(start, None) for start in _readings(hours.start, part)]
    ends = _readings(end, part, is_end=True)
    if end.meridiem and not hours.start.meridiem and 1 <= hours.start.hour <= 12:
        shared = _meridiem(hours.start.hour, hours.start.minute, end.meridiem)
        if found := _pairs(_readings(shared, part), ends):  # "9 to 11 pm", and not "11 to 1 pm"
            return found
    return _pairs(_readings(hours.start, part), ends)


def _pairs(starts: list[time], ends: list[time]) -> list[tuple[time, time | None]]:
    both = zip(starts, ends, strict=True) if len(starts) == len(ends) else product(starts, ends)
    return [(start, end) for start, end in both if start < end]


def _readings(clock: Clock, part: Part | None, *, is_end: bool = False) -> list[time]:
    hour, minute = clock.hour, clock.minute
    if part is not None:
        fitting = _in_part(clock, part, is_end=is_end)
        return [] if fitting is None else [time(fitting, minute)]
    if clock.exact or not 1 <= hour <= 7:
        return [time(hour, minute)]
    if hour == 7 and minute:
        return [time(7, minute), time(19, minute)]
    return [time(hour + 12, minute)]


def _in_part(clock: Clock, part: Part, *, is_end: bool) -> int | None:
    hour = clock.hour
    later = hour if clock.exact or hour >= 12 else hour + 12
    fits = {
        Part.MORNING: hour if 1 <= hour <= 11 or (is_end and hour == 12) else None,
        Part.AFTERNOON: later if 12 <= later <= 18 else None,
        Part.EVENING: later if 17 <= later <= 23 else None,
        Part.NIGHT: hour if 0 <= hour <= 6 else None,
    }
    return fits[part]


def _clock_at(text: str, at: int) -> tuple[Clock, int] | None:
    for form in _FORMS:
        if found := form.match(text, at):
            return _clock(found), found.end()
    return None


def _bare_at(text: str, at: int) -> tuple[Clock, int] | None:
    found = _ANY_BARE.match(text, at)
    if found is None:
        return None
    hour = number(found["bare"])
    return (Clock(hour, exact=found["bare"].startswith("0"), marked=False), found.end()) if hour <= 23 else None


def number(word: str) -> int:
    """Return the value of a number in figures or letters, as `NUMBER` matches it."""
    return NUMBERS[word] if word in NUMBERS else int(word)


def _clock(found: re.Match[str]) -> Clock:
    said = {name: value for name, value in found.groupdict().items() if value}
    if "noon" in said:
        return Clock(12, exact=True)
    if "meridiem" in said:
        return _meridiem(number(said["twelve"]), int(said.get("after", 0)), said["meridiem"])
    if "minute" in said:
        digits, minute = said["hour"], int(said["minute"])
        dotted = found[0] == f"{digits}.{said['minute']}" and 1 <= minute <= 12
        return _checked(int(digits), minute, exact=digits.startswith("0"), like_a_date=found[0] if dotted else "")
    if "whole" in said:
        return _checked(number(said["whole"]), 0, exact=said["whole"].startswith("0"))
    return _spoken(said)


def _spoken(said: dict[str, str]) -> Clock:
    """A time by the dial, which has twelve hours: half een is 12:30."""
    if "half_of" in said:
        hour, minutes = number(said["half_of"]), -30
    elif "english" in said:
        words = said["past_minutes"].removeprefix("a ")
        minutes = {"quarter": 15, "half": 30}.get(words) or number(words)
        hour, minutes = number(said["hour_past"]), minutes if said["english"] == "past" else -minutes
    else:
        minutes = 15 if said["minutes"] == "kwart" else number(said["minutes"])
        hour, minutes = number(said["to"]), minutes if said["side"] == "over" else -minutes
        if "half" in said:
            minutes -= 30
    if not 1 <= hour <= 12 or abs(minutes) >= 60:
        raise NoSuchTime
    total = (hour * 60 + minutes) % 720
    return Clock(total // 60 or 12, total % 60)


def _meridiem(hour: int, minute: int, which: str) -> Clock:
    """2 pm. 12 am is read as noon by one and as midnight by another."""
    if not 1 <= hour <= 12 or minute > 59 or (hour == 12 and which == "a"):
        raise NoSuchTime
    return Clock(hour % 12 + (12 if which == "p" else 0), minute, exact=True, meridiem=which)


def _checked(hour: int, minute: int, *, exact: bool, like_a_date: str = "") -> Clock:
    if hour > 23 or minute > 59:
        raise NoSuchTime
    return Clock(hour, minute, exact or hour == 0, like_a_date=like_a_date)
