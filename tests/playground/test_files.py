"""Files in the practice Slack: who may fetch them, what they are called, and what is left when one is deleted."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from tests.playground.world import Json, World, a_manifest

TOKEN = {"Authorization": "Bearer xoxb-practice"}


async def shared(slack: World, name: str, content: str = "inhoud", channel: str = "plein") -> Json:
    """Somebody drops a file; returns what the bot hears of it."""
    await slack.do("say", channel=channel, files=[{"name": name, "text": content}])
    seen = await slack.see()
    return dict((seen["dm"] if channel == "@oogst" else seen["channels"][channel])[-1]["files"][0])


async def refused(call: Any) -> str:
    with pytest.raises(SlackApiError) as raised:
        await call
    return str(raised.value.response["error"])


def with_events(*names: str) -> Json:
    raw = a_manifest()
    raw["settings"]["event_subscriptions"]["bot_events"] += names
    return raw


async def test_a_file_is_described_as_slack_describes_it(slack: World) -> None:
    file = await shared(slack, "Verslag Groep 3.DOCX", "woorden")
    assert (file["filetype"], file["size"], file["mode"], file["file_access"]) == ("docx", 7, "hosted", "visible")
    assert file["mimetype"].endswith("wordprocessingml.document")
    assert file["name"] == file["title"] == "Verslag Groep 3.DOCX"
    assert file["url_private_download"].endswith("/download/verslag%20groep%203.docx")
    assert (await slack.people.get(file["permalink"])).text == "woorden"
    assert file["created"] == int(slack.practice.clock.seconds())
    assert (await slack.web.files_info(file=file["id"]))["file"] == file
    assert (await shared(slack, "wat.zip"))["filetype"] == "zip"
    assert (await shared(slack, "zonder"))["filetype"] == "binary"


async def test_bytes_are_given_to_the_bot_s_token_only(slack: World) -> None:
    url = (await shared(slack, "a.txt", "wat wij zagen"))["url_private_download"]
    assert (await slack.people.get(url)).status_code == 401
    assert (await slack.people.get(url, headers={"Authorization": "Bearer xoxb-other"})).status_code == 401
    assert (await slack.people.get(url, headers={"Authorization": "Bearer xapp-practice"})).status_code == 401
    answer = await slack.people.get(url, headers=TOKEN)
    assert (answer.text, answer.headers["content-type"].split(";")[0]) == ("wat wij zagen", "text/plain")
    assert (await slack.people.get(url.replace("/_files/F", "/_files/X"), headers=TOKEN)).status_code == 404


async def test_without_files_read_no_file_is_told_of_or_fetched(slack_with: Any) -> None:
    raw = a_manifest()
    raw["oauth_config"]["scopes"]["bot"].remove("files:read")
    slack = await slack_with(raw)
    file = await shared(slack, "a.txt")
    assert (await slack.people.get(file["url_private_download"], headers=TOKEN)).status_code == 403
    with pytest.raises(SlackApiError) as raised:
        await slack.web.files_info(file=file["id"])
    assert (raised.value.response["error"], raised.value.response["needed"]) == ("missing_scope", "files:read")


async def test_the_bot_sees_no_file_of_a_channel_that_it_is_not_in(slack: World) -> None:
    await slack.post("channels", name="elders", members=["Noor"], bot=False)
    file = await shared(slack, "a.txt", channel="elders")
    assert (await slack.people.get(file["url_private_download"], headers=TOKEN)).status_code == 404
    assert await refused(slack.web.files_info(file=file["id"])) == "file_not_found"


async def test_a_download_can_go_wrong_in_every_way_that_a_network_has(slack: World) -> None:
    url = (await shared(slack, "a.txt", "0123456789"))["url_private_download"]

    async def fetched(**fault: Any) -> httpx.Response:
        await slack.post("faults", method="files.download", **fault)
        return await slack.people.get(url, headers=TOKEN)

    limited = await fetched(status=429, retry_after=7)
    assert (limited.status_code, limited.headers["retry-after"]) == (429, "7")
    assert (await fetched(status=503)).status_code == 503
    sent_on = await fetched(location="http://127.0.0.1:9/elders")
    assert (sent_on.status_code, sent_on.headers["location"]) == (302, "http://127.0.0.1:9/elders")
    with pytest.raises(httpx.RemoteProtocolError):
        await fetched(cut=True)
    assert (await fetched(delay_after=0.01)).text == "0123456789"
    assert (await slack.people.get(url, headers=TOKEN)).text == "0123456789"


async def test_the_bot_deletes_its_own_file_and_nobody_else_s(slack: World) -> None:
    own = await slack.web.files_upload_v2(channel="C0PLEIN", content="oud", filename="verslag.md")
    id_, url = own["file"]["id"], own["file"]["url_private_download"]
    theirs = await shared(slack, "a.txt")
    assert await refused(slack.web.files_delete(file=theirs["id"])) == "cant_delete_file"
    assert (await slack.web.files_delete(file=id_))["ok"]
    assert await refused(slack.web.files_delete(file=id_)) == "file_deleted"
    assert await refused(slack.web.files_info(file=id_)) == "file_deleted"
    assert (await slack.people.get(url, headers=TOKEN)).status_code == 404
    assert (await slack.people.get(f"/_mens/files/{id_}")).status_code == 404
    message = next(m for m in (await slack.see())["channels"]["plein"] if m["files"] and m["files"][0]["id"] == id_)
    assert message["files"] == [{"id": id_, "mode": "tombstone"}]
    assert "This file was deleted." in message["plain"] and "verslag.md" not in message["plain"]


async def test_somebody_deletes_a_file_and_the_bot_hears_which(slack_with: Any) -> None:
    slack = await slack_with(with_events("file_deleted"))
    app: AsyncApp = slack.app()
    heard: list[Json] = []

    @app.event("file_deleted")
    async def gone(event: Json) -> None:
        heard.append(event)

    @app.event("message")
    async def message(event: Json) -> None:
        heard.append(event)

    await slack.connect(app)
    file = await shared(slack, "a.txt")
    assert (await slack.do("delete_file", "Samir", file=file["id"]))["error"] == "people delete only their own files"
    assert (await slack.do("delete_file", file=file["id"]))["acked"]
    await asyncio.sleep(0.05)
    assert [each.get("subtype") or each["type"] for each in heard] == ["file_share", "message_changed", "file_deleted"]
    assert heard[1]["message"]["files"] == [{"id": file["id"], "mode": "tombstone"}]
    assert heard[2]["file_id"] == file["id"]
    assert "no such file" in (await slack.do("delete_file", file=file["id"]))["error"]


async def test_deleted_files_stay_deleted_when_the_practice_slack_comes_back(slack_with: Any, tmp_path: Any) -> None:
    slack = await slack_with(keep=tmp_path)
    file = await shared(slack, "a.txt")
    await slack.do("delete_file", file=file["id"])
    slack.practice.save()
    again = await slack_with(keep=tmp_path)
    assert again.practice.workspace.files[file["id"]].deleted
