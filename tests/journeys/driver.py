"""Drives the bot from outside: a practice Slack and the bot as processes, and people who press, type and read."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
SCENARIO = Path(__file__).with_name("scenario.yaml")
IDLE = httpx.Limits(keepalive_expiry=2)
"""The server closes what is idle for five seconds: who asks at that very moment would be cut off."""
ROSTER = Path(__file__).with_name("roster.csv")
PATIENCE = 20.0
"""Seconds in which something must have happened; a quiet machine needs less than one."""
START = 60.0
"""Seconds in which a process must have started; a quiet machine needs two."""


class Slack:
    """The practice Slack as a process."""

    def __init__(self, folder: Path, language: str, scenario: Path = SCENARIO, *options: str) -> None:
        text = scenario.read_text(encoding="utf-8").replace("LOCALE", {"nl": "nl-NL", "en": "en-GB"}[language])
        file = folder / "scenario.yaml"
        file.write_text(text, encoding="utf-8")
        command = [
            sys.executable,
            "-m",
            "playground",
            "--port",
            "0",
            "--manifest",
            str(ROOT / "manifest.json"),
            "--scenario",
            str(file),
        ]
        self._log = (folder / "slack.log").open("w")
        self.process = subprocess.Popen(
            [*command, *options], stdout=subprocess.PIPE, stderr=self._log, text=True, cwd=ROOT
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.startswith("ready "), (folder / "slack.log").read_text()
        self.address = line.split()[1]
        self._http = httpx.Client(base_url=self.address, timeout=60, trust_env=False, limits=IDLE)
        self.meant: set[str] = set()
        """Errors that a test brings about; any other call that is refused fails it."""

    def __call__(self, verb: str, **request: object) -> dict[str, Any]:
        """Ask the practice Slack something; it answers what a person would see."""
        answer = self._http.post(f"/_mens/{verb}", json=request)
        assert answer.status_code < 500, answer.text
        return dict(answer.json())

    def get(self, what: str, **request: Any) -> dict[str, Any]:
        """Read from the practice Slack."""
        return dict(self._http.get(f"/_mens/{what}", params=request).json())

    def as_(self, name: str) -> Person:
        """Be somebody."""
        return Person(self, name)

    def settle(self) -> None:
        """Wait until the bot has nothing left to do."""
        answer = self.get("settled", timeout=PATIENCE)
        assert answer["settled"], answer

    def download(self, file: dict[str, Any]) -> bytes:
        """Fetch a file that somebody sees."""
        answer = self._http.get(f"/_mens/files/{file['id']}")
        assert answer.status_code == 200, answer.text
        return answer.content

    def move_clock(self, to: str) -> list[str]:
        """Turn the clock to a moment (ISO, with zone); every due moment between is waited for."""
        answer = self("clock/move", to=to)
        assert "now" in answer and not answer.get("timed_out"), answer
        return list(answer["steps"])

    def rejected(self) -> list[dict[str, Any]]:
        """Return the calls that a real Slack would have refused; a connection that a test cut is no refusal.

        Nor is a window that somebody closed while it was drawn anew: who closed it misses nothing.
        """
        calls = [entry for entry in self.get("journal", since=0)["entries"] if entry["kind"] == "call"]
        answers = [(entry, entry.get("response") or {}) for entry in calls]
        meant = {"connection cut", *self.meant}
        refused = [(entry, answer["error"]) for entry, answer in answers if answer.get("ok") is False]
        closed = ("views.update", "not_found")
        return [entry for entry, error in refused if error not in meant and (entry.get("method"), error) != closed]

    def stop(self) -> None:
        """Let it go."""
        self._http.close()
        self.process.terminate()
        self.process.wait(10)
        self._log.close()
        assert self.process.stdout is not None
        self.process.stdout.close()


class Person:
    """Somebody in the workspace. What they do waits for the bot's ack; what they see is asked until it is there."""

    def __init__(self, slack: Slack, name: str) -> None:
        self.slack = slack
        self.name = name

    def do(self, verb: str, **request: object) -> dict[str, Any]:
        """Do something; it must be acked."""
        answer = self.slack(verb, **{"as": self.name, **request})
        assert answer.get("ok"), (verb, request, answer)
        return answer

    def press(self, label: str, **where: object) -> dict[str, Any]:
        return self.do("press", label=label, **where)

    def choose(self, label: str, **what: object) -> dict[str, Any]:
        return self.do("choose", label=label, **what)

    def type(self, label: str, text: str) -> dict[str, Any]:
        return self.do("type", label=label, text=text)

    def submit(self) -> dict[str, Any]:
        answer = self.do("submit")
        assert not answer.get("errors"), answer
        return answer

    def submit_with_errors(self) -> dict[str, str]:
        """Submit, and return the sentence under each field; the form stays."""
        answer = self.slack("submit", **{"as": self.name})
        assert answer.get("errors"), answer
        return dict(answer["errors"])

    def close_forms(self) -> None:
        """Close whatever is open on top."""
        while self.sees()["modal"]:
            self.do("close")

    def say(self, channel: str, text: str, thread_ts: str | None = None) -> str:
        return str(self.do("say", channel=channel, text=text, **({"thread_ts": thread_ts} if thread_ts else {}))["ts"])

    def command(self, text: str, channel: str = "werksessie-17-juni") -> dict[str, Any]:
        return self.do("command", channel=channel, text=text)

    def home(self, has: str = "") -> dict[str, Any]:
        """Open the Home and wait until it shows something."""
        self.do("home")
        return self.until(lambda: (found := self.sees()["home"]) and has in found["plain"] and found)

    def sees(self) -> dict[str, Any]:
        return self.slack.get("see", **{"as": self.name})

    def messages(self, channel: str) -> list[dict[str, Any]]:
        seen = self.sees()
        return list(seen["dm"] if channel == "@oogst" else seen["channels"][channel])

    def finds(self, channel: str, has: str, *, only_me: bool = False) -> dict[str, Any]:
        """Wait for a message that holds these words, and return the newest."""

        def look() -> dict[str, Any] | None:
            found = [m for m in self.messages(channel) if has in m["plain"] and (m["only_you"] or not only_me)]
            return found[-1] if found else None

        return self.until(look, f"{self.name} should read {has!r} in {channel}")

    def only_for_me(self, has: str, channel: str = "werksessie-17-juni") -> dict[str, Any]:
        return self.finds(channel, has, only_me=True)

    def modal(self, has: str = "") -> dict[str, Any]:
        """Wait for a form that holds these words."""
        return self.until(
            lambda: (found := self.sees()["modal"]) and has in found["plain"] and found, f"a form with {has!r}"
        )

    def until(self, look: Callable[[], Any], what: str = "") -> Any:
        """Look until there is something to see."""
        end = time.monotonic() + PATIENCE  # noqa: TID251 - a test waits in real time
        while time.monotonic() < end:  # noqa: TID251 - the same
            if found := look():
                return found
            time.sleep(0.05)
        raise AssertionError(f"{what} never came; {self.name} sees {_short(self.sees())}")


