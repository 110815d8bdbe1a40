"""views.*: modals and Home tabs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playground import forms, messaging, payloads
from playground.errors import Refused
from playground.linter import lint_view
from playground.state import Json, View

if TYPE_CHECKING:
    from playground.practice import Practice

STACK = 3
LARGEST = 250_000


def checked(practice: Practice, view: Any, kind: str, instead_of: str = "") -> Json:
    """A view that Slack takes, with block ids; `instead_of` is the id of the one it replaces. Raises Refused."""
    if not isinstance(view, dict):
        raise Refused("invalid_arguments", response_metadata={"messages": ["[ERROR] missing required field: view"]})
    problems = lint_view(view)
    if problems:
        raise messaging.refuse("invalid_arguments", problems)
    if view["type"] != kind:
        raise Refused("invalid_arguments", response_metadata={"messages": [f"[ERROR] the view must be a {kind}"]})
    if len(str(view)) > LARGEST:
        raise Refused("view_too_large")
    external = view.get("external_id")
    for other in practice.workspace.views.values() if external else ():
        if other.content.get("external_id") == external and other.id != instead_of:
            raise Refused("duplicate_external_id")
    return view | {"blocks": messaging.named_blocks(practice, view["blocks"])}


def put(practice: Practice, user: str, content: Json, *, on_top: bool) -> View:
    """Show a checked modal to a person, on top of those they have or instead of them. Raises Refused at the fourth."""
    workspace = practice.workspace
    stack = workspace.stacks.setdefault(user, [])
    if on_top and len(stack) >= STACK:
        raise Refused("push_limit_reached")
    if not on_top:
        close(practice, user, everything=True)
        stack = workspace.stacks[user]
    view = View(workspace.next_id("V"), user, content, workspace.next_id("h."))
    view.values = forms.initial(content["blocks"])
    view.previous, view.root = (stack[-1], stack[0]) if stack else ("", view.id)
    workspace.views[view.id] = view
    stack.append(view.id)
    practice.changes.tell("modal", user=user)
    return view


def replace(practice: Practice, view: View, content: Json) -> None:
    """Show other content in a view; what was typed stays where block and action have kept their ids."""
    view.values = forms.initial(content["blocks"], view.values)
    view.content, view.hash, view.errors = content, practice.workspace.next_id("h."), {}
    practice.changes.tell("home" if content["type"] == "home" else "modal", user=view.user)


def close(practice: Practice, user: str, *, everything: bool = False) -> list[View]:
    """Take away a person's top modal, or all of them; returns what was taken, top first."""
    stack = practice.workspace.stacks.setdefault(user, [])
    gone = [practice.workspace.views.pop(stack.pop()) for _ in range(len(stack) if everything else min(1, len(stack)))]
    practice.changes.tell("modal", user=user)
    return gone


def open_view(practice: Practice, args: Json) -> Json:
    """Open a modal for who caused the trigger."""
    content = checked(practice, args.get("view"), "modal")
    user = practice.tickets.exchange(str(args.get("trigger_id") or ""))
    return {"view": payloads.view(practice.workspace, put(practice, user, content, on_top=False))}


def push(practice: Practice, args: Json) -> Json:
    """Put a modal on top of the one that caused the trigger."""
    content = checked(practice, args.get("view"), "modal")
    user = practice.tickets.exchange(str(args.get("trigger_id") or ""))
    return {"view": payloads.view(practice.workspace, put(practice, user, content, on_top=True))}


def update(practice: Practice, args: Json) -> Json:
    """Replace a modal that is still open, by its id or external id; with a hash only if nothing changed since."""
    workspace = practice.workspace
    wanted = str(args.get("view_id") or "")
    if external := args.get("external_id"):
        wanted = next((v.id for v in workspace.views.values() if v.content.get("external_id") == external), "")
    view = workspace.views.get(wanted)
    if view is None or view.id in workspace.homes.values():
        raise Refused("not_found")
    content = checked(practice, args.get("view"), "modal", view.id)
    if args.get("hash") and args["hash"] != view.hash:
        raise Refused("hash_conflict")
    replace(practice, view, content)
    return {"view": payloads.view(workspace, view)}


def publish(practice: Practice, args: Json) -> Json:
    """Publish somebody's Home tab."""
    workspace, user = practice.workspace, str(args.get("user_id") or "")
    if not practice.manifest.home:
        raise Refused("not_enabled")
    if user not in workspace.people:
        raise Refused("invalid_arguments", response_metadata={"messages": ["[ERROR] user_not_found"]})
    home = workspace.home(user)
    content = checked(practice, args.get("view"), "home", home.id if home else "")
    if home is None:
        home = View(workspace.next_id("V"), user, content, "")
        workspace.views[home.id] = home
        workspace.homes[user] = home.id
    elif args.get("hash") and args["hash"] != home.hash:
        raise Refused("hash_conflict")
    replace(practice, home, content)
    return {"view": payloads.view(workspace, home)}


TABLE = {"views.open": open_view, "views.publish": publish, "views.push": push, "views.update": update}
