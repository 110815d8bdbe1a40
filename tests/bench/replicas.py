"""How fast three replicas on PostgreSQL deliver, beside one: six hundred channels, without Slack's limits on posting.

The figure says what sharing costs, not what a workspace sees: there Slack's own limits are far below it. On a computer
with few cores the replicas, the database and the practice Slack share those.
"""

from __future__ import annotations

import os
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from tests import postgres
from tests.faults.replicas import Way, all_sent, fleet, owe

CHANNELS = 60 if os.environ.get("BENCH_QUICK") else 600
EACH = 3
LONGEST = 240.0

Row = tuple[str, float, str, float]


def figures() -> list[Row]:
    """Return every figure beside its baseline: name, value, unit, baseline."""
    one, three = rate(1), rate(3)
    return [(f"three replicas, {CHANNELS} channels", three, "messages/s", one)]


def rate(replicas: int) -> float:
    """Return the messages per second of so many replicas that share one backlog."""
    messages = [(f"CK{n % CHANNELS}", f"m{n:05}") for n in range(CHANNELS * EACH)]
    way = Way(unlimited=True, quarantine=timedelta(seconds=60))
    with (
        tempfile.TemporaryDirectory(prefix="oogst-replicas-") as folder,
        fleet(postgres.fresh(), Path(folder), CHANNELS, way) as here,
    ):
        owe(here.location, messages)
        began = time.perf_counter()
        for number in range(replicas):
            here.start(number)
        all_sent(here.location, len(messages), LONGEST)
        return len(messages) / (time.perf_counter() - began)
