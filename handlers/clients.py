"""Who calls Slack for which workspace: one client each, with that workspace's own token."""

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from handlers.answers import Client

POST_SECONDS = 10
KEEP_ALIVE = 3.0
"""Seconds that an idle connection is used again. Many servers close it after five; what is sent just then is lost."""


class NoInstallation(Exception):
    """Oogst is not, or no longer, installed in this workspace: it is paused there, and nobody may call Slack for it."""

    def __init__(self, team: str) -> None:
        """Keep which workspace that is."""
        super().__init__(team)
        self.team = team


def make_client(token: str, base_url: str) -> AsyncWebClient:
    """Return a client that repeats nothing by itself: the outbox decides what is sent again."""
    return Client(token=token, base_url=base_url, retry_handlers=[], timeout=POST_SECONDS)


class Clients:
    """The clients of all workspaces, over one pool of connections. Make it inside the event loop, close it at the end.

    >>> clients.add("T1", "xoxb-...")
    >>> await clients.of("T1").auth_test()
    """

    def __init__(self, base_url: str) -> None:
        """Open the pool; `base_url` is Slack's API, or that of a practice Slack."""
        self._base_url = base_url
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(keepalive_timeout=KEEP_ALIVE))
        self._clients: dict[str, AsyncWebClient] = {}

    def client(self, token: str) -> AsyncWebClient:
        """Return a client for a token whose workspace is not known yet."""
        made = make_client(token, self._base_url)
        made.session = self._session
        return made

    def add(self, team: str, token: str) -> AsyncWebClient:
        """Let calls for this workspace go out under this token from now on."""
        made = self._clients.get(team)
        if made is None or made.token != token:
            made = self._clients[team] = self.client(token)
        return made

    def drop(self, team: str) -> None:
        """Let no call go out for this workspace any more."""
        self._clients.pop(team, None)

    def of(self, team: str) -> AsyncWebClient:
        """Return the client of this workspace. Raises NoInstallation where there is none."""
        try:
            return self._clients[team]
        except KeyError:
            raise NoInstallation(team) from None

    @property
    def teams(self) -> frozenset[str]:
        """The workspaces for which Slack can be called."""
        return frozenset(self._clients)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._session.close()
