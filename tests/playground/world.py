"""A practice Slack with its people, and small real Bolt apps that connect to it over real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

import httpx
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from playground import scenario
from playground.practice import Practice

Json = dict[str, Any]

SCOPES = [
    "commands",
    "chat:write",
    "app_mentions:read",
    "channels:read",
    "channels:history",
    "channels:join",
    "groups:read",
    "groups:history",
    "im:history",
    "im:write",
    "users:read",
    "files:read",
    "files:write",
]
EVENTS = [
    "message.channels",
    "message.groups",
    "message.im",
    "app_mention",
    "app_home_opened",
    "member_joined_channel",
    "channel_rename",
    "channel_archive",
    "user_change",
]


def a_manifest(*, without: str = "", **settings: Any) -> Json:
    """A manifest of a small app; `without` leaves out one scope or event."""
    return {
        "features": {
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
            "slash_commands": [{"command": "/oogst", "description": "Oogst"}],
            "shortcuts": [
                {"name": "Noteren", "type": "message", "callback_id": "note", "description": "Noteren"},
                {"name": "Nieuw", "type": "global", "callback_id": "new", "description": "Nieuw"},
            ],
        },
        "oauth_config": {"scopes": {"bot": [each for each in SCOPES if each != without]}},
        "settings": {
            "event_subscriptions": {"bot_events": [each for each in EVENTS if each != without]},
            "interactivity": {"is_enabled": True},
            "socket_mode_enabled": True,
            **settings,
        },
    }


PLOT = scenario.parse(
    {
        "starts": "2021-06-17T13:55 Europe/Amsterdam",
        "people": [
            {"name": "Noor", "real_name": "Noor de Graaf"},
            {"name": "Samir", "real_name": "Samir Haddou", "locale": "en-US", "tz": "Europe/London"},
            {"name": "Gast", "guest": True},
            {"name": "Weg", "deleted": True},
            {"name": "Vreemd", "stranger": True},
        ],
        "channels": [
            {"name": "plein", "bot": True},
            {"name": "kelder", "bot": False},
            {"name": "geheim", "private": True, "members": ["Noor"], "bot": True},
        ],
    }
)


class World:
    """A practice Slack at `base` with its client for the verbs, and as many Bolt apps as a test connects."""

    def __init__(self, practice: Practice, stack: AsyncExitStack, people: httpx.AsyncClient) -> None:
        self.practice, self._stack, self.people, self.base = practice, stack, people, practice.base
        self.web = AsyncWebClient("xoxb-practice", base_url=f"{self.base}/api/", retry_handlers=[])

    def app(self) -> AsyncApp:
        """A Bolt app as Oogst has one."""
        return AsyncApp(client=self.web, process_before_response=True)

    async def connect(self, app: AsyncApp, ping: float = 10) -> AsyncSocketModeHandler:
        """Connect it by Socket Mode; it is closed with the test."""
        handler = AsyncSocketModeHandler(app, "xapp-practice", ping_interval=ping)
        self._stack.push_async_callback(handler.close_async)
        await handler.connect_async()
        await until(lambda: self.practice.hub.connected)
        return handler

    async def do(self, verb: str, who: str = "Noor", **request: Any) -> Json:
        """Let somebody do something."""
        return (await self.people.post(f"/_mens/{verb}", json={"as": who, **request})).json()

    async def post(self, path: str, **body: Any) -> Json:
        return (await self.people.post(f"/_mens/{path}", json=body)).json()

    async def see(self, who: str = "Noor") -> Json:
        return (await self.people.get("/_mens/see", params={"as": who})).json()


async def until(true: Callable[[], Any], within: float = 5.0) -> None:
    """Wait until something holds; fails when it takes too long."""
    deadline = asyncio.get_running_loop().time() + within
    while not true():
        assert asyncio.get_running_loop().time() < deadline, "waited in vain"
        await asyncio.sleep(0.005)
