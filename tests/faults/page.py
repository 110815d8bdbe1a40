"""The page about it, docs/faults.md: counts only, so that the same code writes the same page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import ROOT
from tests.faults import deliveries
from tests.faults.deliveries import OURS, STRATEGIES, Tally
from tests.faults.parts import Chosen, Delivered, Mixed

PAGE = Path(ROOT) / "docs" / "faults.md"
SOAK = "## A year in which one call in twenty fails"
NO_YEAR = "Not run yet: `make soak` writes it here."

HEAD = """# What a crash costs

Written by `make faults`; nothing on this page is typed by hand. Each run kills the process (SIGKILL) at a named place,
starts it twice more with the clock past every lease and quarantine, and then compares what stands in Slack with what
was owed, and checks twelve invariants of the database file (`tests/faults/invariants.py`).

**What these figures mean.** Between two restarts nothing that was owed is missing, and nothing stands there twice,
however and wherever the process died; the two usual ways to post, under the same kills in the same run, lose or double.

**What they do not mean.** "Slack" is the practice Slack on this computer, over real HTTP: strict, but not Slack. A
process is killed, not a disk or a computer. A post that Slack shows later than the quarantine of a minute would stand
there twice until the next morning, when the later copy is taken away ([delivery](delivery.md)).
"""


DELIVERIES = """## A delivery

Each run owes seven things: posts, direct messages, an answer in a thread, a file and two changes, in an order that the
seed decides (0 and on); the seed also says at which of them the process dies. A cell counts the messages that are lost
or double, in so many runs. *-*: this way has no such step.
"""
CHOICES = """## Choosing a topic, and forming groups

Seven people tap what they want in the practice Slack; who gets no confirmation taps again. Wrong is another choice or
seat than they wanted, a second or a missing message, or a broken invariant.
"""
MIXED = """## Anywhere, among two hundred mixed events

Taps, messages, answers, edits, deletions, the Home and the clock; the process dies anywhere, once or twice. Every
answer in a group's thread that stands in Slack has to be kept, every tap that was confirmed has to count.

"""
AGAIN = """## Run it yourself

    make faults
    make soak
    make catalogue ARGS="-k test_a1_"
"""


@dataclass
class Found:
    """What the parts of a run told so far."""

    posted: dict[tuple[str, str], Tally | None] = field(default_factory=dict)
    tapped: dict[str, Tally] = field(default_factory=dict)
    mixed: list[Mixed] = field(default_factory=list)

    def add(self, part: Delivered | Chosen | Mixed) -> None:
        if isinstance(part, Delivered):
            self.posted[part.strategy, part.point] = part.tally
        elif isinstance(part, Chosen):
            self.tapped[part.point] = part.tally
        else:
            self.mixed.append(part)

    @property
    def wrong(self) -> list[str]:
        """What went wrong with ours; a run in which nobody died where somebody should counts as wrong."""
        ours = [tally for (who, _), tally in self.posted.items() if who == OURS and tally is not None]
        tallies = [*ours, *self.tapped.values()]
        wrong = [each for tally in tallies for each in tally.wrong] + [each for m in self.mixed for each in m.wrong]
        return wrong + [
            f"{tally.runs - tally.died} runs in which nobody died" for tally in tallies if tally.died < tally.runs
        ]

    def sum(self, strategy: str) -> Tally:
        """All places of one strategy together."""
        found = [tally for (who, _), tally in self.posted.items() if who == strategy and tally is not None]
        return Tally(*(sum(getattr(t, name) for t in found) for name in ("runs", "died", "lost", "double")))


def write(points: Mapping[str, str], found: Found, soak: str) -> str:
    """Return the page."""
    parts = [HEAD, _deliveries(points, found), _choices(points, found)]
    if found.mixed:
        parts.append(_mixed(found))
    if found.wrong:
        parts.append("## What went wrong\n\n" + "\n".join(f"- {each}" for each in found.wrong) + "\n")
    parts += [f"{SOAK}\n\n{soak.strip() or NO_YEAR}\n", AGAIN]
    return "\n".join(parts)


def _deliveries(points: Mapping[str, str], found: Found) -> str:
    names = ["Oogst", *(strategy for strategy in STRATEGIES if strategy != OURS)]
    lines = [DELIVERIES, f"| The process dies | {' | '.join(names)} |", "|" + "---|" * (1 + len(names))]
    for point in deliveries.POINTS:
        cells = [_cell(found.posted.get((strategy, point))) for strategy in STRATEGIES]
        lines.append(f"| {points[point]} (`{point}`) | {' | '.join(cells)} |")
    sums = " | ".join(f"**{_cell(found.sum(strategy))}**" for strategy in STRATEGIES)
    return "\n".join([*lines, f"| **together** | {sums} |", ""])


def _choices(points: Mapping[str, str], found: Found) -> str:
    rows = [f"| {points[point]} (`{point}`) | {t.runs} | {len(t.wrong)} |" for point, t in found.tapped.items()]
    return "\n".join([CHOICES, "| The process dies | Runs | Wrong |", "|---|---|---|", *rows, ""])


def _mixed(found: Found) -> str:
    seeds, deaths = [each.seed for each in found.mixed], sum(each.deaths for each in found.mixed)
    problems = sum(len(each.wrong) for each in found.mixed)
    return f"{MIXED}Seeds {min(seeds)} to {max(seeds)}, {deaths} deaths: {problems} wrong.\n"


def read_soak(page: Path) -> str:
    """Return what the page says of the year that was lived last."""
    if not page.exists() or SOAK not in (text := page.read_text(encoding="utf-8")):
        return ""
    return text.split(SOAK, 1)[1].split("\n## ", 1)[0].strip()


def put_soak(page: Path, told: str) -> None:
    """Write what came of a year into the page, and leave the rest as it is."""
    text = page.read_text(encoding="utf-8")
    before, after = text.split(SOAK, 1)
    rest = "\n## " + after.split("\n## ", 1)[1]
    page.write_text(f"{before}{SOAK}\n\n{told.strip()}\n{rest}", encoding="utf-8")


def _cell(tally: Tally | None) -> str:
    return f"{tally.lost} lost, {tally.double} double in {tally.runs} runs" if tally and tally.runs else "-"
