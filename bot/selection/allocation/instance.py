"""What there is to decide about seating: people, the groups that could run, and how good a seating turned out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

FULL_LIST = 3
"""Choices on a full list: more than three and people stop meaning the order."""
OUTSIDE_FULL_LIST = 6
"""Costs of a seat outside a full list: as much as three people moving from their first to their third choice, so
that nobody who said what they want is sent elsewhere to spare two others one step."""
EXACT_MIXING = 200
"""Up to so many people it counts exactly who sat with whom; above it the region counts, by theme."""
STAGES = ("unseated", "dissatisfaction", "together", "roles", "spread", "sizes", "mixing")
"""The objectives by name, what matters most first."""


@dataclass(frozen=True)
class Person:
    """Somebody to seat.

    `ranks` are option ids, first choice first, at most three; none means "I don't know": content anywhere. `fixed`
    is where they must sit whenever it runs: they lead it, or a coordinator placed them. Whoever leads a group cannot
    take its notes as well, so an appointed facilitator has `takes_notes` False.
    """

    user: str
    ranks: tuple[str, ...] = ()
    fixed: str | None = None
    region: str | None = None
    sector: str = ""
    facilitates: bool = False
    takes_notes: bool = False
    newcomer: bool = False


@dataclass(frozen=True)
class Option:
    """A topic, or several that were merged: one group when it runs, of at least and at most so many people.

    `has_facilitator`: somebody was appointed to lead it, who need not be among the people to seat.
    """

    id: str
    minimum: int = 1
    maximum: int | None = None
    has_facilitator: bool = False


@dataclass(frozen=True)
class Instance:
    """One session to solve; `docs/groups.md` says what each part counts for.

    `seed` decides between equals. `together` are pairs who both agreed. `met` says how often two people sat together
    before, under their two ids in sorted order; `region_history` how often people of a region sat at an option's
    theme, under (region, option id).
    """

    seed: str
    people: tuple[Person, ...]
    options: tuple[Option, ...]
    together: tuple[tuple[str, str], ...] = ()
    met: Mapping[tuple[str, str], int] = field(default_factory=dict)
    region_history: Mapping[tuple[str, str], int] = field(default_factory=dict)


@dataclass(frozen=True)
class Objective:
    """One thing that was minimised: its value, and the best value that was not shown to be impossible.

    `proven` says that they are equal; otherwise the gap is `value - bound`, and the limit on work was reached.
    """

    name: str
    value: float
    bound: float
    proven: bool


@dataclass(frozen=True)
class Allocation:
    """The option of each person, None for who has no place, and how good each objective is, in order of weight."""

    seats: Mapping[str, str | None]
    objectives: tuple[Objective, ...]
