"""Fetching a file over real HTTP: every way in which it goes wrong, and nowhere but at Slack."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from bot.attachments import MEGABYTE, Kind, Unreadable, read_document
from handlers.attachments.fetching import Found, NotFetched, Patience, download, is_slacks
from handlers.attachments.reading import read, read_apart
from handlers.manifest import manifest as our_manifest
from tests.bot.test_attachments import repacked
from tests.handlers.dropped import TOLD, Slack, file, practising, word

SOON = Patience(whole=2.0, silence=0.3, reading=20.0)


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with practising() as running:
        yield running


async def fetched(slack: Slack, id_: str, web_: AsyncWebClient | None = None, patience: Patience = SOON) -> Found:
    return await download(web_ or slack.web, id_, patience)


async def not_fetched(slack: Slack, id_: str, web_: AsyncWebClient | None = None) -> NotFetched:
    with pytest.raises(NotFetched) as raised:
        await fetched(slack, id_, web_)
    return raised.value


async def test_the_bytes_come_with_what_slack_says_of_the_file(slack: Slack) -> None:
    data = word(TOLD)
    found = await fetched(slack, await slack.drop("sanne", file("Verslag\u202e.docx", data)))
    assert (found.name, found.kind, found.size, found.data) == ("Verslag.docx", Kind.WORD, len(data), data)
    assert found.permalink.startswith(slack.base)


async def test_of_a_file_that_is_not_read_no_byte_is_fetched(slack: Slack) -> None:
    found = await fetched(slack, await slack.drop("sanne", file("foto.png", b"\x89PNG")))
    assert (found.kind, found.data) == (Kind.PICTURE, None)
    assert slack.calls("files.download") == 0


async def test_a_token_that_is_wrong_or_revoked_is_no_reason_to_try_again(slack: Slack) -> None:
    id_ = await slack.drop("sanne", file("a.txt", TOLD))
    stranger = AsyncWebClient("xoxb-other", base_url=f"{slack.base}/api/", retry_handlers=[])
    refused = await not_fetched(slack, id_, stranger)
    assert (refused.reason, refused.again) == ("no_right", False)
    await slack.post("faults", method="files.download", status=401)
    refused = await not_fetched(slack, id_)
    assert (refused.reason, refused.again) == ("no_right", False)


async def test_without_the_scope_slack_says_so_and_that_is_told() -> None:
    raw = our_manifest()
    raw["oauth_config"]["scopes"]["bot"].remove("files:read")
    async with practising(**raw) as slack:
        refused = await not_fetched(slack, await slack.drop("sanne", file("a.txt", TOLD)))
    assert (refused.reason, refused.again) == ("no_right", False)


@pytest.mark.parametrize("fault", [{"cut": True}, {"delay_after": 5.0}, {"delay_before": 5.0}, {"status": 503}])
async def test_a_download_that_stops_half_way_is_slow_or_fails_is_tried_again(slack: Slack, fault: Any) -> None:
    id_ = await slack.drop("sanne", file("a.txt", TOLD))
    await slack.post("faults", method="files.download", **fault)
    failed = await not_fetched(slack, id_)
    assert (failed.reason, failed.again) == ("network", True)
    assert (await fetched(slack, id_)).data == TOLD.encode()


async def test_slack_is_obeyed_when_it_says_how_long_to_wait(slack: Slack) -> None:
    id_ = await slack.drop("sanne", file("a.txt", TOLD))
    for method in ("files.info", "files.download"):
        await slack.post("faults", method=method, status=429, error="ratelimited", retry_after=90)
        failed = await not_fetched(slack, id_)
        assert (failed.again, failed.wait) == (True, 90)


async def test_a_file_that_is_too_large_to_read_is_not_fetched(slack: Slack) -> None:
    id_ = await slack.drop("sanne", file("a.txt", b"a" * (MEGABYTE + 1)))
    failed = await not_fetched(slack, id_)
    assert (failed.reason, failed.again) == ("large", False)
    assert slack.calls("files.download") == 0


async def test_a_file_that_turns_out_larger_than_it_was_said_to_be_is_cut_off(slack: Slack) -> None:
    id_ = await slack.drop("sanne", file("a.txt", b"a" * (MEGABYTE + 1)))
    slack.practice.workspace.files[id_].size = 100
    assert (await not_fetched(slack, id_)).reason == "large"


async def test_a_file_that_is_deleted_or_of_nowhere_is_gone(slack: Slack) -> None:
    id_ = await slack.drop("sanne", file("a.txt", TOLD))
    await slack.do("delete_file", "sanne", file=id_)
    assert (await not_fetched(slack, id_)).gone
    assert (await not_fetched(slack, "F0NERGENS")).gone


class Elsewhere:
    """Another server, which writes down who came and with what."""

    def __init__(self, answer: web.Response | None = None) -> None:
        self.heard: list[str] = []
        self._answer = answer or web.Response(text="gestolen")

    async def handle(self, request: web.Request) -> web.Response:
        self.heard.append(request.headers.get("Authorization", ""))
        return self._answer


@asynccontextmanager
async def elsewhere() -> AsyncIterator[tuple[Elsewhere, str]]:
    there, app = Elsewhere(), web.Application()
    app.router.add_route("*", "/{path:.*}", there.handle)
    server = TestServer(app)
    await server.start_server()
    try:
        yield there, str(server.make_url("/"))
    finally:
        await server.close()


async def test_the_token_goes_to_no_other_host_whoever_sends_us_there(slack: Slack) -> None:
    id_ = await slack.drop("sanne", file("a.txt", TOLD))
    async with elsewhere() as (there, url):
        await slack.post("faults", method="files.download", location=url)
        failed = await not_fetched(slack, id_)
        assert (failed.reason, failed.again, there.heard) == ("no_right", False, [])


async def test_a_redirect_within_slack_is_followed_but_not_for_ever(slack: Slack) -> None:
    id_ = await slack.drop("sanne", file("a.txt", TOLD))
    url = slack.practice.base + f"/_files/{id_}/anders.txt"
    await slack.post("faults", method="files.download", location=f"/_files/{id_}/elders.txt")
    assert (await fetched(slack, id_)).data == TOLD.encode()
    await slack.post("faults", method="files.download", location=url, times=0)
    assert (await not_fetched(slack, id_)).reason == "no_right"
    assert slack.calls("files.download") == 2 + 3


async def test_a_page_to_log_in_is_no_file(slack: Slack) -> None:
    id_ = await slack.drop("sanne", file("a.txt", "<html>Log in</html>"))
    slack.practice.workspace.files[id_].mimetype = "text/html"
    assert (await not_fetched(slack, id_)).reason == "no_right"


@pytest.mark.parametrize(
    ("url", "api", "is_ours"),
    [
        ("https://files.slack.com/files-pri/T1-F1/download/a.txt", "https://slack.com/api/", True),
        ("https://slack.com/x", "https://slack.com/api/", True),
        ("https://files.slack-gov.com/x", "https://slack-gov.com/api/", True),
        ("http://files.slack.com/x", "https://slack.com/api/", False),
        ("https://files.slack.com:8443/x", "https://slack.com/api/", False),
        ("https://files.slack.com.kwaad.nl/x", "https://slack.com/api/", False),
        ("https://kwaadslack.com/x", "https://slack.com/api/", False),
        ("https://iemand@files.slack.com/x", "https://slack.com/api/", False),
        ("https://slack.com@kwaad.nl/x", "https://slack.com/api/", False),
        ("ftp://files.slack.com/x", "https://slack.com/api/", False),
        ("file:///etc/passwd", "https://slack.com/api/", False),
        ("", "https://slack.com/api/", False),
        ("https://files.slack.com/x", "http://127.0.0.1:8017/api/", False),
        ("http://127.0.0.1:8017/_files/F1/a", "http://127.0.0.1:8017/api/", True),
        ("http://127.0.0.1:8018/_files/F1/a", "http://127.0.0.1:8017/api/", False),
        ("https://127.0.0.1:8017/_files/F1/a", "http://127.0.0.1:8017/api/", False),
    ],
)  # fmt: skip
def test_slack_is_known_by_its_host_and_the_practice_slack_by_its_address(url: str, api: str, is_ours: bool) -> None:
    assert is_slacks(URL(url), URL(api)) is is_ours


# Reading off the event loop


async def test_word_is_read_in_another_process_while_the_loop_goes_on() -> None:
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0.01)

    counting = asyncio.create_task(count())
    assert (await read(word(TOLD), 20.0)).text == TOLD
    counting.cancel()
    assert turns > 5


async def test_a_file_that_takes_too_long_is_given_up_and_its_process_ended() -> None:
    with pytest.raises(Unreadable) as raised:
        await read_apart(word(TOLD), 0.0)
    assert raised.value.reason == "slow"


async def test_why_a_file_cannot_be_read_comes_back_from_the_process() -> None:
    with pytest.raises(Unreadable) as raised:
        await read_apart(b"PK\x03\x04", 20.0)
    assert raised.value.reason == "damaged"


async def test_a_process_that_dies_of_a_file_means_a_damaged_file_and_says_nothing(capfd: Any) -> None:
    without_body = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'
    strange = repacked(word(TOLD), lambda parts: parts.update({"word/document.xml": without_body}))
    with pytest.raises(AttributeError):
        read_document(strange)
    with pytest.raises(Unreadable) as raised:
        await read_apart(strange, 20.0)
    assert raised.value.reason == "damaged"
    assert capfd.readouterr().err == ""
