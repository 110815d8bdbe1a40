import random
from datetime import UTC, datetime, timedelta

import pytest

from bot.calendar import is_dutch_holiday
from bot.problem import Refused
from bot.programme import Member, Role
from bot.selection import (
    History,
    Pair,
    PairState,
    Pick,
    Reason,
    Seating,
    Wish,
    answered,
    ask,
    choose,
    drop_topic,
    groups_from,
    is_complete,
    place,
    problem_of,
    rank,
    reminder_at,
    silent,
    taken,
    together,
)
from bot.selection.allocation import OUTSIDE_FULL_LIST, allocate, cost
from bot.worksessions import Mode, State, Topic, WorkSession

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
    return Pick(user, wish, (topic,) if topic else (), STARTS + timedelta(minutes=minute))


def ranked(user: str, *topics: str, minute: int = 0) -> Pick:
    return Pick(user, Wish.TOPIC, topics, STARTS + timedelta(minutes=minute))


def members(*users: str, **roles: str) -> list[Member]:
    return [Member("T1", user, user, frozenset({Role(roles.get(user, "participant"))}), "rg_1") for user in users]


def seated(
    session: WorkSession,
    picks: list[Pick],
    people: list[Member] | None = None,
    pairs: tuple[tuple[str, str], ...] = (),
    history: History | None = None,
) -> list[Seating]:
    """What closing makes of these choices."""
    known = people if people is not None else members(*(pick.user for pick in picks))
    instance = problem_of(session, picks, known, pairs, history)
    return groups_from(session, picks, known, instance, allocate(instance))


def who(seatings: list[Seating]) -> dict[str, tuple[str, ...]]:
    return {seating.topics[0]: tuple(seat.user for seat in seating.seats) for seating in seatings}


def why(seatings: list[Seating]) -> dict[str, Reason]:
    return {seat.user: seat.reason for seating in seatings for seat in seating.seats}


def test_a_second_tap_on_another_topic_switches() -> None:
    before = a_pick("U1", OZA)
    choice = choose(a_session(), "U1", Wish.TOPIC, NPO, before, {}, STARTS)
    assert choice.changed
    assert choice.pick.topics == (NPO,)


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


def test_a_place_is_kept_for_who_leads_a_topic_whatever_they_chose_unless_they_cannot_come() -> None:
    session, counts = a_session(group_limit=2), {OZA: 1, NPO: 1}
    assert taken(session, counts, []) == {OZA: 2, NPO: 1}
    assert taken(session, counts, [a_pick("U7", OZA)]) == {OZA: 1, NPO: 1}
    assert +taken(session, counts, [a_pick("U7", NPO)]) == {OZA: 2}
    assert taken(session, counts, [a_pick("U7", None, 0, Wish.ABSENT)]) == {OZA: 1, NPO: 1}


def test_a_topic_of_another_session_is_refused() -> None:
    with pytest.raises(Refused):
        choose(a_session(), "U1", Wish.TOPIC, "tp_else", None, {}, STARTS)


def test_a_topic_that_was_merged_is_chosen_with_the_one_it_was_merged_into() -> None:
    topics = (Topic(OZA, "OZA", "OZA"), Topic(NPO, "NPO", "NPO", merged_into=OZA), Topic(OUDERS, "Ouders", "Ouders"))
    session = a_session(topics=topics, group_limit=2)
    assert [[topic.id for topic in offered] for offered in session.offers] == [[OZA, NPO], [OUDERS]]
    assert not choose(session, "U1", Wish.TOPIC, OZA, a_pick("U1", NPO), {}, STARTS).changed
    with pytest.raises(Refused, match="full"):
        choose(session, "U3", Wish.TOPIC, OZA, None, {OZA: 1, NPO: 1}, STARTS)


RANKED = {"mode": Mode.RANKED, "group_minimum": 1}


def test_in_ranked_mode_taps_make_a_list_of_three_and_a_fourth_asks_to_change_it() -> None:
    more = (*a_session().topics, Topic("tp_4", "Vier", "Vier"))
    session = a_session(**RANKED, topics=more)
    pick = None
    for topic in (OZA, NPO, OUDERS):
        pick = choose(session, "U1", Wish.TOPIC, topic, pick, {}, STARTS).pick
    assert pick is not None
    assert pick.topics == (OZA, NPO, OUDERS)
    again = choose(session, "U1", Wish.TOPIC, NPO, pick, {}, STARTS)
    assert (again.changed, again.is_full) == (False, False)
    fourth = choose(session, "U1", Wish.TOPIC, "tp_4", pick, {}, STARTS)
    assert (fourth.changed, fourth.is_full, fourth.pick) == (False, True, pick)


