"""What can be asked about seats after closing, and what it changes: no database, no Slack."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.problem import Refused
from bot.selection import (
    Change,
    Duty,
    Group,
    Pick,
    Reason,
    Seat,
    Swap,
    SwapState,
    Why,
    Wish,
    best_place,
    check_swap,
    duty_of,
    explain,
    group_of,
    has_room,
    is_stale,
    leaderless,
    leave,
    move,
    propose_swap,
    seat_late,
    settle_swap,
    swap_partners,
    swapped,
)
from bot.worksessions import State, Topic, WorkSession

STARTS = datetime(2021, 6, 17, 11, tzinfo=UTC)
NOW = STARTS + timedelta(hours=1, minutes=5)
OVER = STARTS + timedelta(hours=3)
SESSION = WorkSession(
    "ws_1", "T1", "Werksessie", "C1", STARTS, OVER, STARTS + timedelta(hours=1), "Europe/Amsterdam", State.GROUPED,
    "U9", (Topic("tp_a", "A", "A"), Topic("tp_b", "B", "B", maximum=2), Topic("tp_c", "C", "C")),
)  # fmt: skip
A = Group("gr_a", "ws_1", 1, ("tp_a", "tp_c"), "U1", ("U1", "U2", "U3"), "U2")
B = Group("gr_b", "ws_1", 2, ("tp_b",), None, ("U4", "U5"))
GROUPS = [A, B]


def refused(work: object, *arguments: object, **more: object) -> str:
    with pytest.raises(Refused) as found:
        work(*arguments, **more)  # type: ignore[operator] - any of the functions under test
    return found.value.key


def test_a_full_group_takes_one_more_only_where_the_coordinator_gives_room() -> None:
    assert refused(move, SESSION, GROUPS, "gr_b", "U3", Duty.PARTICIPANT, NOW) == "selection.group_full"
    change = move(SESSION, GROUPS, "gr_b", "U3", Duty.PARTICIPANT, NOW, wider=True)
    assert [group.people for group in change.groups] == [("U1", "U2"), ("U4", "U5", "U3")]
    assert (change.seats, change.told) == ((Seat("U3", Reason.MOVED),), ("U3",))


def test_a_group_none_of_whose_topics_is_left_has_the_limit_of_the_session() -> None:
    alone = replace(SESSION, topics=SESSION.topics[:1], group_limit=2)
    assert not has_room(alone, B)
    assert refused(move, alone, GROUPS, "gr_b", "U3", Duty.PARTICIPANT, NOW, wider=True) == "selection.group_full"


def test_who_moves_gives_up_every_duty_in_the_group_they_leave() -> None:
    for user in ("U1", "U2"):
        change = move(SESSION, GROUPS, "gr_b", user, Duty.PARTICIPANT, NOW, wider=True)
        left, joined = change.groups
        assert user not in (left.facilitator, left.note_taker, *left.people)
        assert duty_of(joined, user) is Duty.PARTICIPANT


def test_nobody_leads_and_takes_notes_at_once() -> None:
    (group,) = move(SESSION, GROUPS, "gr_a", "U1", Duty.NOTE_TAKER, NOW).groups
    assert (group.facilitator, group.note_taker) == (None, "U1")
    change = move(SESSION, GROUPS, "gr_a", "U2", Duty.FACILITATOR, NOW)
    assert (change.groups[0].facilitator, change.groups[0].note_taker) == ("U2", None)
    assert change.told == ("U2", "U1"), "who led before hears it too"
    assert change.seats == (), "both keep the seat they have, and why they have it"


def test_a_facilitator_without_a_seat_gets_one_when_somebody_else_takes_over() -> None:
    led = replace(A, facilitator="U8")
    change = move(SESSION, [led, B], "gr_a", "U3", Duty.FACILITATOR, NOW)
    assert change.groups[0].people == ("U1", "U2", "U3", "U8")
    assert change.seats == (Seat("U8", Reason.PLACED),)
    full = replace(B, facilitator="U8")
    change = move(SESSION, [A, full], "gr_b", "U4", Duty.FACILITATOR, NOW)
    assert change.groups[0].people == ("U4", "U5")
    assert change.told == ("U4", "U8"), "there is no room, and they hear that"


def test_what_is_so_already_changes_nothing() -> None:
    assert move(SESSION, GROUPS, "gr_a", "U3", Duty.PARTICIPANT, NOW) == Change()
    assert leave(GROUPS, "nobody").groups == ()


def test_before_there_are_groups_and_after_the_session_nobody_changes_seats() -> None:
    early = replace(SESSION, state=State.CHOOSING)
    assert refused(move, early, GROUPS, "gr_a", "U4", Duty.PARTICIPANT, NOW) == "selection.no_groups_yet"
    assert refused(move, SESSION, GROUPS, "gr_a", "U4", Duty.PARTICIPANT, OVER) == "selection.over"
    assert refused(move, SESSION, GROUPS, "gr_a", "U4", Duty.FACILITATOR, OVER) == "selection.over"
    assert refused(move, SESSION, GROUPS, "gr_x", "U4", Duty.FACILITATOR, NOW) == "worksessions.gone"
    (group,) = move(SESSION, GROUPS, "gr_b", "U4", Duty.FACILITATOR, OVER).groups
    assert group.facilitator == "U4"


def test_who_leaves_takes_seat_and_duties_along_and_nothing_else() -> None:
    change = leave(GROUPS, "U1")
    assert change.groups == (replace(A, facilitator=None, people=("U2", "U3")),)
    assert change.freed == ("U1",)
    away = leave([replace(A, facilitator="U8")], "U8")
    assert (away.groups[0].facilitator, away.freed) == (None, ())


def test_groups_without_a_facilitator_or_with_one_who_left_are_found() -> None:
    assert leaderless(GROUPS, ()) == [B]
    assert leaderless(GROUPS, {"U1"}) == [A, B]


# Coming late


def test_who_comes_late_gets_the_first_wish_that_has_room_also_in_a_merged_group() -> None:
    assert best_place(SESSION, GROUPS, ["tp_b", "tp_c"], None, {}) == A
    assert best_place(SESSION, [A, replace(B, people=("U4",))], ["tp_b", "tp_c"], None, {}).id == "gr_b"


def test_without_a_wish_it_is_the_group_with_fewest_of_the_same_region_then_the_smallest() -> None:
    open_ = replace(SESSION, topics=tuple(replace(topic, maximum=None) for topic in SESSION.topics))
    assert best_place(open_, GROUPS, [], "rg_1", {"U4": "rg_1", "U1": "rg_2"}) == A
    assert best_place(open_, GROUPS, [], None, {"U4": "rg_1"}) == B


def test_where_all_is_full_or_nobody_chose_that_is_said() -> None:
    full = replace(SESSION, group_limit=2)
    assert refused(best_place, full, [B], ["tp_a"], None, {}) == "selection.no_room"
    assert refused(best_place, full, [], ["tp_a"], None, {}) == "selection.none_made"
    change = seat_late(A, "U7")
    assert (change.groups[0].people[-1], change.seats) == ("U7", (Seat("U7", Reason.LATE),))


# Changing places


def a_swap() -> Swap:
    return propose_swap(SESSION, GROUPS, "U3", "U4", "sw_1", NOW)


def test_only_who_has_no_duty_and_sits_elsewhere_can_be_asked() -> None:
    assert swap_partners(GROUPS, "U4") == {"gr_a": ("U3",)}
    assert swap_partners(GROUPS, "U3") == {"gr_b": ("U4", "U5")}
    assert check_swap(SESSION, GROUPS, "U3", NOW) == A
    assert refused(check_swap, SESSION, GROUPS, "U1", NOW) == "selection.swap_duty"
    assert refused(check_swap, SESSION, GROUPS, "U7", NOW) == "selection.no_seat"
    assert refused(check_swap, SESSION, GROUPS, "U3", OVER) == "selection.over"
    assert refused(propose_swap, SESSION, GROUPS, "U4", "U5", "sw_1", NOW) == "selection.swap_same"
    assert refused(propose_swap, SESSION, GROUPS, "U4", "U2", "sw_1", NOW) == "selection.swap_duty"
    assert refused(propose_swap, SESSION, GROUPS, "U4", "U4", "sw_1", NOW) == "selection.swap_nobody"
    assert refused(propose_swap, SESSION, GROUPS, "U4", "U7", "sw_1", NOW) == "selection.swap_nobody"


def test_two_who_agree_take_each_others_place_even_in_full_groups() -> None:
    done = settle_swap(SESSION, GROUPS, a_swap(), "U4", True, NOW)
    assert done.state is SwapState.DONE
    change = swapped(GROUPS, done)
    assert [group.people for group in change.groups] == [("U1", "U2", "U4"), ("U3", "U5")]
    assert {seat.reason for seat in change.seats} == {Reason.SWAPPED}


def test_a_proposal_is_answered_once_and_only_by_who_was_asked() -> None:
    assert refused(settle_swap, SESSION, GROUPS, a_swap(), "U5", True, NOW) == "selection.swap_other"
    declined = settle_swap(SESSION, GROUPS, a_swap(), "U4", False, NOW)
    assert declined.state is SwapState.DECLINED
    assert refused(settle_swap, SESSION, GROUPS, declined, "U4", True, NOW) == "selection.swap_settled"
    assert refused(settle_swap, SESSION, GROUPS, a_swap(), "U4", True, OVER) == "selection.over"


@pytest.mark.parametrize(
    "groups",
    [
        [replace(A, people=("U1", "U2")), B],
        [A, replace(B, people=("U5",))],
        [replace(A, note_taker="U3"), B],
        [A, replace(B, facilitator="U4")],
        [A],
    ],
)
def test_a_proposal_is_void_once_one_of_the_two_sits_elsewhere_or_has_a_duty(groups: list[Group]) -> None:
    assert is_stale(groups, a_swap())
    assert settle_swap(SESSION, groups, a_swap(), "U4", True, NOW).state is SwapState.VOID


# Why here


def test_the_reason_is_told_as_things_are_now() -> None:
    pick = Pick("U3", Wish.TOPIC, ("tp_b", "tp_a"), NOW)
    assert explain(SESSION, A, Seat("U1", Reason.FIRST), pick, "U1", None) == Why(1, Reason.LEADS)
    assert explain(SESSION, A, Seat("U3", Reason.LEADS), pick, "U3", None) == Why(1, Reason.PLACED)
    assert explain(SESSION, A, Seat("U3", Reason.SECOND_FULL), pick, "U3", None) == Why(1, Reason.SECOND_FULL, "B")
    assert explain(SESSION, A, Seat("U3", Reason.SWAPPED), pick, "U3", "U4") == Why(1, Reason.SWAPPED, partner="U4")
    assert explain(SESSION, A, Seat("U3", Reason.LATE), None, "U3", None) == Why(1, Reason.LATE)


def test_what_cannot_be_named_any_more_counts_as_the_coordinators_word() -> None:
    gone = Pick("U3", Wish.TOPIC, ("tp_gone",), NOW)
    for pick in (None, gone, Pick("U3", Wish.ANYWHERE, (), NOW)):
        assert explain(SESSION, A, Seat("U3", Reason.OUTSIDE_FIT), pick, "U3", None).reason is Reason.PLACED
    assert explain(SESSION, A, Seat("U3", Reason.SWAPPED), gone, "U3", None).reason is Reason.PLACED
    assert explain(SESSION, A, None, gone, "U3", None).reason is Reason.PLACED


def test_where_somebody_sits_comes_before_what_they_lead() -> None:
    assert group_of([replace(A, facilitator="U4"), B], "U4") == B
    assert group_of([replace(A, facilitator="U8"), B], "U8").id == "gr_a"  # type: ignore[union-attr] - U8 leads it
    assert group_of(GROUPS, "U7") is None
