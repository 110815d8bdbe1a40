"""What waits for a person: told once, settled with a button, by who may; and clocks and queues that play tricks."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.delivery import RowState
from bot.problem import Refused
from bot.programme import Role
from handlers.delivery import notices
from tests.catalogue.scripted_slack import Call, Cut, Office, Slack, office


def press(at: Office, user: str, decision: str, value: str) -> Any:
    click = at.house.click("action", "delivery.decide", user, value, decision)
    return notices.decide(click, at.house.world)


def archived(back: list[bool]) -> Any:
    def script(slack: Slack, call: Call) -> web.StreamResponse | None:
        gone = call.method == "chat.postMessage" and call.said["channel"] == "C1" and not back
        return slack.refuse("is_archived") if gone else None

    return script


async def test_many_messages_that_cannot_be_sent_are_told_in_one_and_sent_again_by_a_button(tmp_path: Path) -> None:
    back: list[bool] = []
    async with office(tmp_path, archived(back)) as at:
        at.house.person("ineke", None, Role.COORDINATOR)
        at.house.person("noor")
        for number in range(20):
            at.owe(f"m{number}", channel="C1")
        await at.live(400, ticks=30)
        (told,) = at.slack.of("chat.postMessage", "Dineke")
        buttons = [e for b in told.said["blocks"] if b["type"] == "actions" for e in b["elements"]]
        assert [button["text"]["text"] for button in buttons] == ["Opnieuw sturen", "Laat maar"]
        with pytest.raises(Refused):
            await press(at, "noor", "again", buttons[0]["value"])
        back.append(True)
        await press(at, "ineke", "again", buttons[0]["value"])
        await at.live(60, ticks=30)
        assert {state for key, state in at.states().items() if key.startswith("m")} == {RowState.SENT}
        (changed,) = at.slack.of("chat.update", "Dineke")
        assert "opnieuw gestuurd" in str(changed.said["blocks"])
        with pytest.raises(Refused):
            await press(at, "ineke", "leave", buttons[1]["value"])
        await at.live(2 * 24 * 3600, ticks=3600)
        assert len(at.slack.of("chat.postMessage", "Dineke")) == 1, "told once"


async def test_what_a_person_gives_up_is_sent_no_more_and_nothing_hangs_below_it(tmp_path: Path) -> None:
    async with office(tmp_path, archived([])) as at:
        at.house.person("ineke", None, Role.COORDINATOR)
        at.owe("post", channel="C1")
        at.owe("part", channel="C1", thread_key="post")
        await at.live(300, ticks=30)
        assert at.states()["part"] == RowState.PARKED
        await press(at, "ineke", "leave", str(at.rows()["post"].id))
        assert (at.states()["post"], at.states()["part"]) == (RowState.DROPPED, RowState.DROPPED)


async def test_a_clock_that_jumps_forward_shortens_no_quarantine(tmp_path: Path) -> None:
    cut: list[bool] = []

    def script(slack: Slack, call: Call) -> web.StreamResponse | None:
        if call.method == "chat.postMessage" and not cut:
            cut.append(True)
            return Cut()
        return None

    async with office(tmp_path, script) as at:
        at.owe("post")
        await at.live(1)
        at.clock.at += timedelta(hours=3)
        await at.live(50)
        assert at.slack.of("conversations.history") == [], "sixty seconds have not passed, whatever the wall says"
        at.clock.at -= timedelta(days=2)
        await at.live(30)
        assert at.states()["post"] == RowState.SENT, "nor does it wait for two days"


async def test_a_backlog_in_one_channel_and_among_people_starves_nobody(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        for number in range(60):
            at.owe(f"a{number}", channel="CBUSY")
        for number in range(60):
            at.house.person(f"u{number}")
            at.owe(f"d{number}", user=f"u{number}")
        at.owe("quiet", channel="CQUIET")
        await at.live(30)
        (quiet,) = at.slack.of("chat.postMessage", "CQUIET")
        assert quiet.at <= 20
        assert len(at.slack.of("chat.postMessage", "CBUSY")) >= 20
