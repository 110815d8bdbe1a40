"""What a seating costs, whoever made it: the one yardstick of the solver, the tests, the bench and the docs."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from bot.selection.allocation.instance import (
    EXACT_MIXING,
    FULL_LIST,
    OUTSIDE_FULL_LIST,
    Instance,
    Option,
    Person,
)


def costs(person: Person, options: int) -> tuple[dict[str, int], int]:
    """Return what each listed option costs this person, and what any other does.

    A place on the list costs its position. After a list that is not full everything costs the next position: whoever
    names fewer says "after that anything is fine", and so can never do better than with the whole list. Two choices
    that were merged into one option count as two: nobody's list gets shorter by what a coordinator did.
    """
    listed: dict[str, int] = {}
    for position, option in enumerate(person.ranks[:FULL_LIST]):
        listed.setdefault(option, position)
    named = len(person.ranks[:FULL_LIST])
    return listed, OUTSIDE_FULL_LIST if named >= min(FULL_LIST, options) else named


def cost(person: Person, option: str, options: int) -> int:
    """Return what it costs that this person sits at this option; nothing where a coordinator wanted them."""
    if option == person.fixed:
        return 0
    listed, elsewhere = costs(person, options)
    return listed.get(option, elsewhere)


def measure(instance: Instance, seats: Mapping[str, str | None]) -> tuple[int, ...]:
    """Return the value of each objective, in the order of STAGES, smaller is better.

    It does not look at minimum, maximum and who is fixed: those hold or they do not.
    """
    groups: dict[str, list[Person]] = {}
    for person in instance.people:
        option = seats[person.user]
        if option is not None:
            groups.setdefault(option, []).append(person)
    sizes = [len(people) for people in groups.values()]
    return (
        len(instance.people) - sum(sizes),
        sum(cost(person, option, len(instance.options)) for option, people in groups.items() for person in people),
        apart(instance, seats) + without_buddy(instance, groups.values()),
        sum(lacking(option, groups[option.id]) for option in instance.options if option.id in groups),
        sum(
            _pairs(Counter(person.region for person in people if person.region))
            + _pairs(Counter(person.sector for person in people if person.sector))
            for people in groups.values()
        ),
        sum(size * (size - 1) // 2 for size in sizes),
        mixing(instance, seats),
    )


def apart(instance: Instance, seats: Mapping[str, str | None]) -> int:
    """Count the pairs who asked to sit together and do not."""
    return sum(seats[one] is None or seats[one] != seats[other] for one, other in pairs(instance))


def pairs(instance: Instance) -> list[tuple[str, str]]:
    """Return each pair once, of two people who are both here."""
    known = {person.user for person in instance.people}
    found = {(min(pair), max(pair)) for pair in instance.together}
    return sorted(pair for pair in found if pair[0] != pair[1] and known.issuperset(pair))


def without_buddy(instance: Instance, groups: Iterable[Sequence[Person]]) -> int:
    """Count newcomers for whom their group has no experienced person; nobody when everybody is new."""
    if all(person.newcomer for person in instance.people):
        return 0
    return sum(max(0, 2 * sum(person.newcomer for person in people) - len(people)) for people in groups)


def lacking(option: Option, people: Sequence[Person]) -> int:
    """Count which of facilitator and note-taker a group lacks, when nobody can be both (Hall's condition)."""
    takes_notes = sum(person.takes_notes for person in people)
    if option.has_facilitator:
        return 0 if takes_notes else 1
    facilitates = sum(person.facilitates for person in people)
    either = sum(person.facilitates or person.takes_notes for person in people)
    return 2 - min(2, either, min(1, facilitates) + min(1, takes_notes))


def mixing(instance: Instance, seats: Mapping[str, str | None]) -> int:
    """Count how often people who sit together sat together before; among many people, how often their region did."""
    if len(instance.people) <= EXACT_MIXING:
        return sum(
            times
            for (one, other), times in instance.met.items()
            if one != other and seats.get(one) is not None and seats[one] == seats.get(other)
        )
    found = 0
    for person in instance.people:
        option = seats[person.user]
        if person.region and option is not None:
            found += instance.region_history.get((person.region, option), 0)
    return found


def _pairs(counts: Counter[str | None]) -> int:
    return sum(count * (count - 1) // 2 for count in counts.values())
