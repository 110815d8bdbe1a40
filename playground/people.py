"""What people do: the verbs of POST /_mens/<verb>, for tests, the demo and the page."""

from __future__ import annotations

import base64
import heapq
import mimetypes
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import forms, limits, messaging, payloads, words
from .errors import Refused
from .forms import Found
from .hub import Ack, Delivery
from .methods import views
from .state import Channel, FileUpload, Json, Message, Person, Unknown, View

if TYPE_CHECKING:
    from .practice import Practice


@dataclass(frozen=True)
class Place:
    """Where an element stands: in a message (perhaps an ephemeral one) or in a view (modal or Home)."""

    found: Found
    message: Message | None = None
    view: View | None = None


def _acked(ack: Ack | None, **more: object) -> Json:
    """The answer of a verb, from the ack of what it caused (None: the app hears nothing of it)."""
    if ack is None:
        return {"ok": True, "acked": None, **more}
    answer: Json = {"ok": ack.acked, "acked": ack.acked, "ack_ms": round(ack.ms, 2), **more}
    return answer if ack.acked else answer | {"error": ack.error}


async def _told(sent: Delivery | None, **more: object) -> Json:
    return _acked(await sent.first if sent else None, **more)


# -- finding what somebody points at ---------------------------------------------------------------------------------


def _surfaces(practice: Practice, person: Person, request: Json) -> Iterator[tuple[Message | None, View | None]]:
    workspace, where = practice.workspace, request.get("where")
    modal, home = workspace.modal(person.id), workspace.home(person.id)
    if request.get("ts"):
        channel = workspace.channel(str(request.get("channel", "")), person.id)
        ephemeral = [m for m in workspace.ephemerals.get(person.id, ()) if m.ts == request["ts"]]
        message = channel.messages.get(request["ts"]) or next(iter(ephemeral), None)
        if message is None or not _reads(practice, person, channel):
            raise Unknown("there is no such message")
        yield message, None
        return
    # While a modal is open it covers everything else.
    if where == "modal" or (where is None and modal and not request.get("channel")):
        if modal:
            yield None, modal
        return
    if where in (None, "message", "ephemeral"):
        channels = workspace.readable(person.id)
        if request.get("channel"):
            channels = [workspace.channel(str(request["channel"]), person.id)]
        mine = [m for m in workspace.ephemerals.get(person.id, ()) if m.channel in {c.id for c in channels}]
        columns = [] if where == "ephemeral" else [reversed(channel.messages.values()) for channel in channels]
        for message in heapq.merge(reversed(mine), *columns, key=lambda each: each.ts, reverse=True):
            yield message, None
    if home and where in (None, "home") and not request.get("channel"):
        yield None, home


def _reads(practice: Practice, person: Person, channel: Channel) -> bool:
    return channel in practice.workspace.readable(person.id)


def _find(practice: Practice, person: Person, request: Json, wanted: Callable[[Found], bool]) -> Place:
    """The newest element that the request points at, `nth` (from 0) of them. Raises Unknown."""
    skip, label = int(request.get("nth", 0)), request.get("label")
    prefix: list[Place] = []
    for message, view in _surfaces(practice, person, request):
        blocks = message.blocks if message else view.content["blocks"] if view else []
        among = forms.pointed_at((each for each in forms.elements(blocks) if wanted(each)), request)
        places = [Place(each, message, view) for each in among]
        if label is not None and among and label not in [*among[0].names, *forms.menu(among[0])]:
            # Only the beginning of a label: an exact one in an older message still wins.
            prefix = prefix or places
        elif skip < len(places):
            return places[skip]
        else:
            skip -= len(places)
    if len(meant := {place.found.label for place in prefix}) > 1 and "nth" not in request:
        raise Unknown(f"{label!r} could mean {sorted(meant)}")
    if skip < len(prefix):
        return prefix[skip]
    raise Unknown(f"{person.name} sees nothing to press or fill in that fits {_said(request)}")


def _said(request: Json) -> str:
    return ", ".join(f"{key}={value!r}" for key, value in request.items() if key != "as")


# -- buttons, menus, fields ------------------------------------------------------------------------------------------


async def press(practice: Practice, person: Person, request: Json) -> Json:
    """Press a button, or pick from an overflow menu; confirmation dialogs are confirmed."""
    place = _find(practice, person, request, lambda each: each.element["type"] in ("button", "overflow", "icon_button"))
    element = place.found.element
    more: Json = {}
    if element["type"] == "overflow":
        label, value = request.get("label"), request.get("value")
        chosen = [o for o in element["options"] if o["text"]["text"] == label or o["value"] == value]
        if not chosen:
            chosen = [o for o in element["options"] if label and o["text"]["text"].startswith(str(label))]
        if len(chosen) != 1:
            raise Unknown(f"no single option of the menu fits {_said(request)}")
        more = {"selected_option": chosen[0]}
    else:
        more = {key: element[key] for key in ("value", "style", "url") if key in element} | {
            "text": element.get("text")
        }
    return await _act(practice, person, place, more)


