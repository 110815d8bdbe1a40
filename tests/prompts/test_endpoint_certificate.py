"""Mode `eu` over real TLS: words only go to who can show the certificate of the host that was allowed."""

import asyncio
import importlib
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from aiohttp import web

from bot.writing import Failure, Mode
from prompts.asking import ModelFailed
from prompts.endpoint import Endpoint
from prompts.places import Place
from tests.prompts.material import CARD, question
from tests.prompts.scripted import MODEL, FastClock, says

HOST = "eu.api.openai.com"
pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="certificates are made with openssl")


@dataclass
class Certificates:
    """A certificate for one host, in a file with its key, which its own issuer signed: itself."""

    file: Path
    key: Path

    def served(self) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.file, self.key)
        return context

    def trusted(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.file))


def certificate(folder: Path, host: str) -> Certificates:
    file, key = folder / f"{host}.pem", folder / f"{host}.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}", "-keyout", str(key), "-out", str(file)],
        check=True, capture_output=True,
    )  # fmt: skip
    return Certificates(file, key)


@asynccontextmanager
async def served(shown: Certificates, bodies: list[bytes]) -> AsyncIterator[int]:
    async def answer(request: web.Request) -> web.Response:
        bodies.append(await request.read())
        return web.Response(body=says({"cards": [CARD]}).body, content_type="application/json")

    await asyncio.to_thread(importlib.import_module, "openai")  # takes seconds, which are many on a fast clock
    app = web.Application()
    app.router.add_post("/v1/chat/completions", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=shown.served()).start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


def door(port: int, trusted: ssl.SSLContext) -> Endpoint:
    async def here(host: str, port: int) -> list[str]:
        assert host == HOST
        return ["127.0.0.1"]

    wire = httpx.AsyncHTTPTransport(verify=trusted, trust_env=False)
    place = Place(Mode.EU, "https", HOST, port, "/v1")  # on another port than 443, which a test cannot have
    return Endpoint(place, MODEL, "sk-1", FastClock(), lambda: 0.0, resolve=here, wire=lambda: wire)


async def test_words_go_to_who_shows_the_certificate_of_the_host(tmp_path: Path) -> None:
    own, bodies = certificate(tmp_path, HOST), list[bytes]()
    async with served(own, bodies) as port:
        asked = door(port, own.trusted())
        await asked.ask(*question())
        await asked.aclose()
    assert len(bodies) == 1
    assert b'"store": false' in bodies[0].replace(b'"store":false', b'"store": false')


@pytest.mark.parametrize("shown", ["another host", "the same host by somebody else"])
async def test_d4_no_byte_goes_to_who_cannot_show_it(tmp_path: Path, shown: str) -> None:
    own, bodies = certificate(tmp_path, HOST), list[bytes]()
    (tmp_path / "other").mkdir()
    other = certificate(tmp_path / "other", HOST if shown.startswith("the same") else "model.example")
    trusted = own.trusted()
    if shown == "another host":
        trusted.load_verify_locations(other.file)
    async with served(other, bodies) as port:
        asked = door(port, trusted)
        with pytest.raises(ModelFailed) as caught:
            await asked.ask(*question())
        await asked.aclose()
    assert caught.value.reason is Failure.UNREACHABLE
    assert bodies == []
