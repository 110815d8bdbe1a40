"""B8: five hundred messages in ten seconds, in the threads of a session's groups; every one is acked soon and kept."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.bot import Bot
from tests.faults.choosing import LEADS, order, place, tap_and_close
from tests.faults.invariants import Evidence, check
from tests.faults.mixing import PATIENT, heads_of
from tests.faults.talking import talk

BURST, SECONDS, TIMES = 500, 10.0, 10
ACK_WITHIN = 1000.0
"""Milliseconds for all but one in a hundred; Slack gives three seconds."""
ROOM = 100.0
"""Megabytes that memory may grow in a burst."""


def memory() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def sentence(number: int) -> str:
    return f"We nodigen de ouders van school {number} voortaan uit voordat het plan af is."


def everything(threads: dict[str, str]) -> list[tuple[float, dict[str, str]]]:
    """Say one thing every fiftieth of a second, in the threads in turn, whether or not the last one was heard."""
    speakers = {f"tp_{topic}": name.capitalize() for topic, name in LEADS.items()}
    turns = [list(threads)[number % len(threads)] for number in range(BURST)]
    return [
        (
            number * SECONDS / BURST,
            {
                "as": speakers[topic],
                "channel": "werksessie",
                "thread_ts": threads[topic],
                "text": sentence(number),
            },
        )
        for number, topic in enumerate(turns)
    ]


@pytest.mark.matrix
@pytest.mark.alone
@pytest.mark.parametrize("time", range(TIMES))
def test_b8_a_burst_is_acked_in_time_and_nothing_of_it_is_lost(
    time: int, tmp_path: Path, cases: Callable[[int], None]
) -> None:
    with place(tmp_path, {"retries": PATIENT}) as here:
        assert not here.live(tap_and_close(order(time)))

        async def listen(bot: Bot) -> None:
            before = memory()
            bot.clock.patient = True  # cards go out once a second, as they do outside, not all at once
            acks = await talk(here.slack.address, everything(await bot.world.database.read(heads_of)))
            bot.clock.patient = False
            grown = memory() - before
            (here.folder / "measured").write_text(json.dumps([acks, grown]))
            rest = await bot.people.get("/_mens/settled", params={"timeout": 120}, timeout=150)
            assert rest.json()["settled"], rest.text
            await bot.settle(within=240)
            await bot.ticker.tick()
            await bot.settle(within=240)

        assert not here.live(listen)
        acks, grown = json.loads((here.folder / "measured").read_text())
        found = Evidence(here.database, here.slack.posts(), here.clock.now())
        kept = {str(text) for (text,) in found.rows("SELECT takeaway FROM impression")}
        p99 = sorted(math.inf if ms is None else ms for ms in acks)[BURST * 99 // 100]
        print(f"burst {time}: {len(acks)} acks, p99 {p99:.0f} ms, {grown:+.0f} MB")  # noqa: T201 - the figures count
        assert [n for n in range(BURST) if sentence(n) not in kept] == [], "said and not kept"
        assert found.rows("SELECT count(*) FROM article_source") == [(BURST,)], "the draft took in all of it"
        assert p99 < ACK_WITHIN
        assert grown < ROOM
        assert check(found) == []
    cases(BURST)
