"""People in front of the windows of the trail: what they press and fill in, through the router, and what they see."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.programme import Role
from bot.trail import Entry
from handlers.slack import router
from handlers.world import World
from playground.linter import visible_texts
from storage import trail
from tests.handlers.house import TEAM, House
from tests.handlers.seated import Hearing


class Watching(Hearing):
    """A world that keeps every window that somebody sees, also one that changes while it is open."""

    async def show(self, team: str, view_id: str, view: Any) -> None:
        self.opened.append(dict(view) if isinstance(view, dict) else view.to_dict())
        self.shown.append(self.opened[-1])


class Trail:
    """Who presses what in the trail, and what they see then."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.world = Watching(
            **{each.name: getattr(house.world, each.name) for each in fields(World) if not each.name.startswith("_")}
        )
        house.world = self.world
        self._router = router()
        self._number = 0
        self.acked: list[dict[str, Any]] = []

    def press(self, user: str, action: str, value: str = "", window: str = "", **metadata: str) -> str:
        """Press a button, in a window of this name where there is one; returns what is read then."""
        view = {"type": "modal", "callback_id": window, "root_view_id": "V0"} if window else {}
        return self._send("action", action, user, value=value, view=view, metadata=metadata)

    def say(self, user: str, command: str) -> str:
        """Type a command."""
        return self._send("command", command, user, view={}, metadata={})

    def fill(self, user: str, form: str, typed: dict[str, str], /, **metadata: str) -> str:
        """Hand a form in; returns what is read then, or what there is to repair."""
        view = {"type": "modal", "callback_id": form, "previous_view_id": "V1", "root_view_id": "V0"}
        return self._send("form", form, user, fields=typed, view=view, metadata=metadata)

    def type_in(self, user: str, action: str, text: str, window: dict[str, Any]) -> str:
        """Type in a field that is listened to, in a window that is open; returns what changes then."""
        metadata = json.loads(window["private_metadata"])
        return self._send("action", action, user, value=text, view=dict(window), metadata=metadata)

    def _send(self, kind: str, name: str, user: str, *, view: Any, metadata: Any, **more: Any) -> str:
        self._number += 1
        shown, heard = len(self.world.opened), len(self.world.heard)
        name, _, argument = name.partition(":")
        click = self.house.click(
            kind, name, user, argument=argument, key=f"{kind}{self._number}", view_id="V2" if view else "",
            trigger="1.1", metadata=json.dumps(metadata) if metadata else "",
            body={"view": view} if view else {}, **more,
        )  # fmt: skip
        acked: list[Any] = []

        async def ack(answer: Any = None) -> None:
            acked.append(answer)

        async def go() -> None:
            await self._router.handle(click, self.world, ack)
            await self.world.tasks.drain(5)

        self.house.do(go())
        said = [text for _, text in self.world.heard[heard:]]
        self.acked = [answer["view"] for answer in filter(None, acked) if "view" in answer]
        for answer in filter(None, acked):
            said += [*answer.get("errors", {}).values()]
            said += _read(answer["view"]) if "view" in answer else []
        for window in self.world.opened[shown:]:
            said += _read(window)
        return "\n".join(said)

    @property
    def window(self) -> dict[str, Any]:
        """The newest window."""
        return self.world.opened[-1]

    def entries(self, region: str | None) -> list[Entry]:
        return self.house.read(lambda db: trail.tree(db, TEAM, region))


def _read(window: dict[str, Any]) -> list[str]:
    """What stands in a window, and in its fields."""
    filled = [block["element"].get("initial_value", "") for block in window["blocks"] if block["type"] == "input"]
    return [*visible_texts(window), *filled]


def lived_in(folder: Path, now: datetime, language: str = "nl") -> Iterator[House]:
    """A house for one test, closed behind it."""
    made = House(folder, now, language=language)
    yield made
    made.database.close()


def two_regions(house: House, *leads: str) -> Trail:
    """Noor and Sanne, who facilitates, are of Haaglanden, Samir is of the Waterweg, and Ineke coordinates.

    Who `leads` facilitates as well. Everybody reads the language of the house.
    """
    one, two = house.region("Haaglanden"), house.region("Waterweg")
    locale = {"nl": "nl-NL", "en": "en-GB"}[house.settings.language]
    for user, region in (("noor", one), ("sanne", one), ("samir", two)):
        house.person(user, region, *((Role.FACILITATOR,) if user in ("sanne", *leads) else ()), locale=locale)
    house.person("ineke", None, Role.COORDINATOR, locale=locale)
    return Trail(house)
