"""Tying what was said, promised and learned to the points of an agenda by one tap; and seeing what nobody mentions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.trail import Entry, Kind, State, Value
from bot.trail.tying import Thing, Tie, TieState
from handlers import impressions
from handlers.trail.gathering import RHYTHM
from storage import trail
from storage.trail import ties
from tests.handlers.house import TEAM, House, wall
from tests.handlers.promising import Promising
from tests.handlers.signed import Signing
from tests.handlers.trailing import Trail, lived_in

HERE = "rg_0001"
SAID = "Het vervoer naar de dagbehandeling rijdt nu samen met de schoolbus."


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    yield from lived_in(tmp_path, wall(2021, 6, 17, 15))


@pytest.fixture
def scene(house: House) -> Signing:
    """A region with an assignment of two points; Samir's other region reads none of it."""
    scene = Signing(house)
    for name, kind, parent, text in (
        ("te_a", Kind.ASSIGNMENT, None, "Eén lijn voor leren en zorg"),
        ("te_p", Kind.POINT, "te_a", "Leerlingenvervoer naar de dagbehandeling"),
        ("te_q", Kind.POINT, "te_a", "Jongeren zelf aan tafel"),
    ):
        entry = Entry(name, TEAM, HERE, kind, {"title": Value(text)}, parent=parent)
        house.write(lambda db, e=entry: trail.make(db, e, "noor", house.clock.at))
    house.person("elders", house.region("Waterweg"))
    return scene


def published(scene: Signing) -> str:
    note = scene.share(takeaway=SAID)
    scene.share("youssef", "gr_2", takeaway="We hielden het kort.")
    for user in ("noor", "samir"):
        scene.agree(user, note)
    scene.house.at(wall(2021, 6, 22, 9))
    scene.tick()
    scene.publish()
    for _ in range(2):
        scene.house.do(RHYTHM.tick(scene.house.world, scene.house.clock.now()))
    return note.id


def tied(scene: Signing, point: str = "te_p", *states: TieState) -> list[Tie]:
    return scene.house.read(lambda db: ties.of_points(db, TEAM, [point], states or ties.COUNTING))


@pytest.mark.practice("002:26-44, 002:49-54, 002:61-63")
def test_a_point_shows_what_may_belong_to_it_with_the_reason_and_one_tap_keeps_it(scene: Signing) -> None:
    note, windows = published(scene), Trail(scene.house)
    seen = windows.press("noor", "trail.entry", "te_p")
    assert SAID in seen and "In allebei staat" in seen and "dagbehandeling" in seen and "groep 1" in seen
    windows.press("noor", "trail.tie", f"impression {note} te_p", "trail.entry", entry="te_p", region=HERE)
    (tie,) = tied(scene)
    assert (tie.state, tie.by, tie.thing_id) == (TieState.KEPT, "noor", note)
    after = windows.press("samir", "trail.entry", "te_p")
    assert "Hoort hierbij" in after and SAID in after and "In allebei" not in after


def test_what_is_refused_goes_away_and_is_not_asked_again(scene: Signing) -> None:
    note, windows = published(scene), Trail(scene.house)
    windows.press("noor", "trail.tie:no0", f"impression {note} te_p", "trail.entry", entry="te_p", region=HERE)
    assert tied(scene) == [] and [tie.state for tie in tied(scene, "te_p", *TieState)] == [TieState.REFUSED]
    assert SAID not in windows.press("noor", "trail.entry", "te_p")


def test_another_region_ties_nothing_to_an_agenda_that_it_does_not_read(scene: Signing) -> None:
    note, windows = published(scene), Trail(scene.house)
    assert "Alleen wie erbij hoort" in windows.press(
        "elders", "trail.tie:yes0", f"impression {note} te_p", "trail.entry"
    )
    assert "is er niet meer" in windows.press("noor", "trail.tie:yes0", "impression im_9999 te_p", "trail.entry")
    assert [tie.state for tie in tied(scene)] == [TieState.PROPOSED]


def test_who_handed_in_is_asked_in_the_message_that_they_have_to_which_point_it_belongs(scene: Signing) -> None:
    note = scene.share(takeaway=SAID)
    body = scene.house.draw(scene.house.owed("impressions.shared")[0], impressions.MESSAGES)
    assert body is not None
    blocks = [block.to_dict() for block in body.blocks]
    (select,) = [one for block in blocks for one in block.get("elements", ()) if one["type"] == "static_select"]
    assert [each["text"]["text"] for each in select["options"]] == [
        "Eén lijn voor leren en zorg", "Leerlingenvervoer naar de dagbehandeling", "Jongeren zelf aan tafel",
    ]  # fmt: skip
    assert "Gaat dit over jullie punt “Leerlingenvervoer naar de dagbehandeling”?" in str(blocks)
    windows = Trail(scene.house)
    windows.press("sanne", "trail.tie:yes-chosen", f"impression {note.id} te_q")
    (tie,) = tied(scene, "te_q")
    assert tie.state is TieState.KEPT and tie.impression == note.id
    body = scene.house.draw(scene.house.owed("impressions.shared")[0], impressions.MESSAGES)
    assert body is not None and "Hoort bij jullie punt “Jongeren zelf aan tafel”" in str(
        [b.to_dict() for b in body.blocks]
    )


