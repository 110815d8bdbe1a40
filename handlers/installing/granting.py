"""Asking Slack for the token that somebody's consent is worth."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from handlers.clients import Clients
from handlers.installing.workspaces import Bot


class NotGranted(Exception):
    """Slack gave something with which we cannot or may not work; `reason` is a word for the log."""

    def __init__(self, reason: str) -> None:
        """Keep the word."""
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Granted:
    """What a workspace gave: a token with its rights, by whom, and who we are there."""

    team: str
    name: str
    token: str
    scopes: str
    installer: str
    bot: Bot


async def ask(
    clients: Clients, client_id: str, secret: str, code: str, redirect_uri: str, team: str, installed: Collection[str]
) -> Granted:
    """Change the code for a token, and try the token. `team` is the workspace for which this was begun; "" is any.

    A token of another workspace is given back, unless that one is among the `installed`: Slack gives an app the same
    token each time, so that giving it back would take Oogst away there. Raises NotGranted, or what the client raises.
    """
    told: Any = await clients.client("").oauth_v2_access(
        client_id=client_id, client_secret=secret, code=code, redirect_uri=redirect_uri
    )
    token, place = told.get("access_token"), told.get("team")
    if told.get("is_enterprise_install") or not isinstance(place, dict) or not place.get("id"):
        raise NotGranted("organisation")
    if not isinstance(token, str) or not token.startswith("xoxb-"):
        raise NotGranted("no_bot_token")  # one that rotates begins with xoxe: nobody would renew it
    own = clients.client(token)
    if team and place["id"] != team:
        if place["id"] not in installed:
            await own.auth_revoke()
        raise NotGranted("other_workspace")
    who = await own.auth_test()
    if who.get("team_id") != place["id"]:
        raise NotGranted("other_workspace")
    installer = (told.get("authed_user") or {}).get("id") or ""
    return Granted(
        team=str(place["id"]),
        name=str(place.get("name") or who.get("team") or ""),
        token=token,
        scopes=str(told.get("scope") or ""),
        installer=str(installer),
        bot=Bot(str(who["user_id"]), str(who.get("bot_id") or "")),
    )
