"""Themes keep their id through renames and merges, and what is remembered of them is counted in one query."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import event
from sqlmodel import Session

from bot.worksessions import State, Topic, WorkSession
from storage import themes, worksessions
from storage.database import Database
from tests.storage.conftest import NOW


def theme(db: Session, name: str, new_id: str, *aliases: str) -> str:
    return themes.theme_for(db, "T1", name, name[:20], aliases, new_id)


def merge(db: Session, theme_id: str, into: str) -> None:
    row = db.get_one(themes.ThemeRow, ("T1", theme_id))
    row.status, row.merged_into = "merged", into
    db.add(row)


def held(number: int, *offered: str, channel: str = "C1", state: State = State.GROUPED) -> Callable[[Session], None]:
    """A session that offers these themes."""
    starts = NOW - timedelta(days=number)
    topics = tuple(Topic(f"tp_{number}_{k}", f"Thema {k}", f"{k}", found) for k, found in enumerate(offered))
    session = WorkSession(
        f"ws_{number}", "T1", "Werksessie", channel, starts, starts, None, "Europe/Amsterdam", state, "ineke", topics
    )
    return lambda db: worksessions.save(db, session, starts)


def test_a_name_of_a_merged_theme_leads_to_the_theme_it_became_also_in_two_steps(database: Database) -> None:
    def work(db: Session) -> str:
        for name, new_id in (("Ouders", "th_1"), ("Verzorgers", "th_2"), ("Opvoeders", "th_3")):
            theme(db, name, new_id)
        merge(db, "th_3", "th_2")
        merge(db, "th_2", "th_1")
        return theme(db, "Opvoeders", "th_9")

    assert database.write_now(work) == "th_1"
    assert [one.id for one in database.read_now(lambda db: themes.themes(db, "T1"))] == ["th_1"]
    assert [one.id for one in database.read_now(lambda db: themes.lineage(db, "T1"))] == ["th_1", "th_2", "th_3"]


def test_a_circle_of_merges_still_gives_a_theme(database: Database) -> None:
    def work(db: Session) -> str:
        theme(db, "Ouders", "th_1")
        theme(db, "Verzorgers", "th_2")
        merge(db, "th_1", "th_2")
        merge(db, "th_2", "th_1")
        return theme(db, "Ouders", "th_9")

    assert database.write_now(work) in ("th_1", "th_2")


def test_memory_counts_sessions_of_the_whole_subject_and_none_that_is_still_choosing(database: Database) -> None:
    def work(db: Session) -> None:
        for name, new_id in (("Onderwijszorgarrangementen (OZA)", "th_1"), ("OZA", "th_2"), ("Verkeer", "th_3")):
            theme(db, name, new_id)
        for number, offered in enumerate((["th_1"], ["th_2", "th_3"], ["th_1"])):
            held(number, *offered)(db)
        held(8, "th_3", state=State.CHOOSING)(db)
        held(9, "th_3", channel="Dineke")(db)

    database.write_now(work)

    def counted(practising: str = "", team: str = "T1") -> dict[str, int]:
        wanted = ["th_1", "th_2", "th_3", "th_unknown"]
        return dict(database.read_now(lambda db: themes.remembered(db, team, wanted, practising)))

    assert counted() == {"th_1": 3, "th_2": 3, "th_3": 1}
    assert counted(practising="ineke")["th_3"] == 2
    assert counted(team="T2") == {}


def test_forty_topics_cost_one_query(database: Database) -> None:
    def work(db: Session) -> list[str]:
        ids = [theme(db, f"Thema nummer {number}", f"th_{number:02}") for number in range(40)]
        held(1, *ids)(db)
        return ids

    ids = database.write_now(work)
    asked: list[str] = []

    def heard(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if "theme" in statement:
            asked.append(statement)

    event.listen(database.engine, "before_cursor_execute", heard)
    found = database.read_now(lambda db: themes.remembered(db, "T1", ids))
    event.remove(database.engine, "before_cursor_execute", heard)
    assert sum(found.values()) == 40
    assert len(asked) == 1


def test_a_topic_that_comes_back_keeps_the_short_name_it_had(database: Database) -> None:
    def look(db: Session) -> dict[str, str]:
        themes.theme_for(db, "T1", "Positieve gevolgen van corona", "Gevolgen corona", (), "th_1")
        themes.theme_for(db, "T2", "Verzuim", "Van een ander", (), "th_2")
        return themes.short_names(db, "T1", ["Positieve gevolgen van corona", "Verzuim", "Iets nieuws"])

    assert database.write_now(look) == {"Positieve gevolgen van corona": "Gevolgen corona"}