async def choose(practice: Practice, person: Person, request: Json) -> Json:
    """Choose in a select, radio buttons, checkboxes or a picker; `option` and the like say what."""
    place = _find(practice, person, request, lambda each: bool(each.key) or each.element["type"] == "overflow")
    if place.found.element["type"] == "overflow":
        return await press(practice, person, request | {"label": request.get("option"), "nth": 0})
    return await _fill(practice, person, place, request)


async def type_text(practice: Practice, person: Person, request: Json) -> Json:
    """Type in a field of the open modal (or of Home, or a message)."""
    place = _find(practice, person, request, lambda each: each.element["type"].endswith("_input"))
    return await _fill(practice, person, place, request)


async def _fill(practice: Practice, person: Person, place: Place, request: Json) -> Json:
    block, element = place.found.block, place.found.element
    value = forms.filled(practice.workspace, place.found, request)
    if place.view:
        values = place.view.values
        place.view.errors.pop(block["block_id"], None)
    else:
        assert place.message is not None
        values = place.message.choices.setdefault(person.id, forms.initial(place.message.blocks))
    action = element.get("action_id") or ""
    values.setdefault(block["block_id"], {})[action] = value
    practice.changes.tell("modal", user=person.id)
    if block["type"] == "input" and not block.get("dispatch_action"):
        return _acked(None)
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
        body |= _of_message(practice, person, place.message)
        body["state"] = {"values": place.message.choices.get(person.id) or forms.initial(place.message.blocks)}
    payload = payloads.interaction(workspace, "block_actions", person, **body)
    return _acked(await practice.hub.ask("interactive", f"block_actions {action['action_id']}", payload))


def _of_message(practice: Practice, person: Person, message: Message) -> Json:
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


# -- modals and Home -------------------------------------------------------------------------------------------------


async def submit(practice: Practice, person: Person, request: Json) -> Json:
    """Submit the top modal; answers {ok, errors by block_id, closed}."""
    workspace = practice.workspace
    view = _top(practice, person)
    if not view.content.get("submit"):
        raise Unknown("this modal has no button to submit it")
    view.errors = forms.complaints(view.content["blocks"], view.values, person.locale)
    practice.changes.tell("modal", user=person.id)
    if view.errors:
        return {"ok": False, "acked": None, "errors": view.errors, "closed": False}
    urls = [
        {
            "block_id": each.block["block_id"],
            "action_id": each.element["action_id"],
            "channel_id": chosen,
            "response_url": practice.response_url(person.id, chosen),
        }
        for each in forms.elements(view.content["blocks"])
        if each.element.get("response_url_enabled")
        and (chosen := view.values[each.block["block_id"]][each.element["action_id"]].get(each.key))
    ]
    payload = payloads.interaction(
        workspace,
        "view_submission",
        person,
        trigger_id=practice.trigger(person.id),
        view=payloads.view(workspace, view),
        response_urls=urls,
    )
    name = f"view_submission {view.content.get('callback_id', '')}"
    ack = await practice.hub.ask("interactive", name, payload)
    if not ack.acked:
        return _acked(ack, errors={}, closed=False)
    try:
        _answer_submission(practice, view, ack.payload)
    except Refused as no:
        return _acked(ack, errors={}, closed=False) | {"ok": False, "error": no.error} | no.more
    stack = workspace.stacks.get(person.id, [])
    return _acked(ack, errors=view.errors, closed=view.id not in stack) | {"ok": not view.errors}


def _answer_submission(practice: Practice, view: View, answer: Json) -> None:
    """Do to the modal what the app's ack says. Raises Refused for an answer that Slack would not take."""
    stack = practice.workspace.stacks.get(view.user, [])
    match answer.get("response_action"):
        case None if not answer:
            # Only this one: the app may have put another on top meanwhile.
            if view.id in stack:
                stack.remove(view.id)
                del practice.workspace.views[view.id]
                practice.changes.tell("modal", user=view.user)
        case "errors":
            errors = answer.get("errors") or {}
            inputs = {block["block_id"] for block in view.content["blocks"] if block["type"] == "input"}
            if not errors or errors.keys() - inputs:
                raise Refused("invalid_response", detail="errors must be keyed by block_id of an input block")
            view.errors = errors
            practice.changes.tell("modal", user=view.user)
        case "update":
            views.replace(practice, view, views.checked(practice, answer.get("view"), "modal", view.id))
        case "push":
            views.put(practice, view.user, views.checked(practice, answer.get("view"), "modal"), on_top=True)
        case "clear":
            views.close(practice, view.user, everything=True)
        case other:
            raise Refused("invalid_response", detail=f"Slack knows no answer {other!r} to a submission")


