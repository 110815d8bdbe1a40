"""The courier against a server that answers as Slack does on a bad day."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session, select

from bot.delivery import Operation, RowState
from handlers.acks import LONGEST_ASIDE
from handlers.delivery import Body, Courier, fingerprint
from storage import delivery
from storage.delivery import OutboxRow
from tests.handlers.house import TEAM, House, wall

NOW = wall(2021, 6, 17, 14)
Said = Callable[[Mapping[str, Any]], web.Response]


def ok(**more: Any) -> web.Response:
    return web.json_response({"ok": True, **more})


def refused(error: str, status: int = 200, **headers: str) -> web.Response:
    return web.json_response({"ok": False, "error": error}, status=status, headers=headers)


class BadDay:
    """What each method answers, one after another (the last one for ever), and what was asked."""

    def __init__(self, **answers: list[web.Response | Said]) -> None:
        self.answers = answers
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.upload_url = ""

    async def handle(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        said = dict(await request.post()) or (await request.json() if request.can_read_body else {})
        said = said or dict(request.query)
        self.asked.append((method, said))
        waiting = self.answers[method.replace(".", "_")]
        answer = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        if callable(answer):
            return answer(said)
        return web.Response(status=answer.status, body=answer.body, headers=answer.headers)

    def count(self, method: str) -> int:
        return sum(1 for name, _ in self.asked if name == method)


async def _uploaded(request: web.Request) -> web.Response:
    await request.read()
    return web.Response(text="OK")


def words_of(db: Session, settings: object, arguments: Mapping[str, Any], words: object) -> Body | None:
    if arguments["id"] == "broken":
        raise KeyError("broken")
    if arguments["id"] == "file":
        return Body("a file", file=b"words", file_name="words.md")
    return Body(str(arguments["id"])) if arguments["id"] != "withdrawn" else None


@asynccontextmanager
async def courier(house: House, slack: BadDay) -> AsyncIterator[Courier]:
    app = web.Application()
    app.router.add_route("*", "/api/{method}", slack.handle)
    app.router.add_post("/upload", _uploaded)
    server = TestServer(app)
    await server.start_server()
    slack.upload_url = str(server.make_url("/upload"))
    house.calls(AsyncWebClient("xoxb-x", base_url=str(server.make_url("/api/")), retry_handlers=[]))
    running = Courier(house.world, {"test": words_of})
    await running.start()
    try:
        yield running
    finally:
        await running.stop(5)
        await server.close()


async def settled(house: House, running: Courier) -> None:
    """Wait until the courier has done what can be done at this moment."""
    running.wake()
    now = house.clock.now()
    for _ in range(100):
        await asyncio.sleep(0.02)
        work = await house.database.read(partial(delivery.due, now=now, quarantined_before=now - timedelta(seconds=60)))
        if running.idle and not work:
            return
    raise AssertionError("the courier finds no rest")


def owe(house: House, key: str, body: str = "words", **more: Any) -> None:
    where = more if "user" in more else {"channel": "C1", **more}
    house.write(
        lambda db: delivery.plan(
            db, team=TEAM, key=key, kind="test", arguments={"id": body}, now=house.clock.now(), **where
        )
    )


def state(house: House, key: str) -> str:
    return house.read(lambda db: db.exec(select(OutboxRow.state).where(OutboxRow.key == key)).one())


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path, NOW)


async def test_a_message_that_cannot_be_made_does_not_hold_up_the_channel_for_ever(house: House) -> None:
    slack = BadDay(chat_postMessage=[ok(ts="1.1", channel="C1")])
    owe(house, "bad", "broken")
    owe(house, "good")
    async with courier(house, slack) as running:
        for _ in range(12):
            await settled(house, running)
            house.clock.at += timedelta(minutes=6)
        await settled(house, running)
    assert (state(house, "bad"), state(house, "good")) == (RowState.PARKED, RowState.SENT)


@pytest.mark.matrix
async def test_an_hour_without_a_network_loses_nothing(house: House) -> None:
    slack = BadDay(chat_postMessage=[ok(ts="1.1")], conversations_open=[ok(channel={"id": "D1"})])
    house.person("noor")
    owe(house, "post")
    owe(house, "direct", user="noor")
    async with courier(house, slack) as running:
        there = house.world.slack_of
        house.calls(AsyncWebClient("xoxb-x", base_url="http://127.0.0.1:9/api/"))
        for _ in range(12):
            await settled(house, running)
            house.clock.at += timedelta(minutes=6)
        assert (state(house, "post"), state(house, "direct")) == (RowState.PLANNED, RowState.PLANNED)
        house.world.slack_of = there
        await settled(house, running)
    assert (state(house, "post"), state(house, "direct")) == (RowState.SENT, RowState.SENT)


async def test_a_reminder_that_could_not_leave_by_day_does_not_leave_at_night(house: House) -> None:
    slack = BadDay(chat_postMessage=[ok(ts="1.1", channel="D1")], conversations_open=[ok(channel={"id": "D1"})])
    house.person("noor")
    owe(house, "reminder", user="noor", nudge=True)
    house.clock.at = wall(2021, 6, 17, 23)
    owe(house, "answer", user="noor")
    async with courier(house, slack) as running:
        await settled(house, running)
        assert (state(house, "reminder"), state(house, "answer")) == (RowState.PLANNED, RowState.SENT)
        house.clock.at = wall(2021, 6, 18, 8, 30)
        await settled(house, running)
    assert state(house, "reminder") == RowState.SENT
    assert slack.count("chat.postMessage") == 2


async def test_a_post_of_which_nobody_knows_waits_until_history_can_be_read(house: House) -> None:
    mark = fingerprint(house.settings, "post")
    found = ok(messages=[{"ts": "9.9", "user": "UBOT", "metadata": {"event_payload": {"k": mark}}}])
    limited = refused("ratelimited", 429, **{"Retry-After": "30"})
    slack = BadDay(
        chat_postMessage=[refused("internal_error", 500)],
        conversations_history=[limited, refused("service_unavailable", 503), found],
    )
    owe(house, "post")
    async with courier(house, slack) as running:
        for _ in range(4):
            await settled(house, running)
            house.clock.at += timedelta(seconds=61)
        await settled(house, running)
    assert state(house, "post") == RowState.SENT
    assert slack.count("chat.postMessage") == 1, "history knew it, so it was not posted again"


async def test_a_post_whose_words_are_gone_is_found_again_so_that_it_can_be_changed(house: House) -> None:
    mark = fingerprint(house.settings, "post")
    history = ok(messages=[{"ts": "9.9", "user": "UBOT", "metadata": {"event_payload": {"k": mark}}}])
    slack = BadDay(conversations_history=[history], chat_update=[ok(ts="9.9")])
    owe(house, "post", "withdrawn")
    row = house.read(lambda db: delivery.parcel(db, TEAM, "post"))
    assert row is not None
    house.write(lambda db: delivery.claim(db, row.id, 0, NOW, NOW))
    owe(house, "post:gone", "withdrawn words", target_key="post", operation=Operation.UPDATE)
    async with courier(house, slack) as running:
        house.clock.at += timedelta(seconds=61)
        await settled(house, running)
    assert (state(house, "post"), state(house, "post:gone")) == (RowState.SENT, RowState.SENT)


async def test_a_file_with_withdrawn_words_is_taken_back_and_sent_anew_once(house: House) -> None:
    """Also when a bad network leaves the outcome of the removal unknown, and when somebody removed it before us."""
    places = iter(["F1", "F2"])

    def place(asked: Mapping[str, Any]) -> web.Response:
        return ok(file_id=next(places), upload_url=slack.upload_url)

    slack = BadDay(
        files_getUploadURLExternal=[place],
        files_completeUploadExternal=[ok(files=[{"id": "F1"}])],
        files_delete=[web.Response(status=502), refused("file_deleted")],
    )
    owe(house, "test:article:md:1", "file", operation=Operation.FILE)
    async with courier(house, slack) as running:
        await settled(house, running)
        for _ in range(2):  # the same withdrawal, told twice
            house.write(lambda db: delivery.replace_files(db, TEAM, "test", "article", "v2", house.clock.now()))
        for _ in range(4):
            await settled(house, running)
            house.clock.at += timedelta(seconds=61)
        await settled(house, running)
    removed = [asked["file"] for method, asked in slack.asked if method == "files.delete"]
    assert removed == ["F1", "F1"], "once without an answer, and once more"
    assert state(house, "test:article:md:1:removed") == RowState.SENT
    assert slack.count("files.completeUploadExternal") == 2
    assert house.write(lambda db: delivery.replace_files(db, TEAM, "test", "article", "v3", house.clock.now())) == 1


async def test_of_two_files_with_one_title_each_is_found_again_as_itself(house: House) -> None:
    files = [{"id": number, "title": "words.md"} for number in ("F1", "F2")]
    history = ok(messages=[{"ts": f"9.{n}", "user": "UBOT", "files": [file]} for n, file in enumerate(files)])
    slack = BadDay(conversations_history=[history])
    for number in (1, 2):
        owe(house, f"export:{number}", "file", operation=Operation.FILE)
    for number in (1, 2):
        row = house.read(lambda db, number=number: delivery.parcel(db, TEAM, f"export:{number}"))
        assert row is not None
        house.write(lambda db, row=row: delivery.claim(db, row.id, 0, NOW, NOW))
        if number == 1:
            house.write(lambda db, row=row: delivery.record_sent(db, row.id, 1, "F1", "C1", NOW))
    async with courier(house, slack) as running:
        house.clock.at += timedelta(seconds=61)
        await settled(house, running)
    assert house.read(lambda db: delivery.sent(db, TEAM, "export:2")) == ("C1", "F2")


async def test_what_slack_says_in_no_known_form_is_unknown_and_looked_up(house: House) -> None:
    garbled = web.Response(body=b'{"ok": tr', content_type="application/json")
    slack = BadDay(chat_postMessage=[garbled, ok(ts="1.1", channel="C1")], conversations_history=[ok(messages=[])])
    owe(house, "post")
    async with courier(house, slack) as running:
        await settled(house, running)
        assert state(house, "post") == RowState.UNKNOWN
        house.clock.at += timedelta(seconds=61)
        await settled(house, running)
    assert state(house, "post") == RowState.SENT


async def test_slack_is_obeyed_when_opening_a_conversation_is_limited(house: House) -> None:
    house.person("noor")
    limited = refused("ratelimited", 429, **{"Retry-After": "120"})
    slack = BadDay(
        conversations_open=[limited, ok(channel={"id": "D1"})], chat_postMessage=[ok(ts="1.1", channel="D1")]
    )
    owe(house, "direct", user="noor")
    async with courier(house, slack) as running:
        await settled(house, running)
        house.clock.at += timedelta(seconds=119)
        await settled(house, running)
        assert slack.count("conversations.open") == 1
        house.clock.at += timedelta(seconds=2)
        await settled(house, running)
    assert state(house, "direct") == RowState.SENT


async def test_while_clicks_wait_for_their_ack_messages_wait_but_not_for_ever(house: House) -> None:
    posted = asyncio.Event()

    def post(said: Mapping[str, Any]) -> web.Response:
        posted.set()
        return ok(ts="1.1")

    slack = BadDay(chat_postMessage=[post], conversations_history=[ok(messages=[])])
    async with courier(house, slack) as running:
        with house.world.acks.awaited():
            owe(house, "words")
            running.wake()
            await asyncio.sleep(LONGEST_ASIDE / 2)
            assert not posted.is_set(), "who pressed goes first"
            async with asyncio.timeout(30):
                await posted.wait()
