"""A3: two hundred things happen, mixed at random, and the process dies at random among them, once or twice."""

from __future__ import annotations

import json
import os
import random
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tests.faults.bot import Bot
from tests.faults.choosing import CLOSES, TOPICS, WISHES, acked_keys, in_session, picked
from tests.faults.invariants import Evidence, check
from tests.faults.place import ANYWHERE, Kill, Place, a_place
from tests.faults.slack import Json

EVENTS = 200
CLOSING = 70
"""After so many of them choosing closes, and people talk in the threads of their groups."""
SPEAKERS = ("sanne", "youssef", "ilse", "vera")
"""Who leads a group or writes for one: what they say in its thread is kept."""
Step = tuple[str, str, Json]
"""Verb, person, and what is asked of the practice Slack; the verb `tick` lets time pass."""
PATIENT = (0.1, 0.4, 1.0, 2.0, 4.0, 8.0, 16.0)
"""Seconds after which Slack brings an event again: as often as it takes for a process to be back."""


def script(seed: int) -> list[Step]:
    """What happens, in order; the same for the same seed."""
    draw = random.Random(f"script {seed}")
    steps: list[Step] = []
    names = list(WISHES)
    for number in range(EVENTS):
        who = draw.choice(names)
        if number == CLOSING:
            steps.append(("tick", "", {"to": "closing"}))
            continue
        here = {"channel": "werksessie"}
        before: list[tuple[int, Step]] = [
            (6, ("press", who, {**here, "action": "selection.pick", "nth": WISHES[who]})),
            (1, ("press", who, {**here, "action": "selection.anywhere"})),
        ]
        after: list[tuple[int, Step]] = [
            (6, ("say", who, {**here, "thread_ts": "own", "text": _sentence(seed, number)})),
            (2, ("edit", who, {"text": _sentence(seed, number)})),
            (1, ("delete", who, {})),
        ]
        always: list[tuple[int, Step]] = [
            (2, ("say", who, {**here, "text": f"Los bericht {number} van iemand."})),
            (1, ("say", who, {"channel": "@oogst", "text": "help"})),
            (1, ("home", who, {})),
            (1, ("tick", "", {"to": "later"})),
        ]
        choices = (before if number < CLOSING else after) + always
        steps.append(draw.choices([step for _, step in choices], [weight for weight, _ in choices])[0])
    # whoever pressed "anywhere" decides after all, so that everybody knows where all sit
    last = [("press", who, {"channel": "werksessie", "action": "selection.pick", "nth": WISHES[who]}) for who in names]
    return steps[:CLOSING] + last + steps[CLOSING:]


def _sentence(seed: int, number: int) -> str:
    return f"We nodigen de ouders van school {seed}-{number} voortaan uit voordat het plan af is."


@dataclass
class Progress:
    """How far a life came, for the next one: on disk before anything begins, so that it outlives its process."""

    file: Path
    done: int = 0
    own: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, file: Path) -> Progress:
        return cls(file, **json.loads(file.read_text())) if file.exists() else cls(file)

    def note(self, done: int) -> None:
        self.done = done
        half = self.file.with_suffix(".half")
        half.write_text(json.dumps({"done": done, "own": self.own}))
        half.replace(self.file)


def play(steps: list[Step], file: Path) -> Callable[[Bot], Any]:
    """Go on where the last life ended: what was begun then is done, or done again where nobody confirmed it."""

    async def act(bot: Bot) -> None:
        progress = Progress.read(file)
        for number in range(progress.done, len(steps)):
            verb, who, asked = steps[number]
            if verb == "tick":
                bot.clock.move_to(CLOSES) if asked["to"] == "closing" else bot.clock.move(20)
                await bot.ticker.tick()
                if asked["to"] == "closing":
                    await _quiet(bot)
            elif (request := await _made(bot, progress, verb, who, asked)) is not None:
                progress.note(number + (verb != "press"))  # what is said stands at Slack, whoever dies
                answer = await bot.somebody(verb, who, **request)
                assert "there is no" not in str(answer.get("error")), (verb, request, answer)
                if "thread_ts" in request:
                    progress.own.setdefault(who, []).append(answer["ts"])
            progress.note(number + 1)
        await _quiet(bot)
        await bot.ticker.tick()
        await _quiet(bot)
        await bot.world.database.tidy()

    return act


async def _quiet(bot: Bot) -> None:
    await bot.people.get("/_mens/settled", params={"timeout": 40}, timeout=60)
    await bot.settle()
    await bot.people.get("/_mens/settled", params={"timeout": 40}, timeout=60)


