"""`oogst export --report` and `--region`: the final report, and a region's page as far as it shares it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from handlers.documents import FORMATS, installed
from handlers.terminal import ENV_FILE
from handlers.terminal.reports import export_reports
from handlers.terminal.screen import BAD_DATA, DONE
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


def test_a_region_that_is_not_there_is_told_with_those_that_are(
    there: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export_reports(ENV_FILE, Path("uit"), "Atlantis") == BAD_DATA
    heard = capsys.readouterr()
    assert "Haaglanden" in heard.out + heard.err and not (there / "uit").exists()
