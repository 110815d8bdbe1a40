"""One document in four forms: the same words, the same links, and nothing that somebody typed does anything."""

from __future__ import annotations

import io
import re
import tomllib
import zipfile
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from docx import Document as open_word
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.shared import Cm
from markdown_it import MarkdownIt
from playwright.sync_api import sync_playwright
from pypdf import PdfReader

from bot.document import (
    Bullets,
    Document,
    Labels,
    Paragraph,
    Quote,
    Run,
    Section,
    Source,
    Table,
    line,
    links,
    texts,
    tidied,
)
from handlers.documents import COMMAND, FORMATS, BadTemplate, installed, write
from handlers.documents.word import SHIPPED, widths
from tests.conftest import ROOT

AXE = Path(__file__).parents[1] / "playground" / "vendor" / "axe.min.js"
CHROMIUM = Path("/usr/bin/chromium")
NASTY = "=1+1|cmd <script>alert(1)</script> \x00\x07\u202egna\u200b [k](javascript:alert(1)) **x** #set $y$ `z` \\ & @"
HEBREW = "שלום לכל המורים"
ADDRESS = "https://voorbeeld.slack.com/archives/C1/p1624?thread=1&x=(2)"


def every_part(typed: str = "") -> Document:
    """A document with everything that there can be in one, and `typed` in every field."""
    table = Table(
        f"Groepen per thema {typed}",
        (f"Thema {typed}", "=SOM(A1)"),
        ((line(f"OZA {typed}", 1), line("-2+3", 2)), (line(typed or "NPO"), line("2"))),
    )
    inner = Section(f"Vragen {typed}", (Bullets((line(f"Wie betaalt? {typed}", 1), line("1. Eerst dit"))), table))
    first = Paragraph((Run(f"Ouders praten mee. {typed}", 1), Run(" "), Run("Vanaf het begin.", 2, strong=True)))
    return Document(
        language="nl",
        title=f"Werksessie {typed}",
        labels=Labels("Naar de tekst", "Bron", "bron", "Bronnen"),
        on=date(2021, 6, 17),
        meta=(f"donderdag 17 juni 2021 {typed}",),
        notice=f"Concept. {typed}",
        sections=(
            Section(f"Groep 1 {typed}", (first, Quote(line(f"“Met ouders” {typed}", 1))), (inner,)),
            Section("Bestanden", (Paragraph((Run(f"kaart.pdf {typed}", link=ADDRESS), Run(" · 2 MB"))),)),
        ),
        closing=(Paragraph(line(f"2 impressies van 2 groepen {typed}"), soft=True),),
        sources=(
            Source(1, (Run(f"Groep 1 · Sanne {typed} · "), Run("lees het", link=ADDRESS))),
            Source(2, line("Groep 2")),
        ),
        last=f"zonder AI gemaakt {typed}",
    )


