"""The floors of the embedded engine on the development data: at or above the best baseline of their row."""

from __future__ import annotations

from dataclasses import dataclass

from tests.evaluate.development import BATCHES
from tests.evaluate.results import EMBEDDED, MODEL, Results, Row


@dataclass(frozen=True)
class Gate:
    """A mean that must lie at or above its floor (`at_most`: at or below its ceiling)."""

    set: str
    measure: str
    floor: float
    at_most: bool = False
    engine: str = EMBEDDED

    def holds(self, value: float) -> bool:
        """Whether a mean passes."""
        return value <= self.floor if self.at_most else value >= self.floor


GATES = (
    Gate("dekamer-digest", "R1", 0.285),
    Gate("dekamer-title", "R1", 0.185),
    Gate("qmsum-theme", "R1", 0.33),
    Gate("dekamer-themes", "ARI", 0.35),
    Gate("dekamer-themes", "P1", 0.53),
    Gate("dekamer-known5", "acc", 0.55),
    Gate(BATCHES, "churn", 0.02, at_most=True),
    Gate(BATCHES, "ARI", 0.23),
)
CLEAR = ("dekamer-digest",)
"""Sets where the interval to every baseline lies above zero."""


FINENESS = 0.03
NO_RIVAL = ("new start",)
"""Groups every batch afresh and so moves nine notes in ten: shown, but no engine that keeps themes is held to it."""


def below(row: Row) -> dict[str, float]:
    """Baselines that lie above ours by more than noise, with by how much.

    Beside a system of the same run that is: the whole 95 % interval of the paired difference below zero. Beside a
    listed one, whose interval knows the orders only, the spread over cases or notes is unknown; the data itself calls
    .03 its fineness for groupings.
    """
    sign = -1 if row.measure == "churn" else 1
    return {
        name: sign * one.gap[0]
        for name, one in row.beside.items()
        if name not in NO_RIVAL
        and max(sign * end for end in one.gap) < 0
        and (not one.listed or row.measure == "R1" or one.gap[0] < -FINENESS)
    }


WEAK: dict[tuple[str, str], str] = {
    ("dutch-themes", "pair F1"): "short notes about nothing are placed, and word beginnings of compounds collide",
}
"""Where a simple baseline is better and the docs say so; nothing may be added here without a line there."""


def missed(results: Results) -> list[str]:
    """Every gate that a run does not pass, in words; an empty list is a pass."""
    found = [
        f"{gate.set} {gate.measure}: {results.row(gate.set, gate.measure).value:.4f}, gate {gate.floor}"
        for gate in GATES
        if any(row.set == gate.set for row in results.rows)
        and not gate.holds(results.row(gate.set, gate.measure).value)
    ]
    for one in results.grounding:
        if (one.verbatim, one.valid, one.listed, one.problems) != (1.0, 1.0, 1.0, 0):
            found.append(f"{one.set} ({one.engine}): not every quote, id and note is in order: {one}")
        if one.supported < (0.95 if one.engine == MODEL else 1.0):
            found.append(f"{one.set} ({one.engine}): {one.supported:.3f} of the points are supported")
    return found
