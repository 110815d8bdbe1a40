"""A series: made once, one session at a time, and never in a holiday without a word of the coordinator."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest

from bot.followup import Decision, Series, SeriesState
from bot.problem import Refused
from bot.programme import Role
from bot.worksessions import State, WorkSession
from handlers import followup
from playground.linter import lint_view, visible_texts
from storage import followup as memory
from storage import worksessions
from tests.handlers.house import TEAM, House, wall
from tests.handlers.polled import PUBLISHED, form, held, metadata, newest_form, people, press, texts, tick, view_of

THIRD = {
    "day": "2021-09-16", "start": "13:00", "end": "16:00", "rule": "monthly_weekday", "times": "4", "title": "",
    "channel": "CWS",
}  # fmt: skip


@pytest.fixture(params=["nl", "en"])
def house(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[House]:
    made = House(tmp_path, PUBLISHED, str(request.param))
    people(made)
    held(made)
    yield made
    made.database.close()


def check(house: House, user: str = "ineke", **fields: str) -> dict[str, Any]:
    press(house, "followup.series", user)
    return view_of(form(house, "followup.series", user, {"form": newest_form(house, user)}, {**THIRD, **fields}))


def make(house: House, decisions: dict[str, str] | None = None, **fields: str) -> Series:
    view = check(house, **fields)
    asked = {block["block_id"]: "skip" for block in view["blocks"] if block.get("block_id", "").startswith("decide:")}
    chosen = {**asked, **{f"decide:{day}": what for day, what in (decisions or {}).items()}}
    form(house, "followup.series_check", "ineke", metadata(view), chosen)
    (found,) = house.read(lambda db: memory.series.running(db, TEAM))
    return found


def sessions(house: House, series: Series) -> list[WorkSession]:
    return list(reversed(house.read(lambda db: worksessions.of_series(db, TEAM, series.id))))


def starts(house: House, series: Series) -> list[datetime]:
    return [each.starts_at for each in sessions(house, series)]


def over(house: House, session: WorkSession) -> None:
    tick(house, session.ends_at)


def words(house: House) -> Any:
    return house.world.words[house.settings.language]


def test_the_first_dates_stand_in_full_and_a_holiday_is_asked_about(house: House) -> None:
    view = check(house)
    for day in ((2021, 9, 16, 13), (2021, 10, 21, 13), (2021, 11, 18, 13), (2021, 12, 16, 13)):
        assert words(house).moment(wall(*day)) in texts(view)
    asked = [block["block_id"] for block in view["blocks"] if block.get("block_id", "").startswith("decide:")]
    assert asked == ["decide:2021-10-21"]
    assert "Herfstvakantie" in texts(view)


def test_only_the_next_session_is_made_and_the_following_when_it_is_over(house: House) -> None:
    series = make(house)
    assert starts(house, series) == [wall(2021, 9, 16, 13)]
    (first,) = sessions(house, series)
    assert (first.state, len(house.owed("followup.invitation"))) == (State.PLANNED, 1)
    assert house.read(lambda db: followup.next_due(db, wall(2021, 9, 16, 14))) == first.ends_at
    tick(house, first.ends_at.replace(minute=0) if first.ends_at.minute else first.starts_at)
    assert len(sessions(house, series)) == 1, "not before it is over"
    for _ in range(3):
        over(house, first)
    assert starts(house, series) == [wall(2021, 9, 16, 13), wall(2021, 11, 18, 13)], "October was left out"
    assert len(house.owed("followup.invitation")) == 2
    following = house.read(lambda db: worksessions.follower(db, TEAM, first.id))
    assert following is not None
    assert following.id == sessions(house, series)[1].id


def test_the_hour_stays_over_both_changes_of_clocks_and_the_series_ends(house: House) -> None:
    series = make(house, rule="monthly_date", day="2021-10-01", times="7")
    made = 0
    while made != len(sessions(house, series)):
        made = len(sessions(house, series))
        over(house, sessions(house, series)[-1])
    clocks = {f"{at.astimezone(ZoneInfo('Europe/Amsterdam')):%H:%M}" for at in starts(house, series)}
    assert clocks == {"13:00"}
    assert {at.hour for at in starts(house, series)} == {11, 12}, "an hour apart in UTC"
    assert house.read(lambda db: followup.next_due(db, house.clock.now())) is None


@pytest.mark.parametrize(
    ("decision", "held_on"),
    [(Decision.KEEP, wall(2021, 10, 21, 13)), (Decision.MOVE, wall(2021, 10, 28, 13))],
)
def test_a_date_in_a_holiday_is_held_all_the_same_or_a_week_later(
    house: House, decision: Decision, held_on: datetime
) -> None:
    series = make(house, {"2021-10-21": decision.value})
    over(house, sessions(house, series)[0])
    assert starts(house, series)[1] == held_on


def test_a_holiday_that_nobody_decided_about_is_asked_and_never_skipped_in_silence(house: House) -> None:
    view = check(house)
    form(house, "followup.series_check", "ineke", metadata(view), {})
    (series,) = house.read(lambda db: memory.series.running(db, TEAM))
    (first,) = sessions(house, series)
    for _ in range(3):
        over(house, first)
    assert len(sessions(house, series)) == 1
    (asked,) = house.owed("followup.series_ask")
    assert asked.user_id == "ineke"
    body = house.draw(asked, followup.MESSAGES)
    assert body is not None
    assert "Herfstvakantie" in "\n".join(visible_texts([block.to_dict() for block in body.blocks]))
    house.arrive("followup.series_ask")
    with pytest.raises(Refused, match="set_series"):
        press(house, "followup.series_decide", "noor", f"{series.id} 2021-10-21", "keep")
    for key in ("a:1", "a:1"):
        press(house, "followup.series_decide", "ineke", f"{series.id} 2021-10-21", "move", key=key)
    assert starts(house, series)[1] == wall(2021, 10, 28, 13)
    assert len(house.owed("followup.series_ask")) == 2, "the question says what was decided"
    with pytest.raises(Refused, match="series_decided"):
        press(house, "followup.series_decide", "ineke", f"{series.id} 2021-10-21", "keep", key="a:2")
    for value in (f"{series.id} 2021-10-22", f"{series.id} soon", "sr_9999 2021-10-21"):
        with pytest.raises(Refused):
            press(house, "followup.series_decide", "ineke", value, "keep")


def test_a_question_that_nobody_answered_before_the_date_lets_the_series_go_on(house: House) -> None:
    view = check(house)
    form(house, "followup.series_check", "ineke", metadata(view), {})
    (series,) = house.read(lambda db: memory.series.running(db, TEAM))
    over(house, sessions(house, series)[0])
    assert house.read(lambda db: followup.next_due(db, house.clock.now())) == wall(2021, 10, 21, 13)
    tick(house, wall(2021, 10, 21, 13))
    assert starts(house, series)[1] == wall(2021, 11, 18, 13)


def test_a_weeks_downtime_makes_only_the_next_session(house: House) -> None:
    series = make(house, rule="weekly", day="2021-09-09", times="10")
    tick(house, wall(2021, 9, 25, 9))
    assert starts(house, series) == [wall(2021, 9, 9, 13), wall(2021, 9, 30, 13)]


def test_a_stopped_series_makes_nothing_more_and_the_session_stays(house: House) -> None:
    series = make(house)
    for key in ("v:1", "v:1"):
        form(house, "followup.series_stop", "ineke", {"series": series.id, "version": "1"}, {}, key=key)
    over(house, sessions(house, series)[0])
    assert len(sessions(house, series)) == 1
    stopped = house.read(lambda db: memory.series.one(db, TEAM, series.id))
    assert stopped is not None
    assert stopped.state is SeriesState.STOPPED
    with pytest.raises(Refused, match="series_is_stopped"):
        press(house, "followup.series_change", "ineke", series.id)


def test_another_rhythm_leaves_the_session_that_is_there_and_goes_on_from_it(house: House) -> None:
    series = make(house)
    press(house, "followup.series_change", "ineke", series.id)
    weekly = {**THIRD, "day": "2021-09-23", "rule": "weekly", "times": "3"}
    view = view_of(form(house, "followup.series", "ineke", {"form": newest_form(house)}, weekly))
    form(house, "followup.series_check", "ineke", metadata(view), {})
    assert starts(house, series) == [wall(2021, 9, 16, 13)]
    over(house, sessions(house, series)[0])
    assert starts(house, series)[1] == wall(2021, 9, 23, 13)
    with pytest.raises(Refused, match="series_changed"):
        form(house, "followup.series_stop", "ineke", {"series": series.id, "version": "1"}, {})


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"times": "1"}, "times"),
        ({"times": "vaak"}, "times"),
        ({"rule": "sometimes"}, "rule"),
        ({"day": "2021-09-30"}, "rule"),
        ({"day": "2021-06-01"}, "day"),
        ({"day": "2021-10-24", "rule": "weekly", "start": "02:30"}, "rule"),
        ({"channel": ""}, "channel"),
    ],
)
def test_what_is_wrong_is_said_under_its_field(house: House, changed: dict[str, str], field: str) -> None:
    press(house, "followup.series", "ineke")
    ack = form(house, "followup.series", "ineke", {"form": newest_form(house)}, {**THIRD, **changed}).ack
    assert field in dict(ack or {})["errors"]


def test_only_a_coordinator_makes_a_series_and_made_up_ids_get_nowhere(house: House) -> None:
    with pytest.raises(Refused, match="set_series"):
        press(house, "followup.series", "noor")
    view = check(house)
    house.person("ineke", None, Role.PARTICIPANT)
    with pytest.raises(Refused, match="set_series"):
        form(house, "followup.series_check", "ineke", metadata(view), {})
    house.person("ineke", None, Role.COORDINATOR)
    for name in ("series_change", "series_stop", "series_file"):
        with pytest.raises(Refused, match="series_gone"):
            press(house, f"followup.{name}", "ineke", "sr_9999")
    with pytest.raises(Refused, match="form_gone"):
        form(house, "followup.series_check", "ineke", {"form": "fm_9999"}, {})


def test_the_whole_series_is_one_file_without_what_was_left_out_and_with_what_was_moved(house: House) -> None:
    series = make(house)
    (first,) = sessions(house, series)
    from bot.followup import version_of

    view = view_of(
        form(
            house,
            "followup.move",
            "ineke",
            {"session": first.id, "shown": version_of(first)},
            {"day": "2021-09-23", "start": "13:00", "end": "16:00", "reason": ""},
        )
    )
    form(house, "followup.move_check", "ineke", metadata(view), {})
    press(house, "followup.series_file", "noor", series.id, channel="CWS")
    (row,) = house.owed("followup.series_calendar")
    body = house.draw(row, followup.MESSAGES)
    assert body is not None
    assert body.file is not None
    master, other = icalendar.Calendar.from_ical(body.file).walk("VEVENT")
    assert master["RRULE"].to_ical() == b"FREQ=MONTHLY;COUNT=4;BYDAY=3TH"
    (left_out,) = master["EXDATE"].dts
    assert left_out.dt == wall(2021, 10, 21, 13)
    assert (other["RECURRENCE-ID"].dt, other["DTSTART"].dt) == (wall(2021, 9, 16, 13), wall(2021, 9, 23, 13))


def test_a_session_of_a_series_that_is_called_off_is_left_out_of_it_and_the_next_one_is_made(house: House) -> None:
    series = make(house)
    (first,) = sessions(house, series)
    from bot.followup import version_of

    form(house, "followup.cancel", "ineke", {"session": first.id, "shown": version_of(first)}, {"reason": ""})
    tick(house, wall(2021, 7, 1, 9))
    standing = [each for each in sessions(house, series) if each.state is State.PLANNED]
    assert [each.starts_at for each in standing] == [wall(2021, 11, 18, 13)]


def test_the_forms_and_the_home_keep_within_the_limits(house: House) -> None:
    from datetime import time, timedelta

    from bot.followup import Hours
    from handlers.views import followup_series as views

    series = make(house, title="T" * 100)
    hours = Hours(time(13), timedelta(hours=3))
    view = views.series_form("fm", hours, "T" * 100, "CWS", "elke donderdag " * 12, series, words(house)).to_dict()
    assert lint_view(view) == []
    assert lint_view(views.stop_form(series, words(house)).to_dict()) == []
    for draw in house.read(lambda db: followup.running(db, TEAM, house.clock.now())):
        assert lint_view({"type": "home", "blocks": [block.to_dict() for block in draw(words(house))]}) == []
    view = check(house, rule="weekly", times="60")
    assert len(view["blocks"]) <= 100


def test_where_schools_have_their_holidays_is_kept_and_only_changed_by_who_may(house: House) -> None:
    from storage import programme

    press(house, "followup.holidays", "ineke")
    one, two = house.read(lambda db: programme.regions(db, TEAM))
    fields = {f"holidays:{one.id}": "unknown", f"holidays:{two.id}": "Zuid", "holidays:rg_9999": "Zuid"}
    form(house, "followup.holidays", "ineke", {}, fields)
    assert [each.holidays for each in house.read(lambda db: programme.regions(db, TEAM))] == ["", "Zuid"]
    with pytest.raises(Refused, match="set_holidays"):
        press(house, "followup.holidays", "noor")
    with pytest.raises(Refused, match="set_holidays"):
        form(house, "followup.holidays", "noor", {}, fields)
