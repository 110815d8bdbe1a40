"""The dates that a coordinator proposes, picked or typed, and what may be wrong with a date that is right."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.calendar import SCHOOL_REGIONS, at_clock, holidays_on, school_holidays_known_until
from bot.dates import Choices, Recurring, Unclear, Understood, Why, read_date
from bot.dates.wishes import FURTHEST
from bot.followup.polling import FEWEST_DATES, MOST_DATES
from bot.problem import Problem
from bot.worksessions import WorkSession, exists_once

MOST_LINES = 20
SHOWN_PHRASE = 40


@dataclass(frozen=True, order=True)
class Slot:
    """From when to when; moments in UTC."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Picked:
    """One row of pickers as it was handed in: YYYY-MM-DD and HH:MM, or empty. `number` names its fields."""

    number: int
    day: str
    start: str
    end: str


@dataclass(frozen=True)
class Doubt:
    """A line that means one of these dates; whoever typed it says which."""

    typed: str
    slots: tuple[Slot, ...]


@dataclass(frozen=True)
class Proposal:
    """What was handed in: dates that are sure, lines that mean one of several, lines that speak of a series, and lines
    that have to be asked back, each with why.
    """

    slots: tuple[Slot, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    repeating: tuple[str, ...] = ()
    unclear: tuple[tuple[str, Unclear], ...] = ()

    @property
    def count(self) -> int:
        """How many dates it makes."""
        return len(self.slots) + len(self.doubts)


@dataclass(frozen=True)
class Hours:
    """The hours that are meant where none are written: from when, by the clock on the wall, and for how long."""

    start: time
    length: timedelta

    @property
    def end(self) -> time:
        """When it is over, by the clock on the wall."""
        return (datetime.combine(date(2021, 6, 17), self.start) + self.length).time()


class Caution(StrEnum):
    """What a coordinator should know of a date before it is proposed; the sentence is `followup.caution.<value>`."""

    PUBLIC_HOLIDAY = "public_holiday"
    SCHOOL_HOLIDAY = "school_holiday"
    SCHOOL_UNKNOWN = "school_unknown"
    OTHER_SESSION = "other_session"
    WEEKEND = "weekend"
    OTHER_HOURS = "other_hours"
    HOLIDAYS_UNKNOWN = "holidays_unknown"


@dataclass(frozen=True)
class Warned:
    """One caution with the blanks of its sentence."""

    caution: Caution
    values: Mapping[str, object] = field(default_factory=dict)


def proposed(
    picked: Sequence[Picked], typed: str, hours: Hours, now: datetime, zone: str, *, besides: int = 0
) -> tuple[Proposal, list[Problem]]:
    """Read what was picked and typed, one date a line; returns it with what is wrong with the pickers or the number.

    A picker without a day is passed over. A line without a time gets `hours`, without an end their length. `besides`
    is how many dates the poll keeps. Dates are by the clock on the wall in `zone`, later than `now`, and at a time that
    happens exactly once. What is named twice counts once.
    """
    problems: list[Problem] = []
    slots: list[Slot] = []
    for row in picked:
        if row.day:
            slot, wrong = _picked(row, now, zone)
            problems += wrong
            slots += [slot] if slot else []
    doubts: list[Doubt] = []
    repeating: list[str] = []
    unclear: list[tuple[str, Unclear]] = []
    lines = [" ".join(line.split()) for line in typed.splitlines() if line.strip()]
    for line in lines[:MOST_LINES]:
        found = _typed(line, hours, now, zone)
        match found:
            case Slot():
                slots.append(found)
            case Doubt():
                doubts.append(found)
            case str():
                repeating.append(found)
            case Unclear():
                unclear.append((line[:SHOWN_PHRASE], found))
    proposal = Proposal(tuple(dict.fromkeys(sorted(slots))), tuple(doubts), tuple(repeating), tuple(unclear))
    total = proposal.count + besides
    if not problems and not repeating and not unclear:
        if total < FEWEST_DATES:
            problems.append(Problem("typed", "followup.problem.too_few", {"least": FEWEST_DATES}))
        elif total > MOST_DATES or len(lines) > MOST_LINES:
            problems.append(Problem("typed", "followup.problem.too_many", {"most": MOST_DATES, "now": total}))
    return proposal, problems


def hours_of(starts_at: datetime, ends_at: datetime, zone: str) -> Hours:
    """Return the hours of an earlier meeting, for dates that are named without."""
    start, end = (moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for moment in (starts_at, ends_at))
    return Hours(start.time().replace(second=0, microsecond=0), end - start)


def cautions(
    slot: Slot,
    zone: str,
    hours: Hours,
    sessions: Iterable[WorkSession],
    parts: Mapping[str, Sequence[str]],
) -> list[Warned]:
    """Say what is not wrong with a date, but good to know: holidays, another session, a weekend, unusual hours.

    `parts` are where the regions that take part have their school holidays ("Noord", "Midden", "Zuid", or "" for
    where nobody said) with the names of the regions there.
    """
    starts = slot.starts_at.astimezone(ZoneInfo(zone))
    day = starts.date()
    found = holiday_cautions(day, parts)
    found += [
        Warned(Caution.OTHER_SESSION, {"title": session.title})
        for session in sessions
        if session.starts_at.astimezone(ZoneInfo(zone)).date() == day
    ]
    if day.weekday() >= 5:
        found.append(Warned(Caution.WEEKEND))
    usual = datetime.combine(day, hours.start)
    start, end = (moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for moment in (slot.starts_at, slot.ends_at))
    if start < usual or end > usual + hours.length:
        values = {"start": f"{usual:%H:%M}", "end": f"{usual + hours.length:%H:%M}"}
        found.append(Warned(Caution.OTHER_HOURS, values))
    return found


def holiday_cautions(day: date, parts: Mapping[str, Sequence[str]]) -> list[Warned]:
    """Say which holidays a day falls in, public ones and those of the schools in these parts of the country."""
    found = [Warned(Caution.PUBLIC_HOLIDAY, {"name": name}) for name in holidays_on(day).public]
    for part, regions in parts.items():
        if part and (names := holidays_on(day, part).school):
            values: dict[str, object] = {"name": names[0], "part": part, "regions": tuple(regions)}
            found.append(Warned(Caution.SCHOOL_HOLIDAY, values))
    if "" in parts:
        unsure = [(part, names[0]) for part in SCHOOL_REGIONS if (names := holidays_on(day, part).school)]
        if unsure:
            values = {"parts": tuple(part for part, _ in unsure), "name": unsure[0][1], "regions": tuple(parts[""])}
            found.append(Warned(Caution.SCHOOL_UNKNOWN, values))
    if day > school_holidays_known_until():
        found.append(Warned(Caution.HOLIDAYS_UNKNOWN, {"year": str(day.year)}))
    return found


def _picked(row: Picked, now: datetime, zone: str) -> tuple[Slot | None, list[Problem]]:
    try:
        day = date.fromisoformat(row.day)
    except ValueError:
        return None, [Problem(f"day_{row.number}", "worksessions.problem.no_date")]
    clocks: list[time] = []
    for name, text in (("start", row.start), ("end", row.end)):
        try:
            clocks.append(time.fromisoformat(text))
        except ValueError:
            return None, [Problem(f"{name}_{row.number}", "worksessions.problem.no_time")]
    for name, clock in zip(("start", "end"), clocks, strict=True):
        if not exists_once(datetime.combine(day, clock, ZoneInfo(zone))):
            return None, [Problem(f"{name}_{row.number}", "worksessions.problem.clock_change")]
    if clocks[1] <= clocks[0]:
        return None, [Problem(f"end_{row.number}", "worksessions.problem.end_before_start")]
    if day - now.astimezone(ZoneInfo(zone)).date() > FURTHEST:
        return None, [Problem(f"day_{row.number}", "dates.too_far")]
    slot = Slot(*(at_clock(day, f"{clock:%H:%M}", zone) for clock in clocks))
    if slot.starts_at <= now:
        return None, [Problem(f"day_{row.number}", "followup.problem.date_past")]
    return slot, []


def _typed(line: str, hours: Hours, now: datetime, zone: str) -> Slot | Doubt | str | Unclear:
    """A date, one of several, the words of a series, or what has to be asked."""
    reading = read_date(line, now, zone)
    match reading:
        case Recurring(words):
            return words
        case Unclear():
            return reading
        case Understood():
            slot = _slot(reading, hours, zone)
            return slot if slot and slot.starts_at > now else _wrong(slot)
        case Choices(candidates):
            slots = [slot for each in candidates if (slot := _slot(each, hours, zone)) and slot.starts_at > now]
            if len(slots) > 1:
                return Doubt(line, tuple(dict.fromkeys(slots)))
            return slots[0] if slots else Unclear(Why.PAST)


def _wrong(slot: Slot | None) -> Unclear:
    """The usual hours make it a date of the past, or do not fit: then the time has to be written."""
    return Unclear(Why.PAST if slot else Why.NO_HOUR)


def _slot(found: Understood, hours: Hours, zone: str) -> Slot | None:
    """Give a date the usual hours where it has none; None where the time is none, or it would not end that day."""
    place = ZoneInfo(zone)
    start = found.starts_at
    if start is None:
        wall = datetime.combine(found.day, hours.start, place)
        if not exists_once(wall):
            return None
        start = at_clock(found.day, f"{hours.start:%H:%M}", zone)
    end = found.ends_at
    if end is None:
        until = start.astimezone(place).replace(tzinfo=None) + hours.length
        if until.date() != found.day or not exists_once(until.replace(tzinfo=place)):
            return None
        end = at_clock(found.day, f"{until:%H:%M}", zone)
    return Slot(start, end)
