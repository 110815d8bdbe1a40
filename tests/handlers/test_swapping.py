"""Changing places with somebody, through the router and on a real database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.delivery import Operation
from bot.programme import Member, Role
from bot.selection import Group, Reason, SwapState
from bot.worksessions import LARGEST_GROUP, MOST_TOPICS, TOPIC_LENGTH
from handlers.views import selection_seats as views
from handlers.words import Words
from playground.linter import lint_view
from tests.handlers.house import TEAM, House, wall
from tests.handlers.seated import STARTS, Room, close
from tests.handlers.test_views import a_session

PEOPLE = ("noor", "samir", "sanne", "youssef", "lotte", "vera")
LONG = "<!channel> & " + "Ŵ&" * 100


@pytest.fixture(params=["nl", "en"])
def house(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[House]:
    made = House(tmp_path, wall(2021, 6, 17, 12), str(request.param))
    for name in PEOPLE:
        made.person(name, locale=made.settings.language)
    made.person("ineke", None, Role.COORDINATOR, locale=made.settings.language)
    yield made
    made.database.close()


@pytest.fixture
def words(house: House) -> Words:
    return house.world.words[house.settings.language]


@pytest.fixture
def room(house: House) -> Room:
    """Two full groups: Noor and Samir talk about Ouders, Sanne and Youssef about Verduurzaming."""
    chosen = {"noor": ["Ouders"], "samir": ["Ouders"], "sanne": ["Verduurzaming"], "youssef": ["Verduurzaming"]}
    found = close(house, chosen, limit=2)
    house.arrive("selection.card", "selection.group")
    return found


def answer(room: Room, user: str, says: str, swap: str = "", **more: str) -> str:
    return room.press("selection.swap_answer", user, swap or room.swaps("noor")[-1][0], says, **more)


def test_two_people_change_places_when_both_agree(room: Room, words: Words) -> None:
    mine, theirs = room.at("Ouders").number, room.at("Verduurzaming").number
    assert room.propose("noor", "sanne") == {}
    room.house.arrive("selection.swap")
    yours, hers = (
        words("selection.group", number=room.at(name).number, topics=name) for name in ("Ouders", "Verduurzaming")
    )
    question = words("selection.swap_question", name="<@noor>", title=room.session.title, yours=yours, theirs=hers)
    assert room.told("selection.swap", "sanne").startswith(question)
    assert words("selection.swap_agree") in room.told("selection.swap", "sanne")
    heads = len(room.house.owed("selection.group"))
    assert answer(room, "sanne", "yes") == ""
    assert room.tables() == {"Ouders": ["samir", "sanne"], "Verduurzaming": ["noor", "youssef"]}
    assert (room.reason("noor"), room.reason("sanne")) == (Reason.SWAPPED, Reason.SWAPPED)
    after = room.told("selection.swap_settled", "sanne")
    assert words("selection.swap_then.done", name="<@noor>") in after
    assert words("selection.swap_agree") not in after, "the buttons have gone"
    update = room.house.owed("selection.swap_settled")[-1]
    assert (update.operation, update.target_key) == (Operation.UPDATE, f"selection.swap:{room.swaps('noor')[0][0]}")
    told = room.told("selection.swap_outcome", "noor")
    assert told.startswith(words("selection.swap_outcome.done", name="<@sanne>", number=theirs))
    assert words("selection.thread") in told
    assert len({row.target_key for row in room.house.owed("selection.group")[heads:]}) == 2
    assert room.press("selection.why", "noor") == words(
        "selection.why_here", number=theirs, why=words("selection.why.swapped", name="<@sanne>")
    )
    assert room.press("selection.why", "sanne") == words(
        "selection.why_here", number=mine, why=words("selection.why.swapped", name="<@noor>")
    )


def test_who_would_rather_not_stays_and_the_asker_hears_it_kindly(room: Room, words: Words) -> None:
    before = room.tables()
    room.propose("noor", "sanne")
    answer(room, "sanne", "no")
    assert room.tables() == before
    number = room.at("Verduurzaming").number
    declined = words("selection.swap_outcome.declined", name="<@sanne>", number=number)
    assert room.told("selection.swap_outcome", "noor") == declined
    assert words("selection.swap_then.declined", name="<@noor>") in room.told("selection.swap_settled", "sanne")


@pytest.mark.parametrize("who", ["noor", "sanne"])
def test_a_proposal_is_void_at_once_when_one_of_the_two_moves(room: Room, words: Words, who: str) -> None:
    room.propose("noor", "sanne")
    other = room.at("Verduurzaming") if who == "noor" else room.at("Ouders")
    room.move(who, other, room=["wider"])
    before = room.tables()
    assert [state for _, state in room.swaps("noor")] == [SwapState.VOID]
    assert words("selection.swap_then.void", name="<@noor>") in room.told("selection.swap_settled", "sanne")
    assert room.told("selection.swap_outcome", "noor").startswith(
        words("selection.swap_outcome.void", name="<@sanne>", number=2)
    )
    assert answer(room, "sanne", "yes") == words("selection.swap_settled")
    assert room.tables() == before


def test_a_proposal_is_void_when_one_of_the_two_gets_a_duty_or_leaves(room: Room) -> None:
    room.propose("noor", "sanne")
    room.move("sanne", room.at("Verduurzaming"), "note_taker")
    room.propose("samir", "youssef")
    body = {"user": {"id": "youssef", "name": "y", "team_id": TEAM, "deleted": True}}
    room.do("event", "user_change", "youssef", body=body)
    assert [state for user in ("noor", "samir") for _, state in room.swaps(user)] == [SwapState.VOID, SwapState.VOID]


def test_asking_somebody_else_withdraws_the_first_question(room: Room, words: Words) -> None:
    room.propose("noor", "sanne")
    room.propose("noor", "youssef")
    assert [state for _, state in room.swaps("noor")] == [SwapState.REPLACED, SwapState.ASKED]
    assert words("selection.swap_then.replaced", name="<@noor>") in room.told("selection.swap_settled", "sanne")
    first, second = (swap for swap, _ in room.swaps("noor"))
    before = room.tables()
    assert answer(room, "sanne", "yes", first) == words("selection.swap_settled")
    assert room.tables() == before
    assert room.told("selection.swap_outcome", "noor") == "", "who asked anew knows it"
    answer(room, "youssef", "yes", second)
    assert "noor" in room.at("Verduurzaming").people


def test_asking_the_same_person_again_asks_once(room: Room) -> None:
    room.propose("noor", "sanne")
    room.propose("noor", "sanne")
    room.propose("noor", "youssef", key="v:twice")
    room.propose("noor", "youssef", key="v:twice")
    assert [row.user_id for row in room.house.owed("selection.swap")] == ["sanne", "youssef"]


def test_a_question_that_was_settled_before_it_left_is_not_asked(room: Room) -> None:
    room.propose("noor", "sanne")
    room.propose("noor", "youssef")
    assert room.told("selection.swap", "sanne") == ""
    assert room.told("selection.swap", "youssef") != ""


def test_two_people_who_ask_each_other_change_places_once(room: Room) -> None:
    room.propose("noor", "sanne")
    room.propose("sanne", "noor")
    answer(room, "sanne", "yes")
    assert "noor" in room.at("Verduurzaming").people
    assert [state for _, state in room.swaps("sanne")] == [SwapState.VOID]


def test_a_double_press_and_a_press_by_somebody_else_change_nothing(room: Room, words: Words) -> None:
    room.propose("noor", "sanne")
    before = room.tables()
    for stranger in ("samir", "noor", "ineke"):
        assert answer(room, stranger, "yes") == words("selection.swap_other")
    assert answer(room, "sanne", "yes", "sw_none") == words("selection.swap_settled")
    assert room.tables() == before
    answer(room, "sanne", "yes", key="once")
    after = room.tables()
    assert answer(room, "sanne", "yes", key="once") == ""
    assert answer(room, "sanne", "no") == words("selection.swap_settled")
    assert room.tables() == after != before
    assert len(room.house.owed("selection.swap_outcome")) == 1


def test_who_can_be_asked_is_in_the_form_by_group(room: Room, words: Words) -> None:
    room.move("youssef", room.at("Verduurzaming"), "facilitator")
    room.press("selection.swap", "noor")
    field = room.world.opened[-1]["blocks"][0]["element"]
    offered = [(group["label"]["text"], group["options"]) for group in field["option_groups"]]
    assert [[each["value"] for each in people] for _, people in offered] == [["sanne"]]
    assert offered[0][0] == words("selection.group", number=room.at("Verduurzaming").number, topics="Verduurzaming")


@pytest.mark.parametrize(
    ("partner", "key"),
    [("lotte", "swap_nobody"), ("noor", "swap_nobody"), ("samir", "swap_same"), ("youssef", "swap_duty")],
)
def test_who_cannot_be_asked_is_refused_under_the_field(room: Room, words: Words, partner: str, key: str) -> None:
    room.move("youssef", room.at("Verduurzaming"), "note_taker")
    numbers = {"swap_same": room.at("Ouders").number, "swap_duty": room.at("Verduurzaming").number}
    values = {"number": numbers[key]} if key in numbers else {}
    assert room.propose("noor", partner) == {"partner": words(f"selection.{key}", **values)}
    assert room.swaps("noor") == []


def test_who_has_nothing_to_swap_reads_why(room: Room, words: Words) -> None:
    assert room.press("selection.swap", "lotte") == words("selection.no_seat")
    room.move("noor", room.at("Ouders"), "facilitator")
    duty = words("selection.swap_duty", number=room.at("Ouders").number)
    assert room.press("selection.swap", "noor") == duty
    room.house.at(STARTS + timedelta(hours=3))
    assert room.propose("samir", "sanne") == {"partner": words("selection.over", title="Werksessie 17 juni")}


def test_with_one_group_there_is_nobody_to_swap_with(house: House, words: Words) -> None:
    alone = close(house, {"noor": ["Ouders"], "samir": ["Ouders"]})
    assert alone.press("selection.swap", "noor") == words("selection.swap_alone")


def test_the_form_holds_forty_groups_and_a_thousand_people(room: Room, words: Words) -> None:
    session = a_session()
    assert len(session.topics) == MOST_TOPICS and len(session.topics[0].name) == TOPIC_LENGTH
    names = {f"U{n:010}": Member("T1", f"U{n:010}", LONG, frozenset()) for n in range(LARGEST_GROUP * 2)}
    for each in (2, 25):
        users = iter(names)
        groups = [
            Group(f"gr_{n}", session.id, n + 1, (topic.id,), None, tuple(next(users) for _ in range(each)))
            for n, topic in enumerate(session.topics)
        ]
        partners = {group.id: group.people for group in groups}
        view = views.swap_form(session, groups, partners, names, words).to_dict()
        assert lint_view(view) == []
        kind = view["blocks"][0]["element"]["type"]
        assert kind == ("static_select" if each == 2 else "users_select")
