"""One objective after another: each is brought to its optimum without touching what counts for more."""

from bot.selection.allocation.case import Case, case
from bot.selection.allocation.instance import STAGES, Allocation, Instance, Objective
from bot.selection.allocation.measure import measure
from bot.selection.allocation.model import DISSATISFACTION, TOGETHER, Bounds, Model
from bot.selection.allocation.program import Solved, whole_bound
from bot.selection.allocation.satisfaction import Face, satisfied, settle


def solve(instance: Instance) -> Allocation:
    """Seat everybody as well as possible. Raises ValueError when an id comes twice."""
    known = case(instance)
    if not known.people:
        return Allocation({}, tuple(Objective(name, 0, 0, True) for name in STAGES))
    face = satisfied(known)
    limits = {DISSATISFACTION: round(face.objectives[1].value)} if face.loose else {}
    bounds = Bounds()
    for stage in range(TOGETHER, len(STAGES)):
        bound = _improved(known, face, bounds, limits, stage)
        value = measure(instance, known.seats(face.seats))[stage]
        face.objectives.append(Objective(STAGES[stage], value, min(bound, value), bound >= value))
        limits[stage] = value
    return Allocation(known.seats(face.seats), tuple(face.objectives))


def _improved(known: Case, face: Face, bounds: Bounds, limits: dict[int, int], stage: int) -> int:
    """Bring one objective down as far as it goes and narrow the face to that; return what it cannot be below."""
    value = _measured(known, face)[stage]
    if value == 0:
        if stage + 1 < len(STAGES):
            pass
        return 0
    model = Model(known, face, bounds, limits, stage)
    if not any(model.program.costs):
        return value
    relaxed = _relaxed(model)
    if relaxed is None:
        return 0
    bound = max(0, whole_bound(relaxed.value + model.constant))
    _accept(known, face, model, relaxed, stage)
    value = _measured(known, face)[stage]
    if value > bound:
        bound = max(bound, _branched(known, face, model, stage))
        value = _measured(known, face)[stage]
    model.narrow(relaxed, value - model.constant - relaxed.value)
    settle(known, face)
    return bound


def _relaxed(model: Model) -> Solved | None:
    while True:
        solved = model.program.relaxed()
        if solved is None or not model.sharpen(solved.values):
            return solved


def _branched(known: Case, face: Face, model: Model, stage: int) -> int:
    while True:
        solved = model.program.solved(model.start(face.seats))
        if solved is None:
            return 0
        _accept(known, face, model, solved, stage)
        if not model.sharpen(solved.values):
            return whole_bound(solved.bound + model.constant)


def _measured(known: Case, face: Face) -> tuple[int, ...]:
    return measure(known.instance, known.seats(face.seats))


def _accept(known: Case, face: Face, model: Model, solved: Solved, stage: int) -> None:
    """Take a solution over when it is whole, and by the yardstick better than what we have."""
    seats = model.seats(solved.values)
    if seats is None:
        return
    now, new = _measured(known, face), measure(known.instance, known.seats(seats))
    if new[: stage + 1] < now[: stage + 1]:
        face.seats = seats
