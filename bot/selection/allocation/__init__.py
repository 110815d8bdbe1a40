"""Who sits where, by exact optimum: nobody puzzles in a spreadsheet, and whoever asks gets shown how good it is.

`allocate` minimises one objective after another and says of each whether it is proven. Whatever the order in which
people came in, equal input gives equal groups. It computes for seconds when there are thousands of people: call it in
a worker process. Formulas and figures are in `docs/groups.md`.
"""

from bot.selection.allocation.instance import (
    EXACT_MIXING,
    FULL_LIST,
    OUTSIDE_FULL_LIST,
    STAGES,
    Allocation,
    Instance,
    Objective,
    Option,
    Person,
)
from bot.selection.allocation.measure import cost, measure

__all__ = [
    "EXACT_MIXING",
    "FULL_LIST",
    "OUTSIDE_FULL_LIST",
    "STAGES",
    "Allocation",
    "Instance",
    "Objective",
    "Option",
    "Person",
    "allocate",
    "cost",
    "measure",
]


def allocate(instance: Instance, *, work: float = 1) -> Allocation:
    """Seat everybody as well as possible. Raises ValueError when two people or two options have the same id.

    `work` is how much of the usual limit on work may be used; it changes nothing where that limit is not reached.
    """
    from bot.selection.allocation.stages import solve  # brings the solver, which only who seats people should wait for

    return solve(instance, work)
