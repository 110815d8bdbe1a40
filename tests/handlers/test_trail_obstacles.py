"""Rules that obstruct in Slack: put to an account manager, answered, told back, used again, and overdue."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session

from bot.digest import Digest, Item, ItemKind
from bot.programme import Role
from bot.trail import Entry, Kind, State, Value
from bot.trail import obstacles as rules
from handlers import trail as feature
from handlers.digest.owing import owe
from handlers.home.waiting import waiting_for
from handlers.slack import kinds
from handlers.trail import overdue, precedents
from playground.linter import visible_texts
from storage import digest, trail
from tests.handlers.house import TEAM, House, wall
from tests.handlers.trailing import Trail, lived_in

ONE, TWO = "rg_0001", "rg_0002"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    yield from lived_in(tmp_path, wall(2021, 6, 17, 16))


@pytest.fixture
def scene(house: House) -> Trail:
    """Two regions: Noor and Sanne are of the first, Samir of the second; Lotte is an account manager."""
    one, two = house.region("Haaglanden"), house.region("Waterweg")
    house.person("noor", one)
    house.person("sanne", one, Role.FACILITATOR)
    house.person("samir", two)
    house.person("lotte")
    house.person("youssef")
    house.person("ineke", None, Role.COORDINATOR)
    for user in ("lotte", "youssef"):
        values = {"title": Value(user.title()), "person": Value("", user), "about": Value("Wetten")}
        entry = Entry(f"te_{user}", TEAM, None, Kind.ACCOUNT_MANAGER, values)
        house.write(lambda db, e=entry: trail.make(db, e, "ineke", house.clock.at))
    return Trail(house)


RULE = "Een school voor speciaal onderwijs mag geen les geven op een gewone basisschool"
SAME = "Lessen van speciaal onderwijs op een gewone basisschool zijn niet toegestaan"


def obstacle(scene: Trail, region: str = ONE, title: str = RULE, kind: Kind = Kind.OBSTACLE, **texts: str) -> str:
    values = {
        name: Value(text) for name, text in {"title": title, "effect": "De klas rijdt heen en weer.", **texts}.items()
    }
    entry = Entry(scene.world.ids("te"), TEAM, region, kind, values)
    scene.house.write(lambda db: trail.make(db, entry, "noor", scene.house.clock.at))
    return entry.id


def read(scene: Trail, entry_id: str) -> Entry:
    found = scene.house.read(lambda db: trail.one(db, TEAM, entry_id))
    assert found is not None
    return found


def message(scene: Trail, kind: str, which: int = -1) -> tuple[str, str]:
    """To whom the newest message of this kind goes, and what it says now."""
    row = scene.house.owed(kind)[which]
    body = scene.house.draw(row, feature.MESSAGES)
    assert body is not None
    said = "\n".join([body.text, *visible_texts({"blocks": [block.to_dict() for block in body.blocks]})])
    return str(row.user_id), said


def put(scene: Trail, entry_id: str, manager: str = "lotte", **more: str) -> str:
    return scene.fill("noor", "trail.route", {"manager": manager, **more}, entry=entry_id, region=ONE, below="page:x")


@pytest.mark.practice("003:65-67, 003:95-96")
@pytest.mark.practice("003:73-75")
def test_a_rule_goes_to_the_account_manager_whose_answer_comes_back_to_who_asked(scene: Trail) -> None:
    kept = obstacle(scene)
    window = scene.press("noor", "trail.route", kept, "trail.entry", region=ONE, part="rules")
    assert "Wie kan hier iets aan doen?" in window and RULE in window
    put(scene, kept, due="2021-07-01")
    routed = read(scene, kept)
    assert (routed.text("standing"), routed.user("manager"), routed.text("due")) == ("routed", "lotte", "2021-07-01")
    to, said = message(scene, "trail.asked")
    assert to == "lotte" and "Haaglanden" in said and "De klas rijdt heen en weer." in said and "Ik antwoord" in said
    assert "Wie leest de regel" in scene.press("lotte", "trail.answer", kept)
    scene.fill("lotte", "trail.answer", {"answer": "Dit mag, als de school meetelt.", "reach": "own"}, entry=kept)
    given = read(scene, kept)
    assert (given.text("standing"), given.text("answered_on")) == ("answered", "2021-06-17")
    to, said = message(scene, "trail.answered")
    assert to == "noor" and "Dit mag, als de school meetelt." in said
    _, said = message(scene, "trail.asked")
    assert "beantwoord" in said and "Ik antwoord" not in said, "the question to the manager follows"
    assert "Dit mag, als de school meetelt." in scene.press("sanne", "trail.entry", kept)
    scene.press("sanne", "trail.settle", kept, "trail.entry")
    assert read(scene, kept).text("standing") == "settled"


def test_what_is_put_to_somebody_waits_on_their_home_until_it_is_answered(scene: Trail) -> None:
    kept = obstacle(scene)
    house, words = scene.house, scene.house.world.words["en"]
    now = house.clock.at
    assert house.read(lambda db: waiting_for(db, TEAM, "lotte", now)) == []
    put(scene, kept, due="2021-07-01")
    (waits,) = house.read(lambda db: waiting_for(db, TEAM, "lotte", now))
    said = "\n".join(visible_texts({"blocks": [block.to_dict() for block in waits.draw(words)]}))
    assert "Do you know what is allowed?" in said and RULE in said and "I'll answer" in said
    assert waits.due == wall(2021, 7, 1, 18)
    scene.fill("lotte", "trail.answer", {"answer": "Dit mag.", "reach": "own"}, entry=kept)
    assert house.read(lambda db: waiting_for(db, TEAM, "lotte", now)) == []


def test_nobody_but_the_named_account_manager_or_the_coordinator_answers(scene: Trail) -> None:
    kept = obstacle(scene)
    put(scene, kept)
    for user in ("noor", "sanne", "samir", "youssef"):
        assert "Alleen de accountmanager" in scene.press(user, "trail.answer", kept)
        scene.fill(user, "trail.answer", {"answer": "Mag.", "reach": "all"}, entry=kept)
    typed = {"title": RULE, "effect": "Anders.", "answer": "Mag.", "standing": "answered"}
    scene.fill("noor", "trail.entry", typed, entry=kept, version=str(read(scene, kept).version))
    found = read(scene, kept)
    assert (found.text("answer"), found.text("standing"), found.text("effect")) == ("", "routed", "Anders.")
    scene.fill("ineke", "trail.answer", {"answer": "Het mag.", "reach": "own"}, entry=kept)
    assert read(scene, kept).text("answer") == "Het mag."


def test_what_goes_to_another_account_manager_no_longer_asks_the_first(scene: Trail) -> None:
    kept = obstacle(scene)
    put(scene, kept)
    put(scene, kept, "youssef")
    to, said = message(scene, "trail.asked", 0)
    assert to == "lotte" and "iemand anders" in said and RULE not in said
    assert "Alleen de accountmanager" in scene.press("lotte", "trail.answer", kept)


def test_who_is_no_account_manager_is_asked_nothing_and_a_day_that_is_over_is_named(scene: Trail) -> None:
    kept = obstacle(scene)
    assert "Kies iemand uit de lijst" in put(scene, kept, "samir")
    assert "al voorbij" in put(scene, kept, due="2021-06-01")
    assert scene.house.owed("trail.asked") == []


def test_the_same_rule_elsewhere_meets_the_earlier_answer_before_it_is_sent(scene: Trail) -> None:
    first = obstacle(scene)
    put(scene, first)
    scene.fill("lotte", "trail.answer", {"answer": "Dit mag, als de school meetelt.", "reach": "own"}, entry=first)
    second = obstacle(scene, TWO, SAME)
    assert "als de school meetelt" not in scene.press("samir", "trail.entry", second), "it was not given to all"
    scene.fill("lotte", "trail.answer", {"answer": "Dit mag, als de school meetelt.", "reach": "all"}, entry=first)
    assert "als de school meetelt" in scene.press("samir", "trail.entry", second)
    window = scene.press("samir", "trail.route", second, "trail.entry", region=TWO, part="rules")
    assert "eerder beantwoord" in window and "heen en weer" not in window, "what it does there stays there"
    found = obstacle(scene, TWO, f"{SAME}.")
    scene.house.write(lambda db: trail.settle(db, read(scene, found), State.PROPOSED, "", scene.house.clock.at))
    assert "als de school meetelt" in scene.press("samir", "trail.entry", found), "a proposal meets it as well"
    scene.press("samir", "trail.reuse", f"{second} {first}", "trail.entry")
    taken = read(scene, second)
    assert (taken.text("standing"), taken.text("answer")) == ("answered", "Dit mag, als de school meetelt.")
    posts = [row for row in scene.house.owed("trail.asked") if row.operation == "post"]
    assert len(posts) == 1, "nobody was asked again"
    scene.press("noor", "trail.drop", first, "trail.entry")
    third = obstacle(scene, TWO, SAME)
    scene.press("samir", "trail.drop", second, "trail.entry")
    assert "als de school meetelt" not in scene.press("samir", "trail.entry", third), "what was set aside is not shown"


@pytest.mark.practice("002:10-12")
def test_a_request_is_taken_and_given_and_who_asked_hears_each(scene: Trail) -> None:
    kept = obstacle(scene, title="Wie denkt mee over de businesscase?", kind=Kind.REQUEST)
    put(scene, kept)
    to, said = message(scene, "trail.asked")
    assert to == "lotte" and "Ik pak het op" in said and "businesscase" in said
    assert "Alleen de accountmanager" in scene.press("noor", "trail.take", kept)
    scene.press("lotte", "trail.take", kept)
    assert read(scene, kept).text("standing") == "taken"
    to, said = message(scene, "trail.answered")
    assert to == "noor" and "opgepakt" in said
    scene.fill("lotte", "trail.answer", {"answer": "Twee dagen in mei.", "result": "given"}, entry=kept)
    to, said = message(scene, "trail.answered")
    assert to == "noor" and "Twee dagen in mei." in said and "gegeven" in said
    assert "gegeven" in scene.press("sanne", "trail.entry", kept)


def test_what_waits_too_long_stands_on_top_and_the_account_manager_is_reminded_once_a_week(scene: Trail) -> None:
    kept = obstacle(scene)
    put(scene, kept, due="2021-06-24")
    house = scene.house
    for day, late in ((24, False), (25, True)):
        house.at(wall(2021, 6, day, 10))
        assert ("wacht te lang" in scene.press("noor", "trail.page", ONE)) is late
        assert ("antwoord verwacht op 24 juni 2021" in scene.press("noor", "trail.part", f"{ONE} rules")) is late
    tick(house)
    assert house.owed("trail.overdue") == [], "on Friday nobody is reminded"
    house.at(wall(2021, 6, 28, 8))
    assert house.read(lambda db: overdue.next_due(db, house.clock.at)) == wall(2021, 6, 28, 9)
    for hour in (8, 9, 10, 11):
        house.at(wall(2021, 6, 28, hour, 5))
        tick(house)
    (row,) = house.owed("trail.overdue")
    to, said = message(scene, "trail.overdue")
    assert to == "lotte" and "1 regel" in said and RULE in said and "Haaglanden" in said and row.nudge
    scene.fill("lotte", "trail.answer", {"answer": "Dit mag.", "reach": "own"}, entry=kept)
    assert house.draw(row, feature.MESSAGES) is None, "what was answered meanwhile is not asked for"
    house.at(wall(2021, 7, 5, 10))
    tick(house)
    assert len(house.owed("trail.overdue")) == 1


def test_every_month_the_national_partners_get_a_list_in_the_language_of_the_programme(scene: Trail) -> None:
    house = scene.house
    house.person("ineke", None, Role.COORDINATOR, locale="en-GB")
    late, other = obstacle(scene), obstacle(scene, TWO, "Vervoer stopt bij de gemeentegrens")
    put(scene, late, due="2021-06-24")
    given = obstacle(scene, TWO, "Dubbele inschrijving")
    found, now = read(scene, given), house.clock.at
    values = rules.answered(found, "Dat kan.", "answered", "own", now.date())
    house.write(lambda db: trail.change(db, found, values, "ineke", now))
    house.at(wall(2021, 6, 30, 12))
    tick(house)
    assert house.owed("trail.rules_list") == []
    for hour in (9, 12):
        house.at(wall(2021, 7, 1, hour, 1))
        tick(house)
    rows = {row.user_id: row for row in house.owed("trail.rules_list")}
    assert sorted(map(str, rows)) == ["ineke", "lotte"], "Youssef has nothing to read"
    whole, hers = (house.draw(rows[user], feature.MESSAGES, "en") for user in ("ineke", "lotte"))
    assert whole is not None and hers is not None
    told = "\n".join(str(block.to_dict()) for block in whole.blocks)
    assert "Wacht te lang" in told and "nog bij niemand" in told and "Dat kan." in told and "Waterweg" in told
    assert "gemeentegrens" not in "\n".join(str(block.to_dict()) for block in hers.blocks), "not put to her"
    for each in (late, other, given):
        scene.press("ineke", "trail.drop", each, "trail.entry")
    house.at(wall(2021, 8, 2, 10))
    tick(house)
    assert len(house.owed("trail.rules_list")) == 2, "an empty list is not sent"


def tick(house: House) -> None:
    house.do(overdue.tick(house.world, house.clock.at))


def test_who_sent_a_rule_on_from_their_home_sees_at_once_who_has_it_and_until_when(scene: Trail) -> None:
    rule = obstacle(scene)
    assert "Nog geen accountmanager heeft deze vraag" in scene.press("sanne", "trail.entry", rule)
    said = scene.press("sanne", "trail.route", rule, "trail.entry")
    assert "als bericht in Slack" in said and "Naar accountmanager" in said
    metadata = json.loads(scene.window["private_metadata"])
    said = scene.fill("sanne", "trail.route", {"manager": "lotte", "due": "2021-07-01"}, **metadata)
    assert "bij <@lotte> · antwoord uiterlijk 1 juli 2021" in said and "Nog geen accountmanager" not in said
    assert "Antwoord verwacht op" in said and "Klaar op" not in said
    scene.press("lotte", "trail.answer", rule)
    metadata = json.loads(scene.window["private_metadata"])
    assert scene.fill("lotte", "trail.answer", {"answer": "Het mag.", "reach": "all"}, **metadata) == ""


def test_a_digest_tells_a_region_that_the_rule_in_its_way_was_answered_elsewhere_until_that_is_taken_back(
    scene: Trail,
) -> None:
    house, now = scene.house, scene.house.clock.at
    theirs, mine = obstacle(scene), obstacle(scene, TWO, SAME)
    scene.press("sanne", "trail.route", theirs, "trail.entry")
    scene.fill("sanne", "trail.route", {"manager": "lotte", "due": "2021-07-01"}, entry=theirs)

    def offered() -> dict[str, list[str]]:
        found = house.read(lambda db: precedents.offered(db, TEAM, [ONE, TWO], now))
        return {region: [each.item.subject for each in items] for region, items in found.items()}

    assert offered() == {}
    scene.fill("lotte", "trail.answer", {"answer": "Het mag met een plan.", "reach": "own"}, entry=theirs)
    assert offered() == {}, "who answered keeps it to who asked"
    scene.fill("lotte", "trail.answer", {"answer": "Het mag met een plan.", "reach": "all"}, entry=theirs)
    subject = f"answer:{theirs}@{mine}"
    assert offered() == {TWO: [subject]}
    told = Digest("dg_1", TWO, "2021-W24", now, now, post=(Item(ItemKind.INTRODUCTION, subject),))

    def save(db: Session) -> None:
        digest.save(db, TEAM, told)
        owe(db, TEAM, "Crg_0002", told, now, now)

    house.write(save)
    body = house.draw(house.owed("digest.post")[0], kinds())
    assert body is not None
    said = str([block.to_dict() for block in body.blocks])
    assert "ook bij jullie knelt" in said and "Het mag met een plan." in said and mine in said
    assert "Dit helpt ons" in scene.press("samir", "trail.entry", mine)
    scene.press("sanne", "trail.drop", theirs, "trail.entry")
    _, change = house.owed("digest.post")
    after = house.draw(change, kinds())
    assert after is None or "Het mag" not in str([block.to_dict() for block in after.blocks])


def test_among_its_rules_a_region_sees_which_was_answered_before_and_how_to_get_an_answer(scene: Trail) -> None:
    obstacle(scene, TWO, SAME)
    said = scene.press("samir", "trail.part", f"{TWO} rules")
    assert "om hem naar een accountmanager te sturen" in said and "al eens antwoord" not in said
    theirs = obstacle(scene, manager="")
    scene.fill("ineke", "trail.answer", {"answer": "Het mag met een plan.", "reach": "all"}, entry=theirs)
    said = scene.press("samir", "trail.part", f"{TWO} rules")
    assert f"Hier is al eens antwoord op gegeven:* {SAME}" in said and "naar een accountmanager" not in said
    assert "al eens antwoord" not in scene.press("noor", "trail.part", f"{TWO} rules")


def test_who_answered_reads_their_answer_where_the_question_stood(scene: Trail) -> None:
    rule = obstacle(scene)
    scene.fill("sanne", "trail.route", {"manager": "lotte", "due": "2021-07-01"}, entry=rule)
    scene.fill("lotte", "trail.answer", {"answer": "Het mag met een plan.", "reach": "own"}, entry=rule)
    to, said = message(scene, "trail.asked")
    assert to == "lotte" and "Het mag met een plan." in said and "Ik antwoord" not in said
    assert "uiterlijk" not in scene.press("sanne", "trail.entry", rule), "nothing is waited for any more"
