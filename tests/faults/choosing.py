"""A2: people tap topics and groups are formed while the process dies; they tap again what nobody confirmed."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlmodel import Session

from bot.programme import Role
from bot.worksessions import State, Topic, WorkSession
from handlers.selection import owe_card
from storage import themes, worksessions
from tests.faults.bot import Bot
from tests.faults.deliveries import Tally, whole
from tests.faults.invariants import Evidence, check
from tests.faults.place import NOON, Kill, Place, a_place, nth_of
from tests.faults.slack import Json
from tests.handlers.house import TEAM, House, wall

POINTS = (
    "request.in", "effect.before", "effect.after", "ack.before", "ack.after", "claim.after", "post.after",
    "answer.after", "record.after", "paint.before",
)  # fmt: skip
STARTS, CLOSES = wall(2021, 6, 17, 13), wall(2021, 6, 17, 14)
TOPICS = ("Ouders", "Verduurzaming", "Vervoer")
WISHES = {
    "Noor": 0, "Samir": 0, "Sanne": 0, "Lotte": 1, "Youssef": 1, "Vera": 2, "Ilse": 2,
}  # fmt: skip
"""Who wants which topic; each has somebody who leads it."""
LEADS = {0: "sanne", 1: "youssef", 2: "ilse"}
SESSION = "ws_kill"


@cache
def in_session() -> bytes:
    """A database with a session whose choosing is open; its message is owed, and not posted yet."""
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder), NOON)
        region = house.region("Haaglanden", "C1")
        for name in WISHES:
            roles = [Role.FACILITATOR] if name.lower() in LEADS.values() else [Role.PARTICIPANT]
            house.person(name.lower(), region, *roles)
        house.person("vera", region, Role.NOTE_TAKER)
        house.person("ineke", region, Role.COORDINATOR)

        def save(db: Session) -> None:
            offered = tuple(
                Topic(
                    f"tp_{n}", name, name, themes.theme_for(db, TEAM, name, name, (), f"th_{n}"), facilitator=LEADS[n]
                )
                for n, name in enumerate(TOPICS)
            )
            session = WorkSession(
                SESSION, TEAM, "Werksessie 17 juni", "CWS", STARTS, wall(2021, 6, 17, 16), CLOSES, "Europe/Amsterdam",
                State.CHOOSING, "ineke", offered, (region,), opened_at=NOON,
            )  # fmt: skip
            worksessions.save(db, session, NOON)
            owe_card(db, session, NOON)

        house.write(save)
        house.database.close()
        return whole(house)


@contextmanager
def place(folder: Path, strictness: Json | None = None) -> Iterator[Place]:
    made = a_place(folder, in_session(), door=True, strictness=strictness)
    try:
        assert not made.live(lambda bot: bot.settle())
        made.reached.clear()
        yield made
    finally:
        made.stop()


def confirmed(journal: list[Json]) -> set[str]:
    """Whose tap was confirmed: nobody taps again what was."""
    return {entry["who"] for entry in journal if entry["kind"] == "deed" and entry["response"].get("acked")}


def tap_and_close(waiting: list[str]) -> Any:
    """Let these people tap what they want, three at a time, and the time for choosing pass."""

    async def act(bot: Bot) -> None:
        for n in range(0, len(waiting), 3):
            await asyncio.gather(
                *(
                    bot.somebody("press", who, channel="werksessie", action="selection.pick", nth=WISHES[who])
                    for who in waiting[n : n + 3]
                )
            )
        await bot.settle()
        bot.clock.move_to(CLOSES)
        await bot.ticker.tick()
        await bot.settle()

    return act


def order(seed: int) -> list[str]:
    names = list(WISHES)
    return names[seed % 7 :] + names[: seed % 7]


@cache
def reaches() -> Counter[str]:
    """How often each place is passed when nobody dies."""
    with tempfile.TemporaryDirectory() as folder, place(Path(folder)) as calm:
        assert not calm.live(tap_and_close(order(0)))
        assert problems(calm) == [], "it goes well when nobody dies"
        return calm.reached


def die(folder: Path, point: str, seeds: Iterable[int]) -> Tally:
    """Let a process die at this place, once for each seed, start it twice more, and look.

    How often a message is painted depends on how fast taps follow each other, so a place may be passed less often than
    in the calm run: then the process dies at the first time. What is wrong counts in either run.
    """
    tally = Tally()
    for seed in seeds:
        tally.runs += 1
        for nth in dict.fromkeys((nth_of(seed, reaches()[point]), 1)):
            kill = Kill(point, nth)
            with place(folder / f"{os.getpid()}-{seed}-{nth}") as here:
                died = here.live(tap_and_close(order(seed)), kill)
                for _ in range(2):
                    done = confirmed(here.slack.journal())
                    here.clock.move(5)
                    assert not here.live(tap_and_close([who for who in order(seed) if who not in done]))
                tally.wrong += [f"seed {seed}, {point} {kill.nth}: {each}" for each in problems(here)]
            if died:
                tally.died += 1
                break
    return tally


def problems(here: Place) -> list[str]:
    """What is wrong at the end: with the invariants, with who sits where, or with what people were told."""
    journal, posts = here.slack.journal(), here.slack.posts()
    found = Evidence(here.database, posts, here.clock.now(), effects=picked)
    wrong = check(found)
    choices = {str(user): str(topic) for user, topic in found.rows("SELECT user_id, topic_id FROM pick")}
    for name in confirmed(journal):
        if choices.get(name.lower()) != f"tp_{WISHES[name]}":
            wrong.append(f"{name} was told that it was kept, and it was not")
    handled = {str(key) for (key,) in found.rows("SELECT key FROM inbox")}
    wrong += [f"{key} was confirmed, and nobody knows it" for key in acked_keys(journal) if key not in handled]
    seats = found.rows(
        "SELECT s.user_id, t.topic_id FROM seat s JOIN group_topic t ON t.group_id = s.group_id ORDER BY 1"
    )
    wanted = sorted((name.lower(), f"tp_{topic}") for name, topic in WISHES.items())
    if sorted(seats) != wanted:
        wrong.append(f"they sit elsewhere: {seats}")
    leads = {user for (user,) in found.rows('SELECT facilitator FROM "group"')}
    if leads != set(LEADS.values()):
        wrong.append(f"others lead: {leads}")
    direct = Counter(post.channel for post in posts if post.channel.startswith("D"))
    owed = Counter(
        f"D{user}" for (user,) in found.rows("SELECT user_id FROM outbox WHERE user_id IS NOT NULL AND state = 'sent'")
    )
    if direct != owed:
        wrong.append(f"direct messages {direct}, owed {owed}")
    heads = [post for post in posts if post.channel == "CWS"]
    if len(heads) != 1 + len(TOPICS):
        wrong.append(f"{len(heads)} messages in the channel instead of {1 + len(TOPICS)}")
    return wrong


def picked(connection: Any, key: str) -> bool:
    """Whether a tap that was handled has its choice."""
    if not key.startswith("a:") or "selection.pick" not in key:
        return True
    user = key.split(":")[1]
    return bool(connection.execute("SELECT 1 FROM pick WHERE user_id = ?", (user,)).fetchone())


def acked_keys(journal: list[Json]) -> list[str]:
    """The dedupe keys of all taps whose acknowledgement reached Slack: the last one of who needed no other."""
    done, last = confirmed(journal), dict[str, str]()
    for entry in journal:
        if entry["kind"] == "delivery" and "selection.pick" in entry["method"]:
            body = entry["request"]
            who, ts, action = body["user"]["id"], body["container"]["message_ts"], body["actions"][0]
            last[who] = f"a:{who}:{ts}:{action['action_ts']}:{action['action_id']}"
    return [last[name.lower()] for name in done]
