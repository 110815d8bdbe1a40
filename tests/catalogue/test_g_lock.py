"""G1: a second process on one file is told so at once, and takes over at once when the first is killed."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from handlers.clock import SystemClock
from storage.lock import Held, alone, is_shared, kind_of_folder
from tests.postgres import sqlite_only

pytestmark = sqlite_only("several processes may share a server")
CLOCK = SystemClock()
HOLDS = (
    "import sys; from storage.lock import alone\n"
    "with alone(sys.argv[1]):\n    print('held', flush=True)\n    sys.stdin.read()\n"
)


def holder(location: str) -> subprocess.Popen[str]:
    """Another process that has the database, once it says so."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS, location], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stdout.readline() == "held\n"
    return process


def test_g1_a_second_process_is_refused_at_once_and_the_first_goes_on(
    tmp_path: Path, cases: Callable[[int], None]
) -> None:
    location = str(tmp_path / "oogst.db")
    first = holder(location)
    for _ in range(18):
        began = CLOCK.monotonic()
        with pytest.raises(Held, match="is in use: Oogst is running already") as told, alone(location):
            pass
        assert CLOCK.monotonic() - began < 1
        assert str(location) in str(told.value)
        assert first.poll() is None
    first.communicate("")
    assert first.returncode == 0
    cases(18)


def test_g1_whoever_comes_after_a_kill_takes_over_at_once(tmp_path: Path, cases: Callable[[int], None]) -> None:
    location = str(tmp_path / "oogst.db")
    for _ in range(2):
        first = holder(location)
        first.send_signal(signal.SIGKILL)
        first.wait()
        began = CLOCK.monotonic()
        with alone(location):
            assert CLOCK.monotonic() - began < 2
    cases(2)


def test_g1_the_whole_command_ends_with_73(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        f"OOGST_DATABASE={tmp_path / 'oogst.db'}\nOOGST_LANGUAGE=nl\nSLACK_BOT_TOKEN=xoxb-1-2-a\n"
        "SLACK_APP_TOKEN=xapp-1-A1-1-a\nSLACK_API_URL=http://127.0.0.1:9/api/\n"
    )
    first = holder(str(tmp_path / "oogst.db"))
    root = Path(__file__).parents[2]
    run = subprocess.run(
        [sys.executable, "-m", "handlers.terminal", "run"], cwd=tmp_path, env={"PYTHONPATH": str(root)},
        capture_output=True, text=True, check=False, timeout=30,
    )  # fmt: skip
    assert run.returncode == 73, run.stderr
    assert "is in gebruik" in run.stderr and len(run.stderr.strip().splitlines()) == 1
    assert first.poll() is None
    first.communicate("")


def test_g1_a_folder_that_several_computers_share_is_refused() -> None:
    """There a lock holds on one computer only."""
    mounts = (
        "/dev/sda1 / ext4 rw 0 0\nserver:/export /srv nfs4 rw 0 0\n//nas/deel /mnt/nas\\040deel cifs rw 0 0\n"
        "/dev/sdb1 /srv/lokaal ext4 rw 0 0\n"
    )
    kinds = {
        "/home/oogst": "ext4", "/srv": "nfs4", "/srv/oogst/data": "nfs4", "/srv/lokaal/x": "ext4",
        "/mnt/nas deel/oogst": "cifs", "/srvx": "ext4",
    }  # fmt: skip
    assert {folder: kind_of_folder(Path(folder), mounts) for folder in kinds} == kinds
    assert [kind for kind in ("nfs", "nfs4", "cifs", "smb3", "ext4", "xfs", "overlay", "") if is_shared(kind)] == [
        "nfs", "nfs4", "cifs", "smb3",
    ]  # fmt: skip
