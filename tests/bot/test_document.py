"""A document is harmless before any writer sees it, and says in every form the same."""

from __future__ import annotations

from datetime import date

import pytest

from bot.document import (
    Block,
    Bullets,
    Document,
    Labels,
    Line,
    Paragraph,
    Picture,
    Quote,
    Run,
    Section,
    Source,
    Table,
    address,
    line,
    links,
    plain,
    texts,
    tidied,
)
from bot.drawing import Box, Drawing, Label, Stroke, Tone

LABELS = Labels("Naar de tekst", "Bron", "bron", "Bronnen")
LINK = "https://voorbeeld.nl/a?b=1&c=(2)"


def document(*sections: Section, closing: tuple[Block, ...] = (), **more: object) -> Document:
    values = {"language": "nl", "title": "Titel", "labels": LABELS, "on": date(2021, 6, 21), **more}
    return Document(sections=sections, closing=closing, **values)  # type: ignore[arg-type]  # its own fields


def cell(text: str) -> str:
    """One cell of a table, as a writer gets it."""
    (section,) = tidied(document(Section("S", (Table("T", ("A",), ((line(text),),)),)))).sections
    (table,) = section.blocks
    assert isinstance(table, Table)
    return "".join(run.text for run in table.rows[0][0])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a  b\n c\t", "a b c"),
        ("a\x00\x1bb\u202ec", "abc"),
        ("a \u200b b", "a b"),
        ("\u200b", ""),
        ("a\u2028b\x85c", "a b c"),
        ("👩\u200d🏫", "👩\u200d🏫"),
    ],
)
def test_what_people_typed_is_one_line_in_which_nothing_steers(text: str, shown: str) -> None:
    assert plain(text) == shown


@pytest.mark.parametrize(
    ("link", "leads"),
    [
        (LINK, LINK),
        ("HTTP://a", "HTTP://a"),
        ("mailto:a@b.nl", "mailto:a@b.nl"),
        ("javascript:alert(1)", ""),
        ("https://", ""),
        ("https://a b", ""),
        ("https://a\nb", ""),
        ("https://a>b", ""),
        ("x https://a", ""),
        ("", ""),
    ],
)
def test_only_addresses_of_pages_and_of_mail_stand_in_a_document(link: str, leads: str) -> None:
    assert address(link) == leads
    made = tidied(document(Section("S", (Paragraph((Run("hier", link=link),)),))))
    assert links(made) == [leads][: bool(leads)]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"),
        (" =1+1", "'=1+1"),
        ("-2", "'-2"),
        ("@x", "'@x"),
        ("+31", "'+31"),
        ("\u200b=1", "'=1"),
        ("\t=1", "'=1"),
        ("＝1+1", "'＝1+1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠x", "'＠x"),
        ("gewoon", "gewoon"),
        ("1-2", "1-2"),
        ("'gewoon", "'gewoon"),
    ],
)
def test_a_cell_that_a_spreadsheet_would_compute_begins_with_an_apostrophe(text: str, shown: str) -> None:
    assert cell(text) == shown


def test_a_cell_whose_first_piece_is_blank_is_guarded_as_well() -> None:
    table = Table("T", ("=KOP()",), (((Run(" "), Run("=1+1", 3), Run("!")),), ((Run("", 2), Run("=1+1")),), ((),)))
    (section,) = tidied(document(Section("S", (table,)))).sections
    (made,) = section.blocks
    assert isinstance(made, Table)
    assert made.header == ("'=KOP()",)
    shown = ["".join(run.text for run in row[0]).strip() for row in made.rows]
    assert shown == ["'=1+1!", "'=1+1", ""]


def test_a_line_keeps_its_blanks_between_pieces_and_loses_what_is_empty() -> None:
    typed: Line = (Run(" a "), Run("\n"), Run("\u200b"), Run("\u200b", 2), Run("b\x00 ", strong=True))
    (section,) = tidied(
        document(Section("\u200b", (Paragraph(typed, soft=True), Quote(typed), Bullets((typed,)))))
    ).sections
    assert section.title == "-"
    wanted = (Run(" a "), Run(" "), Run("", 2), Run("b ", strong=True))
    assert section.blocks == (Paragraph(wanted, soft=True), Quote(wanted), Bullets((wanted,)))


def test_every_field_of_a_document_is_made_harmless() -> None:
    bad = " \u202ex\n y "
    made = tidied(
        document(
            Section(bad, (Table(bad, (bad,), ()),), (Section(bad),)),
            closing=(Paragraph(line(bad)),), title=bad, meta=(bad,), notice=bad, last=bad,
            sources=(Source(1, line(bad)),),
        )
    )  # fmt: skip
    assert {text.strip() for text in texts(made)} == {"x y", "[1]", "Bronnen"}
    assert made.language == "nl" and made.labels == LABELS and made.on == date(2021, 6, 21)
    assert tidied(document(title="\u200b")).title == "-"


def test_the_words_in_a_picture_are_made_harmless_and_its_shapes_stay() -> None:
    box, stroke = Box(1, 2, 3, 4, Tone.PALE), Stroke(1, 2, 3, 4)
    drawing = Drawing(90, 60, (box, Label(5, 6, " \u202ex\n y ", "end", strong=True), stroke))
    picture = Picture(" \u202ea\n b ", (line("\x00c"), line("d", 3)), drawing)
    (section,) = tidied(document(Section("S", (picture,)))).sections
    left = Drawing(90, 60, (box, Label(5, 6, "x y", "end", strong=True), stroke))
    assert section.blocks == (Picture("a b", ((Run("c"),), (Run("d", 3),)), left),)


def test_a_line_leads_to_a_source_only_when_one_is_named() -> None:
    assert line("a") == (Run("a", 0),)
    assert line("a", 3) == (Run("a", 3),)


def test_texts_and_links_are_told_in_the_order_in_which_they_are_read() -> None:
    def led(text: str, link: str = "", source: int = 0) -> Line:
        return (Run(text, source, link),)

    inner = Section("In", (Bullets((led("f", "https://c"), led("g"))),))
    first = Section("Eén", (Paragraph(led("a", "https://a", 1)), Quote(led("b"))), (inner,))
    table = Table("Tafel", ("K",), ((led("h", "https://d", 2),),))
    made = document(
        first, closing=(table,), meta=("m",), notice="n", last="z", sources=(Source(1, led("s", "https://e")),)
    )
    assert list(texts(made)) == [
        "Titel", "m", "n", "Eén", "a", "[1]", "b", "In", "f", "g", "Tafel", "K", "h", "[2]", "Bronnen", "[1]", "s", "z",
    ]  # fmt: skip
    assert links(made) == ["https://a", "https://c", "https://d", "https://e"]
    assert list(texts(document())) == ["Titel", "", ""]


def test_a_picture_is_told_in_words_wherever_a_document_is_read() -> None:
    drawing = Drawing(90, 60, ())
    told = list(texts(document(Section("S", (Picture("De tijdlijn", (line("fase 1", 2), line("fase 2")), drawing),)))))
    at = told.index("De tijdlijn")
    assert told[at : at + 4] == ["De tijdlijn", "fase 1", "[2]", "fase 2"]
