"""What nobody may do in the trail by a forged press or in a roundabout way: speak, agree or count for somebody else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.programme import Role
from bot.trail import Entry, Kind, State, Value
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
