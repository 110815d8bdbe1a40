"""One objective after another: each is brought to its optimum without touching what counts for more."""

from dataclasses import replace

from bot.selection.allocation.case import Case, case
from bot.selection.allocation.counts import Bounds, Cell
from bot.selection.allocation.instance import STAGES, Allocation, Instance, Objective
from bot.selection.allocation.measure import measure
from bot.selection.allocation.model import DISSATISFACTION, TOGETHER, WINDOW, Model
from bot.selection.allocation.program import Solved, whole_bound
from bot.selection.allocation.reading import coarse, narrow, seating, start
from bot.selection.allocation.satisfaction import Face, satisfied, settle

STEPS = (0, 0, 2, 8)
"""How far above the bound so far a seating is looked for, one after the other; a failure raises the bound."""


def solve(instance: Instance, work: float) -> Allocation:
    """Seat everybody as well as possible, within so much of the usual work. Raises ValueError for an id twice."""
    found = _solved(case(instance, work))
    if None not in found.seats.values():
        return found
    # before somebody has no place at all, a topic that nobody named may run
    other = _solved(case(instance, work, any_option=True))
    return other if other.objectives[0].value < found.objectives[0].value else found


def _solved(known: Case) -> Allocation:
    if not known.people:
        return Allocation({}, tuple(Objective(name, 0, 0, True) for name in STAGES))
    face = satisfied(known)
    limits = {DISSATISFACTION: round(face.objectives[1].value)} if face.loose else {}
    bounds: Bounds = {}
    for stage in range(TOGETHER, len(STAGES)):
        bound = _improved(known, face, bounds, limits, stage)
        value = face.measured[stage]
        face.objectives.append(Objective(STAGES[stage], value, min(bound, value), bound >= value))
        limits[stage] = value
    return Allocation(known.seats(face.seats), tuple(face.objectives))


def _improved(known: Case, face: Face, bounds: Bounds, limits: dict[int, int], stage: int) -> int:
    """Bring one objective down as far as it goes and narrow the face to that; return what it cannot be below."""
    if not face.measured[stage]:
        return 0
    found = _relaxed(known, face, bounds, limits, stage)
    if found is None:
        return 0  # the seating we have fits, so only rounding can have hidden it; nothing is shown then
    model, relaxed = found
    _accept(known, face, model, relaxed, stage)
    bound = whole_bound(relaxed.value + model.constant)
    if face.measured[stage] > bound:
        bound = _reach(known, face, bounds, limits, stage, model, relaxed, bound)
    if face.measured[stage] > bound and None in face.runs:
        _improve_what_runs(known, face, bounds, limits, stage)
    _narrowed(known, face, bounds, stage, model, relaxed)
    if face.measured[stage] > bound:
        bound = max(bound, _branched(known, face, bounds, limits, stage))
        _narrowed(known, face, bounds, stage, model, relaxed)
    return bound


def _narrowed(known: Case, face: Face, bounds: Bounds, stage: int, model: Model, relaxed: Solved) -> None:
    narrow(model, face, bounds, relaxed, face.measured[stage] - model.constant - relaxed.value)
    settle(known, face)


def _relaxed(
    known: Case, face: Face, bounds: Bounds, limits: dict[int, int], stage: int
) -> tuple[Model, Solved] | None:
    """Solve the relaxation, with costs written exactly where its solution lies."""
    expected: dict[Cell, int] = {}
    window = WINDOW
    while True:
        model = Model(known, face, bounds, limits, stage, expected, window)
        solved = model.program.relaxed()
        if solved is None:
            return None
        expected = coarse(model, solved.values)
        if not expected:
            return model, solved
        window *= 2


def _reach(
    known: Case,
    face: Face,
    bounds: Bounds,
    limits: dict[int, int],
    stage: int,
    model: Model,
    relaxed: Solved,
    target: int,
) -> int:
    """Look for a seating that costs at most this much, among the few seats that such a one can use.

    Return what no seating is better than: its value if it was found, more than `target` if there is none.
    """
    trial = _copy(face)
    near = dict(bounds)
    narrow(model, trial, near, relaxed, target - model.constant - relaxed.value)
    settle(known, trial)
    if not all(trial.allowed):
        return target + 1
    small = Model(known, trial, near, limits, stage, window=len(known.people))
    small.cap(target)
    solved = small.program.solved(work=known.work)
    if solved.values:
        _accept(known, face, small, solved, stage)
    return max(target, whole_bound(min(solved.bound + small.constant, target + 1)))


def _improve_what_runs(known: Case, face: Face, bounds: Bounds, limits: dict[int, int], stage: int) -> None:
    """Look for a better seating in which the same options run: quick, and what it finds rules out much elsewhere."""
    running = set(face.seats)
    trial = _copy(face)
    trial.runs = [int(option in running) for option in range(len(face.runs))]
    settle(known, trial)
    found = _relaxed(known, trial, bounds, limits, stage)
    if found is None:
        return
    model, relaxed = found
    _accept(known, trial, model, relaxed, stage)
    bound = whole_bound(relaxed.value + model.constant)
    for step in STEPS:
        if bound + step < trial.measured[stage]:
            bound = _reach(known, trial, bounds, limits, stage, model, relaxed, bound + step)
    face.seats, face.measured = trial.seats, trial.measured


def _copy(face: Face) -> Face:
    return replace(face, allowed=[list(allowed) for allowed in face.allowed], runs=list(face.runs))


def _branched(known: Case, face: Face, bounds: Bounds, limits: dict[int, int], stage: int) -> int:
    """Look for the best seating by branch and bound; return what no seating is better than."""
    expected: dict[Cell, int] = {}
    window = WINDOW
    while True:
        model = Model(known, face, bounds, limits, stage, expected, window)
        solved = model.program.solved(start(model, face.seats), known.work)
        if not solved.values:
            return 0
        _accept(known, face, model, solved, stage)
        expected = coarse(model, solved.values)
        if not expected:
            return whole_bound(solved.bound + model.constant)
        window *= 2


def _accept(known: Case, face: Face, model: Model, solved: Solved, stage: int) -> None:
    """Take a solution over when it is whole, and by the yardstick better than what we have."""
    seats = seating(model, solved.values)
    if seats is None:
        return
    measured = measure(known.instance, known.seats(seats))
    if measured[: stage + 1] < face.measured[: stage + 1]:
        face.seats, face.measured = seats, measured
