"""Whose name is known to whoever sends something to a language model, and which placeholder stands for it."""

from __future__ import annotations

from random import Random

import pytest

from bot.writing import Redactor, known_names
from bot.writing.redacting import PLACEHOLDER


class Drawn(Random):
    """Draws what it is told to, and remembers between which bounds it was asked."""

    def __init__(self, *numbers: int) -> None:
        super().__init__(1)
        self._numbers = list(numbers)
        self.asked: list[tuple[int, int]] = []

    def randint(self, a: int, b: int) -> int:
        self.asked.append((a, b))
        return self._numbers.pop(0)


@pytest.mark.parametrize(
    ("words", "small", "with_capital"),
    [
        ("noor de vries", True, True),
        ("noor", True, True),
        ("de vries", True, True),
        ("vries", False, True),  # a last name of one word may be a word as well
        ("wil", False, True),  # a small word that is somebody's first name
        ("bo", False, True),
        ("li", False, True),
        ("de", False, False),
        ("is", False, False),  # a word of two letters stays a word, also where somebody is called so
        ("k", False, False),
        ("samir", False, False),
    ],
)
def test_a_member_is_known_by_each_part_of_the_name_that_is_no_word(
    words: str, small: bool, with_capital: bool
) -> None:
    is_name = known_names(["Noor de Vries", "Wil Bosma", "Bo Li", "Is K"])
    assert bool(is_name(words, False)) is small
    assert bool(is_name(words, True)) is with_capital


@pytest.mark.parametrize("names", [["Lotte Klein", "Klein Bosma"], ["Klein Bosma", "Lotte Klein"]])
def test_what_is_one_persons_first_name_needs_no_capital_for_anothers_last_name(names: list[str]) -> None:
    assert known_names(names)("klein", False)


def test_nobody_is_known_where_nobody_is_a_member() -> None:
    assert not known_names([])("noor", True)


@pytest.mark.parametrize(("language", "mark"), [("nl", "[persoon 7]"), ("en", "[person 7]"), ("fy", "[person 7]")])
def test_a_placeholder_is_in_the_language_of_the_request_and_else_in_english(language: str, mark: str) -> None:
    assert Redactor(known_names(["Samir"]), language, Drawn(7))("Samir") == mark


def test_the_number_of_a_placeholder_is_short_until_it_is_taken() -> None:
    random = Drawn(7, 7, 7, 4321)
    redact = Redactor(known_names(["Samir", "Noor"]), "nl", random)
    assert redact("Samir, Noor") == "[persoon 4321], [persoon 7]", "the last name in a text is numbered first"
    assert random.asked == [(1, 99), (1, 99), (1, 9999), (1, 9999)]
    assert PLACEHOLDER.fullmatch("[persoon 9999]") and not PLACEHOLDER.fullmatch("[persoon 10000]")


def test_a_placeholder_that_this_request_did_not_make_stays_as_it_is() -> None:
    redact = Redactor(known_names(["Samir"]), "nl", Drawn(7))
    assert redact.restored(f"{redact('Samir')} en [persoon 8]") == "Samir en [persoon 8]"


def test_a_name_right_behind_a_placeholder_is_replaced_as_well() -> None:
    assert Redactor(known_names(["Samir"]), "nl", Drawn(7))("[persoon 12]Samir") == "[persoon 12][persoon 7]"
