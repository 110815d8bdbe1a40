"""D4, D7, D8: texts go to the one place that was allowed when Oogst started, and in mode `none` nowhere at all."""

import json
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from bot.writing import Failure
from bot.writing.modes import Mode
from prompts.asking import Model, ModelFailed, NoModel
from prompts.endpoint import Endpoint
from prompts.places import EU_HOSTS, WrongPlace, is_own, place
from tests.prompts.material import CANARY, CARD, question
from tests.prompts.scripted import MODEL, FastClock, Reply, ScriptedModel, says

ROOT = Path(__file__).parents[2]
GOOD = says({"cards": [CARD]})


async def fails(door: Model) -> Failure:
    with pytest.raises(ModelFailed) as caught:
        await door.ask(*question())
    await door.aclose()
    return caught.value.reason


def nothing_reached(model: ScriptedModel) -> bool:
    return not model.raw and not model.headers


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 305, 307, 308])
async def test_d4_a_redirect_takes_no_byte_to_a_second_server(status: int) -> None:
    async with ScriptedModel(GOOD) as second:
        moved = Reply(status=status, headers={"Location": f"{second.url}/chat/completions"})
        async with ScriptedModel(moved) as first:
            assert await fails(first.door()) is Failure.REDIRECTED
            assert len(first.asked) == 1
        assert nothing_reached(second)


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"])
async def test_d4_a_proxy_in_the_environment_is_not_used(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with ScriptedModel(GOOD) as proxy, ScriptedModel(GOOD) as model:
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        door = model.door()
        await door.ask(*question())
        await door.aclose()
        assert len(model.asked) == 1
        assert nothing_reached(proxy)


async def test_d4_an_address_in_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with ScriptedModel(GOOD) as second, ScriptedModel(GOOD) as model:
        monkeypatch.setenv("OPENAI_BASE_URL", second.url)
        door = model.door()
        await door.ask(*question())
        await door.aclose()
        assert len(model.asked) == 1
        assert nothing_reached(second)


@pytest.mark.parametrize("when", ["before the first question", "between two questions"])
async def test_d4_a_client_that_was_led_elsewhere_while_running_sends_nothing(when: str) -> None:
    async with ScriptedModel(GOOD) as second, ScriptedModel(GOOD) as model:
        door = model.door()
        if when == "between two questions":
            await door.ask(*question())
        client = await door._opened()
        client.base_url = second.url
        assert await fails(door) is Failure.NOT_ALLOWED
        assert nothing_reached(second)


async def test_d4_a_name_that_leads_outside_a_moment_later_sends_nothing() -> None:
    leads = [["127.0.0.1"], ["203.0.113.9"]]

    async def moving(host: str, port: int) -> list[str]:
        assert host == "model.example"
        return leads.pop(0)

    async with ScriptedModel(GOOD) as model:
        door = model.door(url=f"http://model.example:{model.port}/v1", resolve=moving)
        await door.ask(*question())
        assert await fails(door) is Failure.NOT_ALLOWED
        assert len(model.asked) == 1
        assert model.headers[0]["Host"] == f"model.example:{model.port}"


async def test_d4_one_outside_address_among_several_is_enough_to_send_nothing() -> None:
    async def mixed(host: str, port: int) -> list[str]:
        return ["127.0.0.1", "203.0.113.9"]

    async with ScriptedModel(GOOD) as model:
        assert await fails(model.door(url=f"http://model.example:{model.port}", resolve=mixed)) is Failure.NOT_ALLOWED
        assert nothing_reached(model)


async def test_a_name_with_two_addresses_is_tried_at_both() -> None:
    async def both(host: str, port: int) -> list[str]:
        return ["::1", "127.0.0.1"]

    async with ScriptedModel(GOOD) as model:
        door = model.door(url=f"http://localhost:{model.port}/v1", resolve=both)
        assert (await door.ask(*question())).usage.calls == 1
        await door.aclose()


class Recorder(httpx.AsyncBaseTransport):
    """A wire that goes nowhere and keeps what it was given."""

    def __init__(self) -> None:
        self.sent: list[tuple[httpx.Request, bytes]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.AsyncByteStream)
        self.sent.append((request, b"".join([part async for part in request.stream])))
        return httpx.Response(200, content=GOOD.body)


@pytest.mark.parametrize("host", EU_HOSTS)
async def test_openai_is_told_to_store_nothing_and_nobody_is_told_what_it_does_not_know(host: str) -> None:
    wire = Recorder()

    async def public(host: str, port: int) -> list[str]:
        return ["203.0.113.9"]

    found = place(Mode.EU, f"https://{host}/v1")
    assert found is not None
    door = Endpoint(found, MODEL, "sk-1", FastClock(), lambda: 0.0, resolve=public, wire=lambda: wire)
    await door.ask(*question())
    await door.aclose()
    request, body = wire.sent[0]
    assert json.loads(body).get("store") is (False if host == "eu.api.openai.com" else None)
    assert request.url.scheme == "https"
    assert request.extensions["sni_hostname"] == host, "the certificate must be of the host that was allowed"
    assert request.headers["Host"] == host


REFUSED = {
    (Mode.LOCAL, "https://api.openai.com/v1"): None,  # a name: judged by where it leads, below
    (Mode.LOCAL, "http://8.8.8.8/v1"): "local_public",
    (Mode.LOCAL, "http://[2001:4860:4860::8888]/v1"): "local_public",
    (Mode.LOCAL, "http://[::ffff:8.8.8.8]/v1"): "local_public",
    (Mode.LOCAL, "http://169.254.169.254/v1"): "local_public",
    (Mode.LOCAL, "http://0.0.0.0:11434/v1"): "local_public",
    (Mode.LOCAL, "http://127.0.0.1@203.0.113.9/v1"): "address",
    (Mode.LOCAL, "http://127.0.0.1:80:81/v1"): "address",
    (Mode.LOCAL, "http://127.0.0.1\\@203.0.113.9/v1"): "address",
    (Mode.LOCAL, "http://127.0.0.1#@203.0.113.9/"): "address",
    (Mode.LOCAL, "http://127.0.0.1?x=203.0.113.9"): "address",
    (Mode.LOCAL, "http://127.0.0.1./v1"): "address",
    (Mode.LOCAL, "http://localhost:99999/v1"): "address",
    (Mode.LOCAL, "http://loc\talhost/v1"): "address",
    (Mode.LOCAL, "http://ⓛocalhost/v1"): "address",
    (Mode.LOCAL, "ftp://127.0.0.1/v1"): "address",
    (Mode.LOCAL, "http://127.0.0.1/v1/../../x"): "address",
    (Mode.EU, "https://api.openai.com/v1"): "eu_host",
    (Mode.EU, "https://127.0.0.1/v1"): "eu_host",
    (Mode.EU, "http://eu.api.openai.com/v1"): "eu_https",
    (Mode.EU, "https://eu.api.openai.com:8443/v1"): "eu_host",
    (Mode.EU, "https://eu.api.openai.com./v1"): "address",
    (Mode.EU, "https://eu.api.openai.com.example/v1"): "eu_host",
    (Mode.EU, "https://xeu.api.openai.com/v1"): "eu_host",
    (Mode.EU, "https://eu.api.openai.com@203.0.113.9/v1"): "address",
    (Mode.EU, "https://user:pass@eu.api.openai.com/v1"): "address",
    (Mode.EU, "https://203.0.113.9/eu.api.openai.com/v1"): "eu_host",
    (Mode.EU, "https://203.0.113.9#eu.api.openai.com"): "address",
    (Mode.EU, "https://eu。api。openai。com/v1"): "address",
    (Mode.EU, ""): "address",
}


@pytest.mark.parametrize(("mode", "address"), [case for case, kind in REFUSED.items() if kind])
def test_d8_an_address_that_does_not_belong_to_its_mode_is_refused(mode: Mode, address: str) -> None:
    with pytest.raises(WrongPlace) as caught:
        place(mode, address)
    assert caught.value.kind == REFUSED[mode, address]
    assert not address or address not in str(caught.value)


@pytest.mark.parametrize(
    ("mode", "address", "url"),
    [
        (Mode.LOCAL, "http://localhost:11434/v1", "http://localhost:11434/v1"),
        (Mode.LOCAL, "http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        (Mode.LOCAL, "http://[::1]:8080/v1/", "http://[::1]:8080/v1"),
        (Mode.LOCAL, "http://192.168.1.20:1234/v1", "http://192.168.1.20:1234/v1"),
        (Mode.LOCAL, "https://[fd12:3456::1]/v1", "https://[fd12:3456::1]:443/v1"),
        (Mode.LOCAL, "http://ollama/v1", "http://ollama:80/v1"),
        (Mode.EU, "HTTPS://EU.API.OPENAI.COM/v1", "https://eu.api.openai.com:443/v1"),
        (Mode.EU, "https://api.mistral.ai:443/v1", "https://api.mistral.ai:443/v1"),
    ],
)
def test_an_address_that_belongs_to_its_mode_is_taken(mode: Mode, address: str, url: str) -> None:
    found = place(mode, address)
    assert found is not None
    assert found.url == url


@pytest.mark.parametrize(
    "leads_to", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "169.254.169.254", "::ffff:8.8.8.8", "::"]
)
async def test_d8_a_name_that_leads_to_a_public_address_is_refused_at_the_start(leads_to: str) -> None:
    async def public(host: str, port: int) -> list[str]:
        return [leads_to]

    async with ScriptedModel(GOOD) as model:
        door = model.door(url="http://model.internal/v1", resolve=public)
        with pytest.raises(ModelFailed) as caught:
            await door.check()
        assert caught.value.reason is Failure.NOT_ALLOWED
        assert await fails(door) is Failure.NOT_ALLOWED


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "10.0.0.1", "172.31.255.255", "::ffff:10.1.1.1"])
def test_d8_an_own_address_is_own(address: str) -> None:
    assert is_own(address)


