"""The file is opened as an agenda would: the time zone from the file itself, read by another library."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import icalendar
import pytest
from dateutil import rrule, tz
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.recurrence import Kind, rule_of, series
from bot.worksessions import State, WorkSession
from handlers.views.calendar_file import Move, Repetition, calendar_file, calendar_name
from handlers.words import load

AMSTERDAM = "Europe/Amsterdam"
CURACAO = ZoneInfo("America/Curacao")
STAMP = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
LINK = "https://example.slack.com/archives/CWS/p1614589200000000"
WORDS = load("nl")


def a_session(*at: int, zone: str = AMSTERDAM, title: str = "Werksessie taal", hours: float = 3) -> WorkSession:
    start = datetime(*at, tzinfo=ZoneInfo(zone)).astimezone(UTC)  # type: ignore[arg-type, misc] - a star of ints fits
    return WorkSession(
        id="ws1",
        team="T1",
        title=title,
        channel="CWS",
        starts_at=start,
        ends_at=start + timedelta(hours=hours),
        closes_at=None,
        timezone=zone,
        state=State.PLANNED,
        created_by="ineke",
    )


def opened(file: bytes) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(file).walk("VEVENT"))


def moment_in_agenda(file: bytes, name: str, event: int = 0) -> datetime:
    """The instant that an agenda sees, which knows no time zone but the one in the file."""
    field = icalendar.Calendar.from_ical(file).walk("VEVENT")[event][name]
    wall = field.dt.replace(tzinfo=None)
    zones = tz.tzical(io.StringIO(file.decode().replace("\r\n ", "").replace("\r\n", "\n")))
    zone = zones.get(field.params["TZID"])
    assert zone is not None
    return wall.replace(tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    "at",
    [
        (2026, 3, 28, 13, 0),
        (2026, 3, 29, 1, 30),
        (2026, 3, 29, 3, 0),
        (2026, 3, 29, 13, 0),
        (2026, 3, 30, 9, 0),
        (2026, 10, 24, 13, 0),
        (2026, 10, 25, 1, 30),
        (2026, 10, 25, 3, 0),
        (2026, 10, 25, 13, 0),
        (2026, 10, 26, 9, 0),
        (2021, 9, 16, 13, 0),
        (2031, 7, 1, 13, 0),
    ],
)
def test_an_agenda_shows_the_right_moment_on_both_sides_of_both_changes_of_clocks(at: tuple[int, ...]) -> None:
    session = a_session(*at)
    file = calendar_file(session, STAMP, LINK, WORDS)
    assert moment_in_agenda(file, "DTSTART") == session.starts_at
    assert moment_in_agenda(file, "DTEND") == session.ends_at
    (event,) = opened(file)
    assert event["DTSTART"].dt == datetime(*at, tzinfo=ZoneInfo(AMSTERDAM))  # type: ignore[arg-type, misc] - as above
    assert f"{event['DTSTART'].dt:%H:%M}" == f"{at[3]:02d}:{at[4]:02d}"


def test_somebody_on_curacao_sees_the_same_moment_by_their_own_clock() -> None:
    summer = calendar_file(a_session(2026, 6, 18, 13, 0), STAMP, LINK, WORDS)
    winter = calendar_file(a_session(2026, 11, 19, 13, 0), STAMP, LINK, WORDS)
    assert f"{moment_in_agenda(summer, 'DTSTART').astimezone(CURACAO):%d %H:%M}" == "18 07:00"
    assert f"{moment_in_agenda(winter, 'DTSTART').astimezone(CURACAO):%d %H:%M}" == "19 08:00"


def test_a_session_on_curacao_is_written_by_the_clock_there() -> None:
    session = a_session(2026, 6, 18, 19, 30, zone="America/Curacao")
    file = calendar_file(session, STAMP, LINK, WORDS)
    assert b"DTSTART;TZID=America/Curacao:20260618T193000" in file
    assert moment_in_agenda(file, "DTSTART") == session.starts_at


@settings(max_examples=40, deadline=2_000)
@given(
    at=st.datetimes(datetime(2021, 1, 1), datetime(2036, 12, 31)),  # noqa: DTZ001 - Hypothesis wants them bare
    zone=st.sampled_from([AMSTERDAM, "America/Curacao", "America/New_York", "Europe/Lisbon", "Asia/Kathmandu"]),
)
def test_any_session_opens_at_its_own_moment(at: datetime, zone: str) -> None:
    start = at.replace(second=0, microsecond=0, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    session = replace(a_session(2026, 6, 18, 13), timezone=zone, starts_at=start, ends_at=start + timedelta(hours=2))
    file = calendar_file(session, STAMP, LINK, WORDS)
    if start.astimezone(ZoneInfo(zone)).fold == 0 and session.ends_at.astimezone(ZoneInfo(zone)).fold == 0:
        assert moment_in_agenda(file, "DTSTART") == session.starts_at
        assert moment_in_agenda(file, "DTEND") == session.ends_at


@pytest.mark.parametrize(
    "zone",
    [AMSTERDAM, "America/Curacao", "America/New_York", "Pacific/Auckland", "Australia/Lord_Howe", "Europe/Lisbon"],
)
def test_the_zone_in_the_file_changes_its_clocks_at_the_very_moment_that_the_world_does(zone: str) -> None:
    session = a_session(2026, 6, 18, 13, zone=zone)
    rule = rule_of(Kind.MONTHLY_BY_WEEKDAY, session.starts_at.date(), 12)
    for repetition in (None, Repetition(rule)):
        file = calendar_file(session, STAMP, LINK, WORDS, repetition=repetition)
        (described,) = icalendar.Calendar.from_ical(file).walk("VTIMEZONE")
        changes = {}
        for part in described.subcomponents:
            before, after = part["TZOFFSETFROM"].td, part["TZOFFSETTO"].td
            more = part.get("RDATE", [])
            dates = [one.dt for listed in (more if isinstance(more, list) else [more]) for one in listed.dts]
            for onset in (part["DTSTART"].dt, *dates):
                changes[(onset - before).replace(tzinfo=UTC)] = (before, after)  # RFC 5545, 3.6.5
        first, *others = sorted(changes)
        for moment in others:
            just_before = (moment - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).utcoffset()
            assert (just_before, moment.astimezone(ZoneInfo(zone)).utcoffset()) == changes[moment], moment
        assert first < session.starts_at - timedelta(days=150)
        real = offsets_change(zone, first, session.ends_at + timedelta(days=6 * 365 if repetition else 200))
        assert real <= set(others)


def offsets_change(zone: str, since: datetime, until: datetime) -> set[datetime]:
    """Every hour, or half of one, at which the clocks of a zone change."""
    step, found, at = timedelta(minutes=30), set(), since
    while at < until:
        if at.astimezone(ZoneInfo(zone)).utcoffset() != (at + step).astimezone(ZoneInfo(zone)).utcoffset():
            found.add(at + step)
        at += step
    return found


def test_a_move_keeps_the_uid_and_raises_the_sequence() -> None:
    first = calendar_file(a_session(2026, 6, 18, 13), STAMP, LINK, WORDS)
    second = calendar_file(a_session(2026, 6, 25, 13), STAMP, LINK, WORDS, sequence=1)
    (before,), (after,) = opened(first), opened(second)
    assert str(before["UID"]) == str(after["UID"]) == "ws1.T1@oogst"
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert str(after["STATUS"]) == "CONFIRMED"
    assert b"METHOD:PUBLISH\r\n" in second


def test_a_cancellation_takes_the_same_session_out() -> None:
    file = calendar_file(a_session(2026, 6, 18, 13), STAMP, LINK, WORDS, sequence=2, cancelled=True)
    (event,) = opened(file)
    assert (str(event["UID"]), event["SEQUENCE"], str(event["STATUS"])) == ("ws1.T1@oogst", 2, "CANCELLED")
    assert b"METHOD:CANCEL\r\n" in file


TITLES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=150)


@settings(max_examples=60, deadline=2_000)
@given(title=TITLES)
def test_whatever_the_title_the_file_is_one_that_every_agenda_reads(title: str) -> None:
    file = calendar_file(a_session(2026, 6, 18, 13, title=title), STAMP, LINK, WORDS)
    lines = file.split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(line) <= 75 for line in lines)
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    file.decode("utf-8")
    (event,) = opened(file)
    assert str(event["SUMMARY"]) == title
    assert event["DTSTAMP"].dt == STAMP
    calendar = icalendar.Calendar.from_ical(file)
    assert not calendar.errors
    assert not event.errors
    assert calendar["VERSION"] == "2.0"
    assert len(calendar.walk("VTIMEZONE")) == 1


def test_the_same_answer_gives_the_same_file() -> None:
    session = a_session(2026, 6, 18, 13)
    assert calendar_file(session, STAMP, LINK, WORDS) == calendar_file(session, STAMP, LINK, WORDS)
    assert calendar_name(session, WORDS).endswith("-2026-06-18.ics")


def agenda_of_a_series(file: bytes) -> list[datetime]:
    """What an agenda makes of the rule, the exceptions and the moved meetings, by the zone in the file."""
    master, *others = opened(file)
    text = file.decode().replace("\r\n ", "").replace("\r\n", "\n")
    zone = tz.tzical(io.StringIO(text)).get(master["DTSTART"].params["TZID"])
    rule = rrule.rrulestr(master["RRULE"].to_ical().decode(), dtstart=master["DTSTART"].dt.replace(tzinfo=None))
    found = master.get("EXDATE", [])
    exceptions = found if isinstance(found, list) else [found]
    gone = {one.dt.replace(tzinfo=None) for exception in exceptions for one in exception.dts}
    gone |= {other["RECURRENCE-ID"].dt.replace(tzinfo=None) for other in others}
    walls = [wall for wall in rule if wall not in gone] + [other["DTSTART"].dt.replace(tzinfo=None) for other in others]
    return sorted(wall.replace(tzinfo=zone).astimezone(UTC) for wall in walls)


def test_a_series_stays_at_its_hour_all_year_without_the_meetings_that_do_not_take_place() -> None:
    session = a_session(2026, 1, 15, 13)
    rule = rule_of(Kind.MONTHLY_BY_WEEKDAY, session.starts_at.date(), 12)
    starts = series(rule, session.starts_at, AMSTERDAM, 12)
    march, july = starts[2], starts[6]
    later = march + timedelta(days=14)  # from winter time to summer time
    moved = Move(march, later - timedelta(hours=1), later + timedelta(hours=2))
    file = calendar_file(
        session, STAMP, LINK, WORDS, sequence=1, repetition=Repetition(rule, cancelled=[july], moved=[moved])
    )
    expected = sorted([start for start in starts if start not in (march, july)] + [moved.starts_at])
    assert agenda_of_a_series(file) == expected
    assert {f"{start.astimezone(ZoneInfo(AMSTERDAM)):%H:%M}" for start in agenda_of_a_series(file)} == {"13:00"}
    assert {str(event["UID"]) for event in opened(file)} == {"ws1.T1@oogst"}
    assert moment_in_agenda(file, "DTEND", event=1) == moved.ends_at


@pytest.mark.parametrize("kind", [Kind.WEEKLY, Kind.FORTNIGHTLY, Kind.MONTHLY_BY_DATE, Kind.MONTHLY_LAST_WEEKDAY])
def test_an_agenda_makes_of_every_rhythm_what_we_make_of_it(kind: Kind) -> None:
    session = a_session(2026, 1, 29, 13)
    rule = rule_of(kind, session.starts_at.date(), 20)
    file = calendar_file(session, STAMP, LINK, WORDS, repetition=Repetition(rule))
    starts = series(rule, session.starts_at, AMSTERDAM, 20)
    assert agenda_of_a_series(file) == starts
    assert all(earlier < later for earlier, later in pairwise(starts))
