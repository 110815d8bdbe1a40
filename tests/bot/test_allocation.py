"""The exact allocation against every possible seating, and what it promises to people."""

import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.selection.allocation import (
    EXACT_MIXING,
    FULL_LIST,
    STAGES,
    Allocation,
    Instance,
    Option,
    Person,
    allocate,
    cost,
    measure,
)
from bot.selection.allocation.case import case
from bot.selection.allocation.cliques import cliques
from bot.selection.allocation.program import Program
from tests.bench.groups import first_come, session

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


def every_seating(instance: Instance, crowd: int = 0) -> Any:
    """All seatings, a row each, as numbers of options; the last number is no place. The crowd stays at the first."""
    options, people = len(instance.options), len(instance.people) - crowd
    numbers = np.arange((options + 1) ** people)
    seatings = np.zeros((len(numbers), people + crowd), dtype=int)
    for one in range(people):
        seatings[:, one] = numbers // (options + 1) ** one % (options + 1)
    return seatings


def allowed(instance: Instance, seatings: Any) -> Any:
    """Which seatings keep to minimum, maximum, who is fixed, and what nobody asked for, if nobody needs that."""
    fine, asked = np.ones(len(seatings), dtype=bool), np.ones(len(seatings), dtype=bool)
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
            asked &= ~runs
        for one, person in enumerate(instance.people):
            if person.fixed == option.id:
                fine &= ~runs | here[:, one]
    nowhere = (seatings == len(instance.options)).sum(axis=1)
    return fine if nowhere[fine].min() < nowhere[fine & asked].min() else fine & asked


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
        size = here.sum(axis=1)
        total[:, 5] += size * (size - 1) // 2
        for one, other in combinations([i for i, p in enumerate(people) if p.region or p.sector or not by_region], 2):
            same = here[:, one] & here[:, other]
            p, q = people[one], people[other]
            total[:, 4] += same * ((p.region is not None and p.region == q.region) + (p.sector == q.sector != ""))
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


def check_against_every_seating(instance: Instance, crowd: int = 0) -> tuple[int, ...]:
    by_region = len(instance.people) > EXACT_MIXING
    seatings = every_seating(instance, crowd)
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
        check_against_every_seating(invented(number))


def test_the_small_instances_bring_every_objective_into_play() -> None:
    """A check that cannot fail is none: each objective is above zero somewhere, and each constraint binds somewhere."""
    above: Counter[str] = Counter()
    binds: Counter[str] = Counter()
    for number in range(INSTANCES):
        instance = invented(number)
        found = allocate(instance)
        above.update(objective.name for objective in found.objectives if objective.value)
        size = Counter(option for option in found.seats.values() if option)
        for option in instance.options:
            binds["minimum"] += bool(size[option.id]) and size[option.id] == option.minimum > 1
            binds["maximum"] += size[option.id] == option.maximum
            binds["closed"] += not size[option.id]
        binds["fixed"] += any(found.seats[p.user] == p.fixed not in p.ranks for p in instance.people if p.fixed)
        binds["fixed elsewhere"] += any(found.seats[p.user] != p.fixed for p in instance.people if p.fixed)
    assert set(above) == set(STAGES)
    assert min(above.values()) >= 20
    assert min(binds.values()) >= 20, binds


@pytest.mark.parametrize("number", range(30))
def test_among_many_people_it_is_the_region_that_should_see_something_new(number: int) -> None:
    """More people than are mixed one by one; all but a few have only one place, so all seatings can still be tried."""
    small = invented(8 * number + 3)
    first = small.options[0]
    crowd = tuple(Person(f"crowd{one}", fixed=first.id) for one in range(EXACT_MIXING))
    others = tuple(replace(option, maximum=min(option.maximum or 3, 3)) for option in small.options[1:])
    people = tuple(replace(person, fixed=None) for person in small.people)
    history = {key: 3 * times % 7 for key, times in small.region_history.items()}
    instance = replace(
        small, people=(*people, *crowd), options=(replace(first, maximum=None), *others), region_history=history
    )
    check_against_every_seating(instance, len(crowd))


