"""Takes a phrase apart: days, times, parts of the day, and the words that nobody understood."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from bot.dates.clocks import NUMBER, Hours, NoSuchTime, Part, hours_at, number
from bot.dates.vocabulary import MONTHS, ORDINALS, WEEKDAYS, either


@dataclass(frozen=True)
class DayMonth:
    """16 September, perhaps with its year. `like_hours` is the text when it could be a range of hours ("9-11")."""

    day: int
    month: int
    year: int | None = None
    like_hours: str = ""


@dataclass(frozen=True)
class DayOfMonth:
    """The 16th."""

    day: int


@dataclass(frozen=True)
class Weekday:
    """Thursday (3). `which` is "" | "coming" | "this" | "next" | "last": "next" and "last" mean two days each."""

    weekday: int
    which: str = ""


@dataclass(frozen=True)
class InMonth:
    """The third Thursday of September; `nth` is 1-4, or -1 for the last."""

    nth: int
    weekday: int
    month: int
    year: int | None = None


@dataclass(frozen=True)
class FromToday:
    """So many days (`unit` "day"), weeks or months from today."""

    count: int
    unit: str = "day"


@dataclass(frozen=True)
class Week:
    """A whole week: `offset` weeks from this one."""

    offset: int


@dataclass(frozen=True)
class WeekNumber:
    """The ISO week of a year, as Dutch agendas number it."""

    week: int


Day = DayMonth | DayOfMonth | Weekday | InMonth | FromToday | Week | WeekNumber


@dataclass
class Pieces:
    """What a phrase is made of. `no_such_time` says that one of its times is none."""

    days: list[Day] = field(default_factory=list)
    hours: list[Hours] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    left_over: list[str] = field(default_factory=list)
    no_such_time: bool = False


_PARTS = {
    "ochtend": Part.MORNING, "morgen": Part.MORNING, "morning": Part.MORNING, "morgens": Part.MORNING,
    "ochtends": Part.MORNING, "middag": Part.AFTERNOON, "middags": Part.AFTERNOON, "afternoon": Part.AFTERNOON,
    "avond": Part.EVENING, "avonds": Part.EVENING, "evening": Part.EVENING, "nachts": Part.NIGHT,
}  # fmt: skip
"""Not "nacht": whether that of Thursday begins or ends on Thursday has to be asked."""
_RELATIVE = {
    "vandaag": 0, "today": 0, "morgen": 1, "tomorrow": 1, "overmorgen": 2, "the day after tomorrow": 2,
    "day after tomorrow": 2, "gisteren": -1, "yesterday": -1, "eergisteren": -2,
}  # fmt: skip
_WHICH = {
    "komende": "coming", "aanstaande": "coming", "eerstkomende": "coming", "eerstvolgende": "coming",
    "coming": "coming", "this coming": "coming", "deze": "this", "this": "this", "volgende": "next", "next": "next",
    "afgelopen": "gone", "vorige": "last", "last": "last",
}  # fmt: skip
_WEEKS = {"deze": 0, "this": 0, "volgende": 1, "next": 1, "vorige": -1, "last": -1}
_UNITS = {
    "dag": "day", "dagen": "day", "day": "day", "days": "day", "week": "week", "weken": "week", "weeks": "week",
    "maand": "month", "maanden": "month", "month": "month", "months": "month",
}  # fmt: skip
_LONG_DAYS = either(name for name in WEEKDAYS if len(name) > 3)
_END = r"(?!\w)"
_NTH = r"(?:e|ste|de|st|nd|rd|th)"
_YEAR = r"(?:,?\s(?P<year>(?:19|20)[0-9]{2})(?![\w:]|[.][0-9]))?"
_DAY_NUMBER = rf"(?P<day>{NUMBER})"
_MONTH = rf"(?P<month>{either(MONTHS)}){_END}\.?"
_NOT_HOURS = r"(?![\w:]|[-/.][0-9]|\s?(?:uur|u|[ap]\.?m)\b)"


def _day_month(found: re.Match[str]) -> Day:
    month, year = found["month"], found.groupdict().get("year")
    full = None if year is None else int(year) + (2000 if len(year) == 2 else 0)
    day, month_number = number(found["day"]), MONTHS[month] if month in MONTHS else int(month)
    like_hours = found[0] if found[0] == f"{day}-{month_number}" and day < month_number else ""
    return DayMonth(day, month_number, full, like_hours)


def _in_month(found: re.Match[str]) -> Day:
    year = int(found["year"]) if found["year"] else None
    return InMonth(ORDINALS[found["nth"]], WEEKDAYS[found["weekday"]], MONTHS[found["month"]], year)


def _from_today(found: re.Match[str]) -> Day:
    count = 1 if found["count"] in ("a", "an") else number(found["count"])
    return FromToday(count, _UNITS[found["unit"]])


_RULES: tuple[tuple[str, Callable[[re.Match[str]], Day]], ...] = (
    (r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})(?![\w-])", _day_month),
    (
        rf"(?P<day>[0-9]{{1,2}})(?P<mark>[-/.])(?P<month>[0-9]{{1,2}})(?P=mark)(?P<year>[0-9]{{4}}|[2-9][0-9]){_NOT_HOURS}",
        _day_month,
    ),
    (rf"(?P<day>[0-9]{{1,2}})(?P<mark>[-/])(?P<month>[0-9]{{1,2}}){_NOT_HOURS}", _day_month),
    (
        rf"(?P<nth>{either(ORDINALS)})\s(?P<weekday>{either(WEEKDAYS)})\s(?:van|in|of)\s{_MONTH}{_YEAR}",
        _in_month,
    ),
    (rf"(?:de\s|den\s|the\s)?{_DAY_NUMBER}{_NTH}?\s(?:of\s|van\s)?{_MONTH}{_YEAR}", _day_month),
    (rf"{_MONTH}\s(?P<day>[0-9]{{1,2}}){_NTH}?(?![\w:]|[.,][0-9]|\s?(?:uur|u|[ap]\.?m)\b){_YEAR}", _day_month),
    (
        rf"(?:over|in)\s(?P<count>{NUMBER}|an?)\s(?P<unit>{either(_UNITS)}){_END}",
        _from_today,
    ),
    (
        rf"(?:van\s|in\s)?(?P<which>{either(_WEEKS)})\sweek{_END}",
        lambda found: Week(_WEEKS[found["which"]]),
    ),
    (
        r"(?:in\s|van\s)?(?:week|wk\.?)\s(?P<week>[0-9]{1,2})(?![\w.:/-])",
        lambda found: WeekNumber(int(found["week"])),
    ),
    (
        rf"(?P<which>{either(_WHICH)})\s(?P<weekday>{either(WEEKDAYS)})",
        lambda found: Weekday(WEEKDAYS[found["weekday"]], _WHICH[found["which"]]),
    ),
    (
        rf"(?P<weekday>{either(WEEKDAYS)})\.?\s(?:a\.s\.?|aanstaande){_END}",
        lambda found: Weekday(WEEKDAYS[found["weekday"]], "coming"),
    ),
    (rf"(?P<weekday>{either(WEEKDAYS)})", lambda found: Weekday(WEEKDAYS[found["weekday"]])),
    (rf"(?P<day>{either(_RELATIVE)})", lambda found: FromToday(_RELATIVE[found["day"]])),
    (r"van(?=(?:ochtend|morgen|middag|avond)(?!\w))", lambda found: FromToday(0)),
    (r"this(?=\s(?:morning|afternoon|evening)(?!\w))", lambda found: FromToday(0)),
    (
        rf"(?:de|the)\s(?P<day>[0-9]{{1,2}}){_NTH}{_END}|(?P<bare>[0-9]{{1,2}}){_NTH}{_END}",
        lambda found: DayOfMonth(int(found["day"] or found["bare"])),
    ),
)
_DAYS = tuple((re.compile(pattern), read) for pattern, read in _RULES)
_ENDS_A_DAY = re.compile(r"(?!\w)|(?=(?:ochtend|morgen|middag|avond|nacht)(?!\w))")
_PART = re.compile(rf"(?:in\s(?:de|the)\s|'s\s)?(?P<part>{either(_PARTS)}){_END}")
_PASSED_OVER = re.compile(r"[\s,;.()-]|(?:op|on|a\.s\.?|aanstaande)(?!\w)")
_WORD = re.compile(r"\w+(?:['./-]\w+)*|\S")
_REPEATS = re.compile(
    rf"""\b(?: elke | elk | iedere | ieder | om\sde\s(?:\w+\s)?(?:dag|dagen|week|weken|maand|maanden|jaar|{_LONG_DAYS})
      | (?:\w+)?dagelijkse? | (?:\w+)?wekelijkse? | (?:\w+)?maandelijkse? | jaarlijkse? | telkens | steeds
      | (?:per|eens\sin\sde|keer\sin\sde)\s(?:\w+\s)?(?:dag|dagen|week|weken|maand|maanden|kwartaal|jaar)
      | (?:{_LONG_DAYS})s | every | each | daily | weekly | fortnightly | biweekly | monthly | quarterly | yearly
      | annual(?:ly)? )\b""",
    re.VERBOSE,
)
_ENGLISH = re.compile(
    r"\b(?:at|on|the|in\sthe|next|this|of|from|till|until|tomorrow|today|morning|afternoon|evening"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|may|june|july|august|october|oct)\b"
)
_DUTCH_HALF = re.compile(r"\bhalf\s[0-9]")


def normal(text: str) -> str:
    """Return a phrase without capitals and accents, with plain dashes, apostrophes and single spaces."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(c))
    for marks, plain in (("‐‑‒–—−", "-"), ("‘’‚`´", "'")):
        bare = re.sub(f"[{marks}]", plain, bare)
    return " ".join(bare.split())


