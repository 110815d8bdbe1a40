"""What a coordinator is told before choosing closes: measured on real allocations."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.programme import Member, Role
from bot.selection import (
    Outlook,
    Pick,
    Prospect,
    Standing,
    Suggestion,
    Wish,
    foresee,
    problem_of,
    suggestion,
)
from bot.selection.allocation import Allocation, Objective, allocate
from bot.selection.grouping import History
from bot.worksessions import Mode, State, Topic, WorkSession

STARTS = datetime(2021, 6, 17, 11, tzinfo=UTC)
OZA, NPO, OUDERS = "tp_oza", "tp_npo", "tp_ouders"


def a_session(**changes: Any) -> WorkSession:
    values: dict[str, Any] = {
        "id": "ws_1", "team": "T1", "title": "Werksessie", "channel": "C1", "starts_at": STARTS,
        "ends_at": STARTS + timedelta(hours=3), "closes_at": STARTS + timedelta(hours=1),
        "timezone": "Europe/Amsterdam", "state": State.CHOOSING, "created_by": "ineke", "mode": Mode.RANKED,
        "topics": (Topic(OZA, "OZA", "OZA"), Topic(NPO, "NPO", "NPO"), Topic(OUDERS, "Ouders", "Ouders")),
    }  # fmt: skip
    return WorkSession(**{**values, **changes})


def people(*users: str, **roles: Role) -> list[Member]:
    return [Member("T1", user, user, frozenset({roles.get(user, Role.PARTICIPANT)})) for user in users]


def pick(user: str, *topics: str, wish: Wish = Wish.TOPIC, placed_by: str | None = None) -> Pick:
    return Pick(user, wish, topics, STARTS, placed_by)


def foreseen(
    session: WorkSession,
    picks: list[Pick],
    members: list[Member] | None = None,
    together: tuple[tuple[str, str], ...] = (),
    history: History | None = None,
) -> Outlook:
    members = people(*(each.user for each in picks)) if members is None else members
    instance = problem_of(session, picks, members, together, history)
    return foresee(session, picks, members, instance, allocate(instance))


def by_lead(found: Outlook) -> dict[str, Prospect]:
    return {each.lead: each for each in found.prospects}


def test_nothing_chosen_yet_is_no_error() -> None:
    found = foreseen(a_session(), [], people("noor", "samir"))
    assert (found.invited, found.chosen, found.silent) == (2, 0, ("noor", "samir"))
    assert [each.lead for each in found.unchosen] == [OZA, NPO, OUDERS]
    assert found.gap is None


def test_it_counts_who_chose_of_who_was_invited() -> None:
    session = a_session(regions=("rg_1",))
    members = [replace(each, region="rg_1") for each in people("noor", "samir", "lotte", "sanne")]
    members += people("vera", gone=Role.DEACTIVATED) + people("gone", gone=Role.DEACTIVATED)
    picks = [pick("noor", OZA), pick("samir", wish=Wish.ABSENT), pick("lotte", wish=Wish.ANYWHERE), pick("vera", OZA)]
    found = foreseen(session, picks, members)
    assert (found.invited, found.chosen, found.besides, found.absent) == (4, 3, 1, 1)
    assert found.silent == ("sanne",), "I cannot come and I don't know are answers"


def test_an_offer_tells_who_named_it_who_named_it_first_and_who_would_sit_there() -> None:
    picks = [pick(f"u{n}", OZA, NPO) for n in range(4)] + [pick("v", NPO, OZA)]
    found = foreseen(a_session(group_limit=8), picks)
    oza, npo = by_lead(found)[OZA], by_lead(found)[NPO]
    assert (oza.chosen, oza.first, oza.seated, oza.minimum, oza.maximum) == (5, 4, 5, 3, 8)
    assert (npo.chosen, npo.first, npo.seated, npo.runs) == (5, 1, 0, False)
    assert [each.lead for each in found.too_small] == [NPO], "one person is fewer than the three that it takes"
    assert [each.lead for each in found.unchosen] == [OUDERS]
    assert found.standing == Standing(first=4, second=1)
    assert found.last == ("v",)


def test_it_names_who_gets_the_last_choice_and_who_gets_none() -> None:
    session = a_session(group_limit=3)
    picks = [pick(f"u{n}", OZA, NPO) for n in range(3)] + [pick(f"v{n}", OZA) for n in range(3)]
    found = foreseen(session, picks)
    assert found.standing.first == 3
    assert len(found.last) + len(found.outside) == 3
    assert found.standing.second == len(found.last)
    assert set(found.outside) <= {"v0", "v1", "v2"}, "who named one topic has no last choice"


def test_a_third_choice_is_the_last_of_three_and_a_second_is_not() -> None:
    picks = [pick(f"u{n}", OZA) for n in range(3)] + [pick("v", NPO, OZA, OUDERS)]
    found = foreseen(a_session(), picks)
    assert found.standing == Standing(first=3, second=1)
    assert found.last == ()


def test_people_for_whom_there_is_no_place_are_named() -> None:
    session = a_session(mode=Mode.FREE, group_limit=2, topics=(Topic(OZA, "OZA", "OZA"),))
    found = foreseen(session, [pick(f"u{n}", OZA) for n in range(3)])
    assert len(found.unseated) == 1
    assert by_lead(found)[OZA].seated == 2


def test_a_facilitator_who_cannot_come_or_left_leaves_a_topic_without_one() -> None:
    topics = (
        Topic(OZA, "OZA", "OZA", facilitator="sanne"),
        Topic(NPO, "NPO", "NPO", facilitator="weg"),
        Topic(OUDERS, "Ouders", "Ouders", facilitator="youssef"),
    )
    members = people("noor", "sanne", "youssef") + people("weg", weg=Role.DEACTIVATED)
    picks = [pick("noor", OZA), pick("sanne", wish=Wish.ABSENT), pick("weg", NPO)]
    found = foreseen(a_session(mode=Mode.FREE, topics=topics), picks, members)
    assert [(each.lead, each.away) for each in found.without_facilitator] == [(OZA, ("sanne",)), (NPO, ("weg",))]
    assert by_lead(found)[NPO].chosen == 0, "who left the workspace is not counted"


def test_a_topic_that_nobody_chose_needs_no_facilitator() -> None:
    found = foreseen(a_session(mode=Mode.FREE), [pick("noor", OZA)])
    assert [each.lead for each in found.without_facilitator] == [OZA]
    assert {each.lead for each in found.unchosen} == {NPO, OUDERS}


def test_somebody_with_the_role_who_sits_there_leads_where_nobody_was_appointed() -> None:
    members = people("noor", "sanne", "lotte", sanne=Role.FACILITATOR, lotte=Role.NOTE_TAKER)
    picks = [pick("noor", OZA), pick("sanne", OZA), pick("lotte", OZA)]
    found = foreseen(a_session(), picks, members)
    assert (by_lead(found)[OZA].facilitator, by_lead(found)[OZA].note_taker) == ("sanne", "lotte")
    assert OZA not in {each.lead for each in found.without_facilitator}
    assert found.without_note_taker == (), "where no group would be, nobody has to write"


def test_a_group_without_a_note_taker_is_told() -> None:
    found = foreseen(a_session(mode=Mode.FREE), [pick("noor", OZA), pick("samir", OZA)])
    assert [each.lead for each in found.without_note_taker] == [OZA]


def test_pairs_who_would_be_apart_and_newcomers_without_a_buddy_are_told() -> None:
    session = a_session(mode=Mode.FREE)
    picks = [pick("a", OZA), pick("b", NPO), pick("c", NPO)]
    found = foreseen(session, picks, together=(("a", "b"),), history=History(seasoned=frozenset({"b", "c"})))
    assert found.apart == (("a", "b"),)
    assert found.without_buddy == 1


def test_merged_topics_are_one_offer_with_the_people_of_both() -> None:
    topics = (Topic(OZA, "OZA", "OZA"), Topic(NPO, "NPO", "NPO", merged_into=OZA), Topic(OUDERS, "Ouders", "Ouders"))
    picks = [pick("a", OZA, NPO), pick("b", NPO), pick("c", NPO)]
    found = foreseen(a_session(topics=topics), picks)
    oza = by_lead(found)[OZA]
    assert (oza.topics, oza.chosen, oza.first, oza.seated) == ((OZA, NPO), 3, 3, 3)
    assert found.standing.first == 3


def test_practising_counts_only_who_practises() -> None:
    session = a_session(channel="D1", mode=Mode.FREE)
    found = foreseen(session, [pick("ineke", OZA)], people("ineke", "noor", "samir"))
    assert (found.invited, found.chosen, found.silent) == (1, 1, ())


def test_what_is_not_proven_is_told_with_its_gap() -> None:
    session, picks = a_session(mode=Mode.FREE), [pick("noor", OZA)]
    members = people("noor")
    instance = problem_of(session, picks, members)
    loose = Allocation(
        {"noor": OZA},
        (Objective("unseated", 0, 0, True), Objective("spread", 7, 4, False), Objective("sizes", 3, 1, False)),
    )
    found = foresee(session, picks, members, instance, loose)
    assert found.gap == Objective("spread", 7, 4, False), "the first that matters"


def prospects(**sizes: tuple[int, int]) -> list[Prospect]:
    """Offers by name: how many chose them first and how many would sit there; three are needed, eight fit."""
    return [Prospect((name,), first, first, seated, 3, 8, None, None) for name, (first, seated) in sizes.items()]


@pytest.mark.parametrize(
    ("sizes", "proposed"),
    [
        ({"corona": (1, 0), "npo": (2, 0), "oza": (6, 9)}, Suggestion("corona", "npo")),
        ({"corona": (1, 0), "npo": (1, 0), "oza": (5, 7)}, Suggestion("corona", "oza")),
        ({"corona": (2, 2), "npo": (4, 4)}, Suggestion("corona", "npo")),
        ({"corona": (3, 3), "npo": (4, 4)}, None),
        ({"corona": (1, 0), "npo": (0, 0)}, None),
        ({"corona": (2, 0), "npo": (7, 7)}, None),
        ({}, None),
    ],
)  # fmt: skip
def test_small_offers_are_proposed_to_be_joined(sizes: dict[str, tuple[int, int]], proposed: Suggestion | None) -> None:
    assert suggestion(prospects(**sizes)) == proposed


def test_a_small_offer_that_was_left_alone_is_not_proposed_again() -> None:
    found = prospects(corona=(1, 0), npo=(2, 0), oza=(6, 6))
    assert suggestion(found, ["corona"]) == Suggestion("npo", "oza")
    assert suggestion(found, ["corona", "npo"]) is None
