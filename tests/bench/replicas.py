"""How fast three replicas on PostgreSQL deliver, beside one: six hundred channels, without Slack's limits on posting.

The figure says what sharing costs, not what a workspace sees: there Slack's own limits are far below it. On a computer
with few cores the replicas, the database and the practice Slack share those, and what more replicas could gain, the
cores do not give; so each part tells how much of them it took for a message.
"""

from __future__ import annotations

import os
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import psycopg

from storage import jobs
from tests import postgres
from tests.faults.replicas import Fleet, Way, doubles, fleet, outbox, owe

CHANNELS = 60 if os.environ.get("BENCH_QUICK") else 600
EACH = 3
LONGEST = 240.0
TICKS = os.sysconf("SC_CLK_TCK")
"""A second of a core, as /proc counts it."""

Row = tuple[str, float, str, float]


def figures() -> list[Row]:
    """Return every figure beside its baseline: name, value, unit, baseline."""
    (one, alone), (three, together) = measure(1), measure(3)
    name = f"three replicas, {CHANNELS} channels"
    return [
        (name, three, "messages/s", one),
        *((f"{name}: {part}", together[part], "ms of a core/message", alone[part]) for part in together),
    ]


def measure(replicas: int) -> tuple[float, dict[str, float]]:
    """Return the messages per second of so many replicas that share one backlog, and what each part took of the cores.

    Raises AssertionError when it takes longer than LONGEST, or when not every message stands there exactly once.
    """
    messages = [(f"CK{n % CHANNELS}", f"m{n:05}") for n in range(CHANNELS * EACH)]
    way = Way(unlimited=True, quarantine=timedelta(seconds=60))
    with (
        tempfile.TemporaryDirectory(prefix="oogst-replicas-") as folder,
        fleet(postgres.fresh(), Path(folder), CHANNELS, way) as here,
    ):
        owe(here.location, messages)
        before = spent(here)
        began = time.perf_counter()
        for number in range(replicas):
            here.start(number)
        wait(here.location, len(messages))
        took = time.perf_counter() - began
        parts = spent(here)
        posts = here.slack.posts()
        assert len(posts) == len(messages) and doubles(posts) == [], outbox(here.location).keys()
        cost = {part: 1000 * (seconds - before[part]) / len(messages) for part, seconds in parts.items()}
        return len(messages) / took, cost


def wait(location: str, number: int) -> None:
    """Look until so many messages are sent, in a way that costs nobody much."""
    until = time.perf_counter() + LONGEST
    with psycopg.connect(jobs.address(location), autocommit=True) as connection:
        while connection.execute("SELECT count(*) FROM outbox WHERE state = 'sent'").fetchone() != (number,):
            assert time.perf_counter() < until, {state: len(keys) for state, keys in outbox(location).items()}
            time.sleep(0.1)


def spent(here: Fleet) -> dict[str, float]:
    """Return the seconds of a core that each part took until now."""
    found = {"replicas": 0.0, "PostgreSQL": 0.0, "practice Slack": seconds(here.slack.pid)}
    for replica in here.running.values():
        found["replicas"] += seconds(replica)
    for process in postgres.server().processes():
        found["PostgreSQL"] += seconds(process)
    return found


def seconds(process: int) -> float:
    """Return the seconds of a core that a process and those of its children that ended took; none when it is gone."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return sum(map(int, fields[11:15])) / TICKS


if __name__ == "__main__":
    for row in figures():
        print(*row, sep="\t")  # noqa: T201 - for who runs this room by itself
