"""users.*: who is here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playground import payloads
from playground.errors import Refused
from playground.state import Json, Person

from .conversations import asked, page

if TYPE_CHECKING:
    from playground.practice import Practice


def _told(practice: Practice, person: Person, args: Json) -> Json:
    locale = asked(args, "include_locale")
    email = "users:read.email" in practice.manifest.scopes
    return payloads.user(practice.workspace, person, practice.clock.now(), locale=locale, email=email)


def info(practice: Practice, args: Json) -> Json:
    """Tell about one person; the locale only when asked for."""
    person = practice.workspace.people.get(str(args.get("user") or ""))
    if person is None:
        raise Refused("user_not_found")
    return {"user": _told(practice, person, args)}


def list_all(practice: Practice, args: Json) -> Json:
    """Everybody, deleted people included."""
    found, cursor = page(list(practice.workspace.people.values()), args, 1000, 1000)
    return {"members": [_told(practice, person, args) for person in found], "response_metadata": cursor}


TABLE = {"users.info": info, "users.list": list_all}
