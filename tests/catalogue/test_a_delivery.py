"""Part A of the catalogue: what may go wrong between us and a message that stands in a channel (A4 to A8)."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from aiohttp import web

from bot.delivery import RowState
from bot.programme import Role
from handlers.delivery import fingerprint
from storage import programme
from tests.catalogue.scripted_slack import BOT, Call, Cut, Office, Script, Slack, by_channel, office

Cases = Callable[[int], None]


async def late(folder: Path, delays: list[float]) -> Office:
    """Post to a channel for each delay; Slack breaks the connection and shows the message so many seconds later."""
    cut: set[str] = set()

    def script(slack: Slack, call: Call) -> web.StreamResponse | None:
        if call.method == "chat.postMessage" and call.said["channel"] not in cut:
            cut.add(call.said["channel"])
            slack.store(call)
            return Cut()
        return None

    async with office(folder, script) as at:
        first: dict[str, float] = {f"C{n}": delay for n, delay in enumerate(delays)}

        def shown_after(call: Call) -> float:
            again = len(at.slack.of("chat.postMessage", call.said["channel"])) > 1
            return 0.0 if again else first[call.said["channel"]]

        at.slack.late = shown_after
        for channel in first:
            at.owe(channel, channel=channel)
        await at.live(600)
        assert await at.settled()
        posts = by_channel(at.slack.of("chat.postMessage"))
        for channel, delay in first.items():
            assert len(posts[channel]) <= (1 if delay < 60 else 2), f"{delay} s: no second post within the quarantine"
        doubled = sum(len(posts[channel]) == 2 for channel in first)
        await at.live(18 * 3600)  # past four at night
        await at.live(60 * (len(delays) + 3), ticks=30)
        rows = at.rows()
        for channel in first:
            (left,) = at.slack.standing(channel)
            assert rows[channel].state == RowState.SENT
            assert rows[channel].ts == left.ts, "what stands is what the row knows"
            assert not rows[channel].maybe_double
        healed = sum(row.doubles_removed for row in rows.values())
        assert healed == doubled
        history = [call.at for call in at.slack.of("conversations.history") if call.at > 600]
        assert all(b - a >= 60 - 1e-3 for a, b in pairwise(history)), "one page a minute"
        return at


async def test_a4_what_slack_shows_late_stands_once_a_day_later(tmp_path: Path, cases: Cases) -> None:
    delays = [0.0, 5.0, 45.0, 58.0, 62.0, 75.0, 90.0]
    await late(tmp_path, delays)
    cases(len(delays))


@pytest.mark.matrix
async def test_a4_whatever_the_delay_up_to_ninety_seconds(tmp_path: Path, cases: Cases) -> None:
    chance = random.Random(4)
    delays = [d for d in (chance.uniform(0, 90) for _ in range(300)) if abs(d - 60) > 2][:200]
    await late(tmp_path, delays)
    cases(len(delays))


def reset(slack: Slack, call: Call) -> web.StreamResponse:
    return Cut()


def truncated(slack: Slack, call: Call) -> web.StreamResponse:
    return Cut(text='{"ok": tru')


def plain(status: int, text: str = "", kind: str = "text/html") -> Script:
    return lambda slack, call: web.Response(status=status, text=text, content_type=kind)


def error(code: str, status: int = 200) -> Script:
    return lambda slack, call: slack.refuse(code, status)


AMBIGUOUS: dict[str, Script] = {
    "reset": reset,
    "truncated": truncated,
    "500": plain(500),
    "502": plain(502, "<h1>Bad gateway</h1>"),
    "504": plain(504),
    "html": plain(200, "<html>log in</html>"),
    "fatal_error": error("fatal_error"),
    "internal_error": error("internal_error", 500),
    "request_timeout": error("request_timeout"),
    "empty": plain(200, "", "application/json"),
    "no ts": lambda slack, call: slack.ok(channel=call.said["channel"]),
    "another channel": lambda slack, call: slack.ok(channel="C999", ts="1.1"),
}


async def test_a5_an_answer_that_says_nothing_is_looked_up_and_never_repeated_blindly(
    tmp_path: Path, cases: Cases
) -> None:
    stored = {f"C{n}{kept}": (name, kept) for n, name in enumerate(AMBIGUOUS) for kept in (True, False)}
    met: set[str] = set()

    def script(slack: Slack, call: Call) -> web.StreamResponse | None:
        channel = call.said.get("channel", "")
        if call.method != "chat.postMessage" or channel in met:
            return None
        met.add(channel)
        name, kept = stored[channel]
        if kept:
            slack.store(call)
        return AMBIGUOUS[name](slack, call)

    async with office(tmp_path, script) as at:
        for channel in stored:
            at.owe(channel, channel=channel)
        await at.live(30)
        assert set(at.states().values()) == {RowState.UNKNOWN}
        await at.live(300)
        rows = at.rows()
        for channel, (name, kept) in stored.items():
            posts, looks = at.slack.of("chat.postMessage", channel), at.slack.of("conversations.history", channel)
            assert len(posts) == (1 if kept else 2), name
            assert looks[0].at - posts[0].at >= 60, "after the quarantine"
            assert all(look.at <= post.at for look, post in zip(looks, posts[1:], strict=False)), "looked up first"
            assert rows[channel].state == RowState.SENT
            assert [rows[channel].ts] == [message.ts for message in at.slack.standing(channel)], name
            assert {post.said["client_msg_id"] for post in posts} == {posts[0].said["client_msg_id"]}
    cases(len(stored))


UNREADABLE = ("missing_scope", "not_in_channel", "is_archived")


@pytest.mark.parametrize("why", UNREADABLE)
async def test_a6_without_history_a_digest_is_repeated_once_and_all_else_waits_for_a_person(
    tmp_path: Path, cases: Cases, why: str
) -> None:
    met: set[str] = set()

    def script(slack: Slack, call: Call) -> web.StreamResponse | None:
        channel = call.said.get("channel", "")
        if call.method == "conversations.history":
            return slack.refuse(why)
        if call.method == "chat.postMessage" and channel not in met and channel != "Dineke":
            met.add(channel)
            return Cut()
        return None

    async with office(tmp_path, script) as at:
        at.house.person("ineke", None, Role.COORDINATOR)
        at.house.person("noor")
        at.owe("digest", kind="digest.post", channel="C1")
        at.owe("calls", "Dag <@noor>", kind="digest.post", channel="C2")
        at.owe("card", channel="C3")
        at.owe("direct", user="noor")
        await at.live(900, ticks=30)
        await at.live(3 * 3600, ticks=1800)
        rows = at.rows()
        assert rows["digest"].state == RowState.SENT
        assert rows["digest"].maybe_double
        for key in ("calls", "card", "direct"):
            assert (rows[key].state, rows[key].error) == (RowState.PARKED, "history unreadable")
        assert len(at.slack.of("chat.postMessage", "C1")) == 2
        assert all(len(at.slack.of("chat.postMessage", channel)) == 1 for channel in ("C2", "C3", "Dnoor"))
        (told,) = at.slack.of("chat.postMessage", "Dineke")
        buttons = [e["action_id"] for b in told.said["blocks"] if b["type"] == "actions" for e in b["elements"]]
        assert buttons == ["delivery.decide:again", "delivery.decide:there", "delivery.decide:leave"] * 3
    cases(2)


@pytest.mark.parametrize("others", [14, 15, 40])
async def test_a7_ours_is_found_below_what_others_wrote_since(tmp_path: Path, others: int) -> None:
    """Also where Slack gives one page a minute."""
    asked: list[float] = []

    def script(slack: Slack, call: Call) -> web.StreamResponse | None:
        if call.method == "chat.postMessage":
            slack.store(call)
            for _ in range(others):
                slack.store(call, user="UNOOR", bot_id=None, metadata=None)
            return Cut()
        if call.method == "conversations.history":
            if asked and call.at - asked[-1] < 60:
                return slack.refuse("ratelimited", 429, Retry_After="60")
            asked.append(call.at)
        return None

    async with office(tmp_path, script) as at:
        at.owe("post")
        await at.live(600)
        assert at.states() == {"post": RowState.SENT}
        assert len(at.slack.of("chat.postMessage")) == 1
        assert at.rows()["post"].ts == at.slack.messages[0].ts


@pytest.mark.parametrize("thief", [{"user": "UELSE", "bot_id": "BELSE"}, {"user": BOT, "bot_id": "BELSE"}])
async def test_a8_a_mark_that_another_app_copied_is_not_ours(tmp_path: Path, thief: dict[str, str]) -> None:
    stolen: list[bool] = []

    def script(slack: Slack, call: Call) -> web.StreamResponse | None:
        if call.method == "chat.postMessage" and not stolen:
            stolen.append(True)
            slack.store(call, **thief)
            return Cut()
        return None

    async with office(tmp_path, script) as at:
        known = replace(at.house.settings, bot_id="B0OOGST")
        at.house.write(lambda db: programme.save_programme(db, known))
        at.owe("post")
        await at.live(300)
        copy, ours = at.slack.messages
        assert copy.body["metadata"]["event_payload"]["k"] == fingerprint(known, "post")
        assert at.rows()["post"].ts == ours.ts, "posted by ourselves, for the other one was not ours"
