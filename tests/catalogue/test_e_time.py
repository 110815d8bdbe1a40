"""Time as rules see it: each week has its one turn, whatever the clocks, zones and calendars of that week do."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot import recurrence
from bot.calendar import (
    WeeklyRule,
    at_clock,
    due,
    is_dutch_holiday,
    last_sending_time,
    newest,
    next_after,
    next_sending_time,
    occurrences,
    period_key,
    working_day_before,
)
from handlers.words import catalogues
from tests.conftest import ROOT

ZONES = (
    "Europe/Amsterdam", "Europe/London", "America/New_York", "America/Sao_Paulo", "Asia/Tokyo", "Asia/Kolkata",
    "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Apia", "America/St_Johns", "UTC",
)  # fmt: skip
BOTH_DAYS = ((3, -1), (10, -1))
"""The months in whose last Sunday the clocks of Europe change."""


def last_sunday(year: int, month: int) -> date:
    after = date(year + month // 12, month % 12 + 1, 1)
    return after - timedelta(days=(after.weekday() + 1) % 7 or 7)


def test_e1_every_monday_at_nine_comes_once_in_each_week_of_six_years(cases: Callable[[int], None]) -> None:
    for zone in ZONES:
        rule = WeeklyRule(0, "09:00", zone)
        begin, end = at_clock(date(2024, 12, 29), "00:00", zone), at_clock(date(2030, 12, 31), "23:59", zone)
        turns = list(occurrences(rule, begin, end))
        local = [turn.astimezone(ZoneInfo(zone)) for turn in turns]
        assert {(each.weekday(), each.hour, each.minute) for each in local} == {(0, 9, 0)}
        keys = [period_key(turn, zone) for turn in turns]
        assert len(set(keys)) == len(keys)
        assert keys[0] == "2025-W01" and keys[-1] == "2031-W01"
        assert "2026-W53" in keys and "2027-W53" not in keys
        assert {each.date() for each in local} == {date(2024, 12, 30) + timedelta(weeks=n) for n in range(len(turns))}
        taken: datetime | None = None
        for turn in turns:  # a bot that ticks a minute later finds exactly this one
            (found,) = due(rule, taken, turn + timedelta(minutes=1))
            assert (found.at, found.skipped) == (turn, False)
            assert due(rule, turn, turn + timedelta(minutes=1), taken=found.period) == []
            taken = turn
        cases(len(turns))


def test_e2_a_rule_in_the_hour_that_changes_has_one_turn_and_a_form_refuses_it(cases: Callable[[int], None]) -> None:
    zone = "Europe/Amsterdam"
    for year in range(2025, 2031):
        for month, _ in BOTH_DAYS:
            day = last_sunday(year, month)
            assert day.weekday() == 6 and (day + timedelta(days=7)).month != month
            for clock in ("02:00", "02:30", "02:59"):
                rule = WeeklyRule(6, clock, zone)
                begin = at_clock(day - timedelta(days=1), "12:00", zone)
                inside = list(occurrences(rule, begin, begin + timedelta(days=1)))
                assert len(inside) == 1
                done, at = [], begin
                while at < begin + timedelta(days=2):  # tick by tick through both hours
                    done += due(rule, done[-1].at if done else newest(rule, begin), at)
                    at += timedelta(minutes=15)
                assert [turn.at for turn in done] == inside
            first = at_clock(day - timedelta(days=7), "02:30", zone)
            weekly = recurrence.rule_of(recurrence.Kind.WEEKLY, day - timedelta(days=7), 3)
            refused = [each.key for each in recurrence.problems(weekly, first, zone)]
            assert refused == ["recurrence.problem.clock_change"]
            cases(1)


def test_e6_a_rule_that_changes_in_mid_week_leaves_each_week_one_turn(cases: Callable[[int], None]) -> None:
    """The bot ticks every hour for three weeks; in the second its rule becomes another one."""
    begin = datetime(2026, 3, 1, 12, tzinfo=UTC)  # a Sunday, after every turn of that week
    for before, after in (
        ((4, "09:00", "Europe/Amsterdam"), (0, "09:00", "Europe/Amsterdam")),
        ((0, "09:00", "Europe/Amsterdam"), (4, "09:00", "Europe/Amsterdam")),
        ((1, "09:00", "Europe/Amsterdam"), (1, "09:00", "America/New_York")),
        ((1, "09:00", "Pacific/Auckland"), (1, "09:00", "America/New_York")),
        ((6, "23:30", "UTC"), (6, "23:30", "Europe/Amsterdam")),
        ((0, "00:30", "Europe/Amsterdam"), (0, "00:30", "UTC")),
    ):
        for hours in (62, 86, 100, 150):
            old, new = WeeklyRule(*before), WeeklyRule(*after)
            changed = begin + timedelta(days=7, hours=hours)
            turns = []
            last, period = newest(old, begin), period_key(newest(old, begin), old.zone)
            taken = {period}
            for hour in range(24 * 28):
                now = begin + timedelta(hours=hour)
                rule = new if now >= changed else old
                for turn in due(rule, last, now, taken=period, awake_since=begin):
                    if turn.period not in taken and not turn.skipped:
                        taken.add(turn.period)
                        turns.append(turn)
                        last, period = turn.at, turn.period
            whole = [f"2026-W{week:02}" for week in (10, 11, 12)]
            assert sorted({turn.period for turn in turns} & set(whole)) == whole, (before, after, hours)
            cases(1)


def _python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    known = {**os.environ, **environment}
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, cwd=ROOT, env=known, timeout=60)


def test_e7_zones_are_known_on_a_computer_that_has_none(cases: Callable[[int], None]) -> None:
    """The data of the zones comes with Oogst; TZ, unset or nonsense, is never asked."""
    code = (
        "from bot.calendar import *; from datetime import date;"
        "print(at_clock(date(2026, 7, 1), '09:00', 'Europe/Amsterdam').isoformat())"
    )
    for zone in ("", "Nowhere/Atall"):
        found = _python("-c", code, PYTHONTZPATH="", TZ=zone)
        assert found.stdout.strip() == "2026-07-01T07:00:00+00:00", found.stderr
        cases(1)


def test_e7_a_zone_that_nobody_knows_stops_with_one_line(cases: Callable[[int], None]) -> None:
    found = _python(
        "-m", "handlers.terminal", "run",
        OOGST_TIMEZONE="Europe/Atlantis", SLACK_BOT_TOKEN="xoxb-1", SLACK_APP_TOKEN="xapp-1",
    )  # fmt: skip
    assert found.returncode == 78, (found.returncode, found.stderr)
    assert "Traceback" not in found.stderr and "OOGST_TIMEZONE" in found.stdout + found.stderr
    cases(1)


def test_e8_leap_days_and_last_days_have_names_and_turns(cases: Callable[[int], None]) -> None:
    zone = "Europe/Amsterdam"
    days = (
        date(2024, 2, 29), date(2028, 2, 29), date(2025, 2, 28), date(2024, 12, 31), date(2026, 12, 31),
        date(2027, 1, 1), date(2025, 1, 1), date(2026, 1, 1), date(2020, 12, 31), date(2021, 1, 3),
        date(2026, 3, 29), date(2026, 10, 25), date(2100, 2, 28), date(1999, 12, 31), date(2000, 2, 29),
    )  # fmt: skip
    spoken = list(catalogues(zone).values())
    for day in days:
        nine = at_clock(day, "09:00", zone)
        rule = WeeklyRule(day.weekday(), "09:00", zone)
        assert newest(rule, nine) == nine and next_after(rule, nine) == at_clock(day + timedelta(days=7), "09:00", zone)
        assert period_key(nine, zone) == f"{day.isocalendar().year}-W{day.isocalendar().week:02}"
        before = working_day_before(day, is_dutch_holiday)
        assert before < day and before.weekday() < 5
        assert (
            last_sending_time(nine, zone, is_dutch_holiday) <= nine <= next_sending_time(nine, zone, is_dutch_holiday)
        )
        for words in spoken:
            for said in (words.date(day), words.day(day), words.moment(nine), words.weekday(day)):
                assert said and "None" not in said
            assert str(day.day) in words.date(day)
        cases(1)
