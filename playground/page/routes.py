"""Serves the page: the whole of it, its parts when something changed, and what people do on it."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import itertools
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel.dates import format_datetime
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from playground import forms, opening, payloads, people
from playground.page import address, panes, words
from playground.page.address import HOME, Look, Pane
from playground.page.tour import Mover, Tour
from playground.state import Json, Unknown

if TYPE_CHECKING:
    from playground.journal import Entry
    from playground.practice import Practice

HERE = Path(__file__).parent
# Nothing on this page comes from or goes to another computer, whatever a message contains.
POLICY = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
SHOWN = 60  # entries of the journal
GATHER = 0.03  # seconds in which changes are gathered before the browser hears of them
# What changed -> which parts of the page look again.
PARTS = {
    "message": ("panes", "tour"),
    "modal": ("panes", "tour"),
    "home": ("panes", "tour"),
    "people": ("panes",),
    "channels": ("panes",),
    "journal": ("journal", "tour"),
    "clock": ("clock", "tour"),
    "tour": ("tour",),
    "reset": ("afresh",),
}


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


def routes(practice: Practice) -> list[BaseRoute]:
    """The routes of the page."""
    page = Page(practice)

    async def whole(request: Request) -> Response:
        look = page.look(request)
        if look.language == "en":
            _speak(practice, "en")
        for pane in look.panes:
            # Who comes in by an address at a Home opens it so.
            if pane.place == HOME and practice.hub.connected:
                page.start(_home(practice, pane.person))
        drawn = [page.pane(look, pane) for pane in look.panes]
        answer = HTMLResponse(page.draw("page.html", panes=drawn, run=practice.workspace.prefix, **page.parts(look)))
        answer.headers["Content-Security-Policy"] = POLICY
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def part(name: str) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            return HTMLResponse(page.draw(f"{name}.html", **page.parts(page.look(request))))

        return answer

    async def pane(request: Request) -> Response:
        look = page.look(request)
        return HTMLResponse(page.pane(look, look.pane(request.path_params["side"])))

    async def go(request: Request) -> Response:
        look, changes = page.look(request), dict(request.query_params)
        before = look.pane(request.path_params["side"])
        after = address.moved(before, changes, practice.workspace)
        if after.place == HOME and (before.place, before.person) != (HOME, after.person):
            page.start(_home(practice, after.person))
        look = look.having(after)
        headers = {"HX-Push-Url": address.write(look, practice.workspace)}
        return HTMLResponse(page.pane(look, after), headers=headers)

    async def do(request: Request) -> Response:
        look = page.look(request)
        where = look.pane(request.path_params["side"])
        async with request.form() as form:
            try:
                answer = await page.do(where.person, form)
            except (Unknown, ValueError) as problem:
                answer = {"ok": False, "error": str(problem)}
            verb = form.get("verb", "")
        headers: dict[str, str] = {}
        if answer.get("ok") and verb == "say":
            headers["HX-Trigger"] = "sent"
        if answer.get("ok") and verb == "edit":
            where = address.moved(where, {"bewerk": ""}, practice.workspace)
            look = look.having(where)
            headers["HX-Replace-Url"] = address.write(look, practice.workspace)
        return HTMLResponse(page.pane(look, where, page.trouble(answer, look.language)), headers=headers)

    async def clock(request: Request) -> Response:
        if request.method == "POST":
            asked = {key: str(value) for key, value in (await request.form()).items()}
            if page.mover.target is None:
                page.start(page.mover.move({key: value for key, value in asked.items() if value}))
                await asyncio.sleep(0)
        return HTMLResponse(page.draw("clock.html", **page.parts(page.look(request))))

    async def tour(request: Request) -> Response:
        number = request.path_params["number"]
        if 0 < number <= len(practice.plot.tour):
            page.start(page.tour.perform(number))
        return PlainTextResponse("")

    async def reset(request: Request) -> Response:
        practice.reset()
        if practice.settings.reset_exits:
            # This server goes; the page waits for the next one.
            return PlainTextResponse("", headers={"HX-Trigger": "restarting"})
        if practice.hub.connected:
            opening.when_connected(practice)
        return PlainTextResponse("")

    async def run(request: Request) -> Response:
        """Which run of the server this is."""
        return PlainTextResponse(practice.workspace.prefix)

    async def choose(request: Request) -> Response:
        """Change how the page looks and go back to it. Who changes its language changes that of the people's Slack."""
        if language := request.query_params.get("taal"):
            _speak(practice, language)
        query = address.query_of(request.headers.get("referer", "")) | dict(request.query_params)
        if query.get("rechts") == "+":
            names = [each.name.lower() for each in practice.workspace.people.values() if not each.is_bot]
            query["rechts"] = next(each for each in [*names[1:], *names] if each != query.get("links"))
        return RedirectResponse(address.write(address.read(query, practice.workspace), practice.workspace), 303)

    async def journal(request: Request) -> Response:
        language = page.look(request).language
        zone = practice.plot.zone
        entries = [
            {
                "number": each.number,
                "kind": each.kind,
                "at": each.at.astimezone(zone).strftime("%H:%M:%S"),
                "words": page.said(each, language),
            }
            for each in reversed(practice.journal.since(max(0, practice.journal.last - SHOWN)))
        ]
        return HTMLResponse(page.draw("journal.html", entries=entries, t=page.words[language]))

    async def raw(request: Request) -> Response:
        found = practice.journal.since(request.path_params["number"] - 1)[:1]
        told = json.dumps(found[0].as_json(), ensure_ascii=False, indent=2) if found else ""
        # htmx puts it in as text; it is sent as text too.
        return PlainTextResponse(told)

    async def link(request: Request) -> Response:
        """The address of a message, as chat.getPermalink gives it."""
        channel = practice.workspace.channels.get(request.path_params["channel"])
        digits = request.path_params["message"].removeprefix("p")
        look = page.look(request)
        if channel is None:
            return PlainTextResponse("no such message", 404)
        changes = panes.permalink(channel, f"{digits[:-6]}.{digits[-6:]}")
        look = look.having(address.moved(look.left, changes, practice.workspace))
        return RedirectResponse(address.write(look, practice.workspace), 303)

    async def stream(request: Request) -> Response:
        return StreamingResponse(
            _changes(practice), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
        )

    def ours(how: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            # A page of another site can send forms here, but not this header.
            if "hx-request" not in request.headers:
                return PlainTextResponse("use the page", 403)
            return await how(request)

        return answer

    return [
        Route("/", whole),
        Route("/_page/pane/{side}", pane),
        Route("/_page/tour", part("tour")),
        Route("/_page/clock", ours(clock), methods=["GET", "POST"]),
        Route("/_page/go/{side}", go),
        Route("/_page/do/{side}", ours(do), methods=["POST"]),
        Route("/_page/tour/{number:int}", ours(tour), methods=["POST"]),
        Route("/_page/reset", ours(reset), methods=["POST"]),
        Route("/_page/run", run),
        Route("/_page/set", choose),
        Route("/_page/journal", journal),
        Route("/_page/raw/{number:int}", raw),
        Route("/_page/stream", stream),
        Route("/archives/{channel}/{message}", link),
        Mount("/_page/static", StaticFiles(directory=HERE / "static")),
    ]


def _given(verb: str, form: FormData, name: str) -> Json:
    """What a form says of one field, as the verbs `type` and `choose` want it; nothing chosen is an empty option."""
    given = [str(each).replace("\r\n", "\n") for each in form.getlist(name) if each != ""]
    if verb == "type":
        return {"text": given[0] if given else ""}
    return {"options": given} if len(given) > 1 else {"option": given[0] if given else ""}


def _speak(practice: Practice, language: str) -> None:
    """Let everybody use Slack in this language, as they would choose in their preferences; the bot hears of it."""
    locale = "en-GB" if language == "en" else "nl-NL"
    for person in practice.workspace.people.values():
        if not person.is_bot and person.locale != locale:
            person.locale = locale
            told = payloads.user(practice.workspace, person, practice.clock.now(), locale=True)
            event = {"type": "user_change", "user": told, "event_ts": practice.ts()}
            practice.hub.event("user_change", event)
            practice.changes.tell("people")


async def _home(practice: Practice, person: str) -> None:
    await people.do(practice, "home", {"as": person})


async def _changes(practice: Practice) -> AsyncIterator[str]:
    """Names of parts that changed, as server-sent events; all of them at once for who has just (re)connected."""
    minute = -1
    with practice.changes.listen() as queue:
        names = {"panes", "tour", "clock", "journal"}
        while not practice.closing.is_set():
            yield "".join(f"event: {each}\ndata: \n\n" for each in sorted(names))
            names = set()
            with contextlib.suppress(TimeoutError):
                change = await asyncio.wait_for(queue.get(), 0.5)
                await asyncio.sleep(GATHER)
                names = set(PARTS[change.kind])
                while not queue.empty():
                    names |= set(PARTS[queue.get_nowait().kind])
            if minute != (minute := practice.clock.now().minute):
                names.add("clock")