@pytest.mark.parametrize("address", ["172.32.0.1", "11.0.0.1", "fe80::1", "fe80::1%eth0", "100.64.0.1", "x", ""])
def test_d8_another_address_is_not(address: str) -> None:
    assert not is_own(address)


async def test_d7_in_mode_none_a_question_fails_at_once() -> None:
    door = NoModel()
    assert place(Mode.NONE, "https://eu.api.openai.com") is None
    assert (door.is_on, door.name, door.mode, door.estimate("abcd")) == (False, "", Mode.NONE, 2)
    await door.check()
    assert await fails(door) is Failure.OFF
    with pytest.raises(ModelFailed):
        await door.probe()


WATCHED = f"""
import sys
sockets = []
sys.addaudithook(lambda event, _: sockets.append(event) if event.startswith("socket.") else None)
import asyncio
from handlers.clock import SystemClock
from handlers.ids import chance
from handlers.settings import Settings
from prompts.asking import ModelFailed
from tests.prompts.material import question
from prompts import asking, dialects, endpoint, places, replies, requests, shapes, steps, texts, tokens, transport

async def main():
    door = Settings(OPENAI_BASE_URL="http://127.0.0.1:9/v1", OOGST_LLM_MODEL="gpt").model(SystemClock(), chance)
    began = list(sockets)  # asyncio itself makes a pair to wake its loop
    for _ in range(3):
        try:
            await door.ask(*question())
        except ModelFailed:
            pass
    await door.check()
    await door.aclose()
    assert sockets == began, sockets
    assert "openai" not in sys.modules

asyncio.run(main())
assert not [event for event in sockets if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto")], sockets
print("{CANARY}")
"""


def test_d7_in_mode_none_no_socket_is_opened_and_openai_is_not_even_loaded() -> None:
    told = subprocess.run([sys.executable, "-c", WATCHED], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert told.stdout.strip() == CANARY, told.stderr
