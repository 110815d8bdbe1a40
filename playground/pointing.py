"""Finds what somebody points at: by label, action, block or value, on what they can see."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import forms
from .forms import Found
from .state import Channel, Json, Message, Person, Unknown, View

if TYPE_CHECKING:
    from .practice import Practice


@dataclass(frozen=True)
class Place:
    """Where an element stands: in a message (perhaps an ephemeral one) or in a view (modal or Home)."""

    found: Found
    message: Message | None = None
    view: View | None = None


def _surfaces(practice: Practice, person: Person, request: Json) -> Iterator[tuple[Message | None, View | None]]:
    workspace, where = practice.workspace, request.get("where")
    modal, home = workspace.modal(person.id), workspace.home(person.id)
    if request.get("ts"):
        channel = workspace.channel(str(request.get("channel", "")), person.id)
        ephemeral = [m for m in workspace.ephemerals.get(person.id, ()) if m.ts == request["ts"]]
        message = channel.messages.get(request["ts"]) or next(iter(ephemeral), None)
        if message is None or not reads(practice, person, channel):
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


def reads(practice: Practice, person: Person, channel: Channel) -> bool:
    """Whether this person may read this channel."""
    return channel in practice.workspace.readable(person.id)


def find(practice: Practice, person: Person, request: Json, wanted: Callable[[Found], bool]) -> Place:
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
    raise Unknown(f"{person.name} sees nothing to press or fill in that fits {said(request)}")


def said(request: Json) -> str:
    """A request as a person can read it in an error."""
    return ", ".join(f"{key}={value!r}" for key, value in request.items() if key != "as")
