"""One subject under many names, what a note still says, and which topics were really talked about."""

from __future__ import annotations

import pytest

from bot.harvest import Theme
from bot.themes import belongs, families, questions_in, related, shortlist, still_says

PARENTS = Theme("th_1", "Ouderbetrokkenheid", "Ouders", ("Ouders", "meedenken van ouders"))
CARE = Theme("th_2", "Onderwijszorgarrangementen (OZA)", "OZA", ("OZA",))


def test_themes_are_one_subject_by_merge_by_alias_and_by_what_stands_between_brackets() -> None:
    merged = Theme("th_3", "Betrokken volwassenen", status="merged", merged_into="th_1")
    later = Theme("th_4", "onderwijszorgarrangementen")
    other = Theme("th_5", "Verduurzaming")
    everything = [PARENTS, CARE, merged, later, other]
    assert related("th_3", everything) == {"th_1", "th_3"}
    assert related("th_4", everything) == {"th_2", "th_4"}
    assert related("th_5", everything) == {"th_5"}
    assert related("th_unknown", everything) == {"th_unknown"}


def test_subjects_do_not_depend_on_the_order_in_which_themes_come() -> None:
    chain = [Theme("th_1", "Aap (Noot)"), Theme("th_2", "Noot (Mies)"), Theme("th_3", "Mies"), Theme("th_4", "Wim")]
    assert families(chain) == families(chain[::-1])
    assert len(set(families(chain).values())) == 2


def test_a_circle_of_merges_ends() -> None:
    circle = [Theme("th_1", "A", merged_into="th_2"), Theme("th_2", "B", merged_into="th_1")]
    assert set(families(circle)) == {"th_1", "th_2"}


def test_a_theme_of_a_practice_session_is_never_somebody_elses() -> None:
    practised = Theme("th_9", "OZA", status="practice")  # type: ignore[arg-type] # as the database holds it
    assert related("th_9", [CARE, practised]) == {"th_9"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hoe laat je ouders meedenken? De ouderbetrokkenheid groeit.", True),
        ("Wie betaalt dat?", True),
        ("Wie betaalt de OZA?", False),
        ("Helpt de OZA ook de ouderbetrokkenheid?", True),
    ],
)
def test_a_sentence_of_a_note_on_two_themes_goes_to_the_theme_it_names(text: str, expected: bool) -> None:
    assert belongs(text, ["th_1", "th_2"], [PARENTS, CARE], frozenset({"th_1"})) is expected
    assert belongs(text, ["th_1"], [PARENTS, CARE], frozenset({"th_1"}))


def test_questions_come_with_the_line_on_which_they_begin() -> None:
    text = "Dit is een zin.\nWie betaalt?\nNog een zin. En ‘wie beslist?’\n\nKlaar."
    assert questions_in(text, 10) == [("Wie betaalt?", 11), ("En ‘wie beslist?’", 12)]


def test_a_published_sentence_is_cut_out_of_the_note_as_it_is_now_or_not_shown() -> None:
    assert still_says("Wie betaalt? Wij.", 0, 12, "Wie betaalt?") == "Wie betaalt?"
    assert still_says("Nieuw. Wie betaalt? Wij.", 0, 12, "Wie betaalt?") == "Wie betaalt?"
    assert still_says("Wie betaalt niet?", 0, 12, "Wie betaalt?") is None
    assert still_says("", 0, 12, "Wie betaalt?") is None


def test_a_list_that_is_one_too_long_is_shown_whole() -> None:
    assert shortlist([1, 2, 3, 4], 3) == ([1, 2, 3, 4], 0)
    assert shortlist([1, 2, 3, 4, 5], 3) == ([1, 2, 3], 2)
