"""What the administrator is told of the language model: that it answers, why not, or that Oogst will not start."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from handlers.run import EX_CONFIG
from handlers.settings import Settings, names
from handlers.terminal.doctor import GOOD, OFF, WARNING, WRONG, examine_model
from handlers.words import load
from tests.prompts.scripted import ScriptedModel, refuses, says, whole

PUBLIC_BY_NUMBER = "http://134744072/v1"
"""A host name of digits only, that leads to 8.8.8.8 without asking anybody."""


@pytest.fixture(autouse=True)
def a_quiet_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in names():
        monkeypatch.delenv(name, raising=False)


def settings(url: str, mode: str = "local") -> Settings:
    return Settings(OOGST_LLM_MODE=mode, OPENAI_BASE_URL=url, OOGST_LLM_MODEL="scripted-1")


async def test_doctor_says_that_the_model_answers() -> None:
    async with ScriptedModel(refuses("response_format"), says({"said": "ok"})) as model:
        found = await asyncio.to_thread(examine_model, settings(model.url), load("nl"))
    assert found.state == GOOD
    assert found.text == "AI: stand local, model scripted-1 antwoordt."


async def test_doctor_says_why_the_model_does_not_answer_and_what_happens_then() -> None:
    async with ScriptedModel(whole({"error": "no"}, 401)) as model:
        found = await asyncio.to_thread(examine_model, settings(model.url), load("en"))
    assert found.state == WARNING
    assert "refused_us" in found.text
    assert "without AI" in found.text


def test_doctor_without_a_model_asks_nobody() -> None:
    assert examine_model(Settings(), load("nl")).state == OFF


STARTS = """
from handlers.run import serve
from handlers.settings import SlackSettings, load_settings
from handlers.terminal.doctor import examine_model
from handlers.words import load

settings = load_settings(SlackSettings)
print(examine_model(settings, load("nl")).state)
raise SystemExit(serve(settings))
"""


def test_d8_oogst_does_not_start_with_a_name_that_leads_outside_and_doctor_says_so_too(tmp_path: Path) -> None:
    """In a process of its own, since looking up such a name is what these tests forbid; nothing is sent anywhere."""
    environment = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    environment |= {
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "OOGST_DATABASE": str(tmp_path / "oogst.db"),
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "SLACK_API_URL": "http://127.0.0.1:9/api/",
        "OOGST_LLM_MODE": "local",
        "OPENAI_BASE_URL": PUBLIC_BY_NUMBER,
        "OOGST_LLM_MODEL": "m",
    }
    run = [sys.executable, "-c", STARTS]
    told = subprocess.run(run, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
    assert told.returncode == EX_CONFIG, told.stderr
    assert told.stdout.strip() == WRONG
    assert "buiten je netwerk" in told.stderr
