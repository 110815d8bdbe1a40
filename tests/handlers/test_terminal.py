"""The terminal as a whole: help that comes at once, and clear ends."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from handlers.terminal import COMMANDS
from handlers.terminal.help import DUTCH, ENGLISH
from tests.conftest import ROOT

HEAVY = [
    "aiohttp", "alembic", "apscheduler", "babel", "httpx", "jinja2", "networkx", "numpy", "openai", "pydantic",
    "pydantic_settings", "rich", "slack_bolt", "slack_sdk", "sqlalchemy", "sqlmodel", "structlog",
]  # fmt: skip


def oogst(*arguments: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("OOGST_", "SLACK_", "OPENAI_"))}
    command = [sys.executable, "-m", "handlers.terminal", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, env=clean | environment, cwd=cwd, check=False, timeout=60
    )


def test_help_names_every_command_in_dutch_and_in_english() -> None:
    nl, en = oogst("--help").stdout, oogst("--help", OOGST_LANGUAGE="en").stdout
    for name in COMMANDS:
        assert f"  {name} " in nl
        assert f"  {name} " in en
    assert "Start de bot." in nl
    assert "Start the bot." in en


def test_both_languages_help_with_the_same_things() -> None:
    assert DUTCH.keys() == ENGLISH.keys()


@pytest.mark.parametrize("command", list(COMMANDS))
def test_every_argument_of_every_command_is_explained(command: str) -> None:
    shown = oogst(command, "--help").stdout
    for key, text in DUTCH.items():
        if key.startswith(f"{command}."):
            assert " ".join(text.split()[:3]) in " ".join(shown.split()), key


def test_help_imports_no_slack_no_sql_and_no_model_library() -> None:
    code = (
        "import sys; from handlers.terminal import main; sys.argv = ['oogst', '--help']\n"
        "try: main()\nexcept SystemExit: pass\n"
        f"print('heavy:', sorted(set({HEAVY!r}) & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "heavy: []" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "nl", "en"),
    [
        (["nonsense"], "Dit commando kent Oogst niet.", "Oogst does not know this command."),
        (["export", "--format", "exe"], "Eén vorm: docx, pdf, html of md.", "One form: docx, pdf, html or md."),
        (["export", "--colour"], "--colour kan hier niet bij.", "--colour cannot go with this."),
        (["export", "--report"], "Achter --report moet nog iets staan.", "Something has to stand behind --report."),
        (["check", "all"], "Hier staat meer dan dit commando kent.", "This says more than the command knows."),
        (["demo", "--port", "70000"], "Wat bij --port staat, past niet.", "What stands with --port does not fit."),
        (["roster"], "FILE.csv ontbreekt.", "FILE.csv is missing."),
    ],
)
def test_a_command_that_is_not_understood_ends_with_2_and_says_in_one_line_of_the_language_what_can_be(
    arguments: list[str], nl: str, en: str
) -> None:
    for language, said in (("nl", nl), ("en", en)):
        done = oogst(*arguments, OOGST_LANGUAGE=language)
        assert done.returncode == 2
        assert said in done.stderr and "--help" in done.stderr
        assert len(done.stderr.splitlines()) == 1 and not done.stdout


def test_a_file_that_is_not_there_is_told_in_the_language_of_the_settings(tmp_path: Path) -> None:
    done = oogst("harvest", "weg.jsonl", cwd=tmp_path)
    assert done.returncode == 2 and done.stderr == "✗ weg.jsonl is niet te lezen: dat bestaat niet.\n"


@pytest.mark.parametrize("command", [["export"], ["roster", "x.csv"], ["import", "x.txt"], ["setup"]])
def test_a_database_that_is_none_is_left_untouched_and_told_in_one_line(command: list[str], tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("user,region\nNoor,Haaglanden\n")
    (tmp_path / "x.txt").write_text("22 juni 2021\n\nEen verslag.\n")
    bad = tmp_path / "letter.db"
    bad.write_text("Dit is een brief.\n" * 100)
    tokens = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "SLACK_API_URL": "http://127.0.0.1:9/"}
    done = oogst(*command, cwd=tmp_path, OOGST_DATABASE=str(bad), **tokens)
    assert done.returncode == 78, done.stderr
    assert "letter.db" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert bad.read_text() == "Dit is een brief.\n" * 100


def test_the_manifest_that_is_installed_is_the_one_in_the_clone() -> None:
    from handlers.manifest import manifest_path

    assert manifest_path() == ROOT / "manifest.json"
