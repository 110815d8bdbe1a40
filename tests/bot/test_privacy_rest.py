"""What is left of who was forgotten, how long anything is kept, and what a spreadsheet gets: the smaller rooms."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.privacy.cells import as_cell, from_cell, guarded, unguarded
from bot.privacy.expiring import KEPT_SENT, is_over
from bot.privacy.forgotten import NOBODY, counted, is_forgotten, names_masked, without_id

# Who was forgotten


def test_a_stand_in_is_known_as_one_and_no_person_is() -> None:
    assert counted("x1") == "forgotten:x1" != counted("x2")
    assert is_forgotten(NOBODY) and is_forgotten(counted("x1"))
    assert not is_forgotten("U1") and not is_forgotten("forgottenU1")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("digest.post:U12:2026", "digest.post:forgotten:2026"),
        ("U12", "forgotten"),
        ("U123 XU12 U12a 0U12", "U123 XU12 U12a 0U12"),
        ("U12.U12", "forgotten.forgotten"),
    ],
)
def test_an_id_goes_out_of_a_key_and_longer_ids_that_hold_it_stay(text: str, left: str) -> None:
    assert without_id(text, "U12") == left
    assert without_id("a U.2 b U12", "U.2", r"\1") == r"a \1 b U12"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Noor de Vries en NOOR kwamen", "[naam] en [naam] kwamen"),
        ("de heer De Vries", "de heer De Vries"),  # Samir is called so as well
        ("<@U1> en <@U1|noor> en @U1 maar niet @U12 of <@U2>", "[naam] en [naam] en [naam] maar niet @U12 of <@U2>"),
        ("Bos en bos", "Bos en bos"),
    ],
)
def test_other_peoples_words_lose_the_name_but_not_what_another_is_called_too(text: str, left: str) -> None:
    masked = names_masked("U1", "Noor de Vries", ["Samir de Vries"], "[naam]", 1000)
    assert masked(text) == left
    assert masked(text) == left, "the same the second time"


def test_a_last_name_that_is_a_word_is_a_name_only_with_a_capital() -> None:
    masked = names_masked("U1", "Kevin Klein", [], "[naam]", 1000)
    assert masked("Een klein kind van Klein, zegt kevin") == "Een klein kind van [naam], zegt [naam]"


def test_somebody_called_entirely_like_another_is_masked_all_the_same() -> None:
    assert names_masked("U1", "Noor", ["Noor"], "[naam]", 1000)("noor kwam") == "[naam] kwam"


def test_a_text_grows_not_beyond_what_may_be_kept() -> None:
    for longest, left in ((12, "… en …"), (18, "[naam] en [naam]"), (15, "… en …"), (16, "[naam] en [naam]")):
        assert names_masked("U1", "Noor", [], "[naam]", longest)("Noor en Noor") == left
    assert names_masked("U1", "Fatimata", [], "[naam]", 3)("Fatimata") == "[naam]", "not longer than it was"


def test_who_has_no_name_is_still_not_mentioned() -> None:
    assert names_masked("U1", "", [], "[naam]", 1000)("Dag <@U1>, dag Noor") == "Dag [naam], dag Noor"


# How long


def test_at_the_very_end_of_its_time_a_thing_still_counts() -> None:
    since = datetime(2026, 1, 1, tzinfo=UTC)
    assert not is_over(since, KEPT_SENT, since + KEPT_SENT)
    assert is_over(since, KEPT_SENT, since + KEPT_SENT + timedelta(microseconds=1))


# Spreadsheets


def test_a_cell_that_begins_like_a_formula_or_an_apostrophe_gets_one_in_front() -> None:
    for text in (
        "=1",
        "+1",
        "-1",
        "@x",
        "\t=1",
        "\tx",
        " \rx",
        "\r=1",
        "\n=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "'",
        "'=1",
        "  =1",
    ):
        assert as_cell(text) == f"'{text}" and from_cell(as_cell(text)) == text
    for text in ("gewoon", " gewoon", "", "1-2", "a=b", "X=1"):
        assert as_cell(text) == text == from_cell(text)


def test_a_cell_of_a_list_that_would_be_computed_is_guarded_and_comes_back_as_it_was() -> None:
    for text in ("=1", " +1", "\u200b=1", "＝1"):
        assert guarded(text) == f"'{text}" and unguarded(guarded(text)) == text
    for text in ("'t Hof", "gewoon", "", "1-2"):
        assert guarded(text) == text == unguarded(text)
