"""The Web API says yes and no as Slack does: scopes, membership, rates, history, metadata, files and faults."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from playground import manifest, methods
from tests.playground.world import World, a_manifest


async def refused(call: Any) -> Any:
    with pytest.raises(SlackApiError) as problem:
        await call
    return problem.value.response


async def test_a_token_is_taken_from_header_or_parameter_and_a_wrong_one_refused(slack: World) -> None:
    answer = await slack.web.auth_test()
    assert answer["user_id"] == "U0OOGST" and "chat:write" in answer.headers["x-oauth-scopes"]
    by_form = await slack.people.post("/api/auth.test", data={"token": "xoxb-practice"})
    assert by_form.json()["ok"]
    for token, error in (
        ("", "not_authed"),
        ("xoxb-other", "invalid_auth"),
        ("xapp-practice", "not_allowed_token_type"),
    ):
        said = await slack.people.post("/api/auth.test", headers={"Authorization": f"Bearer {token}"} if token else {})
        assert said.json()["error"] == error
    assert (await refused(slack.web.apps_connections_open(app_token="xoxb-practice")))[
        "error"
    ] == "not_allowed_token_type"
    assert (await refused(slack.web.api_call("chat.unheardOf")))["error"] == "unknown_method"


async def test_every_method_has_its_scopes_in_the_table() -> None:
    assert manifest.rules().scopes.keys() == methods.TABLE.keys()


async def test_a_scope_that_the_manifest_lacks_is_named(slack_with: Any) -> None:
    slack = await slack_with(a_manifest(without="groups:history"))
    answer = await refused(slack.web.conversations_history(channel="C0GEHEIM"))
    assert (answer["error"], answer["needed"]) == ("missing_scope", "groups:history")
    assert (await slack.web.conversations_history(channel="C0PLEIN"))["ok"]
    slack = await slack_with(a_manifest(without="chat:write"))
    assert (await refused(slack.web.chat_postMessage(channel="plein", text="1")))["error"] == "missing_scope"


async def test_the_bot_can_only_write_and_read_where_it_is_a_member(slack: World) -> None:
    for call in (
        slack.web.chat_postMessage(channel="kelder", text="1"),
        slack.web.conversations_history(channel="C0KELDER"),
    ):
        assert (await refused(call))["error"] == "not_in_channel"
    assert (await refused(slack.web.chat_postMessage(channel="nergens", text="1")))["error"] == "channel_not_found"
    await slack.web.conversations_join(channel="C0KELDER")
    assert (await slack.web.conversations_join(channel="C0KELDER"))["warning"] == "already_in_channel"
    assert (await slack.web.chat_postMessage(channel="kelder", text="1"))["ok"]
    assert (await slack.web.chat_postMessage(channel="U0NOOR", text="1"))["channel"] == "DU0NOOR"
    assert (await refused(slack.web.chat_postMessage(channel="U0WEG", text="1")))["error"] == "user_disabled"
    await slack.post("channels", channel="plein", archived=True)
    assert (await refused(slack.web.chat_postMessage(channel="plein", text="1")))["error"] == "is_archived"


async def test_metadata_comes_back_only_when_asked_for_and_survives_an_update(slack: World) -> None:
    metadata = {"event_type": "oogst_post", "event_payload": {"k": "abc"}}
    posted = await slack.web.chat_postMessage(channel="plein", text="1", metadata=metadata)
    await slack.web.chat_update(channel="C0PLEIN", ts=posted["ts"], text="2")

    async def seen(**asked: Any) -> Any:
        return (await slack.web.conversations_history(channel="C0PLEIN", **asked))["messages"][0]["metadata"]

    assert await seen() == {"event_type": "oogst_post"}
    assert await seen(include_all_metadata=True) == metadata
    nested = {"event_type": "x", "event_payload": {"a": {"b": {"c": 1}}}}
    for wrong in ({"event_type": "x"}, nested):
        assert (await refused(slack.web.chat_postMessage(channel="plein", text="1", metadata=wrong)))["error"] == (
            "invalid_metadata_format"
        )
    await slack.web.chat_update(channel="C0PLEIN", ts=posted["ts"], text="3", metadata={})
    message = (await slack.web.conversations_history(channel="C0PLEIN", include_all_metadata=True))["messages"][0]
    assert "metadata" not in message


async def test_a_message_that_slack_would_not_take_is_refused_with_the_place(slack: World) -> None:
    button = {"type": "button", "text": {"type": "plain_text", "text": "x" * 76}}
    answer = await refused(
        slack.web.chat_postMessage(channel="plein", blocks=[{"type": "actions", "elements": [button]}])
    )
    assert answer["error"] == "invalid_blocks"
    assert "/blocks/0/elements/0/text/text" in answer["response_metadata"]["messages"][0]
    assert (await refused(slack.web.chat_postMessage(channel="plein")))["error"] == "no_text"
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "y" * 2600}}
    long = await refused(slack.web.chat_postMessage(channel="plein", blocks=[section] * 4, text="1"))
    assert long["error"] == "msg_blocks_too_long"
    posted = await slack.web.chat_postMessage(channel="plein", text="1")
    assert (await refused(slack.web.chat_update(channel="C0PLEIN", ts=posted["ts"], text="z" * 4001)))[
        "error"
    ] == "msg_too_long"
    assert (await refused(slack.web.views_publish(user_id="U0NOOR", view={"type": "home", "blocks": []})))["error"] == (
        "invalid_arguments"
    )


async def test_blocks_validate_judges_by_the_same_table(slack: World) -> None:
    good = {"type": "section", "text": {"type": "plain_text", "text": "hoi"}}
    assert (await slack.web.api_call("blocks.validate", json={"blocks": [good]}))["ok"]
    answer = await refused(slack.web.api_call("blocks.validate", json={"view": {"type": "modal", "blocks": [good]}}))
    assert (answer["error"], answer["errors"][0]["pointer"]) == ("invalid_view", "/title")
    two = {"view": {"type": "home", "blocks": [good]}, "blocks": [good]}
    assert (await refused(slack.web.api_call("blocks.validate", json=two)))["error"] == "invalid_arguments"


async def test_only_own_messages_can_be_changed_and_ephemeral_ones_never(slack: World) -> None:
    said = await slack.do("say", channel="plein", text="van mij")
    assert (await refused(slack.web.chat_update(channel="C0PLEIN", ts=said["ts"], text="x")))[
        "error"
    ] == "cant_update_message"
    shown = await slack.web.chat_postEphemeral(channel="plein", user="U0NOOR", text="psst")
    assert (await refused(slack.web.chat_delete(channel="C0PLEIN", ts=shown["message_ts"])))[
        "error"
    ] == "message_not_found"
    assert (await refused(slack.web.chat_postEphemeral(channel="plein", user="U0GAST", text="psst")))["error"] == (
        "user_not_in_channel"
    )


async def test_too_many_posts_in_one_channel_are_held_back_with_a_time(slack_with: Any) -> None:
    slack = await slack_with(rates=1.0)
    for _ in range(3):
        await slack.web.chat_postMessage(channel="plein", text="1")
    answer = await refused(slack.web.chat_postMessage(channel="plein", text="1"))
    assert (answer.status_code, answer["error"], answer.headers["Retry-After"]) == (429, "ratelimited", "1")
    assert (await slack.web.chat_postMessage(channel="geheim", text="1"))["ok"], "each channel has its own rate"


async def test_history_is_paged_newest_first_and_fifteen_a_minute_for_distributed_apps(slack_with: Any) -> None:
    slack = await slack_with()
    for number in range(18):
        await slack.web.chat_postMessage(channel="plein", text=str(number))
    first = await slack.web.conversations_history(channel="C0PLEIN", limit=10)
    assert [each["text"] for each in first["messages"]][:2] == ["17", "16"] and first["has_more"]
    cursor = first["response_metadata"]["next_cursor"]
    rest = await slack.web.conversations_history(channel="C0PLEIN", limit=10, cursor=cursor)
    assert len(rest["messages"]) == 8 and not rest["has_more"]
    one = await slack.web.conversations_history(
        channel="C0PLEIN", latest=first["messages"][3]["ts"], inclusive=True, limit=1
    )
    assert [each["text"] for each in one["messages"]] == ["14"]

    slack = await slack_with(distributed=True, rates=1.0)
    for _ in range(3):
        await slack.web.chat_postMessage(channel="plein", text="1")
    await slack.web.conversations_history(channel="C0PLEIN", limit=100)
    answer = await refused(slack.web.conversations_history(channel="C0PLEIN"))
    assert answer.status_code == 429 and int(answer.headers["Retry-After"]) > 30


async def test_threads_are_read_with_their_parent_and_broadcasts_stay_in_the_channel(slack: World) -> None:
    parent = await slack.web.chat_postMessage(channel="plein", text="ouder")
    await slack.web.chat_postMessage(channel="plein", text="stil", thread_ts=parent["ts"])
    await slack.web.chat_postMessage(channel="plein", text="luid", thread_ts=parent["ts"], reply_broadcast=True)
    thread = await slack.web.conversations_replies(channel="C0PLEIN", ts=parent["ts"])
    assert [each["text"] for each in thread["messages"]] == ["ouder", "stil", "luid"]
    assert thread["messages"][0]["reply_count"] == 2
    history = await slack.web.conversations_history(channel="C0PLEIN")
    assert [each["text"] for each in history["messages"]] == ["luid", "ouder"]
    assert (await refused(slack.web.chat_postMessage(channel="plein", text="1", thread_ts="1.2")))["error"] == (
        "thread_not_found"
    )


async def test_people_have_a_language_a_zone_and_a_status(slack: World) -> None:
    samir = (await slack.web.users_info(user="U0SAMIR", include_locale=True))["user"]
    assert (samir["locale"], samir["tz"], samir["tz_offset"]) == ("en-US", "Europe/London", 3600)
    assert "locale" not in (await slack.web.users_info(user="U0SAMIR"))["user"]
    people = {each["name"]: each for each in (await slack.web.users_list())["members"]}
    assert people["gast"]["is_restricted"] and people["weg"]["deleted"] and people["vreemd"]["is_stranger"]
    assert people["oogst"]["is_bot"] and "email" not in people["noor"]["profile"]
    assert (await refused(slack.web.users_info(user="U0NIEMAND")))["error"] == "user_not_found"


async def test_channels_and_their_members_are_listed_as_far_as_the_bot_may_see_them(slack: World) -> None:
    async def names(**wanted: Any) -> list[str]:
        return [each.get("name", "") for each in (await slack.web.conversations_list(**wanted))["channels"]]

    assert await names() == ["plein", "kelder"]
    assert await names(types="public_channel,private_channel", limit=2) == ["plein", "kelder"]
    assert await names(types="private_channel") == ["geheim"]
    assert (await refused(slack.web.conversations_list(types="im")))["needed"] == "im:read"
    await slack.post("channels", channel="kelder", archived=True)
    assert await names(exclude_archived=True) == ["plein"]
    members = (await slack.web.conversations_members(channel="C0PLEIN"))["members"]
    assert "U0OOGST" in members and "U0GAST" not in members
    assert (await slack.web.conversations_info(channel="C0KELDER"))["channel"]["is_member"] is False
    assert (await slack.web.conversations_open(users="U0NOOR"))["channel"]["id"] == "DU0NOOR"
    assert (await refused(slack.web.conversations_open(users="U0WEG")))["error"] == "user_disabled"
    assert (await refused(slack.web.conversations_invite(channel="C0PLEIN", users="U0GAST")))[
        "needed"
    ] == "channels:manage"


async def test_a_scheduled_message_with_metadata_is_accepted_and_never_posted(slack: World) -> None:
    metadata = {"event_type": "x", "event_payload": {}}
    said = await slack.web.chat_scheduleMessage(channel="C0PLEIN", text="1", post_at=1623930900, metadata=metadata)
    assert said["ok"] and said["scheduled_message_id"]
    await slack.post("clock/move", by_seconds=86400)
    assert (await slack.see())["channels"]["plein"] == []


async def test_a_file_goes_up_is_shared_and_comes_down(slack: World) -> None:
    shared = await slack.web.files_upload_v2(
        channel="C0PLEIN", content="BEGIN:VCALENDAR", filename="sessie.ics", title="Agenda"
    )
    seen = (await slack.see())["channels"]["plein"][-1]
    assert seen["files"][0]["name"] == "sessie.ics" and seen["subtype"] == "file_share" and "Agenda" in seen["plain"]
    assert (await slack.people.get(f"/_mens/files/{shared['file']['id']}")).text == "BEGIN:VCALENDAR"
    url = shared["file"]["url_private_download"]
    token = {"Authorization": "Bearer xoxb-practice"}
    assert (await slack.people.get(url, headers=token)).text == "BEGIN:VCALENDAR"
    await slack.do("say", channel="plein", text="kijk", files=[{"name": "a.txt", "text": "inhoud"}])
    assert (await slack.see())["channels"]["plein"][-1]["files"][0]["size"] == 6


async def test_faults_strike_the_method_they_are_meant_for_and_then_stop(slack: World) -> None:
    await slack.post("faults", method="chat.postMessage", error="fatal_error")
    await slack.post("faults", method="chat.postMessage", status=503, after_store=True)
    await slack.post("faults", method="chat.postMessage", status=429, error="rate_limited", retry_after=7)
    assert (await slack.web.auth_test())["ok"]
    answers = [await refused(slack.web.chat_postMessage(channel="plein", text=text)) for text in "abc"]
    assert [each.status_code for each in answers] == [200, 503, 429] and answers[2].headers["Retry-After"] == "7"
    assert (await slack.web.chat_postMessage(channel="plein", text="d"))["ok"]
    assert [each["text"] for each in (await slack.see())["channels"]["plein"]] == ["b", "d"]
    assert "knows no" in (await slack.post("faults", method="*", tijd=3))["error"]


async def test_a_connection_cut_after_the_post_was_stored_is_posted_twice_by_the_sdk_unless_told_not_to(
    slack: World,
) -> None:
    await slack.post("faults", method="chat.postMessage", cut_after_store=True)
    with pytest.raises(aiohttp.ClientConnectionError):
        await slack.web.chat_postMessage(channel="plein", text="eens")
    assert len(slack.practice.workspace.channel("plein").messages) == 1
    await slack.post("faults", method="chat.postMessage", cut_after_store=True)
    retrying = AsyncWebClient("xoxb-practice", base_url=f"{slack.base}/api/")
    await retrying.chat_postMessage(channel="plein", text="nog eens")
    assert len(slack.practice.workspace.channel("plein").messages) == 3


async def test_a_slow_answer_comes_after_the_effect(slack: World) -> None:
    await slack.post("faults", method="chat.postMessage", delay_after=1.0)
    impatient = AsyncWebClient("xoxb-practice", base_url=f"{slack.base}/api/", retry_handlers=[], timeout=0.3)
    with pytest.raises(TimeoutError):
        await impatient.chat_postMessage(channel="plein", text="traag")
    assert len(slack.practice.workspace.channel("plein").messages) == 1


async def test_the_journal_tells_everything_in_order_and_in_plain_words(slack_with: Any) -> None:
    slack = await slack_with(retries=())
    await slack.web.chat_postMessage(channel="plein", text="1")
    await slack.do("say", channel="plein", text="hoi")
    told = (await slack.people.get("/_mens/journal")).json()
    assert [each["kind"] for each in told["entries"]][:2] == ["call", "delivery"]
    assert told["entries"][0]["summary"]["nl"] == "Oogst riep chat.postMessage aan: ok"
    assert told["entries"][0]["request"]["text"] == "1" and "token" not in told["entries"][0]["request"]
    since = (await slack.people.get(f"/_mens/journal?since={told['last']}")).json()
    assert since["entries"] == []
