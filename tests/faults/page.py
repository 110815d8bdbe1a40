"""The page about it, docs/faults.md: counts only, so that the same code writes the same page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT
from tests.faults import deliveries
from tests.faults.deliveries import OURS, STRATEGIES, Tally

PAGE = Path(ROOT) / "docs" / "faults.md"
SOAK = "## A year in which one call in twenty fails"
NO_YEAR = "Not run yet: `make soak` writes it here.\n"

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


@dataclass(frozen=True)
class Mixed:
    """What came of the mixed events: the seeds, how often each died, and what was wrong."""

    seeds: tuple[int, ...]
    deaths: tuple[int, ...]
    wrong: tuple[list[str], ...]


def write(
    points: Mapping[str, str],
    posted: Mapping[tuple[str, str], Tally | None],
    tapped: Mapping[str, Tally],
    mixed: Mixed,
    soak: str,
) -> str:
    """Return the page."""
    lines = [HEAD, "## A delivery", ""]
    lines.append("Posts, direct messages, answers in a thread, files and changes, in an order that the seed decides.")
    lines += ["Seeds 0 and on; the seed also says which call of the run dies. *-*: this way has no such step.", ""]
    others = [strategy for strategy in STRATEGIES if strategy != OURS]
    lines.append(
        f"| The process dies | Runs | Oogst: lost, double | {' | '.join(f'{each}: lost, double' for each in others)} |"
    )
    lines.append("|" + "---|" * (3 + len(others)))
    for point in deliveries.POINTS:
        cells = [_cell(posted.get((strategy, point))) for strategy in STRATEGIES]
        own = posted.get((OURS, point))
        lines.append(f"| {points[point]} (`{point}`) | {own.runs if own else 0} | {' | '.join(cells)} |")
    sums = [_cell(_sum(posted, strategy)) for strategy in STRATEGIES]
    lines.append(f"| **together** | {_sum(posted, OURS).runs} | {' | '.join(f'**{each}**' for each in sums)} |")
    lines += ["", "## Choosing a topic, and forming groups", ""]
    lines.append(
        "Seven people tap what they want in the practice Slack; who gets no confirmation taps again. Wrong is:"
    )
    lines += ["another choice or seat than they wanted, a second or missing message, a broken invariant.", ""]
    lines += ["| The process dies | Runs | Wrong |", "|---|---|---|"]
    lines += [f"| {points[point]} (`{point}`) | {t.runs} | {len(t.wrong)} |" for point, t in tapped.items()]
    lines += ["", "## Anywhere, among two hundred mixed events", ""]
    if mixed.seeds:
        lines.append(
            f"Seeds {min(mixed.seeds)} to {max(mixed.seeds)}, {sum(mixed.deaths)} deaths: "
            f"{sum(len(each) for each in mixed.wrong)} problems. Taps, messages, answers, edits, deletions, the Home "
            "and the clock. Every answer in a group's thread that stands in Slack is kept, and every tap that was "
            "confirmed counts."
        )
    wrong = [
        each
        for tally in [*(posted[OURS, p] for p in deliveries.POINTS), *tapped.values()]
        if tally
        for each in tally.wrong
    ]
    wrong += [each for problems in mixed.wrong for each in problems]
    if wrong:
        lines += ["", "## What went wrong", "", *(f"- {each}" for each in wrong)]
    lines += ["", SOAK, "", soak.strip() or NO_YEAR.strip(), "", "## Run it yourself", ""]
    lines += ["    make faults", "    make soak", '    make catalogue ARGS="-k test_a1_"', ""]
    return "\n".join(lines)


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


def _sum(posted: Mapping[tuple[str, str], Tally | None], strategy: str) -> Tally:
    found = [tally for (who, _), tally in posted.items() if who == strategy and tally is not None]
    return Tally(*(sum(getattr(t, name) for t in found) for name in ("runs", "died", "lost", "double")))


def _cell(tally: Tally | None) -> str:
    return f"{tally.lost}, {tally.double}" if tally else "-"
