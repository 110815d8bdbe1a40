"""At the end of a period every region is asked to look back: once, with one reminder, and several may answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.programme import Role
from bot.trail import Entry, Kind, State, Value
from handlers.home.waiting import waiting_for
from handlers.slack import kinds
from handlers.trail import looking_back
from playground.linter import visible_texts
from storage import trail
from storage.delivery import OutboxRow
from tests.handlers.house import TEAM, House, wall
from tests.handlers.trailing import Trail

ROUND = {"kind": "evaluation", "title": "Schooljaar 2020-2021"}
STORY = {"title": "Het loket staat er.", "advice": "Zet iemand aan de telefoon die mag beslissen."}


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Trail]:
    """Haaglanden has Sanne, who facilitates, and Noor; the Waterweg has Lotte as its contact, Zuid has nobody."""
    house = House(tmp_path, wall(2021, 6, 17, 10))
    one, two = house.region("Haaglanden"), house.region("Waterweg")
    house.region("Zuid")
    house.person("sanne", one, Role.FACILITATOR)
    house.person("noor", one)
    house.person("lotte", two)
    house.person("samir", two)
    house.person("ineke", None, Role.COORDINATOR)
    contact = Entry("te_c", TEAM, two, Kind.CONTACT, {"title": Value("Lotte"), "person": Value("", "lotte")})
    house.write(lambda db: trail.make(db, contact, "samir", house.clock.at - timedelta(days=99)))
    yield Trail(house)
    house.database.close()


def later(scene: Trail, days: int) -> None:
    scene.house.at(scene.house.clock.at + timedelta(days=days))
    for _ in range(2):
        scene.house.do(looking_back.tick(scene.world, scene.house.clock.at))


def asked(scene: Trail) -> list[tuple[str | None, bool]]:
    rows = [row for row in scene.house.owed("trail.round_ask") if row.operation == "post"]
    return [(row.user_id, "reminder" in row.key) for row in rows]


def read(scene: Trail, row: OutboxRow) -> str:
    body = scene.house.draw(row, kinds())
    return "\n".join(visible_texts([block.to_dict() for block in body.blocks])) if body else ""


def answer(scene: Trail, user: str, region: str) -> None:
    scene.fill(user, "trail.new", STORY, region=region, kind="evaluation", part="monitoring")


@pytest.mark.practice("003:85-89")
def test_every_region_is_asked_once_and_who_does_not_answer_is_reminded_once(scene: Trail) -> None:
    assert "begeleiders en contactpersonen" in scene.press("ineke", "trail.round_new").casefold()
    scene.fill("ineke", "trail.round_new", ROUND)
    assert asked(scene) == [("lotte", False), ("sanne", False)]
    first, second = scene.house.owed("trail.round_ask")
    assert "Waterweg" in read(scene, first) and "Schooljaar 2020-2021" in read(scene, second)
    assert "Welke ambities" in scene.press("sanne", "trail.add", "rg_0001 evaluation")
    scene.house.at(scene.house.clock.at + timedelta(days=1))
    answer(scene, "sanne", "rg_0001")
    answer(scene, "noor", "rg_0001")
    later(scene, 5)
    assert len(asked(scene)) == 2, "not yet"
    later(scene, 5)
    later(scene, 30)
    assert asked(scene)[2:] == [("lotte", True)], "once, and only who did not answer"


def test_who_answered_meanwhile_is_not_reminded_any_more(scene: Trail) -> None:
    scene.fill("ineke", "trail.round_new", ROUND)
    later(scene, 11)
    reminder = scene.house.owed("trail.round_ask")[-1]
    assert "Nog één keer" in read(scene, reminder)
    answer(scene, reminder.user_id or "", "rg_0001" if reminder.user_id == "sanne" else "rg_0002")
    assert scene.house.draw(reminder, kinds()) is None


@pytest.mark.practice("003:85-89")
def test_the_coordinator_sees_who_answered_and_where_nobody_could_be_asked(scene: Trail) -> None:
    scene.fill("ineke", "trail.round_new", ROUND)
    answer(scene, "noor", "rg_0001")
    part = scene.press("ineke", "trail.part", "programme programme")
    assert "1 van de 2" in part
    (found,) = scene.house.read(lambda db: trail.rounds(db, TEAM))
    window = scene.press("ineke", "trail.round", found.id)
    assert "Noor antwoordde op" in window and "Sanne nog niet" in window and "Lotte nog niet" in window
    assert window.index("Haaglanden") < window.index("Waterweg") < window.index("Zuid")
    assert "niemand om te vragen" in window
    assert "Noor antwoordde" not in scene.press("samir", "trail.round", found.id)


def test_from_who_answered_the_coordinator_opens_each_answer_in_the_place_of_that_window(scene: Trail) -> None:
    scene.fill("ineke", "trail.round_new", ROUND)
    for user in ("sanne", "noor"):
        answer(scene, user, "rg_0001")
    (found,) = scene.house.read(lambda db: trail.rounds(db, TEAM))
    part = {"region": "programme", "part": "programme", "page": "0", "below": ""}
    scene.press("ineke", "trail.round", found.id, "trail.part", **part)
    window = scene.window
    buttons = [each["accessory"] for each in window["blocks"] if each.get("accessory")]
    written = {entry.made_by: entry.id for entry in scene.entries("rg_0001") if entry.kind is Kind.EVALUATION}
    assert [each["value"] for each in buttons] == [written["sanne"], written["noor"]]
    assert [each["accessibility_label"] for each in buttons] == ["Bekijk: Sanne", "Bekijk: Noor"]
    below = json.loads(window["private_metadata"])["below"]
    assert below == "part:programme:programme:0"
    said = scene.press("ineke", "trail.entry", written["noor"], "trail.round", below=below)
    assert "mag beslissen" in said and scene.world.shown[-1] is scene.window, "in its place: Slack piles three"
    assert "mag beslissen" not in scene.press("samir", "trail.entry", written["noor"], "trail.round")


def test_each_answer_is_an_entry_of_its_own_that_the_region_may_share(scene: Trail) -> None:
    scene.fill("ineke", "trail.round_new", ROUND)
    for user in ("sanne", "noor"):
        answer(scene, user, "rg_0001")
    found = [entry for entry in scene.entries("rg_0001") if entry.kind is Kind.EVALUATION]
    assert [(entry.made_by, entry.state) for entry in found] == [("sanne", State.KEPT), ("noor", State.KEPT)]
    assert "Het loket staat er." not in scene.press("samir", "trail.part", "rg_0001 monitoring")
    scene.press("sanne", "trail.share", found[0].id, "trail.entry")
    assert "Het loket staat er." in scene.press("samir", "trail.part", "rg_0001 monitoring")


def test_only_the_coordinator_asks_and_a_period_is_named(scene: Trail) -> None:
    assert "Alleen de coördinator" in scene.fill("sanne", "trail.round_new", ROUND)
    assert "Vul dit in." in scene.fill("ineke", "trail.round_new", {**ROUND, "title": " "})
    assert asked(scene) == []


def homes(scene: Trail, user: str) -> str:
    found = scene.house.read(lambda db: waiting_for(db, TEAM, user, scene.house.clock.at))
    blocks = [block.to_dict() for each in found for block in each.draw(scene.world.words["nl"])]
    return "\n".join(visible_texts({"blocks": blocks}))


def test_who_answered_reads_so_in_the_message_and_where_it_stands_instead_of_being_asked_again(scene: Trail) -> None:
    scene.fill("ineke", "trail.round_new", ROUND)
    scene.house.at(scene.house.clock.at + timedelta(hours=1))
    answer(scene, "sanne", "rg_0001")
    (row,) = [row for row in scene.house.owed("trail.round_ask") if row.operation == "update"]
    assert row.target_key == scene.house.owed("trail.round_ask")[1].key and row.user_id == "sanne"
    said = read(scene, row)
    assert "Bedankt" in said and "Schooljaar 2020-2021" in said and "Haaglanden" in said and "Vul in" not in said
    assert "De regio en de coördinator kunnen het lezen" in said
    assert "Het loket staat er." in scene.press("sanne", "trail.part", "rg_0001 monitoring")
    answer(scene, "noor", "rg_0001")
    answer(scene, "sanne", "rg_0001")
    updates = [row for row in scene.house.owed("trail.round_ask") if row.operation == "update"]
    assert len(updates) == 1, "who was not asked has no message, and one thanks is enough"


def test_an_answer_that_is_set_aside_asks_again_in_the_message_that_said_thanks(scene: Trail) -> None:
    scene.fill("ineke", "trail.round_new", ROUND)
    scene.house.at(scene.house.clock.at + timedelta(hours=1))
    answer(scene, "sanne", "rg_0001")
    answer(scene, "sanne", "rg_0001")
    first, second = [entry.id for entry in scene.entries("rg_0001") if entry.kind is Kind.EVALUATION]

    def updates() -> list[str]:
        return [read(scene, row) for row in scene.house.owed("trail.round_ask") if row.operation == "update"]

    scene.press("sanne", "trail.drop", first, "trail.entry")
    assert all("Bedankt" in said for said in updates()), "the second one still counts"
    scene.press("ineke", "trail.drop", second, "trail.entry")
    assert "Vul in" in updates()[-1] and "Hoe ging het" in updates()[-1]
    assert "Evaluatie" in homes(scene, "sanne")
    answer(scene, "sanne", "rg_0001")
    assert "Bedankt" in updates()[-1]


def test_a_question_waits_on_the_home_too_for_whoever_got_no_message_of_it(scene: Trail) -> None:
    assert homes(scene, "sanne") == ""
    scene.fill("ineke", "trail.round_new", ROUND)
    for user in ("sanne", "lotte"):
        assert "Evaluatie" in homes(scene, user) and "Schooljaar 2020-2021" in homes(scene, user)
    assert homes(scene, "noor") == homes(scene, "samir") == "", "only who was asked"
    scene.house.at(scene.house.clock.at + timedelta(hours=1))
    answer(scene, "sanne", "rg_0001")
    assert homes(scene, "sanne") == "" and "Evaluatie" in homes(scene, "lotte")
    scene.house.at(scene.house.clock.at + timedelta(days=60))
    assert homes(scene, "lotte") == "", "a question of long ago does not stay for ever"


def test_who_asks_is_told_how_many_regions_are_asked_and_in_which_there_is_nobody(scene: Trail) -> None:
    said = scene.fill("ineke", "trail.round_new", ROUND)
    assert "2 regio's" in said and "In Zuid is niemand om te vragen" in said and "alle regio's" not in said


def test_where_nobody_can_be_asked_nothing_is_sent_and_the_form_says_so(tmp_path: Path) -> None:
    house = House(tmp_path, wall(2021, 6, 17, 10))
    house.person("noor", house.region("Haaglanden"))
    house.person("ineke", None, Role.COORDINATOR)
    scene = Trail(house)
    assert "niemand om te vragen" in scene.fill("ineke", "trail.round_new", ROUND)
    assert house.read(lambda db: trail.rounds(db, TEAM)) == []
    house.database.close()


def test_a_contact_who_is_of_another_region_is_not_asked_for_a_page_that_is_not_theirs_to_fill(scene: Trail) -> None:
    contact = Entry("te_d", TEAM, "rg_0003", Kind.CONTACT, {"title": Value("Samir"), "person": Value("", "samir")})
    scene.house.write(lambda db: trail.make(db, contact, "ineke", scene.house.clock.at))
    scene.fill("ineke", "trail.round_new", ROUND)
    assert asked(scene) == [("lotte", False), ("sanne", False)]


def test_the_programme_below_shows_at_once_that_every_region_is_asked(scene: Trail) -> None:
    scene.press("ineke", "trail.round_new", "", "trail.part", region="programme", part="programme", page="0")
    below = json.loads(scene.window["private_metadata"]).get("below", "")
    said = scene.fill("ineke", "trail.round_new", ROUND, below=below)
    assert "Evaluatie* · Schooljaar 2020-2021: antwoord van 0 van de 2 regio's." in said, said
