"""The guided tour: steps from the scenario, ticked off by what really happened, each of which can be done for you.

A step is {title, text: {nl, en}, look: {an address's query}, do: [verbs], done: [conditions]}.
A verb is as in POST /_mens/<verb> with `do` for its name, or {do: clock, ...} as in POST /_mens/clock/move; `thread`
finds the newest message in its channel with these words, to answer under.
A condition is {see: person, in: channel | @oogst | home, text: regex}, {deed: verb, as: person, action: regex} or
{clock: ISO}; all of them must have been met, each at some time.
"""

from __future__ import annotations

import asyncio
import re
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from playground import clock, opening
from playground.state import Json, Unknown
from playground.words import of_message, plain

if TYPE_CHECKING:
    from playground.practice import Practice

PATIENCE = 10.0  # seconds that a step waits for the bot between two verbs
SOON = 3.0  # seconds in which what a step presses must be there: who waits for it should hear what to do
LOOK_EVERY = 0.05  # seconds between two looks at a clock that moves


class Mover:
    """Moves the practice clock and keeps, for the page, where it stopped on the way."""

    def __init__(self, practice: Practice) -> None:
        self._practice = practice
        self.target: datetime | None = None
        self.steps: list[datetime] = []
        self.trouble = ""

    async def move(self, request: Json) -> None:
        """Go to the moment that a body of POST /_mens/clock/move means; `trouble` is then a key of the words, or ""."""
        practice = self._practice
        self.steps, self.trouble, seen = [], "", practice.clock.moved
        try:
            self.target = clock.target(request, practice.clock.now(), practice.plot.zone)
        except ValueError:
            self.trouble = "clock_unclear"
            return
        if self.target < practice.clock.now():
            self.target, self.trouble = None, "clock_back"
            return
        practice.changes.tell("clock")
        moving = asyncio.ensure_future(practice.clock.move(self.target))
        while not moving.done():
            await asyncio.wait([moving], timeout=LOOK_EVERY)
            if practice.clock.moved != seen:
                seen = practice.clock.moved
                self.steps.append(practice.clock.now())
                practice.changes.tell("clock")
        del self.steps[-1:]  # the last one is where we are
        self.target = None
        self.trouble = "clock_waited" if moving.exception() or moving.result()["timed_out"] else ""
        practice.changes.tell("clock")


class Tour:
    """How far somebody is in the tour of this practice Slack. It starts anew when the workspace does."""

    def __init__(self, practice: Practice, mover: Mover) -> None:
        self._practice, self._mover = practice, mover
        self._begin()

    def _begin(self) -> None:
        self._workspace, self._read = self._practice.workspace, 0
        self._met: set[tuple[int, int]] = set()
        self.busy: int | None = None
        self.trouble: dict[int, str] = {}

    def steps(self, language: str, home: str) -> list[Json]:
        """The steps as the page shows them; `home` is what every address of it ends with (its language)."""
        self._look_around()
        shown: list[Json] = []
        for number, step in enumerate(self._practice.plot.tour, 1):
            done = all((number, each) in self._met for each in range(len(step["done"])))
            shown.append(
                {
                    "number": number,
                    "title": step["title"][language],
                    "text": step["text"][language],
                    "href": f"/?{urlencode(step['look'])}{home}",
                    "done": done,
                    "current": not done and all(each["done"] for each in shown),
                    "busy": self.busy is not None,
                    "trouble": self.trouble.get(number, ""),
                }
            )
        return shown

    def _look_around(self) -> None:
        practice = self._practice
        if practice.workspace is not self._workspace:
            self._begin()
            self._read = practice.journal.last
        told = [each for each in practice.journal.since(self._read) if each.kind == "deed"]
        deeds = [(each.method, each.who, each.request) for each in told if each.response.get("ok")]
        for number, step in enumerate(practice.plot.tour, 1):
            for place, condition in enumerate(step["done"]):
                if (number, place) not in self._met and self._holds(condition, deeds):
                    self._met.add((number, place))
        # A deed whose answer is still to come is looked at again next time.
        self._read = min((each.number for each in told if not each.response), default=practice.journal.last + 1) - 1

    def _holds(self, condition: Json, deeds: list[tuple[str, str, Json]]) -> bool:
        if "clock" in condition:
            return self._practice.clock.now() >= datetime.fromisoformat(condition["clock"])
        if "deed" in condition:
            return any(
                verb == condition["deed"]
                and who == condition["as"]
                and re.search(condition.get("action", ""), f"{request.get('action', '')} {request.get('label', '')}")
                for verb, who, request in deeds
            )
        return any(re.search(condition["text"], each) for each in self._seen(condition["see"], condition["in"]))

    def _seen(self, name: str, where: str) -> list[str]:
        workspace = self._practice.workspace
        person = workspace.person(name)
        if where == "home":
            home = workspace.home(person.id)
            return [plain(workspace, home.content["blocks"])] if home else []
        channel = workspace.channel(where, person.id)
        return [of_message(workspace, each) for each in workspace.visible(channel, person.id)]

    async def perform(self, number: int) -> None:
        """Do a step for somebody, verb by verb, each when the bot has dealt with the one before."""
        if self.busy is not None:
            return
        self.busy, self.trouble[number] = number, ""
        self._practice.changes.tell("tour")
        try:
            for verb in self._practice.plot.tour[number - 1]["do"]:
                await self._perform(dict(verb))
            await self._practice.settled(PATIENCE)
        except Unknown:
            # What went wrong stands in the journal; on the page it says what to do.
            self.trouble[number] = "step_failed"
        finally:
            self.busy = None
            self._practice.changes.tell("tour")

    async def _perform(self, verb: Json) -> None:
        name = verb.pop("do")
        if name == "clock":
            await self._mover.move(verb)
            # A clock that is there already is no trouble.
            if self._mover.trouble == "clock_waited":
                raise Unknown("the bot was not idle in time")
            return
        if words := verb.pop("thread", ""):
            workspace = self._practice.workspace
            channel = workspace.channel(verb["channel"], workspace.person(verb["as"]).id)
            parents = [m for m in channel.messages.values() if words in of_message(workspace, m) and not m.thread_ts]
            if not parents:
                raise Unknown(f"there is no message with {words!r}")
            verb["thread_ts"] = parents[-1].ts
        answer = await opening.attempt(self._practice, name, verb, SOON)
        if not answer["ok"]:
            raise Unknown(str(answer.get("error") or answer.get("errors")))
