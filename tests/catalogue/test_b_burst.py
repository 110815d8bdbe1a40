"""B8: five hundred messages in ten seconds, in the threads of a session's groups; every one is acked soon and kept."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.faults.bot import Bot
from tests.faults.choosing import LEADS, order, place, tap_and_close
from tests.faults.invariants import Evidence, check
from tests.faults.mixing import PATIENT, heads_of
from tests.faults.place import Place

BURST, SECONDS, TIMES = 500, 10.0, 10
ACK_WITHIN = 1000.0
"""Milliseconds for all but one in a hundred; Slack gives three seconds."""
ROOM = 100.0
"""Megabytes that memory may grow in a burst."""


def memory() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def sentence(number: int) -> str:
    return f"We nodigen de ouders van school {number} voortaan uit voordat het plan af is."


async def everybody_talks(here: Place, threads: dict[str, str]) -> None:
    """Say one thing every twentieth of a second, whether or not the last one was heard."""
    speakers = {f"tp_{topic}": name.capitalize() for topic, name in LEADS.items()}
    async with httpx.AsyncClient(base_url=here.slack.address, timeout=60, trust_env=False) as people:

        async def say(number: int) -> None:
            await asyncio.sleep(number * SECONDS / BURST)
            topic = list(threads)[number % len(threads)]
            said = {
                "as": speakers[topic],
                "channel": "werksessie",
                "thread_ts": threads[topic],
                "text": sentence(number),
            }
            answer = await people.post("/_mens/say", json=said)
            assert answer.json()["ok"] is not None, answer.text

        await asyncio.gather(*(say(number) for number in range(BURST)))


@pytest.mark.matrix
@pytest.mark.parametrize("time", range(TIMES))
def test_b8_a_burst_is_acked_in_time_and_nothing_of_it_is_lost(
    time: int, tmp_path: Path, cases: Callable[[int], None]
) -> None:
    with place(tmp_path, {"retries": PATIENT}) as here:
        assert not here.live(tap_and_close(order(time)))

        async def listen(bot: Bot) -> None:
            before = memory()
            threads = await bot.world.database.read(heads_of)
            await everybody_talks(here, threads)
            await bot.people.get("/_mens/settled", params={"timeout": 40}, timeout=60)
            await bot.settle()
            (here.folder / "grown").write_text(str(memory() - before))

        assert not here.live(listen)
        acks = sorted(e["ms"] for e in here.slack.journal() if e["kind"] == "ack" and e["method"] == "message.channels")
        grown = float((here.folder / "grown").read_text())
        found = Evidence(here.database, here.slack.posts(), here.clock.now())
        kept = {str(text) for (text,) in found.rows("SELECT takeaway FROM impression")}
        p99 = acks[len(acks) * 99 // 100]
        print(f"burst {time}: {len(acks)} acks, p99 {p99:.0f} ms, {grown:+.0f} MB")  # noqa: T201 - the figures count
        assert [n for n in range(BURST) if sentence(n) not in kept] == [], "said and not kept"
        assert p99 < ACK_WITHIN
        assert grown < ROOM
        assert check(found) == []
    cases(BURST)
