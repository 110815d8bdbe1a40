"""The work sessions of an assignment: planned from its window, named where people are invited, shown with it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.article import Part
from bot.followup import PollState
from bot.programme import Role
from bot.trail import Entry, Kind, State, Value
from bot.trail.follow_ups import Via
from bot.worksessions import WorkSession
from handlers import followup
from handlers.slack import kinds
from playground.linter import lint_view, visible_texts
from storage import followup as memory
from storage import trail, worksessions
from storage.trail import follow_ups
from storage.trail.forgetting import forget_person
from tests.handlers.house import TEAM, House, wall
from tests.handlers.test_home import seen, shown
from tests.handlers.trailing import Trail, lived_in

HERE, THERE = "rg_0001", "rg_0002"
NOW = wall(2021, 6, 17, 11)
PLAN = {"title": "Eén loket", "day": "2021-07-01", "start": "13:00", "end": "15:00", "channel": f"C{HERE}"}
CHECK = {"deadline_day": "2021-06-24", "deadline": "17:00", "quorum": "", "channel": f"C{HERE}"}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    yield from lived_in(tmp_path, NOW)


@pytest.fixture
def scene(house: House) -> Trail:
    """Noor and Sanne (who leads it) are of the first region, Samir of the second; Ineke and Lotte coordinate."""
    one, two = house.region("Haaglanden"), house.region("Waterweg")
    house.person("noor", one)
    house.person("sanne", one, Role.FACILITATOR)
    house.person("samir", two)
    for user in ("ineke", "lotte"):
        house.person(user, None, Role.COORDINATOR)
    return Trail(house)


def made(
    scene: Trail, kind: Kind, parent: str | None = None, region: str = HERE, person: str = "", **texts: str
) -> str:
    values = {name: Value(text) for name, text in texts.items()} | ({"person": Value("", person)} if person else {})
    entry = Entry(scene.world.ids("te"), TEAM, region, kind, values, State.KEPT, parent)
    scene.house.write(lambda db: trail.make(db, entry, "", scene.house.clock.at))
    return entry.id


def a_table(scene: Trail) -> str:
    table = made(scene, Kind.ASSIGNMENT, title="Eén loket")
    made(scene, Kind.POINT, table, title="Wie betaalt het vervoer?")
    made(scene, Kind.POINT, table, title="Doorgaande lijn")
    made(scene, Kind.ROLE, table, title="Projectleider", standing="filled", who="Noor", person="noor")
    made(scene, Kind.ROLE, table, title="Aannemer", standing="vacant")
    return table


def window(table: str) -> dict[str, str]:
    return {"window": "trail.entry", "entry": table, "region": HERE, "part": "agenda", "below": f"page:{HERE}"}


def data_of(view: dict[str, Any]) -> dict[str, str]:
    assert lint_view(view) == []
    found: dict[str, str] = json.loads(view["private_metadata"])
    return found


def plan(scene: Trail, table: str, user: str = "ineke", day: str = "2021-07-01") -> str:
    """Go through the three steps of the form, from the window of the assignment; returns what is read at the end."""
    scene.press(user, "worksessions.for_assignment", table, **window(table))
    shown = scene.window
    assert shown["callback_id"] == "worksessions.plan"
    scene.fill(user, "worksessions.plan", {**PLAN, "day": day}, **data_of(shown))
    asked = scene.acked[-1]
    (typed,) = [b["element"].get("initial_value", "") for b in asked["blocks"] if b.get("block_id") == "topics"]
    scene.fill(user, "worksessions.topics", {"topics": typed}, **data_of(asked))
    last = scene.acked[-1]
    offer = {
        "shorts": "Vervoer\nDoorgaande lijn",
        "closes": "12:00",
        "closes_day": day,
        "mode": "free",
        "silence": "agrees",
    }
    return scene.fill(user, "worksessions.offer", offer, **data_of(last))


def poll(scene: Trail, table: str, user: str = "ineke") -> str:
    scene.press(user, "followup.poll_for", table, **window(table))
    first = scene.window
    typed = "donderdag 1 juli 13.00-15.00\nvrijdag 2 juli 13.00-15.00"
    scene.fill(user, "followup.poll", {"typed": typed}, **data_of(first))
    check = data_of(scene.acked[-1])
    assert typed in scene.press(user, "followup.poll_again", window="followup.poll_check", **check)
    return scene.fill(user, "followup.poll_check", CHECK, **check)


def tied(scene: Trail, table: str, via: Via = Via.SESSION) -> list[str]:
    found = scene.house.read(lambda db: follow_ups.of_entry(db, TEAM, table))
    return [each.thing for each in found if each.via is via]


def session(scene: Trail, session_id: str) -> WorkSession:
    found = scene.house.read(lambda db: worksessions.one(db, TEAM, session_id))
    assert found is not None
    return found


def drawn(scene: Trail, kind: str) -> list[str]:
    found = [scene.house.draw(row, kinds()) for row in scene.house.owed(kind)]
    return ["\n".join([b.text, *visible_texts([each.to_dict() for each in b.blocks])]) if b else "" for b in found]


def tick(scene: Trail, at: datetime) -> None:
    scene.house.at(at)
    scene.house.do(followup.tick(scene.world, at))


@pytest.mark.practice("004:77-93")
def test_a_session_is_planned_from_the_assignment_with_its_name_its_region_and_its_open_points(scene: Trail) -> None:
    table = a_table(scene)
    said = scene.press("ineke", "trail.entry", table)
    assert "Er is nog geen werksessie gepland." in said and "Werksessie plannen" in said
    scene.press("ineke", "worksessions.for_assignment", table, **window(table))
    given = {block.get("block_id"): block.get("element", {}) for block in scene.window["blocks"]}
    assert given["title"]["initial_value"] == "Eén loket"
    assert given["channel"]["initial_conversation" if "initial_conversation" in given["channel"] else
                            "initial_channel"] == f"C{HERE}"  # fmt: skip
    back = scene.press("ineke", "trail.entry", table, window="worksessions.plan", **data_of(scene.window))
    assert "Er is nog geen werksessie gepland." in back, "the form gives the place back to the assignment"
    assert scene.window["callback_id"] == "trail.entry"
    said = plan(scene, table)
    (made_id,) = tied(scene, table)
    found = session(scene, made_id)
    assert found.title == "Eén loket" and [topic.name for topic in found.topics] == [
        "Wie betaalt het vervoer?", "Doorgaande lijn"
    ]  # fmt: skip
    assert "Volgende keer:" in said and "1 juli" in said, "the window of the assignment is there again, and says it"
    assert scene.press("noor", "trail.entry", table).count("Volgende keer:") == 2, "in its head, and with the others"
    assert "Voor *Eén loket*, met <@noor>" in drawn(scene, "selection.card")[0], "and its people are named"


def test_a_poll_for_an_assignment_asks_its_region_names_its_people_and_its_date_becomes_its_session(
    scene: Trail,
) -> None:
    table = a_table(scene)
    said = poll(scene, table)
    (poll_id,) = tied(scene, table, Via.POLL)
    assert "De datumprikker loopt." in said and "Datum prikken" not in said, "one poll at a time"
    found = scene.house.read(lambda db: memory.polling.one(db, TEAM, poll_id))
    assert found is not None and found.regions == (HERE,)
    (posted,) = drawn(scene, "followup.poll")
    assert "Eén loket" in posted and "<@noor>" in posted
    scene.press("ineke", "followup.poll_choose", found.standing[0].id)
    (session_id,) = tied(scene, table)
    assert session(scene, session_id).title == "Eén loket" and session(scene, session_id).regions == (HERE,)
    (invitation,) = drawn(scene, "followup.invitation")
    assert "Voor *Eén loket*, met <@noor>" in invitation
    said = scene.press("noor", "trail.entry", table)
    assert "Volgende keer:" in said and "datumprikker" not in said.casefold()
    assert "Deze thema’s zijn de open punten" not in said
    scene.press("ineke", "worksessions.topics", session_id)
    scene.fill("ineke", "worksessions.plan", PLAN, **data_of(scene.window))
    assert "Doorgaande lijn" in "".join(str(b) for b in scene.acked[-1]["blocks"]), "topics come later, from its points"


def test_who_has_a_role_is_asked_and_reminded_whatever_their_region(scene: Trail) -> None:
    house, table = scene.house, a_table(scene)
    house.person("youssef", THERE)
    made(scene, Kind.ROLE, table, title="Opdrachtgever", standing="filled", who="Samir", person="samir")
    poll(scene, table)
    (poll_id,) = tied(scene, table, Via.POLL)
    assert "Wanneer kun je?" in shown(house, "samir") and "Wanneer kun je?" not in shown(house, "youssef")
    tick(scene, wall(2021, 6, 23, 17))
    asked = [row.user_id for row in house.owed("followup.poll_reminder")]
    assert asked.count("samir") == asked.count("noor") == 1 and "youssef" not in asked
    found = house.read(lambda db: memory.polling.one(db, TEAM, poll_id))
    assert found is not None
    scene.press("ineke", "followup.poll_choose", found.standing[0].id)
    assert (len(seen(house, "samir").waiting), len(seen(house, "youssef").waiting)) == (1, 0)
    tick(scene, wall(2021, 6, 30, 9))
    reminded = [row.user_id for row in house.owed("followup.reminder")]
    assert reminded.count("samir") == reminded.count("noor") == 1 and "youssef" not in reminded
    texts = [text for row, text in zip(house.owed("followup.reminder"), drawn(scene, "followup.reminder"), strict=True)
             if row.user_id == "samir"]  # fmt: skip
    assert "Doorgaande lijn" not in texts[0], "of what the other region did not share, it says nothing"


def test_who_is_named_with_the_themes_of_a_session_is_reminded_too_once_their_role_is_theirs(scene: Trail) -> None:
    table = a_table(scene)
    plan(scene, table)
    tick(scene, wall(2021, 6, 30, 9))
    assert [row.user_id for row in scene.house.owed("followup.reminder")] == ["noor"]


def test_a_series_for_an_assignment_makes_its_sessions_one_by_one(scene: Trail) -> None:
    table = a_table(scene)
    scene.press("ineke", "followup.series_for", table, **window(table))
    typed = {**PLAN, "rule": "weekly", "times": "3"}
    scene.fill("ineke", "followup.series", typed, **data_of(scene.window))
    check = scene.acked[-1]
    scene.press("ineke", "followup.series_again", window="followup.series_check", **data_of(check))
    given = {block["block_id"]: block["element"] for block in scene.window["blocks"] if block["type"] == "input"}
    assert (given["day"]["initial_date"], given["start"]["initial_time"]) == (PLAN["day"], PLAN["start"])
    assert (given["times"]["initial_value"], given["title"]["initial_value"]) == ("3", PLAN["title"])
    assert given["rule"]["initial_option"]["value"] == "weekly"
    assert given["channel"]["initial_channel"] == PLAN["channel"]
    scene.press("sanne", "followup.series_again", window="followup.series_check", **data_of(check))
    assert data_of(scene.window)["form"] == data_of(check)["form"] and len(scene.world.shown) == 2
    scene.fill("ineke", "followup.series", typed, **data_of(scene.window))
    said = scene.fill("ineke", "followup.series_check", {}, **data_of(scene.acked[-1]))
    assert "Reeks:" in said and "Volgende keer:" in said and "Reeks maken" not in said
    (first,) = tied(scene, table)
    assert session(scene, first).regions == (HERE,) and session(scene, first).title == "Eén loket"
    tick(scene, wall(2021, 7, 1, 15, 1))
    assert len(tied(scene, table)) == 2, "the next of the series belongs to it too"


def test_only_who_keeps_the_assignment_and_may_make_sessions_plans_for_it_and_others_read_who_does(
    scene: Trail,
) -> None:
    table = a_table(scene)
    theirs = made(scene, Kind.ASSIGNMENT, region=THERE, title="Vervoer")
    said = scene.press("sanne", "trail.entry", table)
    assert "<@ineke>" in said and "Werksessie plannen" not in said
    for action in ("worksessions.for_assignment", "followup.poll_for", "followup.series_for"):
        shown = len(scene.world.opened)
        for user, value in (("sanne", table), ("noor", table), ("samir", table), ("sanne", theirs), ("ineke", "te_no"),
                            ("ineke", "")):  # fmt: skip
            scene.press(user, action, value, **window(table))
        role = next(each.id for each in scene.entries(HERE)[0].children if each.kind is Kind.ROLE)
        scene.press("ineke", action, role, **window(table))
        assert len(scene.world.opened) == shown, "no form for them"
    other = scene.house.beside("T2")
    other.person("ineke", None, Role.COORDINATOR)
    assert other.read(lambda db: follow_ups.of_entry(db, "T2", table)) == []


def test_two_coordinators_at_once_plan_one_session_and_the_second_reads_why(scene: Trail) -> None:
    table = a_table(scene)
    scene.press("lotte", "followup.poll_for", table, **window(table))
    late = data_of(scene.window)
    poll(scene, table)
    typed = "donderdag 1 juli 13.00-15.00\nvrijdag 2 juli 13.00-15.00"
    scene.fill("lotte", "followup.poll", {"typed": typed}, **late)
    said = scene.fill("lotte", "followup.poll_check", CHECK, **data_of(scene.acked[-1]))
    assert "Iemand anders plande intussen al iets" in said
    assert len(tied(scene, table, Via.POLL)) == 1 and len(scene.house.owed("followup.poll")) == 1


def test_an_assignment_that_is_set_aside_is_not_planned_for_nor_named_any_more(scene: Trail) -> None:
    table = a_table(scene)
    scene.press("ineke", "worksessions.for_assignment", table, **window(table))
    open_form = data_of(scene.window)
    poll(scene, table)
    (poll_id,) = tied(scene, table, Via.POLL)
    scene.house.arrive("followup.poll")
    scene.press("sanne", "trail.drop", table, **window(table))
    changed = [row for row in scene.house.owed("followup.poll") if row.operation == "update"]
    assert len(changed) == 1, "the message that named it is owed a change"
    assert all("Eén loket" not in text for text in drawn(scene, "followup.poll"))
    scene.fill("ineke", "worksessions.plan", PLAN, **open_form)
    found = scene.house.read(lambda db: memory.polling.one(db, TEAM, poll_id))
    assert found is not None
    scene.press("ineke", "followup.poll_choose", found.standing[0].id)
    kept = scene.house.read(lambda db: memory.polling.one(db, TEAM, poll_id))
    assert kept is not None and kept.state is PollState.CHOSEN, "people who answered keep their date"
    assert all("Eén loket" not in text for text in drawn(scene, "followup.invitation"))


def test_a_moved_or_cancelled_session_reads_so_at_its_assignment(scene: Trail) -> None:
    table = a_table(scene)
    poll(scene, table)
    (poll_id,) = tied(scene, table, Via.POLL)
    found = scene.house.read(lambda db: memory.polling.one(db, TEAM, poll_id))
    assert found is not None
    scene.press("ineke", "followup.poll_choose", found.standing[0].id)
    (session_id,) = tied(scene, table)
    scene.press("ineke", "followup.move", session_id)
    moving = json.loads(scene.window["private_metadata"])
    scene.fill(
        "ineke", "followup.move", {"day": "2021-07-06", "start": "13:00", "end": "15:00", "reason": ""}, **moving
    )
    scene.fill("ineke", "followup.move_check", {}, **json.loads(scene.acked[-1]["private_metadata"]))
    assert "6 juli" in scene.press("noor", "trail.entry", table)
    scene.press("ineke", "followup.cancel", session_id)
    scene.fill("ineke", "followup.cancel", {"reason": "Ziek."}, **json.loads(scene.window["private_metadata"]))
    said = scene.press("noor", "trail.entry", table)
    assert "Gaat niet door:" in said and "Volgende keer:" not in said


def test_what_came_of_a_session_stands_with_its_assignment_and_the_next_one_goes_on_for_it(scene: Trail) -> None:
    house, table = scene.house, a_table(scene)
    held = house.session(wall(2021, 6, 10, 13), regions=[HERE], title="Eén loket, eerste keer")
    house.write(lambda db: follow_ups.tie(db, TEAM, table, Via.SESSION, held.id, "ineke", house.clock.at))
    assert "nog geen oogst" in scene.press("noor", "trail.entry", table)
    house.article(held, [[(Part.BODY, "Het vervoer is geregeld.")]])
    house.arrive("harvest.article")
    said = scene.press("noor", "trail.entry", table)
    assert "naar de oogst" in said and "1 indruk" in said and "Eén loket, eerste keer" in said
    scene.press("ineke", "followup.make", f"{held.id} 2021-07-08")
    assert len(tied(scene, table)) == 2, "the next date of its session is for the same assignment"
    (invitation,) = drawn(scene, "followup.invitation")
    assert "Eén loket" not in invitation, "its channel is not the region's own, and the region shared nothing"
    house.at(wall(2021, 6, 18, 9))
    shown = len(scene.world.opened)
    scene.say("ineke", "volgende")
    assert len(scene.world.opened) == shown, "the programme does not go on from a working group"


def test_a_member_who_is_forgotten_is_named_in_no_invitation_any_more(scene: Trail) -> None:
    table = a_table(scene)
    poll(scene, table)
    scene.house.arrive("followup.poll")
    scene.house.write(lambda db: forget_person(db, TEAM, "noor", lambda text: text, scene.house.clock.at))
    assert [row.operation for row in scene.house.owed("followup.poll")] == ["post", "update"]
    assert all("noor" not in text for text in drawn(scene, "followup.poll"))
    assert "noor" not in scene.press("ineke", "trail.entry", table)


def test_a_form_of_the_trail_that_others_overtook_says_so_at_a_field_and_keeps_what_was_typed(scene: Trail) -> None:
    table = a_table(scene)
    scene.press("noor", "trail.edit", table)
    form, typed = data_of(scene.window), {"title": "Eén loket voor ieder kind"}
    scene.fill("sanne", "trail.entry", {"title": "Loket"}, **form)
    said = scene.fill("noor", "trail.entry", typed, **form)
    assert said == scene.world.words["nl"]("trail.moved_on") and scene.acked == [], "no other window takes its place"
    handed = made(scene, Kind.APPLICATION, title="Samen", standing="draft")
    scene.press("noor", "trail.edit", handed)
    form = data_of(scene.window)
    entry = scene.house.read(lambda db: trail.one(db, TEAM, handed))
    assert entry is not None
    values = {**entry.values, "standing": Value("handed_in")}
    scene.house.write(lambda db: trail.change(db, entry, values, "sanne", scene.house.clock.at))
    said = scene.fill("noor", "trail.entry", {"title": "Samen verder"}, **form)
    assert said == scene.world.words["nl"]("trail.joining_handed_in") and scene.acked == []


def test_a_form_that_names_an_assignment_that_is_not_its_own_ties_nothing_to_it(scene: Trail) -> None:
    table, other = a_table(scene), made(scene, Kind.ASSIGNMENT, region=THERE, title="Vervoer")
    scene.press("ineke", "followup.poll_for", table, **window(table))
    typed = "donderdag 1 juli 13.00-15.00\nvrijdag 2 juli 13.00-15.00"
    scene.fill("ineke", "followup.poll", {"typed": typed}, **data_of(scene.window))
    forged = {**data_of(scene.acked[-1]), "entry": other}
    scene.fill("samir", "followup.poll_check", CHECK, **forged)
    assert tied(scene, table, Via.POLL) == [], "the form of another is no form"
    scene.fill("ineke", "followup.poll_check", CHECK, **forged)
    assert tied(scene, other, Via.POLL) == [] and len(tied(scene, table, Via.POLL)) == 1
