"""Turns to ask Slack: what several processes ask together is what one may ask."""

import pytest

from bot.pacing import LIMITS, Pace

SECONDS = 120


@pytest.mark.parametrize("method", LIMITS)
@pytest.mark.parametrize("sharers", [1, 2, 3, 7, 20])
def test_processes_that_share_ask_slack_no_more_often_than_one(method: str, sharers: int) -> None:
    limit = LIMITS[method]
    paces = [Pace() for _ in range(sharers)]
    turns = [
        [pace.turn("T1", method, 0.0, sharers) for _ in range(int(2 * limit.a_minute) + limit.at_once)]
        for pace in paces
    ]
    asked = sorted(turn for mine in turns for turn in mine if turn < SECONDS)
    at_once = max(limit.at_once, sharers)  # nobody can do with less than one turn
    for first, begin in enumerate(asked):
        within = sum(1 for turn in asked[first:] if turn < begin + 60)
        assert within <= at_once + limit.a_minute, begin
    assert len(asked) >= limit.a_minute * SECONDS / 60, "and together they use all of it"


def test_a_process_that_is_alone_again_takes_the_whole_budget() -> None:
    pace = Pace()
    early = [pace.turn("T1", "chat.postMessage", 0.0, 4) for _ in range(20)]
    late = [pace.turn("T1", "chat.postMessage", 1000.0, 1) for _ in range(20)]
    assert early[-1] - early[10] == pytest.approx(9.0)
    assert late[-1] - late[10] == pytest.approx(9 * 0.25)
