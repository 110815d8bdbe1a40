"""Integer programs for HiGHS: written down row by row, solved on one thread with a limit on work, never on time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from math import ceil, inf, isfinite
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import highspy

EXACT = 1e-6
"""What floating point may be off where whole numbers are meant."""
NODES = 2000
"""Branches looked at before the best seating so far is taken and its gap reported."""
LOOKS = 1_000_000_000
"""How often HiGHS may look whether to go on, times the size of the program to the power 1.5: by measurement, what it
does between two looks grows like that. With NODES the limit on work."""
FEWEST_LOOKS = 5
"""So often at least, however large the program."""
SEED = 20


@dataclass
class Solved:
    """A solution of a program: the value of each column, the best bound, and of a relaxation the shadow prices."""

    values: list[float]
    value: float
    bound: float
    column_prices: list[float] = field(default_factory=list)
    row_prices: list[float] = field(default_factory=list)


@dataclass
class Program:
    """Minimise the cost of columns within their bounds, such that each row stays within its bounds."""

    costs: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)
    row_lower: list[float] = field(default_factory=list)
    row_upper: list[float] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    indices: list[int] = field(default_factory=list)
    factors: list[float] = field(default_factory=list)

    def column(self, cost: float, lower: float, upper: float, *, whole: bool = True) -> int:
        """Add a column and return its number."""
        self.costs.append(cost)
        self.lower.append(lower)
        self.upper.append(upper)
        self.whole.append(int(whole))
        return len(self.costs) - 1

    def row(self, lower: float, upper: float, columns: Sequence[int], factors: Sequence[float]) -> int:
        """Add a row, each column at most once in it, and return its number."""
        self.row_lower.append(lower)
        self.row_upper.append(upper)
        self.starts.append(len(self.indices))
        self.indices.extend(columns)
        self.factors.extend(factors)
        return len(self.row_lower) - 1

    def relaxed(self) -> Solved | None:
        """Solve it as if people could be divided; None when nothing fits."""
        solver = self._solver(whole=False)
        solver.run()
        if not _is(solver, "kOptimal") and not _is(solver, "kModelEmpty"):
            return None
        found, value = solver.getSolution(), solver.getInfo().objective_function_value
        return Solved(list(found.col_value), value, value, list(found.col_dual), list(found.row_dual))

    def solved(self, start: Sequence[float] | None = None, work: float = 1) -> Solved:
        """Solve it in whole people, from a known solution if there is one; `work` is a part of the usual limit.

        Without values nothing was found; with an infinite bound besides, there is nothing. Costs are whole, so a
        solution less than one above the bound is the optimum.
        """
        import highspy
        import numpy as np

        solver = self._solver(whole=True)
        solver.setOptionValue("mip_abs_gap", 1 - 1e-4)
        solver.setOptionValue("mip_rel_gap", 0.0)
        solver.setOptionValue("mip_max_nodes", NODES)
        looks = count(1)
        most = work * max(FEWEST_LOOKS, LOOKS / (len(self.indices) + 1) ** 1.5)
        solver.cbMipInterrupt += lambda event: event.interrupt(next(looks) > most)
        if start is not None:
            known = highspy.HighsSolution()
            known.col_value = np.asarray(start, dtype=np.float64)
            solver.setSolution(known)
        solver.run()
        value, bound = solver.getInfo().objective_function_value, solver.getInfo().mip_dual_bound
        if _is(solver, "kInfeasible") or _is(solver, "kUnboundedOrInfeasible"):  # nothing costs less than nothing
            return Solved([], inf, inf)
        if not isfinite(value) or not _feasible(solver):
            return Solved([], inf, bound if isfinite(bound) else -inf)
        return Solved(list(solver.getSolution().col_value), value, value if _is(solver, "kOptimal") else bound)

    def _solver(self, *, whole: bool) -> "highspy.Highs":
        import highspy
        import numpy as np

        solver = highspy.Highs()  # type: ignore[no-untyped-call]  # highspy has types, except for its constructor
        for option, value in (("output_flag", False), ("threads", 1), ("parallel", "off"), ("random_seed", SEED)):
            solver.setOptionValue(option, value)
        columns, rows = len(self.costs), len(self.row_lower)
        solver.passModel(
            columns,
            rows,
            len(self.indices),
            int(highspy.MatrixFormat.kRowwise),
            int(highspy.ObjSense.kMinimize),
            0.0,
            np.asarray(self.costs, dtype=np.float64),
            np.asarray(self.lower, dtype=np.float64),
            np.asarray(self.upper, dtype=np.float64),
            np.asarray(self.row_lower, dtype=np.float64),
            np.asarray(self.row_upper, dtype=np.float64),
            np.asarray(self.starts, dtype=np.int32),
            np.asarray(self.indices, dtype=np.int32),
            np.asarray(self.factors, dtype=np.float64),
            np.asarray(self.whole if whole else [0] * columns, dtype=np.int32),
        )
        return solver


def whole_bound(bound: float) -> int:
    """Round a bound up: the value itself is a whole number."""
    return ceil(max(bound, 0) - 1e-5)


def _is(solver: "highspy.Highs", status: str) -> bool:
    return bool(solver.getModelStatus().name == status)


def _feasible(solver: "highspy.Highs") -> bool:
    import highspy

    return bool(solver.getInfo().primal_solution_status == int(highspy.SolutionStatus.kSolutionStatusFeasible))
