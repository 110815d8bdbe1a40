"""What people do: the verbs of POST /_mens/<verb>, for tests, the demo and the page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from . import clicks, modals, writing
from .state import Json, Person, Unknown

if TYPE_CHECKING:
    from .practice import Practice


Verb = Callable[["Practice", Person, Json], Awaitable[Json]]
VERBS: dict[str, Verb] = {
    "choose": clicks.choose,
    "close": modals.close,
    "command": clicks.command,
    "delete": writing.delete,
    "delete_file": writing.delete_file,
    "edit": writing.edit,
    "home": modals.home,
    "join": writing.join,
    "leave": writing.leave,
    "press": clicks.press,
    "press_stale": clicks.press_stale,
    "say": writing.say,
    "shortcut": clicks.shortcut,
    "submit": modals.submit,
    "type": clicks.type_text,
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
