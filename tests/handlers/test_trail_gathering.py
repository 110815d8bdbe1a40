"""What published impressions bring to the trail of a region: proposed once, with its place, and gone with its note."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.trail import Entry, Kind, State, Value
from bot.trail.tying import Thing, Tie, TieState, kept
from handlers import harvest, impressions
from handlers.trail.gathering import RHYTHM
from storage import trail
from storage.trail import ties
from tests.handlers.house import TEAM, House, wall
from tests.handlers.signed import Signing
from tests.handlers.trailing import lived_in

HERE = "rg_0001"
PARTS = {
    "takeaway": "We spraken over het vervoer naar de dagbehandeling. De koffie was koud.",
    "easy": "Iedereen wilde meedoen.",
    "hard": "De besturen bleven weg.",
    "conclusion": "Eerst praten, dan pas inkopen.",
    "example": "In Delft rijdt één bus voor twee scholen. Dat scheelt een uur per dag.",
    "obstacle": "De regel over vervoer verbiedt een gedeelde bus.",
    "question": "Wie betaalt de bus in de vakantie?",
    "offer": "",
}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    yield from lived_in(tmp_path, wall(2021, 6, 17, 15))


@pytest.fixture
def scene(house: House) -> Signing:
    """A region in its second phase, whose group handed in what it found."""
    scene = Signing(house)
    for name, kind, values in (
        ("te_1", Kind.PHASE, {"title": "Verkennen", "begins": "2020-01", "ends": "2021-01"}),
        ("te_2", Kind.PHASE, {"title": "Doen", "begins": "2021-02"}),
        ("te_p", Kind.POINT, {"title": "Leerlingenvervoer naar de dagbehandeling"}),
        ("te_q", Kind.POINT, {"title": "Jongeren zelf aan tafel"}),
    ):
        entry = Entry(name, TEAM, HERE, kind, {key: Value(text) for key, text in values.items()})
        house.write(lambda db, e=entry: trail.make(db, e, "noor", house.clock.at))
    return scene


def published(scene: Signing) -> None:
    note = scene.share(**PARTS)
    scene.share("youssef", "gr_2", takeaway="We hielden het kort.")
    for user in ("noor", "samir"):
        scene.agree(user, note)
    scene.house.at(wall(2021, 6, 22, 9))
    scene.tick()
    scene.publish()
    look(scene)


def look(scene: Signing) -> None:
    for _ in range(2):
        scene.house.do(RHYTHM.tick(scene.house.world, scene.house.clock.now()))


def proposed(scene: Signing) -> list[Entry]:
    return scene.house.read(lambda db: trail.proposed(db, TEAM, [HERE]))


def tied(scene: Signing, *states: TieState) -> list[Tie]:
    return scene.house.read(lambda db: ties.of_points(db, TEAM, ["te_p", "te_q"], states or ties.COUNTING))


@pytest.mark.practice("000:21-26, 000:45-47, 000:74-75, 000:94-97")
@pytest.mark.practice("001:30-34")
def test_what_was_easy_hard_and_concluded_is_proposed_under_the_current_phase_with_its_place(scene: Signing) -> None:
    published(scene)
    found = [entry for entry in proposed(scene) if entry.kind is Kind.EXPERIENCE]
    assert {entry.text("aspect"): entry.title for entry in found} == {
        "easy": PARTS["easy"], "hard": PARTS["hard"], "conclusion": PARTS["conclusion"],
    }  # fmt: skip
    for entry in found:
        assert entry.parent == "te_2" and entry.origin is not None and entry.reason
        assert PARTS[entry.origin.field][entry.origin.start : entry.origin.end] == entry.title


@pytest.mark.practice("001:40-42, 001:46-50, 000:78-83, 000:105")
@pytest.mark.practice("001:30-34")
@pytest.mark.practice("001:40")
def test_examples_obstacles_and_open_questions_of_a_group_become_proposals_of_its_region(scene: Signing) -> None:
    published(scene)
    by_kind = {entry.kind: entry for entry in proposed(scene)}
    assert by_kind[Kind.EXAMPLE].title == "In Delft rijdt één bus voor twee scholen."
    assert by_kind[Kind.EXAMPLE].text("what") == PARTS["example"]
    assert by_kind[Kind.OBSTACLE].text("effect") == PARTS["obstacle"]
    assert by_kind[Kind.QUESTION].title == PARTS["question"]


def test_nothing_is_proposed_before_the_article_is_published_and_nothing_twice(scene: Signing) -> None:
    scene.share(**PARTS)
    scene.share("youssef", "gr_2", takeaway="We hielden het kort.")
    look(scene)
    assert proposed(scene) == [] and tied(scene) == []
    published(scene)
    first = {entry.id for entry in proposed(scene)}
    look(scene)
    assert {entry.id for entry in proposed(scene)} == first


def test_what_a_region_set_aside_is_not_proposed_again_when_the_words_come_back(scene: Signing) -> None:
    published(scene)
    (question,) = [entry for entry in proposed(scene) if entry.kind is Kind.QUESTION]
    scene.house.write(lambda db: trail.drop(db, question, "noor", scene.house.clock.at))
    article = scene.article()
    assert article is not None
    subject = trail.TrailLookedRow
    scene.house.write(lambda db: db.delete(db.get(subject, (TEAM, f"article:{article.id}"))))
    look(scene)
    assert Kind.QUESTION not in {entry.kind for entry in proposed(scene)}


def test_a_small_group_of_which_somebody_did_not_agree_is_pointed_out_to_nobody(scene: Signing) -> None:
    scene.share(**PARTS)
    scene.share("youssef", "gr_2", takeaway="We hielden het kort.")
    scene.house.at(wall(2021, 6, 22, 9))
    scene.tick()
    scene.publish()
    look(scene)
    assert proposed(scene) == [] and tied(scene), "it is tied to the point, for the article says it to everybody"


def test_a_note_that_is_withdrawn_takes_along_what_was_gathered_from_it_also_what_was_kept(scene: Signing) -> None:
    published(scene)
    entry = proposed(scene)[0]
    scene.house.write(lambda db: trail.keep(db, entry, "noor", scene.house.clock.at))
    assert tied(scene)
    click = scene.house.click("action", "impressions.decline", "sanne", value=scene.newest().id)
    scene.house.answer(impressions.decline, click)
    look(scene)
    assert proposed(scene) == [] and tied(scene, *TieState) == []
    gone = scene.house.read(lambda db: trail.one(db, TEAM, entry.id))
    assert gone is not None and gone.state is State.DROPPED and not gone.values


def test_what_was_gathered_follows_the_words_of_its_note_and_goes_when_they_go(scene: Signing) -> None:
    published(scene)
    note = scene.newest()
    scene.correct(
        "sanne", note, hard="Eerst dit. De besturen bleven helaas weg.", question="Iets heel anders nu.",
        takeaway="Over het vervoer naar de dagbehandeling zeggen we niets meer.",
    )  # fmt: skip
    found = {entry.kind: entry for entry in proposed(scene) if entry.text("aspect") in ("", "hard")}
    assert found[Kind.EXPERIENCE].title == "De besturen bleven helaas weg."
    origin = found[Kind.EXPERIENCE].origin
    assert origin is not None and origin.start == len("Eerst dit. ")
    assert Kind.QUESTION not in found


def test_a_point_gets_what_was_said_before_it_was_there_and_says_why(scene: Signing) -> None:
    published(scene)
    (tie,) = [each for each in tied(scene) if each.thing is Thing.IMPRESSION]
    assert tie.point == "te_p" and {"vervoer", "dagbehandeling"} <= set(tie.shared)
    late = Entry("te_late", TEAM, HERE, Kind.POINT, {"title": Value("Vervoer naar dagbehandeling betalen")})
    scene.house.write(lambda db: trail.make(db, late, "noor", scene.house.clock.at))
    look(scene)
    found = scene.house.read(lambda db: ties.of_points(db, TEAM, ["te_late"]))
    assert [each.thing_id for each in found] == [scene.newest().id]
    assert "te_q" not in {each.point for each in tied(scene)}, "nobody spoke about young people"


def test_a_tie_that_somebody_kept_outlives_a_change_of_the_note_without_its_old_words(scene: Signing) -> None:
    published(scene)
    (tie,) = [each for each in tied(scene) if each.thing is Thing.IMPRESSION]
    scene.house.write(lambda db: ties.save(db, [kept(tie, "noor", scene.house.clock.at)], scene.house.clock.at))
    scene.correct("sanne", scene.newest(), takeaway="De bus kwam ter sprake.")
    (after,) = tied(scene, TieState.KEPT)
    assert after.shared == () and (after.field, after.end) == ("", 0)


def test_what_leaves_the_published_article_leaves_the_trail_too(scene: Signing) -> None:
    published(scene)
    article, house = scene.article(), scene.house
    assert article is not None
    gone = [each.id for each in article.sentences if each.run.text in (PARTS["hard"], PARTS["example"])]
    house.write(lambda db: harvest.take_out(db, house.world, house.settings, scene.session, gone))
    found = proposed(scene)
    assert Kind.EXAMPLE not in {entry.kind for entry in found} and found
    assert "hard" not in {entry.text("aspect") for entry in found}
