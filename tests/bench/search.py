"""Search among a million notes, newest first and by relevance, beside LIKE in the same file; and what taking in costs.

Notes of about 140 characters are made here from made-up words with a long tail, as people's words have. The index is
built once, within `LONGEST` seconds; a machine that takes longer is measured at what it has by then. Searches are
timed by the processor, for both sides: by the wall a busy machine measures its other programs.
"""

from __future__ import annotations

import os
import random
import sqlite3
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from statistics import quantiles
from time import perf_counter, thread_time

from sqlmodel import Session

from bot.memory.asking import Question
from bot.memory.ranking import Reader, first_groups, read_query
from storage import text_index
from storage.database import Database
from storage.schema import upgrade
from storage.text_index import Entry, WordIndex
from tests.bench.harvest import CLOSING, MIDDLE, OPENING

SIZE = 20_000 if os.environ.get("BENCH_QUICK") else 1_000_000
LONGEST = 300.0
"""Seconds for building the index."""
PIECE = 2_000
WORDS, IN_A_NOTE = 40_000, 22
ASKED, BY_LIKE = 400, 60
"""Searches of each kind; LIKE takes a quarter of a second each."""
SHOWN = 20
FIRST = date(2011, 1, 3)
TEAM = "T1"

Row = tuple[str, float, str, float]


def figures() -> list[Row]:
    """Return every figure beside its baseline: name, value, unit, baseline."""
    with tempfile.TemporaryDirectory(prefix="oogst-search-") as folder:
        location = str(Path(folder) / "oogst.db")
        upgrade(location)
        database = Database(location)
        try:
            return _measured(database)
        finally:
            database.close()


def _measured(database: Database) -> list[Row]:
    dice = random.Random(17)
    words = _words(dice)
    weights = [1 / (place + 8) for place in range(WORDS)]
    taken, seconds = _build(database, words, weights, dice)
    with database.engine.connect() as connection, Session(connection) as db:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        index = text_index.refresh(db, TEAM, None)
        often, rare = _asked(index, words, dice)
        asked = [dice.choice((rare, rare, often)) for _ in range(ASKED)]
        singles = [dice.choice(kind) for kind in asked]
        pairs = [f"{dice.choice(often)} {dice.choice(kind)}" for kind in asked]
        like = _timed([lambda word=word: _like(driver, word) for word in singles[:BY_LIKE]])
        first = _timed([lambda word=word: _newest(db, index, word, parts=False) for word in singles])
        parts = _timed([lambda word=word: _newest(db, index, word, parts=True) for word in singles])
        best = _timed([lambda both=both: _ranked(db, index, both) for both in pairs])
    added = _adding(database, words, weights, dice)
    name = f"search, {taken:,} notes"
    return [
        (f"{name}: newest first, p50", first[0], "ms", like[0]),
        (f"{name}: newest first, p99", first[1], "ms", like[1]),
        (f"{name}: newest first with compounds, p99", parts[1], "ms", like[1]),
        (f"{name}: by relevance, p50", best[0], "ms", like[0]),
        (f"{name}: by relevance, p99", best[1], "ms", like[1]),
        (f"{name}: taken in at once", taken / seconds, "notes/s", 1.0),
        (f"{name}: taken in ten at a time", added, "notes/s", 1.0),
    ]


def _words(dice: random.Random) -> list[str]:
    found: dict[str, None] = {}
    opening, middle, closing = OPENING.split(), MIDDLE.split(), CLOSING.split()
    while len(found) < WORDS:
        parts = [
            dice.choice(opening) + dice.choice(middle) + dice.choice(closing) for _ in range(dice.choice((1, 2, 2, 3)))
        ]
        found.setdefault("".join(parts))
    return list(found)


