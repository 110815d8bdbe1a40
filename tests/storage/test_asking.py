"""How well questions find their sentences, beside LIKE and an index without Dutch; and when nothing is the answer."""

from __future__ import annotations

import re
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import pytest

from bot.article import Part
from bot.memory.answering import compose
from bot.memory.asking import Question
from bot.memory.records import Source
from bot.programme import Role
from storage import programme
from storage.memory import Scope
from tests.handlers.house import TEAM, House, wall
from tests.storage.asking_set import QUESTIONS, THEMES, UNANSWERABLE

TEXTS = {label: said for told in THEMES.values() for label, said in told}
LABELS = {said: label for label, said in TEXTS.items()}


@cache
def house() -> House:
    """Everything of the set, published."""
    made = House(Path(tempfile.mkdtemp()), wall(2021, 6, 22, 9))
    made.person("noor", None, Role.PARTICIPANT)
    names = list(THEMES)
    session = made.session(wall(2021, 6, 17, 13), topics=names)
    made.article(
        session,
        [[(Part.QUESTION if said.endswith("?") else Part.BODY, said) for _, said in THEMES[name]] for name in names],
    )
    return made


@cache
def found(question: str) -> tuple[Source, ...]:
    made = house()
    member = made.read(lambda db: programme.member(db, TEAM, "noor"))
    return made.read(lambda db: made.world.searcher.search(db, Scope(member, False), Question(question))).sources


def ours(question: str) -> list[str]:
    return [LABELS[one.text] for one in found(question)]


def by_like(question: str) -> list[str]:
    """What somebody does without an index: sentences with the most of the question's words in them."""
    words = [word for word in re.findall(r"\w+", question.casefold()) if len(word) > 3]
    counts = {label: sum(word in said.casefold() for word in words) for label, said in TEXTS.items()}
    return sorted((label for label, number in counts.items() if number), key=lambda label: -counts[label])


@cache
def plain() -> sqlite3.Connection:
    index = sqlite3.connect(":memory:")
    index.execute("CREATE VIRTUAL TABLE said USING fts5(label UNINDEXED, words, tokenize='unicode61')")
    index.executemany("INSERT INTO said VALUES (?, ?)", TEXTS.items())
    return index


def by_fts(question: str) -> list[str]:
    """An index that knows no Dutch, ranked by bm25."""
    words = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", question))
    return [label for (label,) in plain().execute("SELECT label FROM said WHERE said MATCH ? ORDER BY rank", (words,))]


def recall(find: Callable[[str], Sequence[str]], most: int = 5) -> float:
    shares = [len(wanted & set(find(question)[:most])) / len(wanted) for question, wanted in QUESTIONS]
    return sum(shares) / len(shares)


def reciprocal_rank(find: Callable[[str], Sequence[str]]) -> float:
    def rank(question: str, wanted: set[str]) -> float:
        return next((1 / place for place, label in enumerate(find(question), 1) if label in wanted), 0.0)

    return sum(rank(*one) for one in QUESTIONS) / len(QUESTIONS)


def test_the_set_is_large_enough_and_every_label_stands_for_a_sentence() -> None:
    assert len(QUESTIONS) >= 40 and len(UNANSWERABLE) >= 20
    assert set().union(*(wanted for _, wanted in QUESTIONS)) <= set(TEXTS)


def test_questions_find_their_sentences_among_the_first_five() -> None:
    assert recall(ours) >= 0.95


def test_the_right_sentence_comes_first_mostly() -> None:
    assert reciprocal_rank(ours) >= 0.9


def test_it_finds_more_than_like_and_than_an_index_without_dutch() -> None:
    assert recall(ours) > recall(by_fts) + 0.05
    assert recall(ours) > recall(by_like) + 0.05
    assert reciprocal_rank(ours) > max(reciprocal_rank(by_fts), reciprocal_rank(by_like)) + 0.05


def test_what_is_only_related_is_no_answer() -> None:
    told = [question for question in UNANSWERABLE if compose(found(question)) is not None]
    assert told == []


def test_most_questions_of_the_set_are_answered_and_with_what_answers_them() -> None:
    right = []
    for question, wanted in QUESTIONS:
        answer = compose(found(question))
        right.append(answer is not None and bool(wanted & {LABELS[one.text] for one in answer.sources}))
    assert sum(right) / len(right) >= 0.85, [q for (q, _), ok in zip(QUESTIONS, right, strict=True) if not ok]


@pytest.mark.parametrize(
    ("asked", "label"),
    [
        ("arrangementen", "oza3"),
        ("zorgarrangement", "oza3"),
        ("OZA", "oza3"),
        ("oza's", "oza3"),
        ("onderwijs zorg arangementen", "oza3"),
        ("conciërge", "per4"),
        ("concierge", "per4"),
        ("gymzalen", "geb2"),
        ("lerarentekort", "per3"),
        ("tekort aan leraren", "per3"),
        ("huisvestingsplannen", "geb1"),
        ("verpleegkundige", "jeu2"),
        ("techniek werkplaats", "vo4"),
        ("verhuizen", "oza3"),
    ],
)
def test_dutch_words_are_found_in_every_form(asked: str, label: str) -> None:
    assert label in ours(asked)[:5]


def figures() -> str:  # pragma: no cover - for the documentation
    rows = [(name, recall(find), reciprocal_rank(find)) for name, find in
            (("Oogst", ours), ("FTS5 without Dutch, bm25", by_fts), ("LIKE", by_like))]  # fmt: skip
    return "\n".join(f"{name}: recall@5 {r:.3f}, MRR {m:.3f}" for name, r, m in rows)


if __name__ == "__main__":
    print(figures())  # noqa: T201 - asked for by hand
