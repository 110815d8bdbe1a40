"""Moments at which a group is asked for its impression: kindly, in sending hours, twice at most."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import SENDING_HOURS, is_dutch_holiday
from bot.prompting import EARLY, REST, Asked, Prompts, Rung, asked_of, days_missing, first_of, is_missing, prompts
from bot.selection import Group
from bot.worksessions import State, WorkSession

ZONE = ZoneInfo("Europe/Amsterdam")
DAY = timedelta(days=1)


def wall(*at: int) -> datetime:
    year, month, day, hour, minute = (*at, 0, 0)[:5]
    return datetime(year, month, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def session(ends: datetime, channel: str = "C1", state: State = State.GROUPED) -> WorkSession:
    begins = ends - timedelta(hours=3)
    return WorkSession("ws", "T1", "Werksessie", channel, begins, ends, None, "Europe/Amsterdam", state, "ineke")


def moments(ends: datetime, first: datetime | None = None) -> Prompts:
    return prompts(session(ends), is_dutch_holiday, first)


@pytest.mark.parametrize(
    ("case", "ends", "ask", "again", "board"),
    [
        ("an afternoon", (2021, 6, 15, 16), (2021, 6, 15, 15, 45), (2021, 6, 16, 16), (2021, 6, 18, 16)),
        ("the day's end", (2021, 6, 15, 17, 45), (2021, 6, 16, 8, 30), (2021, 6, 17, 8, 30), (2021, 6, 18, 17, 45)),
        ("an evening", (2021, 6, 15, 21), (2021, 6, 16, 8, 30), (2021, 6, 17, 8, 30), (2021, 6, 18, 21)),
        ("a Friday", (2021, 6, 18, 16), (2021, 6, 18, 15, 45), (2021, 6, 21, 8, 30), (2021, 6, 22, 8, 30)),
        ("a Saturday", (2021, 6, 19, 16), (2021, 6, 21, 8, 30), (2021, 6, 22, 8, 30), (2021, 6, 23, 8, 30)),
        ("a Sunday", (2021, 6, 20, 16), (2021, 6, 21, 8, 30), (2021, 6, 22, 8, 30), (2021, 6, 23, 16)),
        ("before Easter", (2021, 4, 1, 16), (2021, 4, 1, 15, 45), (2021, 4, 6, 8, 30), (2021, 4, 7, 8, 30)),
        ("a night session", (2021, 6, 15, 3), (2021, 6, 15, 8, 30), (2021, 6, 16, 8, 30), (2021, 6, 18, 3)),
        ("summer time ends", (2021, 10, 29, 16), (2021, 10, 29, 15, 45), (2021, 11, 1, 8, 30), (2021, 11, 2, 8, 30)),
    ],
)
def test_it_is_asked_before_the_end_once_more_a_day_later_and_then_stands_on_the_board(
    case: str, ends: tuple[int, ...], ask: tuple[int, ...], again: tuple[int, ...], board: tuple[int, ...]
) -> None:
    found = moments(wall(*ends))
    assert (found.ask, found.again, found.board) == (wall(*ask), wall(*again), wall(*board)), case


def test_the_second_question_keeps_its_distance_from_when_the_first_one_really_left() -> None:
    late = wall(2021, 6, 16, 14)
    assert moments(wall(2021, 6, 15, 16), late).again == wall(2021, 6, 17, 10)


def test_after_downtime_only_the_newest_question_is_due_and_none_once_the_board_has_it() -> None:
    found = moments(wall(2021, 6, 15, 16))
    assert found.due(found.ask - timedelta(seconds=1)) is None
    assert found.due(found.ask) is Rung.ASK
    assert found.due(found.again) is Rung.AGAIN
    assert found.due(found.board) is None


def test_the_clock_is_told_exactly_when_there_is_something_to_ask() -> None:
    found = moments(wall(2021, 6, 15, 16))
    early = found.ask - DAY
    assert found.next(early, ()) == found.ask
    assert found.next(found.ask, ()) == found.ask
    assert found.next(found.ask, {Rung.ASK}) == found.again
    assert found.next(found.again, {Rung.ASK}) == found.again
    assert found.next(found.again, {Rung.ASK, Rung.AGAIN}) is None
    assert found.next(found.board, ()) is None


@given(
    st.integers(0, 5 * 365 * 24 * 4).map(lambda quarters: wall(2021, 1, 1) + quarters * EARLY),
    st.none() | st.integers(0, 20 * 24),
)
def test_both_questions_always_fall_in_sending_hours_apart_from_each_other(ends: datetime, hours: int | None) -> None:
    planned = moments(ends)
    first = planned.ask if hours is None else planned.ask + timedelta(hours=hours)
    found = moments(ends, first)
    for at in (found.ask, found.again):
        local = at.astimezone(ZONE)
        assert local.weekday() < 5 and not is_dutch_holiday(local.date())
        assert SENDING_HOURS[0] <= f"{local:%H:%M}" < SENDING_HOURS[1]
        assert at >= ends - EARLY
    assert found.again - first >= REST
    assert found.ask < found.again < found.board


def never(day: date) -> bool:
    return False


@pytest.mark.parametrize("holiday", [never, is_dutch_holiday])
def test_each_moment_is_later_than_the_one_before(holiday: Callable[[date], bool]) -> None:
    for day in range(366):
        found = prompts(session(wall(2021, 1, 1, 16) + day * DAY), holiday)
        assert found.ask < found.again < found.board


def test_who_leads_is_asked_else_who_takes_notes_else_nobody() -> None:
    group = Group("gr", "ws", 1, (), "sanne", ("noor",), "lotte")
    here = session(wall(2021, 6, 15, 16))
    assert asked_of(here, group) == "sanne"
    assert asked_of(here, group, {"sanne"}) == "lotte"
    assert asked_of(here, Group("gr", "ws", 1, (), None, ("noor",), "lotte")) == "lotte"
    assert asked_of(here, Group("gr", "ws", 1, (), None, ("noor",))) is None


def test_of_a_practice_session_only_who_practises_is_asked() -> None:
    practice = session(wall(2021, 6, 15, 16), channel="D1")
    assert asked_of(practice, Group("gr", "ws", 1, (), "sanne")) is None
    assert asked_of(practice, Group("gr", "ws", 1, (), "ineke")) == "ineke"


def test_nothing_is_missing_before_a_session_began_or_when_it_is_not_held() -> None:
    here = session(wall(2021, 6, 15, 16))
    assert not is_missing(here, False, here.starts_at - timedelta(minutes=1))
    assert is_missing(here, False, here.starts_at)
    assert not is_missing(here, True, here.ends_at)
    assert not is_missing(session(here.ends_at, state=State.CLOSING), False, here.ends_at)


def test_the_board_counts_days_from_the_third_on() -> None:
    here = session(wall(2021, 6, 15, 16))
    assert [days_missing(here, here.ends_at + n * DAY) for n in (0, 2, 3, 5)] == [0, 0, 3, 5]


def test_a_new_facilitator_has_their_own_first_time() -> None:
    asked = [Asked("gr", "sanne", wall(2021, 6, 15, 15, 45), Rung.ASK), Asked("gr", "lotte", wall(2021, 6, 16, 9))]
    assert first_of(asked, "sanne") == wall(2021, 6, 15, 15, 45)
    assert first_of(asked, "noor") is None