def shuffled(instance: Instance, number: int) -> Instance:
    draw = random.Random(number)

    def mixed(things: Any) -> Any:
        return tuple(draw.sample(list(things), len(things)))

    return replace(
        instance,
        people=mixed(instance.people),
        options=mixed(instance.options),
        together=mixed([pair[::-1] if draw.random() < 0.5 else pair for pair in instance.together]),
        met=dict(mixed(instance.met.items())),
        region_history=dict(mixed(instance.region_history.items())),
    )


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_who_clicks_early_gains_nothing(number: int, order: int) -> None:
    instance = invented(number)
    assert allocate(shuffled(instance, order)) == allocate(instance)


@pytest.mark.parametrize("size", [(150, 8), (300, 12)])
def test_a_large_session_has_the_same_groups_whatever_the_order(size: tuple[int, int]) -> None:
    instance = session(*size)
    found = allocate(instance)
    assert allocate(shuffled(instance, 1)) == found
    assert allocate(shuffled(instance, 2)) == found


def test_another_process_finds_the_same_groups() -> None:
    code = (
        "import dataclasses, json; from bot.selection.allocation import allocate;"
        "from tests.bench.groups import session;"
        "print(json.dumps(dataclasses.asdict(allocate(session(150, 8))), sort_keys=True))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1
    assert json.loads(said.pop())["seats"] == allocate(session(150, 8)).seats


def test_the_lot_and_not_the_name_decides_between_equals() -> None:
    people = tuple(Person(user, ("a", "b")) for user in "PQRST")
    options = (Option("a", maximum=1), Option("b"))
    lucky = {
        next(user for user, option in allocate(Instance(f"seed {n}", people, options)).seats.items() if option == "a")
        for n in range(60)
    }
    assert lucky == set("PQRST")


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 2), st.data())
def test_naming_fewer_topics_brings_no_better_place(number: int, kept: int, data: st.DataObject) -> None:
    """Whoever names fewer sits better only where the two seatings are equal on everything, and a lot decides."""
    instance = invented(number)
    one = data.draw(st.sampled_from(instance.people))
    if len(one.ranks) <= kept or one.fixed:
        return
    short = replace(one, ranks=one.ranks[:kept])
    silent = replace(instance, people=tuple(short if p is one else p for p in instance.people))
    if case(silent).eligible != case(instance).eligible:
        return  # nobody else named it, so without this person it is not on offer to anybody
    honest, clever = allocate(instance), allocate(silent)
    before, after = honest.seats[one.user], clever.seats[one.user]
    count = len(instance.options)
    if after is None or (before is None and after not in short.ranks):
        return  # who says that anything is fine may get a place where there are not enough; none of those they named
    if before is None or cost(one, after, count) < cost(one, before, count):
        assert measure(instance, clever.seats) == measure(instance, honest.seats)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000))
def test_nobody_is_worse_off_in_total_than_when_who_comes_first_goes_first(number: int) -> None:
    instance = invented(number)
    exact, first = allocate(instance), first_come(instance)
    assert measure(instance, exact.seats) <= measure(instance, first)


@pytest.mark.parametrize("size", [(60, 6), (150, 8), (300, 12)])
def test_a_session_of_real_size_is_proven_on_every_objective(size: tuple[int, int]) -> None:
    instance = session(*size)
    found = allocate(instance)
    assert all(objective.proven for objective in found.objectives)
    assert reached(found) == measure(instance, found.seats)
    assert measure(instance, found.seats) <= measure(instance, first_come(instance))
    for option in instance.options:
        number = sum(seat == option.id for seat in found.seats.values())
        assert number == 0 or option.minimum <= number <= (option.maximum or number)


@pytest.mark.matrix
def test_a_program_that_reaches_its_limit_on_work_says_what_it_could_not_show() -> None:
    instance = replace(session(150, 8), people=tuple(replace(p, ranks=()) for p in session(150, 8).people))
    found = allocate(instance, work=0)
    open_ends = [objective for objective in found.objectives if not objective.proven]
    assert open_ends
    assert all(objective.bound < objective.value for objective in open_ends)
    assert reached(found) == measure(instance, found.seats)
    assert allocate(shuffled(instance, 3), work=0) == found


def test_nobody_to_seat_is_no_problem() -> None:
    found = allocate(Instance("seed", (), (Option("a"),)))
    assert found.seats == {}
    assert all(objective.proven and objective.value == 0 for objective in found.objectives)


