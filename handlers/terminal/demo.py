"""`oogst demo`: the unchanged bot in a practice Slack, on this computer, in one command.

The practice Slack is a program of its own, started by name; the bot reaches it as it would reach Slack.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import webbrowser
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import httpx
import typer

from handlers.manifest import manifest_path
from handlers.settings import names
from handlers.terminal.screen import CROSS, DONE, Screen, make_screen, without_proxies

HOST = "127.0.0.1"
PRACTICE_TOKENS = {"SLACK_BOT_TOKEN": "xoxb-practice", "SLACK_APP_TOKEN": "xapp-practice"}
ROSTER = Path(__file__).with_name("practice.csv")

KEPT = ("OOGST_LANGUAGE", "OOGST_LOG_LEVEL")
"""What the demo takes over of the administrator's own settings; the rest belongs to their real workspace."""

START_TIMEOUT = 30.0
"""Seconds for a part to be ready on a slow machine."""
STOP_TIMEOUT = 8.0
"""Seconds for a part to save and go, before it is stopped for good."""
LAST_LINES = 15
AFRESH = 3
"""The exit code with which the practice Slack asks to start everything afresh, the bot's memory included."""


class PartEnded(Exception):
    """A part of the demo stopped by itself."""

    def __init__(self, part: Part) -> None:
        """Keep what it said last: its log may be gone by the time somebody asks."""
        super().__init__(part.name)
        self.part = part.name
        said = part.log.read_text(encoding="utf-8", errors="replace")
        self.last_words = said.splitlines()[-LAST_LINES:]


class Interrupted(Exception):
    """The person, or the system, asked the demo to stop."""


@dataclass
class Part:
    """A program that the demo started, with the file it writes to."""

    name: str
    process: subprocess.Popen[str]
    log: Path


def demo(*, port: int, keep: Path | None, open_page: bool) -> int:
    """Run the practice Slack and the bot until Ctrl-C; returns the exit code. Leaves nothing behind without `keep`."""
    screen = make_screen(Path(".env"))
    if importlib.util.find_spec("uvicorn") is None:
        screen.complain(screen.words("demo.needs_practice"))
        return CROSS
    try:
        with _interruptible(), ExitStack() as stack:
            folder = _folder(keep, stack)
            free = _free_port(port)
            if port and free != port:
                screen.warn(screen.words("demo.port_taken", port=port, other=free))
            screen.say("demo.starting")
            address = f"http://{HOST}:{free}"
            with ExitStack() as first:
                parts = _start(folder, free, address, screen, first)
                screen.good(screen.words("demo.ready", address=address))
                if keep:
                    screen.off(screen.words("demo.kept_in", folder=folder))
                screen.say("demo.stop_with")
                if open_page:
                    webbrowser.open(address)
                _watch(parts)
            while True:
                screen.say("demo.afresh")
                _empty(folder)
                with ExitStack() as next_one:
                    _watch(_start(folder, free, address, screen, next_one))
    except PartEnded as ended:
        screen.complain(screen.words("demo.child_ended", part=ended.part))
        for line in ended.last_words:
            screen.show(f"  {line}")
        return CROSS
    except OSError as error:
        screen.complain(screen.words("demo.folder_bad", folder=error.filename or keep or "", reason=screen.why(error)))
        return CROSS
    except Interrupted:
        screen.show()
        screen.say("demo.stopped_kept", folder=keep) if keep else screen.say("demo.stopped")
    return DONE


def _start(folder: Path, port: int, address: str, screen: Screen, stack: ExitStack) -> list[Part]:
    """Start the practice Slack, fill it with people, start the bot, and wait until it is at home there."""
    _become_practice(folder, address)
    slack_command = [sys.executable, "-m", "playground", "--port", str(port), "--manifest", str(manifest_path())]
    slack = _launch("slack", [*slack_command, "--reset-exits", "--keep", str(folder / "slack")], folder, screen, stack)
    from handlers.terminal.practice_trail import fill  # takes a second, in which the practice Slack starts
    from handlers.terminal.roster import roster

    _wait_for_line(slack, "ready ")
    if code := roster(folder / ".env", ROSTER):
        raise typer.Exit(code)
    fill(folder / ".env")
    bot = _launch("bot", [sys.executable, "-m", "handlers.terminal", "run"], folder, screen, stack)
    _wait_until_settled(address, [slack, bot])
    return [slack, bot]


