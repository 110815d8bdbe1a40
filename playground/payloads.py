"""Builds what Slack sends: user, channel, message, view and file objects, and the bodies of events and interactions."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote
from zoneinfo import ZoneInfo

from .state import Channel, FileUpload, Json, Message, Person, View, Workspace

if TYPE_CHECKING:
    from .practice import Practice


def user(workspace: Workspace, person: Person, now: datetime, *, locale: bool = False, email: bool = False) -> Json:
    """A user object; `locale` and `email` as asked for and allowed."""
    offset = now.astimezone(ZoneInfo(person.tz)).utcoffset()
    profile: Json = {
        "real_name": person.real_name,
        "real_name_normalized": person.real_name,
        "display_name": person.name,
        "display_name_normalized": person.name,
        "first_name": person.real_name.split()[0],
        "title": person.title,
        "image_48": "",
        "team": workspace.team.id,
    }
    if email:
        profile["email"] = f"{person.id.lower()}@example.org"
    found: Json = {
        "id": person.id,
        "team_id": workspace.team.id,
        "name": person.name.lower(),
        "real_name": person.real_name,
        "deleted": person.deleted,
        "tz": person.tz,
        "tz_label": person.tz,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": profile,
        "is_admin": False,
        "is_owner": False,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "is_restricted": person.guest,
        "is_ultra_restricted": False,
        "updated": 0,
    }
    if person.stranger:
        found["is_stranger"] = True
    if locale:
        found["locale"] = person.locale
    if person.is_bot:
        profile |= {"bot_id": workspace.app.bot_id, "api_app_id": workspace.app.id}
    return found


def channel(workspace: Workspace, found: Channel) -> Json:
    """A conversation object as the bot sees it."""
    common: Json = {"id": found.id, "created": 0, "context_team_id": workspace.team.id, "is_archived": found.archived}
    if found.im:
        return common | {"is_im": True, "user": found.im, "is_open": True}
    return common | {
        "name": found.name,
        "name_normalized": found.name,
        "is_channel": not found.private,
        "is_group": found.private,
        "is_im": False,
        "is_mpim": False,
        "is_private": found.private,
        "is_general": False,
        "is_member": workspace.app.bot_user in found.members,
        "topic": {"value": found.topic, "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "num_members": len(found.members),
    }


def file(practice: Practice, upload: FileUpload) -> Json:
    """A file object; its private urls are of this server and want the bot's token. Of a deleted one the id is left."""
    if upload.deleted:
        return {"id": upload.id, "mode": "tombstone"}
    url = f"{practice.base}/_files/{upload.id}"
    ending = quote(upload.name.replace("/", "_").lower())
    return {
        "id": upload.id,
        "created": upload.created,
        "timestamp": upload.created,
        "name": upload.name,
        "title": upload.title,
        "mimetype": upload.mimetype,
        "filetype": upload.filetype,
        "pretty_type": upload.filetype.upper(),
        "user": upload.user,
        "user_team": practice.workspace.team.id,
        "editable": False,
        "size": upload.size,
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": any(not practice.workspace.channels[each].private for each in upload.channels),
        "public_url_shared": False,
        "url_private": f"{url}/{ending}",
        "url_private_download": f"{url}/download/{ending}",
        "permalink": f"{practice.base}/_mens/files/{upload.id}/{ending}",
        "file_access": "visible",
        "channels": upload.channels,
    }


def message(practice: Practice, found: Message, *, metadata: bool = True) -> Json:
    """A message object; without `metadata` only the type of its metadata is told, as Slack does unless asked."""
    workspace = practice.workspace
    told: Json = {"type": "message", "user": found.user, "ts": found.ts, "text": found.text, "team": workspace.team.id}
    if found.subtype:
        told["subtype"] = found.subtype
    if found.by_bot:
        told |= {"bot_id": workspace.app.bot_id, "app_id": workspace.app.id}
    for key in ("blocks", "attachments", "thread_ts", "client_msg_id"):
        if value := getattr(found, key):
            told[key] = value
    if found.edited:
        told["edited"] = {"user": found.user, "ts": found.edited}
    if found.metadata is not None:
        told["metadata"] = found.metadata if metadata else {"event_type": found.metadata["event_type"]}
    if found.files:
        told["files"] = [file(practice, workspace.files[each]) for each in found.files]
    if found.replies:
        replies = [workspace.channels[found.channel].messages[ts] for ts in found.replies]
        people = list(dict.fromkeys(reply.user for reply in replies))
        told |= {
            "thread_ts": found.ts,
            "reply_count": len(replies),
            "reply_users": people[:5],
            "reply_users_count": len(people),
            "latest_reply": replies[-1].ts,
            "is_locked": False,
            "subscribed": False,
        }
    elif found.thread_ts and found.thread_ts != found.ts:
        parent = workspace.channels[found.channel].messages.get(found.thread_ts)
        told["parent_user_id"] = parent.user if parent else ""
    return told


def view(workspace: Workspace, found: View) -> Json:
    """A view object as views.* answers and interactions carry it."""
    content = found.content
    told: Json = {
        "id": found.id,
        "team_id": workspace.team.id,
        "type": content["type"],
        "blocks": content["blocks"],
        "private_metadata": content.get("private_metadata", ""),
        "callback_id": content.get("callback_id", ""),
        "external_id": content.get("external_id", ""),
        "state": {"values": found.values},
        "hash": found.hash,
        "clear_on_close": content.get("clear_on_close", False),
        "notify_on_close": content.get("notify_on_close", False),
        "root_view_id": found.root or found.id,
        "previous_view_id": found.previous or None,
        "app_id": workspace.app.id,
        "bot_id": workspace.app.bot_id,
        "app_installed_team_id": workspace.team.id,
    }
    if content["type"] == "modal":
        told |= {key: content.get(key) for key in ("title", "submit", "close")}
    return told


def event(workspace: Workspace, body: Json, event_id: str, now: float) -> Json:
    """The envelope of the Events API around an event."""
    team, app = workspace.team.id, workspace.app
    return {
        "token": "practice",
        "team_id": team,
        "api_app_id": app.id,
        "event": body,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(now),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": team,
                "user_id": app.bot_user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
    }


def interaction(workspace: Workspace, kind: str, person: Person, **more: object) -> Json:
    """What every interactive payload starts with, and `more`."""
    return {
        "type": kind,
        "team": {"id": workspace.team.id, "domain": workspace.team.domain},
        "user": {
            "id": person.id,
            "username": person.name.lower(),
            "name": person.name.lower(),
            "team_id": workspace.team.id,
        },
        "api_app_id": workspace.app.id,
        "token": "practice",
        "enterprise": None,
        "is_enterprise_install": False,
        **more,
    }


def command(workspace: Workspace, person: Person, where: Channel, name: str, text: str, **more: str) -> Json:
    """The body of a slash command."""
    return {
        "token": "practice",
        "team_id": workspace.team.id,
        "team_domain": workspace.team.domain,
        "channel_id": where.id,
        "channel_name": "privategroup" if where.private else where.name,
        "user_id": person.id,
        "user_name": person.name.lower(),
        "command": name,
        "text": text,
        "api_app_id": workspace.app.id,
        "is_enterprise_install": "false",
        **more,
    }
