"""What the app's real manifest.json allows: scopes, events, commands, shortcuts. All the rest is refused."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import yaml

from .state import Json


@dataclass(frozen=True)
class Rules:
    """What slack.yaml says: scopes and calls a minute of each method, and the scope of each event ("" is none)."""

    scopes: dict[str, list[str] | dict[str, str]]
    minute: dict[str, int]
    events: dict[str, str]


@lru_cache(maxsize=1)
def rules() -> Rules:
    """The table of slack.yaml, read once."""
    raw = yaml.safe_load(Path(__file__).with_name("slack.yaml").read_text(encoding="utf-8"))
    methods: dict[str, Json] = raw["methods"]
    scopes = {name: row.get("scopes", []) for name, row in methods.items()}
    return Rules(scopes, {name: row["minute"] for name, row in methods.items()}, raw["events"])


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
        needed = rules().scopes[method]
        if isinstance(needed, dict):
            needed = [needed[kind]] if kind in needed else []
        return "" if not needed or self.scopes.intersection(needed) else needed[0]

    def receives(self, event: str) -> bool:
        """Whether Slack would send this event: subscribed to, and its scope granted."""
        scope = rules().events.get(event, "")
        return event in self.events and (not scope or scope in self.scopes)


def read(path: Path) -> Manifest:
    """Read a manifest (v2). Raises OSError, or ValueError if it is not JSON or subscribes to an event unknown here."""
    return parse(json.loads(path.read_text(encoding="utf-8")))


def parse(raw: Json) -> Manifest:
    """Take from a manifest what is obeyed here. Raises ValueError on an event that slack.yaml does not know."""
    features, settings = raw.get("features", {}), raw.get("settings", {})
    granted, tabs = raw.get("oauth_config", {}).get("scopes", {}), features.get("app_home", {})
    events: Collection[str] = settings.get("event_subscriptions", {}).get("bot_events", [])
    if strange := sorted(set(events) - rules().events.keys()):
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
