"""The parts of `make faults`, each for a process of its own; they stand apart because a process is told their names."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.faults import choosing, deliveries, mixing
from tests.faults.deliveries import Tally


@dataclass(frozen=True)
class Delivered:
    """All runs of one strategy at one place; no tally where the strategy has no such place."""

    strategy: str
    point: str
    tally: Tally | None


@dataclass(frozen=True)
class Chosen:
    """All runs of choosing and of forming groups at one place."""

    point: str
    tally: Tally


@dataclass(frozen=True)
class Mixed:
    """Two hundred mixed events: the seed, how often the process died, and what is wrong."""

    seed: int
    deaths: int
    wrong: list[str]


def delivery(strategy: str, point: str, runs: int) -> Delivered:
    if not deliveries.reaches(strategy)[point]:
        return Delivered(strategy, point, None)
    with tempfile.TemporaryDirectory() as folder:
        return Delivered(strategy, point, deliveries.die(Path(folder), strategy, point, range(runs)))


def choice(point: str, runs: int) -> Chosen:
    with tempfile.TemporaryDirectory() as folder:
        return Chosen(point, choosing.die(Path(folder), point, range(runs)))


def mix(seed: int) -> Mixed:
    with tempfile.TemporaryDirectory() as folder:
        return Mixed(seed, *mixing.run(Path(folder), seed))
