"""Submitting and closing modals, and opening Home."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from . import forms, payloads
from .answers import acked, told
from .errors import Refused
from .methods import views
from .state import Json, Person, Unknown, View

if TYPE_CHECKING:
    from .practice import Practice


async def submit(practice: Practice, person: Person, request: Json) -> Json:
    """Submit the top modal, `twice` with an impatient finger; answers {ok, errors by block_id, closed}."""
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
    presses = [practice.hub.ask("interactive", name, payload) for _ in range(2 if request.get("twice") else 1)]
    ack, *_ = await asyncio.gather(*presses)
    if not ack.acked:
        return acked(ack, errors={}, closed=False)
    try:
        _answer_submission(practice, view, ack.payload)
    except Refused as no:
        return acked(ack, errors={}, closed=False) | {"ok": False, "error": no.error} | no.more
    stack = workspace.stacks.get(person.id, [])
    return acked(ack, errors=view.errors, closed=view.id not in stack) | {"ok": not view.errors}


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
    answer = acked(None)
    for view in views.close(practice, person.id, everything=everything):
        if view.content.get("notify_on_close"):
            told = payloads.view(practice.workspace, view)
            payload = payloads.interaction(practice.workspace, "view_closed", person, view=told, is_cleared=everything)
            answer = acked(await practice.hub.ask("interactive", "view_closed", payload))
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
    return await told(practice.hub.event("app_home_opened", body | {"event_ts": practice.ts()}))
