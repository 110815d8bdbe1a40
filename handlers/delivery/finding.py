"""Looks in Slack's history whether a post whose outcome is unknown arrived after all."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.delivery import RETRY_AFTER_DEFAULT, Operation, is_busy, wait_before_retry
from bot.programme import Programme
from handlers.delivery.letters import Letter
from handlers.delivery.sending import reply_of
from handlers.world import World
from storage import delivery, programme
from storage.delivery import Parcel

PAGE = 15
"""Messages in one page: what Slack gives at most to an app that is sold outside its Marketplace."""
MOST_WAITS = 60
"""So often Slack may say "later" in one search; where one page a minute is allowed, that is an hour."""


async def find(world: World, parcel: Parcel, letter: Letter, since: datetime) -> str | None:
    """Look for what may have arrived; returns its ts, of a file its id. Raises what the client raises."""
    settings = await world.database.read(lambda db: programme.programme(db, parcel.team))
    if settings is None:
        return None
    async for message in read(world, parcel.team, letter.channel, letter.thread_ts, since):
        if not is_ours(message, settings):
            continue
        if parcel.operation is Operation.FILE:
            for file in _list(message.get("files")):
                if isinstance(file, Mapping) and file.get("title") == letter.body.file_name and file.get("id"):
                    known = partial(delivery.holds, team=parcel.team, ts=str(file["id"]))
                    if not await world.database.read(known):  # else it is another one of that name
                        return str(file["id"])
        elif mark_of(message) == letter.fingerprint:
            return str(message["ts"])
    return None


async def read(
    world: World, team: str, channel: str, thread_ts: str | None, since: datetime, *, limit: int = PAGE
) -> AsyncIterator[Mapping[str, Any]]:
    """Give the messages of a channel, or of one thread, since a moment; page by page, as far as the caller reads on.

    Where Slack says "later" it is obeyed and the same page asked again. Raises what the client raises.
    """
    method = "conversations.replies" if thread_ts else "conversations.history"
    place = {"channel": channel, **({"ts": thread_ts} if thread_ts else {})}
    cursor: str | None = None
    waits = 0
    while True:
        await world.turns.wait(team, method)
        asked = {**place, "oldest": f"{since.timestamp():.6f}", "include_all_metadata": True, "limit": limit}
        if cursor:
            asked["cursor"] = cursor
        try:
            page: Any = await world.slack_of(team).api_call(method, http_verb="GET", params=asked)
        except SlackApiError as error:
            reply = reply_of(error)
            waits += 1
            if not is_busy(reply) or waits > MOST_WAITS or (not cursor and waits > 1):
                raise
            world.turns.hold(team, method, wait_before_retry(reply, 1) if reply.status else RETRY_AFTER_DEFAULT)
            continue
        for message in _list(page.get("messages")):
            if isinstance(message, Mapping) and isinstance(message.get("ts"), str):
                yield message
        more = page.get("response_metadata")
        follows = more.get("next_cursor") if isinstance(more, Mapping) else None
        if not isinstance(follows, str) or follows in ("", cursor):  # the last page, or one that points at itself
            return
        cursor = follows


def is_ours(message: Mapping[str, Any], settings: Programme) -> bool:
    """Say whether we wrote this: what Slack tells of the writer (user, bot) has to be ours, each as far as known."""
    told = [
        (message.get("user"), settings.bot_user),
        (message.get("bot_id"), settings.bot_id),
    ]
    known = [(theirs, ours) for theirs, ours in told if theirs and ours]
    return bool(known) and all(theirs == ours for theirs, ours in known)


def mark_of(message: Mapping[str, Any]) -> str:
    """Return the mark that a message carries in its metadata; "" where there is none."""
    metadata = message.get("metadata")
    payload = metadata.get("event_payload") if isinstance(metadata, Mapping) else None
    mark = payload.get("k") if isinstance(payload, Mapping) else None
    return mark if isinstance(mark, str) else ""


def _list(found: Any) -> list[Any]:
    return found if isinstance(found, list) else []
