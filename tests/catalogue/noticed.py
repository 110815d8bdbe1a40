"""The page about changed code, docs/mutation.md, from what mutmut left behind: counts only, nothing typed by hand."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT

PAGE = ROOT / "docs" / "mutation.md"
MUTANTS = ROOT / "mutants"
KILLED = 1
"""How pytest ends when a test failed. mutmut has other numbers for what hung, and for tests that could not be run."""

HEAD = """# Changed code that the tests notice

Written by `make mutation`; nothing on this page is typed by hand. [mutmut](https://github.com/boxed/mutmut) changes the
code that classifies, authorises, redacts or escapes in one place at a time, such as `<` into `<=`, and runs the unit
tests of that code. Noticed: a test failed. A change that hangs counts as not noticed, and so does one that changes
nothing that anybody could see.

| What it does | Module | Changes | Noticed | |
|---|---|---:|---:|---:|
"""


@dataclass(frozen=True)
class Tally:
    """How many changes were made, how many made a test fail, and how many are still to be tried."""

    tried: int = 0
    killed: int = 0
    waiting: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.tried + other.tried, self.killed + other.killed, self.waiting + other.waiting)

    @property
    def share(self) -> float:
        """Between 0 and 1; 0 where nothing was tried."""
        return self.killed / self.tried if self.tried else 0.0


def counted(kind_of: Callable[[str], str | None], mutants: Path = MUTANTS) -> dict[str, dict[str, Tally]]:
    """Return for each kind what came of its modules. A module in which there is nothing to change is left out."""
    found: dict[str, dict[str, Tally]] = {}
    for file in sorted(mutants.rglob("*.py.meta")):
        module = file.relative_to(mutants).as_posix().removesuffix(".meta")
        codes = Counter(json.loads(file.read_text(encoding="utf-8"))["exit_code_by_key"].values())
        if codes and (kind := kind_of(module)):
            waiting = codes.pop(None, 0)
            found.setdefault(kind, {})[module] = Tally(codes.total(), codes[KILLED], waiting)
    return found


def write(figures: Mapping[str, Mapping[str, Tally]], page: Path = PAGE) -> None:
    """Put the figures on the page, per module and per kind."""
    lines = []
    for kind, modules in figures.items():
        lines += [_row(kind, f"`{module}`", tally) for module, tally in modules.items()]
        lines.append(_row(f"**{kind}**", "", sum(modules.values(), Tally())))
    page.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")


def _row(kind: str, module: str, tally: Tally) -> str:
    return f"| {kind} | {module} | {tally.tried} | {tally.killed} | {100 * tally.share:.0f} % |"
