from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.recurrence import (
    LONGEST_RULE,
    BadRule,
    Kind,
    following,
    kinds,
    pattern,
    problems,
    rule_of,
    series,
)

AMSTERDAM = "Europe/Amsterdam"
SEPTEMBER = datetime(2021, 9, 16, 13, 0, tzinfo=ZoneInfo(AMSTERDAM))
THIRD_THURSDAY = "FREQ=MONTHLY;BYDAY=3TH;COUNT=12"


def days(rule: str, count: int = 6, first: datetime = SEPTEMBER, zone: str = AMSTERDAM) -> list[str]:
    return [f"{start.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" for start in series(rule, first, zone, count)]


def refused(rule: str, first: datetime = SEPTEMBER, zone: str = AMSTERDAM) -> str:
    found = problems(rule, first, zone)
    return found[0].key.removeprefix("recurrence.problem.") if found else ""


def test_the_third_thursday_stays_at_one_o_clock_when_the_clocks_change() -> None:
    starts = series(THIRD_THURSDAY, SEPTEMBER, AMSTERDAM, 12)
    assert days(THIRD_THURSDAY, 3) == ["2021-09-16 13:00", "2021-10-21 13:00", "2021-11-18 13:00"]
    assert [f"{start:%H}" for start in starts] == [
        "11",
        "11",
        "12",
        "12",
        "12",
        "12",
        "12",
        "11",
        "11",
        "11",
        "11",
        "11",
    ]
    assert all(start.tzinfo is UTC for start in starts)
    assert refused(THIRD_THURSDAY) == ""


@pytest.mark.parametrize(
    ("kind", "first", "coming"),
    [
        (Kind.WEEKLY, date(2021, 9, 16), ["2021-09-16", "2021-09-23", "2021-09-30"]),
        (Kind.FORTNIGHTLY, date(2021, 9, 16), ["2021-09-16", "2021-09-30", "2021-10-14"]),
        (Kind.MONTHLY_BY_DATE, date(2021, 9, 16), ["2021-09-16", "2021-10-16", "2021-11-16"]),
        (Kind.MONTHLY_BY_DATE, date(2022, 1, 31), ["2022-01-31", "2022-02-28", "2022-03-31"]),
        (Kind.MONTHLY_BY_DATE, date(2022, 1, 30), ["2022-01-30", "2022-02-28", "2022-03-30"]),
        (Kind.MONTHLY_BY_WEEKDAY, date(2021, 9, 16), ["2021-09-16", "2021-10-21", "2021-11-18"]),
        (Kind.MONTHLY_LAST_WEEKDAY, date(2021, 9, 30), ["2021-09-30", "2021-10-28", "2021-11-25"]),
    ],
)
def test_each_rhythm_falls_on_the_days_that_people_expect(kind: Kind, first: date, coming: list[str]) -> None:
    moment = datetime(first.year, first.month, first.day, 13, tzinfo=ZoneInfo(AMSTERDAM))
    rule = rule_of(kind, first, 12)
    assert [day[:10] for day in days(rule, 3, moment)] == coming
    assert refused(rule, moment) == ""


def test_a_fifth_thursday_begins_no_series_of_fifth_thursdays() -> None:
    assert kinds(date(2021, 9, 30)) == [
        Kind.WEEKLY,
        Kind.FORTNIGHTLY,
        Kind.MONTHLY_BY_DATE,
        Kind.MONTHLY_LAST_WEEKDAY,
    ]
    assert Kind.MONTHLY_LAST_WEEKDAY not in kinds(date(2021, 9, 16))
    assert {Kind.MONTHLY_BY_WEEKDAY, Kind.MONTHLY_LAST_WEEKDAY} < set(
        kinds(date(2021, 9, 23)) + kinds(date(2022, 2, 24))
    )
    with pytest.raises(ValueError, match="begins no"):
        rule_of(Kind.MONTHLY_BY_WEEKDAY, date(2021, 9, 30), 6)


@given(
    st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    st.integers(1, 60),
    st.sampled_from([AMSTERDAM, "America/Curacao", "Pacific/Auckland", "America/New_York"]),
    st.data(),
)
def test_every_series_from_the_form_is_sound_and_says_what_it_is(
    first: date, count: int, zone: str, data: st.DataObject
) -> None:
    kind = data.draw(st.sampled_from(kinds(first)))
    moment = datetime(first.year, first.month, first.day, 13, tzinfo=ZoneInfo(zone))
    rule = rule_of(kind, first, count)
    assert problems(rule, moment, zone) == []
    starts = series(rule, moment, zone, count)
    assert len(starts) == count
    assert starts[0] == moment
    assert {f"{start.astimezone(ZoneInfo(zone)):%H:%M}" for start in starts} == {"13:00"}
    assert all(timedelta(days=6) < later - start for start, later in pairwise(starts))
    said = pattern(rule)
    assert said is not None
    assert (said.kind, said.count) == (kind, count)
    assert said.weekday in (None, first.weekday())
    assert said.day in (None, first.day)


