"""`oogst import`: earlier articles become themes and impressions, with date, document and line numbers."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from bot.programme import Programme
from storage import programme, schema
from storage.database import Database
from tests.conftest import ROOT
from tests.handlers.terminal_practice import Terminal

CARD = ROOT / "tests" / "bot" / "trail_documents" / "card.txt"
DOCUMENTS = ROOT.parent / "shared" / "source-documents"

ARTICLE = """# Terugblik werksessie 4 maart

8 maart 2022

We kozen uit deze thema's:

1. Samen leren
2. Buurtkracht (BK)

#1

Samen leren lukt als ouders vanaf het begin meedoen.

#2

Bij buurtkracht vraagt iedereen zich af wie de sleutel van het gebouw heeft.

De volgende werksessie is op donderdag 2 juni.
"""


@pytest.fixture
def computer(tmp_path: Path) -> Terminal:
    """A computer on which Oogst knows a workspace, and where there is no Slack to be reached."""
    location = str(tmp_path / "oogst.db")
    schema.upgrade(location)
    database = Database(location)
    database.write_now(lambda db: programme.save_programme(db, Programme("T1", "nl", "Europe/Amsterdam", "regio", "U")))
    database.close()
    return Terminal(tmp_path, SLACK_API_URL="http://127.0.0.1:9/")


def rows(terminal: Terminal, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(terminal.folder / "oogst.db") as connection:
        return list(connection.execute(query))


def bring_in(terminal: Terminal, name: str, text: str | bytes) -> tuple[int, str]:
    (terminal.folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    done = terminal.run("import", name)
    return done.returncode, done.stdout + done.stderr


def test_an_article_becomes_themes_and_impressions_with_their_lines(computer: Terminal) -> None:
    code, said = bring_in(computer, "terugblik.md", ARTICLE)
    assert code == 0, said
    assert '"Terugblik werksessie 4 maart", vrijdag 4 maart 2022' in said
    assert "2 thema's, 2 groepen" in said
    assert "donderdag 2 juni 2022" in said
    assert rows(computer, "SELECT name, status FROM theme ORDER BY name") == [
        ("Buurtkracht (BK)", "active"),
        ("Samen leren", "active"),
    ]
    groups = rows(
        computer,
        "SELECT material_group, first_line, last_line, takeaway, theme.name FROM impression"
        " JOIN impression_theme ON impression_id = impression.id JOIN theme ON theme.id = theme_id"
        " WHERE material_group IS NOT NULL ORDER BY 1",
    )
    lines = ARTICLE.splitlines()
    assert [(group, first, theme) for group, first, _, _, theme in groups] == [
        ("1", 12, "Samen leren"),
        ("2", 16, "Buurtkracht (BK)"),
    ]
    assert all(text == lines[int(str(first)) - 1] for _, first, _, text, _ in groups), "their own words, at their line"
    assert rows(computer, 'SELECT title, "on", file_name FROM material') == [
        ("Terugblik werksessie 4 maart", "2022-03-04", "terugblik.md")
    ]


def test_what_was_brought_in_is_no_news_and_in_no_session(computer: Terminal) -> None:
    bring_in(computer, "terugblik.md", ARTICLE)
    assert rows(
        computer, "SELECT count(*) FROM impression WHERE work_session_id IS NOT NULL OR group_id IS NOT NULL"
    ) == [(0,)]
    assert rows(computer, "SELECT count(*) FROM outbox") == [(0,)]


def test_the_same_file_under_another_name_changes_nothing(computer: Terminal) -> None:
    bring_in(computer, "terugblik.md", ARTICLE)
    before = rows(computer, "SELECT * FROM impression"), rows(computer, "SELECT * FROM theme")
    code, said = bring_in(computer, "kopie.md", ARTICLE)
    assert code == 0
    assert "was al ingelezen" in said
    assert (rows(computer, "SELECT * FROM impression"), rows(computer, "SELECT * FROM theme")) == before


def test_a_later_article_on_the_same_theme_adds_to_it(computer: Terminal) -> None:
    bring_in(computer, "terugblik.md", ARTICLE)
    bring_in(computer, "later.md", ARTICLE.replace("4 maart", "3 mei").replace("8 maart", "9 mei"))
    assert rows(computer, "SELECT count(*) FROM theme") == [(2,)]
    assert rows(computer, "SELECT count(*) FROM material") == [(2,)]


def test_an_encoding_that_went_wrong_is_undone(computer: Terminal) -> None:
    wrong = ARTICLE.replace("meedoen", "geïnformeerd zijn").encode("utf-8").decode("cp1252", errors="replace")
    code, said = bring_in(computer, "terugblik.md", wrong)
    assert code == 0, said
    assert rows(computer, "SELECT count(*) FROM impression WHERE takeaway LIKE '%geïnformeerd%'") == [(1,)]


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("leeg.txt", b"", "geen gewone tekst"),
        ("kapot.docx", b"PK\x03\x04stuk", "geen gewone tekst"),
        ("verslag.pdf", b"%PDF-1.7\n1 0 obj", "geen gewone tekst"),
        ("brief.rtf", b"{\\rtf1 Beste mensen}", "geen gewone tekst"),
        ("pagina.html", b"<!doctype html>\n<html><p>Beste mensen</p></html>", "geen gewone tekst"),
        ("wit.txt", b"\n \n", "geen gewone tekst"),
        ("verslag.docx", b"PK\x03\x04\x00\x00\x00", "Bewaar het als .txt of .md"),
        ("groot.txt", b"a " * 2_600_000, "te groot"),
    ],
)
def test_a_file_without_text_is_refused_in_plain_words(computer: Terminal, name: str, data: bytes, says: str) -> None:
    code, said = bring_in(computer, name, data)
    assert code == 65
    assert says in said
    assert "Traceback" not in said
    assert rows(computer, "SELECT count(*) FROM material") == [(0,)]


def test_a_bad_file_does_not_hold_up_a_good_one(computer: Terminal) -> None:
    (computer.folder / "goed.md").write_text(ARTICLE)
    done = computer.run("import", "bestaat-niet.txt", "goed.md")
    assert done.returncode == 65
    assert "bestaat-niet.txt is niet te lezen: dat bestaat niet." in done.stderr
    assert "✓ goed.md" in done.stdout


def test_without_a_workspace_it_says_what_comes_first(tmp_path: Path) -> None:
    (tmp_path / "terugblik.md").write_text(ARTICLE)
    done = Terminal(tmp_path).run("import", "terugblik.md")
    assert done.returncode == 1
    assert "Start eerst `oogst setup`" in done.stderr


@pytest.mark.matrix  # eight times a process; `test_trail_proposed.py` holds the same without
def test_the_region_of_a_file_can_be_said_afterwards_and_the_screen_tells_what_that_changed(computer: Terminal) -> None:
    waits = "SELECT count(*) FROM trail WHERE region_id IS NULL"
    (computer.folder / "tafel.txt").write_text(CARD.read_text())
    assert computer.run("import", "tafel.txt").returncode == 0
    ((before,),) = rows(computer, waits)
    assert before == 17
    nothing = computer.run("import", "tafel.txt").stdout
    assert "was al ingelezen. Er is niets veranderd" in nothing
    said = computer.run("import", "--region", "Oosterdam", "tafel.txt").stdout
    assert "was al ingelezen. Nieuw is dat 17 vondsten nu bij Oosterdam horen." in said
    assert rows(computer, waits) == [(0,)]
    again = computer.run("import", "--region", "Westerdam", "tafel.txt").stdout
    assert "Er is niets veranderd" in again, "what has its region keeps it"
    assert rows(computer, "SELECT name FROM region") == [("Oosterdam",)], "no region is made for nothing"
    (computer.folder / "lijst.csv").write_text("kind;title\nassignment;Samen naar school\nassignment;Dichtbij\n")
    first = computer.run("import", "lijst.csv")
    assert first.returncode == 0, first.stdout + first.stderr
    said = computer.run("import", "--region", "Oosterdam", "lijst.csv").stdout
    assert "Nieuw is dat 2 vondsten nu bij Oosterdam horen." in said


def test_all_five_source_documents_come_in_verbatim(computer: Terminal) -> None:
    if not DOCUMENTS.is_dir():
        assert os.environ.get("CI") != "true", f"{DOCUMENTS} is missing"
        pytest.skip(f"{DOCUMENTS} is missing")
    files = sorted(DOCUMENTS.glob("*.txt"))
    assert len(files) == 5
    done = computer.run("import", *files)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("✓") == 5
    assert "6 thema's, 4 groepen" in done.stdout
    passages = rows(
        computer,
        "SELECT text, first_line, last_line, takeaway || quote FROM impression"
        " JOIN material ON material.id = material_id",
    )
    assert len(passages) > 100
    for text, first, last, passage in passages:
        assert str(passage) in "\n".join(str(text).split("\n")[int(str(first)) - 1 : int(str(last))])
