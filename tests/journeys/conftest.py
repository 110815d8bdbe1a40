from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers.words import Words, load
from tests.journeys.driver import ROSTER, Oogst, Slack


@pytest.fixture(params=["nl", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def words(language: str) -> Words:
    return load(language)


@pytest.fixture
def slack(tmp_path: Path, language: str) -> Iterator[Slack]:
    running = Slack(tmp_path, language)
    yield running
    refused = running.rejected()
    running.stop()
    assert refused == [], "the practice Slack refused what the bot sent"


@pytest.fixture
def oogst(slack: Slack, tmp_path: Path, language: str) -> Iterator[Oogst]:
    bot = Oogst(slack, tmp_path, language)
    bot.run("roster", ROSTER)
    bot.start()
    yield bot
    bot.close()
    log = bot.log()
    assert "Traceback" not in log and "level=error" not in log, log
