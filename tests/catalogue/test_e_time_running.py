"""Time as the running bot meets it: clocks that jump, computers that sleep, weeks in which it was off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bot.article import Part
from bot.programme import Role
from handlers import digest
from handlers.liveness import Liveness
from handlers.slack import kinds
from handlers.ticker import TICK_SECONDS, Ticker
from storage.timetable import OccurrenceRow
from tests.handlers.house import TEAM, House, SetClock, wall

FIRST = wall(2026, 3, 3, 9)
"""A Tuesday: all regions have their turn."""


class TwoClocks(SetClock):
    """A wall that a test sets, and a monotonic clock on which ticks come every thirty seconds unless it is told."""

    passed = 0.0

    def monotonic(self) -> float:
        return self.passed


class Hours:
    """A bot with regions that ticks; its wall clock and the true time may part."""

    def __init__(self, folder: Path, regions: int, begin: datetime) -> None:
        folder.mkdir(exist_ok=True)
        self.house = House(folder, begin)
        self.clock = TwoClocks(begin)
        self.house.clock = self.house.world.clock = self.clock
        self.regions = [self.house.region(f"Regio {number}") for number in range(regions)]
        self.house.person("ineke", self.regions[0], Role.COORDINATOR)
        self.ticker = Ticker(self.house.world, [digest.RHYTHM], lambda: True)

    def tick(self, at: datetime, passed: float = TICK_SECONDS) -> None:
        self.house.at(at)
        self.clock.passed += passed
        self.house.do(self.ticker.tick())

    def off(self, until: datetime) -> None:
        """Off, and started again: what a process knows by itself is gone."""
        self.house.world.liveness = Liveness()
        self.tick(until)

    def news(self, starts: datetime) -> None:
        session = self.house.session(starts, regions=self.regions[:1])
        self.house.article(session, [[(Part.BODY, "We nodigen de school uit vóór we iets inkopen.")]])

    def turns(self) -> Counter[tuple[str, str]]:
        """How often each period came up per state, over all regions."""
        rows = self.house.read(lambda db: list(db.exec(select(OccurrenceRow).where(OccurrenceRow.team_id == TEAM))))
        return Counter((row.period_key, row.state) for row in rows if row.rule_id.startswith("digest:"))

    def close(self) -> None:
        self.house.database.close()


JUMPS = (timedelta(hours=1), timedelta(days=3), timedelta(hours=-1), timedelta(days=-1), timedelta(seconds=2))


@pytest.mark.parametrize(
    "starts", [(-1, 0.01), pytest.param((-30, -0.01, 0, 1, 30, 100), marks=pytest.mark.matrix)], ids=["a few", "more"]
)
def test_e3_a_wall_clock_that_jumps_costs_and_doubles_no_digest(
    tmp_path: Path, cases: Callable[[int], None], starts: tuple[float, ...]
) -> None:
    """The wall is moved at some moment of the week and put right a day later; the bot ticks on throughout."""
    for number, jump in enumerate(JUMPS):
        for start in starts:
            run = Hours(tmp_path / f"{number}{start}", 1, FIRST - timedelta(days=6))
            moment, ahead = FIRST - timedelta(days=5), timedelta(0)
            steps = sorted(
                {FIRST + timedelta(days=day) for day in (-1, 0, 1, 3, 7, 9, 14)}
                | {FIRST + timedelta(hours=start), FIRST + timedelta(hours=start, days=1)}
            )
            for moment in steps:
                since = moment - (FIRST + timedelta(hours=start))
                ahead = jump if timedelta(0) <= since < timedelta(days=1) else timedelta(0)
                run.tick(moment + ahead)
            found = run.turns()
            done = {period: count for (period, state), count in found.items() if state != "skipped"}
            assert {done.get(period) for period in ("2026-W10", "2026-W11", "2026-W12")} == {1}, (jump, start, found)
            assert max(found.values()) == 1
            run.close()
            cases(1)


def test_e3_a_scheduler_that_waits_by_the_wall_is_helped_by_the_monotonic_clock(tmp_path: Path) -> None:
    run = Hours(tmp_path, 1, FIRST)
    liveness, clock = run.house.world.liveness, run.clock
    run.tick(FIRST)
    begun = clock.monotonic()
    assert not liveness.tick_is_late(begun + 2 * TICK_SECONDS)
    assert liveness.tick_is_late(begun + 3 * TICK_SECONDS), "whatever the wall says, after three ticks it helps itself"
    assert liveness.problems(begun + 3 * TICK_SECONDS) == ["ticker"]
    run.close()


def test_e4_after_days_off_each_region_has_at_most_one_digest(tmp_path: Path, cases: Callable[[int], None]) -> None:
    away = {
        timedelta(minutes=5): (0, 1),
        timedelta(hours=47): (0, 1),
        timedelta(hours=49): (1, 0),
        timedelta(days=8): (1, 1),
        timedelta(days=60): (9, 0),
    }
    for number, (late, (skipped, done)) in enumerate(away.items()):
        run = Hours(tmp_path / str(number), 12, FIRST - timedelta(days=7, hours=1))
        run.tick(FIRST - timedelta(days=7))
        run.tick(FIRST - timedelta(days=3))
        run.news(FIRST - timedelta(days=4))
        back = FIRST + late
        run.off(back)
        after = run.turns()
        new = {key: count for key, count in after.items() if key[0] != "2026-W09"}
        assert sum(count for (_, state), count in new.items() if state == "skipped") == 12 * skipped, (late, after)
        assert sum(count for (_, state), count in new.items() if state == "done") == 12 * done, (late, after)
        posted = run.house.owed("digest.post")
        assert len(posted) <= 12
        if done:
            moments = [row.not_before for row in posted if row.not_before]
            assert moments and max(moments) - min(moments) <= timedelta(minutes=10)
            if late > timedelta(minutes=10) and len(moments) > 1:
                assert len(set(moments)) > 1, "not all at once"
        notes = run.house.owed("digest.skipped")
        assert [row.user_id for row in notes] == (["ineke"] if skipped else []), "one note, for all regions together"
        for row in notes:
            assert run.house.draw(row, kinds()) is not None
        run.tick(back + timedelta(minutes=1))
        assert run.turns() == after and len(run.house.owed("digest.skipped")) == len(notes)
        cases(12)
        run.close()


def test_e5_a_computer_that_slept_ticks_on_and_is_late_by_as_much(tmp_path: Path) -> None:
    run = Hours(tmp_path, 1, FIRST - timedelta(days=7, hours=1))
    run.tick(FIRST - timedelta(days=7))
    run.news(FIRST - timedelta(days=4))
    run.tick(FIRST - timedelta(minutes=1))
    awake = run.house.world.liveness.awake_since
    run.tick(FIRST + timedelta(hours=2), passed=7260)
    assert run.turns()["2026-W10", "done"] == 1
    assert run.house.world.liveness.awake_since == FIRST + timedelta(hours=2) != awake
    rows = run.house.read(lambda db: list(db.exec(select(OccurrenceRow))))
    assert {row.done_at - row.due_at for row in rows if row.period_key == "2026-W10"} == {timedelta(hours=2)}
    run.close()
