from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dates import announced

SESSION = date(2021, 6, 17)
THE_16TH = date(2021, 9, 16)


@pytest.mark.parametrize(
    "text",
    [
        "We zien elkaar weer op 16 september.",
        "De volgende keer is donderdag 16 september 2021.",
        "Donderdag 16 september, 13.00-16.00 uur, zelfde plek.",
        "Volgende werksessie: do 16 sept. 13:00",
        "donderdag de 16e september",
        "16 september (donderdag) gaan we verder",
        "Volgende bijeenkomst op 16-09-2021 om 13:00.",
        "16/9/2021",
        "16.09.2021",
        "2021-09-16",
        "Next session on 16 September.",
        "We meet again on Thursday, September 16, 2021.",
        "September 16th",
        "the 16th of September",
        "The next meeting of our network is on 16 September.",
        "16 SEPTEMBER",
        "16 september 2021. En nog eens: 16 september!",
        "Lever je stuk in vóór 9 september. We zien elkaar op 16 september.",
        "Op 17 juni spraken we dit af. De volgende keer is 16 september.",
        "Kan de school dit op 1 oktober regelen? Verder op 16 september.",
    ],
)
def test_an_announced_date_is_found_with_its_year(text: str) -> None:
    assert announced([text], SESSION) == THE_16TH


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Geen datum.",
        "Volgende week donderdag.",
        "in september",
        "16 en 17 september",
        "16-17 september",
        "16 september of 23 september",
        "16 september of de week erna",
        "16 September or later",
        "Op 16 september en op 7 oktober.",
        "vrijdag 16 september 2021",
        "vrijdag 16 september",
        "16 september 2021 (vrijdag)",
        "31 september",
        "31 februari 2022",
        "Misschien op 16 september.",
        "Rond 16 september weten we meer.",
        "Niet op 16 september.",
        "Maybe 16 September?",
        "We could meet on September 16.",
        "Zullen we 16 september afspreken?",
        "Elke maand, te beginnen op 16 september.",
        "Om de week, vanaf donderdag 16 september 2021.",
        "Every month from 16 September.",
        "Uiterlijk 16 september is het stuk klaar.",
        "Until 16 September.",
        "Op 17 juni spraken we elkaar.",
        "Op 12 mei was de vorige keer.",
        "16 september 2020",
        "9/16/2021",
        "1.16 september",
        "Versie 16.09.20211",
    ],
)
def test_what_is_not_one_sure_date_is_asked(text: str) -> None:
    assert announced([text], SESSION) is None


def test_two_groups_that_name_the_same_date_agree_and_two_dates_are_asked() -> None:
    assert announced(["Tot 16 september!", "Verder op 16 september.", "September 16."], SESSION) == THE_16TH
    assert announced(["Verder op 16 september.", "Verder op 23 september."], SESSION) is None


def test_the_year_is_that_of_the_next_such_day() -> None:
    assert announced(["10 januari"], date(2021, 12, 20)) == date(2022, 1, 10)
    assert announced(["20 december"], date(2021, 12, 20)) is None
    assert announced(["29 februari"], date(2023, 12, 1)) == date(2024, 2, 29)
    assert announced(["29 februari"], date(2022, 12, 1)) is None


@given(st.text(), st.dates())
def test_no_text_makes_it_stumble(text: str, after: date) -> None:
    announced([text], after)


PIECES = st.sampled_from(
    ["16", " ", "september", "sep", "9.00-12.00", "do", "donderdag", "-", "/", "2021", "09", ",", "(", "de", "e", ".",
     "0", "May", "٣", "²", "elke", "misschien", "\n", "99", "9999", "0000", ":", "of", "en"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=14).map("".join), st.dates())
def test_no_mixture_of_pieces_of_dates_makes_it_stumble(text: str, after: date) -> None:
    found = announced([text], after)
    assert found is None or found > after


def test_a_very_long_text_is_read_in_no_time() -> None:
    announced(["16 " * 20_000 + "september", "do " * 20_000, "1-1-" * 20_000], SESSION)
