"""The table of practice itself: no element of the documents is missing, and each has a test that shows it."""

from __future__ import annotations

import ast
import os
import re
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.practice.recording import line
from tests.practice.rows import ROWS, Row

REFERENCE = ROOT.parent / "shared" / "reference" / "mission.md"


def marked_in(path: Path) -> dict[str, list[str]]:
    """The tests of a file by name, each with the places that it is marked with."""
    found: dict[str, list[str]] = {}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            marks = [mark for mark in node.decorator_list if isinstance(mark, ast.Call)]
            marks = [mark for mark in marks if ast.unparse(mark.func) == "pytest.mark.practice"]
            found[node.name] = [str(ast.literal_eval(place)) for mark in marks for place in mark.args]
    return found


EVERY = {
    f"{path.relative_to(ROOT)}::{name}": places
    for path in sorted((ROOT / "tests").rglob("test_*.py"))
    for name, places in marked_in(path).items()
}


def test_every_element_of_practice_is_shown_by_a_test_that_is_there() -> None:
    gone = [name for row in ROWS for name in row.tests if name not in EVERY]
    assert not gone, "a test that is named and not there"
    marked = {place for places in EVERY.values() for place in places}
    assert marked <= {place for row in ROWS for place in row.places}, "a mark for a place that no row has"
    assert [row.what for row in ROWS if not row.tests and not row.places & marked] == []


def test_rows_of_one_place_are_told_apart_by_the_tests_that_they_name() -> None:
    twice = [row for row in ROWS if sum(other.where == row.where for other in ROWS) > 1]
    assert twice and all(row.tests for row in twice)
    assert not any(set(row.tests) & set(other.tests) for row in twice for other in twice if row is not other)
    marked = {place for places in EVERY.values() for place in places}
    assert not {row.where for row in twice} & marked, "a mark cannot say which of them it shows"


@pytest.mark.skipif(not REFERENCE.exists() and not os.environ.get("CI"), reason="the reference is not beside the clone")
def test_no_element_of_the_documents_is_missing_from_the_table() -> None:
    cells = re.findall(r"^\| [^|]+ \| (\d{3}:[^|]+?) \| [^|]+ \| [^|]+ \|$", REFERENCE.read_text("utf-8"), re.MULTILINE)
    assert len(cells) > 50
    assert sorted(cells) == sorted(row.where for row in ROWS)


def test_an_element_that_nothing_shows_says_so() -> None:
    row = Row("What", "001:1", "this")
    assert "**nothing**" in line(row, {})
    assert "**failed:** `x`" in line(row, {"x": False})