@pytest.mark.parametrize(
    ("had", "at", "topic", "left"),
    [
        ((), 0, OZA, (OZA,)),
        ((OZA,), 0, NPO, (NPO,)),
        ((OZA,), 1, NPO, (OZA, NPO)),
        ((OZA, NPO), 0, NPO, (NPO, OZA)),
        ((OZA, NPO, OUDERS), 2, OZA, (OUDERS, NPO, OZA)),
        ((OZA, NPO), 2, OZA, (NPO, OZA)),
        ((OZA,), 2, NPO, (OZA, NPO)),
        ((OZA, NPO), 1, NPO, (OZA, NPO)),
    ],
)
def test_a_topic_takes_the_place_it_is_given_and_none_stands_twice(
    had: tuple[str, ...], at: int, topic: str, left: tuple[str, ...]
) -> None:
    before = ranked("U1", *had) if had else None
    choice = rank(a_session(**RANKED), "U1", at, topic, before, STARTS)
    assert choice.pick.topics == left
    assert choice.changed == (left != had)


def test_two_choices_that_became_one_offer_count_once_and_leave_room_for_another() -> None:
    joined = (
        Topic(OZA, "OZA", "OZA"), Topic(NPO, "NPO", "NPO", merged_into=OZA), Topic(OUDERS, "Ouders", "Ouders"),
        Topic("tp_4", "Vier", "Vier"),
    )  # fmt: skip
    session, before = a_session(**RANKED, topics=joined), ranked("U1", OZA, NPO, OUDERS)
    fourth = choose(session, "U1", Wish.TOPIC, "tp_4", before, {}, STARTS)
    assert (fourth.is_full, fourth.pick.topics) == (False, (OZA, OUDERS, "tp_4"))
    assert rank(session, "U1", 1, NPO, before, STARTS).pick.topics == (OUDERS, OZA)
    assert rank(session, "U1", 0, "tp_4", ranked("U1", OZA, NPO), STARTS).pick.topics == ("tp_4",)
    assert choose(session, "U1", Wish.TOPIC, OZA, before, {}, STARTS).pick == before


def test_choices_have_no_order_in_free_mode_and_no_fourth_place() -> None:
    for session, at in ((a_session(), 0), (a_session(**RANKED), 3), (a_session(**RANKED), -1)):
        with pytest.raises(Refused):
            rank(session, "U1", at, OZA, None, STARTS)


def test_ones_own_tap_takes_the_place_of_what_the_coordinator_chose() -> None:
    placed = place(a_session(), "U1", OZA, {}, "U9", STARTS)
    assert placed.placed_by == "U9"
    own = choose(a_session(), "U1", Wish.TOPIC, OZA, placed, {}, STARTS)
    assert (own.changed, own.pick.placed_by, own.pick.topics) == (True, None, (OZA,))


def test_in_ranked_mode_too_ones_own_tap_takes_the_place_of_what_the_coordinator_chose() -> None:
    session = a_session(**RANKED)
    placed = place(session, "U1", OZA, {}, "U9", STARTS)
    for own in (
        choose(session, "U1", Wish.TOPIC, NPO, placed, {}, STARTS),
        rank(session, "U1", 1, NPO, placed, STARTS),
    ):
        assert (own.pick.topics, own.pick.placed_by) == ((NPO,), None)
    agreed = rank(session, "U1", 0, OZA, placed, STARTS)
    assert (agreed.changed, agreed.pick.topics, agreed.pick.placed_by) == (True, (OZA,), None)


def test_a_topic_off_the_offer_leaves_the_other_choices_and_a_pick_without_any_is_gone() -> None:
    assert drop_topic(ranked("U1", OZA, NPO), OZA) == ranked("U1", NPO)
    assert drop_topic(ranked("U1", OZA), OZA) is None
    anywhere = a_pick("U1", None, 0, Wish.ANYWHERE)
    assert drop_topic(anywhere, OZA) is anywhere


def test_a_topic_without_people_has_no_group() -> None:
    seatings = seated(a_session(), [a_pick("U1", OZA), a_pick("U2", OUDERS)])
    assert who(seatings) == {OZA: ("U1",), OUDERS: ("U2",)}
    assert seatings[0].facilitator == "U7"


