"""H4 and H6: nonsense, floods and bombs, signed and unsigned, get a typed answer soon, and others are served."""

from __future__ import annotations

import asyncio
import json
import resource
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from slack_bolt.request.async_request import AsyncBoltRequest

from handlers import log
from handlers.payloads import read_command, read_event, read_interaction
from handlers.serving.door import MOST_BYTES
from handlers.serving.payload import Malformed, kind_of, read
from handlers.serving.shapes import check
from tests.catalogue.http_door import Served, envelope, message, served
from tests.catalogue.payload_shapes import FORM, JSON, SHAPES, spoilt, written
from tests.handlers.house import empty_database

Cases = Callable[[int], None]
MEGABYTE = 1024 * 1024
TYPED = {200, 400, 401, 413}


def grown() -> float:
    """The most memory that this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def with_the_bot(folder: Path, work: Callable[[Served], Awaitable[None]]) -> None:
    async def run() -> None:
        async with served(folder) as bot:
            await work(bot)

    log.configure("CRITICAL")  # thousands of refusals and failures, each with a line
    (folder / "oogst.db").write_bytes(empty_database())
    asyncio.run(run())


def many(number: int, start: int = 4) -> list[tuple[bytes, str]]:
    """So many spoilt payloads, the same in every run; hypothesis draws them, the door judges them afterwards."""
    found: list[tuple[bytes, str]] = []

    @seed(start)
    @settings(
        max_examples=number, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(spoilt())
    def draw(case: tuple[bytes, str]) -> None:
        found.append(case)

    draw()
    return found


async def bring(bot: Served, found: list[tuple[bytes, str]]) -> tuple[Counter[int], float]:
    """Bring them to the door, a few at a time, signed as Slack signs; returns how it answered, and the longest wait."""
    statuses: Counter[int] = Counter()
    longest = 0.0
    wrong: list[str] = []

    async def one(body: bytes, kind: str) -> None:
        nonlocal longest
        bot.requests.clock.at += timedelta(seconds=1)  # two that are equal are two requests, not one and its replay
        began = time.process_time()  # what we do for it; how busy the machine is with others says nothing
        answer = await bot.requests.send(body, kind)
        longest = max(longest, time.process_time() - began)
        statuses[answer.status_code] += 1
        if answer.status_code not in TYPED:
            wrong.append(f"{answer.status_code} {kind} {unquote_plus(body.decode(errors='replace'))[:3000]}")

    for start in range(0, len(found), 4):
        await asyncio.gather(*(one(*case) for case in found[start : start + 4]))
    assert not wrong, f"{len(wrong)} of {len(found)}:\n" + "\n".join(wrong[:5])
    return statuses, longest


def fuzz(folder: Path, number: int, cases: Cases) -> None:
    found = many(number)
    told: dict[str, Any] = {}

    async def work(bot: Served) -> None:
        for shape in SHAPES:  # untouched, each of them reaches a listener
            assert (await bot.requests.send(*written(shape))).status_code == 200, shape
        assert bot.heard == len(SHAPES)
        before = grown()
        told["statuses"], told["longest"] = await bring(bot, found)
        told["grown"] = grown() - before

    with_the_bot(folder, work)
    assert told["statuses"][200] > number / 10 and told["statuses"][400] > number / 20, told
    assert told["longest"] < 1 and told["grown"] < 50, told
    cases(sum(told["statuses"].values()))


def test_h4_spoilt_payloads_get_a_typed_answer_within_a_second(tmp_path: Path, cases: Cases) -> None:
    fuzz(tmp_path, 150, cases)


@pytest.mark.matrix
def test_h4_five_thousand_spoilt_payloads_get_a_typed_answer_from_the_whole_bot(tmp_path: Path, cases: Cases) -> None:
    fuzz(tmp_path, 5000, cases)


def test_h4_what_bolt_itself_cannot_read_is_refused_at_the_door(tmp_path: Path, cases: Cases) -> None:
    happened = json.loads(envelope(message()))
    form = next(shape for shape in SHAPES if shape.get("type") == "view_submission")
    untyped = {name: value for name, value in form["view"].items() if name != "type"}
    bad = [
        *((json.dumps({**happened, "type": kind}).encode(), JSON) for kind in ("", "x" * 300, "event_callbacks")),
        *(written({**form, "view": view}) for view in (untyped, {**untyped, "type": None})),
        written({**form, "response_urls": None}),
    ]

    async def work(bot: Served) -> None:
        assert [(await bot.requests.send(*each)).status_code for each in bad] == [400] * len(bad)

    with_the_bot(tmp_path, work)
    cases(len(bad))


ROUND = 5000


def read_only(rounds: int, cases: Cases) -> None:
    """Bring spoilt payloads as far as the listener: read, checked, and taken apart by Bolt and by us."""
    readers = {"event": read_event, "command": read_command, "interaction": read_interaction}
    outcomes: Counter[str] = Counter()
    longest, most = 0.0, 0.0

    def one(case: tuple[bytes, str]) -> None:
        try:
            payload = read(*case)
            check(payload)
        except Malformed as malformed:
            outcomes[malformed.reason] += 1
        else:
            AsyncBoltRequest(body=payload, mode="socket_mode")
            click = readers[kind_of(payload)](payload)
            for text in (click.name, click.team, click.user, click.key, click.value, click.channel, *click.fields):
                text.encode()  # what could not be stored or sent on has not come this far
                assert "\x00" not in text
            outcomes["read"] += 1

    for number in range(rounds):
        found = many(ROUND, start=5 + number)  # first, for drawing them takes memory of its own
        before = grown()
        for case in found:
            began = time.process_time()
            one(case)
            longest = max(longest, time.process_time() - began)
        most = max(most, grown() - before)
    assert outcomes["read"] > rounds * ROUND / 10 and outcomes["shape"] > rounds * ROUND / 20, outcomes
    assert longest < 1 and most < 50
    cases(sum(outcomes.values()))


def test_h4_thousands_of_spoilt_payloads_are_read_or_refused_and_nothing_else(cases: Cases) -> None:
    read_only(1, cases)


@pytest.mark.matrix
def test_h4_a_hundred_thousand_spoilt_payloads_are_read_or_refused_and_nothing_else(cases: Cases) -> None:
    read_only(20, cases)


def bombs() -> list[tuple[str, bytes, str]]:
    """Bodies that are meant to take time, memory or the stack."""
    deep = 100_000
    event = envelope(message())
    half = json.dumps(json.loads(event))[:-1]
    return [
        ("lists in lists", b"[" * deep, JSON),
        ("objects in objects", b'{"a":' * deep + b"1" + b"}" * deep, JSON),
        ("lists in an event", f'{half}, "x": {"[" * deep}{"]" * deep}}}'.encode(), JSON),
        ("a payload of lists", b"payload=" + b"[" * deep, FORM),
        ("a string without an end", b'{"a": "' + b'\\"' * (MEGABYTE // 2 - 10), JSON),
        ("quotes", b'"' * (MEGABYTE - 1), JSON),
        ("brackets side by side", b"[" + b"[],[]," * 170_000 + b"[]]", JSON),
        ("a number of a million digits", b'{"a": ' + b"9" * 1_000_000 + b"}", JSON),
        ("a fraction of a million digits", b'{"a": 1.' + b"9" * 1_000_000 + b"}", JSON),
        ("more than any number", b'{"a": 1e999999999}', JSON),
        ("no number", b'{"a": NaN}', JSON),
        ("without end", b'{"a": -Infinity}', JSON),
        ("a name twice", b'{"type": "event_callback", "type": "url_verification", "challenge": "x"}', JSON),
        ("a name twice, deep", event[:-1] + b', "y": {"z": {"a": 1, "a": 2}}}', JSON),
        ("a field twice", b"payload=%7B%7D&payload=%7B%7D", FORM),
        ("fields without end", b"&".join(b"a%d=1" % n for n in range(90_000)), FORM),
        ("no text", b"\xff\xfe" + event, JSON),
        ("text cut in half", event.replace(b"kanarie", b"kan\xc3"), JSON),
        ("text that is too long for itself", b'{"type": "\xc0\xaf"}', JSON),
        ("half a sign in bytes", b'{"type": "\xed\xa0\xbd"}', JSON),
        ("half a sign in a form", b"command=%2Foogst&text=%ED%A0%BD&team_id=T1&user_id=noor", FORM),
        ("nothing", b"", JSON),
        ("null", b"null", JSON),
        ("a list", b"[]", JSON),
        ("a number", b"1", JSON),
        ("a payload of null", b"payload=null", FORM),
        ("no form", b"%%%%", FORM),
        ("no kind", event, ""),
        ("another kind", event, "multipart/form-data; boundary=x"),
        ("a mark of order", b"\xef\xbb\xbf" + event, JSON),
        ("many names", json.dumps({f"n{n}": n for n in range(70_000)}).encode(), JSON),
        ("ten megabytes", b'{"a": "' + b"x" * (10 * MEGABYTE) + b'"}', JSON),
    ]


async def streamed(body: bytes) -> AsyncIterator[bytes]:
    """In pieces, so that whoever sends them needs no memory of its own for a second copy."""
    for start in range(0, len(body), 65536):
        yield body[start : start + 65536]


def test_h4_bombs_are_put_out_before_anything_is_built_of_them(tmp_path: Path, cases: Cases) -> None:
    found = bombs()

    async def work(bot: Served) -> None:
        assert (await bot.requests.send(envelope(message()))).status_code == 200
        heard, before = bot.heard, grown()
        for name, body, kind in found:
            for signed in (False, True):
                bot.requests.clock.at += timedelta(seconds=1)
                headers = bot.requests.signed(body) if signed else {}
                began = time.process_time()
                try:
                    answer = await bot.requests.http.post(
                        "/slack/events", content=streamed(body), headers={"Content-Type": kind, **headers}
                    )
                except httpx.TransportError:  # the door is shut before all of it was sent
                    assert len(body) > 2 * MOST_BYTES
                    continue
                wanted = 413 if len(body) > MOST_BYTES else 400 if signed else 401
                assert (answer.status_code, answer.content) == (wanted, b""), name
                assert time.process_time() - began < 1, name
        assert bot.heard == heard
        assert grown() - before < 50

    with_the_bot(tmp_path, work)
    cases(2 * len(found))


def test_h4_half_a_sign_or_a_nul_is_read_as_a_sign_that_nobody_knows(tmp_path: Path, cases: Cases) -> None:
    odd = ("\ud83d", "\udc00 \ud800", "a\x00b", "\ud83d\ud83d", "\U0001f331 \ud83c")
    tried = 0

    async def work(bot: Served) -> None:
        nonlocal tried
        for shape in SHAPES:
            for text in odd:
                spoilt = json.loads(json.dumps(shape).replace("Vraag eerst", "@@").replace("Groen", "@@"))
                told = json.dumps(spoilt).replace("@@", json.dumps(text)[1:-1])
                if "command" in shape:
                    continue
                told = told.replace('"Ev1"', f'"Ev{tried}"').replace('"1.1"', f'"{tried}.1"')
                bot.requests.clock.at += timedelta(seconds=1)
                answer = await bot.requests.send(*written(shape, told))
                assert answer.status_code == 200, (shape, text)
                tried += 1

    with_the_bot(tmp_path, work)
    cases(tried)


@pytest.mark.matrix
def test_h6_who_sends_too_much_or_too_slowly_is_let_go_and_others_are_served(tmp_path: Path, cases: Cases) -> None:
    tried = 0

    async def raw(bot: Served, *pieces: bytes, pause: float = 0, wait: float = 20) -> bytes:
        """Send pieces over a socket of its own, and return all that comes back until it is closed."""
        url = bot.requests.http.base_url
        reader, writer = await asyncio.open_connection(url.host, url.port)
        try:
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(pause)
            return await asyncio.wait_for(reader.read(), wait)
        except ConnectionError:
            return b""
        finally:
            writer.close()

    head = b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"

    async def work(bot: Served) -> None:
        nonlocal tried
        said = await raw(bot, head + b"Content-Length: 99999999\r\n\r\n")
        assert said.startswith(b"HTTP/1.1 413")
        chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
        said = await raw(bot, head + b"Transfer-Encoding: chunked\r\n\r\n", *[chunk] * 17)
        assert said.startswith(b"HTTP/1.1 413")
        began = time.perf_counter()
        slow = [asyncio.create_task(raw(bot, head + b"Content-Length: 50\r\n\r\n", b"{", wait=30)) for _ in range(50)]
        slow += [asyncio.create_task(raw(bot, head, *[b"X: y\r\n"] * 12, pause=1, wait=30)) for _ in range(50)]
        slow += [asyncio.create_task(raw(bot, wait=30)) for _ in range(50)]
        await asyncio.sleep(0.5)
        body = envelope(message())
        waits = []

        async def one(number: int) -> None:
            start = time.perf_counter()
            event = message(ts=f"{number}.7")
            assert (await bot.requests.send(envelope(event, f"Par{number}"))).status_code == 200
            waits.append(time.perf_counter() - start)

        limits = httpx.Limits(max_connections=200, max_keepalive_connections=200)
        async with httpx.AsyncClient(
            base_url=bot.requests.http.base_url, trust_env=False, timeout=20, limits=limits
        ) as http:
            bot.requests.http = http
            await asyncio.gather(*(one(number) for number in range(200)))
        # all were answered, while the slow ones hung on; half of them in the time that Slack waits, on any machine
        assert len(waits) == 200 and sorted(waits)[100] < 3, sorted(waits)[100]
        ends = await asyncio.gather(*slow)
        assert time.perf_counter() - began < 25
        assert sum(end.startswith(b"HTTP/1.1 408") for end in ends[:50]) == 50
        assert all(not end or end.startswith(b"HTTP/1.1 4") for end in ends[50:])
        assert body
        tried = 4

    with_the_bot(tmp_path, work)
    cases(tried)
