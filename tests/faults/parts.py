"""The parts of `make faults`, each for a process of its own; they stand apart because a process is told their names."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.faults import choosing, deliveries, mixing
from tests.faults.deliveries import Tally


def delivery(strategy: str, point: str, runs: int) -> tuple[str, str, Tally | None]:
    """All runs of one strategy at one place; None where the strategy has no such place."""
    if not deliveries.reaches(strategy)[point]:
        return strategy, point, None
    with tempfile.TemporaryDirectory() as folder:
        return strategy, point, deliveries.die(Path(folder), strategy, point, range(runs))


def choice(point: str, runs: int) -> tuple[str, Tally]:
    """All runs of choosing and of forming groups at one place."""
    with tempfile.TemporaryDirectory() as folder:
        return point, choosing.die(Path(folder), point, range(runs))


def mix(seed: int) -> tuple[int, int, list[str]]:
    """Two hundred mixed events: the seed, how often the process died, and what is wrong."""
    with tempfile.TemporaryDirectory() as folder:
        return seed, *mixing.run(Path(folder), seed)
