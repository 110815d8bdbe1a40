"""Which files are kept, under which name, and what the text of a file is: exactly the words, whatever it is called."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from docx import Document as new_word
from docx.oxml import parse_xml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.attachments import (
    MEGABYTE,
    MOST_BYTES,
    MOST_IN_GROUP,
    Attachment,
    Kind,
    LeftOut,
    State,
    Unreadable,
    clean_name,
    is_listed,
    keep_or_refuse,
    kind_of,
    most_to_read,
    read_document,
)
from bot.attachments.documents import MOST_PARTS, REASONS
from bot.impressions import read_fields

NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
NOW = datetime(2021, 6, 17, 14, tzinfo=UTC)
WORDS = "We nodigen de school nu uit vóór we inkopen."


def saved(word: Any) -> bytes:
    file = BytesIO()
    word.save(file)
    return file.getvalue()


def word(*lines: str) -> bytes:
    made = new_word()
    for line in lines:
        made.add_paragraph(line)
    return saved(made)


def with_xml(*paragraphs: str) -> bytes:
    """A Word file with these paragraphs as Word itself writes them."""
    made = new_word()
    for each in paragraphs:
        made.element.body.insert(len(made.element.body) - 1, parse_xml(each.replace(">", f" {NS}>", 1)))
    return saved(made)


def packed(parts: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", compression) as folder:
        for name, content in parts.items():
            folder.writestr(name, content)
    return file.getvalue()


def repacked(data: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    with zipfile.ZipFile(BytesIO(data)) as folder:
        parts = {name: folder.read(name) for name in folder.namelist()}
    change(parts)
    return packed(parts)


def reason(data: bytes) -> str:
    with pytest.raises(Unreadable) as raised:
        read_document(data)
    assert raised.value.reason in REASONS
    return raised.value.reason


# Plain text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_is_read_in_the_encodings_in_which_people_save_it(encoding: str) -> None:
    typed = f"{WORDS}\nEén vraag: “wie betaalt de €?”\n"
    assert read_document(typed.encode(encoding)).text == typed


def test_big_endian_text_with_its_mark_is_read() -> None:
    assert read_document(b"\xfe\xff" + WORDS.encode("utf-16-be")).text == WORDS


def test_lines_of_windows_and_old_macs_are_lines() -> None:
    assert read_document(b"een\r\ntwee\rdrie\n").text == "een\ntwee\ndrie\n"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"%PDF-1.7\n...", "pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_word"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "locked"),
        (b"{\\rtf1\\ansi hoi}", "rtf"),
        (b"\x89PNG\r\n\x1a\n\0\0", "not_text"),
        (b"tekst met \x01 erin", "not_text"),
        (b"\xff\xfe\x00", "not_text"),
        (packed({"mimetype": b"application/vnd.oasis.opendocument.text"}), "odt"),
        (packed({"foto.jpg": b"x"}), "not_text"),
        (packed({"[Content_Types].xml": b"...spreadsheetml.sheet.main+xml"}), "not_text"),
        (packed({"[Content_Types].xml": b"...ms-word.document.macroEnabled.main+xml"}), "macros"),
        (b"PK\x03\x04 en dan niets", "damaged"),
    ],
)  # fmt: skip
def test_what_is_no_text_says_what_it_is(data: bytes, why: str) -> None:
    assert reason(data) == why


# Word


def test_a_word_file_gives_its_paragraphs_and_cells_in_the_order_in_which_one_reads_them() -> None:
    made = new_word()
    made.add_heading("Wat nemen we mee?", 1)
    made.add_paragraph(WORDS)
    table = made.add_table(2, 2)
    for cell, text in zip(
        [cell for row in table.rows for cell in row.cells],
        ["Citaat", "‘Het gaat om de leerling.’", "Vraag", "Wie betaalt dat?"],
        strict=True,
    ):
        cell.text = text
    made.add_paragraph("Einde")
    found = read_document(saved(made))
    assert found.text.split("\n") == [
        "Wat nemen we mee?", WORDS, "Citaat", "‘Het gaat om de leerling.’", "Vraag", "Wie betaalt dat?", "", "Einde",
    ]  # fmt: skip
    assert found.left_out == frozenset()
    contents = read_fields(found.text)
    assert contents.takeaway == WORDS
    assert contents.quote == "‘Het gaat om de leerling.’"
    assert contents.question.startswith("Wie betaalt dat?")


def test_a_word_file_is_read_whatever_it_is_called_and_text_called_word_is_text() -> None:
    assert read_document(word(WORDS)).text == WORDS
    assert read_document(WORDS.encode()).text == WORDS


def test_tabs_line_ends_links_and_typographic_signs_stay_as_they_are() -> None:
    data = with_xml(
        '<w:p><w:r><w:t xml:space="preserve">een </w:t><w:tab/><w:t>twee</w:t><w:br/><w:t>drie</w:t></w:r>'
        "<w:hyperlink><w:r><w:t>–“vier”</w:t></w:r></w:hyperlink><w:r><w:noBreakHyphen/><w:t>vijf</w:t></w:r></w:p>"
    )
    assert read_document(data).text == "een \ttwee\ndrie–“vier”-vijf"


def test_what_was_struck_out_or_hidden_is_not_said_and_what_was_inserted_is() -> None:
    data = with_xml(
        '<w:p><w:r><w:t xml:space="preserve">We </w:t></w:r><w:del><w:r><w:delText>nooit</w:delText></w:r></w:del>'
        "<w:ins><w:r><w:t>nodigen uit</w:t></w:r></w:ins>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>geheim</w:t></w:r>"
        '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>.</w:t></w:r></w:p>'
    )
    assert read_document(data).text == "We nodigen uit."


def test_the_fields_of_a_template_are_read_and_their_prompts_are_not() -> None:
    data = with_xml(
        "<w:sdt><w:sdtPr/><w:sdtContent><w:p><w:r><w:t>Wij leerden iets.</w:t></w:r></w:p></w:sdtContent></w:sdt>",
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:p><w:r><w:t>Klik om te typen</w:t></w:r></w:p>"
        "</w:sdtContent></w:sdt>",
        "<w:p><w:sdt><w:sdtPr/><w:sdtContent><w:r><w:t>Ja.</w:t></w:r></w:sdtContent></w:sdt></w:p>",
    )
    assert read_document(data).text == "Wij leerden iets.\nJa."


def test_text_boxes_and_notes_are_left_out_and_that_is_said() -> None:
    box = "<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>in een kader</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"
    empty = box.replace("in een kader", " ")
    found = read_document(with_xml(f"<w:p><w:r><w:t>Buiten.</w:t></w:r>{box}</w:p>"))
    assert (found.text, found.left_out) == ("Buiten.", {LeftOut.TEXT_BOX})
    assert read_document(with_xml(f"<w:p><w:r><w:t>Buiten.</w:t></w:r>{empty}</w:p>")).left_out == frozenset()
    noted = read_document(with_xml('<w:p><w:r><w:t>Zie.</w:t><w:footnoteReference w:id="1"/></w:r></w:p>'))
    assert noted.left_out == {LeftOut.NOTE}


def test_a_word_file_without_words_is_an_empty_text() -> None:
    assert read_document(word("", "  ")).text.strip() == ""


def test_a_small_file_that_unpacks_to_a_large_one_is_not_unpacked() -> None:
    def blown_up(parts: dict[str, bytes]) -> None:
        parts["word/media/leeg.bin"] = b"\0" * (45 * MEGABYTE)

    bomb = repacked(word(WORDS), blown_up)
    assert len(bomb) < MEGABYTE
    assert reason(bomb) == "unsafe"


def test_one_part_that_is_packed_much_too_well_is_not_unpacked() -> None:
    bomb = repacked(word(WORDS), lambda parts: parts.update({"word/extra.xml": b" " * (5 * MEGABYTE)}))
    assert reason(bomb) == "unsafe"


def test_a_folder_with_too_many_parts_is_not_unpacked() -> None:
    many = {f"word/{number}.xml": b"" for number in range(MOST_PARTS)}
    assert reason(repacked(word(WORDS), lambda parts: parts.update(many))) == "unsafe"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_before_the_xml_is_parsed(encoding: str) -> None:
    laughing = '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><w>&b;</w>'.encode(encoding)
    assert reason(repacked(word(WORDS), lambda parts: parts.update({"word/document.xml": laughing}))) == "unsafe"


def test_a_packed_file_with_a_password_is_locked() -> None:
    data = bytearray(word(WORDS))
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1  # the mark in the list of parts; the packed bytes themselves do not matter
    assert reason(bytes(data)) == "locked"


@pytest.mark.parametrize("what", ["cut", "no document", "no xml", "wrong xml"])
def test_a_damaged_word_file_is_damaged(what: str) -> None:
    whole = word(WORDS)
    damaged = {
        "cut": lambda: whole[: len(whole) // 2],
        "no document": lambda: repacked(whole, lambda parts: parts.pop("word/document.xml") and None),
        "no xml": lambda: repacked(whole, lambda parts: parts.update({"word/document.xml": b"geen xml"})),
        "wrong xml": lambda: repacked(whole, lambda parts: parts.update({"word/document.xml": b"<a><b></a>"})),
    }[what]()
    assert reason(damaged) == "damaged"


@settings(deadline=None, max_examples=40)  # a Word file takes a while to make, on a busy machine a long while
@given(st.lists(st.text(st.characters(exclude_categories=("C", "Z"), include_characters=" "), max_size=40), max_size=8))
def test_every_word_that_was_typed_in_word_comes_back_in_order(lines: list[str]) -> None:
    assert read_document(word(*lines)).text.split() == " ".join(lines).split()


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_whatever_is_dropped_is_read_or_refused_with_a_reason(data: bytes) -> None:
    try:
        read_document(data)
    except Unreadable as refused:
        assert refused.reason in REASONS


# Which files are kept


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("foto.HEIC", Kind.PICTURE), ("a.b.pdf", Kind.PDF), ("notulen.docx", Kind.WORD), ("lijst.csv", Kind.SHEET),
        ("dia's.pptx", Kind.SLIDES), ("kort.md", Kind.TEXT), ("oud.doc", Kind.DOCUMENT), ("dag.ics", Kind.CALENDAR),
        ("verslag.pdf.exe", None), ("pagina.html", None), ("tekening.svg", None), ("alles.zip", None),
        ("macro.docm", None), ("opname.m4a", None), ("geen", None),
    ],
)  # fmt: skip
def test_the_last_ending_says_what_a_file_is(name: str, kind: Kind | None) -> None:
    assert kind_of(name) is kind


def test_a_file_without_an_ending_is_what_slack_calls_it() -> None:
    assert kind_of("notitie", "text") is Kind.TEXT
    assert kind_of("notitie", "markdown") is Kind.TEXT
    assert kind_of("notitie", "binary") is None


def test_a_file_that_is_too_large_empty_unknown_or_one_too_many_is_refused_with_the_limit() -> None:
    def why(kind: Kind | None = Kind.PDF, size: int = 1, kept: int = 0) -> str:
        problem = keep_or_refuse(kind, size, kept)
        return problem.key if problem else ""

    assert why() == why(size=MOST_BYTES) == why(kept=MOST_IN_GROUP - 1) == ""
    assert why(kind=None) == "attachments.refused.kind"
    assert why(size=0) == "attachments.refused.empty"
    assert why(size=MOST_BYTES + 1) == "attachments.refused.size"
    assert why(kept=MOST_IN_GROUP) == "attachments.refused.many"
    assert most_to_read(Kind.TEXT) == MEGABYTE and most_to_read(Kind.WORD) == 5 * MEGABYTE


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("foto.jpg", "foto.jpg"),
        ("verslag\u202excod.exe", "verslagxcod.exe"),
        ("../../etc/passwd", ".._.._etc_passwd"),
        ("twee\nregels\t.txt", "twee regels .txt"),
        ("nul\x00\u200b\ufeffbreedte.png", "nulbreedte.png"),
        ("e\u0301e\u0301n.pdf", "één.pdf"),
        ("<!channel>.pdf", "<!channel>.pdf"),
        ("", "-"),
        ("\u202e\u2066", "-"),
    ],
)
def test_names_are_shown_on_one_line_without_what_turns_or_hides_text(raw: str, shown: str) -> None:
    assert clean_name(raw) == shown


def test_a_long_name_is_cut_before_its_ending() -> None:
    cut = clean_name("a" * 200 + ".docx")
    assert len(cut) == 80 and cut.endswith("a….docx")
    assert len(clean_name("b" * 200)) == 80
    assert len(clean_name("c." + "d" * 200)) == 80


@settings(deadline=None)
@given(st.text(max_size=300))
def test_a_cleaned_name_is_short_stays_the_same_when_cleaned_again_and_holds_nothing_invisible(raw: str) -> None:
    name = clean_name(raw)
    assert 1 <= len(name) <= 80
    assert clean_name(name) == name
    assert name.isprintable()


def test_an_article_names_what_was_there_when_it_was_published_and_not_what_is_left_out() -> None:
    file = Attachment(
        "at1", "T1", "F1", State.KEPT, "C1", "1.1", "noor", NOW, "ws1", "gr1", "foto.jpg", Kind.PICTURE, 9
    )
    assert is_listed(file, None) and is_listed(file, NOW)
    assert not is_listed(file, NOW - timedelta(seconds=1))
    assert not is_listed(replace(file, left_out=True), None)
    gone = file.without_words(State.GONE)
    assert not is_listed(gone, None)
    assert (gone.name, gone.kind, gone.size, gone.permalink) == ("", None, 0, "")
