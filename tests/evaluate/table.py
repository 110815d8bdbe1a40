"""The scores as Markdown, and where in the docs they stand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.evaluate import development
from tests.evaluate.gates import GATES
from tests.evaluate.metrics import Interval
from tests.evaluate.results import EMBEDDED, Beside, Grounding, Results, Row

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "synthesis-scores.md"
STORED = Path(__file__).parent / "scores.json"
BEGIN, END = "<!-- scores begin -->", "<!-- scores end -->"
PARTS = {
    "Digests: ROUGE-1 F1 at the length of the reference": ("R1",),
    "Themes that nobody announced: means of five input orders": ("ARI", "P1", "purity"),
    "Announced themes: share of notes with the right one, or F1 over pairs of note and theme": ("acc", "pair F1"),
    "From month to month: share of notes that lose their theme (less is better)": ("churn",),
    "Kinds of sentences: F1, mean of six kinds": ("macro F1",),
    "Quotes: share of those shown that a reader marked as quotable": ("precision",),
}


def page(results: Results) -> str:
    """Everything between the markers."""
    lines = [f"Engine `{results.engine}`, one run of {results.seconds:.0f} seconds."]
    lines += [f"Left out: {'; '.join(results.left_out)}."] if results.left_out else []
    lines += [part for remark in results.remarks for part in ("", remark)]
    for title, measures in PARTS.items():
        rows = [row for row in results.rows if row.measure in measures]
        if rows:
            lines += ["", f"## {title}", "", *comparison(rows)]
    lines += [
        "",
        "## Grounding: what must be 1.000, and what the separate checker found",
        "",
        *grounded(results.grounding),
    ]
    if not results.left_out:
        lines += ["", "## Gates", "", *gates(results)]
    return "\n".join(lines)


def comparison(rows: Sequence[Row]) -> list[str]:
    """A row per set, measure and engine; a column per other system with its mean and ours minus it."""
    names = list(dict.fromkeys(name for row in rows for name in row.beside))
    stars = {name for row in rows for name, one in row.beside.items() if one.listed}
    head = ["Set", "Cases", "Measure", "Engine", "Ours", *(f"{n}\\*" if n in stars else n for n in names), "Also"]
    return markdown(head, [[*facts(row), *(beside(row, name) for name in names), row.note or "-"] for row in rows])


def facts(row: Row) -> list[str]:
    """What the row is about, and ours."""
    spread = "" if row.sd is None else f" ± {number(row, row.sd)}"
    return [row.set, str(row.cases), row.measure, row.engine, f"**{number(row, row.value)}**{spread}"]


def beside(row: Row, name: str) -> str:
    """Their mean, then ours minus it."""
    one: Beside | None = row.beside.get(name)
    return "-" if one is None else f"{number(row, one.value)} ({gap(row, one.gap)})"


def number(row: Row, value: float) -> str:
    """ROUGE is written times 100."""
    return f"{100 * value:.1f}" if row.measure == "R1" else f"{value:.3f}"


def gap(row: Row, interval: Interval) -> str:
    """+0.024 [0.010, 0.040]."""
    middle, low, high = (number(row, x) for x in interval)
    return f"{'' if middle.startswith('-') else '+'}{middle} [{low}, {high}]"


def grounded(every: Iterable[Grounding]) -> list[str]:
    """One line per set and engine."""
    head = ["Set", "Engine", "Harvests", "Points", "Quotes", "verb", "valid", "supp", "listed", "placed", "Problems"]
    return markdown(
        head,
        [
            [g.set, g.engine, f"{g.harvests:,}", f"{g.points:,}", f"{g.quotes:,}"]
            + [f"{x:.3f}" for x in (g.verbatim, g.valid, g.supported, g.listed, g.placed)]
            + [str(g.problems)]
            for g in every
        ],
    )


def gates(results: Results) -> list[str]:
    """Each floor with the mean beside it."""
    rows = []
    for gate in GATES:
        made = [r for r in results.rows if (r.set, r.measure, r.engine) == (gate.set, gate.measure, gate.engine)]
        for row in made:
            sign = "at most" if gate.at_most else "at least"
            held = "yes" if gate.holds(row.value) else "**no**"
            rows.append(
                [row.set, row.measure, row.engine, f"{sign} {number(row, gate.floor)}", number(row, row.value), held]
            )
    return markdown(["Set", "Measure", "Engine", "Gate", "Mean", "Holds"], rows)


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A Markdown table."""
    return [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows)]


def store(results: Results) -> None:
    """Keep the figures, and write them into the docs between the markers."""
    STORED.write_text(json.dumps(asdict(results), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{page(results)}\n{END}{after}", encoding="utf-8")


def stored() -> Results:
    """The figures of the last run that was written down."""
    raw: dict[str, Any] = json.loads(STORED.read_text(encoding="utf-8"))

    def row(one: dict[str, Any]) -> Row:
        others = {n: Beside(b["value"], tuple(b["gap"]), b["listed"]) for n, b in one["beside"].items()}
        return Row(**{**one, "beside": others})

    return Results(
        engine=raw["engine"],
        rows=tuple(row(one) for one in raw["rows"]),
        grounding=tuple(Grounding(**one) for one in raw["grounding"]),
        seconds=raw["seconds"],
        left_out=tuple(raw["left_out"]),
        remarks=tuple(raw["remarks"]),
    )


def expected() -> list[tuple[str, str]]:
    """Set and measure of every row that a whole run makes for the embedded engine, in its order."""
    found = []
    for set_ in development.SETS:
        if set_ in (*development.GROUPINGS, development.BATCHES):
            found += [(set_, m) for m in development.MEASURES.get(set_, ("ARI", "P1"))]
        if set_ == development.BATCHES:
            found.append((set_, "churn"))
        if set_ in development.KNOWN:
            found.append((set_, "acc"))
        if set_ in development.TEXTS:
            found.append((set_, "R1"))
    own = ("themes", "pair F1"), ("groups", "ARI"), ("kinds", "macro F1"), ("digest", "R1"), ("quotes", "precision")
    return found + [(f"dutch-{name}", measure) for name, measure in own]


__all__ = ["EMBEDDED", "PAGE", "STORED", "expected", "page", "store", "stored"]
