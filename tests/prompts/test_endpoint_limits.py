"""D3: an answer is read to a megabyte and no further, whatever it pretends to be, and memory stays flat."""

import gzip
import json
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from aiohttp import web

from bot.writing import Failure
from prompts.asking import ModelFailed
from prompts.transport import MOST_BYTES
from tests.prompts.material import CARD, question
from tests.prompts.scripted import Reply, ScriptedModel, says, takes_over, whole

MEGABYTE = 1_000_000


def resident() -> int:
    """Return the bytes of memory that this process holds."""
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(fields["VmRSS"].split()[0]) * 1024


async def endless(request: web.Request) -> web.StreamResponse:
    """Sixty megabytes of a JSON text, without saying beforehand how much it will be."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    await response.write(b'{"choices": [{"message": {"content": "')
    for _ in range(60):
        await response.write(b"x" * MEGABYTE)
    await response.write(b'"}}]}')
    return response


async def announced(request: web.Request) -> web.StreamResponse:
    """Sixty megabytes, announced."""
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(60 * MEGABYTE)})
    await response.prepare(request)
    for _ in range(60):
        await response.write(b" " * MEGABYTE)
    return response


async def long_refusal(request: web.Request) -> web.StreamResponse:
    """An error message of sixty megabytes."""
    response = web.StreamResponse(status=401, headers={"Content-Type": "application/json"})
    await response.prepare(request)
    for _ in range(60):
        await response.write(b"x" * MEGABYTE)
    return response


def bomb(encoding: str, pack: Callable[[bytes], bytes]) -> Reply:
    """Sixty megabytes that were packed into sixty kilobytes."""
    headers = {"Content-Type": "application/json", "Content-Encoding": encoding}
    return Reply(pack(b'{"choices": "' + b"x" * 60 * MEGABYTE + b'"}'), headers=headers)


def twice(text: bytes) -> bytes:
    return gzip.compress(gzip.compress(text))


DEEP = b"[" * 1_000_000 + b"]" * 1_000_000
HUGE: dict[str, tuple[Callable[[], Reply], Failure]] = {
    "60 MB without an end": (lambda: takes_over(endless), Failure.TOO_LARGE),
    "60 MB announced": (lambda: takes_over(announced), Failure.TOO_LARGE),
    "60 MB of refusal": (lambda: takes_over(long_refusal), Failure.REFUSED_US),
    "a gzip bomb": (lambda: bomb("gzip", gzip.compress), Failure.ENCODED),
    "a deflate bomb": (lambda: bomb("deflate", zlib.compress), Failure.ENCODED),
    "a bomb by two names": (
        lambda: bomb("gzip, gzip", twice),
        Failure.ENCODED,
    ),
    "JSON 1,000,000 deep": (lambda: Reply(DEEP), Failure.TOO_LARGE),
    "a refusal 1,000,000 deep": (lambda: Reply(DEEP, 422), Failure.REFUSED_US),
}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
@pytest.mark.parametrize("name", HUGE)
async def test_d3_a_huge_answer_is_cut_off_at_a_megabyte_and_memory_stays_flat(name: str) -> None:
    make, reason = HUGE[name]
    async with ScriptedModel(says({"cards": [CARD]})) as model:
        door = model.door()
        await door.ask(*question())  # openai is loaded, the connection is open
        model.script = [make()]
        before = resident()
        with pytest.raises(ModelFailed) as caught:
            await door.ask(*question())
        grown = resident() - before
        await door.aclose()
    assert caught.value.reason is reason
    assert grown < 50 * MEGABYTE


async def test_d3_an_answer_just_below_the_limit_is_read() -> None:
    reply = json.loads(says({"cards": [CARD]}).body)
    reply["padding"] = "x" * (MOST_BYTES - 1000)
    async with ScriptedModel(whole(reply)) as model:
        door = model.door()
        assert not (await door.ask(*question())).value.missing
        await door.aclose()


async def test_d3_no_packed_answer_is_asked_for() -> None:
    async with ScriptedModel(says({"cards": [CARD]})) as model:
        door = model.door()
        await door.ask(*question())
        await door.aclose()
    assert model.headers[0]["Accept-Encoding"] == "identity"
