"""L6: a year of twelve regions in which one call in twenty fails; `make soak` lives it and writes its figures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults import soak


@pytest.mark.release
def test_l6_a_year_in_which_one_call_in_twenty_fails_breaks_nothing_and_fills_no_memory(
    tmp_path: Path, cases: Callable[[int], None]
) -> None:
    year = soak.live(tmp_path, soak.WEEKS)
    print(year.told())  # noqa: T201 - the figures are what it is run for
    assert year.wrong == [], "\n".join(year.wrong)
    assert year.weeks == soak.WEEKS
    assert year.failed > 0.04 * year.calls, "one call in twenty fails"
    assert year.states["sent"] > 10 * year.weeks, "there was a lot to bring"
    assert year.slope < soak.SLOPE
    cases(1)
