"""What Slack tells the administrator's commands about a workspace. Each token is tested by using it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from handlers.settings import on_this_computer
from handlers.words import Words
from handlers.world import read_account
from storage.programme import Account

TIMEOUT = 15
"""Seconds to wait for an answer of Slack."""

PAGE = 200

USUAL_WAIT = 60
"""Seconds to wait when Slack says that it is too busy, but not for how long."""

REPAIRS = {
    "invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "not_allowed_token_type",
    "ratelimited", "unreachable",
}  # fmt: skip
"""The refusals that have a text of their own, `slack.refused.<error>`, which names the repair."""


class SlackRefused(Exception):
    """Slack did not do what was asked. `error` is its code, or "unreachable" when there was no answer at all."""

    def __init__(self, error: str, detail: str = "", wait: int = USUAL_WAIT) -> None:
        """Keep the code, the scope that is missing when that is the reason, and the seconds to wait when asked to."""
        super().__init__(error)
        self.error = error
        self.detail = detail
        self.wait = wait

    def repair(self, words: Words) -> str:
        """Say what to do about it, in one line."""
        if self.error == "missing_scope":
            return words("slack.refused.missing_scope", scope=self.detail or "?")
        if self.error in REPAIRS:
            return words(f"slack.refused.{self.error}")
        return words("slack.refused.other", error=self.error)


@dataclass(frozen=True)
class Identity:
    """Whose token it is, and what it may do."""

    team: str
    team_name: str
    bot_user: str
    handle: str
    scopes: frozenset[str]
    slack_time: datetime | None


@dataclass(frozen=True)
class Person:
    """Somebody with an account in the workspace, and the other names by which a list may call them."""

    account: Account
    handle: str
    real_name: str
    email: str


@dataclass(frozen=True)
class Channel:
    """A channel that the bot can see."""

    id: str
    name: str
    has_bot: bool


class Workspace:
    """Asks Slack about the workspace of a bot token. Every method raises SlackRefused."""

    def __init__(self, api_url: str, token: str) -> None:
        """Use this address of Slack's Web API (with a slash at the end) and this bot token."""
        self._client = WebClient(token=token, base_url=api_url, timeout=TIMEOUT)
        if on_this_computer(urlsplit(api_url).hostname):
            self._client.proxy = None  # the client takes HTTPS_PROXY from the environment and ignores NO_PROXY

    def identity(self) -> Identity:
        """Return who this token is (auth.test), with the scopes that were granted."""
        answer = self._ask("auth.test")
        headers = {name.lower(): value for name, value in answer.headers.items()}
        scopes = frozenset(filter(None, (scope.strip() for scope in headers.get("x-oauth-scopes", "").split(","))))
        return Identity(
            answer["team_id"], answer["team"], answer["user_id"], answer["user"], scopes, _moment(headers.get("date"))
        )

    def people(self, team: str) -> list[Person]:
        """Return everybody with an account that was not switched off, bots left out, in the order of their names."""
        pages = self._pages("users.list", "members", include_locale="true")
        found = [
            _person(user, account) for user in pages if (account := read_account(user, team)) and not account.deleted
        ]
        return sorted(found, key=lambda person: person.account.name.casefold())

    def channels(self) -> list[Channel]:
        """Return the channels that are not archived and that the bot can see, in the order of their names."""
        options = {"types": "public_channel,private_channel", "exclude_archived": "true"}
        pages = self._pages("conversations.list", "channels", **options)
        found = [Channel(each["id"], each["name"], bool(each.get("is_member"))) for each in pages]
        return sorted(found, key=lambda channel: channel.name)

    def _pages(self, method: str, name: str, **options: str) -> Iterator[dict[str, Any]]:
        cursor = ""
        while True:
            answer = self._ask(method, limit=PAGE, cursor=cursor, **options)
            yield from answer[name]
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    def _ask(self, method: str, **options: object) -> SlackResponse:
        return _answer(self._client, method, {key: value for key, value in options.items() if value != ""})


def open_socket(api_url: str, app_token: str) -> None:
    """Use the app token for what it is for (apps.connections.open). Raises SlackRefused when Slack will not have it."""
    _answer(Workspace(api_url, app_token)._client, "apps.connections.open", {})


def called(people: list[Person], name: str) -> list[Person]:
    """Return who has exactly this id, handle, e-mail address or name; capitals and a leading @ do not matter."""
    asked = name.strip().lstrip("@").casefold()
    return [person for person in people if asked and asked in {known.casefold() for known in _names(person)}]


def called_like(people: list[Person], part: str) -> list[Person]:
    """Return everybody who has this in one of their names."""
    asked = part.strip().lstrip("@").casefold()
    return [person for person in people if asked and any(asked in known.casefold() for known in _names(person))]


def _names(person: Person) -> set[str]:
    return {person.account.user, person.account.name, person.handle, person.real_name, person.email} - {""}


def _answer(client: WebClient, method: str, options: dict[str, object]) -> SlackResponse:
    try:
        return client.api_call(method, params=options)
    except SlackApiError as refused:
        answer = refused.response
        detail = str(answer.get("needed", "")) if isinstance(answer.data, dict) else ""
        code = str(answer.get("error", "")) if isinstance(answer.data, dict) else ""
        if answer.status_code == 429:
            wait = {name.lower(): value for name, value in answer.headers.items()}.get("retry-after", "")
            raise SlackRefused("ratelimited", wait=int(wait) if str(wait).isdecimal() else USUAL_WAIT) from None
        if answer.status_code >= 500:
            raise SlackRefused(f"http {answer.status_code}") from None
        raise SlackRefused(code or "unreachable", detail) from None
    except SlackClientError:
        raise SlackRefused("unreachable") from None
    except OSError:  # no such host, refused, too slow
        raise SlackRefused("unreachable") from None


def _person(user: dict[str, Any], account: Account) -> Person:
    profile = user.get("profile") or {}
    real_name = profile.get("real_name") or user.get("real_name") or ""
    return Person(account, str(user.get("name") or ""), str(real_name), str(profile.get("email") or ""))


def _moment(header: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(header) if header else None
    except ValueError:
        return None
