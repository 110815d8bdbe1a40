"""Good examples in Slack: the second yes, looking for one, sending it, using it too, and the digest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session

from bot.digest import Digest, Item, ItemKind
from bot.programme import Role
from bot.trail import Entry, Kind, State, Value
from handlers import trail as feature
from handlers.digest.owing import owe
from handlers.slack import kinds
from handlers.trail import examples as shown
from playground.linter import visible_texts
from storage import digest, themes, trail
from tests.handlers.house import TEAM, House, wall
from tests.handlers.trailing import Trail, lived_in

ONE, TWO = "rg_0001", "rg_0002"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    yield from lived_in(tmp_path, wall(2021, 6, 17, 16))


@pytest.fixture
def scene(house: House) -> Trail:
    """Two regions: Noor, Lotte and Sanne are of the first, Samir of the second; Ineke coordinates."""
    one, two = house.region("Haaglanden"), house.region("Waterweg")
    for user in ("noor", "lotte"):
        house.person(user, one)
    house.person("sanne", one, Role.FACILITATOR)
    house.person("samir", two)
    house.person("ineke", None, Role.COORDINATOR)
    return Trail(house)


def made(
    scene: Trail, kind: Kind = Kind.EXAMPLE, region: str | None = ONE, state: State = State.KEPT, **texts: str
) -> str:
    if kind is Kind.EXAMPLE:
        texts = {"title": "Koffie met ouders", "what": "Elke week staat de deur een uur open.", **texts}
    entry = Entry(scene.world.ids("te"), TEAM, region, kind, {n: Value(t) for n, t in texts.items()}, state)
    scene.house.write(lambda db: trail.make(db, entry, "noor", scene.house.clock.at))
    return entry.id


def read(scene: Trail, entry_id: str) -> Entry:
    found = scene.house.read(lambda db: trail.one(db, TEAM, entry_id))
    assert found is not None
    return found


def message(scene: Trail, kind: str) -> str:
    row = scene.house.owed(kind)[0]
    body = scene.house.draw(row, feature.MESSAGES)
    assert body is not None
    return "\n".join([body.text, *visible_texts({"blocks": [block.to_dict() for block in body.blocks]})])


@pytest.mark.practice("003:11, 003:81-83")
def test_an_example_is_shared_after_a_second_person_of_the_region_said_yes(scene: Trail) -> None:
    kept = made(scene)
    assert "Dit mag iedereen lezen" not in scene.press("noor", "trail.entry", kept)
    assert "tweede persoon" in scene.press("noor", "trail.vouch", kept, "trail.entry")
    assert "Koffie" not in scene.press("samir", "trail.vouch", kept, "trail.entry")
    assert read(scene, kept).state is State.KEPT
    assert "Dit mag iedereen lezen" in scene.press("lotte", "trail.entry", kept)
    scene.press("lotte", "trail.vouch", kept, "trail.entry")
    assert read(scene, kept).state is State.SHARED
    assert "Koffie met ouders" in scene.say("samir", "voorbeelden")


def test_examples_are_found_by_words_and_the_most_used_stand_first(scene: Trail) -> None:
    coffee = made(scene, state=State.SHARED)
    made(scene, state=State.SHARED, title="Samen in het leerlingenvervoer", what="Eén busje voor twee scholen.")
    made(scene, title="Nog niet gedeeld")
    scene.press("samir", "trail.adopt", coffee, "trail.entry")
    said = scene.press("samir", "trail.examples")
    assert said.index("Koffie") < said.index("leerlingenvervoer") and "Nog niet gedeeld" not in said
    assert "1 keer ook gebruikt" in said and "2 voorbeelden" in said
    window = scene.fill("samir", "trail.examples", {"words": "vervoer"})
    assert "leerlingenvervoer" in window and "Koffie" not in window


def test_an_example_goes_to_the_channel_of_another_region_and_is_taken_back_with_it(scene: Trail) -> None:
    kept = made(scene, state=State.SHARED, contact="Noor")
    assert "begeleider" in scene.press("noor", "trail.send_example", f"{kept} {TWO}", "trail.entry")
    for _ in range(2):
        scene.press("sanne", "trail.send_example", f"{kept} {TWO}", "trail.entry")
    (row,) = scene.house.owed("trail.example")
    assert row.channel_id == "Crg_0002"
    said = message(scene, "trail.example")
    assert "Haaglanden" in said and "een uur open" in said and "Dit gebruiken wij ook" in said
    assert "Noor" not in said, "nobody is named who did not say yes"
    contact = made(scene, Kind.CONTACT, title="Noor")
    scene.house.write(lambda db: trail.confirm(db, read(scene, contact), "noor", scene.house.clock.at))
    assert "Noor weet meer" in message(scene, "trail.example")
    scene.press("sanne", "trail.drop", kept, "trail.entry")
    assert "teruggenomen" in message(scene, "trail.example") and "uur open" not in message(scene, "trail.example")
    assert [row.operation for row in scene.house.owed("trail.example")] == ["post", "update"]


def test_a_region_that_uses_it_too_tells_what_it_changed_counts_once_and_can_take_it_back(scene: Trail) -> None:
    kept = made(scene, state=State.SHARED)
    assert "Wat deden jullie anders?" in scene.press("samir", "trail.use", kept)
    for changed in ("Bij ons op vrijdag.", "Bij ons op vrijdag, met soep."):
        scene.fill("samir", "trail.use", {"changed": changed}, entry=kept)
    (adoption,) = read(scene, kept).under(Kind.ADOPTION)
    assert adoption.title == "Bij ons op vrijdag, met soep." and adoption.region == TWO
    said = scene.press("noor", "trail.entry", kept)
    assert "1 keer ook gebruikt: Waterweg" in said and said.count("met soep") == 1
    assert "voorbeeld van jullie zelf" in scene.press("noor", "trail.use", kept)
    scene.press("samir", "trail.unuse", kept, "trail.entry")
    assert read(scene, kept).under(Kind.ADOPTION) == ()


def test_a_digest_tells_one_fresh_example_about_a_point_of_the_region_as_long_as_it_is_shared(scene: Trail) -> None:
    assignment = made(scene, Kind.ASSIGNMENT, TWO, title="Samen met ouders")
    point = Entry(
        "te_p", TEAM, TWO, Kind.POINT, {"title": Value("Hoe drinken wij koffie met ouders?")}, parent=assignment
    )
    scene.house.write(lambda db: trail.make(db, point, "samir", scene.house.clock.at))
    kept = made(scene, state=State.SHARED)
    offered = scene.house.read(lambda db: shown.offered(db, TEAM, [ONE, TWO], scene.house.clock.at))
    assert {region: [each.item.subject for each in items] for region, items in offered.items()} == {
        TWO: [f"example:{kept}"]
    }
    words = scene.house.world.words["nl"]
    drawn = scene.house.read(lambda db: shown.draw(db, scene.house.settings, f"example:{kept}", words))
    assert drawn is not None and "Voorbeeld van Haaglanden" in str(drawn[1][0].to_dict())
    scene.press("sanne", "trail.drop", kept, "trail.entry")
    assert scene.house.read(lambda db: shown.draw(db, scene.house.settings, f"example:{kept}", words)) is None


def test_a_digest_that_told_an_example_follows_it_when_it_is_taken_back(scene: Trail) -> None:
    kept, house = made(scene, state=State.SHARED), scene.house
    now, item = house.clock.at, Item(ItemKind.INTRODUCTION, f"example:{kept}")
    told = Digest("dg_1", TWO, "2021-W24", now, now, post=(item,))

    def save(db: Session) -> None:
        digest.save(db, TEAM, told)
        owe(db, TEAM, "Crg_0002", told, now, now)

    house.write(save)
    drawn = house.draw(house.owed("digest.post")[0], kinds())
    assert drawn is not None and "Koffie met ouders" in str([block.to_dict() for block in drawn.blocks])
    scene.press("sanne", "trail.drop", kept, "trail.entry")
    _, change = house.owed("digest.post")
    assert change.operation == "update"
    after = house.draw(change, kinds())
    assert after is None or "Koffie met ouders" not in str([block.to_dict() for block in after.blocks])


def test_a_theme_finds_the_examples_that_use_its_name(scene: Trail) -> None:
    theme = scene.house.write(lambda db: themes.theme_for(db, TEAM, "Leerlingenvervoer", "Vervoer", (), "th_1"))
    made(scene, state=State.SHARED)
    made(scene, state=State.SHARED, title="Eén busje voor twee scholen", what="Samen in het leerlingenvervoer.")
    said = scene.fill("samir", "trail.examples", {"theme": theme})
    assert "busje" in said and "Koffie" not in said


def test_another_region_reads_whose_example_it_is_and_whom_to_ask_only_once_that_person_agreed(scene: Trail) -> None:
    kept = made(scene, state=State.SHARED, contact="Noor")
    said = scene.press("samir", "trail.entry", kept)
    assert "Haaglanden · Gedeeld met alle regio's" in said and "Noor" not in said
    contact = made(scene, Kind.CONTACT, title="Noor")
    scene.house.write(lambda db: trail.confirm(db, read(scene, contact), "noor", scene.house.clock.at))
    assert "Vragen? Noor weet meer." in scene.press("samir", "trail.entry", kept)


def test_an_example_says_who_reads_it_now_and_a_search_without_examples_what_to_do(scene: Trail) -> None:
    assert "Er is nog geen voorbeeld gedeeld" in scene.say("samir", "voorbeelden")
    kept = made(scene)
    assert "alleen jullie regio" in scene.press("noor", "trail.entry", kept)
    for user in ("lotte", "sanne"):
        assert "Zeg jij ook ja?" in scene.press(user, "trail.entry", kept)
    assert "1 voorbeeld leest nu alleen jullie regio" in scene.press("noor", "trail.part", f"{ONE} examples")
    assert "voorbeeld leest nu" not in scene.press("samir", "trail.part", f"{ONE} examples")
    scene.press("lotte", "trail.vouch", kept, "trail.entry")
    assert "alleen jullie regio" not in scene.press("noor", "trail.entry", kept)
    assert "jullie gebruiken dit ook" in scene.fill("samir", "trail.use", {"changed": ""}, entry=kept)
