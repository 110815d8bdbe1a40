"""The project's own small Dutch set, as values: notes, agenda, and what a careful reader makes of them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "dutch"
MEETINGS = ("voorjaar", "zomer")


@dataclass(frozen=True)
class Marked:
    """A sentence of a note that the gold says something about, by offsets into the note."""

    note: str
    start: int
    end: int
    kind: str
    quotable: bool


@dataclass(frozen=True, eq=False)
class Meeting:
    """One work session: its notes and agenda as the command reads them, and the gold beside it."""

    name: str
    notes: tuple[dict[str, Any], ...]
    agenda: tuple[dict[str, Any], ...]
    themes: dict[str, tuple[str, ...]]
    marked: tuple[Marked, ...]
    reference: dict[str, str]
    """Theme name to what a reader would write about it."""

    @property
    def text(self) -> dict[str, str]:
        """Note id to its words."""
        return {note["id"]: note["text"] for note in self.notes}


def rows(name: str) -> list[dict[str, Any]]:
    """The rows of one file of the set."""
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]


@lru_cache(maxsize=1)
def meetings() -> tuple[Meeting, ...]:
    """Both sessions of the set."""
    gold = {row["id"]: row for row in rows("gold.jsonl")}
    found = []
    for name in MEETINGS:
        notes = tuple(row for row in rows("notes.jsonl") if row["session"] == name)
        parts = re.split(r"^## (.+)\n", (FOLDER / f"reference-{name}.md").read_text(encoding="utf-8"), flags=re.M)
        found.append(
            Meeting(
                name=name,
                notes=notes,
                agenda=tuple(json.loads((FOLDER / f"agenda-{name}.json").read_text(encoding="utf-8"))),
                themes={note["id"]: tuple(gold[note["id"]]["themes"]) for note in notes},
                marked=tuple(Marked(note["id"], **s) for note in notes for s in gold[note["id"]]["sentences"]),
                reference={name: text.strip() for name, text in zip(parts[1::2], parts[2::2], strict=True)},
            )
        )
    return tuple(found)


def pairs(what: str) -> list[list[str]]:
    """Pairs of notes that must not be taken for one: `near_duplicates` (other numbers) or `contradictions`."""
    stored: dict[str, list[list[str]]] = json.loads((FOLDER / "pairs.json").read_text(encoding="utf-8"))
    return stored[what]
