"""A message of which nobody knows whether it arrived, after a person said what they see in Slack."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.delivery import Operation, RowState
from bot.programme import Role
from handlers.delivery import notices
from tests.catalogue.scripted_slack import Call, Cut, Office, Slack, office


@dataclass
class Network:
    """The first post in C1 is cut off, kept by Slack or not; its history cannot be read until it `answers`."""

    kept: bool = True
    answers: bool = False
    cut: list[str] = field(default_factory=list)

    def __call__(self, slack: Slack, call: Call) -> web.StreamResponse | None:
        if call.method == "conversations.history" and not self.answers:
            return slack.refuse("missing_scope")
        if call.method == "chat.postMessage" and call.said["channel"] == "C1" and not self.cut:
            self.cut.append(str(call.said["text"]))
            if self.kept:
                slack.store(call)
            return Cut()
        return None


async def parked(at: Office) -> None:
    """Let the message be parked and the coordinator be told."""
    at.house.person("ineke", None, Role.COORDINATOR)
    at.owe("post", "de notitie")
    await at.live(400, ticks=30)
    row = at.rows()["post"]
    assert (row.state, row.ts, len(at.slack.of("chat.postMessage", "Dineke"))) == (RowState.PARKED, None, 1)


def withdraw(at: Office) -> None:
    at.owe("post:gone", "[verwijderd]", target_key="post", operation=Operation.UPDATE)


async def press(at: Office, decision: str, key: str = "post") -> None:
    value = str(at.rows()[key].id)
    await notices.decide(at.house.click("action", "delivery.decide", "ineke", value, decision), at.house.world)


def changed(at: Office) -> list[tuple[Any, Any]]:
    return [(call.said["ts"], call.said["text"]) for call in at.slack.of("chat.update", "C1")]


def read_last(at: Office) -> str:
    """What the coordinator reads in the message about it now."""
    return str(at.slack.of("chat.update", "Dineke")[-1].said["blocks"])


@pytest.mark.parametrize("withdrawn", ["while it waits", "while it waits and Slack answers", "afterwards"])
async def test_words_that_are_withdrawn_leave_slack_also_where_a_person_had_to_say_that_they_arrived(
    tmp_path: Path, withdrawn: str
) -> None:
    network = Network()
    async with office(tmp_path, network) as at:
        await parked(at)
        if withdrawn == "while it waits":
            withdraw(at)
            await at.live(5)
        network.answers = True
        if withdrawn == "while it waits and Slack answers":
            withdraw(at)
        else:
            await press(at, "there")
        await at.live(120, ticks=30)
        if withdrawn == "afterwards":
            withdraw(at)
        await at.live(60, ticks=30)
        (message,) = at.slack.standing("C1")
        assert changed(at) == [(message.ts, "[verwijderd]")]
        assert (at.rows()["post"].state, at.rows()["post"].ts) == (RowState.SENT, message.ts)
        assert "Stond er al" in read_last(at)


@pytest.mark.parametrize("readable", [True, False])
async def test_a_message_that_cannot_be_found_goes_on_waiting_and_says_so(tmp_path: Path, readable: bool) -> None:
    network = Network(kept=False)
    async with office(tmp_path, network) as at:
        await parked(at)
        network.answers = readable
        await press(at, "there")
        await at.live(120, ticks=30)
        assert at.states()["post"] == RowState.PARKED
        assert ("vond het niet" if readable else "niet terugkijken") in read_last(at)
        assert len(at.slack.of("chat.postMessage", "C1")) == 1, "nobody asked for it to be sent again"
        await press(at, "again")
        await at.live(120, ticks=30)
        assert at.states()["post"] == RowState.SENT


async def test_words_that_are_withdrawn_are_looked_for_also_where_a_person_let_the_message_be(tmp_path: Path) -> None:
    network = Network()
    async with office(tmp_path, network) as at:
        await parked(at)
        await press(at, "leave")
        withdraw(at)
        await at.live(3 * 3600, ticks=600)
        row = at.rows()["post:gone"]
        assert (row.state, changed(at)) == (RowState.PARKED, [])
        assert "kan het niet opzoeken" in str(at.slack.of("chat.postMessage", "Dineke")[-1].said["blocks"])
        network.answers = True
        await press(at, "again", "post:gone")
        await at.live(120, ticks=30)
        (message,) = at.slack.standing("C1")
        assert changed(at) == [(message.ts, "[verwijderd]")]


async def test_what_hangs_below_a_message_that_was_there_already_is_sent_in_its_thread(tmp_path: Path) -> None:
    network = Network()
    async with office(tmp_path, network) as at:
        at.owe("post", "de notitie")
        for number in range(3):
            at.owe(f"part{number}", f"deel {number}", channel="C1", thread_key="post")
        at.house.person("ineke", None, Role.COORDINATOR)
        await at.live(400, ticks=30)
        network.answers = True
        await press(at, "there")
        await at.live(120, ticks=30)
        first, *parts = at.slack.standing("C1")
        assert [(part.body["text"], part.thread_ts) for part in parts] == [(f"deel {n}", first.ts) for n in range(3)]
