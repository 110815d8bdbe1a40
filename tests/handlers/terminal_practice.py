"""A terminal in front of a practice Slack: commands run to their end, and a person who types at a real terminal."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.journeys.driver import Slack

PATIENCE = 30.0


class Terminal:
    """Runs `oogst` in a folder of its own, with nothing in the environment but what a test gives."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        clean = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("OOGST_", "SLACK_", "OPENAI_")) and not name.upper().endswith("_PROXY")
        }
        self.environment = clean | environment

    def run(self, *arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        command = [sys.executable, "-m", "handlers.terminal", *map(str, arguments)]
        return subprocess.run(
            command, env=self.environment | environment, cwd=self.folder, capture_output=True, text=True, check=False,
            timeout=PATIENCE,
        )  # fmt: skip

    def talk(self, arguments: Sequence[str], answers: Sequence[tuple[str, str]]) -> tuple[str, int]:
        """Run a command at a real terminal, and type each answer once its question stands there.

        Returns everything that stood on the screen, and the exit code.
        """
        child, screen = pty.fork()
        if child == 0:
            os.chdir(self.folder)
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # what runs in the background inherits a deaf ear for Ctrl-C
            os.execvpe(sys.executable, [sys.executable, "-m", "handlers.terminal", *arguments], self.environment)
        shown, seen = "", 0
        for question, answer in answers:
            while not (found := re.search(question, shown[seen:])):
                shown += _read(screen, shown, question)
            seen += found.end()
            os.write(screen, answer.encode())
        if answers and answers[-1][1] == "\x03" and not select.select([screen], [], [], AGAIN_AFTER)[0]:
            os.write(screen, b"\x03")
        while piece := _read(screen, shown, "its end"):
            shown += piece
        os.close(screen)
        shown = re.sub(r"\x1b\[[0-9;]*m", "", shown).replace("\r\n", "\n")
        return shown, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


AGAIN_AFTER = 5.0
"""Seconds. Python's readline does not notice a signal that comes after it showed the question and before it waits for
keys: no person is that quick, this terminal is."""


def _read(screen: int, shown: str, waiting_for: str) -> str:
    ready, _, _ = select.select([screen], [], [], PATIENCE)
    assert ready, f"waited for {waiting_for!r}; on the screen: {shown}"
    try:
        return os.read(screen, 65536).decode(errors="replace")
    except OSError:  # the other side closed
        assert waiting_for == "its end", f"ended before {waiting_for!r}; on the screen: {shown}"
        return ""


def connected(slack: Slack) -> dict[str, str]:
    """The settings with which everything works."""
    return {
        "SLACK_BOT_TOKEN": "xoxb-practice",
        "SLACK_APP_TOKEN": "xapp-practice",
        "SLACK_API_URL": f"{slack.address}/api/",
        "OOGST_CLOCK_URL": f"{slack.address}/_mens/clock",
    }
