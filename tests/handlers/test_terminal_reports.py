"""`oogst export --report` and `--region`: the final report, and a region's page as far as it shares it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import typer.testing

from handlers.documents import FORMATS, installed
from handlers.terminal import ENV_FILE, make_app
from handlers.terminal.help import help_texts
from handlers.terminal.reports import export_reports
from handlers.terminal.screen import BAD_DATA, CROSS, DONE
from storage import schema
from tests.handlers.house import House, wall
from tests.handlers.report_year import ReportYear


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A computer on which Oogst knows two regions that wrote down what they do."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith(("OOGST_", "SLACK_")):
            monkeypatch.delenv(name)
    location = str(tmp_path / "oogst.db")
    schema.upgrade(location)
    house = House(tmp_path, wall(2021, 6, 17, 9), location=location)
    ReportYear(house).page()
    house.database.close()
    return tmp_path


def app() -> typer.Typer:
    """The command as somebody types it."""
    return make_app(help_texts({}))


def out(folder: Path, ending: str) -> str:
    (found,) = (folder / "uit").glob(f"*{ending}")
    return found.read_text()


def test_the_report_of_a_region_goes_out_in_every_form(there: Path) -> None:
    assert export_reports(ENV_FILE, Path("uit"), "haaglanden") == DONE
    made = sorted(path.suffix[1:] for path in (there / "uit").iterdir())
    assert made == sorted(kind for kind in FORMATS if installed(kind))
    said = out(there, "eindrapport-van-haaglanden.md")
    assert "Zet iemand aan de telefoon die mag beslissen." in said and "Koffie met ouders" in said


def test_the_report_of_the_programme_and_the_page_of_a_region_say_only_what_is_shared(there: Path) -> None:
    assert export_reports(ENV_FILE, Path("uit"), "programma", form="md") == DONE
    assert export_reports(ENV_FILE, Path("uit"), "Haaglanden", form="md", page=True) == DONE
    for name in ("eindrapport-van-het-hele-programma.md", "-haaglanden.md"):
        said = out(there, name)
        assert "Koffie met ouders" in said
        assert "Zet iemand aan de telefoon" not in said and "De Brug" not in said
    assert "# Haaglanden" in out(there, "-haaglanden.md")


def test_a_template_or_a_folder_that_is_none_is_told_in_dutch_with_what_is_wrong(
    there: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (there / "brief.docx").write_text("Dit is geen Word.")
    (there / "bezet").write_text("Hier is al iets.")
    for folder, template, code, told in (
        ("uit", "brief.docx", BAD_DATA, "is geen Word-bestand"),
        ("uit", "weg.docx", BAD_DATA, "Het sjabloon weg.docx kan ik niet lezen: dat bestaat niet."),
        ("bezet", None, CROSS, "dat is een bestand, geen map"),
        ("bezet/map", None, CROSS, "dat is een bestand, geen map"),
    ):
        look = Path(template) if template else None
        assert export_reports(ENV_FILE, Path(folder), "Haaglanden", form="docx", template=look) == code
        heard = capsys.readouterr()
        assert told in heard.err and len(heard.err.strip().splitlines()) == 1 and not heard.out
    assert not (there / "uit").exists(), "nothing is left of what could not be made"
    command = typer.testing.CliRunner().invoke(app(), ["export", "--report", "Haaglanden", "--template", "weg.docx"])
    assert command.exit_code == BAD_DATA, "the command says it in these words too, and not in those of its library"


def test_who_names_a_report_and_a_page_gets_both_and_a_second_time_the_same_files(there: Path) -> None:
    for _ in range(2):
        asked = ["export", "--report", "Haaglanden", "--region", "Waterweg", "--format", "md", "--to", "uit"]
        assert typer.testing.CliRunner().invoke(app(), asked).exit_code == DONE
        names = sorted(path.name.split("-", 3)[3] for path in (there / "uit").iterdir())
        assert names == ["eindrapport-van-haaglanden.md", "waterweg.md"]


def test_a_region_that_is_not_there_is_told_with_those_that_are(
    there: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export_reports(ENV_FILE, Path("uit"), "Atlantis") == BAD_DATA
    heard = capsys.readouterr()
    assert "Haaglanden" in heard.out + heard.err and not (there / "uit").exists()
