"""L6: twelve virtual regions live a virtual year in which one call in twenty fails; `make soak` runs it.

A work session a week: people tap topics, groups are formed, say what came of it in their threads, sign it, and read an
article and a digest per region. Everything goes over real HTTP to the practice Slack; only the clock is not real.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import httpx
from sqlmodel import Session, func, select

from bot.programme import Role
from bot.worksessions import State, Topic, WorkSession
from handlers.selection import owe_card
from storage import delivery, programme, themes, worksessions
from storage.delivery import OutboxRow
from tests.faults.bot import Bot
from tests.faults.deliveries import whole
from tests.faults.invariants import Evidence, check
from tests.faults.page import PAGE, put_soak
from tests.faults.place import Place, a_place
from tests.faults.slack import PLOT, Json
from tests.handlers.house import AMSTERDAM, TEAM, House, wall

REGIONS, WEEKS, WARM_UP = 12, 52, 9
"""Weeks until memory is measured: what is opened once is opened by then."""
STARTS = wall(2021, 8, 30, 8)
"""A Monday after the summer."""
FAILING = 0.05
SLOPE = 1.0
"""Megabytes that memory may grow in a week of virtual time."""
FAULTS: tuple[Json, ...] = (
    {"status": 500}, {"status": 500, "after_store": True}, {"status": 502}, {"status": 503, "after_store": True},
    {"status": 429, "error": "ratelimited", "retry_after": 7}, {"error": "internal_error"}, {"error": "fatal_error"},
    {"error": "service_unavailable", "after_store": True}, {"cut": True}, {"cut_after_store": True},
)  # fmt: skip
"""Every way in which a call fails, with and without having done its work."""
PEOPLE = [f"Lid{number:02}" for number in range(1, 25)]
LEADERS = PEOPLE[:3]
SUBJECTS = ("ouders", "vervoer", "taal", "wijkteams", "sport", "kosten", "ruimte", "wachttijd", "muziek", "natuur")
A_YEAR: Json = PLOT | {
    "people": [{"name": name, "id": name.lower()} for name in (*PEOPLE, "Ineke")],
}


@dataclass
class Year:
    """What was lived: weeks, memory per week (megabytes), calls and failures, what is wrong."""

    weeks: int = 0
    memory: list[float] = field(default_factory=list)
    calls: int = 0
    failed: int = 0
    states: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    did: Counter[str] = field(default_factory=Counter)

    @property
    def slope(self) -> float:
        """Megabytes a week after the warm-up, by least squares."""
        found = self.memory[WARM_UP:]
        middle, mean = (len(found) - 1) / 2, sum(found) / len(found)
        spread = sum((n - middle) ** 2 for n in range(len(found)))
        return sum((n - middle) * (value - mean) for n, value in enumerate(found)) / spread

    def told(self) -> str:
        """The figures for the page."""
        rows = {
            "virtual weeks": self.weeks,
            "regions": REGIONS,
            "calls to Slack": f"{self.calls:,}",
            "of these made to fail": f"{self.failed:,}",
            "messages sent": f"{self.states.get('sent', 0):,}",
            "dropped, for nothing was left to say": f"{self.states.get('dropped', 0):,}",
            "parked, for a person": self.states.get("parked", 0),
            "taps and answers": f"{self.did['press'] + self.did['say']:,}",
            "broken invariants": len(self.wrong),
            "memory after the warm-up, a week": f"{self.slope:+.2f} MB (allowed: {SLOPE:.0f})",
        }
        return "\n".join(["| A year | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows.items())])


def before() -> bytes:
    """A database with twelve regions, their people, and three who lead groups."""
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder), STARTS)

        def found(db: Session) -> list[str]:
            names = [(f"Regio {number}", f"C{number}", f"rg_{number:02}") for number in range(1, REGIONS + 1)]
            return [programme.save_region(db, TEAM, name, channel, new)[0] for name, channel, new in names]

        regions = house.write(found)
        for number, name in enumerate(PEOPLE):
            roles = [Role.FACILITATOR] if name in LEADERS else [Role.PARTICIPANT]
            house.person(name.lower(), regions[number % REGIONS], *roles)
        house.person("ineke", regions[0], Role.COORDINATOR)
        house.database.close()
        return whole(house)


class Misfortune:
    """Lets one call in twenty fail, in a way of its own."""

    def __init__(self, draw: random.Random) -> None:
        self._draw = draw
        self.calls = self.failed = 0

    async def __call__(self, request: aiohttp.ClientRequest, handler: Any) -> aiohttp.ClientResponse:
        self.calls += 1
        if self._draw.random() < FAILING:
            self.failed += 1
            if "/api/" not in request.url.path:  # an answer to one tap, or the bytes of a file
                raise aiohttp.ClientOSError("the network is away")
            method, fault = request.url.path.rpartition("/")[2], self._draw.choice(FAULTS)
            async with (
                aiohttp.ClientSession(trust_env=False) as http,
                http.post(request.url.with_path("/_mens/faults"), json={"method": method, **fault}) as answer,
            ):
                assert answer.status == 200, await answer.text()
        response: aiohttp.ClientResponse = await handler(request)
        return response


async def week(bot: Bot, number: int, draw: random.Random, year: Year) -> None:
    """One week: a session on Thursday, its groups, what they say, who signs; then on to the next Monday."""
    monday = STARTS + timedelta(weeks=number)
    local = monday.astimezone(AMSTERDAM).date() + timedelta(days=3)
    day = (local.year, local.month, local.day)
    session = f"ws_{number:02}"
    await until(bot, wall(*day, 9))
    await bot.world.write(lambda db: _announce(db, session, day, bot.clock.now(), draw))
    await bot.settle()
    card = await bot.world.database.read(lambda db: delivery.sent(db, TEAM, f"selection.card:{session}"))
    assert card is not None, "the message of the session never came"
    for person in draw.sample(PEOPLE, 12) + LEADERS:
        topic = LEADERS.index(person) if person in LEADERS else draw.randrange(3)
        await did(bot, year, "press", person, channel="werksessie", ts=card[1], action="selection.pick", nth=topic)
    await until(bot, wall(*day, 14, 1))
    heads = await bot.world.database.read(lambda db: _heads(db, session))
    for person, ts in zip(LEADERS, heads, strict=False):
        for _ in range(2):
            text = (
                f"Over {draw.choice(SUBJECTS)} spreken we af dat school {draw.randrange(10**6)} ouders vroeg uitnodigt."
            )
            await did(bot, year, "say", person, channel="werksessie", thread_ts=ts, text=text)
    await until(bot, wall(*day, 16, 5))
    for who in PEOPLE:
        await did(bot, year, "press", who, channel="werksessie", action="impressions.agree")
    await until(bot, monday + timedelta(days=4, hours=4))
    await did(bot, year, "press", "Ineke", channel="@oogst", action="harvest.publish")
    await until(bot, monday + timedelta(weeks=1))


async def did(bot: Bot, year: Year, verb: str, who: str, **request: Any) -> None:
    """Let somebody do something; what is not there for them to press is not pressed."""
    answer = await bot.somebody(verb, who, **request)
    if answer.get("acked"):
        year.did[verb] += 1


async def until(bot: Bot, moment: datetime) -> None:
    """Live from one due moment to the next, as the practice Slack's clock does."""
    while True:
        await bot.ticker.tick()
        await bot.settle()
        standing = await bot.ticker.standing()
        now = bot.clock.now()
        if now >= moment:
            return
        due = standing.next_due
        bot.clock.move_to(min(moment, max(due, now + timedelta(seconds=30))) if due else moment)


