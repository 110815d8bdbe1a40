"""Earlier articles are recognised without changing a letter of what was written."""

import os
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.encoding import NotReadable, decode, repaired, shown
from bot.material import Material, PassageKind, recognise

ARTICLE = """\
12 maart 2020

Terugblik werksessie 5 maart

Op donderdag 5 maart kwamen de regio's bij elkaar. We spraken over deze thema's:

  1. Wachtlijsten
  2. Vervoer naar school
  3. Buurtsport (samen met de club)

Elk groepje koos zelf.

#1

De wachtlijsten groeien. Er is me?t ouders gepraat.

‘Niemand belt terug.’

#2

Het vervoer naar school is laat; de bus komt niet.

De volgende werksessie is op 4 juni.

Downloads

De volgende bestanden zijn bijgevoegd aan dit artikel:
"""


def holds(material: Material) -> None:
    """Every passage is a cut-out, on the lines it says."""
    lines = material.text.split("\n")
    for passage in material.passages:
        assert material.text[passage.start : passage.end] == passage.text
        assert passage.text in "\n".join(lines[passage.first_line - 1 : passage.last_line])
        assert passage.text.strip()


def test_an_article_gives_its_title_days_themes_and_groups() -> None:
    found = recognise(ARTICLE)
    holds(found)
    assert found.title == "Terugblik werksessie 5 maart"
    assert (found.day, found.session_day, found.next_day) == (date(2020, 3, 12), date(2020, 3, 5), date(2020, 6, 4))
    assert found.themes == ("Wachtlijsten", "Vervoer naar school", "Buurtsport (samen met de club)")
    assert [(g.group, g.themes) for g in found.groups] == [(1, ("Wachtlijsten",)), (2, ("Vervoer naar school",))]
    assert [(g.first_line, g.last_line) for g in found.groups] == [(15, 17), (21, 21)]
    assert found.files_named


def test_the_end_of_the_article_is_no_part_of_the_last_group() -> None:
    last = recognise(ARTICLE).groups[-1]
    assert "volgende" not in last.text and "Downloads" not in last.text


def test_what_was_written_stays_and_only_the_screen_repairs_a_lost_accent() -> None:
    found = recognise(ARTICLE)
    assert found.original == ARTICLE and "me?t ouders" in found.groups[0].text
    assert "mét ouders" in shown(found.groups[0].text)
    assert shown("Ee?n plan, e?e?n gezin. 2007 - ? Kan dat? Nee.") == "Eén plan, één gezin. 2007 - ? Kan dat? Nee."
    assert shown("https://voorbeeld.nl/a?b=c") == "https://voorbeeld.nl/a?b=c"


def test_markdown_is_read_too() -> None:
    found = recognise(
        "# Oogst van mei\n\nDatum: 2021-05-04\n\n## Groep 1\n\nEen **goed** gesprek.\n\n## Groep 2\n\nOok.\n"
    )
    assert (found.title, found.day) == ("Oogst van mei", date(2021, 5, 4))
    assert [(g.group, g.text) for g in found.groups] == [(1, "Een **goed** gesprek."), (2, "Ook.")]


def test_ticks_are_bullets_and_a_list_without_themes_gives_none() -> None:
    found = recognise("Plan\n\nFase 1\n\n- ☑ Klaar met praten\n- ☑\n- nog te doen,\n")
    assert found.themes == ()
    assert [(p.kind, p.heading, p.text) for p in found.passages] == [
        (PassageKind.BULLET, "Fase 1", "Klaar met praten"),
        (PassageKind.BULLET, "Fase 1", "nog te doen,"),
    ]


def test_a_day_that_does_not_exist_is_a_line_like_any_other() -> None:
    assert recognise("31 februari 2021\n\nTitel\n\nTekst van de dag.").day is None


@pytest.mark.parametrize(
    "data",
    [
        "Café één – ‘zó’".encode(),
        "Café één – ‘zó’".encode("cp1252"),
        "Café één – ‘zó’".encode("utf-16"),
        b"\xef\xbb\xbf" + "Café één – ‘zó’".encode(),
        "Café één – ‘zó’".encode().decode("cp1252").encode(),  # read wrongly once, and saved so
        unicodedata.normalize("NFD", "Café één – ‘zó’").encode(),
        "Café één – ‘zó’\r\n".encode(),
    ],
    ids=["utf-8", "windows", "utf-16", "mark", "mojibake", "apart", "crlf"],
)
def test_accents_survive_every_way_a_file_was_saved(data: bytes) -> None:
    assert recognise(decode(data)).text.strip() == "Café één – ‘zó’"


@pytest.mark.parametrize("data", [b"\x89PNG\x00\x01", b"", b" \n\t\n", b"1. 2. 3.\n"])
def test_a_file_without_text_is_refused(data: bytes) -> None:
    with pytest.raises(NotReadable):
        recognise(decode(data))


LINES = [
    "#1",
    "#2",
    "Thema's:",
    "1. Een",
    "2. Twee",
    "- punt",
    "• ",
    "Kop",
    "Een zin.",
    "klein",
    "",
    " ",
    "‘Citaat.’",
    "☑ x",
]


@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=25))
def test_any_order_of_lines_gives_cut_outs_with_right_lines(lines: list[str]) -> None:
    try:
        found = recognise("\n".join(lines))
    except NotReadable:
        return
    holds(found)
    assert found.text == repaired("\n".join(lines))


# The documents that the first users bring; they may be read here, and nothing of them is copied.

DOCUMENTS = Path(__file__).parents[3] / "shared" / "source-documents"


def test_all_five_first_documents_are_taken(documents: list[Path]) -> None:
    found = [recognise(decode(path.read_bytes())) for path in documents]
    assert len(found) == 5
    for material, path in zip(found, documents, strict=True):
        holds(material)
        assert material.original == decode(path.read_bytes())
        assert material.title and len(material.passages) >= 10


def test_the_first_article_gives_four_groups_with_the_themes_they_spoke_of(documents: list[Path]) -> None:
    article = recognise(decode(next(path for path in documents if path.name.startswith("001")).read_bytes()))
    where = {(g.group, article.themes.index(name) + 1) for g in article.groups for name in g.themes}
    assert where == {(1, 3), (2, 2), (3, 4), (3, 6), (4, 5), (4, 3), (4, 6)}  # and nobody on theme 1
    assert (article.day, article.next_day) == (date(2021, 6, 22), date(2021, 9, 16))


@pytest.fixture
def documents() -> list[Path]:
    if not DOCUMENTS.is_dir():
        assert not os.environ.get("CI"), f"{DOCUMENTS} must be there in CI"
        pytest.skip("the first documents are not on this machine")
    return sorted(DOCUMENTS.glob("*.txt"))
