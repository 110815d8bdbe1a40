"""Writes docs/practice.md: which tests show which element of practice, and that they pass.

With OOGST_PRACTICE=<file> the page is written when the run ends.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.practice.rows import ROWS, Row

FILE = "OOGST_PRACTICE"
MARK = "practice"

HEADER = """# Practice

Written by `make practice`; nothing in this table is typed by hand. Each line is an element of practice that the source
documents show, with the document and its lines, what Oogst does with it, and the tests that show it.

| What is seen | Where | What Oogst does | Shown by |
|---|---|---|---|
"""


def shows(row: Row, nodeid: str, places: Iterable[str]) -> bool:
    """Say whether a test shows an element: it is named there, or carries its place."""
    return nodeid.partition("[")[0] in row.tests or bool(row.places & set(places))


def places_of(item: pytest.Item) -> list[str]:
    """Return the places that a test says it shows."""
    return [str(place) for mark in item.iter_markers(MARK) for place in mark.args]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is named in a row, so that `-m practice` runs it, and let every test tell which rows it shows."""
    for item in items:
        places = places_of(item)
        found = [row.where for row in ROWS if shows(row, item.nodeid, places)]
        if found and not places:
            item.add_marker(pytest.mark.practice(*found))
        for where in found:
            item.user_properties.append((MARK, where))


def line(row: Row, tests: Mapping[str, bool]) -> str:
    """Return one line of the table; `tests` says of each test that shows the element whether it passed."""
    if not tests:
        told = "**nothing**"
    else:
        told = "<br>".join(f"`{name}`" if passed else f"**failed:** `{name}`" for name, passed in sorted(tests.items()))
    return f"| {row.what} | {row.where} | {row.does} | {told} |"


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Write the page, where a file for it was named; only the process that sees every report does."""
    if FILE not in os.environ or hasattr(config, "workerinput"):
        return
    found: dict[str, dict[str, bool]] = {row.where + row.what: {} for row in ROWS}
    for group in terminalreporter.stats.values():
        for report in group:
            if getattr(report, "when", "") != "call" and not getattr(report, "failed", False):
                continue
            named = report.nodeid.partition("[")[0]
            told = {where for name, where in getattr(report, "user_properties", ()) if name == MARK}
            for row in ROWS:
                if row.where in told and (named in row.tests or not _named_elsewhere(named, row)):
                    tests = found[row.where + row.what]
                    tests[named] = tests.get(named, True) and bool(report.passed)
    text = HEADER + "".join(f"{line(row, found[row.where + row.what])}\n" for row in ROWS)
    Path(os.environ[FILE]).write_text(text, encoding="utf-8")


def _named_elsewhere(name: str, row: Row) -> bool:
    """Whether a test is named in another row of the same place, and so is not about this one."""
    return any(name in other.tests for other in ROWS if other.where == row.where and other is not row)
