"""A thousand taps in one second, in three sessions at once, through the real bot over a real socket."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections import Counter
from functools import partial
from itertools import pairwise
from pathlib import Path

from tests.bench import sockets

PEOPLE, SESSIONS = 1000, 3
LATE = 3.0
"""Seconds after which Slack shows an error under a button."""
SLACK_OF_A_CLOCK = 0.15
"""Seconds by which an update may seem early: it is timed where it arrives."""


async def test_every_tap_of_a_thousand_is_recorded_once_answered_and_counted(tmp_path: Path) -> None:
    slack = sockets.Slack(SESSIONS)
    subject = sockets.Subject(
        "oogst", partial(sockets.fill, sessions=SESSIONS, people=PEOPLE), ("-m", "handlers.terminal", "run")
    )
    load = sockets.Load("a rush", PEOPLE, PEOPLE)
    async with sockets.running(tmp_path, subject, slack):
        await _posted(slack)
        slack.updates = []
        speed = await slack.push(load, 0)
        await slack.settled(load)
        await slack.push(load, 0)  # Slack may bring the very same envelopes again
        await asyncio.sleep(6.0)
    assert speed.p99 < LATE * 1000
    assert slack.answered == PEOPLE, "everybody is answered, and a double is not answered twice"
    with sqlite3.connect(tmp_path / "oogst.db") as file:
        picks = file.execute("SELECT topic_id, count(*) FROM pick GROUP BY topic_id").fetchall()
        assert file.execute("SELECT count(*) FROM pick").fetchone() == (PEOPLE,)
    expected = Counter(f"tp_{n % (sockets.TOPICS * SESSIONS)}" for n in range(PEOPLE))
    assert dict(picks) == expected

    times = [update.at for update in slack.updates]
    assert all(later - sooner > 1.0 - SLACK_OF_A_CLOCK for sooner, later in pairwise(times))
    for channel in (f"C{n}" for n in range(1, SESSIONS + 1)):
        mine = [update for update in slack.updates if update.channel == channel]
        assert mine, "each message is painted"
        gaps = [later.at - sooner.at for sooner, later in pairwise(mine)]
        assert all(gap > 2.0 - SLACK_OF_A_CLOCK for gap in gaps)
        shown = re.findall(r"Thema (\d+)\* · (\d+)", str(mine[-1].blocks))
        assert {f"tp_{topic}": int(number) for topic, number in shown} == {
            topic: number
            for topic, number in expected.items()
            if f"Thema {topic.removeprefix('tp_')}*" in str(mine[-1])
        }, "the last one is right"


async def _posted(slack: sockets.Slack) -> None:
    """Wait until the message of each session is there, and a little for what follows it."""
    async with asyncio.timeout(sockets.LONGEST), slack.post:
        await slack.post.wait_for(lambda: slack.posted >= SESSIONS)
    await asyncio.sleep(1.0)
