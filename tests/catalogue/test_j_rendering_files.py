"""J: what people typed, as a cell that a spreadsheet opens and as the name of a file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from docx import Document as open_word
from markdown_it import MarkdownIt

from bot.attachments import clean_name
from bot.document import Document, Labels, Section, Table, line, plain
from bot.privacy.cells import from_cell
from bot.steering import STEERING
from handlers.documents import write
from handlers.personal.exporting import as_csv
from handlers.views.harvest_document import slug

Cases = Callable[[int], None]

CELLS = (
    "=1+1", '=HYPERLINK("http://kwaad.example","klik")', "=cmd|' /C calc'!A0", "+31 6", "+1+1", "-2+3", "-",
    "@SUM(A1)", "@", "\t=1", "\r=1", "\n=1", "\r\n=1", " =1", "   =1", "\u00a0=1", "＝1+1", "＋1", "－1",
    "＠x", "'=1", "'", "''tis",
    '"=1"', '","=1', '";"=1', 'een "tekst", met komma', "een\n=regel", "=1\u202e", "\u200b=1",
)  # fmt: skip
"""Thirty cells that one spreadsheet or another would carry out, split or swallow."""
COLUMNS = ("takeaway", "quote", "name")
DANGER = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


def test_j3_no_cell_of_what_a_person_takes_home_is_carried_out_and_all_comes_back(cases: Cases) -> None:
    rows = [dict.fromkeys(COLUMNS, text) for text in CELLS]
    made = as_csv({"impression": rows}).decode("utf-8-sig")
    tried = 0
    cells = list(csv.reader(io.StringIO(made, newline="")))[1:]
    assert len(cells) == len(CELLS) * len(COLUMNS)
    for number, row in enumerate(rows, start=1):
        for column in COLUMNS:
            (found,) = [value for table, n, name, value in cells if (n, name) == (str(number), column)]
            assert not STEERING.sub("", found).lstrip(" \u00a0").startswith(DANGER), repr(found)
            assert from_cell(found) == row[column]
            tried += 1
    assert all(re.fullmatch(r'"(?:[^"]|"")*"', cell) for cell in re.findall(r'"(?:[^"]|"")*"', made))
    assert re.sub(r'"(?:[^"]|"")*"', "", made).replace(",", "").strip() == "", "every cell is quoted"
    cases(tried)


def test_j3_a_table_that_is_pasted_from_a_document_computes_nothing() -> None:
    table = Table("T", ("=KOP()", "K", "K"), tuple((line(text), line("x"), line(text, 1)) for text in CELLS))
    made = Document("nl", "T", Labels("a", "b", "c", "d"), date(2021, 6, 21), sections=(Section("S", (table,)),))
    shown = [cell.text for row in open_word(io.BytesIO(write(made, "docx"))).tables[0].rows for cell in row.cells]
    assert len(shown) == 3 * (len(CELLS) + 1)
    tokens = MarkdownIt("commonmark").enable("table").parse(write(made, "md").decode())
    shown += [token.content for token in tokens if token.type == "inline" and token.level > 2]
    assert len(shown) > 4 * len(CELLS)
    for cell in shown:
        assert not cell.strip().startswith(DANGER), repr(cell)


NAMES = (
    "../../etc/passwd", "..", ".", "C:\\Windows\\win.ini", "\\\\server\\deel", "CON", "nul.txt", "COM1", "a\x00b",
    "a" * 300, "…... . ", "\u202egnp.exe", "naam\r\nContent-Type: x", "<script>|?*:\"", "~/.ssh/id_rsa",
)  # fmt: skip
"""Fifteen titles that would be trouble as the name of a file."""
RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")


@pytest.mark.parametrize("kind", ["docx", "ics"])
def test_j5_a_file_has_a_safe_name_whatever_a_title_says(kind: str, cases: Cases) -> None:
    for title in NAMES:
        name = f"{slug(title, date(2021, 6, 17))}.{kind}"
        assert re.fullmatch(r"[a-z0-9][a-z0-9-]*\.[a-z]+", name), name
        assert len(name) <= 100 and not RESERVED.fullmatch(name)
        assert PurePosixPath(name).name == name == PureWindowsPath(name).name
    cases(len(NAMES))


def test_j5_the_name_of_an_attachment_is_shown_on_one_line_without_what_turns_it(cases: Cases) -> None:
    for typed in NAMES:
        name = clean_name(typed)
        assert not STEERING.search(name) and len(name.splitlines()) == 1, repr(name)
        assert 0 < len(name) <= 300
        assert "/" not in name and "\\" not in name, "a place on somebody's computer tells who they are"
    cases(len(NAMES))


def test_j5_the_title_of_a_document_is_one_line_in_which_nothing_steers(cases: Cases) -> None:
    for title in NAMES:
        made = Document("nl", title, Labels("a", "b", "c", "d"), date(2021, 6, 21))
        word = open_word(io.BytesIO(write(made, "docx"))).core_properties.title
        assert word == (plain(title) or "-")[:255] and not STEERING.search(word)
    cases(len(NAMES))
