from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calendar import (
    SCHOOL_REGIONS,
    Holidays,
    WeeklyRule,
    at_clock,
    due,
    holidays_on,
    is_dutch_holiday,
    newest,
    next_after,
    occurrences,
    period_key,
    school_holidays_known_until,
    working_day_before,
)

AMSTERDAM = "Europe/Amsterdam"
TUESDAY = WeeklyRule(1, "09:00", AMSTERDAM)
ZONES = [AMSTERDAM, "America/Curacao", "Pacific/Auckland", "America/New_York", "UTC", "Asia/Kathmandu",
         "Asia/Tokyo", "Europe/Lisbon", "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Kiritimati",
         "Africa/Casablanca"]  # fmt: skip
ANY_ZONE = st.sampled_from(ZONES)
MOMENTS = st.integers(0, 6 * 365 * 86_400).map(lambda seconds: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(0, seconds))
RULES = st.builds(
    WeeklyRule,
    st.integers(0, 6),
    st.times().map(lambda t: f"{t:%H:%M}"),
    ANY_ZONE,
)


def local(*at: int, zone: str = AMSTERDAM) -> datetime:
    return datetime(*at, tzinfo=ZoneInfo(zone))  # type: ignore[arg-type, misc] - a star of ints fits


def every_turn(rule: WeeklyRule) -> list[datetime]:
    return list(occurrences(rule, local(2024, 12, 30, zone=rule.zone), local(2031, 1, 1, zone=rule.zone)))


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("weekday", [0, 1])
def test_there_is_one_turn_at_nine_in_every_week_of_six_years(zone: str, weekday: int) -> None:
    turns = every_turn(WeeklyRule(weekday, "09:00", zone))
    weeks = Counter(period_key(turn, zone) for turn in turns)
    assert set(weeks.values()) == {1}
    assert "2026-W53" in weeks
    assert all(f"{turn.astimezone(ZoneInfo(zone)):%w %H:%M}" == f"{weekday + 1} 09:00" for turn in turns)
    first, last = date(2024, 12, 30), date(2030, 12, 30)
    assert len(turns) in ((last - first).days // 7, (last - first).days // 7 + 1)


@pytest.mark.parametrize("year", range(2025, 2031))
def test_a_turn_in_the_hour_that_the_clocks_change_comes_once(year: int) -> None:
    night = WeeklyRule(6, "02:30", AMSTERDAM)
    turns = [turn.astimezone(ZoneInfo(AMSTERDAM)) for turn in every_turn(night) if turn.year == year]
    weeks = Counter(period_key(turn, AMSTERDAM) for turn in turns)
    assert set(weeks.values()) == {1}
    assert len(turns) in (52, 53)
    skipped = [turn for turn in turns if f"{turn:%H:%M}" != "02:30"]
    assert [(turn.month, f"{turn:%H:%M}") for turn in skipped] == [(3, "03:30")]


@given(rule=RULES, now=MOMENTS)
def test_the_next_turn_is_later_and_the_newest_is_not_and_nothing_lies_between(rule: WeeklyRule, now: datetime) -> None:
    before, after = newest(rule, now), next_after(rule, now)
    assert before <= now < after
    assert next_after(rule, before) == after
    assert timedelta(days=6, hours=22) <= after - before <= timedelta(days=7, hours=2)


@given(rule=RULES, now=MOMENTS, ticks=st.lists(st.integers(-7200, 90_000), max_size=40))
def test_however_the_clock_jumps_no_week_is_done_twice(rule: WeeklyRule, now: datetime, ticks: list[int]) -> None:
    since, taken = None, Counter[str]()
    for seconds in ticks:
        now += timedelta(seconds=seconds)
        for turn in due(rule, since, now):
            if turn.period not in taken:  # what the table of periods does
                taken[turn.period] += 1
                since = turn.at
    assert all(number == 1 for number in taken.values())


@given(rule=RULES, now=MOMENTS, days=st.integers(0, 200))
def test_after_a_gap_at_most_the_newest_turn_is_done(rule: WeeklyRule, now: datetime, days: int) -> None:
    turns = due(rule, newest(rule, now), now + timedelta(days=days))
    assert all(turn.skipped for turn in turns[:-1])
    if turns:
        assert turns[-1].skipped == (now + timedelta(days=days) - turns[-1].at > timedelta(hours=48))


@pytest.mark.parametrize(
    ("down", "done", "skipped"),
    [
        (timedelta(minutes=5), 1, 0),
        (timedelta(hours=47), 1, 0),
        (timedelta(hours=48), 1, 0),
        (timedelta(hours=49), 0, 1),
        (timedelta(days=8), 1, 1),
        (timedelta(days=60), 0, 9),
    ],
)
def test_after_downtime_only_the_newest_week_is_done_and_only_within_two_days(
    down: timedelta, done: int, skipped: int
) -> None:
    turns = due(TUESDAY, local(2021, 6, 15, 9), local(2021, 6, 22, 9) + down)
    assert sum(not turn.skipped for turn in turns) == done
    assert sum(turn.skipped for turn in turns) == skipped


def test_a_region_that_moves_its_hour_later_in_the_week_has_had_its_turn() -> None:
    taken = local(2021, 6, 22, 9)
    thursday = WeeklyRule(3, "09:00", AMSTERDAM)
    assert due(thursday, taken, local(2021, 6, 25, 9)) == []
    assert [turn.period for turn in due(thursday, taken, local(2021, 7, 1, 9))] == ["2021-W26"]


def test_a_rule_without_a_past_starts_with_its_newest_turn() -> None:
    assert [turn.at for turn in due(TUESDAY, None, local(2021, 6, 23, 8))] == [local(2021, 6, 22, 9)]
    assert [turn.skipped for turn in due(TUESDAY, None, local(2021, 6, 25, 8))] == [True]


@pytest.mark.parametrize(
    ("moment", "week"),
    [
        (local(2020, 12, 31, 23, 59), "2020-W53"),
        (local(2021, 1, 3, 23, 59), "2020-W53"),
        (local(2021, 1, 4, 0, 0), "2021-W01"),
        (local(2024, 2, 29, 12), "2024-W09"),
        (local(2024, 12, 31, 12), "2025-W01"),
        (datetime(2021, 1, 3, 23, 30, tzinfo=UTC), "2021-W01"),
    ],
)
def test_the_week_is_that_of_the_clock_on_the_wall(moment: datetime, week: str) -> None:
    assert period_key(moment, AMSTERDAM) == week


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2021, 9, 16), date(2021, 9, 15)),
        (date(2021, 9, 13), date(2021, 9, 10)),
        (date(2021, 5, 14), date(2021, 5, 12)),
        (date(2021, 5, 25), date(2021, 5, 21)),
        (date(2021, 12, 27), date(2021, 12, 24)),
        (date(2022, 1, 3), date(2021, 12, 31)),
        (date(2024, 3, 1), date(2024, 2, 29)),
        (date(2021, 4, 28), date(2021, 4, 26)),
    ],
)
def test_the_working_day_before_passes_over_weekends_and_holidays(day: date, before: date) -> None:
    assert working_day_before(day, is_dutch_holiday) == before


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_the_working_day_before_is_a_working_day(day: date) -> None:
    found = working_day_before(day, is_dutch_holiday)
    assert found < day
    assert found.weekday() < 5
    assert not is_dutch_holiday(found)


