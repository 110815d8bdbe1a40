"""The tests themselves: they stay on this computer, and they say what they leave out."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import GUARD, NO_BROWSER, STRICT, ReachedOutside, is_here

ROOT = Path(__file__).parents[1]

INNER = """
import socket, threading
import pytest

def test_that_swallows_the_refusal():
    try:
        socket.socket().connect(("192.0.2.1", 80))
    except BaseException:
        pass

def test_in_a_thread():
    thread = threading.Thread(target=lambda: socket.getaddrinfo("example.org", 443))
    thread.start()
    thread.join()

@pytest.mark.browser
def test_with_a_browser():
    assert True

def test_that_stays_here():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass
"""


@pytest.fixture
def reaches_outside() -> None:
    """This test reaches outside on purpose, to see that it is stopped."""


@pytest.mark.parametrize("host", ["192.0.2.1", "example.org", "10.0.0.1", "2001:db8::1"])
def test_a_connection_to_another_computer_is_refused(host: str, reaches_outside: None) -> None:
    with pytest.raises(ReachedOutside):
        socket.create_connection((host, 80), timeout=0.1)
    assert GUARD.reached


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "0.0.0.0", None])
def test_this_computer_may_be_reached(host: str | None) -> None:
    assert is_here(host)


def run_inner(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    (folder / "conftest.py").write_text((ROOT / "tests" / "conftest.py").read_text())
    (folder / "test_inner.py").write_text(INNER)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = browser: x\n")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    clean = {name: value for name, value in os.environ.items() if name != STRICT and not name.startswith("PYTEST")}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=clean | environment, check=False)


@pytest.mark.parametrize("workers", ["0", "2"])
def test_the_last_lines_say_what_was_left_out_and_how_to_have_it_all(tmp_path: Path, workers: str) -> None:
    done = run_inner(tmp_path, "-n", workers, "-k", "browser or stays", OOGST_BROWSER="no-such-browser")
    last = "\n".join(done.stdout.splitlines()[-2:])
    assert f"LEFT OUT: 1 test: {NO_BROWSER}" in last, done.stdout
    assert "apt install chromium" in last
    assert done.returncode == 0


def test_leaving_something_out_fails_where_that_is_not_allowed(tmp_path: Path) -> None:
    strict = {STRICT: "1", "OOGST_BROWSER": "no-such-browser"}
    assert run_inner(tmp_path, "-n", "2", "-k", "browser or stays", **strict).returncode == 1
    assert run_inner(tmp_path, "-k", "stays", **strict).returncode == 0


def test_a_test_that_reaches_outside_fails_even_when_it_swallows_the_refusal(tmp_path: Path) -> None:
    done = run_inner(tmp_path, "-k", "swallows or thread or stays")
    assert "reached outside this computer: socket.connect 192.0.2.1" in done.stdout, done.stdout
    assert "reached outside this computer: socket.getaddrinfo example.org" in done.stdout
    assert "2 errors" in done.stdout