def _become_practice(folder: Path, address: str) -> None:
    """Make the environment of this process and its parts that of the practice workspace, and of nothing else."""
    kept = {name: value for name, value in without_proxies().items() if name in KEPT or name not in names()}
    os.environ.clear()
    os.environ.update(kept)
    os.environ.update(PRACTICE_TOKENS)
    os.environ["SLACK_API_URL"] = f"{address}/api/"
    os.environ["OOGST_CLOCK_URL"] = f"{address}/_mens/clock"
    os.environ["OOGST_DATABASE"] = str(folder / "oogst.db")
    os.environ["PYTHONUNBUFFERED"] = "1"


def _launch(name: str, command: list[str], folder: Path, screen: Screen, stack: ExitStack) -> Part:
    """Start a program that is stopped again when the stack unwinds, the last one first.

    A session of its own: Ctrl-C reaches the demo alone, which then stops its parts in order.
    """
    log = folder / f"{name}.log"
    with log.open("w", encoding="utf-8") as file:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT, text=True,
            start_new_session=True, cwd=folder,
        )  # fmt: skip
    part = Part(screen.words(f"demo.part_{name}"), process, log)
    stack.callback(_stop, part)
    return part


def _stop(part: Part) -> None:
    if part.process.poll() is None:
        part.process.terminate()
        try:
            part.process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            part.process.kill()
            part.process.wait()


def _wait_for_line(part: Part, beginning: str) -> None:
    """Wait until a part says that it is ready. Raises PartEnded when it stops, or takes too long."""
    for _ in _moments(START_TIMEOUT):
        if part.process.poll() is not None:
            break
        if any(line.startswith(beginning) for line in part.log.read_text(encoding="utf-8").splitlines()):
            return
    raise PartEnded(part)


def _wait_until_settled(address: str, parts: list[Part]) -> None:
    """Wait until the bot is connected and has nothing left to do. Raises PartEnded when a part stops first."""
    with httpx.Client(base_url=address, trust_env=False, timeout=5) as client:
        for _ in _moments(START_TIMEOUT):
            for part in parts:
                if part.process.poll() is not None:
                    raise PartEnded(part)
            try:
                answer = client.get("/_mens/settled", params={"timeout": 1}).json()
                if answer.get("settled") and answer.get("reported"):
                    return
            except httpx.HTTPError:
                continue
    raise PartEnded(parts[-1])


def _watch(parts: list[Part]) -> None:
    """Wait until somebody starts afresh on the page. Raises PartEnded when a part stops by itself."""
    while True:
        for part in parts:
            try:
                code = part.process.wait(0.5)
            except subprocess.TimeoutExpired:
                continue
            if part is parts[0] and code == AFRESH:
                return
            raise PartEnded(part)


def _empty(folder: Path) -> None:
    """Forget what the bot and the practice Slack remember."""
    for file in folder.glob("oogst.db*"):
        file.unlink()
    shutil.rmtree(folder / "slack", ignore_errors=True)


def _moments(seconds: float) -> Iterator[None]:
    """Give ten chances a second."""
    pause = 0.1
    for _ in range(round(seconds / pause)):
        time.sleep(pause)
        yield


def _folder(keep: Path | None, stack: ExitStack) -> Path:
    """Return where everything is kept: the folder that was asked for, or one that is gone afterwards."""
    if keep is None:
        return Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="oogst-demo-")))
    keep.mkdir(parents=True, exist_ok=True)
    return keep.resolve()


def _free_port(wanted: int) -> int:
    """Return the port that was asked for, or a free one when it is taken."""
    for port in (wanted, 0):
        with socket.socket() as door:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                door.bind((HOST, port))
            except OSError:
                continue
            return int(door.getsockname()[1])
    return wanted


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let Ctrl-C, a terminal that is closed and a system that stops all end the demo in the same tidy way."""
    numbers = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]

    def stop(number: int, frame: FrameType | None) -> None:
        for each in numbers:
            signal.signal(each, signal.SIG_IGN)  # a second Ctrl-C must not interrupt the tidying up
        raise Interrupted

    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
