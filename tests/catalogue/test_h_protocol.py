"""H: what comes in over HTTP is Slack's, once, or it comes no further than the door."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from handlers import log
from handlers.serving.signature import REMEMBERED, Verifier
from tests.catalogue.http_door import CANARY, SECRET, Served, envelope, form, message, served
from tests.handlers.house import TEAM, SetClock, empty_database

Cases = Callable[[int], None]
TAP = {
    "type": "block_actions", "team": {"id": TEAM}, "user": {"id": "noor"}, "channel": {"id": "CWS"},
    "actions": [{"action_id": "home.refresh", "action_ts": "1.2", "value": CANARY}], "trigger_id": "t1",
}  # fmt: skip


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Served]:
    (tmp_path / "oogst.db").write_bytes(empty_database())
    async with served(tmp_path) as found:
        yield found


def tampered(bot: Served, body: bytes) -> list[tuple[bytes, dict[str, str]]]:
    """Every way in which a request is not Slack's: the bytes, and the headers that differ."""
    stamp, signature = "X-Slack-Request-Timestamp", "X-Slack-Signature"
    good = bot.requests.signed(body)
    now = int(good[stamp])
    bare = good[signature].removeprefix("v0=")
    found: list[tuple[bytes, dict[str, str]]] = []
    for wrong in (
        "", "v0=", "v0", "=", bare, f"v1={bare}", f"V0={bare}", f"v0={bare[:-1]}", f"v0={bare}0", f"v0={bare[:32]}",
        f"v0={bare.upper()}x", f"v0 ={bare}", f"v0={'0' * 64}", f"v0={'f' * 64}", f"v0={bare},v0={bare}", "a" * 8000,
        f"v0=é{bare[1:]}", f"v0={'é' * 64}", "v0=" + "\u0661" * 64, f"v0={bare[::-1]}", "null", "v0=null",
        bot.requests.signed(body, secret=SECRET[:-1])[signature], bot.requests.signed(body, secret="x")[signature],
    ):  # fmt: skip
        found.append((body, good | {signature: wrong}))
    for wrong in (
        "", "abc", "-", "1e9", f"{now}.0", f"{now}.5", f"-{now}", f"+{now}", f"0{now}0", f"0x{now:x}", "NaN", "inf",
        "9" * 5000, "0", "-1", "null", f"{now}\u00a0", "\u0661" * 10, f"{now},{now}", "1_000_000_000", f"{now}L",
    ):  # fmt: skip
        signed = {signature: good[signature], stamp: wrong}
        found.append((body, signed))
    for off in (-301, 301, -3600, 3600, -86400, 10**9):  # signed by us, at the wrong hour
        found.append((body, bot.requests.signed(body, at=now + off)))
    for place in (0, 1, len(body) // 2, len(body) - 1):
        changed = bytearray(body)
        changed[place] ^= 1
        found.append((bytes(changed), good))
    found += [(body + b" ", good), (body[:-1], good), (b"", good), (body * 2, good)]
    return found


async def test_h1_what_is_not_signed_by_slack_gets_an_empty_401_and_does_nothing(
    capfd: pytest.CaptureFixture[str], bot: Served, cases: Cases
) -> None:
    log.configure("DEBUG")
    tried = 0
    for body, kind in (
        (envelope(message()), "application/json"), (form(TAP), "application/x-www-form-urlencoded"),
        (b"command=%2Foogst&text=" + CANARY.encode(), "application/x-www-form-urlencoded"), (b"{}", "application/json"),
    ):  # fmt: skip
        for changed, headers in tampered(bot, body):
            raw = [(b"Content-Type", kind.encode())] + [(n.encode(), v.encode()) for n, v in headers.items()]
            answer = await bot.requests.http.post("/slack/events", content=changed, headers=raw)
            assert (answer.status_code, answer.content) == (401, b""), headers
            tried += 1
        for missing in ("X-Slack-Request-Timestamp", "X-Slack-Signature", ""):
            headers = {n: v for n, v in bot.requests.signed(body).items() if missing and n != missing}
            answer = await bot.requests.http.post("/slack/events", content=body, headers=headers)
            assert (answer.status_code, answer.content) == (401, b"")
            tried += 1
        twice = [(n.encode(), v.encode()) for n, v in bot.requests.signed(body).items()] * 2
        answer = await bot.requests.http.post("/slack/events", content=body, headers=twice)
        assert (answer.status_code, answer.content) == (401, b"")
        tried += 1
    assert (bot.heard, await bot.handled()) == (0, 0)
    told = capfd.readouterr()
    assert CANARY not in told.out + told.err
    assert told.err.count("request refused") == tried
    cases(tried)


@pytest.mark.parametrize("later", [1, 299, 301])
async def test_h2_a_recorded_request_has_no_second_effect(bot: Served, cases: Cases, later: int) -> None:
    tried = 0
    for number in range(20):
        event = {"type": "app_home_opened", "user": "noor", "channel": "D1", "tab": "home", "event_ts": f"{number}.1"}
        body = envelope(event, f"Ev{number}")
        headers = {"Content-Type": "application/json", **bot.requests.signed(body)}
        first = await bot.requests.http.post("/slack/events", content=body, headers=headers)
        assert first.status_code == 200, first.text
        assert await bot.handled() == number + 1
        start = bot.requests.clock.at
        await bot.requests.clock.sleep(later)
        again = await bot.requests.http.post("/slack/events", content=body, headers=headers)
        assert (again.status_code, again.content) == (401, b"")
        assert (bot.heard, await bot.handled()) == (number + 1, number + 1)
        bot.requests.clock.at = start
        tried += 1
    cases(tried)


async def test_h2_slacks_own_retry_is_signed_anew_and_answered_without_a_second_effect(bot: Served) -> None:
    body = envelope({"type": "app_home_opened", "user": "noor", "channel": "D1", "tab": "home", "event_ts": "1.1"})
    for number in range(4):
        answer = await bot.requests.send(body, X_Slack_Retry_Num=str(number), X_Slack_Retry_Reason="http_timeout")
        assert answer.status_code == 200
        await bot.requests.clock.sleep(60)
    assert await bot.handled() == 1


async def test_h2_slacks_retry_within_the_same_second_is_heard_when_the_first_failed(bot: Served) -> None:
    event = {"type": "app_home_opened", "user": "noor", "channel": "D1", "tab": "home", "event_ts": "1.1"}
    body = envelope(event)
    world = bot.oogst.world
    patience, world.ack_within = world.ack_within, 0.0
    assert (await bot.requests.send(body)).status_code == 500
    world.ack_within = patience
    assert (await bot.requests.send(body)).status_code == 200  # the clock stood still: it is signed just as before
    assert (await bot.requests.send(body)).status_code == 401
    assert await bot.handled() == 1


def test_h2_signatures_are_remembered_for_ten_minutes_and_never_more_than_there_is_room_for() -> None:
    from datetime import UTC, datetime, timedelta

    clock = SetClock(datetime(2021, 6, 17, 12, tzinfo=UTC))
    verifier = Verifier(SECRET, clock, most=50)
    from tests.catalogue.http_door import Requests

    signer = Requests(None, clock)  # type: ignore[arg-type]  # it signs, and sends nothing
    for number in range(200):
        body = str(number).encode()
        headers = [(n.lower().encode(), v.encode()) for n, v in signer.signed(body).items()]
        assert verifier.refuse(headers, body) is None
        assert verifier.refuse(headers, body) == "replayed"
        assert len(verifier._used) <= 50
    clock.at += timedelta(seconds=REMEMBERED)
    body = b"later"
    assert verifier.refuse([(n.lower().encode(), v.encode()) for n, v in signer.signed(body).items()], body) is None
    assert len(verifier._used) == 1


async def test_h3_nothing_that_asks_for_no_signature_gets_in(bot: Served, cases: Cases) -> None:
    challenge = json.dumps({"type": "url_verification", "token": "x", "challenge": CANARY}).encode()
    kind = "application/x-www-form-urlencoded"
    tried = 0
    for body, content_type in (
        (b"ssl_check=1&token=x", kind), (b"ssl_check=1&command=%2Foogst&user_id=noor&team_id=T1", kind),
        (b"payload=%7B%7D&ssl_check=1", kind), (form(TAP | {"ssl_check": 1}), kind),
        (json.dumps({"ssl_check": "1", "type": "event_callback", "event": message()}).encode(), "application/json"),
        (challenge, "application/json"),
    ):  # fmt: skip
        answer = await bot.requests.http.post("/slack/events", content=body, headers={"Content-Type": content_type})
        assert (answer.status_code, answer.content) == (401, b"")
        tried += 1
    answer = await bot.requests.send(challenge)
    assert (answer.status_code, answer.json()) == (200, {"challenge": CANARY})
    answer = await bot.requests.send(b"ssl_check=1&token=x", kind)
    assert (answer.status_code, answer.content) == (200, b"")
    answer = await bot.requests.send(form(TAP | {"ssl_check": 1}), kind)  # a tap does not become a check by saying so
    assert answer.status_code in (200, 400)
    tried += 3
    assert bot.heard <= 1
    cases(tried)


async def test_h3_no_other_page_or_method_answers(bot: Served) -> None:
    for method, path in (("GET", "/slack/events"), ("PUT", "/slack/events"), ("POST", "/"), ("GET", "/slack/install")):
        answer = await bot.requests.http.request(method, path)
        assert answer.status_code in (404, 405)
    assert bot.heard == 0


async def test_h4_many_large_bodies_that_nobody_signed_take_little_room_together(bot: Served) -> None:
    size = 1000 * 1024
    head = f"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: {size + 1}\r\n\r\n".encode()
    address = bot.requests.http.base_url
    senders = []
    for _ in range(40):
        reader, writer = await asyncio.open_connection(address.host, address.port)
        writer.write(head + b"x" * size)
        senders.append((reader, writer))
    refused = 0
    async with asyncio.timeout(4.5):  # before the others are too slow
        while not refused:
            await asyncio.sleep(0.1)
            refused = bot.oogst.world.tally.refused["crowded"]
    event = {"type": "app_home_opened", "user": "noor", "channel": "D1", "tab": "home", "event_ts": "1.1"}
    assert (await bot.requests.send(envelope(event))).status_code == 200  # what Slack sends is small, and gets in
    for _, writer in senders:
        writer.close()
