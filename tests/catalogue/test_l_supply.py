"""L: what is installed is what was locked, under licences that are known, in a container that may write nothing."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.journeys.driver import Oogst, Slack

Cases = Callable[[int], None]

FREE = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation|MPL-2\.0|Mozilla Public License 2\.0|0BSD|Zlib|CC0|Unlicense"
)
WITH_DUTIES = re.compile(r"\b[AL]?GPL|EUPL|SSPL|BUSL|Commons Clause", re.IGNORECASE)
ONLY_FOR_A_SERVER = {"psycopg", "psycopg-binary", "psycopg-pool"}
"""LGPL, used as a library and only with the extra `server`: nobody who runs Oogst on SQLite installs it."""


def find_uv() -> str:
    """Return the uv that the Makefile uses."""
    found = shutil.which("uv") or str(ROOT / ".tools/uv/bin/uv")
    if not Path(found).exists():
        import uv  # the one that this test installed is as good

        found = uv.find_uv_bin()
    return found


@pytest.fixture(scope="module")
def exported() -> str:
    """What the lock file names, as a list that other installers read."""
    asked = [find_uv(), "export", "--frozen", "--offline", "--all-extras", "--no-dev", "--no-emit-project", "--quiet"]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def packages(exported: str) -> list[str]:
    """The names in an export."""
    return sorted({found[1] for found in re.finditer(r"^([a-z0-9._-]+)(?:\[[^]]*\])?==", exported, re.MULTILINE)})


def test_l1_the_lock_file_is_that_of_the_project() -> None:
    done = subprocess.run([find_uv(), "lock", "--check", "--offline"], cwd=ROOT, capture_output=True, text=True)
    if "offline" in done.stderr.casefold() or "cache" in done.stderr.casefold():  # nothing of it was installed here
        done = subprocess.run([find_uv(), "lock", "--check"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_l1_every_file_that_is_installed_has_a_hash(exported: str) -> None:
    entries = re.split(r"\n(?=[a-z0-9])", re.sub(r"^\s*#.*\n", "", exported, flags=re.MULTILINE).strip())
    assert len(entries) > 50
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.outside
def test_l2_nothing_that_is_installed_has_a_known_hole(exported: str, tmp_path: Path) -> None:
    file = tmp_path / "requirements.txt"
    file.write_text(exported)
    asked = [find_uv(), "tool", "run", "pip-audit==2.10.1", "--disable-pip", "--require-hashes", "-r", str(file)]
    done = subprocess.run(asked, capture_output=True, text=True)
    if "not found on PyPI" in done.stdout + done.stderr or "ConnectionError" in done.stderr:
        pytest.skip("no list of known holes can be reached from here")
    assert done.returncode == 0, done.stdout + done.stderr


def test_l3_every_licence_is_one_that_we_know(exported: str) -> None:
    strange = {}
    for name in packages(exported):
        try:
            about = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue  # for another system than this one
        classifiers = [line for line in about.get_all("Classifier", []) if line.startswith("License")]
        said = " ".join([about.get("License-Expression") or "", about.get("License") or "", *classifiers])
        duties = bool(WITH_DUTIES.search(said))
        if duties != (name in ONLY_FOR_A_SERVER) or not (duties or FREE.search(said)):
            strange[name] = said[:200]
    assert strange == {}


def test_l3_what_has_duties_comes_only_with_the_extra_for_a_server() -> None:
    asked = [find_uv(), "export", "--frozen", "--offline", "--no-dev", "--no-emit-project", "--quiet"]
    plain = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert ONLY_FOR_A_SERVER.isdisjoint(packages(plain))


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Slack]:
    slack = Slack(tmp_path, "nl")
    yield slack
    slack.stop()


def instructions(name: str) -> list[str]:
    """The lines of the Containerfile that begin with this instruction."""
    text = (ROOT / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    return [line.removeprefix(name).strip() for line in text.splitlines() if line.startswith(f"{name} ")]


@pytest.mark.matrix
def test_l4_the_container_has_no_secrets_and_nobody_is_root_in_it() -> None:
    assert instructions("USER") == ["10001"]
    assert instructions("ARG") == [] and instructions("ADD") == []
    assert not any(re.search(r"TOKEN|SECRET|KEY|PASSWORD", line) for line in instructions("ENV"))
    assert instructions("ENTRYPOINT") == ['["oogst"]'], "without a shell between, so that SIGTERM arrives"
    copied = {word for line in instructions("COPY") for word in line.split()}
    assert ".env" not in copied and "." not in copied
    assert ".env" in (ROOT / ".dockerignore").read_text().split()


@pytest.mark.matrix
def test_l4_it_runs_as_nobody_where_only_its_own_folder_can_be_written(practice: Slack, tmp_path: Path) -> None:
    """What the container does, without one: another user, everything read-only but the folder for the database."""
    if subprocess.run(["unshare", "--mount", "true"], capture_output=True).returncode:
        pytest.skip("this computer does not let a test make a file system read-only")
    data = Path(tempfile.mkdtemp(prefix="oogst-data-"))  # pytest's own folders are closed to others
    data.chmod(0o777)
    bot = Oogst(practice, tmp_path, "nl", OOGST_DATABASE=str(data / "oogst.db"), PYTHONDONTWRITEBYTECODE="1")
    script = (
        f"mount --bind {data} {data} && mount -o remount,bind,ro / 2>/dev/null; mount -o remount,bind,rw {data};"
        f" cd {data} && exec setpriv --reuid 65534 --regid 65534 --clear-groups"
        f" {sys.executable} -m handlers.terminal run"
    )
    environment = {**bot.environment, "PYTHONPATH": str(ROOT), "HOME": str(data)}
    log = (tmp_path / "container.log").open("w+")
    process = subprocess.Popen(
        ["unshare", "--mount", "sh", "-c", script], cwd=ROOT, env=environment, stdout=log, stderr=log
    )
    try:
        end = time.monotonic() + 60  # noqa: TID251 - a test waits in real time
        settled: dict[str, object] = {}
        while time.monotonic() < end and not settled.get("reported"):  # noqa: TID251 - the same
            assert process.poll() is None, Path(log.name).read_text()
            settled = practice.get("settled", timeout=1)
        assert settled.get("settled"), Path(log.name).read_text()
        status = Path(f"/proc/{process.pid}/status").read_text()
        assert re.search(r"^Uid:\s+65534\s", status, re.MULTILINE)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(10)
        log.close()
        bot.close()
    assert (data / "oogst.db").stat().st_uid == 65534
    shutil.rmtree(data)
