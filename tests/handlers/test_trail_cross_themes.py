"""Themes for everybody: said once for the whole programme, and read where people choose and where groups talk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.trail import Entry, Kind, State, Value
from handlers.personal.forgetting import forget_person
from handlers.slack import kinds
from playground.linter import visible_texts
from storage import programme, trail, worksessions
from tests.handlers.house import TEAM, House
from tests.handlers.seated import CLOSES, STARTS, Room, choosing, close
from tests.handlers.trailing import Trail, lived_in, two_regions

NAME = "Samen sturen als gemeenten en scholen"
WISHES = {"noor": ["Ouders"], "sanne": ["Ouders"], "samir": ["Vervoer"]}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    yield from lived_in(tmp_path, STARTS - timedelta(days=8))


def add(scene: Trail, user: str, name: str = NAME) -> str:
    form = scene.press(user, "trail.add", "programme cross_theme", "trail.part", region="programme", part="programme")
    if "Thema voor iedereen" not in form:
        return form
    typed = {"title": name, "note": "Wie besluit waarover?"}
    return scene.fill(user, "trail.new", typed, region="programme", kind="cross_theme", part="programme")


def threads(room: Room) -> list[str]:
    bodies = [room.house.draw(row, kinds()) for row in room.house.owed("selection.group")]
    return ["\n".join(visible_texts([each.to_dict() for each in body.blocks])) for body in bodies if body]


@pytest.mark.practice("003:13-31")
def test_a_theme_for_everybody_stands_where_people_choose_and_in_the_thread_of_every_group(house: House) -> None:
    scene = two_regions(house)
    assert NAME in add(scene, "ineke")
    house.at(STARTS - timedelta(days=1))
    room = choosing(house, WISHES)
    assert room.list().count(f"Neem in elke groep mee: {NAME}") == 1
    assert NAME not in [topic.name for topic in room.session.topics], "nobody has to choose it"
    held = close(house, WISHES)
    assert len(threads(held)) == 2
    assert all(f"Neem ook mee: {NAME}" in said for said in threads(held))


def test_only_the_coordinator_says_what_everybody_takes_along(house: House) -> None:
    scene = two_regions(house)
    for user in ("noor", "sanne", "samir"):
        assert NAME not in add(scene, user)
    assert scene.entries(None) == []


def test_who_adds_changes_or_drops_it_sees_the_message_of_the_session_follow_and_a_session_that_is_over_stays(
    house: House,
) -> None:
    scene, room = two_regions(house), choosing(house, WISHES)
    house.at(CLOSES - timedelta(hours=2))
    add(scene, "ineke")
    (entry,) = scene.entries(None)

    def changes() -> int:
        return len([row for row in house.owed("selection.card") if row.target_key])

    assert changes() == 1 and NAME in room.list()
    values = {"title": Value("Samen <besluiten> & delen.")}
    house.write(lambda db: trail.change(db, entry, values, "ineke", house.clock.at))
    assert changes() == 2 and "Neem in elke groep mee: Samen &lt;besluiten&gt; &amp; delen" in room.list()
    house.at(STARTS + timedelta(days=2))
    (entry,) = scene.entries(None)
    house.write(lambda db: trail.drop(db, entry, "ineke", house.clock.at))
    assert changes() == 2, "what was taken along then, was taken along"


def test_one_that_comes_after_a_session_is_not_said_to_have_been_taken_along(house: House) -> None:
    scene = two_regions(house)
    held = close(house, WISHES)
    house.at(STARTS + timedelta(days=3))
    add(scene, "ineke")
    assert threads(held) and not any(NAME in said for said in threads(held))


def test_words_about_somebody_who_is_forgotten_leave_the_messages_of_sessions_that_are_over(house: House) -> None:
    two_regions(house)
    house.write(lambda db: programme.save_account(db, TEAM, programme.Account("noor", "Noor Bontekoe")))
    values = {"title": Value("Wat Noor Bontekoe vroeg")}
    entry = Entry("te_cross", TEAM, None, Kind.CROSS_THEME, values, State.KEPT)
    house.write(lambda db: trail.make(db, entry, "ineke", house.clock.at))
    held = close(house, WISHES)
    house.arrive("selection.group")
    assert all("Bontekoe" in said for said in threads(held))
    house.at(STARTS + timedelta(days=2))
    house.write(lambda db: forget_person(db, house.world, house.settings, "noor", by="noor"))
    assert not any("Bontekoe" in said for said in threads(held))
    owed = {row.target_key for row in house.owed("selection.group") if row.target_key}
    assert owed == {f"selection.group:{group.id}" for group in held.groups}, "and Slack is owed what they say now"


def test_many_long_ones_fit_beside_the_longest_list_of_themes(house: House) -> None:
    house.at(STARTS - timedelta(days=9))
    for number in range(8):
        values = {"title": Value(f"{number} " + "lang & <breed> " * 18)}
        entry = Entry(f"te_{number}", TEAM, None, Kind.CROSS_THEME, values, State.KEPT)
        house.write(lambda db, entry=entry: trail.make(db, entry, "ineke", house.clock.at))
    two_regions(house)
    room = choosing(house, {}, topics=[f"Thema {number} " + "en nog een lange naam " * 4 for number in range(40)])
    assert "… en nog 5" in room.list(), "drawn within what Slack takes"
    assert house.read(lambda db: worksessions.one(db, TEAM, room.id)) is not None