def test_without_topics_nobody_has_a_place() -> None:
    found = allocate(Instance("seed", (Person("U1", ("gone",)), Person("U2")), ()))
    assert found.seats == {"U1": None, "U2": None}
    assert found.objectives[0].value == 2
    assert all(objective.proven for objective in found.objectives)


def test_one_person_sits_alone_at_their_first_choice_whatever_the_minimum() -> None:
    instance = Instance("seed", (Person("U1", ("b", "a")),), (Option("a", 5), Option("b", 5)))
    assert allocate(instance).seats == {"U1": "b"}


def test_who_does_not_know_fills_a_group_that_would_not_run() -> None:
    people = (Person("U1", ("a",)), Person("U2", ("b",)), Person("U3", ("b",)), Person("U4"))
    seats = allocate(Instance("seed", people, (Option("a", 2), Option("b", 2)))).seats
    assert seats == {"U1": "a", "U2": "b", "U3": "b", "U4": "a"}


def test_a_topic_that_nobody_names_does_not_run_unless_nobody_names_any() -> None:
    options = (Option("a"), Option("b"))
    named = allocate(Instance("seed", (Person("U1", ("a",)), Person("U2"), Person("U3")), options))
    assert set(named.seats.values()) == {"a"}
    people = (Person("U1", facilitates=True), Person("U2", takes_notes=True), Person("U3", takes_notes=True))
    led = (Option("a", has_facilitator=True), Option("b", has_facilitator=True))
    nameless = allocate(Instance("seed", people, led))
    assert set(nameless.seats.values()) == {"a", "b"}


def test_a_topic_that_nobody_names_runs_before_somebody_has_no_place() -> None:
    people = tuple(Person(f"U{n}", ("a",)) for n in range(3))
    options = (Option("a", 1, 2), Option("b", 1, 2), Option("c", 2, 2))
    seats = allocate(Instance("seed", people, options)).seats
    assert sorted(map(str, seats.values())) == ["a", "a", "b"]
    hopeless = allocate(Instance("seed", people, (Option("a", 1, 2), Option("c", 2, 2)))).seats
    assert sorted(map(str, hopeless.values())) == ["a", "c", "c"], "two go elsewhere rather than one nowhere"


@pytest.mark.practice("001:11", "000:91-93")
def test_a_group_has_every_sector_both_regions_and_for_each_newcomer_somebody_who_knows_the_way() -> None:
    sectors, two = ("onderwijs", "jeugdhulp", "gemeente", "zorg"), ("Haaglanden", "Waterweg")
    people = tuple(
        Person(f"U{at}{one}", region=two[(at + one) % 2], sector=sector, newcomer=one == 0)
        for at, sector in enumerate(sectors)
        for one in range(2)
    )
    seats = allocate(Instance("seed", people, (Option("a", 3, 5), Option("b", 3, 5)))).seats
    for option in "ab":
        group = [person for person in people if seats[person.user] == option]
        assert sorted(person.sector for person in group) == sorted(sectors)
        assert Counter(person.region for person in group) == {"Haaglanden": 2, "Waterweg": 2}
        assert sum(person.newcomer for person in group) == 2


def test_two_people_with_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="once"):
        allocate(Instance("seed", (Person("U1"), Person("U1")), (Option("a"),)))


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.tuples(st.integers(0, 8), st.integers(0, 8)), st.integers(1, 3)))
def test_sets_of_people_who_met_hold_every_meeting_once(meetings: dict[tuple[int, int], int]) -> None:
    met = {pair: times for pair, times in meetings.items() if pair[0] < pair[1]}
    found: Counter[tuple[int, int]] = Counter()
    for members in cliques(9, met):
        found.update(combinations(members, 2))
    assert found == Counter(met)


def test_earlier_groups_are_found_back_whole() -> None:
    instance = session(150, 8)
    assert {len(members) for members in case(instance).meetings} <= {13, 14}


def test_a_program_without_solution_says_so() -> None:
    program = Program()
    program.row(2, 2, [program.column(1, 0, 1)], [1])
    assert program.relaxed() is None
    assert program.solved().bound == float("inf")
    assert not program.solved().values


def test_importing_the_allocation_loads_no_solver() -> None:
    code = "import sys, bot.selection.allocation; print({'highspy', 'numpy'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"
