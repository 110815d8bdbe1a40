"""What a model is made of: sums of columns, kinds of people who are alike, and counts of which each pair costs one."""

from collections.abc import Sequence
from dataclasses import dataclass

Sum = tuple[float, Sequence[int], Sequence[float]]
"""A constant, columns, and the factor of each."""
Cell = tuple[int, int, int]
"""An objective, a set of people that it looks at (by number), and an option."""


@dataclass
class Kind:
    """People who are alike in all that still matters, and their column at each option that is open to them."""

    members: list[int]
    columns: dict[int, int]


@dataclass(frozen=True)
class Step:
    """A column of people who each cost the same more, `length` at most."""

    column: int
    slope: int
    length: int


@dataclass
class Convex:
    """A count of people at an option, of which each pair costs one: the count, its definition, and its steps.

    The lowest count costs `base`; steps become dearer, so they fill in order. `limit` is the row that keeps these
    costs where an earlier objective brought them, -1 for the objective itself.
    """

    cell: Cell
    count: int
    definition: int
    base: int
    steps: list[Step]
    limit: int = -1


Bounds = dict[Cell, tuple[int, int]]
"""Between what the count of each cell must lie, as far as an earlier objective showed."""


def less(one: Sum, other: Sum) -> Sum:
    """Subtract a sum that shares no column with the first."""
    return one[0] - other[0], (*one[1], *other[1]), (*one[2], *(-factor for factor in other[2]))


def added(sums: Sequence[Sum]) -> Sum:
    """Add sums; a column that is in several of them counts once with all its factors."""
    factors: dict[int, float] = {}
    for _, columns, weights in sums:
        for column, weight in zip(columns, weights, strict=True):
            factors[column] = factors.get(column, 0) + weight
    return sum(known for known, _, _ in sums), list(factors), list(factors.values())


def of_pairs(count: int) -> int:
    """Return how many pairs so many people make."""
    return count * (count - 1) // 2
