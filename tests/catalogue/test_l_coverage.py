"""L: of what classifies, authorises, redacts or escapes nothing is untried, or could be changed without a test failing.

`KINDS` says which modules those are; pyproject.toml repeats them for mutmut, and a test holds the two together.
"""

from __future__ import annotations

import fnmatch
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.catalogue import noticed
from tests.catalogue.test_l_supply import find_uv
from tests.conftest import ROOT

Cases = Callable[[int], None]

KINDS = {
    "classify": ("bot/delivery.py",),
    "authorise": ("bot/programme/*.py",),
    "redact": ("bot/writing/redacting.py", "bot/privacy/*.py"),
    "escape": ("handlers/views/frame.py", "bot/steering.py", "bot/document.py"),
}
"""What decides whether something is sent twice, who may do what, what leaves, and what a typed word does on a screen.

`bot/privacy/cells.py`, for spreadsheets, counts under redact with the rest of its room.
"""
TESTS = (
    "tests/bot/test_delivery.py",
    "tests/bot/test_programme.py",
    "tests/bot/test_privacy.py",
    "tests/bot/test_privacy_names.py",
    "tests/bot/test_privacy_rest.py",
    "tests/bot/test_redacting.py",
    "tests/bot/test_writing.py",
    "tests/bot/test_document.py",
    "tests/handlers/test_frame.py",
)
"""Their unit tests. Only these count: what a journey happens to run through is not tried."""
LEFT_OUT = (
    "not hostile and not k11 and not any_text and not however_it_is_spaced and not between_spaces and not nine_digits"
)
"""Tests that measure time, which counting lines makes longer, and the figures that docs publish."""


def kind_of(module: str) -> str | None:
    """Return what a module is for, of the four."""
    return next((kind for kind, of in KINDS.items() if any(fnmatch.fnmatch(module, one) for one in of)), None)


def test_l8_every_branch_of_the_four_kinds_of_module_is_tried(cases: Cases, tmp_path: Path) -> None:
    """In a process of its own, so that counting slows no other test."""
    data, report = tmp_path / "coverage", tmp_path / "coverage.json"
    asked = ["--branch", f"--data-file={data}", f"--include={','.join(one for of in KINDS.values() for one in of)}"]
    tests = ["-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-k", LEFT_OUT, *TESTS]
    alone = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "OOGST_"))}
    ran = subprocess.run(
        [sys.executable, "-m", "coverage", "run", *asked, *tests], cwd=ROOT, env=alone, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-3000:]
    told = [sys.executable, "-m", "coverage", "json", f"--data-file={data}", "-o", str(report)]
    subprocess.run(told, cwd=ROOT, check=True, capture_output=True)
    files = json.loads(report.read_text())["files"]
    for kind, patterns in KINDS.items():
        seen = {name: found for name, found in files.items() if kind_of(name) == kind}
        for pattern in patterns:
            assert any(fnmatch.fnmatch(name, pattern) for name in seen), f"nothing ran of {pattern}"
        missed = {name: found["missing_branches"] for name, found in seen.items() if found["missing_branches"]}
        assert missed == {}, f"{kind}: branches that no test takes"
        lines = sum(found["summary"]["covered_lines"] for found in seen.values())
        assert lines >= 0.95 * sum(found["summary"]["num_statements"] for found in seen.values()), kind
    cases(len(KINDS))


def test_the_settings_of_mutmut_name_the_same_modules_and_tests() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mutmut"]
    assert settings["only_mutate"] == [one for of in KINDS.values() for one in of]
    assert settings["pytest_add_cli_args_test_selection"] == list(TESTS)
    assert settings["pytest_add_cli_args"][-2:] == ["-k", LEFT_OUT]
    for test in TESTS:
        assert (ROOT / test).exists()


ENOUGH = 0.85


@pytest.mark.release
def test_l7_tests_notice_changed_code_in_each_of_the_four_kinds(cases: Cases) -> None:
    """Takes half an hour: mutmut changes the code in some sixteen hundred ways, and runs the tests on each.

    It begins anew: what an earlier run found would stand although the tests have changed since.
    """
    shutil.rmtree(noticed.MUTANTS, ignore_errors=True)
    run = [
        find_uv(),
        "run",
        "--frozen",
        "--all-extras",
        "--with",
        "mutmut==3.8.1",
        "mutmut",
        "run",
        "--max-children",
        "2",
    ]
    subprocess.run(run, cwd=ROOT, check=True)
    figures = noticed.counted(kind_of)
    noticed.write({kind: figures.get(kind, {}) for kind in KINDS})
    told = {kind: sum(figures.get(kind, {}).values(), noticed.Tally()) for kind in KINDS}
    assert all(one.waiting == 0 and one.share >= ENOUGH for one in told.values()), told
    cases(len(told))


def test_a_change_that_hangs_or_whose_tests_cannot_be_found_is_not_noticed(tmp_path: Path) -> None:
    """Nor is what was not tried yet counted as tried."""
    mutants, page = tmp_path / "mutants", tmp_path / "mutation.md"
    (mutants / "bot").mkdir(parents=True)
    codes = {"fails": 1, "fails_too": 1, "survives": 0, "hangs": -24, "cannot_be_run": 255, "waits": None}
    (mutants / "bot" / "delivery.py.meta").write_text(json.dumps({"exit_code_by_key": codes}))
    (mutants / "bot" / "pacing.py.meta").write_text(json.dumps({"exit_code_by_key": codes}))
    figures = noticed.counted(kind_of, mutants)
    assert figures == {"classify": {"bot/delivery.py": noticed.Tally(tried=5, killed=2, waiting=1)}}
    noticed.write(figures, page)
    assert page.read_text().endswith(
        "| classify | `bot/delivery.py` | 5 | 2 | 40 % |\n| **classify** |  | 5 | 2 | 40 % |\n"
    )
