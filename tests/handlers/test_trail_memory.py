"""What regions share of their trail is found when somebody asks; what they keep to themselves only by them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session

from bot.article import Part
from bot.memory.answering import compose
from bot.memory.asking import Question
from bot.memory.records import Answer, SourceKind
from bot.programme import Role
from bot.trail import Entry, Kind, State, Value
from storage import memory, programme, text_index, trail
from storage.memory import Scope
from tests.handlers.house import TEAM, House, wall
from tests.handlers.test_memory import ask, mention, said

NORTH, SOUTH = "rg_0001", "rg_0002"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, wall(2021, 6, 17, 15))
    for name, people in (("Noordwal", ["noor"]), ("Zuidhof", ["samir"])):
        region = made.region(name)
        for user in people:
            made.person(user, region)
    made.person("ineke", None, Role.COORDINATOR)
    made.person("lotte", None)
    yield made
    made.database.close()


def put(house: House, region: str | None, kind: Kind, state: State = State.SHARED, **more: str) -> str:
    parent, entry = more.pop("parent", None), house.world.ids("te")
    values = {name: Value(said) for name, said in more.items()}
    made = Entry(entry, house.team, region, kind, values, state, parent)
    house.write(lambda db: trail.make(db, made, "", house.clock.at))
    return entry


def settle(house: House, entry: str, state: State) -> None:
    def work(db: Session) -> None:
        found = trail.one(db, TEAM, entry)
        assert found is not None
        trail.settle(db, found, state, "noor", house.clock.at)

    house.write(work)


def told(house: House, question: str, user: str = "lotte", *, private: bool = True) -> Answer | None:
    member = house.read(lambda db: programme.member(db, TEAM, user))
    scope = Scope(member, private)
    return compose(house.read(lambda db: house.world.searcher.search(db, scope, Question(question))).sources)


def words_of(found: Answer | None) -> list[str]:
    return [one.text for one in found.sources] if found else []


def filled(house: House) -> dict[str, str]:
    made = {
        "ambition": put(house, SOUTH, Kind.AMBITION, title="Geen kind zit thuis zonder plan."),
        "other": put(house, NORTH, Kind.AMBITION, title="Elke klas heeft een vaste begeleider."),
        "2007": put(house, SOUTH, Kind.FACT, title="Gemeenten", value="19", year="2007"),
        "2016": put(house, SOUTH, Kind.FACT, title="Gemeenten", value="16", year="2016"),
        "north": put(house, NORTH, Kind.FACT, title="Gemeenten", value="7", year="2016"),
        "rule": put(house, NORTH, Kind.OBSTACLE, title="Vervoer stopt bij de gemeentegrens.",
                    effect="Kinderen kunnen niet naar een klas in de buurgemeente.", where="Noordwal"),
        "rule2": put(house, SOUTH, Kind.OBSTACLE, title="Zorgbudget telt per jaar.", effect="Wij betalen te laat."),
        "example": put(house, NORTH, Kind.EXAMPLE, title="Koffie met ouders", what="Elke week staat de deur open."),
        "phase": put(house, SOUTH, Kind.PHASE, title="Verkennen", begins="2021-03"),
    }  # fmt: skip
    made["hard"] = put(
        house, SOUTH, Kind.EXPERIENCE, parent=made["phase"], title="De huur bleek onbetaalbaar.", aspect="hard"
    )
    made["use"] = put(house, SOUTH, Kind.ADOPTION, parent=made["example"], title="Wij doen het op dinsdag.")
    return made


def test_questions_about_regions_find_what_they_shared_and_nothing_else_comes_first(house: House) -> None:
    filled(house)
    for question, first, never in (
        ("Wat is de ambitie van regio Zuidhof?", "Geen kind zit thuis zonder plan.", "Elke klas heeft"),
        ("Welke regels hinderen bij vervoer?", "Vervoer stopt bij de gemeentegrens. · Noordwal", "Zorgbudget"),
        ("Wie gebruikt het voorbeeld koffie met ouders?", "Koffie met ouders: Wij doen het op dinsdag.", "Vervoer"),
        ("Wat was moeilijk in de fase verkennen in Zuidhof?", "De huur bleek onbetaalbaar.", "Koffie"),
    ):
        found = words_of(told(house, question, private=False))
        assert first in found, (question, found)
        assert not any(never in each for each in found), (question, found)
    assert told(house, "Wat kost een zwembad?", private=False) is None


def test_figures_of_two_years_are_both_told_with_their_year_and_that_they_differ(house: House) -> None:
    filled(house)
    found = told(house, "Hoeveel gemeenten heeft Zuidhof?", private=False)
    assert found is not None
    assert {(one.text, one.year) for one in found.sources if one.where == "Zuidhof"} == {
        ("Gemeenten: 19", 2007), ("Gemeenten: 16", 2016)
    }  # fmt: skip
    assert found.differs
    assert not any(one.where == "Noordwal" for one in found.sources), "another region's figure is no other year"


def test_what_a_region_keeps_to_itself_is_told_to_its_people_and_the_coordinator_alone(house: House) -> None:
    put(house, NORTH, Kind.AMBITION, State.KEPT, title="Stilletjes fuseren met de buurregio.")
    put(house, NORTH, Kind.EVENT, State.PROPOSED, title="Fuseren werd genoemd.")
    question = "Wat is de ambitie over fuseren?"
    for user in ("noor", "ineke"):
        assert words_of(told(house, question, user)) == ["Stilletjes fuseren met de buurregio."], user
    for user in ("samir", "lotte", "nobody"):
        assert told(house, question, user) is None, user
    assert told(house, question, "noor", private=False) is None, "where others read along it is nobody's"


def test_an_answer_says_on_whose_page_it_stands_and_follows_what_the_region_does_with_it(house: House) -> None:
    made = filled(house)
    mention(house, "Wat is de ambitie van regio Zuidhof?", user="noor")
    house.do(house.world.tasks.drain(5))
    shown = said(house)
    assert "Geen kind zit thuis zonder plan." in shown and "pagina van Zuidhof" in shown and "Wie we zijn" in shown
    settle(house, made["ambition"], State.DROPPED)
    assert told(house, "Wat is de ambitie van regio Zuidhof?", private=False) is None or "Geen kind" not in str(
        words_of(told(house, "Wat is de ambitie van regio Zuidhof?", private=False))
    )
    assert "Geen kind" not in said(house), "also the answer that was given"
    assert house.read(lambda db: memory.is_behind(db, TEAM))
    house.write(lambda db: memory.follow(db, TEAM))
    assert not house.read(lambda db: memory.is_behind(db, TEAM))


def test_an_answer_that_only_its_asker_reads_tells_nothing_any_more_once_they_left_the_region(house: House) -> None:
    put(house, NORTH, Kind.AMBITION, State.KEPT, title="Stilletjes fuseren met de buurregio.")
    ask(house, "Wat is de ambitie over fuseren?", "noor")
    house.do(house.world.tasks.drain(5))
    assert "Stilletjes fuseren" in said(house) and "alleen voor je eigen regio" in said(house)
    house.person("noor", SOUTH)
    assert "Stilletjes fuseren" not in said(house)


def test_what_is_taken_back_is_in_no_index_and_the_words_go_with_the_last_that_has_them(house: House) -> None:
    made = filled(house)

    def known() -> str:
        return house.read(lambda db: str(db.connection().execute(text("SELECT word FROM search_word")).all()))

    assert "gemeentegrens" in known() and "zwijgzaam" not in known()
    put(house, NORTH, Kind.EVENT, State.KEPT, title="Zwijgzaam overleg.")
    for entry in made.values():
        settle(house, entry, State.DROPPED)
    assert known() == "[]"


def test_an_index_that_is_written_anew_finds_the_trail_too(house: House) -> None:
    made = filled(house)
    session = house.session(wall(2021, 6, 10, 13))
    house.article(session, [[(Part.BODY, "De school en de gemeente betalen elk de helft.")]])
    for entry in made.values():  # an index of which nothing is left
        house.write(partial(text_index.put, team=TEAM, owner=f"trail:{entry}", entries=[]))
    assert told(house, "Welke regels hinderen bij vervoer?", private=False) is None
    house.write(lambda db: text_index.progress(db, TEAM, "", text_index.FORMAT))
    steps = 0
    while house.write(lambda db: memory.index_more(db, TEAM)):
        steps += 1
        assert steps < 20
    found = told(house, "Welke regels hinderen bij vervoer?", private=False)
    assert found is not None and found.sources[0].kind is SourceKind.TRAIL
    assert house.read(lambda db: memory.is_indexed(db, TEAM))
