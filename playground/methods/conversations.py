"""conversations.*: channels, their members and their history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from playground import messaging, payloads
from playground.errors import Refused
from playground.state import Channel, Json, Message

if TYPE_CHECKING:
    from playground.practice import Practice


def page(items: Sequence[Any], args: Json, default: int, most: int) -> tuple[Sequence[Any], Json]:
    """One page of a list, and the response_metadata with the cursor of the next. Raises Refused on a wrong one."""
    try:
        limit, start = int(args.get("limit") or default), int(args.get("cursor") or 0)
    except ValueError:
        raise Refused("invalid_cursor") from None
    if limit < 1:
        raise Refused("invalid_limit")
    limit = min(limit, most)
    after = str(start + limit) if start + limit < len(items) else ""
    return items[start : start + limit], {"next_cursor": after}


def asked(args: Json, name: str) -> bool:
    """Whether an argument is true, however it was written."""
    return str(args.get(name) or "").lower() in ("true", "1")


def _member(practice: Practice, args: Json) -> Channel:
    """The channel, where the bot has to be a member: nothing else can be read."""
    channel = practice.channel(str(args.get("channel") or ""))
    if practice.workspace.app.bot_user not in channel.members:
        raise Refused("channel_not_found" if channel.private else "not_in_channel")
    return channel


def _read(practice: Practice, args: Json, messages: list[Message], *, newest_first: bool) -> Json:
    oldest, latest = str(args.get("oldest") or "0"), str(args.get("latest") or "9" * 12)
    inclusive = asked(args, "inclusive")
    low, high = float(oldest), float(latest)
    within = [each for each in messages if low < float(each.ts) < high or (inclusive and each.ts in (oldest, latest))]
    if newest_first:
        within.reverse()
    default, most = (15, 15) if practice.settings.distributed else (100, 999)
    found, cursor = page(within, args, default, most)
    all_metadata = asked(args, "include_all_metadata")
    return {
        "messages": [payloads.message(practice, each, metadata=all_metadata) for each in found],
        "has_more": bool(cursor["next_cursor"]),
        "response_metadata": cursor,
    }


def history(practice: Practice, args: Json) -> Json:
    """Messages of a channel, newest first; replies only where they were broadcast."""
    channel = _member(practice, args)
    top = [each for each in channel.messages.values() if each.thread_ts in ("", each.ts) or each.broadcast]
    return _read(practice, args, top, newest_first=True)


def replies(practice: Practice, args: Json) -> Json:
    """A thread, oldest first, its parent before it."""
    channel = _member(practice, args)
    parent = channel.messages.get(str(args.get("ts") or ""))
    if parent is None:
        raise Refused("thread_not_found")
    found = _read(practice, args, [channel.messages[ts] for ts in parent.replies], newest_first=False)
    found["messages"].insert(0, payloads.message(practice, parent, metadata=asked(args, "include_all_metadata")))
    return found


def info(practice: Practice, args: Json) -> Json:
    """Tell about a channel."""
    channel = practice.channel(str(args.get("channel") or ""))
    if channel.private and practice.workspace.app.bot_user not in channel.members:
        raise Refused("channel_not_found")
    return {"channel": payloads.channel(practice.workspace, channel)}


def list_all(practice: Practice, args: Json) -> Json:
    """The channels that the bot can see, of the types asked for and allowed."""
    workspace, scopes = practice.workspace, practice.manifest.scopes
    kinds = {"public_channel": "channel", "private_channel": "group", "im": "im"}
    types = str(args.get("types") or "public_channel").split(",")
    wanted = {kinds[each.strip()] for each in types if each.strip() in kinds}
    for kind, scope in (("channel", "channels:read"), ("group", "groups:read"), ("im", "im:read")):
        if kind in wanted and scope not in scopes:
            raise Refused("missing_scope", needed=scope, provided=",".join(sorted(scopes)))
    live = asked(args, "exclude_archived")
    seen = [
        channel
        for channel in workspace.channels.values()
        if channel.kind in wanted
        and not (live and channel.archived)
        and (not channel.private or workspace.app.bot_user in channel.members)
    ]
    found, cursor = page(seen, args, 100, 1000)
    return {"channels": [payloads.channel(workspace, each) for each in found], "response_metadata": cursor}


def open_dm(practice: Practice, args: Json) -> Json:
    """Open the direct message with one person."""
    users = str(args.get("users") or "").split(",")
    if args.get("channel"):
        channel = practice.channel(str(args["channel"]))
    elif len(users) == 1 and users[0] in practice.workspace.people:
        if practice.workspace.people[users[0]].deleted:
            raise Refused("user_disabled")
        channel = practice.workspace.dm(users[0])
    else:
        raise Refused("user_not_found" if len(users) == 1 else "not_in_the_practice_slack")
    told: Json = {"id": channel.id}
    return {"channel": payloads.channel(practice.workspace, channel) if asked(args, "return_im") else told}


def join(practice: Practice, args: Json) -> Json:
    """Let the bot join a public channel."""
    channel = practice.channel(str(args.get("channel") or ""))
    if channel.kind != "channel":
        raise Refused("method_not_supported_for_channel_type" if channel.im else "channel_not_found")
    if channel.archived:
        raise Refused("is_archived")
    already = messaging.join(practice, channel, practice.workspace.app.bot_user) is None
    told: Json = {"channel": payloads.channel(practice.workspace, channel)}
    return told | ({"warning": "already_in_channel"} if already else {})


def members(practice: Practice, args: Json) -> Json:
    """The ids of who is in a channel."""
    channel = practice.channel(str(args.get("channel") or ""))
    found, cursor = page(channel.members, args, 100, 1000)
    return {"members": list(found), "response_metadata": cursor}


def invite(practice: Practice, args: Json) -> Json:
    """Put people in a channel where the bot is."""
    channel = _member(practice, args)
    for user in str(args.get("users") or "").split(","):
        if user not in practice.workspace.people:
            raise Refused("user_not_found")
        if user in channel.members:
            raise Refused("already_in_channel")
        messaging.join(practice, channel, user)
    return {"channel": payloads.channel(practice.workspace, channel)}


TABLE = {
    "conversations.history": history,
    "conversations.info": info,
    "conversations.invite": invite,
    "conversations.join": join,
    "conversations.list": list_all,
    "conversations.members": members,
    "conversations.open": open_dm,
    "conversations.replies": replies,
}
