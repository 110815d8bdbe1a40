"""Pressing, choosing and typing, and the commands and shortcuts of the manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import forms, payloads, words
from .answers import acked
from .errors import Refused
from .forms import Found
from .pointing import Place, find, reads, said
from .responding import respond
from .state import Json, Message, Person, Unknown

if TYPE_CHECKING:
    from .practice import Practice


async def press(practice: Practice, person: Person, request: Json) -> Json:
    """Press a button, or pick from an overflow menu; confirmation dialogs are confirmed."""
    place = find(practice, person, request, lambda each: each.element["type"] in ("button", "overflow", "icon_button"))
    element = place.found.element
    more: Json = {}
    if element["type"] == "overflow":
        label, value = request.get("label"), request.get("value")
        chosen = [o for o in element["options"] if o["text"]["text"] == label or o["value"] == value]
        if not chosen:
            chosen = [o for o in element["options"] if label and o["text"]["text"].startswith(str(label))]
        if len(chosen) != 1:
            raise Unknown(f"no single option of the menu fits {said(request)}")
        more = {"selected_option": chosen[0]}
    else:
        more = {key: element[key] for key in ("value", "style", "url") if key in element} | {
            "text": element.get("text")
        }
    return await _act(practice, person, place, more)


async def press_stale(practice: Practice, person: Person, request: Json) -> Json:
    """Press a button (`action`, `value`, `block`) that the message no longer shows: the person's screen was behind."""
    channel = practice.workspace.channel(str(request.get("channel", "")), person.id)
    message = channel.messages.get(str(request.get("ts", "")))
    if message is None or not reads(practice, person, channel):
        raise Unknown("there is no such message")
    value = {"value": request["value"]} if "value" in request else {}
    element = {
        "type": "button",
        "action_id": str(request["action"]),
        "text": {"type": "plain_text", "text": "?"},
        **value,
    }
    found = Found({"type": "actions", "block_id": str(request.get("block", "stale"))}, element)
    return await _act(practice, person, Place(found, message), {"text": element["text"], **value})


async def choose(practice: Practice, person: Person, request: Json) -> Json:
    """Choose in a select, radio buttons, checkboxes or a picker; `option` and the like say what."""
    place = find(practice, person, request, lambda each: bool(each.key) or each.element["type"] == "overflow")
    if place.found.element["type"] == "overflow":
        return await press(practice, person, request | {"label": request.get("option"), "nth": 0})
    return await _fill(practice, person, place, request)


async def type_text(practice: Practice, person: Person, request: Json) -> Json:
    """Type in a field of the open modal (or of Home, or a message)."""
    place = find(practice, person, request, lambda each: each.element["type"].endswith("_input"))
    return await _fill(practice, person, place, request)


async def _fill(practice: Practice, person: Person, place: Place, request: Json) -> Json:
    block, element = place.found.block, place.found.element
    value = forms.filled(practice.workspace, place.found, request)
    if place.view:
        values = place.view.values
        place.view.errors.pop(block["block_id"], None)
    else:
        assert place.message is not None
        values = forms.initial(place.message.blocks, place.message.choices.get(person.id))
        place.message.choices[person.id] = values
    action = element.get("action_id") or ""
    values.setdefault(block["block_id"], {})[action] = value
    practice.changes.tell("modal", user=person.id)
    if block["type"] == "input" and not block.get("dispatch_action"):
        return acked(None)
    return await _act(practice, person, place, {key: each for key, each in value.items() if key != "type"})


async def _act(practice: Practice, person: Person, place: Place, more: Json) -> Json:
    workspace, element = practice.workspace, place.found.element
    if not practice.manifest.interactive:
        return {"ok": False, "acked": False, "error": "interactivity is off in the manifest"}
    action: Json = {
        "type": element["type"],
        "action_id": element.get("action_id", ""),
        "block_id": place.found.block.get("block_id", ""),
        "action_ts": practice.ts(),
        **more,
    }
    body: Json = {"trigger_id": practice.trigger(person.id), "actions": [action]}
    if place.view:
        body |= {"container": {"type": "view", "view_id": place.view.id}, "view": payloads.view(workspace, place.view)}
        body["state"] = {"values": place.view.values}
    else:
        assert place.message is not None
        body |= of_message(practice, person, place.message)
        body["state"] = {"values": forms.initial(place.message.blocks, place.message.choices.get(person.id))}
    payload = payloads.interaction(workspace, "block_actions", person, **body)
    return acked(await practice.hub.ask("interactive", f"block_actions {action['action_id']}", payload))


def of_message(practice: Practice, person: Person, message: Message) -> Json:
    """What an interaction tells about the message in which it happened, with a fresh response_url."""
    channel = practice.workspace.channels[message.channel]
    ephemeral = bool(message.only_for)
    container: Json = {"type": "message", "message_ts": message.ts, "channel_id": channel.id, "is_ephemeral": ephemeral}
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    url = practice.response_url(person.id, channel.id, message.ts, ephemeral, message.thread_ts)
    name = "privategroup" if channel.private else channel.name
    told: Json = {"container": container, "channel": {"id": channel.id, "name": name}, "response_url": url}
    # Of an ephemeral message the app gets no copy.
    return told if ephemeral else told | {"message": payloads.message(practice, message)}


async def command(practice: Practice, person: Person, request: Json) -> Json:
    """Type a slash command in a channel; only those of the manifest exist."""
    workspace = practice.workspace
    channel = workspace.channel(str(request.get("channel", "@" + workspace.app.name)), person.id)
    name, _, text = str(request.get("text", "")).partition(" ")
    if name not in practice.manifest.commands or "commands" not in practice.manifest.scopes:
        return {"ok": False, "acked": None, "error": f"{name} is not a valid command"}
    url, trigger = practice.response_url(person.id, channel.id), practice.trigger(person.id)
    text = words.written(workspace, text.strip())
    body = payloads.command(workspace, person, channel, name, text, response_url=url, trigger_id=trigger)
    ack = await practice.hub.ask("slash_commands", name, body)
    if ack.acked and ack.payload:
        try:
            respond(practice, url.rpartition("/")[2], ack.payload)
        except Refused as no:
            return acked(ack) | {"ok": False, "error": no.error} | no.more
    return acked(ack)


async def shortcut(practice: Practice, person: Person, request: Json) -> Json:
    """Use a shortcut of the manifest: a global one, or one on the message at `channel` and `ts`."""
    name = str(request.get("callback_id", ""))
    known = practice.manifest.shortcuts.get(name)
    if known is None or not practice.manifest.interactive or "commands" not in practice.manifest.scopes:
        return {"ok": False, "acked": None, "error": f"the manifest has no shortcut {name!r}"}
    body: Json = {"callback_id": name, "trigger_id": practice.trigger(person.id), "action_ts": practice.ts()}
    if known["type"] == "message":
        channel = practice.workspace.channel(str(request.get("channel", "")), person.id)
        message = channel.messages.get(str(request.get("ts", "")))
        if message is None or not reads(practice, person, channel):
            raise Unknown("this shortcut needs the channel and ts of a message")
        told = of_message(practice, person, message)
        body |= {"message_ts": message.ts, **{key: told[key] for key in ("channel", "message", "response_url")}}
    kind = "message_action" if known["type"] == "message" else "shortcut"
    payload = payloads.interaction(practice.workspace, kind, person, **body)
    return acked(await practice.hub.ask("interactive", f"{kind} {name}", payload))
