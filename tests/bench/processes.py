"""How long it takes to start something and see it end."""

from __future__ import annotations

import subprocess
import sys
import time

RUNS = 9


def _seconds(command: list[str]) -> list[float]:
    found = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        found.append(time.perf_counter() - start)
    return found[1:]  # the first one fills caches


def help_seconds() -> list[float]:
    """Time `oogst --help`."""
    return _seconds([sys.executable, "-m", "handlers.terminal", "--help"])


def python_seconds() -> list[float]:
    """Time a Python that does nothing."""
    return _seconds([sys.executable, "-c", "pass"])