def _announce(db: Session, session: str, day: tuple[int, int, int], now: datetime, draw: random.Random) -> None:
    names = draw.sample(SUBJECTS, 3)
    topics = tuple(
        Topic(
            f"tp_{session}_{n}", name, name, themes.theme_for(db, TEAM, name, name, (), f"th_{name}"),
            facilitator=LEADERS[n].lower(),
        )
        for n, name in enumerate(names)
    )  # fmt: skip
    regions = tuple(
        region for (region,) in db.connection().exec_driver_sql("SELECT id FROM region WHERE team_id = 'T1'")
    )
    made = WorkSession(
        session, TEAM, f"Werksessie {session}", "CWS", wall(*day, 13), wall(*day, 16), wall(*day, 14),
        "Europe/Amsterdam", State.CHOOSING, "ineke", topics, regions, opened_at=now,
    )  # fmt: skip
    worksessions.save(db, made, now)
    owe_card(db, made, now)


def _heads(db: Session, session: str) -> list[str]:
    """The threads of the groups, in the order of the topics that their leaders have."""
    rows = db.connection().exec_driver_sql(
        "SELECT g.facilitator, o.ts FROM outbox o JOIN \"group\" g ON o.key = 'selection.group:' || g.id "
        f"WHERE g.work_session_id = '{session}' AND g.team_id = 'T1' AND o.team_id = 'T1' ORDER BY 1"
    )
    return [str(ts) for _, ts in rows]