async def close(practice: Practice, person: Person, request: Json) -> Json:
    """Close the top modal, or with `all` every one (the X); the app hears of it where it asked to."""
    top = _top(practice, person)
    everything = bool(request.get("all") or top.content.get("clear_on_close"))
    answer = _acked(None)
    for view in views.close(practice, person.id, everything=everything):
        if view.content.get("notify_on_close"):
            told = payloads.view(practice.workspace, view)
            payload = payloads.interaction(practice.workspace, "view_closed", person, view=told, is_cleared=everything)
            answer = _acked(await practice.hub.ask("interactive", "view_closed", payload))
    return answer


def _top(practice: Practice, person: Person) -> View:
    view = practice.workspace.modal(person.id)
    if view is None:
        raise Unknown(f"{person.name} has no modal open")
    return view


async def home(practice: Practice, person: Person, request: Json) -> Json:
    """Open the app's Home (or with `tab` its messages tab)."""
    tab = str(request.get("tab", "home"))
    if not (practice.manifest.home if tab == "home" else practice.manifest.messages_tab):
        return {"ok": False, "acked": None, "error": f"the manifest has no {tab} tab"}
    workspace = practice.workspace
    body: Json = {"type": "app_home_opened", "user": person.id, "channel": workspace.dm(person.id).id, "tab": tab}
    if view := workspace.home(person.id):
        body["view"] = payloads.view(workspace, view)
    return await _told(practice.hub.event("app_home_opened", body | {"event_ts": practice.ts()}))


# -- messages --------------------------------------------------------------------------------------------------------


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
    return await _told(sent, ts=message.ts, channel=channel.id)


def _write(practice: Practice, message: Message, text: str) -> None:
    message.text = words.written(practice.workspace, text)
    message.blocks = [words.rich_text(practice.workspace.next_id("b"), message.text)] if message.text else []


def _upload(practice: Practice, person: Person, raw: Json) -> FileUpload:
    content = base64.b64decode(raw["base64"]) if "base64" in raw else str(raw.get("text", "")).encode()
    name = str(raw.get("name", "file.txt"))
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    upload = FileUpload(practice.workspace.next_id("F"), name, name, person.id, len(content), kind, content)
    practice.workspace.files[upload.id] = upload
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
    return await _told(sent, ts=message.ts)


async def delete(practice: Practice, person: Person, request: Json) -> Json:
    """Delete one's own message (with `as_admin` anybody's)."""
    return await _told(messaging.delete(practice, _own(practice, person, request)))


async def join(practice: Practice, person: Person, request: Json) -> Json:
    """Join a channel."""
    return await _told(messaging.join(practice, practice.workspace.channel(str(request.get("channel", ""))), person.id))


async def leave(practice: Practice, person: Person, request: Json) -> Json:
    """Leave a channel."""
    channel = practice.workspace.channel(str(request.get("channel", "")))
    if person.id not in channel.members:
        raise Unknown(f"{person.name} is not in {channel.name}")
    return await _told(messaging.leave(practice, channel, person.id))


# -- commands and shortcuts ------------------------------------------------------------------------------------------


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
            return _acked(ack) | {"ok": False, "error": no.error} | no.more
    return _acked(ack)


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
        if message is None or not _reads(practice, person, channel):
            raise Unknown("this shortcut needs the channel and ts of a message")
        told = _of_message(practice, person, message)
        body |= {"message_ts": message.ts, **{key: told[key] for key in ("channel", "message", "response_url")}}
    kind = "message_action" if known["type"] == "message" else "shortcut"
    payload = payloads.interaction(practice.workspace, kind, person, **body)
    return _acked(await practice.hub.ask("interactive", f"{kind} {name}", payload))


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


Verb = Callable[["Practice", Person, Json], Awaitable[Json]]
VERBS: dict[str, Verb] = {
    "choose": choose,
    "close": close,
    "command": command,
    "delete": delete,
    "edit": edit,
    "home": home,
    "join": join,
    "leave": leave,
    "press": press,
    "say": say,
    "shortcut": shortcut,
    "submit": submit,
    "type": type_text,
}


async def do(practice: Practice, verb: str, request: Json) -> Json:
    """Let somebody (`as`) do something, and note it in the journal. Raises Unknown for who or what is not here."""
    person = practice.workspace.person(str(request.get("as", "")))
    if person.deleted:
        raise Unknown(f"{person.name} is no longer in this workspace")
    entry = practice.journal.note("deed", verb, request)
    entry.who = person.name
    try:
        entry.response = await VERBS[verb](practice, person, request)
    except Unknown as problem:
        entry.response = {"ok": False, "error": str(problem)}
        raise
    finally:
        practice.changes.tell("journal")
    return entry.response
