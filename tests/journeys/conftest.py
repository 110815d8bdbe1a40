from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers.words import Words, load
from tests.journeys.driver import ROSTER, Oogst, Slack

LONG = (
    "test_proposals",
    "test_prompting",
    "test_before_closing",
    "test_after_closing",
    "test_memory",
    "test_restart",
    "test_bad_input",
    "test_dates",
    "test_dates_browser",
    "test_sensitive",
    "test_signing",
)
"""Journeys whose English run waits for `make test-all`: the same steps in other words."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the usual run short: the English run of the long journeys, and of the browser's all but two."""
    for item in items:
        module, name = item.path.stem, item.name
        if item.path.parent != Path(__file__).parent:
            continue
        english = "[en" in name
        if (module in LONG and english) or (
            module == "test_choosing_browser" and ("nl-6]" in name or "en-40]" in name)
        ):
            item.add_marker(pytest.mark.matrix)


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


@pytest.fixture(scope="session")
def rosters(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Databases in which `oogst roster` was run once, by language; a test takes a copy."""
    return {}


@pytest.fixture
def oogst(
    slack: Slack, tmp_path: Path, language: str, rosters: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Oogst]:
    bot = Oogst(slack, tmp_path, language)
    if language not in rosters:
        bot.run("roster", ROSTER)
        rosters[language] = tmp_path_factory.mktemp("roster") / "oogst.db"
        shutil.copy(bot.database, rosters[language])
    else:
        shutil.copy(rosters[language], bot.database)
    try:
        bot.start()
        yield bot
    finally:
        bot.close()
    log = bot.log()
    assert "Traceback" not in log and "level=error" not in log, log