class Page(HTMLParser):
    """The words of a page in order, its tags, its addresses, and where its marks lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words, self.outside, self.tags = "", [], []
        self.marks: list[str] = []
        self.anchors: set[str] = set()
        self._list: list[int] | None = None
        self._silent = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self._silent = tag in ("style", "title") or given.get("class") == "skip"
        if tag == "li" and "value" in given:
            self.words += f"[{given['value']}] "
        if "href" in given:
            (self.marks if given["href"].startswith("#") else self.outside).append(given["href"])
        if "id" in given:
            self.anchors.add(f"#{given['id']}")

    def handle_endtag(self, tag: str) -> None:
        self._silent = False

    def handle_data(self, data: str) -> None:
        self.words += "" if self._silent else data + " "


def read_html(data: bytes) -> tuple[str, list[str]]:
    page = Page(data.decode())
    return page.words, page.outside


def read_markdown(data: bytes) -> tuple[str, list[str]]:
    made = MarkdownIt("commonmark").enable("table").render(data.decode())
    body, _, sources = made.rpartition("<ol>")
    first, *others = sources.split("<li>")
    numbered = "".join(f"<li>[{number}] {each}" for number, each in enumerate(others, start=1))
    page = Page(f"{body}{first}{numbered}")
    return page.words, page.outside


def read_word(data: bytes) -> tuple[str, list[str]]:
    made = open_word(io.BytesIO(data))
    addresses = {
        id_: rel.target_ref for id_, rel in made.part.rels.items() if rel.reltype == RELATIONSHIP_TYPE.HYPERLINK
    }
    used = [
        addresses[link.get("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id")]
        for link in made.element.body.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}hyperlink")
        if link.get("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id")
    ]
    said = [
        t.text or "" for t in made.element.body.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t")
    ]
    return " ".join(said), used


def read_pdf(data: bytes) -> tuple[str, list[str]]:
    reader = PdfReader(io.BytesIO(data))
    said = " ".join(re.sub(r"\n\d+ / \d+\s*$", "", page.extract_text()) for page in reader.pages)
    said = "\n".join(re.sub(r"^\s*•", "", row) for row in said.splitlines())
    uris = [
        str(annotation["/A"]["/URI"])
        for page in reader.pages
        for annotation in (note.get_object() for note in page.get("/Annots", ()))
        if "/URI" in annotation.get("/A", {})
    ]
    return said, uris


READ = {"html": read_html, "md": read_markdown, "docx": read_word, "pdf": read_pdf}


def letters(text: str) -> str:
    """Only what is told: white space differs from form to form."""
    return "".join(text.split())


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("typed", ["", NASTY])
def test_every_form_says_the_same_words_in_the_same_order_and_leads_to_the_same_places(kind: str, typed: str) -> None:
    wanted = tidied(every_part(typed))
    said, found = READ[kind](write(every_part(typed), kind))
    expected = letters("".join([wanted.notice, *(t for t in texts(wanted) if t != wanted.notice)]))
    got = letters(said)
    if kind == "md":  # the notice stands under the title there
        expected = letters("".join(texts(wanted)))
        expected = expected.replace(letters(wanted.meta[0] + wanted.notice), letters(wanted.notice + wanted.meta[0]), 1)
    assert got == expected
    assert list(dict.fromkeys(found)) == list(dict.fromkeys(links(wanted))) == [ADDRESS]
    assert found.count(ADDRESS) >= 2


@pytest.mark.parametrize("kind", FORMATS)
def test_every_form_tells_right_to_left_and_what_no_font_knows(kind: str) -> None:
    found, _ = READ[kind](write(every_part(f"{HEBREW} 🌱 中"), kind))
    if kind == "pdf":
        assert "Werksessie" in found, "what no font shows is named, and the file is there"
    else:
        assert HEBREW in found and "🌱" in found and "中" in found


@pytest.mark.parametrize("kind", FORMATS)
def test_the_same_document_is_the_same_bytes(kind: str) -> None:
    assert write(every_part(NASTY), kind) == write(every_part(NASTY), kind)


@pytest.mark.parametrize("kind", FORMATS)
def test_nothing_typed_becomes_a_script_a_formula_or_a_command(kind: str) -> None:
    data = write(every_part(NASTY), kind)
    said, found = READ[kind](data)
    assert "'=SOM(A1)" in said and "'-2+3" in said, "a cell that would be computed begins with an apostrophe"
    assert "\u202e" not in said and "\x00" not in said and "\u200b" not in said
    assert not any(each.startswith("javascript") for each in found)
    if kind == "html":
        page = Page(data.decode())
        assert "script" not in page.tags and set(page.marks) <= {*page.anchors, "#tekst"}
    if kind == "md":
        made = Page(MarkdownIt("commonmark").enable("table").render(data.decode()))
        assert not {"script", "code", "em", "img"} & set(made.tags) and set(made.marks) <= made.anchors
    if kind == "docx":
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            assert not [name for name in parts.namelist() if "vba" in name.casefold()]
    if kind == "pdf":
        assert b"/JavaScript" not in data and b"/JS" not in data and b"/Launch" not in data


def test_a_pdf_is_tagged_and_has_language_title_and_bookmarks() -> None:
    reader = PdfReader(io.BytesIO(write(every_part(), "pdf")))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True and root["/Lang"] == "nl"  # noqa: E712 - a PDF boolean, not ours
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712 - a PDF boolean, not ours
    assert reader.metadata is not None and reader.metadata.title == "Werksessie"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert [str(each["/Title"]) for each in _flat(reader.outline)] == ["Groep 1", "Vragen", "Bestanden", "Bronnen"]
    tags = list(_tags(root["/StructTreeRoot"]))
    assert {"/Title", "/H1", "/H2", "/P", "/L", "/LI", "/Table", "/TH", "/TD", "/Link", "/BlockQuote"} <= set(tags), (
        tags
    )


def _flat(outline: Any) -> Iterator[Any]:
    for each in outline:
        yield from _flat(each) if isinstance(each, list) else [each]


def _tags(node: Any) -> Iterator[str]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for each in node:
            yield from _tags(each)
    elif isinstance(node, dict):
        if "/S" in node:
            yield str(node["/S"])
        if "/K" in node:
            yield from _tags(node["/K"])


def test_a_word_file_has_real_headings_language_title_header_and_working_marks() -> None:
    made = open_word(io.BytesIO(write(every_part(), "docx")))
    levels = [p.style.name for p in made.paragraphs if p.style is not None and p.style.name.startswith("Heading")]
    assert levels == ["Heading 1", "Heading 2", "Heading 1", "Heading 1"]
    assert made.core_properties.title == "Werksessie" and made.core_properties.language == "nl-NL"
    assert made.sections[0].header.paragraphs[0].text == "Werksessie"
    xml = made.element.body.xml
    anchors, bookmarks = (
        set(re.findall(r'w:anchor="([^"]+)"', xml)),
        set(re.findall(r'w:bookmarkStart[^>]+w:name="([^"]+)"', xml)),
    )
    assert anchors == bookmarks == {"bron_1", "bron_2"}
    assert 'w:val="nl-NL"' in made.styles.element.xml
    assert "w:tblHeader" in xml and 'w:tblDescription w:val="Groepen per thema"' in xml
    assert "{oogst}" not in xml


def test_a_word_table_cuts_no_word_and_gives_most_room_to_who_has_most_to_say() -> None:
    row = (
        line("Thuiszitters en wie dreigt thuis te zitten, per schooljaar geteld"),
        line("10"),
        line("–"),
        line("2021"),
    )
    table = Table("Beoogd en bereikt", ("Indicator", "Beoogd", "Bereikt", "Jaar"), (row,))
    wide = widths(table, Cm(16))
    assert sum(wide) <= Cm(16) and wide[0] > sum(wide[1:])
    assert all(width >= len(head) * Cm(0.2) for width, head in zip(wide, table.header, strict=True))
    assert sum(widths(Table("", ("a" * 200, "b"), ()), Cm(16))) <= Cm(16) and widths(Table("", ("", ""), ()), Cm(16))


def test_an_organisation_brings_its_own_word_template() -> None:
    own = open_word(io.BytesIO(SHIPPED.read_bytes()))
    own.paragraphs[0].insert_paragraph_before("Stichting Voorbeeld")
    own.sections[0].footer.paragraphs[0].add_run("Stichting Voorbeeld, 010-0000000")
    out = io.BytesIO()
    own.save(out)
    made = open_word(io.BytesIO(write(every_part(), "docx", out.getvalue())))
    assert made.paragraphs[0].text == "Stichting Voorbeeld" and made.paragraphs[1].text.startswith("Concept")
    assert "Stichting Voorbeeld" in made.sections[0].footer.paragraphs[0].text
    bare = io.BytesIO()
    open_word().save(bare)
    assert "Werksessie" in read_word(write(every_part(), "docx", bare.getvalue()))[0], "without a place: the whole text"
    with pytest.raises(BadTemplate):
        write(every_part(), "docx", b"geen Word")


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium on this machine")
def test_axe_finds_nothing_in_the_page() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        for scheme in ("light", "dark"):
            page = browser.new_context(color_scheme=scheme, bypass_csp=True).new_page()
            page.set_content(write(every_part(NASTY), "html").decode())
            page.add_script_tag(path=AXE)
            found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            assert [each["id"] for each in found["violations"]] == []
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.className") == "skip"
        browser.close()


def test_a_form_whose_extra_is_missing_says_so_and_the_others_work() -> None:
    assert all(installed(kind) for kind in FORMATS)
    assert not installed("pdf", {"pdf": "a_package_that_is_not_there"})
    assert installed("docx", {"pdf": "a_package_that_is_not_there"})
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert COMMAND.split()[-1] in extras, "the command installs an extra that there is"