def test_a_note_that_is_not_published_is_tied_by_its_own_people_only_and_shows_no_word_of_it(scene: Signing) -> None:
    note, windows = scene.share(takeaway=SAID), Trail(scene.house)
    scene.house.person("lotte", HERE)
    windows.press("lotte", "trail.tie:yes0", f"impression {note.id} te_p")
    assert tied(scene) == []
    windows.press("sanne", "trail.tie:yes0", f"impression {note.id} te_p")
    seen = windows.press("lotte", "trail.entry", "te_p")
    assert "nog niet gepubliceerd" in seen and SAID not in seen


def test_a_workspace_without_points_sees_nothing_new_under_an_impression(house: House) -> None:
    scene = Signing(house)
    scene.share(takeaway=SAID)
    body = house.draw(house.owed("impressions.shared")[0], impressions.MESSAGES)
    assert body is not None and "static_select" not in str([block.to_dict() for block in body.blocks])


def test_an_example_and_a_promise_are_tied_to_a_point_too(scene: Signing) -> None:
    values = {
        "title": Value("Eén bus"),
        "what": Value("Het vervoer naar de dagbehandeling rijdt mee met de schoolbus."),
    }
    example = Entry("te_ex", TEAM, HERE, Kind.EXAMPLE, values, State.SHARED)
    scene.house.write(lambda db: trail.make(db, example, "noor", scene.house.clock.at))
    scene.house.do(RHYTHM.tick(scene.house.world, scene.house.clock.now()))
    windows = Trail(scene.house)
    assert "Gaat dit over jullie punt" in windows.press("noor", "trail.entry", "te_ex")
    windows.press("noor", "trail.tie:yes0", "example te_ex te_p", "trail.entry", entry="te_ex", region=HERE)
    assert [(tie.thing, tie.state) for tie in tied(scene)] == [(Thing.EXAMPLE, TieState.KEPT)]
    assert "goed voorbeeld, Haaglanden" in windows.press("noor", "trail.entry", "te_p")


@pytest.mark.practice("002:18-63")
def test_the_agenda_says_what_was_talked_about_and_which_points_nobody_mentions(scene: Signing) -> None:
    note, windows = published(scene), Trail(scene.house)
    before = windows.press("noor", "trail.part", f"{HERE} agenda")
    assert "Over deze 2 punten sprak nog niemand." in before and before.count("Jongeren zelf aan tafel") == 1
    windows.press("noor", "trail.tie:yes0", f"impression {note} te_p", "trail.entry", entry="te_p", region=HERE)
    after = windows.press("noor", "trail.part", f"{HERE} agenda")
    assert "Leerlingenvervoer naar de dagbehandeling · 1 impressie · 1 werksessie · laatst op 17 juni 2021" in after
    assert "*Hier sprak nog niemand over*\n• Jongeren zelf aan tafel" in after
    assert "over 1 van 2 punten is gesproken" in windows.press("noor", "trail.page", HERE)
    assert "punten is gesproken" not in windows.press("elders", "trail.page", HERE)


def test_a_point_of_which_nobody_speaks_says_of_which_assignment_it_is_where_there_are_several(scene: Signing) -> None:
    note, windows = published(scene), Trail(scene.house)
    windows.press("noor", "trail.tie:yes0", f"impression {note} te_p", "trail.entry", entry="te_p", region=HERE)
    assert "Jongeren zelf aan tafel · " not in windows.press("noor", "trail.part", f"{HERE} agenda")
    for name, kind, parent, text in (
        ("te_b", Kind.ASSIGNMENT, None, "Een plan voor <onze> scholen"),
        ("te_w", Kind.POINT, "te_b", "Wie beslist?"),
    ):
        entry = Entry(name, TEAM, HERE, kind, {"title": Value(text)}, parent=parent)
        scene.house.write(lambda db, e=entry: trail.make(db, e, "noor", scene.house.clock.at))
    seen = windows.press("noor", "trail.part", f"{HERE} agenda")
    assert "• Jongeren zelf aan tafel · Eén lijn voor leren en zorg" in seen
    assert "• Wie beslist? · Een plan voor &lt;onze&gt; scholen" in seen
    assert "dagbehandeling · Eén lijn voor leren en zorg · 1 impressie" in seen


def test_who_made_a_promise_ties_it_to_a_point_in_the_message_that_they_have(house: House) -> None:
    scene = Promising(house, offer="Ik regel het vervoer naar de dagbehandeling.")
    region = house.region("Haaglanden")
    house.person("lotte", region)
    for name, text in (("te_p", "Leerlingenvervoer naar de dagbehandeling"), ("te_q", "Jongeren zelf aan tafel")):
        entry = Entry(name, TEAM, region, Kind.POINT, {"title": Value(text)})
        house.write(lambda db, e=entry: trail.make(db, e, "noor", house.clock.at))
    promise = scene.agreed()
    assert "Gaat dit over jullie punt “Leerlingenvervoer naar de dagbehandeling”?" in scene.shown("promises.ask")
    Trail(house).press("lotte", "trail.tie:yes0", f"promise {promise.id} te_p")
    (tie,) = house.read(lambda db: ties.of_points(db, TEAM, ["te_p"]))
    assert (tie.thing, tie.state, tie.impression) == (Thing.PROMISE, TieState.KEPT, promise.impression)
    assert "Hoort bij jullie punt" in scene.shown("promises.ask", 0)
    scene.withdraw()
    assert house.read(lambda db: ties.of_points(db, TEAM, ["te_p"])) == []
