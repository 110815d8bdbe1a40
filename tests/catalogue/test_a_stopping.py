"""A10: the real `oogst run` is asked to stop while a message is on its way to Slack."""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from handlers.terminal import main
from tests.faults.choosing import in_session
from tests.faults.invariants import Evidence, check
from tests.faults.moving import SharedClock
from tests.faults.place import NOON
from tests.faults.slack import PracticeSlack

CASES = 20
LONGEST = 10.0
"""Seconds in which it must be gone; whoever asks it to stop kills it then."""


def oogst_run(folder: Path, slack: PracticeSlack) -> int:
    """Start `oogst run` in a process of its own, which has everything imported already; returns its id."""
    child = os.fork()
    if child:
        return child
    gc.disable()
    log = os.open(folder / "bot.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    code = 1
    try:
        os.chdir(folder)
        for name in [each for each in os.environ if each.startswith(("OOGST_", "SLACK_"))]:
            del os.environ[name]
        os.environ |= {
            "SLACK_BOT_TOKEN": "xoxb-practice",
            "SLACK_APP_TOKEN": "xapp-practice",
            "SLACK_API_URL": f"{slack.address}/api/",
            "OOGST_CLOCK_URL": f"{slack.address}/_mens/clock",
            "OOGST_DATABASE": str(folder / "oogst.db"),
            "OOGST_LANGUAGE": "nl",
        }
        sys.argv = ["oogst", "run"]
        main()
        code = 0
    except SystemExit as left:
        code = int(left.code or 0)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def under_way(slack: PracticeSlack, within: float = 60.0) -> None:
    """Wait until the post has reached Slack, whose answer is held back."""
    end = time.monotonic() + within  # noqa: TID251 - a process is waited for in real time
    while time.monotonic() < end:  # noqa: TID251 - the same
        if any(entry["method"] == "chat.postMessage" for entry in slack.journal()):
            return
        time.sleep(0.01)
    raise AssertionError("it never posted")


def at_home(slack: PracticeSlack, within: float = 60.0) -> None:
    """Wait until the bot has told that it follows the clock."""
    end = time.monotonic() + within  # noqa: TID251 - the same
    while time.monotonic() < end:  # noqa: TID251 - the same
        found = slack.http.get("/_mens/settled", params={"timeout": 2}, timeout=60).json()
        if found["settled"] and found["reported"]:
            return
        time.sleep(0.05)
    raise AssertionError("it never came back")


def stopped(folder: Path, child: int) -> float:
    """Ask it to stop, and return after how many seconds it was gone; it must have ended by itself, and well."""
    began = time.monotonic()  # noqa: TID251 - the same
    os.kill(child, signal.SIGTERM)
    while (found := os.waitpid(child, os.WNOHANG)) == (0, 0):
        if time.monotonic() - began > LONGEST + 5:  # noqa: TID251 - the same
            os.kill(child, signal.SIGKILL)
        time.sleep(0.01)
    assert os.WIFEXITED(found[1]) and os.WEXITSTATUS(found[1]) == 0, (folder / "bot.log").read_text()[-3000:]
    return time.monotonic() - began  # noqa: TID251 - the same


@pytest.mark.matrix
@pytest.mark.parametrize("case", range(CASES))
def test_a10_a_bot_that_is_stopped_while_it_sends_is_gone_in_ten_seconds_and_sends_once(
    case: int, tmp_path: Path, cases: Callable[[int], None]
) -> None:
    (tmp_path / "oogst.db").write_bytes(in_session())
    slack = PracticeSlack(SharedClock(NOON))
    delay = (0.2, 0.8, 2.0, 6.0, 9.5)[case % 5]
    when = "delay_before" if case % 2 else "delay_after"
    try:
        assert slack.ask("faults", method="chat.postMessage", **{when: delay})["ok"]
        first = oogst_run(tmp_path, slack)
        under_way(slack)
        assert stopped(tmp_path, first) <= LONGEST
        second = oogst_run(tmp_path, slack)
        at_home(slack)
        for _ in range(2):
            assert slack.http.get("/_mens/settled", params={"timeout": 30}, timeout=60).json()["settled"]
            assert not slack.ask("clock/move", by_seconds=65).get("timed_out")
        now = slack.http.get("/_mens/clock").json()["now"]
        stopped(tmp_path, second)
        posts = [post for post in slack.posts() if post.channel == "CWS"]
        assert len(posts) == 1, posts
        assert check(Evidence(tmp_path / "oogst.db", slack.posts(), datetime.fromisoformat(now))) == []
    finally:
        slack.stop()
    cases(1)
