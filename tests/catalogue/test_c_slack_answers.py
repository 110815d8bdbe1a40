"""Part C of the catalogue: networks that hang, drip, break or lie (C4), and answers that make no sense (C8)."""

from __future__ import annotations

import asyncio
import copy
import json
import socket
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from slack_sdk.errors import SlackApiError

from bot.delivery import Operation, Outcome, RowState, classify
from bot.pacing import Pace
from handlers import programme as people
from handlers.clients import make_client
from handlers.delivery.finding import find
from handlers.delivery.letters import Body, Letter
from handlers.delivery.pausing import probe
from handlers.delivery.sending import direct_channel, send
from handlers.turns import Turns
from handlers.world import World
from storage import delivery
from storage.delivery import EVERYTHING, Parcel
from tests.catalogue.scripted_slack import NOW, Call, Office, Slack, office
from tests.handlers.house import TEAM

Cases = Callable[[int], None]
PATIENCE = 1.0
"""Seconds that a call may take here; ten in a running bot."""


def parcel(operation: Operation = Operation.POST, user: str | None = None) -> Parcel:
    place = None if user else "C1"
    return Parcel(
        1, TEAM, "k", operation, "test", {}, place, user, None, None, NOW, None, RowState.SENDING, 1, NOW, None, None
    )


def letter(thread: str | None = None, file: bytes | None = None) -> Letter:
    body = Body("woorden", (), file, "woorden.md" if file else "")
    return Letter(body, "C1", thread, "1.1", "f" * 32)


class NoNames(AbstractResolver):
    """A name server that is away."""

    async def resolve(self, host: str, port: int = 0, family: Any = socket.AF_INET) -> list[ResolveResult]:
        raise OSError("no name server")

    async def close(self) -> None:
        return None


async def raw(handle: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]) -> asyncio.Server:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await handle(reader, writer)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    return await asyncio.start_server(serve, "127.0.0.1", 0)


async def test_c4_no_call_takes_longer_than_it_may_and_each_fault_has_its_class(tmp_path: Path, cases: Cases) -> None:
    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n")
        while True:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.2)

    async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>")
        await writer.drain()

    servers = {
        name: await raw(work) for name, work in (("hang", hang), ("drip", drip), ("reset", reset), ("proxy", proxy))
    }
    port = {name: server.sockets[0].getsockname()[1] for name, server in servers.items()}
    full = socket.socket()  # a queue of connections that nobody takes: connecting itself hangs
    full.bind(("127.0.0.1", 0))
    full.listen(0)
    waiting = [socket.socket() for _ in range(4)]
    for each in waiting:
        each.setblocking(False)
        each.connect_ex(full.getsockname())
    closed = socket.socket()
    closed.bind(("127.0.0.1", 0))
    nobody = closed.getsockname()[1]
    closed.close()
    faults = {
        f"http://127.0.0.1:{full.getsockname()[1]}/api/": Outcome.UNKNOWN,
        f"http://127.0.0.1:{port['hang']}/api/": Outcome.UNKNOWN,
        f"http://127.0.0.1:{port['drip']}/api/": Outcome.UNKNOWN,
        f"http://127.0.0.1:{port['reset']}/api/": Outcome.UNKNOWN,
        f"http://127.0.0.1:{port['proxy']}/api/": Outcome.UNKNOWN,
        "http://slack.invalid/api/": Outcome.NOT_SENT,
        f"https://127.0.0.1:{port['proxy']}/api/": Outcome.NOT_SENT,
        f"http://127.0.0.1:{nobody}/api/": Outcome.NOT_SENT,
    }
    tried = 0
    async with office(tmp_path) as at:
        for url, outcome in faults.items():
            client = make_client("xoxb-x", url)
            resolver = NoNames() if "invalid" in url else None
            async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(resolver=resolver)) as session:
                client.session = session
                at.house.world.slack_of = lambda team, client=client: client  # type: ignore[misc]  # bound at once
                began = time.monotonic()  # noqa: TID251 - how long a real call takes
                reply = await send(at.house.world, parcel(), letter(), "C1", PATIENCE)
                assert time.monotonic() - began <= PATIENCE + 0.8, url  # noqa: TID251 - the same
                assert classify(reply) is outcome, (url, reply)
            tried += 1
    for server in servers.values():
        server.close()
    for each in (*waiting, full):
        each.close()
    cases(tried)


