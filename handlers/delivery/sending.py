"""One call to Slack for one parcel, and what Slack said: to post, to change, to upload, to remove a file."""

import asyncio
import uuid
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.delivery import POST_TIMEOUT, Operation, Reply
from handlers.answers import UNREADABLE
from handlers.clients import NoInstallation
from handlers.delivery.letters import Body, Letter
from handlers.world import World
from storage import programme
from storage.delivery import Parcel

EVENT_TYPE = "oogst_message"
METHODS = {
    Operation.POST: "chat.postMessage",
    Operation.UPDATE: "chat.update",
    Operation.FILE: "files.getUploadURLExternal",
    Operation.REMOVE: "files.delete",
}
SCOPES = {
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "files.getUploadURLExternal": "files:write",
    "files.delete": "files:write",
    "conversations.open": "im:write",
}
"""The right that each of these calls needs."""
GONE = frozenset({"file_not_found", "file_deleted"})
"""What Slack says of a file that somebody removed before us."""
PAUSED = Reply(error="no_installation", before_sending=True)
"""Oogst is not installed in that workspace now: nothing was asked of Slack."""


async def direct_channel(world: World, parcel: Parcel) -> str | Reply:
    """Return where to write to this person, or what Slack said instead; nothing was posted then, surely."""
    if parcel.user is None:
        return Reply(200, False, "no_channel")
    try:
        answer = await world.slack_of(parcel.team).conversations_open(users=parcel.user)
    except SlackApiError as error:
        return reply_of(error)
    except NoInstallation:
        return PAUSED
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
        return Reply(error="connect", before_sending=True)  # whatever became of it, nothing was posted
    channel = str(answer["channel"]["id"])
    user = parcel.user
    await world.database.write(lambda db: programme.set_direct_channel(db, parcel.team, user, channel))
    return channel


def method_of(parcel: Parcel) -> str:
    """Return Slack's name of what this parcel asks for; for an upload the first of its calls."""
    return METHODS[parcel.operation]


def message_id(fingerprint: str) -> str:
    """Return the id that goes with a post and with every repetition of it; Slack promises nothing about it."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, fingerprint))


async def send(world: World, parcel: Parcel, letter: Letter, channel: str, seconds: float = POST_TIMEOUT) -> Reply:
    """Make the one call to Slack that this parcel asks for, and return what came back; raises nothing of Slack's."""
    try:
        slack = world.slack_of(parcel.team)
    except NoInstallation:
        return PAUSED
    body = letter.body
    blocks = [block.to_dict() for block in body.blocks]
    try:
        async with asyncio.timeout(seconds):
            if parcel.operation is Operation.UPDATE:
                answer = await slack.chat_update(
                    channel=channel, ts=letter.target_ts or "", text=body.text[:4000], blocks=blocks
                )
                return Reply(answer.status_code, True, ts=str(answer.get("ts") or letter.target_ts))
            if parcel.operation is Operation.REMOVE:
                return await _remove(slack, letter.target_ts or "")
            if body.file is not None:
                return await _upload(slack, body, channel, letter.thread_ts)
            answer = await slack.chat_postMessage(
                channel=channel,
                text=body.text,
                blocks=blocks or None,
                thread_ts=letter.thread_ts,
                metadata={"event_type": EVENT_TYPE, "event_payload": {"k": letter.fingerprint}},
                unfurl_links=False,
                unfurl_media=False,
                client_msg_id=message_id(letter.fingerprint),
            )
            if answer.get("channel") not in (None, channel):  # it may stand anywhere, or nowhere
                return Reply(answer.status_code, error="another_channel")
            return Reply(answer.status_code, True, ts=str(answer["ts"]))
    except SlackApiError as error:
        return reply_of(error)
    except (aiohttp.ClientConnectorError, aiohttp.ClientConnectorDNSError):
        return Reply(error="connect", before_sending=True)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        return Reply(error=type(error).__name__)


async def _remove(slack: AsyncWebClient, file: str) -> Reply:
    """Take away a file that we uploaded; one that is gone already is as good."""
    try:
        answer = await slack.files_delete(file=file)
    except SlackApiError as error:
        reply = reply_of(error)
        return Reply(200, True, ts=file) if reply.error in GONE else reply
    return Reply(answer.status_code, True, ts=file)


LONGEST_ALT = 1000
"""Characters that Slack takes of what a picture shows."""


async def _upload(slack: AsyncWebClient, body: Body, channel: str, thread_ts: str | None) -> Reply:
    assert body.file is not None
    place = await slack.files_getUploadURLExternal(
        filename=body.file_name, length=len(body.file), alt_txt=body.alt[:LONGEST_ALT] or None
    )
    async with (
        aiohttp.ClientSession(trust_env=slack.trust_env_in_session) as http,
        http.post(place["upload_url"], data=body.file) as answer,
    ):
        if answer.status != 200:
            return Reply(answer.status, error="upload")
    done = await slack.files_completeUploadExternal(
        files=[{"id": place["file_id"], "title": body.file_name}],
        channel_id=channel,
        initial_comment=body.text,
        thread_ts=thread_ts,
    )
    return Reply(done.status_code, True, ts=str(place["file_id"]))


def reply_of(error: SlackApiError) -> Reply:
    """Read what Slack said when it did not do what was asked."""
    response: Any = error.response
    if not isinstance(response, AsyncSlackResponse):  # Slack answered with something that cannot be read
        return Reply(error=UNREADABLE)
    headers = response.headers or {}
    data = response.data if isinstance(response.data, dict) else {}
    retry_after = headers.get("Retry-After") or headers.get("retry-after")
    needed = str(data.get("needed") or "")
    return Reply(
        response.status_code, data.get("ok"), str(data.get("error") or ""), retry_after=retry_after, needed=needed
    )
