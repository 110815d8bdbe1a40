"""Posting, changing and deleting messages, whoever does it, and the events that follow from it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from . import limits, payloads
from .errors import Refused
from .hub import Delivery
from .linter import Problem, lint_message
from .state import Channel, FileUpload, Json, Message

if TYPE_CHECKING:
    from .practice import Practice

EVENT = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}


def refuse(error: str, problems: list[Problem]) -> Refused:
    """Slack's answer to blocks or a view that it does not take."""
    said = [f"[ERROR] {problem}" for problem in problems]
    return Refused(error, errors=[str(each) for each in problems], response_metadata={"messages": said})


def content(practice: Practice, args: Json, block_text: int = limits.MESSAGE_BLOCK_TEXT) -> Json:
    """The checked content of a message to post: text, blocks, attachments, metadata. Raises Refused."""
    text = args.get("text") or ""
    if markdown := args.get("markdown_text"):
        if text or args.get("blocks"):
            raise Refused("markdown_text_conflict")
        if len(markdown) > limits.MARKDOWN_TEXT:
            raise Refused("msg_too_long")
        text = markdown
    given = {"text": text, "blocks": args.get("blocks"), "attachments": args.get("attachments")}
    if problems := lint_message(given, block_text=block_text):
        for code in ("no_text", "msg_blocks_too_long", "only_one_table_allowed"):
            if any(problem.code == code for problem in problems):
                raise refuse(code, problems)
        raise refuse("invalid_attachments" if "/attachments" in problems[0].pointer else "invalid_blocks", problems)
    blocks = named_blocks(practice, args.get("blocks") or [])
    return {"text": text, "blocks": blocks, "attachments": given["attachments"] or []} | _metadata(args)


def named_blocks(practice: Practice, blocks: list[Json]) -> list[Json]:
    """The blocks with a block_id each: those that came without get a fresh one each time, as at Slack."""
    return [
        block if block.get("block_id") else block | {"block_id": practice.workspace.next_id("b")} for block in blocks
    ]


def _metadata(args: Json) -> Json:
    metadata = args.get("metadata")
    if metadata is None:
        return {}
    if metadata == {}:
        return {"metadata": None}
    if (
        not isinstance(metadata, dict)
        or not isinstance(metadata.get("event_type"), str)
        or not isinstance(metadata.get("event_payload"), dict)
        or not all(_flat(value) for value in metadata["event_payload"].values())
    ):
        raise Refused("invalid_metadata_format")
    if len(json.dumps(metadata)) > 8000:
        raise Refused("metadata_too_large")
    return {"metadata": metadata}


def _flat(value: Any, depth: int = 0) -> bool:
    if isinstance(value, dict):
        return depth < 2 and all(_flat(each, 2) for each in value.values())
    if isinstance(value, list):
        return depth < 1 and all(_flat(each, 1) for each in value)
    return isinstance(value, str | int | float | bool)


def post(practice: Practice, message: Message) -> Delivery | None:
    """Store a message, show it, and tell the app when it hears this channel; returns the event on its way, if any."""
    workspace = practice.workspace
    channel = workspace.channels[message.channel]
    workspace.post(message)
    practice.changes.tell("message", channel.id)
    body = payloads.message(practice, message)
    if message.broadcast:
        body["root"] = payloads.message(practice, channel.messages[message.thread_ts])
    sent = _tell(practice, channel, body, message.ts)
    mention = f"<@{workspace.app.bot_user}>"
    here = workspace.app.bot_user in channel.members
    if here and not (message.by_bot or channel.im or message.subtype) and mention in message.text:
        place = {"channel": channel.id, "event_ts": message.ts}
        mentioned = practice.hub.event("app_mention", body | {"type": "app_mention"} | place)
        sent = sent or mentioned
    return sent