def live(folder: Path, weeks: int) -> Year:
    """Live so many weeks in a process of its own; what is wrong stands in what comes back."""
    misfortune = Misfortune(random.Random("what fails"))
    here = a_place(folder, before(), STARTS, A_YEAR, door=True, middlewares=[misfortune])
    try:

        async def act(bot: Bot) -> None:
            await _weeks(bot, here, weeks, misfortune)

        assert not here.live(act)
        year = Year(**json.loads((here.folder / "year.json").read_text()))
        year.did = Counter(year.did)
        return year
    finally:
        here.stop()


async def _weeks(bot: Bot, here: Place, weeks: int, misfortune: Misfortune) -> None:
    gc.enable()
    year, draw = Year(), random.Random("what people do")
    for number in range(weeks):
        await week(bot, number, draw, year)
        gc.collect()
        year.weeks, year.calls, year.failed = number + 1, misfortune.calls, misfortune.failed
        year.memory.append(_memory())
        year.wrong += [f"week {number}: {each}" for each in _looked_at_apart(here, bot.clock.now())]
        year.states = await bot.world.database.read(_states)
        _write(here.folder / "year.json", year)


def _looked_at_apart(here: Place, now: datetime) -> list[str]:
    """Check the invariants in a process of its own: what stands at Slack fills more memory each week, and not ours."""
    reading, writing = os.pipe()
    looker = os.fork()
    if looker == 0:
        try:
            here.slack.http = httpx.Client(base_url=here.slack.address, timeout=60, trust_env=False)
            told = check(Evidence(here.database, here.slack.posts(), now))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told as something wrong
            told = [repr(error)]
        os.write(writing, json.dumps(told[:50]).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as said:
        told = json.loads(said.read())
    os.waitpid(looker, 0)
    return list(told)


def _states(db: Session) -> dict[str, int]:
    return dict(db.exec(select(OutboxRow.state, func.count()).group_by(OutboxRow.state)).all())


def _write(file: Path, year: Year) -> None:
    file.write_text(json.dumps(vars(year)))


def _memory() -> float:
    """The resident memory of this process, in megabytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def main() -> int:
    """Live it, write it into the page; 0 when every invariant held and memory stayed as it was."""
    options = argparse.ArgumentParser(prog="python -m tests.faults.soak", description=__doc__)
    options.add_argument("--weeks", type=int, default=WEEKS)
    options.add_argument("--out", type=Path, default=PAGE, help="the page to write it into")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        year = live(Path(folder), chosen.weeks)
    print(year.told(), *year.wrong, sep="\n")  # noqa: T201 - for who ran it
    put_soak(chosen.out, year.told())
    return 1 if year.wrong or year.slope >= SLOPE else 0


if __name__ == "__main__":
    sys.exit(main())
