"""What Slack tells about messages, in any order: a plain reply in a group's thread, its edits, its deletion."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from slack_sdk.models.blocks import Block
from sqlmodel import Session

from bot.impressions import (
    LONGEST,
    Contents,
    Heard,
    Impression,
    Source,
    as_typed,
    change,
    fits,
    is_newer,
    place_of,
    read_fields,
    reads_as_impression,
    speaks_for,
    withdraw,
)
from bot.problem import Problem
from bot.programme import Action, Place, Programme, allow, may, missing
from bot.selection import Group
from bot.worksessions import WorkSession
from handlers import promises
from handlers.impressions.keeping import group_of, group_of_thread, keep
from handlers.privacy import check_contents, refusal
from handlers.routing import Answer, Click
from handlers.views import impressions as views
from handlers.words import Words
from handlers.world import Asker, World
from storage import impressions, inbox, programme

SPOKEN = ("", "thread_broadcast", "file_share", "me_message")
"""Subtypes of messages in which a person says something."""


WRITTEN = (Source.REPLY, Source.DIRECT)
"""Messages that were written as an impression; its labels count. Of others only the takeaway comes from a message."""


@dataclass(frozen=True)
class Told:
    """What the writer of a message is told: that it is kept, what has to go first, or (neither) that it is too long."""

    words: Words
    group: Group
    kept: Impression | None = None
    problems: Sequence[Problem] = ()
    offers: Sequence[Block] = ()
    """The row under what is kept: does somebody offer this?"""


async def decline(click: Click, world: World) -> Answer:
    """Whoever handed in does not want it kept after all: a reply, or what they were told that it is shared."""

    def save(db: Session) -> tuple[Asker, Impression]:
        asker = world.asker(db, click)
        impression = impressions.one(db, click.team, click.value)
        if impression is None:
            raise missing(asker.member, Action.WITHDRAW_IMPRESSION, "impressions.gone")
        session, group = group_of(db, click.team, impression.group)
        if not may(asker.member, Action.CHANGE_IMPRESSION, place_of(group, click.user)):
            allow(asker.member, Action.WITHDRAW_IMPRESSION, Place(wrote=impression.author == click.user))
        if not inbox.first(db, click.team, click.key, world.now()) or impression.withdrawn_at is not None:
            return asker, impression
        if impression.channel and impression.ts:
            known = impressions.heard(db, click.team, impression.channel, impression.ts) or Heard()
            impressions.remember_heard(db, click.team, impression.channel, impression.ts, replace(known, declined=True))
        keep(db, world, asker.settings, session, group, withdraw(impression, world.now()))
        return asker, impression

    asker, impression = await world.write(save)
    if impression.source is not Source.REPLY:
        return Answer()  # the message with this button says so itself
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
    message = click.body.get("message") or {}
    if message.get("subtype") == "tombstone":
        return await _forget(click, world, str(message.get("ts") or ""))
    if not tells_anew(click):
        return Answer()
    return await _follow(click, world, message, edited=str(message["edited"].get("ts") or click.ts))


def tells_anew(click: Click) -> bool:
    """Say whether a person wrote other words in a message than it had."""
    message, before = click.body.get("message") or {}, click.body.get("previous_message") or {}
    return bool(not message.get("bot_id") and message.get("edited") and message.get("text") != before.get("text"))


async def deleted(click: Click, world: World) -> Answer:
    """Somebody took a message away."""
    if (click.body.get("previous_message") or {}).get("bot_id"):
        return Answer()
    return await _forget(click, world, str(click.body.get("deleted_ts") or ""))


async def _follow(click: Click, world: World, message: Mapping[str, Any], edited: str) -> Answer:
    ts, thread = str(message.get("ts") or ""), str(message.get("thread_ts") or "")

    def concerns_us(db: Session) -> bool:
        if edited and impressions.of_message(db, click.team, click.channel, ts) is not None:
            return True
        if group_of_thread(db, click.team, click.channel, thread) is None:
            return False
        said = str(message.get("text") or "").lstrip()
        settings = programme.programme(db, click.team) if said.startswith("<@") and not edited else None
        # what is said to the bot is answered by it (`handlers.memory`)
        return settings is None or not said.startswith(f"<@{settings.bot_user}>")

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
        blocks += told.offers
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
    by_label = impression is None or impression.source in WRITTEN
    read = read_fields(typed) if by_label else Contents(typed)
    contents, problems = check_contents(db, settings, session.id, read)
    refused = Told(words, group, problems=problems) if problems else None
    too_long = None if fits(read) else Told(words, group)
    tells = reads_as_impression(typed) if by_label else bool(typed.strip()) and not too_long
    if impression is not None and (impression.withdrawn_at is None or not by_label):
        if not by_label:
            contents = replace(impression.contents, takeaway=contents.takeaway)
        follows = contents if tells and not refused else None
        followed = _rewrite(db, world, settings, session, group, impression, follows)
        return too_long or (refused if followed else None)
    if not speaks_for(author, group):
        return None
    if not tells or refused:
        return too_long or (refused if tells else None)
    new = Impression(
        id=impression.id if impression else world.ids("im"),
        team=click.team,
        work_session=session.id,
        group=group.id,
        source=impression.source if impression else Source.REPLY,
        author=author.user,
        contents=contents,
        created_at=now,
        updated_at=now,
        version=impression.version + 1 if impression else 1,
        channel=click.channel,
        ts=ts,
        follows_message=True,
    )
    keep(db, world, settings, session, group, new, is_new=impression is None)
    if new.source is not Source.REPLY:
        return None
    return Told(words, group, new, offers=promises.offer_row(db, new, words))


def _rewrite(
    db: Session,
    world: World,
    settings: Programme,
    session: WorkSession,
    group: Group,
    impression: Impression,
    contents: Contents | None,
) -> bool:
    """The message behind an impression was changed; without contents it goes. Returns whether anything followed.

    An impression that its author rewrote in the form stays as it is.
    """
    if impression.withdrawn_at is not None or not impression.follows_message or contents == impression.contents:
        return False
    now = world.now()
    value = change(impression, contents, now, from_message=True) if contents else withdraw(impression, now)
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
