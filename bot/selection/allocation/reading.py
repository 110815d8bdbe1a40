"""From a model to people and back: a seating as values of columns, a solution as a seating, and what it rules out."""

from collections.abc import Sequence
from math import floor

from bot.selection.allocation.counts import Bounds, Cell, of_pairs
from bot.selection.allocation.model import Model
from bot.selection.allocation.program import EXACT, Solved
from bot.selection.allocation.satisfaction import Face


def coarse(model: Model, values: Sequence[float]) -> dict[Cell, int]:
    """Return the counts, if this solution looks cheaper than it is: they are not where they were expected."""
    off = False
    for convex in model.convex:
        count = values[convex.count]
        slope = floor(count + EXACT)
        written = convex.base + sum(step.slope * values[step.column] for step in convex.steps)
        off = off or written < slope * count - slope * (slope + 1) / 2 - 1e-4
    return {convex.cell: round(values[convex.count]) for convex in model.convex} if off else {}


def start(model: Model, seats: Sequence[int]) -> list[float]:
    """Return the value of each column for a known seating."""
    values = [0.0] * len(model.program.costs)
    for kind in model.kinds:
        for person in kind.members:
            values[kind.columns[seats[person]]] += 1
    sizes = [0] * len(model.case.options)
    for seat in seats:
        if seat >= 0:
            sizes[seat] += 1
    for option, column in model.size.items():
        values[column] = sizes[option]
    for option, column in model.run.items():
        values[column] = float(sizes[option] > 0)
    for column, sums in model.derived:
        values[column] = max(0.0, *(k + sum(f * values[c] for c, f in zip(cs, fs, strict=True)) for k, cs, fs in sums))
    for convex in model.convex:
        stage, number, option = convex.cell
        count = sum(seats[person] == option for person in model.sets(stage)[number])
        values[convex.count] = count
        left = count - model.program.lower[convex.count]
        for step in convex.steps:
            values[step.column] = min(left, step.length)
            left -= values[step.column]
    return values


def seating(model: Model, values: Sequence[float]) -> list[int] | None:
    """Read a seating from a solution; None when it divides people."""
    seats = [-1] * len(model.case.people)
    for person, seat in model.certain.items():
        seats[person] = seat
    for kind in model.kinds:
        waiting = iter(kind.members)
        for option, column in kind.columns.items():
            number = round(values[column])
            if abs(values[column] - number) > 1e-4:
                return None
            for _ in range(number):
                seats[next(waiting)] = option
    if any(abs(values[column] - round(values[column])) > 1e-4 for column in model.run.values()):
        return None
    return seats


def narrow(model: Model, face: Face, bounds: Bounds, solved: Solved, gap: float) -> None:
    """Strike what no optimum can use: what alone costs more than separates the optimum from the relaxation."""
    price, most = solved.column_prices, gap + 1e-5
    for kind in model.kinds:
        struck = {option for option, column in kind.columns.items() if price[column] > most}
        if struck:
            for person in kind.members:
                face.allowed[person] = [option for option in face.allowed[person] if option not in struck]
    for option, column in model.run.items():
        if abs(price[column]) > most:
            face.runs[option] = 0 if price[column] > 0 else 1
    for convex in model.convex:
        weight = -solved.row_prices[convex.limit] if convex.limit >= 0 else 1.0
        slope = solved.row_prices[convex.definition]
        low, high = round(model.program.lower[convex.count]), round(model.program.upper[convex.count])
        costs = {count: weight * of_pairs(count) - slope * count for count in range(low, high + 1)}
        least = min(costs.values())
        fine = [count for count, cost in costs.items() if cost - least <= most]
        bounds[convex.cell] = (fine[0], fine[-1])