def test_a_clock_time_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError):
        at_clock(date(2021, 6, 22), "25:00", AMSTERDAM)


# School holidays


@pytest.mark.parametrize(
    ("region", "first", "last"),
    [  # as the ministry publishes them: https://www.rijksoverheid.nl/onderwerpen/schoolvakanties
        ("Noord", date(2026, 10, 10), date(2026, 10, 18)),
        ("Midden", date(2026, 10, 17), date(2026, 10, 25)),
        ("Zuid", date(2026, 10, 17), date(2026, 10, 25)),
        ("Noord", date(2026, 7, 4), date(2026, 8, 16)),
        ("Midden", date(2026, 7, 18), date(2026, 8, 30)),
        ("Zuid", date(2026, 7, 11), date(2026, 8, 23)),
        ("Zuid", date(2026, 2, 14), date(2026, 2, 22)),
        ("Noord", date(2026, 2, 21), date(2026, 3, 1)),
    ],
)
def test_school_holidays_are_those_of_the_region(region: str, first: date, last: date) -> None:
    assert holidays_on(first, region).school
    assert holidays_on(first + (last - first) / 2, region).school == holidays_on(first, region).school
    assert holidays_on(last, region).school == holidays_on(first, region).school
    assert not holidays_on(first - timedelta(days=1), region).school
    assert not holidays_on(last + timedelta(days=1), region).school


def test_without_a_region_the_school_holidays_of_all_three_count() -> None:
    assert holidays_on(date(2026, 10, 12)) == Holidays(school=("Herfstvakantie",))
    assert holidays_on(date(2026, 10, 12), "Zuid") == Holidays()
    assert holidays_on(date(2021, 9, 16)) == Holidays()


def test_a_public_holiday_in_a_school_holiday_is_both_and_has_its_dutch_name() -> None:
    assert holidays_on(date(2027, 4, 27), "Zuid") == Holidays(("Koningsdag",), ("Meivakantie",))
    assert holidays_on(date(2021, 5, 13), "Zuid").public == ("Hemelvaartsdag",)
    assert holidays_on(date(2025, 5, 5)).public == ("Bevrijdingsdag",)
    assert holidays_on(date(2026, 5, 5)).public == ()


def test_a_region_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="Noord, Midden, Zuid"):
        holidays_on(date(2026, 10, 12), "Limburg")


def test_it_is_known_how_far_the_school_holidays_go() -> None:
    known = school_holidays_known_until()
    assert known >= date(2030, 8, 18), "the installed `holidays` knows less than it did"
    assert known < date(2100, 1, 1)
    assert holidays_on(known, "Noord").school, "the summer of the last year is still known"
    after = [holidays_on(date(known.year + 2, month, 15)) for month in range(1, 13)]
    assert not any(found.school for found in after)


@given(st.dates(date(1970, 1, 1), date(2098, 1, 1)), st.sampled_from([None, *SCHOOL_REGIONS]))
@settings(max_examples=60, deadline=2_000)
def test_any_day_can_be_asked_about(day: date, region: str | None) -> None:
    found = holidays_on(day, region)
    assert bool(found.public) == is_dutch_holiday(day)
    if day > school_holidays_known_until() + timedelta(days=150):
        assert not found.school
