"""What nobody may do in the trail by a forged press or in a roundabout way: speak, agree or count for somebody else."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from bot.programme import Role
from bot.trail import Entry, Kind, State, Value
from handlers.personal.forgetting import forget_person
from handlers.trail.awaiting import waiting_for
from storage import trail
from tests.handlers.house import TEAM, House, wall
from tests.handlers.trailing import Trail

HERE = "rg_0001"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Trail]:
    """Two regions: Noor and Sanne are of the first, Samir of the second."""
    house = House(tmp_path, wall(2021, 6, 17, 16))
    one, two = house.region("Haaglanden"), house.region("Waterweg")
    house.person("noor", one)
    house.person("sanne", one, Role.FACILITATOR)
    house.person("samir", two)
    house.person("ineke", None, Role.COORDINATOR)
    yield Trail(house)
    house.database.close()


def made(scene: Trail, kind: Kind, values: dict[str, Value], parent: str | None = None, *, is_confirmed: bool = False,
         state: State = State.KEPT) -> str:  # fmt: skip
    entry = Entry(scene.world.ids("te"), TEAM, HERE, kind, values, state, parent, confirmed=is_confirmed)
    scene.house.write(lambda db: trail.make(db, entry, "noor", scene.house.clock.at))
    return entry.id


def entry(scene: Trail, entry_id: str) -> Entry:
    found = scene.house.read(lambda db: trail.one(db, TEAM, entry_id))
    assert found is not None
    return found


def test_a_contact_who_said_yes_did_not_say_yes_to_what_somebody_writes_about_them_later(scene: Trail) -> None:
    values = {"title": Value("Lotte"), "person": Value("", "samir")}
    contact = made(scene, Kind.CONTACT, values, is_confirmed=True, state=State.SHARED)
    scene.fill("noor", "trail.entry", {"title": "Ineke van de school", "person": "sanne"}, entry=contact, version="1")
    assert entry(scene, contact).title == "Ineke van de school"
    assert not entry(scene, contact).confirmed, "sanne was never asked"


def test_who_changes_their_own_contact_need_not_say_yes_again(scene: Trail) -> None:
    values = {"title": Value("Noor"), "person": Value("", "noor")}
    contact = made(scene, Kind.CONTACT, values, is_confirmed=True, state=State.SHARED)
    scene.fill("noor", "trail.entry", {"title": "Noor, kwartiermaker", "person": "noor"}, entry=contact, version="1")
    assert entry(scene, contact).title == "Noor, kwartiermaker" and entry(scene, contact).confirmed


def test_a_signature_falls_when_the_party_under_which_it_stands_gets_another_name(scene: Trail) -> None:
    application = made(scene, Kind.APPLICATION, {"title": Value("Aanmelding"), "standing": Value("draft")})
    signed = {"title": Value("Gemeente Zuid"), "standing": Value("agreed"), "on": Value("2021-06-01")}
    party = made(scene, Kind.PARTY, signed, application)
    scene.fill("noor", "trail.entry", {"title": "Gemeente Noord"}, entry=party, version="1")
    assert entry(scene, party).title == "Gemeente Noord"
    assert entry(scene, party).text("standing") == "asked", "nobody of Noord agreed"


def test_nobody_writes_by_hand_that_an_example_is_used(scene: Trail) -> None:
    example = made(scene, Kind.EXAMPLE, {"title": Value("Eén loket"), "what": Value("Een loket.")}, state=State.SHARED)
    scene.fill("noor", "trail.new", {"title": "wij ook"}, region=HERE, kind="adoption", parent=example)
    assert entry(scene, example).children == ()


def test_an_application_is_not_rewritten_once_it_was_handed_in(scene: Trail) -> None:
    values = {"title": Value("Aanmelding"), "question": Value("Wie helpt?"), "standing": Value("handed_in")}
    application = made(scene, Kind.APPLICATION, values)
    party = made(scene, Kind.PARTY, {"title": Value("Gemeente"), "standing": Value("agreed")}, application)
    scene.fill("noor", "trail.entry", {"title": "Iets anders"}, entry=application, version="1")
    scene.fill("noor", "trail.entry", {"title": "Iemand anders"}, entry=party, version="1")
    assert entry(scene, application).title == "Aanmelding"
    assert entry(scene, party).title == "Gemeente"


def put_to_lotte(scene: Trail) -> str:
    """Lotte is account manager; a rule was put to her, and she answered another one."""
    for user in ("lotte", "youssef"):
        scene.house.person(user)
        values = {"title": Value(user.title()), "person": Value("", user)}
        one = Entry(f"te_{user}", TEAM, None, Kind.ACCOUNT_MANAGER, values)
        scene.house.write(partial(trail.make, entry=one, by="", now=scene.house.clock.at))
    rule = made(scene, Kind.OBSTACLE, {"title": Value("Geen les op een andere school"), "effect": Value("-")})
    scene.fill("noor", "trail.route", {"manager": "lotte"}, entry=rule, region=HERE, below="page:x")
    assert entry(scene, rule).user("manager") == "lotte"
    return rule


def test_who_is_account_manager_no_longer_answers_nothing_and_somebody_else_is_chosen(scene: Trail) -> None:
    rule, done = put_to_lotte(scene), made(scene, Kind.OBSTACLE, {"title": Value("Andere regel"), "effect": Value("-")})
    scene.fill("noor", "trail.route", {"manager": "lotte"}, entry=done, region=HERE, below="page:x")
    scene.fill("lotte", "trail.answer", {"answer": "Dit mag.", "reach": "own"}, entry=done)
    assert scene.press("lotte", "trail.answer", rule)
    scene.press("ineke", "trail.drop", "te_lotte", "trail.entry")
    for asked in (rule, done):  # the form was open already
        scene.fill("lotte", "trail.answer", {"answer": "Toch iets anders.", "reach": "own"}, entry=asked)
    assert entry(scene, rule).text("answer") == "" and entry(scene, done).text("answer") == "Dit mag."
    assert not entry(scene, rule).user("manager") and entry(scene, rule).text("standing") == "open"
    assert "Nog niemand heeft deze vraag gekregen" in scene.press("noor", "trail.entry", rule)
    said = scene.house.read(lambda db: waiting_for(db, TEAM, "ineke", scene.house.clock.at))
    assert len(said) == 1, "the coordinator reads that nobody was asked"
    scene.fill("noor", "trail.route", {"manager": "youssef"}, entry=rule, region=HERE, below="page:x")
    scene.fill("youssef", "trail.answer", {"answer": "Dit mag ook.", "reach": "own"}, entry=rule)
    assert entry(scene, rule).text("answer") == "Dit mag ook."
    told = [row.user_id for row in scene.house.owed("trail.answered") if rule in row.key]
    assert told == ["noor"], "who put it to them hears it, not who took the first off the list"


def test_what_was_put_to_an_account_whose_owner_left_waits_for_somebody_else(scene: Trail) -> None:
    rule = put_to_lotte(scene)
    scene.house.person("lotte", None, Role.DEACTIVATED)
    assert "lotte" not in scene.press("noor", "trail.entry", rule)
    assert scene.house.read(lambda db: waiting_for(db, TEAM, "ineke", scene.house.clock.at))
    scene.fill("noor", "trail.route", {"manager": "lotte"}, entry=rule, region=HERE, below="page:x")
    assert entry(scene, rule).version == 2, "nobody puts it to them again"


def test_what_was_put_to_somebody_who_is_forgotten_was_put_to_nobody(scene: Trail) -> None:
    rule = put_to_lotte(scene)
    house = scene.house
    house.write(lambda db: forget_person(db, house.world, house.settings, "lotte", by="lotte"))
    assert entry(scene, rule).text("standing") == "open" and not entry(scene, rule).user("manager")
