"""Writing, editing and deleting messages, and joining and leaving channels."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from . import filing, messaging, words
from .answers import told
from .state import FileUpload, Json, Message, Person, Unknown

if TYPE_CHECKING:
    from .practice import Practice


async def say(practice: Practice, person: Person, request: Json) -> Json:
    """Write a message, perhaps in a thread, perhaps with files [{name, text | base64}]."""
    workspace = practice.workspace
    channel = workspace.channel(str(request.get("channel", "")), person.id)
    if person.id not in channel.members:
        raise Unknown(f"{person.name} is not in {channel.name}")
    if channel.im and not practice.manifest.writable:
        return {"ok": False, "acked": None, "error": "sending messages to this app has been turned off"}
    parent = str(request.get("thread_ts") or "")
    if parent and parent not in channel.messages:
        raise Unknown("there is no such thread")
    message = Message(practice.ts(), channel.id, person.id, thread_ts=parent)
    message.client_msg_id = workspace.next_id("m")
    _write(practice, message, str(request.get("text", "")))
    if request.get("files"):
        sent = messaging.share(practice, [_upload(practice, person, each) for each in request["files"]], message)
    else:
        sent = messaging.post(practice, message)
    return await told(sent, ts=message.ts, channel=channel.id)


def _write(practice: Practice, message: Message, text: str) -> None:
    message.text = words.written(practice.workspace, text)
    message.blocks = [words.rich_text(practice.workspace.next_id("b"), message.text)] if message.text else []


def _upload(practice: Practice, person: Person, raw: Json) -> FileUpload:
    content = base64.b64decode(raw["base64"]) if "base64" in raw else str(raw.get("text", "")).encode()
    upload = filing.register(practice, str(raw.get("name", "file.txt")), person.id, len(content))
    upload.content = content
    return upload


def _own(practice: Practice, person: Person, request: Json) -> Message:
    channel = practice.workspace.channel(str(request.get("channel", "")), person.id)
    message = channel.messages.get(str(request.get("ts", "")))
    if message is None:
        raise Unknown("there is no such message")
    if message.user != person.id and not request.get("as_admin"):
        raise Unknown("people change only their own messages")
    return message


async def edit(practice: Practice, person: Person, request: Json) -> Json:
    """Edit one's own message."""
    message = _own(practice, person, request)
    draft = Message(message.ts, message.channel, person.id)
    _write(practice, draft, str(request.get("text", "")))
    before = message.blocks
    message.blocks = draft.blocks
    sent = messaging.change(practice, message, person.id, text=draft.text) if before != draft.blocks else None
    return await told(sent, ts=message.ts)


async def delete(practice: Practice, person: Person, request: Json) -> Json:
    """Delete one's own message (with `as_admin` anybody's)."""
    return await told(messaging.delete(practice, _own(practice, person, request)))


async def delete_file(practice: Practice, person: Person, request: Json) -> Json:
    """Delete one's own file (`file` is its id); the message in which it was shared stays, without it."""
    upload = practice.workspace.files.get(str(request.get("file", "")))
    if upload is None or upload.deleted:
        raise Unknown("there is no such file")
    if upload.user != person.id:
        raise Unknown("people delete only their own files")
    return await told(filing.delete(practice, upload))


async def join(practice: Practice, person: Person, request: Json) -> Json:
    """Join a channel."""
    return await told(messaging.join(practice, practice.workspace.channel(str(request.get("channel", ""))), person.id))


async def leave(practice: Practice, person: Person, request: Json) -> Json:
    """Leave a channel."""
    channel = practice.workspace.channel(str(request.get("channel", "")))
    if person.id not in channel.members:
        raise Unknown(f"{person.name} is not in {channel.name}")
    return await told(messaging.leave(practice, channel, person.id))
