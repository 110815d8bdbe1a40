"""What Slack tells about messages, in any order: a plain reply in a group's thread, its edits, its deletion."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.impressions import (
    LONGEST,
    Contents,
    Heard,
    Impression,
    Source,
    as_typed,
    change,
    is_newer,
    place_of,
    reads_as_impression,
    speaks_for,
    withdraw,
)
from bot.problem import Problem, Refused
from bot.programme import Action, Programme, allow
from bot.selection import Group
from bot.worksessions import WorkSession
from handlers.impressions.keeping import group_of, group_of_thread, keep
from handlers.privacy import check_texts, refusal
from handlers.routing import Answer, Click
from handlers.views import impressions as views
from handlers.words import Words
from handlers.world import Asker, World
from storage import impressions, inbox, programme

SPOKEN = ("", "thread_broadcast", "file_share", "me_message")
"""Subtypes of messages in which a person says something."""


@dataclass(frozen=True)
class Told:
    """What the writer of a message is told: that it is kept, what has to go first, or (neither) that it is too long."""

    words: Words
    group: Group
    kept: Impression | None = None
    problems: Sequence[Problem] = ()


async def decline(click: Click, world: World) -> Answer:
    """Who replied in the thread does not want the reply to be kept."""

    def save(db: Session) -> Asker:
        asker = world.asker(db, click)
        impression = impressions.one(db, click.team, click.value)
        if impression is None:
            raise Refused("impressions.gone")
        session, group = group_of(db, click.team, impression.group)
        if impression.author != click.user:
            allow(asker.member, Action.CHANGE_IMPRESSION, place_of(group, click.user))
        if not inbox.first(db, click.team, click.key, world.now()) or impression.withdrawn_at is not None:
            return asker
        if impression.channel and impression.ts:
            known = impressions.heard(db, click.team, impression.channel, impression.ts) or Heard()
            impressions.remember_heard(db, click.team, impression.channel, impression.ts, replace(known, declined=True))
        keep(db, world, asker.settings, session, group, withdraw(impression, world.now()))
        return asker

    asker = await world.write(save)
    text = asker.words("impressions.declined")
    return Answer(then=[world.whisper(click, text, replace=True)])


async def heard(click: Click, world: World) -> Answer:
    """Somebody wrote a message; in a group's thread it may be the group's impression."""
    message = click.body
    if str(message.get("subtype") or "") not in SPOKEN or message.get("bot_id") or not click.thread_ts:
        return Answer()
    return await _follow(click, world, message, edited="")


async def edited(click: Click, world: World) -> Answer:
    """Somebody changed a message. Slack says so too when it only found a language or a link: then nothing changed."""
    message, before = click.body.get("message") or {}, click.body.get("previous_message") or {}
    if message.get("subtype") == "tombstone":
        return await _forget(click, world, str(message.get("ts") or ""))
    if message.get("bot_id") or not message.get("edited") or message.get("text") == before.get("text"):
        return Answer()
    return await _follow(click, world, message, edited=str(message["edited"].get("ts") or click.ts))


async def deleted(click: Click, world: World) -> Answer:
    """Somebody took a message away."""
    if (click.body.get("previous_message") or {}).get("bot_id"):
        return Answer()
    return await _forget(click, world, str(click.body.get("deleted_ts") or ""))


async def _follow(click: Click, world: World, message: Mapping[str, Any], edited: str) -> Answer:
    ts, thread = str(message.get("ts") or ""), str(message.get("thread_ts") or "")

    def concerns_us(db: Session) -> bool:
        taken = bool(edited) and impressions.of_message(db, click.team, click.channel, ts) is not None
        return taken or group_of_thread(db, click.team, click.channel, thread) is not None

    if not await world.database.read(concerns_us):
        return Answer()
    told = await world.write(partial(_take, click, world, message, edited))
    if told is None:
        return Answer()
    author = replace(click, user=str(message.get("user") or ""), thread_ts=thread)
    if told.problems:
        text, blocks = refusal(told.group.id, told.problems, told.words)
    elif told.kept is None:
        text, blocks = told.words("impressions.reply_too_long", most=LONGEST), []
    else:
        text, blocks = views.kept_reply(told.group, told.kept, told.words)
    return Answer(then=[world.whisper(author, text, blocks)])


def _take(click: Click, world: World, message: Mapping[str, Any], edited: str, db: Session) -> Told | None:
    """Bring what is kept in step with the newest words of a message, in whatever order they are heard.

    Returns what its writer is to be told, if anything. What may not be kept is not: what was kept before goes too.
    """
    now, ts, typed = world.now(), str(message.get("ts") or ""), as_typed(str(message.get("text") or ""))
    known = impressions.heard(db, click.team, click.channel, ts)
    if not inbox.first(db, click.team, click.key, now) or not is_newer(known, edited):
        return None
    settings = programme.programme(db, click.team)
    impression = impressions.of_message(db, click.team, click.channel, ts)
    at = group_of_thread(db, click.team, click.channel, str(message.get("thread_ts") or ""))
    place = impression.group if impression else at
    if settings is None or place is None:
        return None
    impressions.remember_heard(db, click.team, click.channel, ts, Heard(edited))
    session, group = group_of(db, click.team, place)
    author = programme.member(db, click.team, str(message.get("user") or ""))
    words = world.words_for(author, settings)
    screened = check_texts(db, settings, session.id, {"takeaway": typed})
    text = screened.texts["takeaway"]
    refused = Told(words, group, problems=screened.problems) if screened.problems else None
    too_long = Told(words, group) if len(typed) > LONGEST else None
    if impression is not None and (impression.withdrawn_at is None or impression.source is Source.MESSAGE):
        followed = _rewrite(db, world, settings, session, group, impression, "" if refused else text)
        return too_long or (refused if followed else None)
    if not speaks_for(author, group):
        return None
    if not reads_as_impression(typed):
        return too_long
    if refused:
        return refused
    new = Impression(
        id=impression.id if impression else world.ids("im"),
        team=click.team,
        work_session=session.id,
        group=group.id,
        source=Source.REPLY,
        author=author.user,
        contents=Contents(text),
        created_at=now,
        updated_at=now,
        version=impression.version + 1 if impression else 1,
        channel=click.channel,
        ts=ts,
        follows_message=True,
    )
    keep(db, world, settings, session, group, new)
    return Told(words, group, new)


def _rewrite(
    db: Session,
    world: World,
    settings: Programme,
    session: WorkSession,
    group: Group,
    impression: Impression,
    text: str,
) -> bool:
    """The message behind an impression was changed; empty words withdraw it. Returns whether anything followed.

    An impression that its author rewrote in the form stays as it is.
    """
    if impression.withdrawn_at is not None or not impression.follows_message or text == impression.contents.takeaway:
        return False
    now = world.now()
    fits = reads_as_impression(text) if impression.source is Source.REPLY else 0 < len(text.strip()) <= LONGEST
    contents = replace(impression.contents, takeaway=text)
    value = change(impression, contents, now, from_message=True) if fits else withdraw(impression, now)
    keep(db, world, settings, session, group, value)
    return True


async def _forget(click: Click, world: World, ts: str) -> Answer:
    def save(db: Session) -> None:
        if not ts or not inbox.first(db, click.team, click.key, world.now()):
            return
        impressions.remember_heard(db, click.team, click.channel, ts, Heard(gone=True))
        impression = impressions.of_message(db, click.team, click.channel, ts)
        settings = programme.programme(db, click.team)
        if impression is None or impression.withdrawn_at is not None or settings is None:
            return
        session, group = group_of(db, click.team, impression.group)
        keep(db, world, settings, session, group, withdraw(impression, world.now()))

    await world.write(save)
    return Answer()
