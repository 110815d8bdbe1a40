"""An instance in numbers, in an order that nobody can influence by clicking early."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

from bot.selection.allocation.cliques import cliques
from bot.selection.allocation.instance import EXACT_MIXING, Instance, Option, Person
from bot.selection.allocation.measure import costs, pairs


@dataclass(frozen=True)
class Case:
    """People and options by number; -1 is no place.

    `listed` and `elsewhere` are the costs of `measure.costs`, `fixed` where somebody must sit if it runs, `low` and
    `high` the sizes of an option that runs, `eligible` the options that may run. `communities` are sets of people
    whose spread counts (a region, a sector); `meetings` sets of people who all met each other, which together hold
    each meeting exactly once; `history` what a person costs at an option for the theme's past;
    `buddies` says whether newcomers need one, `work` how much of the usual work may be done.
    """

    instance: Instance
    people: tuple[Person, ...]
    options: tuple[Option, ...]
    listed: tuple[dict[int, int], ...]
    elsewhere: tuple[int, ...]
    fixed: tuple[int, ...]
    low: tuple[int, ...]
    high: tuple[int, ...]
    eligible: tuple[int, ...]
    pairs: tuple[tuple[int, int], ...]
    communities: tuple[tuple[int, ...], ...]
    meetings: tuple[tuple[int, ...], ...]
    buddies: bool
    work: float

    @property
    def exact_mixing(self) -> bool:
        """Say whether it counts who sat with whom."""
        return len(self.people) <= EXACT_MIXING

    def cost(self, person: int, option: int) -> int:
        """Return what a seat costs; nothing for who is fixed there."""
        if self.fixed[person] == option:
            return 0
        return self.listed[person].get(option, self.elsewhere[person])

    def history(self, person: int, option: int) -> int:
        """Return how often this person's region sat at this theme."""
        region = self.people[person].region
        return self.instance.region_history.get((region, self.options[option].id), 0) if region else 0

    def seats(self, seats: Iterable[int]) -> dict[str, str | None]:
        """Return the seating by ids."""
        return {
            person.user: self.options[seat].id if seat >= 0 else None
            for person, seat in zip(self.people, seats, strict=True)
        }


def case(instance: Instance, work: float = 1, *, any_option: bool = False) -> Case:
    """Put an instance in numbers; with `any_option` those that nobody names may run too.

    Raises ValueError when an id comes twice.
    """
    people = tuple(sorted(instance.people, key=lambda person: (drawn(instance.seed, person.user), person.user)))
    options = tuple(sorted(instance.options, key=lambda option: (drawn(instance.seed, option.id), option.id)))
    person_number = {person.user: number for number, person in enumerate(people)}
    number = {option.id: number for number, option in enumerate(options)}
    if len(person_number) < len(people) or len(number) < len(options):
        raise ValueError("each person and each option comes once")
    price = [costs(person, len(options)) for person in people]
    listed = tuple({number[option]: cost for option, cost in known.items() if option in number} for known, _ in price)
    fixed = tuple(number.get(person.fixed, -1) if person.fixed else -1 for person in people)
    low = tuple(max(1, min(option.minimum, len(people))) for option in options)
    high = tuple(len(people) if option.maximum is None else min(option.maximum, len(people)) for option in options)
    named = {option for known in listed for option in known}
    wanted = set(range(len(options))) if any_option or not named else named
    wanted |= {option for option in fixed if option >= 0}
    held = [fixed.count(option) for option in range(len(options))]
    eligible = tuple(k for k in sorted(wanted) if low[k] <= high[k] and held[k] <= high[k])
    met = {
        (person_number[one], person_number[other]): times
        for (one, other), times in instance.met.items()
        if one != other and times > 0 and one in person_number and other in person_number
    }
    return Case(
        instance=instance,
        people=people,
        options=options,
        listed=listed,
        elsewhere=tuple(elsewhere for _, elsewhere in price),
        fixed=tuple(option if option in eligible else -1 for option in fixed),
        low=low,
        high=high,
        eligible=eligible,
        pairs=tuple(sorted((person_number[one], person_number[other]) for one, other in pairs(instance))),
        communities=_communities(people),
        meetings=cliques(len(people), met) if len(people) <= EXACT_MIXING else (),
        work=work,
        buddies=any(person.newcomer for person in people) and not all(person.newcomer for person in people),
    )


def drawn(seed: str, name: str) -> bytes:
    """Return a lot: who comes first among equals, the same each time, and not to be foreseen without the seed."""
    return blake2b(f"{seed}\0{name}".encode(), digest_size=16).digest()


def _communities(people: tuple[Person, ...]) -> tuple[tuple[int, ...], ...]:
    found: dict[tuple[str, str], list[int]] = {}
    for number, person in enumerate(people):
        if person.region:
            found.setdefault(("region", person.region), []).append(number)
        if person.sector:
            found.setdefault(("sector", person.sector), []).append(number)
    return tuple(tuple(members) for members in found.values() if len(members) > 1)