class Counter:
    """Counts what a person does with their fingers on a page, as the browser hears it: taps and keystrokes."""

    HEAR = """
        addEventListener("pointerdown", (event) => event.isTrusted && counted("tap"), true);
        addEventListener("keydown", (event) => event.isTrusted && counted("key"), true);
    """

    def __init__(self, page: Page) -> None:
        self.taps = self.keys = 0
        page.expose_function("counted", self._count)
        page.add_init_script(self.HEAR)

    def _count(self, what: str) -> None:
        if what == "tap":
            self.taps += 1
        else:
            self.keys += 1

    def outside(self, taps: int = 1) -> None:
        """Count taps outside the page: on a notification of the phone, or on the microphone of its keyboard."""
        self.taps += taps


def _short(seen: dict[str, Any]) -> str:
    lines = []
    for name, messages in [*seen["channels"].items(), ("@oogst", seen["dm"])]:
        lines += [f"#{name}: {message['user']}: {message['plain'][:300]!r}" for message in messages[-6:]]
    lines.append(f"modal: {seen['modal'] and seen['modal']['plain']!r}")
    lines.append(f"home: {seen['home'] and seen['home']['plain']!r}")
    return "\n".join(lines)


class Oogst:
    """The bot as a process, with its own database."""

    def __init__(self, slack: Slack, folder: Path, language: str, **environment: str) -> None:
        self.slack = slack
        self.folder = folder
        self.database = folder / "oogst.db"
        clean = {
            k: v
            for k, v in os.environ.items()
            if not k.upper().endswith("_PROXY") and not k.startswith(("OOGST_", "SLACK_"))
        }
        self.environment = clean | {
            "SLACK_BOT_TOKEN": "xoxb-practice",
            "SLACK_APP_TOKEN": "xapp-practice",
            "SLACK_API_URL": f"{slack.address}/api/",
            "OOGST_CLOCK_URL": f"{slack.address}/_mens/clock",
            "OOGST_DATABASE": str(self.database),
            "OOGST_LANGUAGE": language,
            **environment,
        }
        self.process: subprocess.Popen[bytes] | None = None
        self._log = (folder / "bot.log").open("ab")

    def run(self, *arguments: str | Path, code: int = 0, before: Sequence[str] = ()) -> str:
        """Run `oogst` with these arguments to its end; `before` is a program that starts it in another way."""
        done = subprocess.run(
            [*before, sys.executable, "-m", "handlers.terminal", *map(str, arguments)],
            env=self.environment, cwd=self.folder, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert done.returncode == code, (arguments, done.returncode, done.stdout, done.stderr)
        return done.stdout + done.stderr

    def start(self) -> None:
        """Start the bot and wait until it is at home in the workspace."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "handlers.terminal", "run"],
            env=self.environment,
            cwd=self.folder,
            stdout=self._log,
            stderr=self._log,
        )
        end = time.monotonic() + START  # noqa: TID251 - a test waits in real time
        while time.monotonic() < end:  # noqa: TID251 - the same
            assert self.process.poll() is None, self.log()
            answer = self.slack.get("settled", timeout=1)
            if answer["settled"] and answer["reported"]:
                return
        raise AssertionError(self.log())

    def stop(self, number: int = signal.SIGTERM) -> None:
        """Stop the bot: SIGTERM lets it finish, SIGKILL does not."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(15)
        self.process = None

    def restart(self, number: int = signal.SIGTERM) -> None:
        self.stop(number)
        self.start()

    def close(self) -> None:
        self.stop()
        self._log.close()

    def log(self) -> str:
        return (self.folder / "bot.log").read_text()[-6000:]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Look into the database, as a test may."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as connection:
            return list(connection.execute(query))


def texts(messages: Sequence[dict[str, Any]]) -> list[str]:
    """Return what was said, for comparing."""
    return [message["plain"] for message in messages]
