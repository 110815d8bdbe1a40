"""A file, or the message it came with, was deleted in Slack: what was kept of it goes, in any order of hearing."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session

from bot.attachments import Attachment, State
from bot.impressions import withdraw
from bot.programme import Programme
from handlers.attachments.places import list_anew
from handlers.impressions.keeping import group_of, keep
from handlers.routing import Answer, Click
from handlers.world import World
from storage import attachments, impressions, inbox, programme, tombstones


async def message_deleted(click: Click, world: World) -> Answer:
    """Somebody took away the message with which files came."""
    ts = str(click.body.get("deleted_ts") or "")
    return await _forget(click, world, ts, [])


async def edited(click: Click, world: World) -> Answer:
    """A message was changed: one with replies that is deleted becomes a tombstone, and so does a file in a message."""
    message = click.body.get("message") or {}
    ts = str(message.get("ts") or "")
    if message.get("subtype") == "tombstone":
        return await _forget(click, world, ts, [])
    left = {str(raw.get("id")) for raw in _files(message) if raw.get("mode") != "tombstone"}
    before = {str(raw.get("id")) for raw in _files(click.body.get("previous_message") or {})}
    buried = {str(raw.get("id")) for raw in _files(message)} - left
    gone = sorted((before | buried) - left)
    return await _forget(click, world, "", gone) if gone else Answer()


async def file_deleted(click: Click, world: World) -> Answer:
    """Somebody deleted a file."""
    return await _forget(click, world, "", [str(click.body.get("file_id") or "")])


def _files(message: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    found = message.get("files")
    return [raw for raw in found if isinstance(raw, Mapping)] if isinstance(found, list) else []


async def _forget(click: Click, world: World, ts: str, files: Sequence[str]) -> Answer:
    def known(db: Session) -> list[Attachment]:
        here = attachments.of_message(db, click.team, click.channel, ts) if ts else []
        return [*here, *(one for file in files if (one := attachments.of_file(db, click.team, file)) is not None)]

    def save(db: Session) -> None:
        settings = programme.programme(db, click.team)
        if settings is None or not inbox.first(db, click.team, f"{click.key}:files", world.now()):
            return
        forget(db, world, settings, known(db), State.GONE)
        for file in files:
            if file and attachments.of_file(db, click.team, file) is None:
                attachments.save(db, _never_seen(click, world, file))

    concerns_us = bool(files) or bool(await world.database.read(known))
    if concerns_us:
        await world.write(save)
    return Answer()


def _never_seen(click: Click, world: World, file: str) -> Attachment:
    """Remember that a file is gone, for when its message is heard later."""
    return Attachment(world.ids("at"), click.team, file, State.GONE, click.channel, "", "", world.now())


def forget(db: Session, world: World, settings: Programme, files: Sequence[Attachment], state: State) -> None:
    """Let go of files, of the impressions that were read from them, and of their place under an article."""
    for file in files:
        attachments.save(db, file.without_words(state))
        tombstones.record(db, file.team, "attachment", file.id, world.now())
        withdraw_read(db, world, settings, file)
    list_anew(db, world, settings, *(file for file in files if file.state is State.KEPT))


def withdraw_read(db: Session, world: World, settings: Programme, file: Attachment) -> None:
    """Withdraw the impression that a file became, unless that was done already."""
    impression = impressions.one(db, file.team, file.impression) if file.impression else None
    if impression is None or impression.withdrawn_at is not None:
        return
    session, group = group_of(db, file.team, impression.group)
    keep(db, world, settings, session, group, withdraw(impression, world.now()))
