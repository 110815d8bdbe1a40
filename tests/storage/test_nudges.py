"""Automatic messages on a real database: two a week, in sending hours, not in a pause, and none after the answer."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.delivery import RowState
from bot.nudges import Room
from storage import delivery, nudges, programme
from tests.handlers.house import TEAM, House, wall

ZONE = "Europe/Amsterdam"
TUESDAY = wall(2021, 6, 15, 10)
DAY = timedelta(days=1)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, TUESDAY)
    made.person("sanne")
    made.person("noor")
    yield made
    made.database.close()


def plan(house: House, key: str, at: datetime = TUESDAY, user: str = "sanne", **more: Any) -> bool:
    return house.write(
        lambda db: nudges.plan_nudge(
            db, team=TEAM, key=key, kind="k", arguments={}, user=user, zone=ZONE, now=at, **more
        )
    )  # fmt: skip


def leaves(house: House) -> list[tuple[str, datetime]]:
    return [(row.key, row.not_before) for row in house.owed("k") if row.state == RowState.PLANNED]


def send(house: House, at: datetime) -> list[str]:
    """What the courier does when it looks at the outbox: hold what must not leave, send the rest."""
    house.at(at)

    def work(db: Any) -> list[str]:
        gone = []
        for parcel in delivery.due(db, at, at):
            if not nudges.hold(db, parcel, at):
                delivery.claim(db, parcel.id, parcel.attempt, at, at)
                delivery.record_sent(db, parcel.id, parcel.attempt + 1, "1.1", "D1", at)
                gone.append(parcel.key)
        return gone

    return house.write(work)


def test_a_third_one_in_a_week_is_not_owed_to_the_same_person(house: House) -> None:
    assert [plan(house, key) for key in ("a", "b", "c")] == [True, True, False]
    assert plan(house, "a") is True, "what was planned before is planned"
    assert plan(house, "d", user="noor") is True
    assert plan(house, "e", TUESDAY + timedelta(days=7)) is False, "the two that still wait leave now at the earliest"
    assert send(house, TUESDAY) == ["a", "d"]
    send(house, TUESDAY)
    assert plan(house, "f", TUESDAY + timedelta(days=7)) is True


def test_what_had_nothing_to_say_leaves_room_for_another_one(house: House) -> None:
    plan(house, "k:im_1:a")
    plan(house, "k:im_2:a")
    assert plan(house, "k:im_3:a") is False
    assert house.write(lambda db: nudges.drop(db, TEAM, "k", "im_1")) == 1
    assert plan(house, "k:im_3:a") is True
    assert [key for key, _ in leaves(house)] == ["k:im_2:a", "k:im_3:a"]


def test_one_that_would_come_too_late_is_not_owed(house: House) -> None:
    evening = wall(2021, 6, 15, 19)
    assert plan(house, "a", evening, not_after=wall(2021, 6, 16, 8, 30)) is False
    assert plan(house, "a", evening, not_after=wall(2021, 6, 16, 8, 31)) is True


def test_after_a_night_without_the_bot_nothing_leaves_before_the_morning(house: House) -> None:
    plan(house, "a")
    assert send(house, wall(2021, 6, 16, 3)) == []
    assert leaves(house) == [("a", wall(2021, 6, 16, 8, 30))]
    assert send(house, wall(2021, 6, 16, 8, 30)) == ["a"]


def test_after_a_week_without_the_bot_the_ones_that_waited_do_not_make_three_in_a_week(house: House) -> None:
    plan(house, "a")
    plan(house, "b", TUESDAY + DAY)
    plan(house, "c", TUESDAY, not_before=TUESDAY + 8 * DAY)
    back = TUESDAY + 9 * DAY
    gone = [key for _ in range(3) for key in send(house, back)]
    assert len(gone) == 2, "one is dropped, and waits on the Home"


def test_who_wants_quiet_gets_nothing_until_then_and_what_waited_comes_afterwards(house: House) -> None:
    plan(house, "a", TUESDAY, not_before=TUESDAY + DAY)
    plan(house, "b", TUESDAY, not_before=TUESDAY + DAY, not_after=TUESDAY + 2 * DAY)
    monday = wall(2021, 6, 21, 0)
    house.write(lambda db: nudges.pause(db, TEAM, "sanne", monday, ZONE, TUESDAY))
    assert leaves(house) == [("a", wall(2021, 6, 21, 8, 30))], "the other one is of no use by then"
    assert plan(house, "c", TUESDAY, not_after=monday) is False
    assert plan(house, "d", TUESDAY) is True
    assert {at for _, at in leaves(house)} == {wall(2021, 6, 21, 8, 30)}
    assert house.read(lambda db: programme.member(db, TEAM, "sanne")).quiet_until == monday


def test_who_ends_the_pause_early_gets_at_once_what_waited_for_its_end(house: House) -> None:
    monday = wall(2021, 6, 21, 0)
    house.write(lambda db: nudges.pause(db, TEAM, "sanne", monday, ZONE, TUESDAY))
    plan(house, "a")
    plan(house, "later", TUESDAY, not_before=wall(2021, 6, 23, 9))
    house.write(lambda db: nudges.pause(db, TEAM, "sanne", None, ZONE, TUESDAY + DAY))
    assert leaves(house) == [("a", TUESDAY + DAY), ("later", wall(2021, 6, 23, 9))]
    assert house.read(lambda db: programme.member(db, TEAM, "sanne")).quiet_until is None


def test_the_pause_ends_by_itself(house: House) -> None:
    house.write(lambda db: nudges.pause(db, TEAM, "sanne", wall(2021, 6, 16, 0), ZONE, TUESDAY))
    assert plan(house, "a", TUESDAY + DAY) is True
    assert leaves(house) == [("a", TUESDAY + DAY)]


def test_the_board_is_told_who_can_still_be_reminded(house: House) -> None:
    def rooms(at: datetime) -> dict[str, Room]:
        return house.read(lambda db: nudges.rooms(db, TEAM, ["sanne", "noor"], ZONE, at))

    plan(house, "a")
    assert rooms(TUESDAY) == {"sanne": Room.FREE, "noor": Room.FREE}
    plan(house, "b")
    house.write(lambda db: nudges.pause(db, TEAM, "noor", wall(2021, 6, 16, 0), ZONE, TUESDAY))
    assert rooms(TUESDAY) == {"sanne": Room.SPENT, "noor": Room.QUIET}
    send(house, TUESDAY)
    send(house, TUESDAY)
    assert rooms(TUESDAY + 7 * DAY) == {"sanne": Room.FREE, "noor": Room.FREE}


def test_in_the_school_holidays_of_their_region_somebody_is_left_alone(house: House) -> None:
    region = house.region("Haaglanden")
    house.person("lotte", region)
    house.write(lambda db: programme.set_holidays(db, TEAM, region, "Midden"))
    summer = wall(2021, 7, 19, 10)
    house.at(summer)
    assert plan(house, "a", summer, "lotte") and plan(house, "b", summer, "noor")
    assert leaves(house) == [("a", wall(2021, 8, 30, 8, 30)), ("b", summer)]
    assert plan(house, "c", summer, "lotte", not_after=wall(2021, 8, 20, 9)) is False
