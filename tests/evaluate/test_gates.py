"""The gates a digest must pass: grounding without exception, and floors at or above the best baselines.

The data and its scorer lie beside the project and are read there; nothing of them is copied. The floors were set on
the development sets; ROUGE and ARI say nothing about truth, so grounding comes first.
"""

from __future__ import annotations

import importlib.util
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bot.harvest import Memory, compose_placed, place, read, verify
from handlers.terminal.interchange import as_interchange, read_agenda, read_notes

ROOT = Path(__file__).parents[2]
SCORER = ROOT.parent / "shared" / "eval" / "score.py"
COMMAND = f"{sys.executable} -m handlers.terminal harvest {{notes}} --agenda {{agenda}} --state {{state}} --json"

pytestmark = [
    pytest.mark.skipif(
        not SCORER.exists() and not os.environ.get("CI"), reason="the development data is not on this machine"
    ),
    pytest.mark.xdist_group("evaluate"),
]


def scorer(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, str(SCORER), *arguments], capture_output=True, text=True, env=environment, check=False
    )


@lru_cache(maxsize=1)
def score() -> ModuleType:
    """The scorer as a module, to measure hundreds of cases without a process for each."""
    spec = importlib.util.spec_from_file_location("score", SCORER)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["score"] = module
    spec.loader.exec_module(module)
    return module


@lru_cache(maxsize=1)
def cases() -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for case in score().cases():
        found.setdefault(case.set, []).append(case)
    return found


def harvested(case: Any, folder: Path, memory: Memory, seed: int = 0) -> tuple[dict[str, Any], Memory]:
    """What `oogst harvest` prints for a case, made in this process; the engine's own verifier must agree with it."""
    where = score().write(case, folder)
    notes = read_notes(where / "notes.jsonl")
    readings = read(notes)
    placement = place(readings, read_agenda(where / "agenda.json", notes), memory, seed)
    digest = compose_placed(readings, placement, "harvest")
    assert verify(digest, notes) == []
    return json.loads(as_interchange(digest)), placement.memory


Rows = list[tuple[Any, dict[str, Any]]]


@lru_cache(maxsize=4)
def rows_of(set_: str, folder: Path, seed: int = 0) -> Rows:
    """Cases with their harvests; batches of a chain hand on their memory. Of a set with several draws the first."""
    rows, memory = [], Memory()
    for case in cases()[set_][: 1 if set_.endswith("known5") else None]:
        out, left = harvested(case, folder, memory, seed)
        memory = left if case.chain else Memory()
        rows.append((case, out))
    return rows


def measured(set_: str, folder: Path) -> dict[str, float]:
    """The line of the table for a set."""
    line: dict[str, float] = score().summarise(rows_of(set_, folder))
    return line


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all, so that a set is harvested once."""
    return tmp_path_factory.mktemp("evaluate")


def grounded(line: dict[str, float]) -> None:
    assert (line["verb"], line["valid"], line["listed"], line["supp"]) == (1.0, 1.0, 1.0, 1.0)


GATES: list[tuple[str, dict[str, float]]] = [
    ("dekamer-digest", {"R1": 0.285}),
    ("dekamer-title", {"R1": 0.185}),
    ("qmsum-theme", {"R1": 0.33}),
    ("dekamer-themes", {"ARI": 0.35, "P1": 0.53}),
    ("dekamer-known5", {"acc": 0.55}),
    ("session-known", {"acc": 0.38}),
]


@pytest.mark.parametrize(("set_", "floors"), GATES, ids=[gate[0] for gate in GATES])
def test_a_digest_is_at_least_as_good_as_the_best_baseline(set_: str, floors: dict[str, float], folder: Path) -> None:
    line = measured(set_, folder)
    grounded(line)
    below = {name: line[name] for name, floor in floors.items() if line[name] < floor}
    assert not below, f"{set_}: {below}, floors {floors}"


def test_themes_stay_what_they_are_from_month_to_month(folder: Path) -> None:
    line = measured("dekamer-batches", folder)
    grounded(line)
    assert line["churn"] <= 0.02
    assert line["ARI"] >= 0.23


def test_a_digest_beats_every_baseline_clearly(folder: Path) -> None:
    """Paired bootstrap over the cases: the lower end of the 95 % interval of the difference is above zero."""

    rows = rows_of("dekamer-digest", folder)
    ours = [score().check(case, out)["R1"] for case, out in rows]
    rankings: dict[str, Callable[..., Any]] = {
        "lead": score().rank_lead,
        "tfidf-mmr": score().rank_mmr,
        "lexrank": score().rank_lexrank,
    }
    for name, ranking in rankings.items():
        baseline = score().summariser(ranking)
        gained = [
            mine - score().check(case, baseline(case, 0))["R1"] for (case, _), mine in zip(rows, ours, strict=True)
        ]
        draw = random.Random(7)
        means = sorted(sum(draw.choices(gained, k=len(gained))) / len(gained) for _ in range(1000))
        assert means[25] > 0, f"not clear of {name}: {means[25]:.4f}"


def test_the_command_itself_prints_grounded_harvests_for_every_set(tmp_path: Path) -> None:
    ran = scorer("run", str(tmp_path), "--cmd", COMMAND, "--limit", "2", "--sets", "session,session-known,qmsum-theme,"
                 "dekamer-digest,dekamer-title,polis-themes")  # fmt: skip
    assert "0 failed" in ran.stdout, ran.stderr
    table = tmp_path / "table.json"
    assert scorer("score", str(tmp_path), "--json", str(table), "--limit", "2").returncode == 0
    for set_, systems in json.loads(table.read_text(encoding="utf-8")).items():
        ours = next(line for name, line in systems.items() if name.startswith(">"))
        assert ours["failed"] == 0, set_
        grounded(ours)


def test_a_rerun_prints_the_same_bytes_under_any_hash_seed_and_order() -> None:
    ran = scorer("repeat", "--cmd", COMMAND.replace("--state {state} ", ""))
    assert ran.returncode == 0, ran.stdout
