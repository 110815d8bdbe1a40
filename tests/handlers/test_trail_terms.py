"""A word that the programme explains: who asks hears it with its source, and finds notes with another word for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.article import Part
from bot.programme import Role
from bot.trail import Kind, State
from tests.handlers.house import House, wall
from tests.handlers.test_memory import ask, said
from tests.handlers.test_trail_memory import put, settle, told, words_of
from tests.handlers.trailing import Trail


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, wall(2021, 6, 18, 15))
    made.person("samir", made.region("Zuidhof"))
    made.person("ineke", None, Role.COORDINATOR)
    made.person("lotte", None)
    session = made.session(wall(2021, 6, 17, 13))
    notes = ["De wachtkamerklas vangt twaalf leerlingen op.", "Een zorgloket is er op maandag.", "Er is meer nodig."]
    made.article(session, [[(Part.BODY, note) for note in notes]])
    yield made
    made.database.close()


def explained(house: House) -> str:
    return put(house, None, Kind.TERM, State.KEPT, title="OPVK", meaning="opvangklas tussen twee scholen",
               also="wachtkamerklas, tussenklas")  # fmt: skip


@pytest.mark.practice("002:5-8")
@pytest.mark.parametrize("typed", ["Wat is OPVK?", "wat is een OPVK", "what is OPVK", "Wat betekent OPVK?"])
def test_who_asks_what_a_word_means_reads_what_the_programme_wrote_first(house: House, typed: str) -> None:
    assert words_of(told(house, typed)) == []
    explained(house)
    assert words_of(told(house, typed))[0] == "OPVK: opvangklas tussen twee scholen"


def test_the_page_of_the_programme_lists_the_words_with_what_they_mean(house: House) -> None:
    explained(house)
    scene = Trail(house)
    assert "OPVK: opvangklas tussen twee scholen" in scene.press("samir", "trail.part", "programme programme")


def test_another_word_for_it_finds_the_notes_that_use_it(house: House) -> None:
    before = words_of(told(house, "Hoeveel leerlingen in een tussenklas?"))
    explained(house)
    after = words_of(told(house, "Hoeveel leerlingen in een tussenklas?"))
    assert before == [] and "De wachtkamerklas vangt twaalf leerlingen op." in after


def test_the_answer_names_the_programme_and_follows_once_the_word_is_dropped(house: House) -> None:
    entry = explained(house)
    ask(house, "Wat is OPVK?", "lotte")
    answer = said(house)
    assert "OPVK: opvangklas tussen twee scholen" in answer
    settle(house, entry, State.DROPPED)
    assert "opvangklas tussen" not in said(house)


def test_what_the_programme_means_by_a_word_goes_before_the_list_that_everybody_has(house: House) -> None:
    ask(house, "Wat is VO?", "lotte", key="k1")
    assert "voortgezet onderwijs" in said(house)
    put(house, None, Kind.TERM, State.KEPT, title="VO", meaning="vroegtijdig overleg")
    ask(house, "Wat is VO?", "lotte", key="k2")
    assert "VO: vroegtijdig overleg" in said(house) and "voortgezet onderwijs" not in said(house)


def test_a_word_of_another_workspace_explains_nothing_here(house: House) -> None:
    put(house.beside("T2"), None, Kind.TERM, State.KEPT, title="OPVK", meaning="iets heel anders")
    assert words_of(told(house, "Wat is OPVK?")) == []
