"""Nobody gets more than two automatic messages a week, and none outside sending hours."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import is_dutch_holiday
from bot.nudges import MOST, WEEK, nudge_at

ZONE = "Europe/Amsterdam"
TUESDAY = datetime(2021, 6, 15, 10, tzinfo=UTC)


def at(wanted: datetime, *had: datetime) -> datetime | None:
    return nudge_at(wanted, had, ZONE, is_dutch_holiday)


def test_in_sending_hours_it_leaves_at_once_and_at_night_in_the_morning() -> None:
    assert at(TUESDAY) == TUESDAY
    assert at(TUESDAY.replace(hour=20)) == datetime(2021, 6, 16, 6, 30, tzinfo=UTC)


def test_a_third_one_within_a_week_is_not_sent_whichever_side_the_others_are_on() -> None:
    assert at(TUESDAY, TUESDAY - timedelta(days=1), TUESDAY - timedelta(days=2)) is None
    assert at(TUESDAY, TUESDAY - timedelta(days=1), TUESDAY + timedelta(days=1)) is None
    assert at(TUESDAY, TUESDAY - timedelta(days=6), TUESDAY + timedelta(days=6)) == TUESDAY
    assert at(TUESDAY, TUESDAY - timedelta(days=1), TUESDAY - WEEK) == TUESDAY


@given(st.lists(st.integers(0, 24 * 60), max_size=40))
def test_no_seven_days_ever_hold_more_than_two(hours: list[int]) -> None:
    had: list[datetime] = []
    for wanted in hours:
        found = at(TUESDAY + timedelta(hours=wanted), *had)
        had += [found] if found else []
    for first in had:
        assert sum(first <= other < first + WEEK for other in had) <= MOST
