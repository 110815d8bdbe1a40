"""What one person sees: channels, direct messages, the modal on top, their Home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import forms, payloads, words
from .state import Channel, Json, Message, Person, View

if TYPE_CHECKING:
    from .practice import Practice


def see(practice: Practice, person: Person) -> Json:
    """Everything this person can see, as GET /_mens/see answers it."""
    workspace = practice.workspace
    channels = [channel for channel in workspace.readable(person.id) if not channel.im]
    modal, home = workspace.modal(person.id), workspace.home(person.id)
    return {
        "channels": {channel.name: messages(practice, channel, person) for channel in channels},
        "dm": messages(practice, workspace.dm(person.id), person),
        "modal": modal and _modal(practice, modal),
        "home": home and {"blocks": home.content["blocks"], **_shown(practice, home.content["blocks"])},
        "people": [
            payloads.user(workspace, each, practice.clock.now(), locale=True) for each in workspace.people.values()
        ],
        "now": practice.clock.now().isoformat(),
        "connected": practice.hub.connected,
    }


def messages(practice: Practice, channel: Channel, person: Person) -> list[Json]:
    """The messages of one channel as this person sees them, oldest first, replies among them."""
    return [_message(practice, each) for each in practice.workspace.visible(channel, person.id)]


def _message(practice: Practice, message: Message) -> Json:
    workspace = practice.workspace
    return {
        "ts": message.ts,
        "user": workspace.people[message.user].name if message.user in workspace.people else message.user,
        "text": message.text,
        "blocks": message.blocks,
        "thread_ts": message.thread_ts,
        "reply_count": len(message.replies),
        "edited": bool(message.edited),
        "only_you": bool(message.only_for),
        "subtype": message.subtype,
        "files": [payloads.file(practice, workspace.files[each]) for each in message.files],
        "plain": words.of_message(workspace, message),
        "buttons": _buttons(message.blocks),
    }


def _buttons(blocks: list[Json]) -> list[str]:
    return [found.label for found in forms.elements(blocks) if found.element["type"] == "button"]


def _shown(practice: Practice, blocks: list[Json]) -> Json:
    return {"plain": words.plain(practice.workspace, blocks), "buttons": _buttons(blocks)}


def _modal(practice: Practice, view: View) -> Json:
    content = view.content
    shown = _shown(practice, content["blocks"])
    title = content["title"]["text"]
    buttons = [content[key]["text"] for key in ("submit", "close") if content.get(key)]
    return {
        "id": view.id,
        "title": title,
        "plain": "\n".join([title, shown["plain"], *view.errors.values(), *buttons]),
        "buttons": shown["buttons"],
        "submit": (content.get("submit") or {}).get("text"),
        "blocks": content["blocks"],
        "values": view.values,
        "errors": view.errors,
        "callback_id": content.get("callback_id", ""),
        "depth": len(practice.workspace.stacks[view.user]),
        "fields": [
            {
                "label": found.label,
                "type": found.element["type"],
                "block_id": found.block["block_id"],
                "action_id": found.element.get("action_id", ""),
                "value": view.values.get(found.block["block_id"], {})
                .get(found.element.get("action_id"), {})
                .get(found.key),
                "optional": found.block.get("optional", False),
                "options": [option["text"]["text"] for option in forms.options(found.element)],
                "error": view.errors.get(found.block["block_id"]),
            }
            for found in forms.elements(content["blocks"])
            if found.key
        ],
    }
