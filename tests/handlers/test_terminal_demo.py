"""`oogst demo`: one command, a practice Slack with the bot in it, and nothing left behind."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from bot.trail import Kind, State
from handlers.terminal import practice_trail
from tests import postgres
from tests.handlers.terminal_practice import Terminal

pytestmark = postgres.sqlite_only("the demo keeps what it knows in a file, wherever the tests keep theirs")

PATIENCE = 60.0


class Demo:
    """A demo that runs, started as a person would from a shell."""

    def __init__(self, folder: Path, *arguments: str, **environment: str) -> None:
        self.temporary = folder / "tmp"
        self.temporary.mkdir(exist_ok=True)
        terminal = Terminal(folder, TMPDIR=str(self.temporary), **environment)
        command = [sys.executable, "-m", "handlers.terminal", "demo", "--no-open", *arguments]
        self.log = folder / "demo.log"
        with self.log.open("w") as file:
            self.process = subprocess.Popen(
                command, cwd=folder, env=terminal.environment, stdin=subprocess.DEVNULL, stdout=file, stderr=file,
                start_new_session=True,
            )  # fmt: skip
        self.address = ""

    def wait(self) -> Demo:
        """Wait until the page is there."""
        for _ in range(round(PATIENCE * 10)):
            if found := re.search(r"staat klaar: (http://127\.0\.0\.1:\d+)", self.said):
                self.address = found[1]
                return self
            assert self.process.poll() is None, self.said
            time.sleep(0.1)
        raise AssertionError(self.said)

    @property
    def said(self) -> str:
        return self.log.read_text()

    def children(self) -> list[int]:
        own = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in own.read_text().split()]

    def get(self, what: str, **request: object) -> object:
        return httpx.get(f"{self.address}/_mens/{what}", params=request, trust_env=False, timeout=30).json()  # type: ignore[arg-type]  # httpx takes them

    def sees(self, name: str) -> str:
        """What somebody sees; nothing while the practice Slack is away."""
        try:
            return str(self.get("see", **{"as": name}))
        except httpx.HTTPError:
            return ""

    def press_ctrl_c(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(30)


def patiently(look: Callable[[], bool]) -> bool:
    """Say whether something comes true within the time we have."""
    for _ in range(round(PATIENCE * 10)):
        if look():
            return True
        time.sleep(0.1)
    return False


@pytest.fixture
def demos(tmp_path: Path) -> Iterator[list[Demo]]:
    """The demos of a test; one that a failing test left running is stopped."""
    running: list[Demo] = []
    yield running
    for demo in running:
        if demo.process.poll() is None:
            demo.process.terminate()
            demo.process.wait(30)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_pages_of_the_regions_show_what_a_region_keeps() -> None:
    regions = {"Haaglanden": "rg_1", "Nieuwe Waterweg Noord": "rg_2"}
    people = {name: f"U{name}" for name in ("Noor", "Samir", "Ineke")}
    found = list(practice_trail.read(regions, people, "T1"))
    for region in regions.values():
        here = [entry for entry in found if entry.region == region]
        kinds = {entry.kind for entry in here}
        assert {Kind.AMBITION, Kind.PARTNER, Kind.FACT, Kind.PHASE, Kind.EXPERIENCE} < kinds
        assert {Kind.ASSIGNMENT, Kind.POINT, Kind.PRECONDITION, Kind.MILESTONE, Kind.ROLE} < kinds
        assert {Kind.EXAMPLE, Kind.OBSTACLE, Kind.REQUEST, Kind.INDICATOR} < kinds
        assert {entry.text("aspect") for entry in here} >= {"easy", "hard", "conclusion"}
        assert [entry for entry in here if entry.kind is Kind.PHASE and not entry.text("ends")]
        assert [entry for entry in here if entry.text("standing") == "vacant"]
        assert any(entry.kind is Kind.EXAMPLE and entry.state is State.SHARED for entry in here)
    assert [entry.kind for entry in found if entry.region is None]


def test_one_command_gives_a_filled_workspace_and_ctrl_c_leaves_nothing(tmp_path: Path, demos: list[Demo]) -> None:
    (tmp_path / ".env").write_text("OOGST_TIMEZONE=Mars\nSLACK_BOT_TOKEN=xoxb-real\n")
    demos.append(demo := Demo(tmp_path, "--port", "0", SLACK_APP_TOKEN="xapp-real", OOGST_DATABASE="real.db").wait())
    assert httpx.get(demo.address, trust_env=False).status_code == 200
    assert "xoxb-real" not in str(demo.get("journal", since=0)), "the settings of a real workspace are not used"
    assert "Ineke" in str(demo.get("see", **{"as": "Noor"}))
    parts = demo.children()
    assert len(parts) == 2, "the practice Slack and the bot"
    assert demo.press_ctrl_c() == 0
    assert "Gestopt en opgeruimd." in demo.said
    assert not any(is_alive(pid) for pid in parts)
    assert list(demo.temporary.iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == [".env", "demo.log", "tmp"]


@pytest.mark.matrix
def test_a_port_that_is_taken_is_no_reason_to_stop(tmp_path: Path, demos: list[Demo]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        demos.append(demo := Demo(tmp_path, "--port", str(port)).wait())
        assert f"Poort {port} is bezet. Ik neem poort {demo.address.rsplit(':', 1)[1]}." in demo.said


@pytest.mark.matrix
def test_a_folder_that_is_kept_is_gone_on_from(tmp_path: Path, demos: list[Demo]) -> None:
    demos.append(demo := Demo(tmp_path, "--port", "0", "--keep", "bewaard").wait())
    said = {"as": "Noor", "channel": "inspiratieregios", "text": "Dit blijft staan."}
    httpx.post(f"{demo.address}/_mens/say", json=said, trust_env=False, timeout=30).raise_for_status()
    assert demo.press_ctrl_c() == 0
    assert "Alles staat in bewaard." in demo.said
    assert (tmp_path / "bewaard" / "oogst.db").exists()
    demos.append(again := Demo(tmp_path, "--port", "0", "--keep", "bewaard").wait())
    assert "Dit blijft staan." in str(again.get("see", **{"as": "Samir"}))


@pytest.mark.matrix
def test_a_part_that_dies_ends_the_demo_with_its_last_words(tmp_path: Path, demos: list[Demo]) -> None:
    demos.append(demo := Demo(tmp_path, "--port", "0").wait())
    slack, bot = sorted(demo.children())
    os.kill(bot, signal.SIGKILL)
    assert demo.process.wait(30) == 1
    assert "De bot is gestopt. Dit zei hij het laatst:" in demo.said
    assert "connected" in demo.said.rsplit("laatst:", 1)[1]
    assert "Traceback" not in demo.said
    assert not is_alive(slack)
    assert list(demo.temporary.iterdir()) == []


@pytest.mark.matrix
def test_a_terminal_that_is_closed_ends_the_demo_too(tmp_path: Path, demos: list[Demo]) -> None:
    demos.append(demo := Demo(tmp_path, "--port", "0").wait())
    parts = demo.children()
    demo.process.send_signal(signal.SIGHUP)
    assert demo.process.wait(30) == 0
    assert not any(is_alive(pid) for pid in parts)


@pytest.mark.matrix
def test_a_proxy_does_not_come_between_the_bot_and_this_computer(tmp_path: Path, demos: list[Demo]) -> None:
    proxy = {"HTTPS_PROXY": "http://192.0.2.1:3128", "http_proxy": "http://192.0.2.1:3128", "ALL_PROXY": "socks5://x:1"}
    demos.append(demo := Demo(tmp_path, "--port", "0", **proxy).wait())
    assert demo.press_ctrl_c() == 0


def test_a_folder_that_cannot_be_used_is_told_plainly(tmp_path: Path, demos: list[Demo]) -> None:
    (tmp_path / "bestand").write_text("geen map")
    demos.append(demo := Demo(tmp_path, "--port", "0", "--keep", "bestand/map"))
    assert demo.process.wait(30) == 1
    assert "De map bestand/map is niet te gebruiken" in demo.said
    assert "Traceback" not in demo.said


@pytest.mark.matrix
def test_starting_afresh_starts_the_memory_of_the_bot_afresh_too(tmp_path: Path, demos: list[Demo]) -> None:
    demos.append(demo := Demo(tmp_path, "--port", "0").wait())
    old = demo.children()
    said = {"as": "Noor", "channel": "inspiratieregios", "text": "Dit gaat weg."}
    httpx.post(f"{demo.address}/_mens/say", json=said, trust_env=False, timeout=30).raise_for_status()
    httpx.post(f"{demo.address}/_mens/reset", trust_env=False, timeout=30).raise_for_status()
    assert patiently(lambda: len(set(demo.children()) - set(old)) == 2), "both parts are new ones"
    assert patiently(lambda: "Kies je thema" in demo.sees("Noor"))
    assert "Dit gaat weg." not in demo.sees("Noor")
    assert demo.press_ctrl_c() == 0
    assert list(demo.temporary.iterdir()) == []