def test_the_next_meeting_is_the_first_one_that_is_later() -> None:
    assert following(THIRD_THURSDAY, SEPTEMBER, AMSTERDAM, SEPTEMBER - timedelta(1)) == SEPTEMBER
    october = following(THIRD_THURSDAY, SEPTEMBER, AMSTERDAM, SEPTEMBER)
    assert october == datetime(2021, 10, 21, 13, tzinfo=ZoneInfo(AMSTERDAM))
    assert following(THIRD_THURSDAY, SEPTEMBER, AMSTERDAM, SEPTEMBER + timedelta(days=400)) is None


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("", "unreadable"),
        ("elke derde donderdag", "unreadable"),
        ("FREQ=WEEKLY", "endless"),
        ("FREQ=WEEKLY;BYDAY=TH", "endless"),
        ("FREQ=HOURLY;COUNT=3", "too_dense"),
        ("FREQ=SECONDLY;COUNT=3", "too_dense"),
        ("FREQ=DAILY;BYHOUR=9,13;COUNT=3", "too_dense"),
        ("FREQ=WEEKLY;BYSECOND=1;COUNT=3", "too_dense"),
        ("FREQ=YEARLY;BYEASTER=1;COUNT=3", "unreadable"),
        ("FREQ=WEEKLY;BYDAY=3TH;COUNT=3", "unreadable"),
        ("FREQ=MONTHLY;BYDAY=99TH;COUNT=3", "unreadable"),
        ("FREQ=MONTHLY;BYSETPOS=0;BYDAY=TH;COUNT=3", "unreadable"),
        ("FREQ=WEEKLY;INTERVAL=0;COUNT=3", "unreadable"),
        ("FREQ=WEEKLY;COUNT=0", "unreadable"),
        ("FREQ=WEEKLY;COUNT=3;UNTIL=20211231", "unreadable"),
        ("FREQ=WEEKLY;COUNT=3;COUNT=4", "unreadable"),
        ("FREQ=WEEKLY;UNTIL=20211399", "unreadable"),
        ("FREQ=WEEKLY;COUNT=3\nEXDATE:20210923T130000", "unreadable"),
        ("FREQ=WEEKLY;UNTIL=20991231", "too_many"),
        ("FREQ=MONTHLY;UNTIL=20991231", "too_long"),
        ("FREQ=MONTHLY;COUNT=64;BYDAY=3TH", "too_long"),
        ("FREQ=DAILY;COUNT=261", "too_many"),
        ("FREQ=WEEKLY;BYDAY=TU;COUNT=3", "first"),
        ("FREQ=MONTHLY;BYMONTHDAY=5;BYDAY=1MO;BYSETPOS=3;COUNT=5", "too_long"),
    ],
)
def test_a_rule_that_is_no_series_of_meetings_is_refused_with_the_reason(rule: str, why: str) -> None:
    assert refused(rule) == why


@pytest.mark.parametrize(
    "rule",
    [
        "RRULE:FREQ=WEEKLY;COUNT=4",
        "freq=weekly;byday=th;count=4",
        "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=4",
        "FREQ=WEEKLY;UNTIL=20211231",
        "FREQ=WEEKLY;UNTIL=20211231T235959Z",
        "FREQ=MONTHLY;BYDAY=-3TH;COUNT=1",
        "FREQ=YEARLY;BYMONTH=9;BYDAY=3TH;COUNT=4",
        "FREQ=DAILY;INTERVAL=3;COUNT=9",
    ],
)
def test_a_rule_from_another_agenda_is_taken(rule: str) -> None:
    assert refused(rule) == ""


def test_the_last_day_of_a_series_counts_and_its_end_is_by_the_clock_on_the_wall() -> None:
    assert days("FREQ=WEEKLY;UNTIL=20210930", 9)[-1] == "2021-09-30 13:00"
    assert days("FREQ=WEEKLY;UNTIL=20210930T110000Z", 9)[-1] == "2021-09-30 13:00"
    assert days("FREQ=WEEKLY;UNTIL=20210930T105959Z", 9)[-1] == "2021-09-23 13:00"


def test_a_series_in_the_hour_that_the_clocks_change_is_refused() -> None:
    march = datetime(2026, 3, 22, 2, 30, tzinfo=ZoneInfo(AMSTERDAM))
    assert refused("FREQ=WEEKLY;COUNT=3", march) == "clock_change"
    october = datetime(2026, 10, 18, 2, 30, tzinfo=ZoneInfo(AMSTERDAM))
    assert refused("FREQ=WEEKLY;COUNT=3", october) == "clock_change"
    assert refused("FREQ=WEEKLY;COUNT=3", october.replace(tzinfo=ZoneInfo("America/Curacao")), "America/Curacao") == ""


def test_a_rule_with_other_words_has_none_of_ours() -> None:
    assert pattern("FREQ=WEEKLY;BYDAY=TU,TH;COUNT=4") is None
    assert pattern("FREQ=YEARLY;COUNT=2") is None
    with pytest.raises(BadRule):
        pattern("elke week")


PARTS = st.sampled_from(
    ["FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=YEARLY", "FREQ=DAILY", "FREQ=", "COUNT=3", "COUNT=9999", "UNTIL=20220101",
     "UNTIL=99991231T235959Z", "UNTIL=00010101T000000Z", "INTERVAL=99", "BYDAY=TH", "BYDAY=5TH", "BYDAY=-5MO,1TU",
     "BYMONTHDAY=31", "BYMONTHDAY=-31", "BYMONTH=2", "BYSETPOS=-5", "BYSETPOS=5", "WKST=SU", "X=1", ";", "=", "é"]
)  # fmt: skip


@settings(deadline=2_000)  # a rule that never falls on a day is looked for until the year 9999
@given(st.one_of(st.text(), st.lists(PARTS, max_size=7).map(";".join)))
def test_no_rule_makes_it_stumble(rule: str) -> None:
    problems(rule, SEPTEMBER, AMSTERDAM)


def test_no_rule_takes_long() -> None:
    began = perf_counter()
    for rule in ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=9", "FREQ=DAILY;COUNT=9999", "B" * LONGEST_RULE * 99):
        problems(rule, SEPTEMBER, AMSTERDAM)
    assert perf_counter() - began < 5
