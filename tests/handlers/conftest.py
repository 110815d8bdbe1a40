"""A practice Slack for the commands of the terminal, and a terminal in front of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.handlers.terminal_practice import Terminal, connected
from tests.journeys.driver import Slack


@pytest.fixture(scope="module")
def slack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slack]:
    running = Slack(tmp_path_factory.mktemp("slack"), "nl")
    yield running
    running.stop()


@pytest.fixture
def terminal(slack: Slack, tmp_path: Path) -> Iterator[Terminal]:
    """A terminal with settings with which everything works; what a test breaks in Slack is whole again after it."""
    yield Terminal(tmp_path, **connected(slack))
    httpx.delete(f"{slack.address}/_mens/faults", trust_env=False)