GOOD: dict[str, dict[str, Any]] = {
    "auth.test": {"ok": True, "team_id": TEAM, "user_id": "UBOT"},
    "chat.postMessage": {"ok": True, "ts": "1.1", "channel": "C1"},
    "chat.update": {"ok": True, "ts": "1.1", "channel": "C1"},
    "chat.delete": {"ok": True, "ts": "1.1", "channel": "C1"},
    "conversations.open": {"ok": True, "channel": {"id": "D1"}},
    "conversations.history": {
        "ok": True,
        "messages": [{"ts": "1.1", "user": "UBOT", "metadata": {"event_payload": {"k": "x"}}, "files": [{"id": "F1"}]}],
        "response_metadata": {"next_cursor": ""},
    },
    "conversations.replies": {
        "ok": True, "messages": [{"ts": "1.1", "metadata": {"event_payload": {"k": "x"}}}], "response_metadata": {},
    },
    "files.getUploadURLExternal": {"ok": True, "upload_url": "http://127.0.0.1:9/", "file_id": "F1"},
    "files.delete": {"ok": True, "file": "F1"},
    "files.info": {"ok": True, "file": {"id": "F1"}},
    "users.info": {"ok": True, "user": {"id": "noor", "profile": {"display_name": "Noor"}, "locale": "nl-NL"}},
    "users.list": {"ok": True, "members": [{"id": "noor", "profile": {}}], "response_metadata": {"next_cursor": ""}},
    "views.open": {"ok": True, "view": {"id": "V1"}},
    "views.update": {"ok": True, "view": {"id": "V1"}},
    "views.publish": {"ok": True, "view": {"id": "V1"}},
}  # fmt: skip

STRANGE = (None, [], {}, "x", 7, True, [None], [[]], {"id": None}, -1.5)
WHOLE = (
    b"null",
    b"[]",
    b'"x"',
    b"7",
    b"",
    b"{",
    b"[" * 20_000,
    b'{"ok": 1}',
    b'{"ok": "yes"}',
    b"\xff\xfe",
    b"{}",
    b"true",
)


def mutations(good: dict[str, Any]) -> Iterator[bytes]:
    """Answers that differ from a good one in one place: missing, null, of another kind, or with something unknown."""
    yield json.dumps(good | {"surprise": {"deep": [1, None]}}).encode()
    yield from WHOLE
    places: list[tuple[str | int, ...]] = []

    def walk(part: Any, at: tuple[str | int, ...]) -> None:
        for name in part if isinstance(part, dict) else range(len(part)) if isinstance(part, list) else ():
            places.append((*at, name))
            walk(part[name], (*at, name))

    walk({key: value for key, value in good.items() if key != "ok"}, ())
    for place in places:
        for strange in ("missing", *STRANGE):
            changed = copy.deepcopy(good)
            part: Any = changed
            for name in place[:-1]:
                part = part[name]
            if strange == "missing":
                del part[place[-1]]
            else:
                part[place[-1]] = strange
            yield json.dumps(changed).encode()


async def _use(method: str, world: World, at: Office) -> object:
    """Do what a bot does with the answer of this method."""
    slack = world.slack_of(TEAM)
    if method == "auth.test":
        at.house.write(lambda db: delivery.pause(db, TEAM, EVERYTHING, "invalid_auth", NOW, NOW))
        return await probe(world, world.now())
    if method == "conversations.open":
        return await direct_channel(world, parcel(user="noor"))
    if method == "conversations.history":
        await find(world, parcel(Operation.FILE), letter(file=b"x"), NOW)
        return await find(world, parcel(), letter(), NOW)
    if method == "conversations.replies":
        return await find(world, parcel(), letter("1.0"), NOW)
    if method in ("chat.postMessage", "chat.update", "files.delete", "files.getUploadURLExternal"):
        operation = {
            "chat.postMessage": Operation.POST, "chat.update": Operation.UPDATE, "files.delete": Operation.REMOVE,
        }.get(method, Operation.FILE)  # fmt: skip
        return await send(world, parcel(operation), letter(file=b"x" if operation is Operation.FILE else None), "C1", 2)
    if method == "users.info":
        return await world.enrol(TEAM, "noor")
    if method == "users.list":
        return await people.sync(world, TEAM)
    return await slack.api_call(method)


async def test_c8_no_answer_of_any_method_brings_the_bot_down(tmp_path: Path, cases: Cases) -> None:
    saying: list[bytes] = [b""]

    def script(slack: Slack, call: Call) -> web.StreamResponse:
        return web.Response(body=saying[0], content_type="application/json")

    tried = 0
    async with office(tmp_path, script) as at:
        at.house.world.turns = Turns(at.clock, Pace(limits=None))
        async with aiohttp.ClientSession() as session:
            at.house.world.slack_of(TEAM).session = session
            for method, good in GOOD.items():
                number = 0
                for answer in mutations(good):
                    saying[0] = answer
                    with suppress(SlackApiError):  # the typed error that every caller knows
                        await _use(method, at.house.world, at)
                    number += 1
                assert number >= 20, method
                tried += number
    cases(tried)
