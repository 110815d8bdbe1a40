"""The screens after closing keep to Slack's limits with the longest inputs, and say what they should."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.programme import Member, Programme, Role
from bot.selection import Group, Reason, Swap, SwapState, Why, Wish
from bot.worksessions import MOST_TOPICS, State, WorkSession
from handlers.home import Desk, Home, look
from handlers.routing import Click
from handlers.views import home as home_views
from handlers.views import selection_groups as group_views
from handlers.views import selection_seats as views
from handlers.views.frame import escaped
from handlers.words import Words, load
from handlers.world import Asker
from playground.linter import lint_view, visible_texts
from tests.handlers.house import House, wall
from tests.handlers.seated import close
from tests.handlers.test_views import LONG, a_session, accepted

LINK = "https://slack.com/archives/C0123456789/p1234567890123456"


@pytest.fixture(params=["nl", "en"])
def words(request: pytest.FixtureRequest) -> Words:
    return load(str(request.param))


def grouped(sizes: list[int], *, topics_each: int = 1) -> tuple[WorkSession, list[Group]]:
    session = a_session(State.GROUPED)
    users = (f"U{n:010}" for n in range(20_000))
    made = []
    for number, size in enumerate(sizes):
        topics = session.topics[number * topics_each : (number + 1) * topics_each]
        people = tuple(next(users) for _ in range(size))
        ids = tuple(topic.id for topic in topics)
        made.append(Group(f"gr_{number:016}", session.id, number + 1, ids, "U0123456789", people, "U9876543210"))
    return session, made


def listed(session: WorkSession, made: list[Group], words: Words, waiting: int = 0) -> list[str]:
    """Draw the list, hold it against the limits, and return the paragraph of each group."""
    threads = {group.id: LINK for group in made}
    left_over = [topic.id for topic in session.topics]
    people = [f"U{n:010}" for n in range(waiting)]
    text, blocks = group_views.groups(session, made, left_over, threads, {Wish.TOPIC: 1000}, people, words)
    accepted(text, list(blocks))
    assert len(blocks) <= 50
    return [block["text"]["text"] for block in (each.to_dict() for each in blocks) if block["type"] == "section"]


def test_forty_groups_of_a_thousand_people_with_the_longest_names_fit_one_message(words: Words) -> None:
    session, made = grouped([25] * 40)
    lines = listed(session, made, words, waiting=1000)
    for group, line in zip(made, lines, strict=False):
        assert words("selection.group", number=group.number, topics="").strip() in line, "each group is there"
        assert LINK in line, "and the way to its thread"
        assert words.count("selection.people", 25) in line or "<@U" in line, "and its people, or how many"


def test_a_few_groups_name_everybody_and_small_groups_are_cut_last(words: Words) -> None:
    session, made = grouped([3, 200])
    small, large = listed(session, made, words)[:2]
    assert small.count("<@U") == 3 + 2, "everybody, the facilitator and the note-taker"
    assert large.count("<@U") == group_views.MOST_NAMES + 2
    assert words.count("selection.more", 160) in large


@pytest.mark.parametrize("sizes", [[500], [8] * 20, [1] * 40, [0] * 40, [500] * 40, [1] * 39 + [500]])
def test_the_list_fits_whatever_the_sizes(words: Words, sizes: list[int]) -> None:
    listed(*grouped(sizes), words, waiting=300)


def test_a_merged_group_shows_all_its_topics(words: Words) -> None:
    session, made = grouped([5], topics_each=3)
    line = listed(session, made, words)[0]
    assert all(escaped(topic.name)[:30] in line for topic in session.topics[:3])
    everything, whole = grouped([5], topics_each=MOST_TOPICS)
    line = listed(everything, whole, words)[0]
    assert all(topic.short_name in line for topic in everything.topics), "forty names become forty short names"
    accepted(*group_views.group_thread(everything, whole[0], words))


def test_the_row_of_buttons_stands_under_the_groups_and_not_where_there_are_none(words: Words) -> None:
    session, made = grouped([3])
    labels = [words(key) for key in ("selection.why_button", "selection.swap", "selection.seat")]
    for found, there in ((made, True), ([], False)):
        _, blocks = group_views.groups(session, found, [], {}, {}, [], words)
        shown = list(visible_texts([block.to_dict() for block in blocks]))
        assert all((label in shown) is there for label in labels)


def test_what_is_said_about_a_seat_fits_with_the_longest_names(words: Words) -> None:
    session, made = grouped([3], topics_each=MOST_TOPICS)
    group = made[0]
    for known in (True, False):
        accepted(*views.own_seat(session, group, LINK, known, words))
    accepted(*views.own_seat(session, None, None, False, words))
    accepted(*views.late(session, session.topics[0].id, group, LINK, words))
    accepted(*views.late(session, session.topics[0].id, None, None, words))
    for user in (*group.people[:1], "U0123456789", "U9876543210"):
        accepted(*views.seated(session, group, user, LINK, words))
    accepted(*views.seated(session, None, "U1", None, words))
    for reason in Reason:
        partner = "U0123456789" if reason is Reason.SWAPPED else ""
        first = LONG[:120] if reason.names_first else ""
        accepted(*views.why_here(session, Why(40, reason, first, partner), words))
    swap = Swap("sw_1", session.id, "U1", "U2", group.id, group.id, SwapState.ASKED, session.starts_at)
    for state in SwapState:
        accepted(*views.swap_question(replace(swap, state=state), session, made, words))
    for state in (SwapState.DONE, SwapState.DECLINED, SwapState.VOID):
        accepted(*views.swap_outcome(replace(swap, state=state), 40, LINK, words))


def test_the_home_names_the_groups_without_a_facilitator_and_says_why_one_sits_there(words: Words) -> None:
    session, made = grouped([3] * 40)
    member = Member("T1", made[0].people[0], LONG, frozenset({Role.COORDINATOR}))
    asker = Asker(member, Programme("T1", words.language, "Europe/Amsterdam", "regio", "s"), words)
    desk = Desk(session, groups=40, leaderless=tuple(made), waiting=12)
    why = {session.id: Why(1, Reason.SECOND_FULL, first=LONG[:120])}
    home = Home(asker, False, (), (desk,), ((session, made[0]),), (), why=why, may_swap=frozenset({session.id}))
    view = home_views.home(home, words).to_dict()
    assert lint_view(view) == []
    shown = "\n".join(visible_texts(view["blocks"]))
    assert words.count("home.leaderless", 40, groups=words.list([str(n) for n in range(1, 41)])) in shown
    assert words.count("home.waiting", 12) in shown
    assert views.why(why[session.id], words) in shown
    assert words("selection.swap") in shown


def test_the_home_is_made_of_what_is_in_the_database(tmp_path: Path) -> None:
    house = House(tmp_path, wall(2021, 6, 17, 12))
    for user in ("noor", "samir", "sanne"):
        house.person(user)
    house.person("ineke", None, Role.COORDINATOR)
    room = close(house, {"noor": ["Ouders"], "samir": ["Vervoer"]}, leads={"sanne": "Ouders"})

    def home(user: str) -> Home:
        return house.write(lambda db: look(house.world, Click("event", "app_home_opened", "T1", user, "k"), db))

    assert [group.number for group in home("ineke").desks[0].leaderless] == [room.at("Vervoer").number]
    assert home("noor").why[room.id].reason is Reason.FIRST
    assert home("noor").may_swap == {room.id}
    assert home("sanne").may_swap == frozenset(), "who leads does not swap"
    house.at(room.session.ends_at + timedelta(minutes=1))
    assert home("ineke").desks[0].leaderless == ()
    assert home("noor").may_swap == frozenset()
    house.database.close()
