"""POST /_mens/...: the handles by which tests, the demo and the page move people, the clock and the faults."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from . import clock, messaging, opening, payloads, people, scenario, sight
from .http_events import HttpApp, make_client, verified
from .state import Json, Unknown

if TYPE_CHECKING:
    from .practice import Practice

Handle = Callable[["Practice", Request], Awaitable[Json]]


async def _body(request: Request) -> Json:
    body = json.loads(await request.body() or b"{}")
    if not isinstance(body, dict):
        raise ValueError("the body must be a JSON object")
    return body


async def verb(practice: Practice, request: Request) -> Json:
    """POST /_mens/<verb>: somebody does something."""
    name = request.path_params["verb"]
    if name not in people.VERBS:
        raise Unknown(f"there is no verb {name!r}; there are {', '.join(people.VERBS)}")
    return await people.do(practice, name, await _body(request))


async def see(practice: Practice, request: Request) -> Json:
    """GET /_mens/see?as=Noor: what this person sees."""
    return sight.see(practice, practice.workspace.person(request.query_params.get("as", "")))


async def journal(practice: Practice, request: Request) -> Json:
    """GET /_mens/journal?since=N: what happened after entry N."""
    entries = practice.journal.since(int(request.query_params.get("since", 0)))
    return {"ok": True, "last": practice.journal.last, "entries": [entry.as_json() for entry in entries]}


async def faults(practice: Practice, request: Request) -> Json:
    """POST or DELETE /_mens/faults: switch faults on, or all off."""
    if request.method == "DELETE":
        practice.faults.clear()
    elif how := practice.faults.add(await _body(request)):
        practice.hub.disturb(how)
    return {"ok": True}


async def people_(practice: Practice, request: Request) -> Json:
    """POST /_mens/people: add somebody, or change who is here already (same id or name); the app hears of it."""
    raw, workspace = await _body(request), practice.workspace
    try:
        known = workspace.person(str(raw.get("id") or raw.get("name") or ""))
    except Unknown:
        known = None
    person = dataclasses.replace(known, **raw) if known else scenario.person(raw)
    workspace.people[person.id] = person
    practice.changes.tell("people", user=person.id)
    told = payloads.user(workspace, person, practice.clock.now(), locale=True)
    event: Json = {"type": "user_change" if known else "team_join", "user": told, "event_ts": practice.ts()}
    sent = practice.hub.event(event["type"], event)
    acked = (await sent.first).acked if sent else None
    return {"ok": True, "acked": acked, "person": dataclasses.asdict(person)}


async def channels(practice: Practice, request: Request) -> Json:
    """POST /_mens/channels: add a channel; with {channel, rename | archived | bot} change one, as its people could."""
    raw, workspace = await _body(request), practice.workspace
    if "channel" not in raw:
        made = scenario.channel(raw, workspace)
        if made.id in workspace.channels:
            raise ValueError(f"there is a channel {made.name!r} already")
        workspace.channels[made.id] = made
        practice.changes.tell("channels", made.id)
        return {"ok": True, "channel": payloads.channel(workspace, made)}
    found = workspace.channel(str(raw["channel"]))
    kind = "group" if found.private else "channel"
    told: list[Json] = []
    if name := raw.get("rename"):
        found.name = str(name)
        told.append({"type": f"{kind}_rename", "channel": {"id": found.id, "name": found.name, "created": 0}})
    if "archived" in raw:
        found.archived = bool(raw["archived"])
        told.append({"type": f"{kind}_{'' if found.archived else 'un'}archive", "channel": found.id})
    bot = workspace.app.bot_user
    if "bot" in raw and bool(raw["bot"]) != (bot in found.members):
        (messaging.join if raw["bot"] else messaging.leave)(practice, found, bot)
    practice.changes.tell("channels", found.id)
    for event in told:
        if bot in found.members and (sent := practice.hub.event(event["type"], event | {"event_ts": practice.ts()})):
            await sent.first
    return {"ok": True, "channel": payloads.channel(workspace, found)}


async def app(practice: Practice, request: Request) -> Json:
    """POST /_mens/app {events_url, signing_secret}: deliver over signed HTTP from now on; DELETE uninstalls the app."""
    if request.method == "DELETE":
        told: list[Json] = [
            {"type": "app_uninstalled"},
            {"type": "tokens_revoked", "tokens": {"bot": [practice.workspace.app.bot_user]}},
        ]
        for each in told:
            practice.hub.event(each["type"], each)
        practice.workspace.app.bot_token = practice.workspace.app.app_token = ""
        return {"ok": True}
    raw = await _body(request)
    client = make_client()
    target = HttpApp(str(raw["events_url"]), str(raw["signing_secret"]), client)
    if not await verified(target, practice.hub.wall(), practice.workspace.next_id("challenge-")):
        await client.close()
        return {"ok": False, "error": "the url did not answer url_verification with the challenge"}
    await practice.hub.hang_up()
    practice.hub.http = target
    opening.when_connected(practice)
    return {"ok": True}


async def reset(practice: Practice, request: Request) -> Json:
    """POST /_mens/reset: start the scenario afresh."""
    practice.reset()
    if practice.hub.connected:
        opening.when_connected(practice)
    return {"ok": True}


async def state(practice: Practice, request: Request) -> Json:
    """GET /_mens/state: everything the workspace holds."""
    return dataclasses.asdict(practice.workspace) | {"files": [f.name for f in practice.workspace.files.values()]}


async def settled(practice: Practice, request: Request) -> Json:
    """GET /_mens/settled?timeout=10: wait until the opening is over, nothing is on its way and the bot is idle."""
    timeout = float(request.query_params.get("timeout", 10))
    if not await opening.over(practice, timeout):
        return {"ok": False, "settled": False, "unacked": ["the opening of the scenario"]}
    return await practice.settled(timeout)


async def clock_now(practice: Practice, request: Request) -> Json:
    """GET /_mens/clock: the practice time."""
    return practice.clock.as_json()


async def clock_report(practice: Practice, request: Request) -> Json:
    """POST /_mens/clock/report: the bot says what it does, and waits for a reason to look at the clock again."""

    async def gone() -> bool:
        return practice.closing.is_set() or await request.is_disconnected()

    return await practice.clock.wait_for_change(await _body(request), gone)


async def clock_move(practice: Practice, request: Request) -> Json:
    """POST /_mens/clock/move: go forward, by every moment at which something is due."""
    moment = clock.target(await _body(request), practice.clock.now(), practice.plot.zone)
    answer = await practice.clock.move(moment)
    practice.changes.tell("clock")
    return answer


def routes(practice: Practice) -> list[BaseRoute]:
    """All handles. What is asked wrongly is answered 400 with a sentence."""

    def handle(how: Handle) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            try:
                return JSONResponse(await how(practice, request))
            except (Unknown, ValueError, TypeError, KeyError) as problem:
                said = f"missing: {problem}" if isinstance(problem, KeyError) else str(problem)
                return JSONResponse({"ok": False, "error": said}, 400)

        return answer

    async def file(request: Request) -> Response:
        found = practice.workspace.files.get(request.path_params["file"])
        if found is None or found.content is None:
            return JSONResponse({"ok": False, "error": "no such file"}, 404)
        name = found.name.encode("ascii", "replace").decode().replace('"', "")
        return Response(
            found.content, media_type=found.mimetype, headers={"Content-Disposition": f'attachment; filename="{name}"'}
        )

    return [
        Route("/_mens/see", handle(see)),
        Route("/_mens/journal", handle(journal)),
        Route("/_mens/state", handle(state)),
        Route("/_mens/settled", handle(settled)),
        Route("/_mens/files/{file}", file),
        Route("/_mens/files/{file}/{name:path}", file),
        Route("/_mens/clock", handle(clock_now)),
        Route("/_mens/clock/report", handle(clock_report), methods=["POST"]),
        Route("/_mens/clock/move", handle(clock_move), methods=["POST"]),
        Route("/_mens/faults", handle(faults), methods=["POST", "DELETE"]),
        Route("/_mens/people", handle(people_), methods=["POST"]),
        Route("/_mens/channels", handle(channels), methods=["POST"]),
        Route("/_mens/app", handle(app), methods=["POST", "DELETE"]),
        Route("/_mens/reset", handle(reset), methods=["POST"]),
        Route("/_mens/{verb}", handle(verb), methods=["POST"]),
    ]
