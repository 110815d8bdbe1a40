"""How bots usually post: post and then write it down, or write it down and then post. For comparison, in the same run.

Both keep a list of what is to be sent in the same database, durably, and do what is undone again after a start. They
pass the same places at which a process dies, over the same connections to the same practice Slack.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import astuple
from typing import Any

from bot.delivery import Operation
from storage.crashpoints import crashpoint
from tests.faults.bot import Bot
from tests.faults.scenarios import TEAM, Owed

TABLE = """CREATE TABLE IF NOT EXISTS chore (
    key TEXT PRIMARY KEY, says TEXT, operation TEXT, channel TEXT, user TEXT, below TEXT, of TEXT,
    done INTEGER DEFAULT 0, place TEXT, ts TEXT)"""


class Chores:
    """The list, durable as ours is."""

    def __init__(self, bot: Bot) -> None:
        self._file = bot.world.database.location

    def do(self, *statements: tuple[str, tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self._file, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("BEGIN IMMEDIATE")
            found: list[tuple[Any, ...]] = []
            for statement, values in statements:
                found = connection.execute(statement, values).fetchall()
            connection.execute("COMMIT")
        return found

    def plan(self, owed: Owed) -> None:
        crashpoint("plan.before")
        values = tuple(str(each) if isinstance(each, Operation) else each for each in astuple(owed))
        statement = (
            "INSERT OR IGNORE INTO chore (key, says, operation, channel, user, below, of) VALUES (?,?,?,?,?,?,?)"
        )
        crashpoint("plan.after")
        self.do((TABLE, ()), (statement, values))
        crashpoint("commit.after")

    def undone(self) -> list[Owed]:
        rows = self.do(
            ("SELECT key, says, operation, channel, user, below, of FROM chore WHERE NOT done ORDER BY rowid", ())
        )
        return [Owed(key, says, Operation(operation), *more) for key, says, operation, *more in rows]

    def at(self, key: str | None) -> tuple[str, str] | None:
        rows = self.do(("SELECT place, ts FROM chore WHERE key = ? AND ts IS NOT NULL", (key,)))
        return (rows[0][0], rows[0][1]) if rows else None


async def _send(bot: Bot, chores: Chores, owed: Owed) -> tuple[str, str] | None:
    """Make the call that this asks for; where it stands, or None where what it is about stands nowhere."""
    slack = bot.world.slack_of(TEAM)
    crashpoint("post.before")
    place: Any = owed.channel
    if owed.user:
        place = (await slack.conversations_open(users=owed.user))["channel"]["id"]
    if owed.operation is Operation.UPDATE:
        there = chores.at(owed.of)
        if there is None:
            return None
        await slack.chat_update(channel=there[0], ts=there[1], text=owed.says)
        return there
    if owed.operation is Operation.FILE:
        await slack.files_upload_v2(
            channel=place, content=owed.says * 40, filename=f"{owed.says}.md", initial_comment=owed.says
        )
        return place, "file"
    above = chores.at(owed.below)
    if owed.below and above is None:
        return None
    answer = await slack.chat_postMessage(channel=place, text=owed.says, thread_ts=above[1] if above else None)
    return place, str(answer["ts"])


def post_then_record(work: list[Owed]) -> Callable[[Bot], Any]:
    """Post, and write down that it was posted: who dies in between posts it again."""

    async def act(bot: Bot) -> None:
        chores = Chores(bot)
        for owed in work:
            chores.plan(owed)
        for owed in chores.undone():
            there = await _send(bot, chores, owed)
            crashpoint("answer.after")
            chores.do(
                ("UPDATE chore SET done = 1, place = ?, ts = ? WHERE key = ?", (*(there or ("", None)), owed.key))
            )
            crashpoint("record.after")

    return act


def record_then_post(work: list[Owed]) -> Callable[[Bot], Any]:
    """Write down that it is done, and post it: who dies in between never posts it."""

    async def act(bot: Bot) -> None:
        chores = Chores(bot)
        for owed in work:
            chores.plan(owed)
        for owed in chores.undone():
            chores.do(("UPDATE chore SET done = 1 WHERE key = ?", (owed.key,)))
            crashpoint("claim.after")
            there = await _send(bot, chores, owed)
            crashpoint("answer.after")
            if there is not None:
                chores.do(("UPDATE chore SET place = ?, ts = ? WHERE key = ?", (*there, owed.key)))
            crashpoint("record.after")

    return act
