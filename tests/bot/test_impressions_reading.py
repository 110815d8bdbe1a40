"""Reading what people typed, pasted or dictated: which words stand under which label, and nothing lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.impressions import LONGEST, PARTS, Contents, asks, fits, read_fields, reads_as_impression


def parts(text: str) -> dict[str, str]:
    return {part: said for part in PARTS if (said := str(getattr(read_fields(text), part)))}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Makkelijk: de start ging vlot.", {"easy": "de start ging vlot."}),
        ("Lastig: de tolk.\nVraag: Wie betaalt?", {"hard": "de tolk.", "question": "Wie betaalt?"}),
        ("Ouders eerst.\n\nCitaat: 'Denk mee.'", {"takeaway": "Ouders eerst.", "quote": "'Denk mee.'"}),
        ("Wat ging makkelijk?\nDe start.\n\nEn de rest.", {"easy": "De start.\n\nEn de rest."}),
        ("Wat ging makkelijk? De start.", {"easy": "De start."}),
        ("What was hard? The interpreter.\nOffer: a map", {"hard": "The interpreter.", "offer": "a map"}),
        ("Vraag: wie betaalt?\n\nOuders eerst.", {"takeaway": "Ouders eerst.", "question": "wie betaalt?"}),
        ("Makkelijk: de start. Moeilijk: de tolk.", {"easy": "de start.", "hard": "de tolk."}),
        ("*Citaten*\n- 'Eén.'\n- 'Twee.'\nCitaat: 'Drie.'", {"quote": "- 'Eén.'\n- 'Twee.'\n'Drie.'"}),
        (":speech_balloon: *Citaat*\nLaat ons meedenken", {"quote": "Laat ons meedenken"}),
        ("💬 *Citaat:* Laat ons meedenken", {"quote": "Laat ons meedenken"}),
        ("1. Conclusie - doorgaan\n2) Regel die knelt: tijd", {"conclusion": "doorgaan", "obstacle": "tijd"}),
        ("## Goed voorbeeld\nDe brede school.", {"example": "De brede school."}),
        ("MAKKELIJK: de start", {"easy": "de start"}),
        ("Aanbod of volgende stap: een kaart", {"offer": "een kaart"}),
        ("Vraag:\nWie betaalt?\n\nEn wanneer?", {"question": "Wie betaalt?\n\nEn wanneer?"}),
        ("Het was moeilijk: de tolk kwam niet.", {"takeaway": "Het was moeilijk: de tolk kwam niet."}),
        ("We hebben een vraag: wie betaalt?", {"takeaway": "We hebben een vraag: wie betaalt?"}),
        ("Moeilijk was de tolk.", {"takeaway": "Moeilijk was de tolk."}),
        ("Voorbeelden zijn er genoeg: de kaart.", {"takeaway": "Voorbeelden zijn er genoeg: de kaart."}),
        ("Vraag: ", {}),
        ("", {}),
    ],
)  # fmt: skip
def test_what_stands_under_a_label_goes_to_its_field_in_the_same_words(text: str, found: dict[str, str]) -> None:
    assert parts(text) == found


def test_a_text_without_labels_is_kept_to_the_last_blank() -> None:
    text = "  De school komt eerder.\n\n  Ouders ook. "
    assert read_fields(text) == Contents(text)


LINE = st.one_of(
    st.sampled_from(
        ["Makkelijk:", "Vraag: wie betaalt", "Citaat", "", "*Moeilijk*: de tolk", "Goed. Vraag: wie", "- a"]
    ),
    st.text(max_size=30),
)


@given(st.lists(LINE, max_size=8), st.sampled_from(["\n", "\r\n", "\n\n"]))
def test_every_part_is_cut_out_of_the_text_unchanged(lines: list[str], between: str) -> None:
    text = between.join(lines)
    for said in parts(text).values():
        assert said in text or all(line in text for line in said.split("\n"))


@given(st.lists(st.sampled_from(["een", "twee.", "drie?", "Vraag:", "\n", "\n\n", "Citaat\n", "vier"]), max_size=20))
def test_no_word_is_lost_or_said_twice(pieces: list[str]) -> None:
    text = " ".join(pieces)
    kept = sorted(word for said in parts(text).values() for word in said.split())
    labels = {"vraag:", "citaat"}
    assert [word for word in kept if word.casefold() not in labels] == sorted(
        word for word in text.split() if word.casefold() not in labels
    )


@pytest.mark.parametrize("text", ["*" * 3000, ". " * 1500, "1. " * 1000, ":a" * 1500, "vraag" * 600, "wat ging " * 300])
def test_a_hostile_text_is_read_at_once(text: str) -> None:
    assert read_fields(text) is not None


def test_a_text_longer_than_one_field_fits_when_its_labels_divide_it() -> None:
    long = "woord " * 450
    assert not fits(read_fields(long + long))
    assert fits(read_fields(f"{long}\n\nMoeilijk: {long}"))
    assert reads_as_impression(f"{long}\n\nMoeilijk: {long}")
    assert not reads_as_impression("woord " * LONGEST)


@pytest.mark.parametrize(
    ("said", "is_question"),
    [
        ("wie neemt straks het woord voor ons", True),
        ("hoe laat begint het morgen eigenlijk", True),
        ("kan je me de link sturen van vandaag", True),
        ("can you send me the link of today", True),
        ("what do we do next with the group", True),
        ("wat we meenemen is dat de school eerder komt", False),
        ("hoe het ging was best lastig maar leerzaam", False),
        ("we nodigen de school nu eerder uit dan voorheen", False),
        ("Wie vroeg begint, is op tijd klaar.", False),
        ("Wie begint er?", True),
    ],
)
def test_a_dictated_question_is_known_without_its_mark(said: str, is_question: bool) -> None:
    assert asks(said) is is_question
    assert reads_as_impression(said) is (not is_question and len(said.split()) >= 5)
