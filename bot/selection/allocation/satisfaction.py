"""Everybody as close to their own choice as can be: which options run, and which seats no optimum can do without.

Given which options run this is a flow from people to options, which a linear program solves in whole people. So only
"does it run" needs branches, and where nothing falls below its minimum none at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import floor, inf

from bot.selection.allocation.case import Case
from bot.selection.allocation.instance import Objective
from bot.selection.allocation.measure import measure
from bot.selection.allocation.program import EXACT, Program, Solved, whole_bound

AT_RISK = 3
"""An option with fewer people than so many times its minimum may turn out not to run."""
MOST_LINKS = 4000
"""Up to so many possible seats, each is tied to whether its option runs: a stronger bound, and a larger program."""


@dataclass
class Face:
    """What is left open when satisfaction is as good as can be: for each person the seats that some optimum may use.

    `seats` is the best seating so far, `measured` what it costs. `runs` is 1, 0 or None (open); `smallest` and
    `largest` bound an option that runs. `loose`: not every seating within these bounds is optimal, so later stages
    must count satisfaction as well.
    """

    seats: list[int]
    measured: tuple[int, ...]
    allowed: list[list[int]]
    runs: list[int | None]
    smallest: list[int]
    largest: list[int]
    objectives: list[Objective]
    loose: bool


@dataclass
class _Kind:
    """People who cost the same everywhere."""

    members: list[int]
    listed: dict[int, int]
    elsewhere: int
    fixed: int


@dataclass
class _Flow:
    """The columns of the program of one question."""

    program: Program
    to_listed: list[dict[int, int]] = field(default_factory=list)
    to_elsewhere: list[int] = field(default_factory=list)
    elsewhere: dict[int, int] = field(default_factory=dict)
    size: dict[int, int] = field(default_factory=dict)
    run: dict[int, int] = field(default_factory=dict)
    unseated: list[int] = field(default_factory=list)


def satisfied(case: Case) -> Face:
    """Seat as many people as possible, and among those seatings find the one with the least dissatisfaction."""
    kinds = _kinds(case)
    without, bound_without = 0, 0
    relaxed = _relaxed(case, kinds, 0, _unknown(case))
    found = _seated(case, kinds, 0, relaxed, None) if relaxed else None
    if found is None:
        without, bound_without, opened = _fewest_unseated(case, kinds)
        relaxed = _relaxed(case, kinds, without, _unknown(case))
        assert relaxed is not None  # the seating just found fits
        found = _seated(case, kinds, without, relaxed, opened)
    assert found is not None
    seats, value, bound, relaxations = found
    face = Face(
        seats=seats,
        measured=measure(case.instance, case.seats(seats)),
        allowed=[[*case.eligible, *([-1] if without else [])] for _ in case.people],
        runs=_unknown(case),
        smallest=list(case.low),
        largest=list(case.high),
        objectives=[
            Objective("unseated", without, bound_without, without == bound_without),
            Objective("dissatisfaction", value, bound, value == bound),
        ],
        loose=True,
    )
    for flow, solved in relaxations:
        _narrow(kinds, face, flow, solved, value - solved.value)
        settle(case, face)
        face.loose = value - solved.value > EXACT or bool(flow.run or without)
    if face.loose:
        surer = _relaxed(case, kinds, without, face.runs)
        assert surer is not None  # the seating found fits
        _narrow(kinds, face, *surer, value - surer[1].value)
        settle(case, face)
        face.loose = value - surer[1].value > EXACT or bool(without)
    return face


def settle(case: Case, face: Face) -> None:
    """Follow up what is certain: who has one seat left makes an option run, an option that nobody can fill closes."""
    changed = True
    while changed:
        changed = False
        sure = [0] * len(case.options)
        possible = [0] * len(case.options)
        for person, allowed in enumerate(face.allowed):
            fixed = case.fixed[person]
            if fixed >= 0 and face.runs[fixed] == 1 and allowed != [fixed]:
                allowed[:] = [fixed]
            elif any(option >= 0 and face.runs[option] == 0 for option in allowed):
                allowed[:] = [option for option in allowed if option < 0 or face.runs[option] != 0]
            for option in allowed:
                if option >= 0:
                    possible[option] += 1
            if len(allowed) == 1 and allowed[0] >= 0:
                sure[allowed[0]] += 1
        for option, run in enumerate(face.runs):
            if run is None and sure[option]:
                face.runs[option], changed = 1, True
            elif run is None and possible[option] < max(case.low[option], face.smallest[option]):
                face.runs[option], changed = 0, True


def _kinds(case: Case) -> list[_Kind]:
    found: dict[object, _Kind] = {}
    eligible = set(case.eligible)
    for person, listed in enumerate(case.listed):
        listed = {option: cost for option, cost in listed.items() if option in eligible}
        key = (tuple(sorted(listed.items())), case.elsewhere[person], case.fixed[person])
        if key not in found:
            if case.fixed[person] >= 0:
                listed = {**listed, case.fixed[person]: 0}
            found[key] = _Kind([], listed, case.elsewhere[person], case.fixed[person])
        found[key].members.append(person)
    return list(found.values())


def _flow(case: Case, kinds: list[_Kind], unseated: int, runs: Sequence[int | None]) -> _Flow:
    """Write the flow. Of options of which it is open whether they run, the minimum is left out."""
    program = Program()
    flow = _Flow(program)
    entering: dict[int, list[int]] = {option: [] for option in case.eligible}
    through: list[int] = []
    for kind in kinds:
        supply = len(kind.members)
        stays = kind.fixed >= 0 and runs[kind.fixed] == 1
        arcs = {
            option: program.column(cost, 0, inf, whole=False)
            for option, cost in kind.listed.items()
            if runs[option] != 0 and (not stays or option == kind.fixed)
        }
        for option, column in arcs.items():
            entering[option].append(column)
        flow.to_listed.append(arcs)
        others = [] if stays else [program.column(kind.elsewhere, 0, inf, whole=False)]
        flow.to_elsewhere.append(others[0] if others else -1)
        through += others
        if unseated and not stays:
            flow.unseated.append(program.column(0, 0, inf, whole=False))
            others.append(flow.unseated[-1])
        columns = [*arcs.values(), *others]
        program.row(supply, supply, columns, [1] * len(columns))
    for option in case.eligible:
        if runs[option] != 0:
            low = case.low[option] if runs[option] else 0
            flow.elsewhere[option] = program.column(0, 0, inf, whole=False)
            flow.size[option] = program.column(0, low, case.high[option], whole=False)
            columns = [*entering[option], flow.elsewhere[option], flow.size[option]]
            program.row(0, 0, columns, [1] * (len(columns) - 1) + [-1])
    leaving = list(flow.elsewhere.values())
    program.row(0, 0, through + leaving, [1] * len(through) + [-1] * len(leaving))
    if flow.unseated:
        program.row(0, unseated, flow.unseated, [1] * len(flow.unseated))
    return flow


def _choosing(case: Case, kinds: list[_Kind], unseated: int, likely: dict[int, float]) -> _Flow:
    """Write the flow in which each option runs or not; `likely` are sizes without minimum, to see what is at risk."""
    flow = _flow(case, kinds, unseated, _unknown(case))
    program = flow.program
    arcs = sum(map(len, flow.to_listed))
    for option in case.eligible:
        run = program.column(0, 0, 1)
        flow.run[option] = run
        program.row(-inf, 0, [flow.size[option], run], [1, -case.high[option]])
        program.row(0, inf, [flow.size[option], run], [1, -case.low[option]])
        for kind, known in zip(kinds, flow.to_listed, strict=True):
            supply = len(kind.members)
            if kind.fixed == option:
                program.row(0, 0, [known[option], run], [1, -supply])
            elif option in known and (arcs <= MOST_LINKS or likely[option] < AT_RISK * case.low[option]):
                program.row(-inf, 0, [known[option], run], [1, -supply])
    return flow


def _unknown(case: Case) -> list[int | None]:
    return [None if option in case.eligible else 0 for option in range(len(case.options))]


def _relaxed(case: Case, kinds: list[_Kind], unseated: int, runs: Sequence[int | None]) -> tuple[_Flow, Solved] | None:
    flow = _flow(case, kinds, unseated, runs)
    solved = flow.program.relaxed()
    return (flow, solved) if solved else None


def _fewest_unseated(case: Case, kinds: list[_Kind]) -> tuple[int, int, list[int]]:
    """Return how few people must do without a seat, what that number cannot be below, and what runs then."""
    sizes = {option: float(case.low[option]) for option in case.eligible}
    flow = _choosing(case, kinds, len(case.people), sizes)
    flow.program.costs = [0.0] * len(flow.program.costs)
    for column in flow.unseated:
        flow.program.costs[column] = 1
    nobody = [0.0] * len(flow.program.costs)
    for kind, column in zip(kinds, flow.unseated, strict=True):
        nobody[column] = len(kind.members)
    solved = flow.program.solved(nobody, case.work)
    assert solved.values  # that nobody is seated, at worst
    value = round(solved.value)
    return value, min(value, whole_bound(solved.bound)), _opened(flow, solved)


def _seated(
    case: Case, kinds: list[_Kind], unseated: int, relaxed: tuple[_Flow, Solved], opened: list[int] | None
) -> tuple[list[int], int, int, list[tuple[_Flow, Solved]]] | None:
    """Return a seating with its dissatisfaction, what that cannot be below, and the relaxations that show it.

    `opened` are options that are known to work; without any, None is returned when nothing fits or was found.
    """
    flow, loosest = relaxed
    likely = {option: loosest.values[column] for option, column in flow.size.items()}
    bound = whole_bound(loosest.value)
    filled = [option for option in case.eligible if likely[option] >= case.low[option] - EXACT]
    tries = [_with_open(case, kinds, unseated, run) for run in (filled, opened) if run is not None]
    best = min((found for found in tries if found), key=lambda found: found[1], default=None)
    if best and best[1] == bound:
        return (*best, bound, [relaxed])
    choosing = _choosing(case, kinds, unseated, likely)
    tighter = choosing.program.relaxed()
    if tighter is None:
        return None
    bound = max(bound, whole_bound(tighter.value))
    if best is None or best[1] > bound:
        solved = choosing.program.solved(work=case.work)
        if solved.values:
            found = _with_open(case, kinds, unseated, _opened(choosing, solved))
            if found and (best is None or found[1] < best[1]):
                best = found
            bound = max(bound, whole_bound(solved.bound))
    if best is None:
        return None
    return (*best, min(bound, best[1]), [relaxed, (choosing, tighter)])


def _opened(flow: _Flow, solved: Solved) -> list[int]:
    return [option for option, column in flow.run.items() if solved.values[column] > 0.5]


def _with_open(case: Case, kinds: list[_Kind], unseated: int, opened: list[int]) -> tuple[list[int], int] | None:
    """Return the best seating when exactly these options run, None if they cannot all."""
    flow = _flow(case, kinds, unseated, [int(option in opened) for option in range(len(case.options))])
    solved = flow.program.relaxed()
    if solved is None:
        return None
    seats = [-1] * len(case.people)
    room = {option: round(solved.values[column]) for option, column in flow.elsewhere.items()}
    for kind, arcs, elsewhere in zip(kinds, flow.to_listed, flow.to_elsewhere, strict=True):
        waiting = iter(kind.members)
        for option, column in arcs.items():
            for _ in range(round(solved.values[column])):
                seats[next(waiting)] = option
        for _ in range(round(solved.values[elsewhere]) if elsewhere >= 0 else 0):
            option = next(option for option, left in room.items() if left)
            room[option] -= 1
            seats[next(waiting)] = option
    return seats, sum(case.cost(person, option) for person, option in enumerate(seats) if option >= 0)


def _narrow(kinds: list[_Kind], face: Face, flow: _Flow, solved: Solved, gap: float) -> None:
    """Strike the seats whose shadow price alone is more than what separates the optimum from the relaxation."""
    price = solved.column_prices
    for kind, arcs, elsewhere in zip(kinds, flow.to_listed, flow.to_elsewhere, strict=True):
        struck = {option for option, column in arcs.items() if price[column] > gap + EXACT}
        outside = price[elsewhere]
        struck |= {k for k, column in flow.elsewhere.items() if k not in arcs and outside + price[column] > gap + EXACT}
        if struck:
            for person in kind.members:
                face.allowed[person] = [option for option in face.allowed[person] if option not in struck]
    for option, column in flow.size.items():
        if price[column] < -EXACT and option not in flow.run:
            least = flow.program.upper[column] - gap / -price[column]
            face.smallest[option] = max(face.smallest[option], whole_bound(least))
            if least > EXACT:
                face.runs[option] = 1
        elif price[column] > EXACT and flow.program.lower[column] > 0:
            most = flow.program.lower[column] + gap / price[column]
            face.largest[option] = min(face.largest[option], floor(most + EXACT))
    for option, column in flow.run.items():
        if abs(price[column]) > gap + EXACT:
            face.runs[option] = 0 if price[column] > 0 else 1
