"""What a coordinator may change while people choose, and what stays true whatever they do."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import is_dutch_holiday
from bot.problem import Problem, Refused
from bot.programme import Member, Role
from bot.selection import Pick, Wish, problem_of
from bot.selection.allocation import allocate
from bot.selection.shaping import (
    apart,
    appoint,
    limits,
    merge,
    promised,
    put,
    reminder_on_request,
    still_choosing,
    withdraw,
)
from bot.worksessions import Mode, State, Topic, WorkSession
from tests.bot.test_outlook import NPO, OUDERS, OZA, STARTS, a_session, people, pick

NOW = STARTS - timedelta(hours=1)


def keys(problems: list[Problem]) -> list[tuple[str, str]]:
    return [(problem.field, problem.key.rpartition(".")[2]) for problem in problems]


def after(session: WorkSession, **into: str | None) -> WorkSession:
    return replace(session, topics=tuple(replace(t, merged_into=into.get(t.id, t.merged_into)) for t in session.topics))


@pytest.mark.parametrize(
    ("state", "closes", "answer"),
    [
        (State.CHOOSING, NOW, "closing"),
        (State.CLOSING, None, "closing"),
        (State.GROUPED, None, "closed"),
        (State.PLANNED, None, "closed"),
    ],
)
def test_after_closing_nothing_is_changed_and_nobody_is_sent_to_groups_that_are_not_there_yet(
    state: State, closes: datetime | None, answer: str
) -> None:
    with pytest.raises(Refused, match=answer):
        still_choosing(a_session(state=state, closes_at=closes), NOW)
    still_choosing(a_session(), NOW)


def test_whatever_was_joined_before_goes_along() -> None:
    session = after(a_session(), **{OZA: NPO})
    assert merge(session, NPO, OUDERS, []) == ((NPO, OZA), OUDERS, [])
    assert merge(session, OZA, OUDERS, []) == ((NPO, OZA), OUDERS, []), "pointing at a joined topic is the same"
    assert merge(session, OUDERS, OZA, []) == ((OUDERS,), NPO, []), "into a joined topic is into the one it leads to"
    assert keys(merge(session, OZA, NPO, [])[2]) == [("into", "same")]
    assert apart(session, OZA) == (OZA,)
    assert apart(session, OUDERS) == ()


def test_in_free_mode_joined_topics_fit_together_and_in_ranked_mode_the_groups_are_made_to_fit() -> None:
    picks = [pick("a", OZA), pick("b", OZA), pick("c", NPO)]
    free = a_session(mode=Mode.FREE, group_limit=2)
    assert keys(merge(free, NPO, OZA, picks)[2]) == [("into", "too_many")]
    assert merge(replace(free, mode=Mode.RANKED), NPO, OZA, picks)[2] == []
    placed = [replace(each, placed_by="ineke") for each in picks]
    assert keys(merge(replace(free, mode=Mode.RANKED), NPO, OZA, placed)[2]) == [("into", "too_many")]


def test_a_choice_that_is_left_keeps_its_order_and_who_has_none_is_named() -> None:
    picks = [pick("a", OZA), pick("b", NPO, OZA, OUDERS), pick("c", wish=Wish.ABSENT), pick("d", NPO)]
    found = withdraw(a_session(), OZA, picks)
    assert [(each.user, each.topics) for each in found.changed] == [("b", (NPO, OUDERS))]
    assert found.bereft == ("a",)
    with pytest.raises(Refused, match="last_topic"):
        withdraw(a_session(topics=(Topic(OZA, "OZA", "OZA"),)), OZA, picks)
    with pytest.raises(Refused, match="gone"):
        withdraw(a_session(), "tp_other", picks)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("3-8", (3, 8, [])),
        (" 4 ", (4, 4, [])),
        ("20", (None, 20, [])),
        ("", (None, None, [])),
        ("8-3", (None, None, [("sizes", "limit")])),
        ("3-x", (None, None, [("sizes", "limit")])),
        ("2", (None, None, [("sizes", "below")])),
    ],
)
def test_own_limits_are_read_and_held_against_who_counts_on_a_place(text: str, found: Any) -> None:
    session = a_session(mode=Mode.FREE, group_minimum=5, group_limit=10)
    picks = [pick(user, OZA) for user in "abc"]
    least, most, problems = limits(session, OZA, text, picks)
    assert (least, most, keys(problems)) == found


def test_an_own_minimum_that_was_set_before_does_not_linger() -> None:
    topics = (Topic(OZA, "OZA", "OZA", minimum=6, maximum=9), Topic(NPO, "NPO", "NPO"))
    assert limits(a_session(mode=Mode.FREE, topics=topics), OZA, "4", []) == (None, 4, [])


def test_somebody_is_put_with_a_topic_once() -> None:
    session, (noor, gone) = a_session(), (people("noor")[0], people("gone", gone=Role.DEACTIVATED)[0])
    placed, _ = put(session, [], noor, OZA, "ineke", NOW)
    assert placed == Pick("noor", Wish.TOPIC, (OZA,), NOW, placed_by="ineke")
    assert put(session, [placed], noor, OZA, "ineke", NOW) == (None, [])
    own = pick("noor", OZA, NPO)
    again, _ = put(session, [own], noor, OZA, "ineke", NOW)
    assert again is not None, "in ranked mode a first choice is not yet a place"
    assert put(replace(session, mode=Mode.FREE), [own], noor, OZA, "ineke", NOW) == (None, [])
    assert keys(put(session, [], gone, OZA, "ineke", NOW)[1]) == [("person", "pair_nobody")]


def test_nobody_is_put_where_it_is_full_nor_away_from_the_group_they_lead() -> None:
    topics = (Topic(OZA, "OZA", "OZA", facilitator="sanne"), Topic(NPO, "NPO", "NPO"))
    session = a_session(group_limit=2, topics=topics)
    picks = [pick("sanne", NPO), replace(pick("a", OZA), placed_by="ineke"), pick("b", OZA)]
    assert promised(session, session.topics[0], picks) == {"sanne", "a"}
    c, sanne = people("c", "sanne")
    assert keys(put(session, picks, c, OZA, "ineke", NOW)[1]) == [("topic", "full")]
    assert keys(put(session, picks, sanne, NPO, "ineke", NOW)[1]) == [("person", "leads")]


def test_a_reminder_on_request_waits_for_sending_hours_and_is_refused_when_it_comes_too_late() -> None:
    members, night = people("noor"), datetime.fromisoformat("2021-06-16T20:00+02:00")
    session = a_session()
    at = reminder_on_request(session, members, [], night, is_dutch_holiday)
    assert at == datetime.fromisoformat("2021-06-17T08:30+02:00")
    assert reminder_on_request(session, members, [], NOW, is_dutch_holiday) == NOW
    soon = replace(session, closes_at=night + timedelta(hours=1))
    for refused, changed, picks in [
        ("remind_late", soon, []),
        ("remind_nobody", session, [pick("noor", OZA)]),
        ("remind_practice", replace(session, channel="D1"), []),
    ]:
        with pytest.raises(Refused, match=refused):
            reminder_on_request(changed, members, picks, night, is_dutch_holiday)


def test_a_facilitator_who_stays_is_not_held_against_the_rules_of_a_new_one() -> None:
    topics = (Topic(OZA, "OZA", "OZA", facilitator="sanne"), Topic(NPO, "NPO", "NPO"))
    picks = [pick("sanne", wish=Wish.ABSENT)]
    session, members = a_session(topics=topics), people("sanne", "youssef")
    assert appoint(session, {OZA: "sanne", NPO: "youssef"}, picks, members) == ({NPO: "youssef"}, {}, [])
    assert appoint(session, {OZA: None}, picks, members) == ({}, {}, []), "who cannot come knows it"
    assert appoint(session, {OZA: "youssef"}, [], members) == ({OZA: "youssef"}, {OZA: "sanne"}, [])


def test_a_facilitator_is_not_appointed_where_everybody_else_counts_on_the_last_place() -> None:
    session, members = a_session(mode=Mode.FREE, group_limit=2), people("sanne")
    picks = [pick("a", OZA), pick("b", OZA)]
    assert keys(appoint(session, {OZA: "sanne"}, picks, members)[2]) == [(f"topic-{OZA}", "below")]
    assert appoint(session, {OZA: "sanne"}, picks[1:], members) == ({OZA: "sanne"}, {}, [])
    assert appoint(session, {OZA: "a"}, picks, [*members, *people("a")]) == ({OZA: "a"}, {}, [])


STEPS = st.lists(st.tuples(st.sampled_from("mawp"), st.integers(0, 5), st.integers(0, 5)), max_size=25)


@given(STEPS, st.sampled_from(list(Mode)), st.none() | st.integers(2, 4))
def test_whatever_a_coordinator_does_the_offer_stays_whole(
    steps: list[tuple[str, int, int]], mode: Mode, limit: int | None
) -> None:
    topics = tuple(Topic(f"tp_{n}", f"T{n}", f"T{n}") for n in range(6))
    session = a_session(topics=topics, mode=mode, group_limit=limit, group_minimum=1)
    members = [Member("T1", f"u{n}", f"u{n}", frozenset({Role.PARTICIPANT})) for n in range(6)]
    wishes = {n: (f"tp_{n}", f"tp_{(n + 1) % 6}") if mode is Mode.RANKED else (f"tp_{n}",) for n in range(6)}
    picks = {f"u{n}": pick(f"u{n}", *wish) for n, wish in wishes.items()}
    for what, one, other in steps:
        first, second = f"tp_{one}", f"tp_{other}"
        try:
            if what == "m":
                moving, into, _ = merge(session, first, second, list(picks.values()))
                session = after(session, **dict.fromkeys(moving, into))
            elif what == "a":
                alone = set(apart(session, first))
                session = replace(
                    session,
                    topics=tuple(replace(t, merged_into=None) if t.id in alone else t for t in session.topics),
                )
            elif what == "w":
                found = withdraw(session, first, list(picks.values()))
                picks = {user: each for user, each in picks.items() if user not in found.bereft}
                picks |= {each.user: each for each in found.changed}
                session = replace(
                    session,
                    topics=tuple(
                        replace(t, merged_into=None) if t.merged_into == first else t
                        for t in session.topics
                        if t.id != first
                    ),
                )
            else:
                placed, _ = put(session, list(picks.values()), members[one], second, "ineke", NOW)
                if placed is not None:
                    picks[placed.user] = placed
        except Refused:
            continue
    offered = [topic.id for offer in session.offers for topic in offer]
    assert sorted(offered) == sorted(topic.id for topic in session.topics), "each topic is in exactly one offer"
    assert session.topics
    assert all(session.topic(t.merged_into) for t in session.topics if t.merged_into)
    assert all(session.topic(topic) for each in picks.values() for topic in each.topics)
    for offer in session.offers:
        held = promised(session, offer[0], list(picks.values()))
        assert limit is None or len(held) <= limit, "who counts on a place has one"
    instance = problem_of(session, list(picks.values()), members)
    seats = allocate(instance).seats
    assert all(seats[person.user] == person.fixed for person in instance.people if person.fixed)
