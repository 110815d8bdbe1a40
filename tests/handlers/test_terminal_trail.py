"""`oogst import` and `oogst export trail`: documents become proposals, and lists go out and come back."""

from __future__ import annotations

import csv
import io
import os
import sqlite3
from pathlib import Path

import pytest

from bot.encoding import shown
from bot.programme import Programme
from bot.trail import SHEETS, Entry, Field, State, Type, Value
from bot.trail.importing import lists
from handlers.terminal import ENV_FILE
from handlers.terminal.material import import_material
from handlers.terminal.trail_list import export_lists
from handlers.views.trail_lists import names_of
from handlers.words import catalogues
from storage import programme, schema
from storage.database import Database
from tests.handlers.terminal_practice import Terminal

DOCUMENTS = Path(__file__).parents[1] / "bot" / "trail_documents"


class Computer:
    """A computer on which Oogst knows a workspace with one region; commands run in this very process."""

    def __init__(self, folder: Path, heard: pytest.CaptureFixture[str]) -> None:
        self.folder, self._heard = folder, heard

    def bring_in(self, *files: str, region: str | None = None, kind: str | None = None) -> tuple[int, str]:
        """Import files; returns the exit code and what stood on the screen."""
        return self._told(import_material(ENV_FILE, [Path(file) for file in files], region=region, kind=kind))

    def write_out(self, region: str | None = None, kind: str | None = None) -> tuple[int, str]:
        """Export the lists to the folder `lijsten`."""
        return self._told(export_lists(ENV_FILE, Path("lijsten"), region=region, kind=kind))

    def file(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)

    def _told(self, code: int) -> tuple[int, str]:
        heard = self._heard.readouterr()
        return code, heard.out + heard.err


@pytest.fixture
def computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Computer:
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith(("OOGST_", "SLACK_")):
            monkeypatch.delenv(name)
    location = str(tmp_path / "oogst.db")
    schema.upgrade(location)
    database = Database(location)
    database.write_now(lambda db: programme.save_programme(db, Programme("T1", "nl", "Europe/Amsterdam", "regio", "U")))
    database.write_now(lambda db: programme.save_region(db, "T1", "Duinkust", None, "rg_1"))
    database.close()
    return Computer(tmp_path, capsys)


