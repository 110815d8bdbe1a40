"""What is owed while a process dies: a delivery of every kind, and what must stand at Slack afterwards."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.delivery import Operation
from handlers.delivery import Body, Render
from storage import delivery
from tests.faults.bot import Bot
from tests.faults.slack import Post

TEAM = "T1"
KIND = "test"


@dataclass(frozen=True)
class Owed:
    """One thing that Slack is to get: what it says, where, and how."""

    key: str
    says: str
    operation: Operation = Operation.POST
    channel: str | None = None
    user: str | None = None
    below: str | None = None
    of: str | None = None


def words_of(db: Session, settings: object, arguments: Mapping[str, Any], words: object) -> Body | None:
    """Make the body of a message of these tests."""
    says = str(arguments["id"])
    if arguments.get("file"):
        return Body(says, file=says.encode() * 40, file_name=f"{says}.md")
    return Body(says)


MESSAGES: dict[str, Render] = {KIND: words_of}


def mixed(seed: int) -> list[Owed]:
    """A few posts, an answer in a thread, direct messages, a file, and two changes, in an order of their own."""
    draw = random.Random(seed)
    word = f"s{seed:03}"
    first = [
        Owed("post1", f"{word}-post1", channel="C1"),
        Owed("post2", f"{word}-post2", channel="C2"),
        Owed("direct", f"{word}-direct", user="noor"),
    ]
    draw.shuffle(first)
    then = [
        Owed("reply", f"{word}-reply", channel="C1", below="post1"),
        Owed("file", f"{word}-file", Operation.FILE, channel="C2"),
        Owed("post1:new", f"{word}-post1-new", Operation.UPDATE, channel="C1", of="post1"),
        Owed("direct:new", f"{word}-direct-new", Operation.UPDATE, user="noor", of="direct"),
    ]
    draw.shuffle(then)
    return first + then


def plan(owed: Owed, bot: Bot, db: Session) -> bool:
    return delivery.plan(
        db, team=TEAM, key=owed.key, kind=KIND, arguments={"id": owed.says, "file": owed.operation is Operation.FILE},
        now=bot.clock.now(), channel=owed.channel, user=owed.user, thread_key=owed.below, target_key=owed.of,
        operation=owed.operation,
    )  # fmt: skip


def deliver(work: list[Owed]) -> Any:
    """Owe Slack all of this, each in a transaction of its own, as if told of its cause again, and send it."""

    async def act(bot: Bot) -> None:
        for owed in work:
            await bot.world.write(partial(plan, owed, bot))
        await bot.settle()

    return act


def last_words(work: list[Owed]) -> dict[str, str]:
    """What each message must say in the end, by the key of its post."""
    said = {owed.key: owed.says for owed in work if owed.operation is not Operation.UPDATE}
    return said | {owed.of: owed.says for owed in work if owed.of is not None}


def lost_and_double(work: list[Owed], posts: list[Post]) -> tuple[list[str], list[str]]:
    """Compare what stands at Slack with what was owed: the keys of what is missing, and of what is there twice."""
    changed = {owed.of: owed.says for owed in work if owed.of is not None}
    lost, double = [], []
    for owed in work:
        if owed.operation is Operation.UPDATE:
            if not any(post.text == owed.says for post in posts):
                lost.append(owed.key)
            continue
        there = [post for post in posts if post.text in (owed.says, changed.get(owed.key))]
        if not there:
            lost.append(owed.key)
        if len(there) > 1:
            double.append(owed.key)
    return lost, double
