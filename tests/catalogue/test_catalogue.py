"""The table of faults itself: every row is tried, and the page about it tells the truth."""

from pathlib import Path
from types import SimpleNamespace

from tests.catalogue.recording import CASES, line, row_of, tallied, told
from tests.catalogue.rows import ROWS, P, Row
from tests.conftest import ROOT

ROW = Row("A5", "a fault", 3, P)


def report(name: str, outcome: str = "passed", when: str = "call", cases: int | None = None) -> SimpleNamespace:
    told = [] if cases is None else [(CASES, cases)]
    return SimpleNamespace(
        nodeid=f"tests/catalogue/test_x.py::{name}", when=when, duration=1.0, user_properties=told,
        passed=outcome == "passed", failed=outcome == "failed", skipped=outcome == "skipped",
    )  # fmt: skip


def test_a_test_belongs_to_the_row_that_its_name_begins_with() -> None:
    assert row_of("tests/x.py::test_a10_something[one]") == "A10"
    assert row_of("tests/x.py::test_a_person_picks") is None


def test_a_row_holds_only_with_enough_cases_and_no_failure() -> None:
    def said(*reports: SimpleNamespace) -> str:
        return line(ROW, tallied(told(reports)).get("A5"))

    assert "| holds |" in said(report("test_a5_x", cases=3))
    assert "| holds |" in said(*(report(f"test_a5_x[{n}]") for n in range(3)))
    assert "too few cases" in said(report("test_a5_x", cases=2))
    assert "1 failed" in said(report("test_a5_x", cases=3), report("test_a5_y", "failed"))
    assert "left out" in said(report("test_a5_x", cases=3), report("test_a5_y", "skipped", "setup"))
    assert "not run" in said()


def test_every_row_has_a_test_of_its_name() -> None:
    text = "\n".join(file.read_text(encoding="utf-8") for file in Path(ROOT / "tests").rglob("test_*.py"))
    assert [row.id for row in ROWS if f"def test_{row.id.lower()}_" not in text] == []