def rows(there: Computer, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(there.folder / "oogst.db") as connection:
        return list(connection.execute(query))


def documents(computer: Computer, *names: str) -> None:
    for name in names:
        computer.file(name, (DOCUMENTS / name).read_text())


def nothing_came_in(computer: Computer) -> bool:
    return rows(computer, "SELECT id FROM trail") == [] and rows(computer, "SELECT id FROM material") == []


@pytest.mark.practice("000:3-5")
def test_a_document_becomes_proposals_of_its_region_and_what_was_not_understood_is_named(computer: Computer) -> None:
    documents(computer, "regiopagina.txt", "talk.txt")
    code, said = computer.bring_in("regiopagina.txt", "talk.txt")
    assert code == 0 and "27 voorstellen over Duinkust" in said and "27 voorstellen over Northmoor" in said, said
    assert "Northmoor doet nog niet mee" in said and "Duinkust doet nog niet mee" not in said
    assert "2 regels pasten nergens" in said and "55  Cake!" in said
    assert set(rows(computer, "SELECT DISTINCT state FROM trail")) == {("proposed",)}
    points = (
        "SELECT first_line, last_line, text FROM trail JOIN trail_value ON trail_id = trail.id WHERE kind = 'point'"
    )
    assert (26, 27, "Korte lijnen met de wijkteams, ook in de vakanties.") in rows(computer, points)
    before = rows(computer, "SELECT * FROM trail ORDER BY id")
    assert computer.bring_in("regiopagina.txt", "talk.txt")[1].count("was al ingelezen") == 2
    assert rows(computer, "SELECT * FROM trail ORDER BY id") == before


def test_where_a_title_is_one_run_the_offsets_cut_it_out_of_the_stored_text(computer: Computer) -> None:
    documents(computer, "regiopagina.txt")
    computer.bring_in("regiopagina.txt")
    query = (
        'SELECT substr(material.text, start + 1, "end" - start), trail_value.text FROM trail'
        " JOIN material ON material.id = material_id JOIN trail_value ON trail_id = trail.id"
        " WHERE trail_value.name = 'title' AND \"end\" > start"
    )
    found = rows(computer, query)
    assert len(found) == 27
    assert all(shown(" ".join(str(cut).split())) == text for cut, text in found)


def test_who_imports_can_say_of_which_region_it_is_and_a_new_one_is_made(computer: Computer) -> None:
    documents(computer, "card.txt")
    code, said = computer.bring_in("card.txt", region="De Kop")
    assert code == 0 and "17 voorstellen over De Kop" in said, said
    there = "SELECT count(*) FROM trail JOIN region ON region.id = region_id WHERE region.name = 'De Kop'"
    assert rows(computer, there) == [(17,)]


def test_a_document_from_before_there_was_a_trail_gives_its_proposals_when_it_comes_again(computer: Computer) -> None:
    documents(computer, "card.txt")
    computer.bring_in("card.txt")
    with sqlite3.connect(computer.folder / "oogst.db") as connection:
        connection.execute("DELETE FROM trail_value")
        connection.execute("DELETE FROM trail")
    code, said = computer.bring_in("card.txt")
    assert code == 0 and "17 voorstellen" in said
    assert rows(computer, "SELECT count(*) FROM material") == [(1,)]


def test_a_list_goes_out_and_comes_back_the_same(computer: Computer) -> None:
    documents(computer, "regiopagina.txt", "talk.txt")
    computer.bring_in("regiopagina.txt", "talk.txt", region="duinkust")
    with sqlite3.connect(computer.folder / "oogst.db") as connection:
        connection.execute("UPDATE trail SET state = 'kept'")
    assert computer.write_out("Duinkust")[0] == 0
    files = sorted((computer.folder / "lijsten").glob("*.csv"))
    assert {"fase.csv", "aandachtspunt.csv"} <= {file.name for file in files}
    text = (computer.folder / "lijsten" / "fase.csv").read_text("utf-8-sig")
    phases = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert phases[0][:4] == ["Lijst", "Regio", "Titel", "Begint"]
    assert phases[1][:5] == ["Fase", "Duinkust", "Getting to know each other", "2018-01", "2018-03"]
    values = (
        "SELECT kind, name, text FROM trail JOIN trail_value ON trail_id = trail.id"
        " WHERE region_id IS NOT NULL AND state = '{}' ORDER BY 1, 2, 3"
    )
    kept = rows(computer, values.format("kept"))
    code, said = computer.bring_in(*(f"lijsten/{file.name}" for file in files))
    assert code == 0, said
    assert rows(computer, values.format("proposed")) == kept, "nothing is lost, nothing is made up"
    assert "was al ingelezen" in computer.bring_in("lijsten/fase.csv")[1]


def test_a_wrong_list_changes_nothing_and_every_line_to_repair_is_named(computer: Computer) -> None:
    computer.file(
        "lijst.csv",
        "lijst;titel;begint;kleur\nfase;Eén;ooit\nding;x\nfase;z;2020;rood;q\nfase;w;2020;rood\naandachtspunt;Wie?\n",
    )
    code, said = computer.bring_in("lijst.csv", region="Duinkust")
    assert code == 65
    for place in ("regel 2 (begint)", "regel 3 (lijst): “ding”", "regel 4:", "regel 5 (kleur)", "regel 6 (Hoort bij)"):
        assert place in said, said
    assert "Er is niets veranderd" in said and nothing_came_in(computer)


def test_a_list_is_screened_and_its_parents_and_regions_must_be_there(computer: Computer) -> None:
    computer.file("bellen.csv", "list,title\nquestion,Bel me op 06-12345678\n")
    code, said = computer.bring_in("bellen.csv", region="Duinkust")
    assert code == 65 and "regel 2" in said, said
    computer.file("punt.csv", "Lijst;Regio;Hoort bij;Titel\nAandachtspunt;Duinkust;Nergens;Wie rijdt?\n")
    code, said = computer.bring_in("punt.csv")
    assert code == 65 and "Ik vind “Nergens” niet" in said, said
    computer.file("wie.csv", "Lijst;Titel;Wie in Slack?\nContactpersoon;Noor;UNIEMAND\n")
    code, said = computer.bring_in("wie.csv", region="Duinkust")
    assert code == 65 and "“UNIEMAND” doet niet mee" in said, said
    computer.file("elders.csv", "Lijst;Regio;Titel\nBelang;Atlantis;Rust\n")
    code, said = computer.bring_in("elders.csv")
    assert code == 65 and "“Atlantis” doet niet mee" in said, said
    assert nothing_came_in(computer)


def test_a_list_without_a_column_for_it_gets_its_kind_from_who_imports(computer: Computer) -> None:
    computer.file("belangen.csv", "titel;wie?\nReistijd;ouders\n=1+1;niemand\n")
    assert "Zeg met --kind" in computer.bring_in("belangen.csv", region="Duinkust")[1]
    assert "De soort 'vis' ken ik niet" in computer.bring_in("belangen.csv", kind="vis")[1]
    code, said = computer.bring_in("belangen.csv", region="Duinkust", kind="belang")
    assert code == 0 and "2 voorstellen" in said, said
    assert rows(computer, "SELECT first_line FROM trail ORDER BY 1") == [(2,), (3,)]


def test_without_anything_to_write_or_without_such_a_region_it_says_so(computer: Computer) -> None:
    assert "nog niets bewaard" in computer.write_out(kind="phase")[1]
    assert computer.write_out(region="Atlantis") == (
        65, "✗ De regio 'Atlantis' ken ik niet. Dit zijn de regio's: Duinkust.\n"
    )  # fmt: skip
    code, said = computer.write_out(kind="kleur")
    assert code == 65 and "De soort 'kleur' ken ik niet." in said and "fase" in said and "opdracht" in said


def test_the_command_takes_a_region_and_a_kind(computer: Computer) -> None:
    computer.file("belangen.csv", "titel\nReistijd\n")
    done = Terminal(computer.folder).run("import", "--region", "Duinkust", "--kind", "belang", "belangen.csv")
    assert done.returncode == 0 and "1 voorstel" in done.stdout, done.stderr


def _typed(field: Field) -> str:
    if field.choices:
        return field.choices[-1]
    if field.name == "year":
        return "2021"
    return "2006-03" if field.type is Type.DAY else f'={field.name}; "x"'


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_sheet_comes_back_from_its_own_list_and_no_cell_is_a_formula(language: str) -> None:
    words = catalogues("Europe/Amsterdam")
    for kind, sheet in SHEETS.items():
        values = {each.name: Value(_typed(each)) for each in sheet.fields if each.type is not Type.PERSON}
        entry = Entry("te_1", "T1", "rg_1", kind, values, State.KEPT, "te_0")
        text = lists.write([entry], kind, {"rg_1": "+Kust"}, {"te_0": "@boven"}, names_of(words, words[language]))
        for row in csv.reader(io.StringIO(text), delimiter=";"):
            assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row), row
        table = lists.read(text, names_of(words))
        assert table.wrong == [] and len(table.rows) == 1, (kind, table.wrong)
        assert table.rows[0].kind is kind and table.rows[0].values == values
        assert table.rows[0].region == "+Kust" and table.rows[0].under == ("@boven" if sheet.parents else "")
