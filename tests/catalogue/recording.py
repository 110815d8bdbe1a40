"""Counts what ran of the catalogue, and writes the table for the docs.

A test belongs to the row whose id begins its name: `test_a5_...`. It counts as one case, or as many as it reports to
the fixture `cases`. With OOGST_CATALOGUE=<file> the table is written when the run ends.
"""

from __future__ import annotations

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


def tallied(reports: Iterable[Any]) -> dict[str, Tally]:
    """Add up the reports of a run, per row."""
    found: dict[str, Tally] = {}
    for report in reports:
        row = row_of(getattr(report, "nodeid", ""))
        if row is None:
            continue
        tally = found.setdefault(row, Tally())
        tally.seconds += report.duration
        if report.failed:
            tally.failed += 1
        elif report.skipped:
            tally.left_out += 1
        elif report.when == "call":
            told = [number for name, number in report.user_properties if name == CASES]
            tally.cases += sum(told) if told else 1
            tally.tests.add(report.nodeid)
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
    Path(os.environ[FILE]).write_text(table(ROWS, tallied(reports)), encoding="utf-8")