def repeats(text: str) -> bool:
    """Say whether a normal phrase is about many dates."""
    return _REPEATS.search(text) is not None


def pieces(text: str) -> Pieces:
    """Take a normal phrase apart, from left to right; what no rule knows is left over."""
    found, at = Pieces(), 0
    if (half := _DUTCH_HALF.search(text)) and _ENGLISH.search(text):  # half 3 is 14:30 in Dutch and 15:30 in English
        found.left_over.append(half[0])
    while at < len(text):
        at = _take(text, at, found)
    return found


def _take(text: str, at: int, found: Pieces) -> int:
    starts_a_word = at == 0 or not text[at - 1].isalnum() or not text[at].isalnum()
    if (part := _PART.match(text, at)) and (not starts_a_word or _is_part(text, part, found)):
        found.parts.append(_PARTS[part["part"]])
        return part.end()
    for form, read in _DAYS:
        if (day := form.match(text, at)) and _ENDS_A_DAY.match(text, day.end()):
            found.days.append(read(day))
            return day.end()
    try:
        if hours := hours_at(text, at):
            found.hours.append(hours[0])
            return hours[1]
    except NoSuchTime:
        found.no_such_time = True
    passed = _PASSED_OVER.match(text, at)
    if passed and (passed[0] != "-" or _joins(text, at, found)):
        return passed.end()
    word = _WORD.match(text, at)
    end = word.end() if word else at + 1
    found.left_over.append(text[at:end])
    return end


def _joins(text: str, at: int, found: Pieces) -> bool:
    """Say whether a dash stands between a day and what comes after: at an end it is half of a range."""
    return bool(found.days) and not found.hours and at < len(text) - 1


def _is_part(text: str, part: re.Match[str], found: Pieces) -> bool:
    """Say whether "morgen" is the morning: it is tomorrow, unless a weekday stands right before it."""
    if part[0] != "morgen":
        return True
    after_a_word = part.start() > 1 and text[part.start() - 2].isalpha()
    return after_a_word and bool(found.days) and isinstance(found.days[-1], Weekday)


def exists(year: int, month: int, day: int) -> date | None:
    """Return this date, or None when there is none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
