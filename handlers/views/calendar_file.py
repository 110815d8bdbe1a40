"""A work session, or a series of them, as a file that an agenda opens (iCalendar, RFC 5545)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.recurrence import FIVE_YEARS
from bot.worksessions import WorkSession
from handlers.words import Words

if TYPE_CHECKING:
    from icalendar import Calendar, Event

ONE_YEAR = timedelta(days=366)
LONGEST_SERIES = FIVE_YEARS + ONE_YEAR
"""How long after its first meeting a moved one can be."""


@dataclass(frozen=True)
class Move:
    """One meeting of a series that was moved: `was` is the start that the rule gives, the rest is what it became."""

    was: datetime
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Repetition:
    """How a session repeats.

    `rule` is an RRULE text as `bot.recurrence.rule_of` makes it, `cancelled` has the starts that do not take place, and
    `moved` the meetings that are at another time.
    """

    rule: str
    cancelled: Sequence[datetime] = ()
    moved: Sequence[Move] = ()


def calendar_name(session: WorkSession, words: Words) -> str:
    """Name the file by the day of the session."""
    day = session.starts_at.astimezone(session.zone).date().isoformat()
    return f"{words('followup.file')}-{day}.ics"


def calendar_file(
    session: WorkSession,
    stamp: datetime,
    link: str,
    words: Words,
    *,
    sequence: int = 0,
    cancelled: bool = False,
    repetition: Repetition | None = None,
) -> bytes:
    """Return the session as an iCalendar file, in its own zone, so that it stays at its hour when the clocks change.

    `stamp` (aware) is when what it says was decided; the same arguments give the same bytes. The UID is the same for a
    session whatever its date, and `sequence` is the number of times it was moved or cancelled: an agenda that knows the
    session moves it for a higher number (RFC 5546, 2.1.4). With `cancelled` it takes the session out. With a
    `repetition` the session is the first of a series.
    """
    from icalendar import Calendar  # needed only when somebody answers

    calendar = Calendar()
    calendar.add("prodid", f"-//Oogst//{words.language.upper()}")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    event = _event(session, session.starts_at, session.ends_at, stamp, link, words, sequence, cancelled=cancelled)
    calendar.add_component(event)
    if repetition is not None:
        event.add("rrule", _rule(repetition.rule))
        for moment in repetition.cancelled:
            event.add("exdate", moment.astimezone(session.zone))
        for move in repetition.moved:
            other = _event(session, move.starts_at, move.ends_at, stamp, link, words, sequence, cancelled=cancelled)
            other.add("recurrence-id", move.was.astimezone(session.zone))
            calendar.add_component(other)
    _add_zone(calendar, session, LONGEST_SERIES if repetition else ONE_YEAR)
    return bytes(calendar.to_ical())


def _add_zone(calendar: "Calendar", session: WorkSession, ahead: timedelta) -> None:
    """Describe the zone from the year of the session on, so that the file says by itself what its hours mean."""
    first = date(session.starts_at.year - 1, 1, 1)
    calendar.add_missing_timezones(first, date((session.ends_at + ahead).year + 1, 1, 1))
    observances: list[Any] = [part for zone in calendar.walk("VTIMEZONE") for part in zone.subcomponents]
    for observance in observances:
        forward = observance.TZOFFSETTO - observance.TZOFFSETFROM
        if forward <= timedelta(0):
            continue
        # icalendar 7.3 says when the new time begins by the new clock, RFC 5545 (3.6.5) by the old one: 02:00 and not
        # 03:00; only where the clock goes forward do they differ
        for onset in _onsets(observance):
            onset.dt -= forward


def _onsets(observance: Any) -> Iterator[Any]:
    yield observance["DTSTART"]
    more = observance.get("RDATE", [])
    for dates in more if isinstance(more, list) else [more]:
        yield from dates.dts


def _event(
    session: WorkSession,
    starts_at: datetime,
    ends_at: datetime,
    stamp: datetime,
    link: str,
    words: Words,
    sequence: int,
    *,
    cancelled: bool,
) -> "Event":
    from icalendar import Event

    event = Event()
    event.add("uid", f"{session.id}.{session.team}@oogst")
    event.add("sequence", sequence)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("dtstamp", stamp)
    event.add("dtstart", starts_at.astimezone(session.zone))
    event.add("dtend", ends_at.astimezone(session.zone))
    event.add("summary", session.title)
    event.add("location", "Slack")
    event.add("description", words("followup.in_slack", link=link))
    event.add("url", link)
    return event


def _rule(text: str) -> dict[str, object]:
    from icalendar import vRecur

    return dict(vRecur.from_ical(text))
