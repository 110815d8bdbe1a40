"""What happens when the app uses a response_url."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import limits, messaging
from .state import Json, Message

if TYPE_CHECKING:
    from .practice import Practice


def respond(practice: Practice, key: str, body: Json) -> None:
    """The app uses a response_url: a new message, or a change of the one that was clicked. Raises Refused."""
    url = practice.tickets.respond(key)
    workspace = practice.workspace
    mine = workspace.ephemerals.get(url.user, [])
    clicked = next((m for m in mine if m.ts == url.ts), None) if url.ephemeral else None
    public = workspace.channels[url.channel].messages.get(url.ts) if not url.ephemeral else None
    if body.get("delete_original"):
        if clicked:
            mine.remove(clicked)
            practice.changes.tell("message", url.channel, url.user)
        elif public:
            messaging.delete(practice, public)
        return
    # What goes by a response_url is not held to the length of all blocks together.
    content = messaging.content(practice, body, limits.ANY)
    if body.get("replace_original") and clicked:
        for name, value in content.items():
            setattr(clicked, name, value)
        practice.changes.tell("message", url.channel, url.user)
    elif body.get("replace_original") and public and public.by_bot:
        messaging.change(practice, public, workspace.app.bot_user, **content)
    else:
        thread = str(body.get("thread_ts") or url.thread_ts or "")
        message = Message(practice.ts(), url.channel, workspace.app.bot_user, by_bot=True, thread_ts=thread, **content)
        if body.get("response_type") == "in_channel":
            messaging.post(practice, message)
        else:
            message.only_for = url.user
            messaging.whisper(practice, message)
