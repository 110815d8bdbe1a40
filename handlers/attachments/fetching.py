"""Fetching the bytes of a file from Slack, and from nowhere else: the token goes to no other host."""

import asyncio
from dataclasses import dataclass

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from bot.attachments import Kind, clean_name, kind_of, most_to_read
from handlers.delivery.sending import reply_of

PIECE = 64 * 1024
MOST_HOPS = 3
SLACKS = ("slack.com", "slack-gov.com")
GONE = frozenset({"file_not_found", "file_deleted"})
NO_RIGHT = frozenset(
    {
        "missing_scope", "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired",
        "no_permission", "access_denied", "not_allowed_token_type",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Patience:
    """Seconds: for the whole download, without a single byte, and for reading what was fetched."""

    whole: float = 60.0
    silence: float = 15.0
    reading: float = 20.0


class NotFetched(Exception):
    """A file was not fetched. `reason` is a word for its sender; `again` says that it may go well later, after `wait`
    seconds where Slack said so; `gone` that there is no such file any more."""

    def __init__(self, reason: str, *, again: bool = False, wait: float = 0.0, gone: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.again, self.wait, self.gone = reason, again, wait, gone


@dataclass(frozen=True)
class Found:
    """What Slack says of a file now. `data` is None for a kind whose text is not read."""

    name: str
    kind: Kind | None
    size: int
    permalink: str
    data: bytes | None = None


async def download(slack: AsyncWebClient, file: str, patience: Patience) -> Found:
    """Ask Slack what a file is, and fetch it when its text can be read. Raises NotFetched."""
    try:
        async with asyncio.timeout(patience.whole):
            answer = await slack.files_info(file=file)
            raw = dict(answer["file"])
            name = str(raw.get("name") or raw.get("title") or "-")
            kind, size = kind_of(name, str(raw.get("filetype") or "")), int(raw.get("size") or 0)
            found = Found(clean_name(name), kind, size, str(raw.get("permalink") or ""))
            if kind not in (Kind.TEXT, Kind.WORD):
                return found
            if size > most_to_read(kind):
                raise NotFetched("large")
            url = str(raw.get("url_private_download") or raw.get("url_private") or "")
            data = await _bytes(slack, url, most_to_read(kind), patience)
    except SlackApiError as error:
        raise _said_no(error) from error
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        raise NotFetched("network", again=True) from error
    if len(data) < size:  # cut short, by something that did not say so
        raise NotFetched("network", again=True)
    return Found(found.name, kind, size, found.permalink, data)


def _said_no(error: SlackApiError) -> NotFetched:
    reply = reply_of(error)
    if reply.error in GONE:
        return NotFetched("network", gone=True)
    if reply.error in NO_RIGHT:
        return NotFetched("no_right")
    return NotFetched("network", again=True, wait=_seconds(reply.retry_after))


async def _bytes(slack: AsyncWebClient, url: str, most: int, patience: Patience) -> bytes:
    limits = aiohttp.ClientTimeout(total=patience.whole, sock_read=patience.silence, sock_connect=patience.silence)
    headers = {"Authorization": f"Bearer {slack.token}", "Accept-Encoding": "identity"}
    at = URL(url)
    async with aiohttp.ClientSession(timeout=limits, trust_env=slack.trust_env_in_session) as http:
        for _ in range(MOST_HOPS):
            if not is_slacks(at, URL(slack.base_url)):
                raise NotFetched("no_right")
            async with http.get(at, headers=headers, allow_redirects=False) as answer:
                if answer.status in (301, 302, 303, 307, 308):
                    at = at.join(URL(answer.headers.get("Location", "")))
                    continue
                return await _body(answer, most)
    raise NotFetched("no_right")


async def _body(answer: aiohttp.ClientResponse, most: int) -> bytes:
    if answer.status in (401, 403):
        raise NotFetched("no_right")
    if answer.status != 200:
        raise NotFetched("network", again=True, wait=_seconds(answer.headers.get("Retry-After")))
    if answer.content_type == "text/html":  # a page to log in: how Slack says no to a token without the scope
        raise NotFetched("no_right")
    data = bytearray()
    async for piece in answer.content.iter_chunked(PIECE):
        data += piece
        if len(data) > most:
            raise NotFetched("large")
    return bytes(data)


def is_slacks(url: URL, api: URL) -> bool:
    """Say whether the token may go there: to the server of the API itself, or to a host of Slack over https."""
    if url.scheme not in ("http", "https") or url.user is not None:
        return False
    if any(_within(api.host, domain) for domain in SLACKS):
        return url.scheme == "https" and url.port == 443 and any(_within(url.host, domain) for domain in SLACKS)
    return url.host is not None and url.origin() == api.origin()


def _within(host: str | None, domain: str) -> bool:
    return host is not None and (host == domain or host.endswith(f".{domain}"))


def _seconds(said: str | None) -> float:
    try:
        return max(0.0, min(float(said or 0), 3600.0))
    except ValueError:
        return 0.0
