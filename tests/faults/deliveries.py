"""A1: the process dies at each step of a delivery, under our protocol and under the two usual ones."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tests.faults import baselines, scenarios
from tests.faults.bot import Bot
from tests.faults.invariants import Evidence, check
from tests.faults.place import NOON, Act, Kill, Place, a_place, nth_of
from tests.faults.scenarios import MESSAGES, Owed, lost_and_double
from tests.handlers.house import House, wall

POINTS = (
    "plan.before", "plan.after", "commit.after", "claim.after", "post.before", "post.during", "post.after",
    "answer.after", "record.after", "heal.before",
)  # fmt: skip
NIGHT = wall(2021, 6, 18, 4, 1)
Strategy = Callable[[list[Owed]], Any]
OURS = "outbox"
STRATEGIES: dict[str, Strategy] = {
    OURS: scenarios.deliver,
    "post, then record": baselines.post_then_record,
    "record, then post": baselines.record_then_post,
}


@dataclass
class Tally:
    """What came of the runs at one place: how many, how many died there, and what was wrong after two restarts."""

    runs: int = 0
    died: int = 0
    lost: int = 0
    double: int = 0
    wrong: list[str] = field(default_factory=list)


@cache
def empty() -> bytes:
    """A database with a programme and its people, and nothing owed."""
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder), NOON)
        for name in ("noor", "samir", "sanne", "youssef", "lotte", "ineke"):
            house.person(name)
        house.database.close()
        return whole(house)


def whole(house: House) -> bytes:
    """The file of a house that was left, with all that its log held."""
    return Path(house.database.location).read_bytes()


@contextmanager
def place(folder: Path) -> Iterator[Place]:
    made = a_place(folder, empty(), more=MESSAGES)
    try:
        yield made
    finally:
        made.stop()


@cache
def reaches(strategy: str) -> Counter[str]:
    """How often each place is passed when nobody dies."""
    with tempfile.TemporaryDirectory() as folder, place(Path(folder)) as calm:
        assert not calm.live(STRATEGIES[strategy](scenarios.mixed(0)))
        counts = Counter(calm.reached)
        if strategy == OURS:
            copy_one(calm)
            assert not calm.live(the_night)
            counts["heal.before"] = calm.reached["heal.before"]
        return counts


def copy_one(here: Place) -> None:
    """Let a copy of the first message stand at Slack as well, as when Slack shows a post much later."""
    first = next(post for post in here.slack.posts() if post.mark)
    metadata = {"event_type": "oogst_message", "event_payload": {"k": first.mark}}
    copy = {"channel": first.channel, "text": first.text, "metadata": metadata}
    token = {"Authorization": "Bearer xoxb-practice"}
    answer = here.slack.http.post("/api/chat.postMessage", json=copy, headers=token).json()
    assert answer["ok"], answer


async def the_night(bot: Bot) -> None:
    """Live until everything was looked over: from four in the morning, a channel a minute."""
    await bot.settle()
    bot.clock.move_to(NIGHT)
    for _ in range(5):
        await bot.ticker.tick()
        await bot.settle()
        bot.clock.move(61)


def die(folder: Path, strategy: str, point: str, seeds: Iterable[int]) -> Tally:
    """Let a process die at this place, once for each seed, start it twice more, and look."""
    tally = Tally()
    for seed in seeds:
        work = scenarios.mixed(seed)
        act: Act = STRATEGIES[strategy](work)
        kill = Kill(point, nth_of(seed, reaches(strategy)[point]))
        with place(folder / f"{os.getpid()}-{seed}") as here:
            tally.runs += 1
            if point == "heal.before":
                assert not here.live(act)
                copy_one(here)
                act = the_night
            tally.died += here.live(act, kill)
            here.recover(act)
            posts = here.slack.posts()
            lost, double = lost_and_double(work, posts)
            tally.lost, tally.double = tally.lost + len(lost), tally.double + len(double)
            if strategy == OURS:
                problems = check(Evidence(here.database, posts, here.clock.now()))
                tally.wrong += [f"seed {seed}, {point} {kill.nth}: {each}" for each in (*problems, *lost, *double)]
    return tally