def change(practice: Practice, message: Message, by: str, **new: Any) -> Delivery | None:
    """Change a message (text, blocks, ...) and tell the app. What comes with blocks is not marked as edited."""
    before = payloads.message(practice, message)
    edited = "text" in new and new["text"] != message.text and not new.get("blocks")
    for name, value in new.items():
        setattr(message, name, value)
    ts = practice.ts()
    if edited:
        message.edited = ts
    after = payloads.message(practice, message)
    if edited:
        after["edited"] = {"user": by, "ts": ts}
    channel = practice.workspace.channels[message.channel]
    practice.changes.tell("message", channel.id)
    return _hidden(practice, channel, ts, "message_changed", message=after, previous_message=before)


def delete(practice: Practice, message: Message) -> Delivery | None:
    """Delete a message and tell the app; one with replies leaves a tombstone over them."""
    before = payloads.message(practice, message)
    channel = practice.workspace.channels[message.channel]
    if message.replies:
        message.text, message.blocks, message.attachments = "This message was deleted.", [], []
        message.subtype, message.user, message.metadata, message.files = "tombstone", "USLACKBOT", None, []
        message.by_bot = False
    else:
        del channel.messages[message.ts]
        parent = channel.messages.get(message.thread_ts)
        if parent and message.ts in parent.replies:
            parent.replies.remove(message.ts)
    practice.changes.tell("message", channel.id)
    ts = practice.ts()
    if message.replies:
        tombstone = payloads.message(practice, message)
        return _hidden(practice, channel, ts, "message_changed", message=tombstone, previous_message=before)
    return _hidden(practice, channel, ts, "message_deleted", deleted_ts=message.ts, previous_message=before)


def _hidden(practice: Practice, channel: Channel, ts: str, subtype: str, **more: Any) -> Delivery | None:
    return _tell(practice, channel, {"type": "message", "subtype": subtype, "hidden": True, "ts": ts, **more}, ts)


def _tell(practice: Practice, channel: Channel, body: Json, event_ts: str) -> Delivery | None:
    if practice.workspace.app.bot_user not in channel.members:
        return None
    place = {"channel": channel.id, "channel_type": channel.kind, "event_ts": event_ts}
    return practice.hub.event(EVENT[channel.kind], body | place)


def join(practice: Practice, channel: Channel, user: str) -> Delivery | None:
    """Let somebody join a channel; the app hears of it when it is there (its own joining included)."""
    if user in channel.members:
        return None
    channel.members.append(user)
    practice.changes.tell("channels", channel.id)
    notice = Message(practice.ts(), channel.id, user, f"<@{user}> has joined the channel", subtype="channel_join")
    post(practice, notice)
    return _membership(practice, "member_joined_channel", channel, user)


def leave(practice: Practice, channel: Channel, user: str) -> Delivery | None:
    """Let somebody leave a channel; the app hears of it when it is still there."""
    channel.members.remove(user)
    practice.changes.tell("channels", channel.id)
    return _membership(practice, "member_left_channel", channel, user)


def _membership(practice: Practice, name: str, channel: Channel, user: str) -> Delivery | None:
    if practice.workspace.app.bot_user not in channel.members:
        return None
    body = {
        "type": name,
        "user": user,
        "channel": channel.id,
        "channel_type": "G" if channel.private else "C",
        "team": practice.workspace.team.id,
        "event_ts": practice.ts(),
    }
    return practice.hub.event(name, body)


def share(practice: Practice, uploads: list[FileUpload], message: Message) -> Delivery | None:
    """Share files in a message."""
    for upload in uploads:
        upload.complete = True
        upload.channels.append(message.channel)
    message.files, message.subtype = [upload.id for upload in uploads], "file_share"
    return post(practice, message)


def whisper(practice: Practice, message: Message) -> None:
    """Show a message to one person only (ephemeral); the app hears nothing of it."""
    practice.workspace.ephemerals.setdefault(message.only_for, []).append(message)
    practice.changes.tell("message", message.channel, message.only_for)