async def _made(bot: Bot, progress: Progress, verb: str, who: str, asked: Json) -> Json | None:
    """Fill in what is known only now: the thread of one's own group, one's own newest sentence; None without one."""
    if asked.get("thread_ts") == "own":
        heads = await bot.world.database.read(heads_of)
        ts = heads.get(f"tp_{WISHES[who]}")
        return {**asked, "thread_ts": ts} if ts else None
    if verb in ("edit", "delete"):
        own = progress.own.get(who, [])
        if not own:
            return None
        return {**asked, "channel": "werksessie", "ts": own[-1] if verb == "edit" else own.pop()}
    return asked


def heads_of(db: Any) -> dict[str, str]:
    """Where the thread of each group begins, by its topic."""
    rows = db.connection().exec_driver_sql(
        "SELECT t.topic_id, o.ts FROM outbox o JOIN group_topic t ON o.key = 'selection.group:' || t.group_id "
        "WHERE o.ts IS NOT NULL"
    )
    return {str(topic): str(ts) for topic, ts in rows}


@cache
def calm_total() -> int:
    """How many places are passed when nobody dies."""
    with tempfile.TemporaryDirectory() as folder:
        here = a_place(Path(folder), in_session(), door=True, strictness={"retries": PATIENT})
        try:
            assert not here.live(play(script(0), Path(folder) / "progress"))
            assert problems(here) == [], problems(here)
            return here.reached[ANYWHERE]
        finally:
            here.stop()


def run(folder: Path, seed: int) -> tuple[int, list[str]]:
    """Live through the script of this seed with one death or two; returns how many, and what is wrong after it."""
    draw = random.Random(f"death {seed}")
    total, deaths, steps = calm_total(), 0, script(seed)
    here = a_place(folder / f"{os.getpid()}-{seed}", in_session(), door=True, strictness={"retries": PATIENT})
    try:
        act = play(steps, here.folder / "progress")
        for _ in range(draw.choice((1, 1, 2))):
            if not here.live(act, Kill(ANYWHERE, draw.randint(1, total * 2 // 3))):
                break
            deaths += 1
        here.recover(act)
        return deaths, [f"seed {seed}: {each}" for each in problems(here)]
    finally:
        here.stop()


def problems(here: Place) -> list[str]:
    """What is wrong at the end, with the invariants, with what people chose, or with what they said."""
    state, journal = here.slack.state(), here.slack.journal()
    messages = state["channels"]["CWS"]["messages"]
    deleted = _deleted(journal, messages)
    found = Evidence(here.database, here.slack.posts(), here.clock.now(), effects=picked, gone=deleted)
    wrong = check(found)
    handled = {str(key) for (key,) in found.rows("SELECT key FROM inbox")}
    wrong += [f"{key} was confirmed, and nobody knows it" for key in acked_keys(journal) if key not in handled]
    choices = {str(user): str(topic) for user, topic in found.rows("SELECT user_id, topic_id FROM pick")}
    wanted = {name.lower(): f"tp_{topic}" for name, topic in WISHES.items()}
    if choices != wanted:
        wrong.append(f"chosen is {choices}")
    heads = {
        str(ts) for (ts,) in found.rows("SELECT ts FROM outbox WHERE key LIKE 'selection.group:%' AND ts NOT NULL")
    }
    if len(heads) != len(TOPICS):
        wrong.append(f"{len(heads)} threads")
    kept = {str(ts): str(text) for ts, text in found.rows(
        "SELECT source_ts, takeaway FROM impression WHERE withdrawn_at IS NULL AND source_ts IS NOT NULL"
    )}  # fmt: skip
    said = {ts: m["text"] for ts, m in messages.items() if m["thread_ts"] in heads and m["user"] in SPEAKERS}
    wrong += [f"{text!r} was said and is not kept" for ts, text in said.items() if text not in kept.get(ts, "")]
    return wrong + [f"{text!r} is kept and stands nowhere" for ts, text in kept.items() if ts not in said]


def _deleted(journal: list[Json], messages: Json) -> list[str]:
    """Sentences that somebody deleted in Slack, and that nobody said anywhere else."""
    still = " ".join(message["text"] for message in messages.values())
    before = [
        entry["request"]["event"]["previous_message"]["text"]
        for entry in journal
        if entry["kind"] == "delivery" and entry["request"].get("event", {}).get("subtype") == "message_deleted"
    ]
    return [text for text in before if text and text not in still]
