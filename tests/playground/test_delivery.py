"""Events reach the app once when it acks, again when it does not, and never when the manifest does not ask for them."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import aiohttp
import pytest
import uvicorn
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.playground.world import World, a_manifest, until


def listening(slack: World, fail: int = 0) -> tuple[AsyncApp, list[Any]]:
    """An app that keeps every message event with its retry headers, and fails the first few."""
    heard: list[Any] = []
    app = AsyncApp(client=slack.web, process_before_response=True, ignoring_self_events_enabled=False)

    @app.event("message")
    async def message(body: Any, request: Any) -> None:
        heard.append((body, {k: v[0] for k, v in request.headers.items() if "retry" in k}))
        if len(heard) <= fail:
            raise RuntimeError("the database is away")

    return app, heard


async def test_an_event_that_is_not_acked_comes_again_with_the_same_id_and_retry_headers(slack: World) -> None:
    app, heard = listening(slack, fail=2)
    await slack.connect(app)
    answer = await slack.do("say", channel="plein", text="hoi")
    assert answer["acked"] is False and answer["ts"]
    await until(lambda: len(heard) == 3)
    assert len({body["event_id"] for body, _ in heard}) == 1
    assert [headers for _, headers in heard] == [
        {"x-slack-retry-num": "0", "x-slack-retry-reason": ""},
        {"x-slack-retry-num": "1", "x-slack-retry-reason": "timeout"},
        {"x-slack-retry-num": "2", "x-slack-retry-reason": "timeout"},
    ]
    assert (await slack.people.get("/_mens/settled?timeout=2")).json()["settled"]


async def test_after_three_retries_an_event_is_given_up(slack_with: Any) -> None:
    slack = await slack_with(ack_timeout=0.1, retries=(0.0, 0.05, 0.05))
    app, heard = listening(slack, fail=9)
    await slack.connect(app)
    await slack.do("say", channel="plein", text="hoi")
    assert slack.practice.hub.waiting() == ["message.channels"]
    await until(lambda: slack.practice.hub.is_quiet)
    assert len(heard) == 4


async def test_an_event_for_an_app_that_is_away_waits_for_it(slack: World) -> None:
    await slack.do("say", channel="plein", text="hoi")
    app, heard = listening(slack)
    await slack.connect(app)
    await until(lambda: heard)
    assert heard[0][0]["event"]["text"] == "hoi"


@pytest.mark.parametrize("missing", ["message.channels", "channels:history"])
async def test_an_event_without_subscription_or_scope_is_never_sent(slack_with: Any, missing: str) -> None:
    slack = await slack_with(a_manifest(without=missing))
    app, heard = listening(slack)
    await slack.connect(app)
    assert (await slack.do("say", channel="plein", text="hoi"))["acked"] is None
    await slack.do("say", channel="geheim", text="psst")
    assert [body["event"]["channel_type"] for body, _ in heard] == ["group"]


async def test_own_posts_edits_and_deletions_come_back_as_events(slack: World) -> None:
    app, heard = listening(slack)
    await slack.connect(app)
    posted = await slack.web.chat_postMessage(
        channel="plein", text="een", metadata={"event_type": "post", "event_payload": {"k": "abc"}}
    )
    await slack.web.chat_update(channel=posted["channel"], ts=posted["ts"], text="twee")
    await slack.web.chat_delete(channel=posted["channel"], ts=posted["ts"])
    said = await slack.do("say", channel="plein", text="<b> & @Samir")
    await slack.do("edit", channel="plein", ts=said["ts"], text="beter")
    await slack.do("delete", channel="plein", ts=said["ts"])
    await until(lambda: len(heard) == 6)
    events = [body["event"] for body, _ in heard]
    assert [each.get("subtype") for each in events] == [None, "message_changed", "message_deleted"] * 2
    assert events[0]["bot_id"] == "B0OOGST" and events[0]["metadata"]["event_payload"] == {"k": "abc"}
    assert (events[1]["message"]["text"], events[1]["previous_message"]["text"]) == ("twee", "een")
    assert events[3]["text"] == "&lt;b&gt; &amp; <@U0SAMIR>" and events[4]["message"]["edited"]["user"] == "U0NOOR"
    assert events[5]["deleted_ts"] == said["ts"] and events[5]["hidden"]


async def test_a_deleted_parent_leaves_a_tombstone_over_its_replies(slack: World) -> None:
    app, heard = listening(slack)
    await slack.connect(app)
    said = await slack.do("say", channel="plein", text="vraag")
    await slack.do("say", "Samir", channel="plein", text="antwoord", thread_ts=said["ts"])
    await slack.do("delete", channel="plein", ts=said["ts"])
    assert heard[-1][0]["event"]["message"]["subtype"] == "tombstone"
    assert [each["text"] for each in (await slack.see())["channels"]["plein"]][1] == "antwoord"


async def test_where_the_bot_is_not_a_member_it_hears_nothing(slack: World) -> None:
    app, heard = listening(slack)
    await slack.connect(app)
    assert (await slack.do("say", channel="kelder", text="hoi @oogst"))["acked"] is None
    assert not heard


async def test_a_mention_a_new_member_and_a_changed_person_are_events(slack: World) -> None:
    app = slack.app()
    names: list[str] = []

    async def note(event: Any) -> None:
        names.append(event["type"])

    for name in ("app_mention", "message", "member_joined_channel", "user_change", "channel_rename"):
        app.event(name)(note)
    await slack.connect(app)
    await slack.do("say", channel="plein", text="@oogst help")
    await slack.do("leave", channel="plein")
    await slack.do("join", channel="plein")
    assert (await slack.post("people", name="Samir", tz="Europe/Madrid"))["person"]["tz"] == "Europe/Madrid"
    await slack.post("channels", channel="plein", rename="pleintje")
    await until(lambda: len(names) >= 6)
    assert sorted(names) == [
        "app_mention", "channel_rename", "member_joined_channel", "message", "message", "user_change",
    ]  # fmt: skip


async def test_events_can_be_doubled_late_and_out_of_order(slack: World) -> None:
    app, heard = listening(slack)
    await slack.connect(app)
    await slack.post("faults", deliveries={"duplicate": 1})
    await slack.do("say", channel="plein", text="een")
    await until(lambda: len(heard) == 2)
    assert heard[0][0]["event_id"] == heard[1][0]["event_id"]
    heard.clear()
    await slack.post("faults", deliveries={"shuffle": True})
    await asyncio.gather(*(slack.do("say", channel="plein", text=text) for text in "abc"))
    assert [body["event"]["text"] for body, _ in heard] == ["c", "b", "a"]
    heard.clear()
    await slack.post("faults", deliveries={"late": 0.2})
    talking = asyncio.create_task(slack.do("say", channel="plein", text="laat"))
    await asyncio.sleep(0.1)
    assert not heard
    assert (await talking)["acked"] and heard
    await slack.people.delete("/_mens/faults")


@pytest.mark.parametrize("how", ["close", "refresh", "silent"])
async def test_the_app_comes_back_after_its_socket_is_lost(slack_with: Any, how: str) -> None:
    slack = await slack_with(retries=(0.5, 1.0, 2.0))
    app, heard = listening(slack)
    handler = await slack.connect(app, ping=0.3)
    before = handler.client.current_session
    await slack.post("faults", socket=how)
    await slack.do("say", channel="plein", text="hoi")
    await until(lambda: heard, within=6)
    assert handler.client.current_session is not before
    if how == "silent":
        assert heard[0][1]["x-slack-retry-reason"] in ("timeout", "connection_failed")


async def test_the_eleventh_socket_is_sent_away(slack: World) -> None:
    for _ in range(10):
        await slack.connect(slack.app())
    await until(lambda: len(slack.practice.hub.sockets) == 10)
    opened = await slack.web.apps_connections_open(app_token="xapp-practice")
    async with aiohttp.ClientSession() as session, session.ws_connect(opened["url"]) as line:
        assert (await line.receive_json())["reason"] == "too_many_websockets"
    assert len(slack.practice.hub.sockets) == 10


async def test_signed_http_delivers_events_clicks_and_retries(slack: World) -> None:
    app = AsyncApp(client=slack.web, signing_secret="geheim", process_before_response=True)
    heard: list[Any] = []

    @app.event("message")
    async def message(body: Any, request: Any) -> None:
        heard.append(request.headers.get("x-slack-retry-num"))
        if len(heard) == 1:
            raise RuntimeError("not now")

    @app.action("x")
    async def pressed(ack: Any) -> None:
        await ack()

    @app.command("/oogst")
    async def command(ack: Any) -> None:
        await ack("Dag!")

    handler = AsyncSlackRequestHandler(app)

    async def endpoint(request: Request) -> Response:
        return await handler.handle(request)

    web = Starlette(routes=[Route("/slack/events", endpoint, methods=["POST"])])
    line = socket.socket()
    line.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(web, log_level="warning"))
    serving = asyncio.create_task(server.serve(sockets=[line]))
    await until(lambda: server.started)
    url = f"http://127.0.0.1:{line.getsockname()[1]}/slack/events"
    try:
        assert not (await slack.post("app", events_url=url, signing_secret="fout"))["ok"]
        assert (await slack.post("app", events_url=url, signing_secret="geheim"))["ok"]
        assert (await slack.do("say", channel="plein", text="hoi"))["acked"] is False
        await until(lambda: len(heard) == 2)
        assert heard == [None, ["1"]]
        button = {"type": "button", "action_id": "x", "text": {"type": "plain_text", "text": "Druk"}}
        await slack.web.chat_postMessage(channel="plein", blocks=[{"type": "actions", "elements": [button]}], text="1")
        assert (await slack.do("press", label="Druk"))["ok"]
        assert (await slack.do("command", channel="plein", text="/oogst"))["ok"]
        assert (await slack.see())["channels"]["plein"][-1]["plain"] == "Dag!"
    finally:
        server.should_exit = True
        await serving


async def test_an_app_that_is_removed_hears_it_and_its_tokens_no_longer_open_anything(slack_with: Any) -> None:
    raw = a_manifest()
    raw["settings"]["event_subscriptions"]["bot_events"] += ["app_uninstalled", "tokens_revoked"]
    slack: World = await slack_with(raw)
    told: list[str] = []
    app = slack.app()

    @app.event("app_uninstalled")
    @app.event("tokens_revoked")
    async def gone(event: Any) -> None:
        told.append(event["type"])

    await slack.web.auth_test()
    await slack.connect(app)
    await slack.do("say", channel="geheim", text="zodat de app zijn naam kent")
    assert (await slack.people.delete("/_mens/app")).json()["ok"]
    await until(lambda: len(told) == 2)
    with pytest.raises(SlackApiError, match="account_inactive"):
        await slack.web.auth_test()
