"""What the page of a practice Slack shows, and what people do on it."""

from __future__ import annotations

import asyncio
import base64
import itertools
from collections.abc import Coroutine
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel.dates import format_datetime
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from playground import forms, people
from playground.page import address, panes, words
from playground.page.address import Look, Pane
from playground.page.tour import Mover, Tour
from playground.state import Json, Unknown

if TYPE_CHECKING:
    from playground.journal import Entry
    from playground.practice import Practice

HERE = Path(__file__).parent


class Page:
    """The page of one practice Slack, and what it remembers of who looks at it."""

    def __init__(self, practice: Practice) -> None:
        self.practice = practice
        self.words = words.read()
        self.mover = Mover(practice)
        self.tour = Tour(practice, self.mover)
        self._marks, self._marked = panes.Marks(), practice.workspace
        self._tasks: set[asyncio.Task[None]] = set()
        self._drawn = itertools.count(1)  # in which order parts were drawn
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    # -- drawing -----------------------------------------------------------------------------------------------------

    def look(self, request: Request) -> Look:
        """What the browser shows now: the address of the page, also while a part of it is asked for."""
        here = request.headers.get("hx-current-url") or request.headers.get("referer", "")
        query = dict(request.query_params) if request.url.path == "/" else address.query_of(here)
        return address.read(query, self.practice.workspace)

    def draw(self, template: str, **context: Any) -> Markup:
        """One template."""
        context |= {"confirm": panes.confirm, "drawn": next(self._drawn)}
        return Markup(self._templates.get_template(template).render(context))

    def pane(self, look: Look, pane: Pane, notice: str = "") -> Markup:
        """One pane of the page."""
        if self._marked is not self.practice.workspace:
            self._marks, self._marked = panes.Marks(), self.practice.workspace
        view = panes.view(self.practice, look, pane, self.words[look.language], self._marks, notice)
        return self.draw("pane.html", **view)

    def clock(self, look: Look) -> Json:
        """What the clock bar shows."""
        zone, now = self.practice.plot.zone, self.practice.clock.now()

        def said(moment: datetime, form: str) -> str:
            return format_datetime(moment.astimezone(zone), form, locale=look.language)

        landmark = self.practice.plot.starts.astimezone(zone).replace(month=9, day=16, hour=9, minute=0)
        target = self.mover.target
        return {
            "day": said(now, "EEEE d MMMM y"),
            "time": said(now, "HH:mm"),
            "local": (now + timedelta(hours=1)).astimezone(zone).strftime("%Y-%m-%dT%H:00"),
            "landmark": landmark.isoformat() if landmark > now else "",
            "moving": said(target, "EEEE d MMMM, HH:mm") if target else "",
            "steps": [said(each, "EEE d MMM HH:mm") for each in self.mover.steps],
            "trouble": self.mover.trouble,
        }

    def parts(self, look: Look) -> Json:
        """What the parts around the panes need."""
        ending = "".join(
            f"&{key}={on}" for key, on in (("taal", look.language), ("telefoon", "1")) if self._says(look, key)
        )
        steps = self.tour.steps(look.language, ending)
        return {"look": look, "t": self.words[look.language], "clock": self.clock(look), "steps": steps}

    @staticmethod
    def _says(look: Look, key: str) -> bool:
        return look.phone if key == "telefoon" else look.language != "nl"

    def said(self, entry: Entry, language: str) -> str:
        """What an entry of the journal means, in plain words; the journal's own when the page has none."""
        speak = self.words[language]
        workspace = self.practice.workspace
        place = workspace.channels.get(str(entry.request.get("channel", "")))
        where = "" if place is None else f"#{place.name}" if not place.im else workspace.people[place.im].name
        name = entry.method.split(" ")[0].split(".")[0] if entry.kind == "delivery" else entry.method
        values = {"who": entry.who, "where": where, "what": entry.request.get("text", ""), "ms": round(entry.ms)}
        told = speak.get(f"{entry.kind} {name}", **values) or speak.get(entry.kind, **values)
        outcome = entry.response.get("error") if entry.response.get("ok") is False else None
        if told is None:
            return str(entry.as_json()["summary"][language])
        return f"{told} ({outcome})" if outcome else told

    # -- doing -------------------------------------------------------------------------------------------------------

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Let something go on after the answer."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def do(self, person: str, form: FormData) -> Json:
        """Do what a form or button asks, by the verbs of POST /_mens/<verb>; what the modal holds is kept first."""
        asked: Json = {key: value for key, value in form.items() if isinstance(value, str) and value != ""}
        asked["as"] = person
        verb = asked.pop("verb", "")
        if modal := self.practice.workspace.modal(person):
            # By block, not by place: the form may have been drawn again since it was sent.
            for found in forms.elements(modal.content["blocks"]):
                name = f"f:{found.block.get('block_id', '')}/{found.element.get('action_id', '')}"
                await self._keep(person, found, form, name)
        if verb == "fill":
            return {"ok": True}
        if verb in ("choose", "type"):
            asked |= _given(verb, form, "v")
        if verb == "say":
            files = [each for each in form.getlist("files") if isinstance(each, UploadFile) and each.filename]
            asked["files"] = [
                {"name": each.filename, "base64": base64.b64encode(await each.read()).decode()} for each in files
            ]
            text = str(asked.get("text", ""))
            if not text.strip() and not files:
                return {"ok": True}
            # Slash commands work in the box of a channel, not in that of a thread.
            verb = "command" if text.startswith("/") and not asked.get("thread_ts") else "say"
        if verb not in people.VERBS:
            raise Unknown(f"there is no verb {verb!r}")
        return await people.do(self.practice, verb, asked)

    async def _keep(self, person: str, found: forms.Found, form: FormData, name: str) -> None:
        """Keep what a form brings for one field, if it differs from what the modal held."""
        kind = found.element["type"]
        # Boxes that are all off send nothing at all; any other field sends itself.
        if not found.key or (name not in form and kind not in forms.SEVERAL):
            return
        verb = "type" if kind.endswith("_input") else "choose"
        asked = _given(verb, form, name)
        modal = self.practice.workspace.modal(person)
        block, action = found.block["block_id"], found.element.get("action_id", "")
        held = modal.values.get(block, {}).get(action) if modal else None
        if forms.filled(self.practice.workspace, found, asked) != held:
            place = {"as": person, "where": "modal", "block": block, "action": action}
            await people.do(self.practice, verb, place | asked)

    def trouble(self, answer: Json, language: str) -> str:
        """What went wrong with a verb, in the page's words; field errors stand at their fields."""
        if answer.get("ok") or answer.get("errors"):
            return ""
        error = str(answer.get("error") or "")
        return self.words[language].get(f"error {error}") or self.words[language]("failed", error=error)


def _given(verb: str, form: FormData, name: str) -> Json:
    """What a form says of one field, as the verbs `type` and `choose` want it; nothing chosen is an empty option."""
    given = [str(each).replace("\r\n", "\n") for each in form.getlist(name) if each != ""]
    if verb == "type":
        return {"text": given[0] if given else ""}
    return {"options": given} if len(given) > 1 else {"option": given[0] if given else ""}
