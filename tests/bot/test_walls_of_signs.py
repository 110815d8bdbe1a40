"""A message of fifty kilobytes of one sign, typed on purpose or by a cat, is read in time that grows as its length."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

import pytest

from bot.harvest import split
from bot.memory.asking import Question, read_question, reads_as_question
from bot.writing import suspects

SIGNS = (
    "@",
    "<@",
    "a@",
    "-",
    " ",
    "\t",
    ".",
    "…",
    "1.",
    "(",
    "a",
    "a ",
    "A. ",
    "x@y.nl ",
    "a@b",
    "\n",
    "a\n",
    '"',
    "'",
)
SIZE = 50_000
READERS: dict[str, Callable[[str], object]] = {
    "sentences": split,
    "whether it asks": reads_as_question,
    "the question": lambda text: Question(read_question(text).text).term,
    "what gives orders": lambda text: suspects({"im_1": [text]}),
}


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("reader", READERS)
def test_a_wall_of_one_sign_is_read_at_once(reader: str, sign: str) -> None:
    wall = f"Hoi. {sign * (SIZE // len(sign))}x."
    before = process_time()
    READERS[reader](wall)
    assert process_time() - before < 2.5, "it takes time as the square of its length"


def test_addresses_stay_whole() -> None:
    for text in ("Mail a.b@voorbeeld.nl. Dan komt het goed.", "Zie https://voorbeeld.nl/a.B.c. Dan komt het goed."):
        assert [text[one.start : one.end] for one in split(text)] == [text.split(" Dan")[0], "Dan komt het goed."]
