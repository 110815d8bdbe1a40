"""A work session, or a series of them, as a file that an agenda opens (iCalendar, RFC 5545)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.worksessions import WorkSession
from handlers.words import Words

if TYPE_CHECKING:
    from icalendar import Event


@dataclass(frozen=True)
class Move:
    """One meeting of a series that was moved: `was` is the start that the rule gives, the rest is what it became."""

    was: datetime
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Repetition:
    """How a session repeats: an RRULE text as `bot.recurrence` makes it, the meetings that do not take place (their
    starts), and the ones that were moved.
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
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


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
