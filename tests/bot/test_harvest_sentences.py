"""Where sentences begin and end: every case is one that a simple splitter gets wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.harvest import SentenceKind, kind_of, language_of, split


def cut(text: str) -> list[str]:
    return [text[span.start : span.end] for span in split(text)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Dat is o.a. met dhr. Peters besproken. Klaar.", ["Dat is o.a. met dhr. Peters besproken.", "Klaar."]),
        ("Het kost ca. 2 mln. euro per jaar. Wie betaalt?", ["Het kost ca. 2 mln. euro per jaar.", "Wie betaalt?"]),
        ("We zien elkaar op 16 september. Tot dan!", ["We zien elkaar op 16 september.", "Tot dan!"]),
        ("Dat liep tot 2012. Daarna niet meer.", ["Dat liep tot 2012.", "Daarna niet meer."]),
        ("Mail naar noor@voorbeeld.nl of bel. Graag!", ["Mail naar noor@voorbeeld.nl of bel.", "Graag!"]),
        ("Kijk op www.voorbeeld.nl/a.Beter nog: bel.", ["Kijk op www.voorbeeld.nl/a.Beter nog: bel."]),
        ("‘Dat doen we nooit meer alleen.’ Zo is het.", ["‘Dat doen we nooit meer alleen.’", "Zo is het."]),
        ('"Wat nu?" vroeg zij. Niemand wist het.', ['"Wat nu?" vroeg zij.', "Niemand wist het."]),
        ("Er is geen geld.Wie betaalt dan?2. Hoe lang?", ["Er is geen geld.", "Wie betaalt dan?", "Hoe lang?"]),
        ("Is er geld?b) Heeft u een plan?", ["Is er geld?", "Heeft u een plan?"]),
        ("Versie 2.1. Het werkt om 14.30 uur.", ["Versie 2.1.", "Het werkt om 14.30 uur."]),
        ("dat ging goed. we gaan door. wie doet mee?", ["dat ging goed.", "we gaan door.", "wie doet mee?"]),
        ("Partners in de regio\nweten elkaar te vinden.", ["Partners in de regio\nweten elkaar te vinden."]),
        ("- meer tijd\n- minder regels\n2. een plan", ["meer tijd", "minder regels", "een plan"]),
        ("Kop zonder punt\n\nDe tekst begint hier.", ["Kop zonder punt", "De tekst begint hier."]),
        ("The U.S. office agreed, e.g. on money. Good.", ["The U.S. office agreed, e.g. on money.", "Good."]),
        ("Boeken, spellen enz. Daarna aten we.", ["Boeken, spellen enz.", "Daarna aten we."]),
        ("Het ging over de OZA’s. Wie betaalt wat?", ["Het ging over de OZA’s.", "Wie betaalt wat?"]),
        ("Dat merken we al. Zie art. 12 en nr. 3. Klaar.", ["Dat merken we al.", "Zie art. 12 en nr. 3.", "Klaar."]),
        ("", []),
        ("...\n\n - \n?!", []),
    ],
)
def test_a_sentence_ends_where_a_reader_says_it_ends(text: str, sentences: list[str]) -> None:
    assert cut(text) == sentences


PIECES = [
    "woord",
    "Woord",
    "é",
    "e\u0301",
    "1",
    "12",
    "b",
    " ",
    " ",
    "\n",
    ".",
    "?",
    "!",
    "’",
    '"',
    "(",
    ")",
    "- ",
    "• ",
    "#1",
    "@",
    "/",
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_sentences_are_pieces_of_the_text_in_order_and_lose_no_word(text: str) -> None:
    at, between = 0, ""
    for span in split(text):
        assert at <= span.start < span.end <= len(text)
        assert not text[span.start].isspace() and not text[span.end - 1].isspace()
        between += text[at : span.start]
        at = span.end
    assert "oord" not in between + text[at:]  # only a list marker ("1.", "b)") may fall between sentences


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("We hebben het gehad over de wachttijden en hoe dat beter kan.", "nl"),
        ("We talked about the waiting times and how that could be better.", "en"),
        ("OZA NPO", None),
    ],
)
def test_a_note_is_read_in_its_own_language(text: str, language: str | None) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Wie betaalt dat eigenlijk?", SentenceKind.QUESTION),
        ("Samir bood aan om een overzicht te maken.", SentenceKind.OFFER),
        ("Lotte will share the checklist next week.", SentenceKind.OFFER),
        ("Er is behoefte aan een overzicht.", SentenceKind.REQUEST),
        ("Kan iemand ons helpen met het plan?", SentenceKind.REQUEST),
        ("Wisselen van aanbieder is een serieus risico.", SentenceKind.CONCERN),
        ("We hebben afgesproken elkaar te bellen.", SentenceKind.AGREEMENT),
        ("De school belt nu eerst met de ouders.", SentenceKind.FINDING),
    ],
)
def test_questions_offers_and_worries_are_told_apart(text: str, kind: SentenceKind) -> None:
    assert kind_of(text, "nl") is kind
