"""Groups of realistic sessions: what the exact allocation takes, and what simpler ways leave on the table."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import combinations
from pathlib import Path
from statistics import median
from typing import Any

from bot.selection.allocation import STAGES, Instance, Option, Person, allocate, cost, measure

REGIONS = [f"regio-{number}" for number in range(11)]
SECTORS = ["school", "gemeente", "jeugdhulp", "opvang"]
SIZES = [(150, 8), (1000, 20), (5000, 60)]
SESSIONS = 3
Seats = Mapping[str, str | None]


def session(people: int, topics: int, number: int = 1, past: int = 3) -> Instance:
    """Invent a session: some topics are popular and full, some regions large, and (up to 200 people) a past."""
    draw = random.Random(f"{people} {topics} {number}")
    names = [f"t{topic}" for topic in range(topics)]
    popularity = [1 / (2 + rank) ** 0.9 for rank in range(topics)]
    weight = [1 / (2 + rank) ** 0.5 for rank in range(len(REGIONS))]
    everybody = []
    for one in range(people):
        wished: list[str] = []
        if draw.random() > 0.08:
            wanted = draw.choices([1, 2, 3], [1, 2, 7])[0]
            while len(wished) < wanted:
                topic = draw.choices(names, popularity)[0]
                if topic not in wished:
                    wished.append(topic)
        facilitates, takes_notes = draw.random() < 0.12, draw.random() < 0.15
        everybody.append(
            Person(
                user=f"U{one:05}",
                ranks=tuple(wished),
                region=draw.choices(REGIONS, weight)[0] if draw.random() > 0.02 else None,
                sector=draw.choices(SECTORS, [4, 3, 2, 1])[0],
                facilitates=facilitates,
                takes_notes=takes_notes,
                newcomer=draw.random() < 0.25,
            )
        )
    leaders = [person for person in everybody if person.facilitates]
    led = dict(zip(names, draw.sample(leaders, min(topics // 2, len(leaders))), strict=False))
    for topic, leader in led.items():
        place = everybody.index(leader)
        everybody[place] = Person(
            leader.user, leader.ranks, topic, leader.region, leader.sector, True, False, leader.newcomer
        )
    average = people / topics
    options = tuple(
        Option(name, draw.randint(3, 6), round(average * draw.uniform(1.05, 1.35)) if draw.random() < 0.7 else None,
               name in led)
        for name in names
    )  # fmt: skip
    users = [person.user for person in everybody]
    together = tuple(tuple(draw.sample(users, 2)) for _ in range(min(30, people // 15)))
    met: dict[tuple[str, str], int] = {}
    if people <= 200:
        for _ in range(past):
            came = draw.sample(users, round(people * 0.7))
            for start in range(topics):
                for pair in combinations(sorted(came[start::topics]), 2):
                    met[pair] = met.get(pair, 0) + 1
    history = {(region, name): draw.randint(0, 12) for region in REGIONS for name in names if draw.random() < 0.6}
    return Instance(f"session {number}", tuple(everybody), options, together, met, history)


def first_come(instance: Instance) -> Seats:
    """Seat people in the order in which they came, each at the best that is left; close what stays too small."""
    listed = {option for person in instance.people for option in person.ranks}
    wanted = listed | {person.fixed for person in instance.people}
    held = Counter(person.fixed for person in instance.people)
    open_to = [
        option
        for option in instance.options
        if (option.id in wanted or not listed) and (option.maximum is None or held[option.id] <= option.maximum)
    ]
    while True:
        seats = _in_order(instance, open_to)
        size = Counter(option for option in seats.values() if option)
        short = [o for o in open_to if 0 < size[o.id] < min(o.minimum, len(instance.people))]
        if not short:
            return seats
        open_to.remove(min(short, key=lambda option: size[option.id]))


def _in_order(instance: Instance, open_to: list[Option]) -> dict[str, str | None]:
    room = {option.id: len(instance.people) if option.maximum is None else option.maximum for option in open_to}
    least = {option.id: option.minimum for option in open_to}
    size: Counter[str] = Counter()
    seats: dict[str, str | None] = {}
    stays = [person for person in instance.people if person.fixed in room]
    for person in [*stays, *(person for person in instance.people if person.fixed not in room)]:
        free = [option for option in room if size[option] < room[option]]
        choice: str | None = person.fixed if person.fixed in room else None
        if choice is None and free:
            prices = {option: cost(person, option, len(instance.options)) for option in free}
            choice = min(free, key=lambda option: (prices[option], size[option] >= least[option], size[option]))
        seats[person.user] = choice
        if choice:
            size[choice] += 1
    return seats


def plain(instance: Instance) -> Seats:
    """Assign at the least total cost within the maxima: no minimum, no mixing, nobody together."""
    import networkx as nx

    graph = nx.DiGraph()
    count, everybody = len(instance.options), len(instance.people)
    for option in instance.options:
        graph.add_edge("elsewhere", option.id, weight=0)
        graph.add_edge(option.id, "end", capacity=everybody if option.maximum is None else option.maximum, weight=0)
    graph.add_node("end", demand=everybody)
    for person in instance.people:
        graph.add_node(person.user, demand=-1)
        options = (person.fixed,) if person.fixed else person.ranks
        for option in options:
            graph.add_edge(person.user, option, capacity=1, weight=cost(person, option, count))
        if not person.fixed:
            graph.add_edge(person.user, "elsewhere", capacity=1, weight=cost(person, "", count))
    _, flow = nx.network_simplex(graph)
    room = dict(flow["elsewhere"])
    seats: dict[str, str | None] = {}
    for person in instance.people:
        option = next(option for option, number in flow[person.user].items() if number)
        if option == "elsewhere":
            option = next(option for option, number in room.items() if number)
            room[option] -= 1
        seats[person.user] = option
    return seats


WAYS: dict[str, Callable[[Instance], Seats]] = {"first come": first_come, "plain": plain}


def run(way: str, people: int, topics: int) -> dict[str, Any]:
    """Seat every session of one size in one way: the middle of its seconds on one core, the most memory in MB."""
    import highspy  # noqa: F401  - loaded before the clock starts, as in a worker that has solved before
    import networkx  # noqa: F401

    seconds, vectors, worst, sizes, gaps = [], [], 0, [], [0.0] * len(STAGES)
    for number in range(1, SESSIONS + 1):
        instance = session(people, topics, number)
        start = time.process_time()
        if way == "exact":
            found = allocate(instance)
            seats: Seats = found.seats
            gaps = [gap + o.value - o.bound for gap, o in zip(gaps, found.objectives, strict=True)]
        else:
            seats = WAYS[way](instance)
        seconds.append(time.process_time() - start)
        vectors.append(measure(instance, seats))
        sizes += Counter(option for option in seats.values() if option).values()
        worst = max(worst, *(cost(p, seats[p.user] or "", topics) for p in instance.people if seats[p.user]))
    return {
        "seconds": median(seconds),
        "memory": _most_memory(),
        "objectives": [sum(values) for values in zip(*vectors, strict=True)],
        "worst": worst,
        "smallest": min(sizes),
        "largest": max(sizes),
        "gaps": gaps,
    }


def _most_memory() -> float:
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def apart(way: str, people: int, topics: int) -> dict[str, Any]:
    """Run one way in a fresh process, so that its memory is its own."""
    code = f"import json; from tests.bench import groups; print(json.dumps(groups.run({way!r}, {people}, {topics})))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def figures() -> list[tuple[str, float, str, float]]:
    """Return name, value, unit and baseline. Sums are over SESSIONS sessions."""
    rows = []
    for people, topics in SIZES:
        exact, first, simple = (apart(way, people, topics) for way in ("exact", "first come", "plain"))
        name = f"groups {people:,} x {topics}"
        rows += [
            (f"{name}: time (plain assignment)", exact["seconds"], "s", simple["seconds"]),
            (f"{name}: time (first come)", exact["seconds"], "s", first["seconds"]),
            (f"{name}: memory (plain assignment)", exact["memory"], "MB", simple["memory"]),
        ]
        for stage, value, gap in zip(STAGES, exact["objectives"], exact["gaps"], strict=True):
            rows.append((f"{name}: {stage} (best provable)", value, "", value - gap))
        for other, label in ((first, "first come"), (simple, "plain assignment")):
            rows += [
                (f"{name}: total rank ({label})", exact["objectives"][1], "steps", other["objectives"][1]),
                (f"{name}: worst rank ({label})", exact["worst"], "steps", other["worst"]),
                (f"{name}: smallest group ({label})", exact["smallest"], "people", other["smallest"]),
                (f"{name}: largest group ({label})", exact["largest"], "people", other["largest"]),
                (
                    f"{name}: pairs of one region or sector ({label})",
                    exact["objectives"][4],
                    "",
                    other["objectives"][4],
                ),
                (f"{name}: pairs apart, newcomers alone ({label})", exact["objectives"][2], "", other["objectives"][2]),
                (f"{name}: roles that lack ({label})", exact["objectives"][3], "", other["objectives"][3]),
                (f"{name}: met before ({label})", exact["objectives"][6], "", other["objectives"][6]),
            ]
    return rows


if __name__ == "__main__":
    for row in figures():
        print("{:75} {:12,.3f} {:7} {:12,.3f}".format(*row))  # noqa: T201 - its own table, without the rest of the bench
