"""What the app's real manifest.json allows: scopes, events, commands, shortcuts. All the rest is refused."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from .state import Json

# Web API method -> the scopes of which one is needed; by kind of channel where Slack's scopes differ by kind.
_READ = {"channel": "channels:read", "group": "groups:read", "im": "im:read"}
_HISTORY = {"channel": "channels:history", "group": "groups:history", "im": "im:history"}
_INVITE = {"channel": "channels:manage", "group": "groups:write"}
METHODS: dict[str, tuple[str, ...] | dict[str, str]] = {
    "api.test": (),
    "apps.connections.open": (),
    "auth.test": (),
    "blocks.validate": (),
    "bots.info": ("users:read",),
    "chat.delete": ("chat:write",),
    "chat.getPermalink": (),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.scheduleMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.history": _HISTORY,
    "conversations.info": _READ,
    "conversations.invite": _INVITE,
    "conversations.join": ("channels:join",),
    "conversations.list": ("channels:read", "groups:read", "im:read", "mpim:read"),
    "conversations.members": _READ,
    "conversations.open": ("im:write", "mpim:write"),
    "conversations.replies": _HISTORY,
    "files.completeUploadExternal": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "files.info": ("files:read",),
    "team.info": ("team:read",),
    "users.info": ("users:read",),
    "users.list": ("users:read",),
    "views.open": (),
    "views.publish": (),
    "views.push": (),
    "views.update": (),
}

# Event -> the scope without which Slack does not send it ("" is none).
EVENTS = {
    "app_home_opened": "",
    "app_mention": "app_mentions:read",
    "app_uninstalled": "",
    "channel_archive": "channels:read",
    "channel_rename": "channels:read",
    "channel_unarchive": "channels:read",
    "file_shared": "files:read",
    "group_archive": "groups:read",
    "group_rename": "groups:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "team_join": "users:read",
    "tokens_revoked": "",
    "user_change": "users:read",
}


@dataclass(frozen=True)
class Manifest:
    """The parts of manifest.json that decide what Slack lets the app do."""

    scopes: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    commands: dict[str, Json] = field(default_factory=dict)
    shortcuts: dict[str, Json] = field(default_factory=dict)
    home: bool = False
    messages_tab: bool = False
    writable: bool = False
    socket_mode: bool = False
    interactive: bool = False

    def missing(self, method: str, kind: str = "channel") -> str:
        """The scope this method lacks for a channel of this kind; "" when it may be called."""
        needed = METHODS[method]
        if isinstance(needed, dict):
            needed = (needed.get(kind, ""),)
        if not needed or needed == ("",) or any(scope in self.scopes for scope in needed):
            return ""
        return needed[0]

    def receives(self, event: str) -> bool:
        """Whether Slack would send this event: subscribed to, and its scope granted."""
        scope = EVENTS.get(event, "")
        return event in self.events and (not scope or scope in self.scopes)


def read(path: Path) -> Manifest:
    """Read a manifest (v2). Raises OSError, or ValueError if it is not JSON or subscribes to an event unknown here."""
    return parse(json.loads(path.read_text(encoding="utf-8")))


def parse(raw: Json) -> Manifest:
    """Take from a manifest what the practice Slack obeys. Raises ValueError on an event that is not in EVENTS."""
    features, settings = raw.get("features", {}), raw.get("settings", {})
    granted, tabs = raw.get("oauth_config", {}).get("scopes", {}), features.get("app_home", {})
    events: Collection[str] = settings.get("event_subscriptions", {}).get("bot_events", [])
    if strange := sorted(set(events) - EVENTS.keys()):
        raise ValueError(f"the practice Slack does not send these events of the manifest: {', '.join(strange)}")
    return Manifest(
        scopes=frozenset([*granted.get("bot", []), *granted.get("bot_optional", [])]),
        events=frozenset(events),
        commands={command["command"]: command for command in features.get("slash_commands", [])},
        shortcuts={shortcut["callback_id"]: shortcut for shortcut in features.get("shortcuts", [])},
        home=bool(tabs.get("home_tab_enabled")),
        messages_tab=bool(tabs.get("messages_tab_enabled")),
        writable=bool(tabs.get("messages_tab_enabled") and not tabs.get("messages_tab_read_only_enabled")),
        socket_mode=bool(settings.get("socket_mode_enabled")),
        interactive=bool(settings.get("interactivity", {}).get("is_enabled")),
    )
