"""What documents brought, on screen: by document, for a region that is there, is new or is still to be chosen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlmodel import Session

from bot.trail import Entry, Kind, State
from bot.trail.importing import lists
from handlers.trail import proposed
from handlers.views.trail_proposed import PAGE
from storage import programme, trail
from storage.trail import importing
from tests.handlers.brought_in import bring_in
from tests.handlers.house import TEAM, House, wall
from tests.handlers.trailing import Trail, lived_in, two_regions

DOCUMENTS = Path(__file__).parents[1] / "bot" / "trail_documents"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    yield from lived_in(tmp_path, wall(2021, 6, 17, 16))


@pytest.fixture
def scene(house: House) -> Trail:
    """Noor is of a region, Sanne facilitates there, Samir is of another one; Ineke coordinates."""
    return two_regions(house)


def read_in(scene: Trail, name: str, region: str | None = None) -> None:
    assert bring_in(scene.house, name, (DOCUMENTS / name).read_text(), region) is not None


def waiting(scene: Trail, region: str | None) -> list[Entry]:
    return scene.house.read(lambda db: trail.proposed(db, TEAM, [region]))


def kept(scene: Trail, region: str | None, kind: Kind) -> list[Entry]:
    return scene.house.read(lambda db: trail.entries(db, TEAM, regions=[region], kinds=[kind]))


def region_called(scene: Trail, name: str) -> str | None:
    found = scene.house.read(lambda db: programme.regions(db, TEAM))
    return next((each.id for each in found if each.name == name), None)


def of_kind(scene: Trail, region: str | None, kind: Kind, title: str = "") -> Entry:
    return next(each for each in waiting(scene, region) if each.kind is kind and title in each.title)


def test_a_document_about_a_region_waits_there_with_its_lines_and_counts_only_when_kept(scene: Trail) -> None:
    read_in(scene, "regiopagina.txt", "Haaglanden")
    said = scene.press("noor", "trail.proposed", "rg_0001")
    assert "*Duinkust*" in said and "regels 26-27" in said and "Véle kleine klassen" in said
    assert scene.entries("rg_0001") == []
    assert "Duinkust" not in scene.press("samir", "trail.proposed", "rg_0001")


def test_to_keep_an_attention_point_is_to_keep_its_assignment(scene: Trail) -> None:
    read_in(scene, "regiopagina.txt", "Haaglanden")
    point = of_kind(scene, "rg_0001", Kind.POINT, "Wat kost het")
    scene.press("noor", "trail.keep", point.id, "trail.entry")
    (assignment,) = scene.entries("rg_0001")
    assert assignment.title == "Opdracht samen naar school"
    assert [child.title for child in assignment.children] == ["Wat kost het?"], "its other points still wait"


def test_to_keep_an_assignment_is_to_keep_what_hangs_under_it(scene: Trail) -> None:
    read_in(scene, "card.txt", "Haaglanden")
    card = of_kind(scene, "rg_0001", Kind.ASSIGNMENT)
    scene.press("noor", "trail.keep", card.id, "trail.entry")
    (assignment,) = scene.entries("rg_0001")
    assert len(assignment.children) == 11 and assignment.under(Kind.ROLE)[3].text("standing") == "vacant"


def test_a_proposal_that_somebody_repairs_is_kept_with_what_it_hangs_under(scene: Trail) -> None:
    read_in(scene, "regiopagina.txt", "Haaglanden")
    point = of_kind(scene, "rg_0001", Kind.POINT, "Vaste gezichten")
    scene.fill("noor", "trail.entry", {"title": "Vaste gezichten in de klas"}, entry=point.id, version="1")
    (assignment,) = scene.entries("rg_0001")
    assert [child.title for child in assignment.children] == ["Vaste gezichten in de klas"]


def test_a_region_that_does_not_take_part_yet_is_made_by_the_first_that_is_kept(scene: Trail) -> None:
    read_in(scene, "regiopagina.txt")
    assert region_called(scene, "Duinkust") is None
    said = scene.press("ineke", "trail.proposed", "programme")
    assert "Dit gaat over Duinkust" in said and "Duinkust (nieuw)" in said
    ambition = of_kind(scene, None, Kind.AMBITION)
    assert "coördinator" in scene.press("noor", "trail.keep", ambition.id, "trail.entry"), "not for anybody"
    scene.press("ineke", "trail.keep", ambition.id, "trail.entry")
    made = region_called(scene, "Duinkust")
    assert made is not None
    assert [each.title for each in kept(scene, made, Kind.AMBITION)] == [ambition.title]
    assert len(waiting(scene, made)) == 26 and waiting(scene, None) == [], "the rest follows, and still waits"


def test_two_documents_that_spell_one_region_differently_go_to_the_same_one(scene: Trail) -> None:
    read_in(scene, "regiopagina.txt")
    text = (DOCUMENTS / "talk.txt").read_text().replace("Northmoor", "Duin-kust").replace("Duin-kust", "Duinkust")
    bring_in(scene.house, "talk.txt", text)
    scene.press("ineke", "trail.keep", of_kind(scene, None, Kind.AMBITION).id, "trail.entry")
    made = region_called(scene, "Duinkust")
    assert {each.origin.document for each in waiting(scene, made) if each.origin} == {
        "Duinkust",
        "The road of Duinkust",
    }
    assert {each.kind for each in waiting(scene, None)} == {Kind.ROLE_NAME}, "names of roles are the programme's"


def test_where_a_document_names_no_region_nothing_is_kept_until_somebody_chooses_one(scene: Trail) -> None:
    read_in(scene, "card.txt")
    card = of_kind(scene, None, Kind.ASSIGNMENT)
    assert "Kies eerst" in scene.press("ineke", "trail.keep", card.id, "trail.entry")
    refused = scene.press("ineke", "trail.keep_all", "programme", "trail.proposed", region="programme")
    assert "nog niets bewaard" in refused and "“Workshop table 7" in refused and "Alles klopt" not in refused
    material = card.origin.material if card.origin else ""
    refused = scene.press("noor", "trail.region_of", f"rg_0002 {material}", "trail.proposed", region="programme")
    assert "coördinator" in refused
    said = scene.press("ineke", "trail.region_of", f"rg_0002 {material}", "trail.proposed", region="programme")
    assert "Workshop table 7" in said and "Waar hoort" not in said and "17 vondsten horen nu bij Waterweg" in said
    assert waiting(scene, None) == [] and len(waiting(scene, "rg_0002")) == 17
    history = scene.press("samir", "trail.entry", card.id)
    assert "Waterweg" in history, "who moved it there, and when, is kept"


def test_what_is_of_the_programme_is_kept_there_and_the_rest_of_the_document_waits(scene: Trail) -> None:
    read_in(scene, "kader.txt")
    read_in(scene, "card.txt")
    said = scene.press("ineke", "trail.proposed", "programme")
    assert f"Alles klopt ({len(waiting(scene, None)) - 17})" in said, "only what can be kept is promised"
    said = scene.press("ineke", "trail.keep_all", "programme", "trail.proposed", region="programme")
    assert "vondsten bewaard" in said and "Dit stuk wacht nog: “Workshop table 7" in said, "what happened stands there"
    assert len(kept(scene, None, Kind.CRITERION)) == 6 and len(kept(scene, None, Kind.MILEPOST)) == 4
    assert {each.kind for each in waiting(scene, None)} & {Kind.CRITERION, Kind.GOAL} == set()
    assert len(waiting(scene, None)) == 17, "the card names no region"


def test_all_of_one_document_is_kept_and_another_still_waits(scene: Trail) -> None:
    read_in(scene, "regiopagina.txt", "Haaglanden")
    read_in(scene, "talk.txt", "Haaglanden")
    said = scene.press("sanne", "trail.proposed", "rg_0001")
    assert "Dit stuk klopt (27)" in said
    talk = of_kind(scene, "rg_0001", Kind.PHASE).origin
    assert talk is not None
    assert "begeleider" in scene.press("noor", "trail.keep_all", f"rg_0001 {talk.material}", "trail.proposed")
    scene.press("sanne", "trail.keep_all", f"rg_0001 {talk.material}", "trail.proposed", region="rg_0001")
    assert len(kept(scene, "rg_0001", Kind.PHASE)) == 4
    assert {each.origin.document for each in waiting(scene, "rg_0001") if each.origin} == {"Duinkust"}


def test_what_waits_is_shown_in_pages_and_what_hangs_under_something_right_after_it(scene: Trail) -> None:
    for name in ("regiopagina.txt", "talk.txt"):
        read_in(scene, name, "Haaglanden")
    total = len(waiting(scene, "rg_0001"))
    first = scene.press("noor", "trail.proposed", "rg_0001")
    second = scene.press("noor", "trail.proposed", "rg_0001 1", "trail.proposed", region="rg_0001")
    assert "Bladzijde 1 van 2" in first and "Bladzijde 2 van 2" in second
    assert first.count("regel ") + first.count("regels ") == PAGE
    assert second.count("regel ") + second.count("regels ") == total - PAGE
    shown = first + second
    assert (
        shown.index("Opdracht samen naar school") < shown.index("↳ _Aandachtspunt_") < shown.index("rust op de groep")
    )


def test_what_nobody_understood_of_a_document_can_be_read_later(scene: Trail) -> None:
    read_in(scene, "talk.txt", "Haaglanden")
    said = scene.press("noor", "trail.proposed", "rg_0001")
    assert "Wat bleef liggen" in said
    origin = of_kind(scene, "rg_0001", Kind.PHASE).origin
    assert origin is not None
    left = scene.press("noor", "trail.unread", f"rg_0001 {origin.material}", "trail.proposed", region="rg_0001")
    assert "regel 55" in left and "Cake!" in left
    scene.press("sanne", "trail.keep_all", "rg_0001", "trail.proposed", region="rg_0001")
    assert "Wat bleef liggen" in scene.press("noor", "trail.part", "rg_0001 timeline"), "also when all of it is kept"
    assert "Cake!" not in scene.press("samir", "trail.unread", f"rg_0001 {origin.material}")
    assert "Cake!" not in scene.press("samir", "trail.unread", f"rg_0002 {origin.material}")


def test_a_document_that_comes_in_twice_changes_nothing_and_what_was_set_aside_stays_so(scene: Trail) -> None:
    read_in(scene, "regiopagina.txt", "Haaglanden")
    scene.press("noor", "trail.drop", of_kind(scene, "rg_0001", Kind.CONTACT).id, "trail.entry")
    before = len(waiting(scene, "rg_0001"))
    assert bring_in(scene.house, "copy.txt", (DOCUMENTS / "regiopagina.txt").read_text(), "Haaglanden") is None
    assert len(waiting(scene, "rg_0001")) == before


def test_an_imported_contact_is_shown_to_its_region_only(scene: Trail) -> None:
    read_in(scene, "regiopagina.txt", "Haaglanden")
    scene.press("sanne", "trail.keep_all", "rg_0001", "trail.proposed", region="rg_0001")
    (contact,) = kept(scene, "rg_0001", Kind.CONTACT)
    scene.press("sanne", "trail.share", contact.id, "trail.entry")
    assert "Duinman" not in scene.press("samir", "trail.page", "rg_0001")
    assert "Duinman" not in scene.press("samir", "trail.entry", contact.id)


def test_figures_of_two_years_stand_beside_each_other(scene: Trail) -> None:
    read_in(scene, "regiopagina.txt", "Haaglanden")
    text = (DOCUMENTS / "regiopagina.txt").read_text().replace("7 gemeenten", "9 gemeenten").replace("2022", "2018")
    bring_in(scene.house, "ouder.txt", text, "Haaglanden")
    scene.press("sanne", "trail.keep_all", "rg_0001", "trail.proposed", region="rg_0001")
    counted = {(each.text("value"), each.text("year")) for each in kept(scene, "rg_0001", Kind.FACT)}
    assert {("7", "2022"), ("9", "2018")} <= counted


def test_an_example_from_another_region_waits_there(scene: Trail) -> None:
    text = (DOCUMENTS / "artikel.txt").read_text().replace("regio Duinkust", "regio Waterweg")
    bring_in(scene.house, "artikel.txt", text)
    (example,) = waiting(scene, "rg_0002")
    assert example.kind is Kind.EXAMPLE and example.state is State.PROPOSED


def choose(scene: Trail, user: str, value: str) -> str:
    return scene.press(user, "trail.region_of", value, "trail.proposed", region="programme", below="page:programme")


def test_a_document_can_be_of_a_region_that_somebody_names_there(scene: Trail) -> None:
    read_in(scene, "card.txt")
    origin = of_kind(scene, None, Kind.ASSIGNMENT).origin
    assert origin is not None
    assert "Staat er niet bij" in scene.press("ineke", "trail.proposed", "programme")
    asked = choose(scene, "ineke", f"other {origin.material}")
    assert "Workshop table 7" in asked and scene.window["callback_id"] == "trail.region_other"
    given = {"what": origin.material, "below": "page:programme"}
    assert "Vul dit in" in scene.fill("ineke", "trail.region_other", {"name": " - "}, **given)
    assert "coördinator" in scene.fill("noor", "trail.region_other", {"name": "Oosterdam"}, **given)
    assert region_called(scene, "Oosterdam") is None
    said = scene.fill("ineke", "trail.region_other", {"name": " Oosterdam "}, **given)
    made = region_called(scene, "Oosterdam")
    assert "17 vondsten horen nu bij Oosterdam" in said and len(waiting(scene, made)) == 17
    assert waiting(scene, None) == []
    again = scene.fill("ineke", "trail.region_other", {"name": "Westerdam"}, **given)
    assert region_called(scene, "Westerdam") is None and "Er is niets" not in again, "it was placed already"


def test_a_region_that_is_named_anew_in_another_spelling_is_the_one_that_is_there(scene: Trail) -> None:
    read_in(scene, "card.txt")
    origin = of_kind(scene, None, Kind.ASSIGNMENT).origin
    scene.fill("ineke", "trail.region_other", {"name": "HAAGLANDEN"}, what=origin.material if origin else "")
    assert len(waiting(scene, "rg_0001")) == 17 and region_called(scene, "HAAGLANDEN") is None


def test_one_thing_that_was_found_can_be_of_another_region_than_the_rest_of_its_document(scene: Trail) -> None:
    read_in(scene, "artikel.txt")
    one = waiting(scene, None)[0]
    others = len(waiting(scene, None)) - 1
    assert "Waar hoort deze vondst bij" in scene.press("ineke", "trail.entry", one.id)
    said = scene.press("ineke", "trail.region_of", f"rg_0002 {one.id}", "trail.entry", region="programme")
    assert "zette dit bij Waterweg" in said and "Waar hoort deze" not in said
    assert [each.id for each in waiting(scene, "rg_0002")] == [one.id] and len(waiting(scene, None)) == others
    assert "coördinator" in scene.press("samir", "trail.region_of", f"rg_0001 {one.id}", "trail.entry")
    scene.press("ineke", "trail.region_of", f"rg_0001 {one.id}", "trail.entry")
    assert len(waiting(scene, "rg_0002")) == 1, "what has its region keeps it"


def test_an_attention_point_takes_its_assignment_along_to_a_region(scene: Trail) -> None:
    read_in(scene, "regiopagina.txt")
    point = of_kind(scene, None, Kind.POINT)
    scene.press("ineke", "trail.region_of", f"rg_0002 {point.id}", "trail.entry", region="programme")
    moved = waiting(scene, "rg_0002")
    assert {each.id for each in moved} >= {point.id, point.parent}
    assert {each.parent for each in moved if each.parent} == {point.parent}


def test_what_was_found_waits_on_the_home_of_who_may_say_yes(scene: Trail) -> None:
    house = scene.house

    def home(user: str) -> str:
        found = house.read(lambda db: proposed.waiting_for(db, TEAM, user, house.clock.now()))
        return json.dumps([each.to_dict() for one in found for each in one.draw(house.world.words["nl"])])

    assert home("ineke") == home("noor") == "[]"
    read_in(scene, "card.txt")
    read_in(scene, "talk.txt", "Haaglanden")
    read_in(scene, "regiopagina.txt", "Duinkust")
    assert f"*{len(waiting(scene, None))} vondsten in documenten*" in home("ineke") and '"programme"' in home("ineke")
    assert "vondsten over Duinkust" in home("ineke"), "nobody of that region is there yet"
    assert "Haaglanden" not in home("ineke"), "its own people see it"
    assert "vondsten over Haaglanden" in home("noor") and "documenten*" not in home("noor")
    assert home("samir") == "[]"
    scene.press("sanne", "trail.keep_all", "rg_0001", "trail.proposed", region="rg_0001")
    assert home("noor") == "[]"


def test_a_find_of_which_nobody_knows_the_region_is_not_kept_by_its_form_and_what_was_typed_stays(scene: Trail) -> None:
    read_in(scene, "card.txt")
    one = of_kind(scene, None, Kind.ASSIGNMENT)
    said = scene.fill("ineke", "trail.entry", {"title": "Anders gezegd"}, entry=one.id, version="1")
    assert said.startswith("Kies eerst") and scene.acked == [], "said at the field, in the form that stays"
    scene.press("ineke", "trail.region_of", f"rg_0002 {one.id}", "trail.entry", region="programme")
    scene.fill("ineke", "trail.entry", {"title": "Anders gezegd"}, entry=one.id, version="2")
    assert [each.title for each in kept(scene, "rg_0002", one.kind)] == ["Anders gezegd"]


def test_a_document_that_comes_in_again_with_its_region_is_brought_there_and_only_what_waited(scene: Trail) -> None:
    text = (DOCUMENTS / "card.txt").read_text()
    read_in(scene, "card.txt")
    one = of_kind(scene, None, Kind.AMBITION)
    scene.press("ineke", "trail.region_of", f"rg_0002 {one.id}", "trail.entry", region="programme")
    told = bring_in(scene.house, "card.txt", text, "haaglanden")
    assert told is not None and (told.count, told.region, told.reading) == (16, "Haaglanden", None)
    assert len(waiting(scene, "rg_0001")) == 16 and [each.id for each in waiting(scene, "rg_0002")] == [one.id]
    assert bring_in(scene.house, "card.txt", text, "Oosterdam") is None
    assert region_called(scene, "Oosterdam") is None, "no region is made for nothing"


def test_what_is_read_in_is_written_without_looking_back_at_each_entry(scene: Trail) -> None:
    house = scene.house
    asked: list[str] = []

    def heard(connection: object, cursor: object, statement: str, *rest: object) -> None:
        asked.append(statement)

    def reads(number: int) -> int:
        text = "\n".join(f"assignment;;Opdracht {at}\npoint;Opdracht {at};Punt {at}" for at in range(number))
        rows = lists.read(f"kind;under;title\n{text}\n", lambda code: (code,)).rows
        assert len(rows) == 2 * number

        def write(db: Session) -> int:
            asked.clear()
            source = importing.Paper(material, "lijst", "lijst.csv", text, house.clock.at)
            left = importing.propose_rows(db, TEAM, source, rows, {}, house.clock.at, house.world.ids, "rg_0001")
            assert left == []
            return sum(each.startswith("SELECT") and "max(" not in each for each in asked)

        event.listen(house.database.engine, "before_cursor_execute", heard)
        try:
            return house.write(write)
        finally:
            event.remove(house.database.engine, "before_cursor_execute", heard)

    read_in(scene, "card.txt")
    origin = of_kind(scene, None, Kind.ASSIGNMENT).origin
    material = origin.material if origin else ""
    few, many = reads(5), reads(20)
    assert few == many, "the agenda that is there is looked at once for the whole list"


def test_what_is_kept_of_the_programme_is_said_to_be_everybodys(scene: Trail) -> None:
    read_in(scene, "kader.txt")
    scene.press("ineke", "trail.keep_all", "programme", "trail.proposed", region="programme")
    said = scene.press("noor", "trail.entry", kept(scene, None, Kind.CRITERION)[0].id)
    assert "Gedeeld met alle regio's" in said and "Nog niet gedeeld" not in said and "?:" not in said
