"""chat.*: posting, changing and deleting the bot's messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playground import limits, messaging, payloads
from playground.errors import Refused
from playground.state import Channel, Json, Message

from .conversations import asked

if TYPE_CHECKING:
    from playground.practice import Practice


def _writable(practice: Practice, args: Json) -> Channel:
    channel = practice.channel(str(args.get("channel") or ""))
    workspace = practice.workspace
    if workspace.app.bot_user not in channel.members:
        if channel.private:
            raise Refused("channel_not_found")
        if "chat:write.public" not in practice.manifest.scopes:
            raise Refused("not_in_channel")
    if channel.archived:
        raise Refused("is_archived")
    if channel.im and workspace.people[channel.im].deleted:
        raise Refused("user_disabled")
    return channel


def _own(practice: Practice, args: Json, refusal: str) -> Message:
    channel = practice.channel(str(args.get("channel") or ""))
    message = channel.messages.get(str(args.get("ts") or ""))
    if message is None or message.subtype == "tombstone":
        raise Refused("message_not_found")
    if not message.by_bot:
        raise Refused(refusal)
    return message


def post_message(practice: Practice, args: Json) -> Json:
    """Post a message."""
    channel = _writable(practice, args)
    content = messaging.content(practice, args)
    content["text"] = content["text"][: limits.MESSAGE_TEXT]
    parent = str(args.get("thread_ts") or "")
    if parent and (parent not in channel.messages or channel.messages[parent].thread_ts not in ("", parent)):
        raise Refused("thread_not_found")
    app = practice.workspace.app
    message = Message(practice.ts(), channel.id, app.bot_user, by_bot=True, thread_ts=parent, **content)
    message.client_msg_id = str(args.get("client_msg_id") or "")
    if parent and asked(args, "reply_broadcast"):
        message.broadcast, message.subtype = True, "thread_broadcast"
    messaging.post(practice, message)
    return {"channel": channel.id, "ts": message.ts, "message": payloads.message(practice, message)}


def post_ephemeral(practice: Practice, args: Json) -> Json:
    """Show a message to one person in a channel."""
    channel = _writable(practice, args)
    user = str(args.get("user") or "")
    if user not in channel.members:
        raise Refused("user_not_in_channel")
    content = messaging.content(practice, args)
    if len(content["text"].encode()) > limits.EPHEMERAL_BYTES:
        raise Refused("msg_too_long")
    content.pop("metadata", None)
    parent = str(args.get("thread_ts") or "")
    bot = practice.workspace.app.bot_user
    ts = practice.ts()
    # In a thread it is shown only when somebody wrote there: an ephemeral message cannot start one.
    if not parent or (parent in channel.messages and channel.messages[parent].replies):
        messaging.whisper(
            practice, Message(ts, channel.id, bot, by_bot=True, only_for=user, thread_ts=parent, **content)
        )
    return {"message_ts": ts}


def update(practice: Practice, args: Json) -> Json:
    """Change one of the bot's messages; text without blocks removes the blocks, metadata left out is kept."""
    message = _own(practice, args, "cant_update_message")
    content = messaging.content(practice, args)
    if len(content["text"]) > limits.UPDATE_TEXT:
        raise Refused("msg_too_long")
    if args.get("text") is None:
        content["text"] = message.text
    messaging.change(practice, message, practice.workspace.app.bot_user, **content)
    told = payloads.message(practice, message)
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": told}


def delete(practice: Practice, args: Json) -> Json:
    """Delete one of the bot's messages."""
    message = _own(practice, args, "cant_delete_message")
    messaging.delete(practice, message)
    return {"channel": message.channel, "ts": message.ts}


def permalink(practice: Practice, args: Json) -> Json:
    """The address of a message."""
    channel = practice.channel(str(args.get("channel") or ""))
    ts = str(args.get("message_ts") or "")
    if ts not in channel.messages:
        raise Refused("message_not_found")
    return {"channel": channel.id, "permalink": f"{practice.base}/archives/{channel.id}/p{ts.replace('.', '')}"}


def schedule_message(practice: Practice, args: Json) -> Json:
    """Take a message for later. Slack says ok to one with metadata and never posts it; so does the practice Slack.

    Without metadata it is refused here: Oogst must not leave texts waiting at Slack, outside its own deletion.
    """
    channel = _writable(practice, args)
    content = messaging.content(practice, args)
    if not content.get("metadata"):
        raise Refused("not_in_the_practice_slack")
    scheduled = practice.workspace.next_id("Q")
    return {"channel": channel.id, "scheduled_message_id": scheduled, "post_at": int(args.get("post_at") or 0)}


TABLE = {
    "chat.delete": delete,
    "chat.getPermalink": permalink,
    "chat.postEphemeral": post_ephemeral,
    "chat.postMessage": post_message,
    "chat.scheduleMessage": schedule_message,
    "chat.update": update,
}
