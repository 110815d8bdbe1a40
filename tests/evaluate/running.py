"""Runs the harvest as a user runs it: files in, JSON out. In this process for hundreds of cases, or as the command."""

from __future__ import annotations

import io
import json
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from handlers.terminal.harvest import DONE, harvest

COMMAND = "oogst harvest {notes} --agenda {agenda} --state {state} --json"
HERE = COMMAND.replace("oogst", f"{shlex.quote(sys.executable)} -m handlers.terminal", 1)
ORDERS = 5
"""Input orders that a clustering is the mean of: one order is one draw of many."""

Row = Mapping[str, Any]
Harvest = dict[str, Any]


class Failed(RuntimeError):
    """A harvest that did not end well; the message holds what it said."""


@dataclass(frozen=True)
class Files:
    """What one harvest reads: notes, agenda, and a folder for what it remembers."""

    notes: Path
    agenda: Path
    state: Path


def written(folder: Path, notes: Sequence[Row], agenda: Sequence[Row], state: Path | None = None) -> Files:
    """Write the input of one harvest; `state` is the folder of a chain, without it an empty one."""
    folder.mkdir(parents=True, exist_ok=True)
    files = Files(folder / "notes.jsonl", folder / "agenda.json", state or folder / "state")
    lines = (json.dumps(note, ensure_ascii=False) + "\n" for note in notes)
    files.notes.write_text("".join(lines), encoding="utf-8")
    files.agenda.write_text(json.dumps(list(agenda), ensure_ascii=False), encoding="utf-8")
    files.state.mkdir(parents=True, exist_ok=True)
    return files


def in_process(files: Files) -> Harvest:
    """What the command prints, without the second that a process costs."""
    caught, said = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True), io.StringIO()
    with redirect_stdout(caught), redirect_stderr(said):
        code = harvest(files.notes, files.agenda, files.state, as_json=True)
    if code != DONE:
        raise Failed(f"{files.notes}: the harvest ended with {code}: {said.getvalue()[-300:]}")
    caught.seek(0)
    return as_harvest(caught.read())


def by_command(files: Files, command: str = HERE) -> Harvest:
    """What the command prints, in a process of its own."""
    line = [part.format(notes=files.notes, agenda=files.agenda, state=files.state) for part in shlex.split(command)]
    ran = subprocess.run(line, capture_output=True, check=False)
    if ran.returncode:
        raise Failed(f"{shlex.join(line)}: {ran.returncode}: {ran.stderr.decode(errors='replace')[-300:]}")
    return as_harvest(ran.stdout)


def as_harvest(printed: str | bytes) -> Harvest:
    """The printed JSON."""
    found: Harvest = json.loads(printed)
    return found


def reordered(notes: Sequence[Row], order: int) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The same notes in another order, and how to read their ids back.

    The engine sorts its input by date and id, so shuffled lines alone change nothing; here the ids are drawn anew and
    the dates taken away, so that its own order is another one too. Order 0 is the input as it is. Groups, texts and
    confirmed themes stay.
    """
    if not order:
        return [dict(note) for note in notes], {str(note["id"]): str(note["id"]) for note in notes}
    new = {"n" + sha256(f"{order}:{note['id']}".encode()).hexdigest()[:16]: note for note in notes}
    ids = {i: str(note["id"]) for i, note in sorted(new.items())}
    return [{**new[i], "id": i, "at": None} for i in ids], ids


def restored(printed: Harvest, ids: Mapping[str, str]) -> Harvest:
    """The harvest of reordered notes with the ids of the true ones."""

    def sentence(i: str) -> str:
        note, _, number = i.rpartition(".s")
        return f"{ids[note]}.s{number}"

    themes = [
        {
            **theme,
            "notes": [ids[i] for i in theme["notes"]],
            "points": [{**p, "evidence": [sentence(i) for i in p["evidence"]]} for p in theme["points"]],
            "quotes": [{**q, "note": ids[q["note"]]} for q in theme["quotes"]],
        }
        for theme in printed["themes"]
    ]
    return {**printed, "themes": themes, "unplaced": [ids[i] for i in printed["unplaced"]]}
