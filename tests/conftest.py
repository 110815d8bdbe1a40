"""What holds for every test: nothing leaves this computer, and what is left out is said in the last lines."""

from __future__ import annotations

import ipaddress
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest_plugins = ["tests.catalogue.recording", "tests.logs", "tests.practice.recording", "tests.statements"]

ROOT = Path(__file__).parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
NO_BROWSER = "no Chromium on this machine"
STRICT = "OOGST_LEAVE_NOTHING_OUT"


def find_browser() -> str | None:
    """Return a Chromium: the one that OOGST_BROWSER names, one of the system, or Playwright's own."""
    named = os.environ.get("OOGST_BROWSER")
    if named:
        return shutil.which(named)
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    return next((str(path) for path in sorted(cache.glob("chromium-*/chrome-linux*/chrome"), reverse=True)), None)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; tests that use it carry the mark `browser`, so that it is there."""
    found = find_browser()
    assert found, "mark this test with @pytest.mark.browser"
    return found


# Nothing leaves this computer


class ReachedOutside(BaseException):
    """A test wanted to leave this computer. No `except Exception` can hide it."""


class Guard:
    """Refuses every connection to another computer, and remembers it for the test that is running."""

    def __init__(self) -> None:
        self.reached: list[str] = []

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Look at what Python is about to do; Python calls this for every audited event."""
        if event in ("socket.connect", "socket.sendto"):
            address = arguments[1]
        elif event == "socket.getaddrinfo":
            address = (arguments[0],)
        else:
            return
        if isinstance(address, tuple) and not is_here(address[0]):
            self.reached.append(f"{event} {address[0]}")
            raise ReachedOutside(f"{event}: {address[0]} is not this computer")


def is_here(host: object) -> bool:
    """Tell whether an address is this computer; None and an empty one stand for every address it has."""
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return True
    try:
        address = ipaddress.ip_address(str(name).split("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


GUARD = Guard()


def pytest_configure(config: pytest.Config) -> None:
    """Stand guard from here on; an audit hook cannot be taken away again, which is what we want."""
    sys.addaudithook(GUARD)


@pytest.fixture(autouse=True)
def _nothing_leaves_this_computer(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail the test that reached outside, also when it did so in a thread or swallowed the refusal."""
    GUARD.reached.clear()
    yield
    if GUARD.reached and "reaches_outside" not in request.fixturenames:
        pytest.fail(f"this test reached outside this computer: {', '.join(GUARD.reached)}")


# What is left out is said


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out browser tests where there is no browser."""
    if find_browser() is None:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason=NO_BROWSER))


def left_out(reporter: Any) -> dict[str, int]:
    """Return the reasons for which tests were left out, with how many each."""
    reasons: dict[str, int] = {}
    for report in reporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reason = reason.removeprefix("Skipped: ")
        reasons[reason] = reasons.get(reason, 0) + 1
    return reasons


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Say in the very last lines what was left out, and how to have it all."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(config, "workerinput") or config.option.collectonly:
        return
    reasons = left_out(reporter)
    if not reasons:
        reporter.write_line("Nothing was left out.")
    for reason, count in sorted(reasons.items()):
        reporter.write_line(f"LEFT OUT: {count} test{'s' if count > 1 else ''}: {reason}", yellow=True)
    if NO_BROWSER in reasons:
        fix = "Install one (Debian: apt install chromium) or name one in OOGST_BROWSER."
        reporter.write_line(f"The browser tests need a Chromium. {fix}", yellow=True)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where nothing may be left out, leaving something out is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if (
        os.environ.get(STRICT)
        and reporter is not None
        and left_out(reporter)
        and session.exitstatus == pytest.ExitCode.OK
    ):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
