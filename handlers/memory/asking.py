"""Somebody asks: in a message to the bot, by naming it in a channel, or by the command. Each gets one answer."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.impressions import as_typed
from bot.memory.asking import LONGEST, MOST_A_MINUTE, Question, read_question, reads_as_question
from bot.problem import Problem
from bot.programme import Action, allow, may
from handlers.memory import answering
from handlers.privacy import check_texts
from handlers.routing import Answer, Click
from handlers.words import Words
from handlers.world import Asker, World
from storage import delivery, inbox, memory, programme, themes
from storage.memory import Asked, AskedIn, AskedState

PATIENCE = 0.7
"""Seconds without an answer after which who used the command is told that it is being looked up."""


@dataclass(frozen=True)
class Taken:
    """What becomes of a question: it was kept and can be looked up, or what its asker reads instead."""

    words: Words
    asked: Asked | None = None
    refused: str = ""
    problems: tuple[Problem, ...] = ()


async def written(click: Click, world: World) -> Answer:
    """Somebody wrote to the bot alone. What asks and nothing else is a question; anything else is not ours."""
    message = click.body
    if message.get("channel_type") != "im" or message.get("subtype") or message.get("bot_id"):
        return Answer()
    typed = as_typed(str(message.get("text") or ""))
    question = read_question(typed)
    if not reads_as_question(typed) and not await world.database.read(partial(_names_theme, click, question)):
        return Answer()
    return await _hear(click, world, question, AskedIn.DIRECT)


def _names_theme(click: Click, question: Question, db: Session) -> bool:
    """Whether somebody wrote the name of a theme and nothing else."""
    return bool(question.words) and themes.goes_by(db, click.team, question.text)


async def named(click: Click, world: World) -> Answer:
    """Somebody named the bot in a channel or thread, with something to look for behind it."""
    message = click.body
    question = read_question(as_typed(str(message.get("text") or "")))
    if message.get("bot_id") or message.get("subtype") or not question.words:
        return Answer()
    return await _hear(click, world, question, AskedIn.CHANNEL)


async def commanded(click: Click, world: World) -> Answer:
    """`/oogst` with something that is no command: a question, or a word to look for."""
    question = read_question(str(click.body.get("text") or f"{click.name} {click.value}"))
    taken = await world.write(partial(_take, click, world, question, AskedIn.COMMAND))
    if taken is None:
        return Answer()
    return Answer(then=[_told_at_once(click, world, taken)])


async def changed(click: Click, world: World) -> Answer:
    """A question that was asked by a message is taken back with it, or asked anew in other words."""
    message = click.body.get("message") or {}
    ts = str(click.body.get("deleted_ts") or message.get("ts") or "")
    gone = bool(click.body.get("deleted_ts")) or message.get("subtype") == "tombstone"
    if not ts or message.get("bot_id"):
        return Answer()

    def save(db: Session) -> Asked | None:
        asked = memory.at_message(db, click.team, click.channel, ts)
        if asked is None or not inbox.first(db, click.team, f"{click.key}:question", world.now()):
            return None
        if gone:
            answering.withdraw(db, world, asked)
            return None
        question = read_question(as_typed(str(message.get("text") or "")))
        if question.text == asked.text or asked.state is AskedState.WITHDRAWN:
            return None
        asker = world.asker(db, replace(click, user=asked.user))
        if _refusal(db, world, asker, question)[0] or not question.words:
            answering.withdraw(db, world, asked)
            return None
        waits = asked.state is AskedState.WAITING  # then it goes on waiting, and whoever was asked reads the new words
        anew = replace(asked, text=question.text, state=asked.state if waits else AskedState.SEARCHING)
        memory.save(db, anew)
        answering.follow(db, world, anew)
        return None if waits else anew

    if not await world.database.read(lambda db: memory.at_message(db, click.team, click.channel, ts)):
        return Answer()
    asked = await world.write(save)
    return Answer(then=[answering.look_up(world, asked)] if asked else [])


async def _hear(click: Click, world: World, question: Question, asked_in: AskedIn) -> Answer:
    """Take a question from an event; of somebody new, Slack is asked first who they are."""
    if await world.knows(click):
        taken = await world.write(partial(_take, click, world, question, asked_in))
        return Answer(then=_after(click, world, taken))
    # the help is for who says something else
    if await world.write(lambda db: inbox.first(db, click.team, f"{click.key}:help", world.now())):
        return Answer(then=[_once_known(click, world, question, asked_in)])
    return Answer()


async def _once_known(click: Click, world: World, question: Question, asked_in: AskedIn) -> None:
    await world.enrol(click.team, click.user)
    taken = await world.write(partial(_take, click, world, question, asked_in, known=False))
    for work in _after(click, world, taken):
        await work


def _after(click: Click, world: World, taken: Taken | None) -> list[Coroutine[Any, Any, None]]:
    if taken is None:
        return []
    if taken.asked is not None:
        return [answering.look_up(world, taken.asked)]
    return [world.whisper(click, taken.refused)]


def _take(
    click: Click, world: World, question: Question, asked_in: AskedIn, db: Session, *, known: bool = True
) -> Taken | None:
    """Keep a question, and owe its asker the message that says where it is looked up and then what was found."""
    now = world.now()
    if asked_in is AskedIn.COMMAND:
        asker = world.asker(db, click)
        allow(asker.member, Action.ASK_MEMORY)
        first = inbox.first(db, click.team, click.key, now)
    else:
        settings = programme.programme(db, click.team)
        if settings is None or (known and inbox.seen(db, click.team, f"{click.key}:help")):
            return None  # it was the impression of a group, and was answered as that
        member = programme.member(db, click.team, click.user)
        asker = Asker(member, settings, world.words_for(member, settings))
        if not may(member, Action.ASK_MEMORY):
            return None
        first = inbox.first(db, click.team, f"{click.key}:question", now)
        inbox.first(db, click.team, f"{click.key}:help", now)
    if not first:
        return None
    refused, problems = _refusal(db, world, asker, question)
    if refused:
        return Taken(asker.words, None, refused, problems)
    asked = Asked(
        id=world.ids("qu"),
        team=click.team,
        user=click.user,
        text=question.text,
        asked_in=asked_in,
        channel=click.channel,
        ts=click.ts,
        thread_ts=click.thread_ts or click.ts,
        state=AskedState.SEARCHING,
        asked_at=now,
    )
    memory.save(db, asked)
    _owe(db, world, asked)
    return Taken(asker.words, asked)


def _owe(db: Session, world: World, asked: Asked) -> None:
    if asked.asked_in is AskedIn.COMMAND:
        return  # answered where it was typed, and nowhere else
    in_channel = asked.asked_in is AskedIn.CHANNEL
    delivery.plan(
        db,
        team=asked.team,
        key=answering.key_of(asked),
        kind=answering.ANSWER,
        arguments={"id": asked.id, **({"thread_ts": asked.thread_ts} if in_channel else {})},
        channel=asked.channel if in_channel else None,
        user=asked.user,
        now=world.now(),
    )


def _refusal(db: Session, world: World, asker: Asker, question: Question) -> tuple[str, tuple[Problem, ...]]:
    """Return why a question is not kept, as a sentence for its asker; empty where it may be."""
    words = asker.words
    if len(question.text) > LONGEST:
        return words("memory.too_long", most=LONGEST), ()
    problems = tuple(check_texts(db, asker.settings, None, {"question": question.text}).problems)
    if problems:
        said = dict.fromkeys(world.say(words, each.key, each.values) for each in problems)
        return " ".join([words("memory.not_kept"), *said]), problems
    since = world.now() - timedelta(minutes=1)
    if memory.asked_since(db, asker.member.team, asker.member.user, since) >= MOST_A_MINUTE:
        return words("memory.too_many"), ()
    return "", ()


async def _told_at_once(click: Click, world: World, taken: Taken) -> None:
    """Answer a command where it was typed: at once, or after a word that it is being looked up."""
    asked = taken.asked
    if asked is None:
        await world.whisper(click, taken.refused)
        return
    looking = asyncio.ensure_future(answering.look_up(world, asked))
    done, _ = await asyncio.wait({looking}, timeout=PATIENCE)
    if not done:
        await world.whisper(click, await world.database.read(partial(answering.searching, asked, taken.words)))
    await looking
    body = await world.database.read(partial(answering.body_of, world, asked.team, asked.id))
    if body is not None:
        await world.whisper(click, body.text, body.blocks)
