"""Figures and sentences that do not agree are only pointed out where they are about the same thing."""

from __future__ import annotations

from datetime import date

import pytest

from bot.article import Part
from bot.harvest import kind_of
from bot.memory.answering import differing
from bot.memory.records import Says, Source, SourceKind
from bot.theme_harvest.contrasts import contrasts
from bot.theme_harvest.records import Said


def found(number: int, text: str, year: int) -> Source:
    """A sentence that was found for a question, said in a year."""
    return Source(
        SourceKind.SENTENCE, f"s{number}", f"i{number}", "takeaway", 0, len(text), text, Says.TELLS, date(year, 6, 1),
        "Werksessie",
    )  # fmt: skip


def said(number: int, text: str) -> Said:
    """A sentence of a group of its own."""
    return Said(f"s{number}", text, kind_of(text), Part.BODY, f"g{number}", date(2020 + number, 6, 1), 2020 + number)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bij de OZA hebben 3 scholen een lift.", "Voor de OZA zochten 12 scholen een begeleider."),
        ("Het wachten duurde 6 weken.", "Na 3 weken kwam er een begeleider."),
        ("Een kind van 6 jaar kreeg hulp.", "Een meisje van 9 jaar ging weer naar school."),
    ],
)
def test_the_same_unit_of_different_things_is_no_difference_by_year(one: str, other: str) -> None:
    assert differing([found(1, one, 2020), found(2, other, 2021)]) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Er doen nu 4 scholen mee aan de proef.", "Er doen nu 9 scholen mee aan de proef."),
        ("19 gemeenten", "Zuidrand bestaat uit 16 gemeenten die samen werken."),
    ],
)
def test_the_same_thing_counted_in_two_years_is_pointed_out(one: str, other: str) -> None:
    assert len(differing([found(1, one, 2020), found(2, other, 2021)])) == 2
    assert differing([found(1, one, 2020), found(2, other, 2020)]) == [], "within one year nothing is said of years"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("De ouder vroeg de school om hulp bij de zorg.", "De ouder kreeg later hulp van de school bij de zorg."),
        ("De school laat de ouders zien hoe de zorg werkt.", "De school vraagt eerst de ouders hoe de zorg werkt."),
        ("Het overleg met ouders op school is vrij goed.", "Ouders moeten mee in het overleg op school."),
        ("Ouders willen niet alleen praten over zorg op school.", "Ouders willen praten over zorg op school."),
    ],
)
def test_a_word_that_also_means_something_else_makes_no_contradiction(one: str, other: str) -> None:
    assert contrasts([said(1, one), said(2, other)]) == ()