def test_who_does_not_know_goes_where_groups_become_even_and_who_cannot_come_sits_nowhere() -> None:
    picks = [
        a_pick("U1", OZA), a_pick("U2", OZA), a_pick("U3", NPO), a_pick("U4", None, 5, Wish.ANYWHERE),
        a_pick("U5", None, 6, Wish.ANYWHERE), a_pick("U6", None, 7, Wish.ABSENT),
    ]  # fmt: skip
    seatings = seated(a_session(), picks)
    sizes = {topic: len(people) for topic, people in who(seatings).items()}
    assert sorted(sizes.values()) == [2, 3], "nobody opens a group of their own"
    assert "U6" not in why(seatings)
    assert why(seatings)["U4"] is Reason.ANYWHERE


def test_when_nobody_knows_they_sit_together_with_a_facilitator() -> None:
    seatings = seated(a_session(), [a_pick("U1", None, 0, Wish.ANYWHERE), a_pick("U2", None, 1, Wish.ANYWHERE)])
    assert who(seatings) == {OZA: ("U1", "U2")}


def test_the_order_in_which_people_chose_does_not_matter() -> None:
    picks = [ranked(f"U{n}", *random.Random(n).sample([OZA, NPO, OUDERS], 3), minute=n) for n in range(12)]
    session = a_session(**RANKED, group_limit=4)
    expected = seated(session, picks)
    for seed in range(3):
        order = random.Random(seed).sample(range(12), 12)
        shuffled = [ranked(picks[n].user, *picks[n].topics, minute=at) for at, n in enumerate(order)]
        assert seated(session, shuffled) == expected


def test_a_facilitator_sits_where_they_lead_whatever_they_chose_and_not_when_they_are_away() -> None:
    picks = [a_pick("U1", OZA), a_pick("U2", NPO), a_pick("U7", NPO)]
    seatings = seated(a_session(), picks)
    assert who(seatings) == {OZA: ("U1", "U7"), NPO: ("U2",)}
    assert why(seatings)["U7"] is Reason.LEADS
    away = [a_pick("U1", OZA), a_pick("U7", None, 1, Wish.ABSENT)]
    assert [seating.facilitator for seating in seated(a_session(), away)] == [None]
    left = [*members("U1"), Member("T1", "U7", "Weg", frozenset({Role.DEACTIVATED, Role.FACILITATOR}))]
    assert [seating.facilitator for seating in seated(a_session(), [a_pick("U1", OZA)], left)] == [None]


def test_who_has_the_role_leads_and_writes_where_nobody_was_appointed() -> None:
    picks = [a_pick(user, NPO) for user in ("U1", "U2", "U3")]
    people = members("U1", "U2", "U3", U2="facilitator", U3="note_taker")
    (seating,) = seated(a_session(), picks, people)
    assert (seating.facilitator, seating.note_taker) == ("U2", "U3")


def test_a_merged_group_has_all_its_topics_and_everybody_who_chose_one_of_them() -> None:
    topics = (Topic(OZA, "OZA", "OZA"), Topic(NPO, "NPO", "NPO", merged_into=OZA, facilitator="U8"))
    (seating,) = seated(a_session(topics=topics), [a_pick("U1", OZA), a_pick("U2", NPO)])
    assert seating.topics == (OZA, NPO)
    assert seating.facilitator == "U8"
    assert {seat.reason for seat in seating.seats} == {Reason.FIRST}


def test_a_topic_under_its_minimum_does_not_run_and_its_people_read_why() -> None:
    session = a_session(mode=Mode.RANKED, group_minimum=2)
    picks = [ranked("U1", OZA), ranked("U2", OZA), ranked("U3", NPO, OZA)]
    seatings = seated(session, picks)
    assert who(seatings) == {OZA: ("U1", "U2", "U3")}
    assert why(seatings)["U3"] is Reason.SECOND_SMALL


def test_a_full_group_is_never_over_its_maximum_and_who_is_left_reads_why() -> None:
    session = a_session(**RANKED, group_limit=2)
    picks = [ranked(f"U{n}", OZA, NPO) for n in range(3)]
    seatings = seated(session, picks)
    assert sorted(len(seating.seats) for seating in seatings) == [1, 2]
    assert list(why(seatings).values()).count(Reason.SECOND_FULL) == 1


def test_a_facilitator_for_whom_there_is_no_room_takes_one_place_and_not_the_whole_group_away() -> None:
    session = a_session(**RANKED, group_limit=2)
    first, second = (place(session, user, OZA, {}, "U9", STARTS) for user in ("U1", "U2"))
    for picks in ([first, second, ranked("U7", NPO)], [ranked("U7", NPO), second, first]):
        seatings = seated(session, picks)
        assert who(seatings) == {OZA: ("U1", "U7"), NPO: ("U2",)}
        assert why(seatings) == {"U1": Reason.PLACED, "U7": Reason.LEADS, "U2": Reason.OUTSIDE_FULL}


