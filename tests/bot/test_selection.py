import random
from datetime import UTC, datetime, timedelta

import pytest

from bot.problem import Refused
from bot.selection import Pick, Wish, choose, close
from bot.worksessions import State, Topic, WorkSession

STARTS = datetime(2021, 6, 17, 11, tzinfo=UTC)
CLOSES = datetime(2021, 6, 17, 12, tzinfo=UTC)
OZA, NPO, OUDERS = "tp_oza", "tp_npo", "tp_ouders"


def a_session(**changes: object) -> WorkSession:
    values: dict[str, object] = {
        "id": "ws_1", "team": "T1", "title": "Werksessie", "channel": "C1",
        "starts_at": STARTS, "ends_at": STARTS + timedelta(hours=3), "closes_at": CLOSES,
        "timezone": "Europe/Amsterdam", "state": State.CHOOSING, "created_by": "U9",
        "topics": (
            Topic(OZA, "OZA", "OZA", facilitator="U7"), Topic(NPO, "NPO", "NPO"), Topic(OUDERS, "Ouders", "Ouders"),
        ),
    }  # fmt: skip
    return WorkSession(**{**values, **changes})  # type: ignore[arg-type] - the fields of a session


def a_pick(user: str, topic: str | None, minute: int = 0, wish: Wish = Wish.TOPIC) -> Pick:
    return Pick(user, wish, topic, STARTS + timedelta(minutes=minute))


def test_a_second_tap_on_another_topic_switches() -> None:
    before = a_pick("U1", OZA)
    choice = choose(a_session(), "U1", Wish.TOPIC, NPO, before, {}, STARTS)
    assert choice.changed
    assert choice.pick.topic == NPO


def test_a_second_tap_on_the_same_topic_changes_nothing() -> None:
    before = a_pick("U1", OZA)
    choice = choose(a_session(), "U1", Wish.TOPIC, OZA, before, {}, STARTS)
    assert not choice.changed
    assert choice.pick is before


def test_a_tap_at_the_closing_moment_is_late() -> None:
    with pytest.raises(Refused) as refused:
        choose(a_session(), "U1", Wish.TOPIC, OZA, None, {}, CLOSES)
    assert refused.value.key == "selection.late"
    choose(a_session(), "U1", Wish.TOPIC, OZA, None, {}, CLOSES - timedelta(microseconds=1))


def test_a_full_group_takes_nobody_more_but_keeps_who_is_in_it() -> None:
    session = a_session(group_limit=2)
    with pytest.raises(Refused) as refused:
        choose(session, "U3", Wish.TOPIC, OZA, None, {OZA: 2}, STARTS)
    assert refused.value.key == "selection.full"
    assert not choose(session, "U1", Wish.TOPIC, OZA, a_pick("U1", OZA), {OZA: 2}, STARTS).changed


def test_a_topic_of_another_session_is_refused() -> None:
    with pytest.raises(Refused):
        choose(a_session(), "U1", Wish.TOPIC, "tp_else", None, {}, STARTS)


def test_a_topic_without_people_has_no_group() -> None:
    seatings = close(a_session(), [a_pick("U1", OZA), a_pick("U2", OUDERS)])
    assert [seating.topic for seating in seatings] == [OZA, OUDERS]
    assert seatings[0].facilitator == "U7"


def test_who_does_not_know_goes_to_the_smallest_group_and_who_cannot_come_sits_nowhere() -> None:
    picks = [
        a_pick("U1", OZA), a_pick("U2", OZA), a_pick("U3", NPO), a_pick("U4", None, 5, Wish.ANYWHERE),
        a_pick("U5", None, 6, Wish.ANYWHERE), a_pick("U6", None, 7, Wish.ABSENT),
    ]  # fmt: skip
    seatings = {seating.topic: seating.people for seating in close(a_session(), picks)}
    assert seatings == {OZA: ("U1", "U2", "U5"), NPO: ("U3", "U4")}


def test_when_nobody_knows_they_sit_together_with_a_facilitator() -> None:
    seatings = close(a_session(), [a_pick("U1", None, 0, Wish.ANYWHERE), a_pick("U2", None, 1, Wish.ANYWHERE)])
    assert [(seating.topic, seating.people) for seating in seatings] == [(OZA, ("U1", "U2"))]


def test_the_order_in_which_picks_are_read_does_not_matter() -> None:
    picks = [
        a_pick(f"U{n}", [OZA, NPO, OUDERS, None][n % 4], n % 5, Wish.ANYWHERE if n % 4 == 3 else Wish.TOPIC)
        for n in range(40)
    ]
    expected = close(a_session(), picks)
    for seed in range(20):
        shuffled = random.Random(seed).sample(picks, len(picks))
        assert close(a_session(), shuffled) == expected


def test_everybody_who_comes_has_exactly_one_seat() -> None:
    picks = [a_pick(f"U{n}", [OZA, NPO, OUDERS][n % 3], n) for n in range(50)]
    seated = [user for seating in close(a_session(), picks) for user in seating.people]
    assert sorted(seated) == sorted(pick.user for pick in picks)
