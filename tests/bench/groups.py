"""Groups of realistic sessions: what the exact allocation takes, and what simpler ways leave on the table."""

from __future__ import annotations

import random
from itertools import combinations

from bot.selection.allocation import Instance, Option, Person

REGIONS = [f"regio-{number}" for number in range(11)]
SECTORS = ["school", "gemeente", "jeugdhulp", "opvang"]
SIZES = [(150, 8), (1000, 20), (5000, 60)]


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