def _build(database: Database, words: list[str], weights: list[float], dice: random.Random) -> tuple[int, float]:
    """Take notes in, and keep them beside it as they are for LIKE. Returns how many, and in how many seconds."""
    database.write_now(
        lambda db: db.connection().exec_driver_sql("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT)")
    )
    cumulated = [0.0]
    for weight in weights:
        cumulated.append(cumulated[-1] + weight)
    taken, seconds = 0, 0.0
    while taken < SIZE and seconds < LONGEST:
        said = [" ".join(dice.choices(words, cum_weights=cumulated[1:], k=IN_A_NOTE)) for _ in range(PIECE)]
        day = FIRST + timedelta(days=taken // 300)
        entries = [Entry(str(taken + at), "im", 0, len(text), day, text) for at, text in enumerate(said)]
        start = taken

        def keep(db: Session, entries: list[Entry] = entries, start: int = start) -> None:
            text_index.put(db, TEAM, f"article:{start}", entries)

        began = perf_counter()
        database.write_now(keep)
        seconds += perf_counter() - began
        rows = [(start + at, text) for at, text in enumerate(said)]
        database.write_now(
            lambda db, rows=rows: db.connection().exec_driver_sql("INSERT INTO note VALUES (?, ?)", rows)
        )
        taken += PIECE
    return taken, seconds


def _asked(index: WordIndex, words: list[str], dice: random.Random) -> tuple[list[str], list[str]]:
    """Words that many notes have, and words that a few have."""
    counts = {word: index.vocabulary.counts.get(index.vocabulary.numbers.get(word, -1), 0) for word in words}
    ordered = sorted((word for word in words if counts[word] > 2 and len(word) > 4), key=lambda word: -counts[word])
    return ordered[: len(ordered) // 20], dice.sample(ordered[len(ordered) // 3 :], 200)


def _like(driver: sqlite3.Connection, word: str) -> None:
    driver.execute(
        "SELECT id, text FROM note WHERE text LIKE ? ORDER BY id DESC LIMIT ?", (f"%{word}%", SHOWN)
    ).fetchall()


def _newest(db: Session, index: WordIndex, word: str, *, parts: bool) -> None:
    """The newest notes with a word in all its endings; with `parts` also those with a compound of it."""
    forms = index.vocabulary.forms(word)
    wanted = [number for number, weight in forms.items() if parts or weight == 1]
    text_index.find(db, TEAM, [wanted], SHOWN, every=True)


def _ranked(db: Session, index: WordIndex, asked: str) -> None:
    query = read_query(Question(asked), index.vocabulary, index.entries, [], {})
    reader = Reader(query)
    hits = text_index.find(db, TEAM, first_groups(query, index.vocabulary), 2000, every=False)
    sorted(hits, key=lambda hit: (-reader.coverage(reader.weights(hit.terms)), -hit.id))[:SHOWN]


def _adding(database: Database, words: list[str], weights: list[float], dice: random.Random) -> float:
    """Notes a second when an article of ten sentences at a time comes in, each in a transaction of its own."""
    rounds = 30
    made = [
        [
            Entry(f"x{number}-{at}", "im", 0, 1, FIRST, " ".join(dice.choices(words, weights, k=IN_A_NOTE)))
            for at in range(10)
        ]
        for number in range(rounds)
    ]
    began = perf_counter()
    for number, entries in enumerate(made):
        database.write_now(
            lambda db, entries=entries, number=number: text_index.put(db, TEAM, f"article:x{number}", entries)
        )
    return rounds * 10 / (perf_counter() - began)


def _timed(works: list[Callable[[], object]]) -> tuple[float, float]:
    """Return p50 and p99 in milliseconds of this thread's processor time; of each search the best of three."""
    took = []
    for work in works:
        rounds = []
        for _ in range(3):
            began = thread_time()
            work()
            rounds.append(thread_time() - began)
        took.append(min(rounds) * 1000)
    cut = quantiles(took, n=100)
    return cut[49], cut[98]


if __name__ == "__main__":
    for row in figures():
        print(*row)  # noqa: T201 - asked for by hand
