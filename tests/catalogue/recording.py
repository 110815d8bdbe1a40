"""Counts what ran of the catalogue, and writes the table for the docs.

A test belongs to the row whose id begins its name: `test_a5_...`. It counts as one case, or as many as it reports to
the fixture `cases`. With OOGST_CATALOGUE=<file> the table is written when the run ends, together with what an earlier
run kept beside it: the short run and the long one make one table.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.catalogue.rows import ROWS, Row

FILE = "OOGST_CATALOGUE"
CASES = "cases"
_NAME = re.compile(r"::test_([a-l]\d{1,2})_")

HEADER = """# The catalogue of faults

Written by `make catalogue`, which runs every row; nothing in this table is typed by hand. A row is tried with every
change (`make test`), in the long run (`make test-all`) or before a release; the command in its line runs it alone.
*Cases* says how many were tried, and how many the row asks for at least.

| Id | What goes wrong | Tried in | Cases | Result | Seconds | Command |
|---|---|---|---|---|---|---|
"""


@dataclass
class Tally:
    """What ran of one row."""

    cases: int = 0
    failed: int = 0
    left_out: int = 0
    seconds: float = 0.0
    tests: set[str] = field(default_factory=set)


Told = dict[str, dict[str, Any]]
"""What became of each test: how many cases, its outcome, its seconds. Kept, so that two runs make one table."""


def row_of(nodeid: str) -> str | None:
    """Return the id of the row that a test belongs to."""
    found = _NAME.search(nodeid)
    return found[1].upper() if found else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what belongs to a row, so that it can be run by itself."""
    for item in items:
        if row_of(item.nodeid):
            item.add_marker("catalogue")


@pytest.fixture
def cases(request: pytest.FixtureRequest) -> Callable[[int], None]:
    """Say how many cases this test tried."""

    def count(number: int) -> None:
        request.node.user_properties.append((CASES, number))

    return count


def told(reports: Iterable[Any]) -> Told:
    """Return what became of each test of the catalogue in a run."""
    found: Told = {}
    for report in reports:
        if row_of(getattr(report, "nodeid", "")) is None:
            continue
        one = found.setdefault(report.nodeid, {"cases": 0, "outcome": "passed", "seconds": 0.0})
        one["seconds"] += report.duration
        if not report.passed:
            one["outcome"] = "failed" if report.failed else "skipped"
        elif report.when == "call":
            counted = [number for name, number in report.user_properties if name == CASES]
            one["cases"] = sum(counted) if counted else 1
    return found


def tallied(tests: Told) -> dict[str, Tally]:
    """Add up what became of tests, per row."""
    found: dict[str, Tally] = {}
    for nodeid, one in tests.items():
        tally = found.setdefault(row_of(nodeid) or "", Tally())
        tally.seconds += one["seconds"]
        tally.failed += one["outcome"] == "failed"
        tally.left_out += one["outcome"] == "skipped"
        if one["outcome"] == "passed":
            tally.cases += one["cases"]
            tally.tests.add(nodeid)
    return found


def line(row: Row, tally: Tally | None) -> str:
    """Return one line of the table."""
    tally = tally or Tally()
    if tally.failed:
        result = f"**{tally.failed} failed**"
    elif tally.left_out:
        result = "left out"
    elif not tally.tests:
        result = "not run"
    else:
        result = "holds" if tally.cases >= row.cases else "**too few cases**"
    command = f'make catalogue ARGS="-k test_{row.id.lower()}_"'
    counted = f"{tally.cases:,} of {row.cases:,}"
    return f"| {row.id} | {row.what} | {row.tier} | {counted} | {result} | {tally.seconds:.1f} | `{command}` |"


def table(rows: Sequence[Row], tallies: dict[str, Tally]) -> str:
    """Return the page for the docs."""
    return HEADER + "".join(f"{line(row, tallies.get(row.id))}\n" for row in rows)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Write the table, where a file for it was named; only the process that sees every report does."""
    if FILE not in os.environ or hasattr(config, "workerinput"):
        return
    reports = [each for group in terminalreporter.stats.values() for each in group if hasattr(each, "when")]
    page = Path(os.environ[FILE])
    kept = page.with_suffix(".json")
    tests: Told = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    tests.update(told(reports))
    kept.write_text(json.dumps(tests, indent=1) + "\n", encoding="utf-8")
    page.write_text(table(ROWS, tallied(tests)), encoding="utf-8")
