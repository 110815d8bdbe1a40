"""Looks in Slack's history whether a post whose outcome is unknown arrived after all."""

from datetime import datetime
from typing import Any

from bot.delivery import Operation
from handlers.delivery.letters import Letter
from handlers.world import World
from storage import programme
from storage.delivery import Parcel


async def find(world: World, parcel: Parcel, letter: Letter, since: datetime) -> str | None:
    """Look for what may have arrived; returns its ts, of a file its id. Raises what the client raises."""
    slack = world.slack_of(parcel.team)
    bot_user = await world.database.read(lambda db: programme.programme(db, parcel.team))
    cursor: str | None = None
    while True:
        page: Any
        oldest = f"{since.timestamp():.6f}"
        if letter.thread_ts:
            page = await slack.conversations_replies(
                channel=letter.channel,
                ts=letter.thread_ts,
                oldest=oldest,
                include_all_metadata=True,
                limit=15,
                cursor=cursor,
            )
        else:
            page = await slack.conversations_history(
                channel=letter.channel, oldest=oldest, include_all_metadata=True, limit=15, cursor=cursor
            )
        for message in page["messages"]:
            payload = (message.get("metadata") or {}).get("event_payload") or {}
            ours = bot_user is not None and message.get("user") == bot_user.bot_user
            named = [f for f in message.get("files") or [] if f.get("title") == letter.body.file_name]
            if ours and parcel.operation is Operation.FILE and named:
                return str(named[0]["id"])
            if ours and payload.get("k") == letter.fingerprint:
                return str(message["ts"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
        if cursor is None:
            return None