def test_two_who_both_want_it_sit_together_and_nobody_is_asked_for_it_alone() -> None:
    session = a_session()
    asked = ask(session, *members("U1", "U2"), "pr_1", STARTS)
    assert together([asked]) == ()
    assert answered(session, asked, "U2", True, STARTS) is PairState.AGREED
    other = Pair("pr_2", session.id, "U2", "U1", PairState.ASKED, STARTS)
    assert together([asked, other]) == (("U1", "U2"),)
    with pytest.raises(Refused):
        answered(session, asked, "U3", True, STARTS)
    with pytest.raises(Refused):
        ask(session, *members("U1", "U1"), "pr_3", STARTS)
    picks = [a_pick("U3", OZA), a_pick("U4", NPO), *(a_pick(u, None, 1, Wish.ANYWHERE) for u in ("U1", "U2"))]
    tables = who(seated(session, picks, pairs=(("U1", "U2"),)))
    assert any({"U1", "U2"} <= set(people) for people in tables.values())


def test_only_who_is_invited_and_silent_is_reminded() -> None:
    session = a_session(regions=("rg_1",))
    people = [*members("U1", "U2", "U3"), Member("T1", "U4", "Elders", frozenset({Role.PARTICIPANT}), "rg_2")]
    picks = [a_pick("U1", OZA), a_pick("U2", None, 0, Wish.ABSENT)]
    assert [member.user for member in silent(session, people, picks)] == ["U3"]
    assert not is_complete(session, people, picks, STARTS)
    assert is_complete(session, people, [*picks, a_pick("U3", None, 0, Wish.ANYWHERE)], STARTS)
    assert not is_complete(session, [], [], STARTS), "nobody invited is not everybody"


def test_in_ranked_mode_the_last_to_choose_has_time_for_a_second_and_third_tap() -> None:
    session, people = a_session(**RANKED), members("U1", "U2")
    unsure, two = a_pick("U1", None, 0, Wish.ANYWHERE), ranked("U2", OZA, NPO)
    assert not is_complete(session, people, [unsure, two], STARTS + timedelta(seconds=30))
    assert is_complete(session, people, [unsure, two], STARTS + timedelta(minutes=2))
    assert is_complete(session, people, [unsure, ranked("U2", OZA, NPO, OUDERS)], STARTS)


@pytest.mark.parametrize(
    ("opened", "closes", "reminder"),
    [
        ("2021-06-10T09:00", "2021-06-17T14:00", "2021-06-16T14:00"),
        ("2021-06-10T09:00", "2021-06-14T09:00", "2021-06-11T17:30"),  # a day before is Sunday: Friday's last minute
        ("2021-06-17T09:00", "2021-06-17T14:00", "2021-06-17T13:00"),
        ("2021-06-17T13:00", "2021-06-17T14:00", None),  # too short
        ("2021-06-17T20:00", "2021-06-18T08:40", None),  # no sending hours in time
        ("2021-06-18T17:00", "2021-06-21T17:00", "2021-06-21T08:30"),  # a weekend: Monday morning
    ],
)
def test_the_one_reminder_comes_in_sending_hours_and_in_time(opened: str, closes: str, reminder: str | None) -> None:
    session = a_session(opened_at=wall(opened), closes_at=wall(closes), ends_at=wall(closes) + timedelta(hours=1))
    found = reminder_at(session, is_dutch_holiday)
    assert found == (wall(reminder) if reminder else None)


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=a_session().zone)


def test_a_merge_shortens_nobodys_list() -> None:
    more = (Topic(OZA, "OZA", "OZA"), Topic(NPO, "NPO", "NPO", merged_into=OZA), Topic(OUDERS, "O", "O"))
    session = a_session(**RANKED, topics=(*more, Topic("tp_4", "Vier", "Vier"), Topic("tp_5", "Vijf", "Vijf")))
    (person,) = problem_of(session, [ranked("U1", OZA, NPO, OUDERS)], members("U1")).people
    assert person.ranks == (OZA, OZA, OUDERS)
    assert [cost(person, each, 4) for each in (OZA, OUDERS, "tp_4")] == [0, 2, OUTSIDE_FULL_LIST]


def test_who_practises_alone_and_leads_every_topic_sits_where_they_tapped() -> None:
    session = a_session(topics=tuple(Topic(t, t, t, facilitator="U1") for t in (OZA, NPO, OUDERS)))
    assert who(seated(session, [a_pick("U1", OUDERS)])) == {OUDERS: ("U1",)}
    assert who(seated(session, [a_pick("U1", None, 0, Wish.ANYWHERE)])) == {OZA: ("U1",)}
