"""Part C of the catalogue: Slack asks to wait, fails for a while, or shuts us out; and our pace, as Slack sees it."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from aiohttp import web

from bot.delivery import RowState
from bot.programme import Role
from storage import delivery, programme
from tests.catalogue.scripted_slack import Call, Slack, by_channel, office
from tests.handlers.house import TEAM

Cases = Callable[[int], None]

WAITS = {"1": 1, "30": 30, "3600": 3600, "": 30, "abc": 30, "-5": 30}


@pytest.mark.parametrize("each", [5, pytest.param(45, marks=pytest.mark.matrix)])
async def test_c1_slack_is_obeyed_however_it_asks_to_wait(tmp_path: Path, cases: Cases, each: int) -> None:
    """So many messages for each way of asking, each asked once; a channel that is not asked goes on meanwhile."""
    told = {f"C{asked}_{n}": (asked, WAITS[asked]) for n in range(each) for asked in WAITS}
    met: set[str] = set()

    def script(slack: Slack, call: Call) -> web.StreamResponse | None:
        channel = call.said.get("channel", "")
        if call.method != "chat.postMessage" or channel in met or channel not in told:
            return None
        met.add(channel)
        asked = told[channel][0]
        return slack.refuse("ratelimited", 429, **({"Retry_After": asked} if asked else {}))

    async with office(tmp_path, script) as at:
        for channel in told:
            at.owe(channel, channel=channel)
        for number in range(20):
            at.owe(f"free{number}", channel="CFREE")
        await at.live(240)
        assert len(at.slack.of("chat.postMessage", "CFREE")) == 20, "others go on"
        await at.live(3700)
        assert set(at.states().values()) == {RowState.SENT}
        for channel, (asked, seconds) in told.items():
            first, second = at.slack.of("chat.postMessage", channel)
            assert second.at - first.at >= seconds, asked
    cases(len(told))


@pytest.mark.matrix
async def test_c2_an_hour_in_which_a_third_of_all_calls_is_told_to_wait(tmp_path: Path, cases: Cases) -> None:
    """All arrive, in order, for hardly more calls than there must be.

    Each call is told to wait by chance here, also the second one of a message, so 1 / 0.7 = 1.43 calls a message is the
    least there is, whoever waits how long; 1.5 is what we allow. Waiting with a whole method after one 429 would come
    to fewer calls only if Slack counted all channels together. It does not: for messages it counts each channel (one a
    second), and one busy channel would then silence every other (C1). So a 429 on a message holds its channel alone,
    and one on any other method, which Slack counts by workspace, holds that method there.
    """
    chance = random.Random(2)

    def script(slack: Slack, call: Call) -> web.StreamResponse | None:
        if call.method == "chat.postMessage" and call.at < 3600 and chance.random() < 0.3:
            return slack.refuse("ratelimited", 429, Retry_After="5")
        return None

    async with office(tmp_path, script) as at:
        keys = [f"{channel}:{number:02}" for number in range(25) for channel in range(40)]
        for key in keys:
            at.owe(key, key, channel=f"C{key.partition(':')[0]}")
        await at.live(3700)
        assert set(at.states().values()) == {RowState.SENT}
        calls = at.slack.of("chat.postMessage")
        assert len(calls) <= len(keys) * 1.5
        for channel in range(40):
            texts = [message.body["text"] for message in at.slack.standing(f"C{channel}")]
            assert texts == sorted(texts), "in order"
            assert len(texts) == 25
    cases(len(keys))


@pytest.mark.matrix
@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_c3_after_ten_minutes_of_failing_it_goes_on_within_a_minute(
    tmp_path: Path, cases: Cases, status: int
) -> None:
    def script(slack: Slack, call: Call) -> web.StreamResponse | None:
        return web.Response(status=status) if call.at < 600 else None

    async with office(tmp_path, script) as at:
        for number, at_second in enumerate((0, 30, 300)):
            for part in range(2):
                at.owe(f"{number}:{part}", channel=f"C{number}", not_before=None)
            await at.live(at_second - at.clock.passed if number else 0.1)
        await at.live(600 - at.clock.passed)
        before = len(at.slack.of("chat.postMessage"))
        assert before <= 3 * 3, "failing is not answered with hammering"
        await at.live(60)
        assert set(at.states().values()) == {RowState.SENT}
        assert len(at.slack.messages) == 6
    cases(3)


GONE = {
    "a token is revoked": "token_revoked",
    "the app is uninstalled": "account_inactive",
    "a right is missing": "missing_scope",
    "a channel is archived": "is_archived",
    "a person is switched off": "user_disabled",
}
METHODS = ("chat.postMessage", "conversations.open", "chat.update")


@pytest.mark.parametrize("methods", [METHODS[:1], pytest.param(METHODS[1:], marks=pytest.mark.matrix)])
@pytest.mark.parametrize("what", GONE)
async def test_c7_what_is_gone_is_left_alone_told_once_and_found_again(
    tmp_path: Path, cases: Cases, what: str, methods: tuple[str, ...]
) -> None:
    code = GONE[what]
    number = 0
    for method in methods:
        back: list[bool] = []

        def script(
            slack: Slack, call: Call, method: str = method, back: list[bool] = back
        ) -> web.StreamResponse | None:
            if back:
                return None
            shut = code in ("token_revoked", "account_inactive")
            hit = {"chat.postMessage": "C1", "conversations.open": "noor", "chat.update": "C2"}[method]
            place = call.said.get("channel") or call.said.get("users")
            return slack.refuse(code) if shut or (call.method == method and place == hit) else None

        folder = tmp_path / method
        folder.mkdir()
        async with office(folder, script) as at:
            at.house.person("ineke", None, Role.COORDINATOR)
            at.house.person("noor")
            at.house.write(lambda db: programme.set_direct_channel(db, TEAM, "ineke", "Dineke"))
            at.slack.headers["X-OAuth-Scopes"] = "chat:write,im:write" if code != "missing_scope" else "users:read"
            await _a_morning(at, method, code, back)
        number += 1
    cases(number)


async def _a_morning(at: object, method: str, code: str, back: list[bool]) -> None:
    from bot.delivery import Operation
    from tests.catalogue.scripted_slack import Office

    assert isinstance(at, Office)
    shut = code in ("token_revoked", "account_inactive")
    if method == "chat.update":
        at.owe("there", channel="C2")
        at.house.write(lambda db: _arrive(db, at))
    lane = {
        "chat.postMessage": {"channel": "C1"},
        "conversations.open": {"user": "noor"},
        "chat.update": {"channel": "C2"},
    }
    more = {"target_key": "there", "operation": Operation.UPDATE} if method == "chat.update" else {}
    for number in range(5):
        at.owe(f"m{number}", channel="C1") if method == "chat.postMessage" else at.owe(
            f"m{number}", **lane[method], **more
        )
    at.owe("elsewhere", channel="C9")
    await at.live(600, ticks=60)
    await at.live(3 * 3600, ticks=900)
    states = at.states()
    if shut:
        assert {states[f"m{n}"] for n in range(5)} == {RowState.PLANNED}, "nothing is given up"
        assert states["elsewhere"] == RowState.PLANNED
        times = [call.at for call in at.slack.calls]
        first_hour = [moment for moment in times if moment < 3600]
        assert len(first_hour) <= 3 + 1, "one call each of the lanes that were under way, and two questions"
        assert all(sum(start <= t < start + 3600 for t in times) <= 3 for start in times if start > 60)
    else:
        assert {states[f"m{n}"] for n in range(5)} == {RowState.PARKED}
        told = at.slack.of("chat.postMessage", "Dineke")
        if code == "missing_scope" and method != "conversations.open":
            assert told == [], "nobody can be told without the right to write"
        else:
            assert states["elsewhere"] == RowState.SENT, "others go on"
            assert len(told) == 1, "told once"
        if code == "missing_scope":
            asked = [call for call in at.slack.calls if call.method == method and call.said.get("users") != "ineke"]
            assert len(asked) <= (1 if method != "chat.postMessage" else 4)
            assert len(at.slack.of("auth.test")) <= 3 * 2 + 1
    back.append(True)
    at.slack.headers["X-OAuth-Scopes"] = "chat:write,im:write"
    await at.live(2400, ticks=600)
    if shut or code == "missing_scope":
        assert {at.states()[f"m{n}"] for n in range(5)} == {RowState.SENT}, "it comes back by itself"
        assert at.house.read(lambda db: delivery.pauses(db, TEAM)) == []


def _arrive(db: object, at: object) -> None:
    from sqlmodel import Session

    from tests.catalogue.scripted_slack import Office

    assert isinstance(db, Session)
    assert isinstance(at, Office)
    row = delivery.parcel(db, TEAM, "there")
    assert row is not None
    delivery.claim(db, row.id, 0, at.clock.now(), at.clock.now())
    delivery.record_sent(db, row.id, 1, "1.1", "C2", at.clock.now())


@pytest.mark.parametrize("messages", [60, pytest.param(200, marks=pytest.mark.matrix)])
async def test_c10_slack_never_sees_two_messages_of_a_channel_within_a_second(
    tmp_path: Path, cases: Cases, messages: int
) -> None:
    async with office(tmp_path) as at:
        for number in range(messages):
            at.owe(f"m{number:03}", f"{number:03}", channel=f"C{number % 5}")
        await at.live(60)
        assert set(at.states().values()) == {RowState.SENT}
        channels = by_channel(at.slack.of("chat.postMessage"))
        pairs = [b.at - a.at for calls in channels.values() for a, b in pairwise(calls)]
        assert min(pairs) >= 1.0
        every = sorted(call.at for calls in channels.values() for call in calls)
        assert max(sum(start <= t < start + 60 for t in every) for start in every) <= 300, "several hundred a minute"
        for calls in channels.values():
            texts = [call.said["text"] for call in calls]
            assert texts == sorted(texts), "in order"
    cases(len(every))
