"""Whatever people typed on the trail, the final report and its lists only ever say it."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt
from sqlalchemy import text as sql
from sqlmodel import Session

from bot.trail import SHEETS, Entry, Kind, State, Type, Value
from bot.trail.importing import lists
from handlers.documents import FORMATS, write
from handlers.terminal.examples import _made as newsletter
from handlers.trail.reporting import composed, written
from handlers.views.trail_lists import names_of
from handlers.views.trail_report import file_name
from handlers.words import catalogues
from storage import trail
from tests.catalogue.test_j_rendering import HOSTILE
from tests.handlers.house import TEAM, House, wall
from tests.handlers.report_year import ReportYear
from tests.handlers.test_documents import READ, Page
from tests.handlers.trailing import lived_in

SIGNS = "\u202egna\u200b\u2066 \u0007"
CELLS = (
    '=HYPERLINK("http://kwaad.example";"klik")', "+1+1", "-2+3", "@SUM(A1)", "'=1+1", "''+1", "'s Gravenhage", "a;b",
    'zeg "ja"', "een, twee", "'", "#REF!", "1/2", "sep=;", "=cmd|' /C calc'!A0",
)  # fmt: skip


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    yield from lived_in(tmp_path, wall(2020, 12, 1, 9))


def harmless(kind: str, data: bytes) -> None:
    """Nothing in this form does anything, leads out of it or steers how it is read."""
    said, outside = READ[kind](data)
    assert not [sign for sign in "\u202e\u200b\u2066\x07" if sign in said], kind
    assert not [each for each in outside if "kwaad" in each or each.casefold().startswith(("javascript", "data"))], kind
    if kind in ("html", "md"):
        made = data.decode() if kind == "html" else MarkdownIt("commonmark").enable("table").render(data.decode())
        page = Page(made)
        assert not {"script", "img", "iframe", "object"} & set(page.tags), kind
        assert set(page.marks) <= {*page.anchors, "#tekst"}, kind
        assert "kwaad" not in " ".join(re.findall(r'(?:href|src)="([^"]*)"', made)), kind
    elif kind == "docx":
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            for name in parts.namelist():
                if name.endswith((".xml", ".rels")):
                    ElementTree.fromstring(parts.read(name))
            assert "instrText" not in parts.read("word/document.xml").decode()
    else:
        assert (
            b"/JavaScript" not in data
            and b"/Launch" not in data
            and b"kwaad" not in b"".join(re.findall(rb"/URI\s*\([^)]*\)", data))
        )


def typed(house: House, year: ReportYear, text: str) -> None:
    """Let this stand in every field of every entry, and in the names of the regions."""
    for kind, sheet in SHEETS.items():
        if not sheet.parents and house.read(partial(trail.one, team=TEAM, entry_id=f"te_z{kind}")) is None:
            values = {each.name: Value(text) for each in sheet.fields if each.type in (Type.LINE, Type.TEXT)}
            made = Entry(f"te_z{kind}", TEAM, year.own, kind, values, State.SHARED, None, confirmed=True)
            house.write(partial(_make, entry=made, house=house))

    def put(db: Session) -> None:
        db.connection().execute(
            sql(
                "UPDATE trail_value SET text = :text WHERE name NOT IN "
                "('begins', 'ends', 'on', 'due', 'year', 'standing', 'sort', 'aspect', 'effect') "
            ),
            {"text": text},
        )
        db.connection().execute(sql("UPDATE region SET name = :text || id"), {"text": text})

    house.write(put)


def _make(db: Session, entry: Entry, house: House) -> None:
    trail.make(db, entry, "noor", house.clock.at)


def every_form(house: House, year: ReportYear, text: str, forms: Sequence[str] = FORMATS) -> None:
    """The report of the region and of the programme, and the examples for a newsletter, in these forms."""
    typed(house, year, text)
    words = house.world.words["nl"]
    for region in (year.own, None) if forms == FORMATS else (year.own,):
        found = house.read(partial(composed, team=TEAM, region=region))
        document = written(found, date(2021, 12, 1), words)
        for kind in forms:
            harmless(kind, write(document, kind))
            for page in (False, True):
                assert re.fullmatch(r"[\w.-]{1,120}", file_name(found, kind, date(2021, 12, 1), words, page=page))
    made = house.read(lambda db: newsletter(db, {"nl": words, "en": house.world.words["en"]}))
    assert made, "there is an example to share"
    for name, document in made:
        assert re.fullmatch(r"[\w.-]{1,120}", name)
        for kind in forms:
            harmless(kind, write(document, kind))


def test_what_was_typed_on_the_trail_does_nothing_in_the_report_as_a_page_or_as_markdown(house: House) -> None:
    year = ReportYear(house)
    year.page()
    every_form(house, year, SIGNS + " ".join(HOSTILE[::6]) + CELLS[0], ("md", "html"))


@pytest.mark.matrix
def test_what_was_typed_on_the_trail_does_nothing_in_word_or_pdf_or_at_the_beginning_of_a_line(house: House) -> None:
    year = ReportYear(house)
    year.page()
    for text in (SIGNS + " ".join(HOSTILE) + " ".join(CELLS), *HOSTILE[-6:], *CELLS[:5]):
        every_form(house, year, text)


def test_a_list_with_cells_that_compute_or_break_off_comes_back_as_it_was() -> None:
    words = catalogues("Europe/Amsterdam")
    name = names_of(words, words["nl"])
    entries = [
        Entry(f"te_{number}", "T1", "rg_1", Kind.PHASE, {"title": Value(text)}, State.KEPT, None)
        for number, text in enumerate((*CELLS, *HOSTILE, "' =1", "' '-1", "'\u200b=1"))
    ]
    out = lists.write(entries, Kind.PHASE, {"rg_1": "=Kust"}, {}, name)
    for row in csv.reader(io.StringIO(out), delimiter=";"):
        assert not any(cell.lstrip("\u200b ").startswith(("=", "+", "-", "@")) for cell in row), row
    table = lists.read(out, name)
    assert table.wrong == []
    assert [each.values["title"].text for each in table.rows] == [each.title for each in entries]
