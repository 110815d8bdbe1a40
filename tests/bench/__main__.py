"""`make bench`: what Oogst costs, each figure beside a baseline from the same run. A table, and build/bench.json."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from tests.bench import digest, groups, harvest, processes, replicas, search, sockets

OUT = Path("build/bench.json")
WIDTH = 120
"""Columns where there is no terminal to ask."""


@dataclass(frozen=True)
class Figure:
    """One measured value beside its baseline; `ratio` is value over baseline."""

    name: str
    value: float
    unit: str
    baseline: float
    ratio: float


def figure(name: str, value: float, unit: str, baseline: float) -> Figure:
    """Round, and divide by the baseline; nothing beside nothing is as good."""
    return Figure(
        name, round(value, 3), unit, round(baseline, 3), round(value / baseline, 2) if baseline else float(value == 0)
    )


async def measure(folder: Path) -> list[Figure]:
    """Run every measurement once; they are bounded in count and time, and stay on loopback."""
    found = [
        figure("oogst --help", median(processes.help_seconds()), "s", median(processes.python_seconds())),
    ]
    ours = await sockets.measure(folder, sockets.OOGST)
    bare = await sockets.measure(folder, sockets.BARE)
    found.append(figure("start to connected", ours.connected, "s", bare.connected))
    for load in sockets.LOADS:
        mine, theirs = ours.loads[load.name], bare.loads[load.name]
        found.append(figure(f"pick, {load.name}: rate", mine.rate, "envelopes/s", theirs.rate))
        found.append(figure(f"pick, {load.name}: p50 to ack", mine.p50, "ms", theirs.p50))
        found.append(figure(f"pick, {load.name}: p99 to ack", mine.p99, "ms", theirs.p99))
        found.append(figure(f"pick, {load.name}: repaints", ours.updates[load.name], "chat.update", load.envelopes))
        found.append(figure(f"pick, {load.name}: answered", ours.answered[load.name], "people", load.envelopes))
    return found


def main() -> int:
    """Measure, show and write down."""
    with tempfile.TemporaryDirectory(prefix="oogst-bench-") as folder:
        found = asyncio.run(measure(Path(folder)))
    rooms = (groups, harvest, digest, search, replicas)
    found += [figure(*row) for room in rooms for row in room.figures()]
    table = Table(
        "what", "value", "unit", "baseline", "ratio", title="Oogst beside its baselines, one run, this machine"
    )
    for one in found:
        table.add_row(one.name, f"{one.value:,.3f}", one.unit, f"{one.baseline:,.3f}", f"{one.ratio:.2f}")
    console = Console()
    Console(width=None if console.is_terminal else WIDTH).print(table)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps([asdict(one) for one in found], indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
