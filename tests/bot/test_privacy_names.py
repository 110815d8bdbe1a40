"""Names that must not be recognisable: how a field is read, what is refused, and by which spellings one is known."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from bot.privacy import Key, check_names, keys_of, mask, read_names
from bot.problem import Problem


def masked(text: str, names: Iterable[str]) -> str:
    known = {key.words: key.capital for name in names for key in keys_of(name)}
    return mask(text, "[naam]", lambda words, capital: words in known and (capital or not known[words]))


def test_of_a_field_only_what_is_a_name_is_read() -> None:
    assert read_names("• Xander en Max\n-\n*\n, X. ") == ["Xander", "Max", "X"]


def test_who_types_too_much_or_too_little_reads_what_may_be() -> None:
    """To the last that is allowed, and one more."""
    names = [f"Naam{first}{second}" for first in "abcdefgh" for second in "abcdefgh"]
    assert check_names("involved", "\n".join(names[:50])) == []
    assert check_names("involved", "\n".join(names[:51])) == [
        Problem("involved", "privacy.problem.many_names", {"most": 50, "now": 51})
    ]
    assert check_names("involved", "a" * 80) == []
    assert check_names("involved", "a" * 81) == [Problem("involved", "privacy.problem.long_name", {"most": 80})]
    assert check_names("involved", "Lea") == []
    assert check_names("involved", "Lea, Bo") == [Problem("involved", "privacy.problem.short_name", {"name": "Bo"})]


@pytest.mark.parametrize(
    ("name", "small", "with_capital"),
    [
        ("Kevin", ["kevin"], []),
        ("Fatima el Amrani", ["fatima el amrani", "fatima", "el amrani", "fatima amrani"], ["amrani"]),
        ("El Amrani", ["el amrani"], ["amrani"]),
        ("Bo Klein", ["bo klein"], ["klein"]),
        ("Klein Klein", ["klein klein", "klein"], []),
        ("Anne-Sophie Bos", ["anne sophie bos", "annesophie bos", "anne sophie", "annesophie"], ["bos"]),
        ("Mia Lea Noa Bos", ["mia lea noa bos", "mia", "lea noa bos", "mia bos"], ["lea", "noa", "bos"]),
        ("", [], []),
    ],
)
def test_a_person_is_known_by_these_spellings_and_no_other(
    name: str, small: list[str], with_capital: list[str]
) -> None:
    assert keys_of(name) == {Key(words) for words in small} | {Key(words, capital=True) for words in with_capital}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("[naam] en Kevin", "[naam] en [naam]"),  # half of it was masked before
        ("Kevin\nLea", "[naam]\n[naam]"),
        ("Kevin X Lea", "[naam] X [naam]"),
        ("Kevin Lea", "[naam]"),
        ("Kleins fiets en kleins fiets", "[naam]s fiets en kleins fiets"),
        ("YILDIZ en Yildiz en Yıldız", "[naam] en [naam] en [naam]"),
        ("Lea Klein, Kevin", "[naam], [naam]"),
        ("Wie Lea Klein Kevin zag", "Wie [naam] zag"),
    ],
)
def test_every_name_in_a_text_is_left_out_and_nothing_beside_it(text: str, left: str) -> None:
    assert masked(text, ["Kevin", "Lea Klein", "Yıldız"]) == left
