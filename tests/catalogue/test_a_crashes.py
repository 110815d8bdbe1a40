"""A1 to A3: the process is killed at each named place, or anywhere: nothing is lost, and nothing is there twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from storage.crashpoints import POINTS
from tests.faults import choosing, deliveries, mixing
from tests.faults.deliveries import OURS, STRATEGIES, Tally

Cases = Callable[[int], None]


def whole(tally: Tally) -> None:
    """Everybody died who should, and nothing is wrong after two restarts."""
    assert tally.died == tally.runs
    assert (tally.lost, tally.double, tally.wrong) == (0, 0, []), "\n".join(tally.wrong)


def test_a1_every_place_at_which_a_process_may_die_is_tried_and_is_reached() -> None:
    tried = {*deliveries.POINTS, *choosing.POINTS}
    assert tried == set(POINTS), "a place without runs proves nothing, and neither do runs without a place"
    assert [point for point in deliveries.POINTS if not deliveries.reaches(OURS)[point]] == []
    assert [point for point in choosing.POINTS if not choosing.reaches()[point]] == []


@pytest.mark.parametrize("point", deliveries.POINTS)
def test_a1_a_delivery_that_dies_there_is_delivered_once(point: str, tmp_path: Path, cases: Cases) -> None:
    tally = deliveries.die(tmp_path, OURS, point, range(2))
    whole(tally)
    cases(tally.runs)


@pytest.mark.matrix
@pytest.mark.parametrize("point", deliveries.POINTS)
def test_a1_whatever_was_being_delivered_is_delivered_once(point: str, tmp_path: Path, cases: Cases) -> None:
    tally = deliveries.die(tmp_path, OURS, point, range(2, 20))
    whole(tally)
    cases(tally.runs)


@pytest.mark.matrix
@pytest.mark.parametrize(
    ("strategy", "wrong"), [("post, then record", "double"), ("record, then post", "lost")], ids=["double", "lost"]
)
def test_a1_the_usual_ways_lose_or_double_under_the_same_kills(strategy: str, wrong: str, tmp_path: Path) -> None:
    """What shows nothing wrong with these cannot show anything right with ours."""
    assert strategy in STRATEGIES
    tally = deliveries.die(tmp_path, strategy, "post.after", range(7))
    assert tally.died == tally.runs
    assert getattr(tally, wrong) > 0


@pytest.mark.matrix
@pytest.mark.parametrize("point", choosing.POINTS)
def test_a2_a_choice_or_a_group_that_dies_there_is_there_once(point: str, tmp_path: Path, cases: Cases) -> None:
    tally = choosing.die(tmp_path, point, range(20))
    whole(tally)
    cases(tally.runs)


@pytest.mark.matrix
@pytest.mark.parametrize("ten", range(5))
def test_a3_a_process_that_dies_among_two_hundred_mixed_events_keeps_all_of_them(
    ten: int, tmp_path: Path, cases: Cases
) -> None:
    wrong: list[str] = []
    deaths = 0
    for seed in range(10 * ten, 10 * ten + 10):
        died, problems = mixing.run(tmp_path, seed)
        print(f"seed {seed}: died {died} times, {len(problems)} problems")  # noqa: T201 - a seed is for who tries it again
        deaths, wrong = deaths + died, wrong + problems
    assert wrong == [], "\n".join(wrong)
    assert deaths >= 5, "most of them died on the way"
    cases(10)
