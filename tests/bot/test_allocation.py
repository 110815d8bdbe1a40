"""The exact allocation against every possible seating, and what it promises to people."""

import random
from collections.abc import Mapping
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from bot.selection.allocation import (
    FULL_LIST,
    STAGES,
    Allocation,
    Instance,
    Option,
    Person,
    allocate,
    measure,
)

INSTANCES = 260
NAMES = "abcd"


def invented(number: int) -> Instance:
    """A small instance; by its number it leans on one of the constraints."""
    draw = random.Random(number)
    leaning = number % 8
    options, people = [(2, 7), (3, 6), (3, 5), (4, 5), (2, 6), (3, 6), (4, 4), (1, 5)][number // 8 % 8]
    people = draw.randint(max(1, people - 2), people)
    names = NAMES[:options]

    def person(one: int) -> Person:
        ranks = tuple(draw.sample(names, draw.randint(0, min(FULL_LIST, options))))
        if leaning in (2, 3) and draw.random() < 0.7:
            ranks = ranks[:1]  # ties, in which the later objectives have something to say
        return Person(
            user=f"U{one}",
            ranks=ranks,
            fixed=draw.choice(names) if draw.random() < (0.35 if leaning == 1 else 0.08) else None,
            region=draw.choice(["noord", "zuid", "oost", None]),
            sector=draw.choice(["school", "gemeente", ""]),
            facilitates=draw.random() < 0.3,
            takes_notes=draw.random() < 0.3,
            newcomer=draw.random() < (0.6 if leaning == 2 else 0.3),
        )

    everybody = tuple(person(one) for one in range(people))
    users = [one.user for one in everybody]
    couples = list(combinations(users, 2))
    together = draw.sample(couples, min(len(couples), draw.choice([0, 1, 2, 3])))
    tight = leaning in (4, 5)
    return Instance(
        seed=f"seed {number}",
        people=everybody,
        options=tuple(
            Option(
                id=name,
                minimum=draw.randint(1, 4 if leaning in (0, 5) else 2),
                maximum=draw.randint(1, 2) if tight else draw.choice([None, 2, 3, 4]),
                has_facilitator=draw.random() < 0.3,
            )
            for name in names
        ),
        together=tuple((one, other) if draw.random() < 0.5 else (other, one) for one, other in together),
        met={pair: draw.randint(1, 3) for pair in couples if draw.random() < 0.4},
        region_history={(r, o): draw.randint(0, 5) for r in ("noord", "zuid", "oost") for o in names},
    )


def every_seating(instance: Instance) -> Any:
    """All seatings, a row each, as numbers of options; the last number is no place."""
    options, people = len(instance.options), len(instance.people)
    numbers = np.arange((options + 1) ** people)
    return np.stack([numbers // (options + 1) ** one % (options + 1) for one in range(people)], axis=1)


def allowed(instance: Instance, seatings: Any) -> Any:
    """Which seatings keep to minimum, maximum, who is fixed, and what nobody asked for."""
    fine = np.ones(len(seatings), dtype=bool)
    listed = {option for person in instance.people for option in person.ranks}
    fixed = {person.fixed for person in instance.people}
    for number, option in enumerate(instance.options):
        here = seatings == number
        size = here.sum(axis=1)
        runs = size > 0
        fine &= ~runs | (size >= min(option.minimum, len(instance.people)))
        if option.maximum is not None:
            fine &= size <= option.maximum
        if listed and option.id not in listed | fixed:
            fine &= ~runs
        for one, person in enumerate(instance.people):
            if person.fixed == option.id:
                fine &= ~runs | here[:, one]
    return fine


def values(instance: Instance, seatings: Any, *, by_region: bool) -> Any:
    """The objectives of every seating, written down a second time and another way than the product does it."""
    people, options = instance.people, instance.options
    where = {option.id: number for number, option in enumerate(options)}
    nowhere = len(options)
    total = np.zeros((len(seatings), len(STAGES)), dtype=int)
    total[:, 0] = (seatings == nowhere).sum(axis=1)
    for one, person in enumerate(people):
        price = np.full(nowhere + 1, len(person.ranks) if len(person.ranks) < min(3, len(options)) else 6)
        if not person.ranks:
            price[:] = 0
        for position, option in enumerate(person.ranks):
            price[where[option]] = position
        if person.fixed:
            price[where[person.fixed]] = 0
        price[nowhere] = 0
        total[:, 1] += price[seatings[:, one]]
    number = {person.user: one for one, person in enumerate(people)}
    for one, other in instance.together:
        a, b = seatings[:, number[one]], seatings[:, number[other]]
        total[:, 2] += (a != b) | (a == nowhere)
    some_experience = not all(person.newcomer for person in people)
    for k, option in enumerate(options):
        here = seatings == k
        new = here[:, [person.newcomer for person in people]].sum(axis=1)
        old = here.sum(axis=1) - new
        if some_experience:
            total[:, 2] += np.maximum(0, new - old)
        lead_only = here[:, [p.facilitates and not p.takes_notes for p in people]].sum(axis=1)
        note_only = here[:, [p.takes_notes and not p.facilitates for p in people]].sum(axis=1)
        both = here[:, [p.takes_notes and p.facilitates for p in people]].sum(axis=1)
        needs_leader = 0 if option.has_facilitator else 1
        best = np.zeros(len(seatings), dtype=int)
        for leads in range(needs_leader + 1):
            for notes in range(2):
                works = (leads <= lead_only + both) & (notes <= note_only + both)
                works &= leads + notes <= lead_only + note_only + both
                best = np.maximum(best, np.where(works, leads + notes, 0))
        total[:, 3] += np.where(here.any(axis=1), needs_leader + 1 - best, 0)
        for one, other in combinations(range(len(people)), 2):
            same = here[:, one] & here[:, other]
            p, q = people[one], people[other]
            total[:, 4] += same * ((p.region is not None and p.region == q.region) + (p.sector == q.sector != ""))
            total[:, 5] += same
            if not by_region:
                low, high = sorted((p.user, q.user))
                total[:, 6] += same * instance.met.get((low, high), 0)
        if by_region:
            for one, person in enumerate(people):
                if person.region:
                    total[:, 6] += here[:, one] * instance.region_history.get((person.region, option.id), 0)
    return total


def numbers(instance: Instance, seats: Mapping[str, str | None]) -> list[int]:
    where = {option.id: number for number, option in enumerate(instance.options)}
    return [where.get(seats[person.user] or "", len(where)) for person in instance.people]


def reached(found: Allocation) -> tuple[int, ...]:
    return tuple(int(objective.value) for objective in found.objectives)


def check_against_every_seating(instance: Instance, *, by_region: bool) -> tuple[int, ...]:
    seatings = every_seating(instance)
    seatings = seatings[allowed(instance, seatings)]
    total = values(instance, seatings, by_region=by_region)
    best = tuple(int(value) for value in min(map(tuple, total)))
    found = allocate(instance)
    assert reached(found) == best
    assert measure(instance, found.seats) == best
    assert all(objective.proven and objective.bound == objective.value for objective in found.objectives)
    assert tuple(objective.name for objective in found.objectives) == STAGES
    assert (seatings == numbers(instance, found.seats)).all(axis=1).any()
    some = int(random.Random(instance.seed).random() * len(seatings))
    seats = {p.user: next((o.id for k, o in enumerate(instance.options) if k == seatings[some][one]), None)
             for one, p in enumerate(instance.people)}  # fmt: skip
    assert measure(instance, seats) == tuple(total[some])
    return best


@pytest.mark.parametrize("part", range(10))
def test_the_allocation_is_as_good_as_the_best_of_all_seatings(part: int) -> None:
    for number in range(part, INSTANCES, 10):
        check_against_every_seating(invented(number), by_region=False)
