"""Serves the page: the whole of it, its parts when something changed, and what people do on it."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from playground import opening, payloads, people
from playground.page import address, panes
from playground.page.address import HOME
from playground.page.shown import HERE, Page
from playground.state import Unknown

if TYPE_CHECKING:
    from playground.practice import Practice

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


def routes(practice: Practice) -> list[BaseRoute]:
    """The routes of the page."""
    page = Page(practice)

    async def whole(request: Request) -> Response:
        look = page.look(request)
        if request.query_params.get("taal") == look.language:  # asked for; else it is what somebody here speaks
            _speak(practice, look.language)
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
