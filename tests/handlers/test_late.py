"""What people get whose press or form was written later than Slack waits for an ack."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.problem import Refused
from handlers.routing import Answer, Click, Router, Routes
from handlers.slack import unknown
from handlers.views.frame import notice
from handlers.world import World
from tests.catalogue.scripted_slack import Call, Office, Slack, office
from tests.handlers.house import TEAM

LATE = "Dit duurt langer dan anders."


def expired(slack: Slack, call: Call) -> web.StreamResponse | None:
    return slack.refuse("expired_trigger_id") if call.method in ("views.open", "views.push") else None


class Slow:
    """A handler that answers only after its ack was given up."""

    def __init__(self, at: Office, does: str) -> None:
        self.at, self.does = at, does
        self.go = asyncio.Event()
        self.acks: list[Mapping[str, Any]] = []
        self.done = 0
        at.house.world.ack_within = 0.01

    async def handler(self, click: Click, world: World) -> Answer:
        await self.go.wait()
        words = await world.words_of(click.team, click.user)
        if self.does == "refuses":
            raise Refused("slack.unknown")
        if self.does == "fails":
            raise ValueError(self.does)
        if self.does == "opens":
            return Answer(then=[world.open(click, notice("Het volgende", words))])
        if self.does == "shows more":
            return Answer(ack={"response_action": "update", "view": notice("Stap twee", words).to_dict()})
        if self.does == "finds a mistake":
            return Answer(ack={"response_action": "errors", "errors": {"day": "Kies een dag."}})
        return Answer(then=[world.whisper(click, "Wat overbleef")])

    async def handle(self, kind: str, **more: Any) -> None:
        async def ack(payload: Any = None) -> None:
            self.acks.append(payload or {})

        def done() -> None:
            self.done += 1

        routes = Routes(actions={"x": self.handler}, forms={"x": self.handler}, events={"x": [self.handler]})
        router = Router([routes], unknown)
        click = Click(kind, "x", TEAM, "noor", "k1", trigger="t", **more)
        try:
            await router.handle(click, self.at.house.world, ack, done)
        finally:
            assert self.go.is_set() or self.done == 0
            self.go.set()
            await self.at.house.world.tasks.drain(5)

    @property
    def hook(self) -> str:
        return f"{self.at.slack.url}respond"

    @property
    def read(self) -> str:
        """Everything that was shown after the ack."""
        calls = [call for call in self.at.slack.calls if call.method not in ("views.open", "views.push")]
        return " ".join(str(call.said) for call in calls)


@pytest.mark.parametrize(
    ("does", "reads"),
    [
        ("answers", "Wat overbleef"),
        ("opens", "Druk nog een keer"),
        ("refuses", "Deze knop werkt niet meer"),
        ("fails", "Er ging iets mis"),
    ],
)
@pytest.mark.parametrize("place", ["message", "home"])
async def test_a_press_that_was_written_late_still_gives_what_was_asked_for(
    tmp_path: Path, does: str, reads: str, place: str
) -> None:
    async with office(tmp_path, expired) as at:
        at.house.person("noor")
        slow = Slow(at, does)
        await slow.handle("action", **({"response_url": slow.hook} if place == "message" else {"view_id": "V1"}))
        await at.live(5)
        assert (slow.acks, slow.done) == ([{}], 1)
        assert (reads if place == "message" else "Druk nog een keer") in slow.read


@pytest.mark.parametrize(
    ("does", "reads"),
    [("answers", "Het is gelukt"), ("shows more", "Stap twee"), ("finds a mistake", ""), ("fails", "")],
)
async def test_a_form_that_was_written_late_says_so_and_shows_what_came_of_it(
    tmp_path: Path, does: str, reads: str
) -> None:
    async with office(tmp_path, expired) as at:
        at.house.person("noor")
        slow = Slow(at, does)
        await slow.handle("form", view_id="V1", fields={"day": ""}, response_url=slow.hook)
        (ack,) = slow.acks
        assert ack["errors"]["day"].startswith(LATE)
        shown = at.slack.of("views.update")
        assert len(shown) == (1 if reads else 0), "what was typed stays where something is wrong"
        assert reads in slow.read


async def test_an_event_that_was_heard_late_is_not_acked_and_what_follows_from_it_is_done(tmp_path: Path) -> None:
    async with office(tmp_path, expired) as at:
        at.house.person("noor")
        slow = Slow(at, "answers")
        with pytest.raises(TimeoutError):
            await slow.handle("event", response_url=slow.hook)
        assert slow.acks == []
        assert "Wat overbleef" in slow.read


async def test_an_answer_that_slack_cannot_be_reached_for_is_lost_without_more_noise(tmp_path: Path) -> None:
    unheard: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unheard.append(context))
    async with office(tmp_path, expired) as at:
        at.house.person("noor")
        slow = Slow(at, "opens")
        for nowhere in ("http://127.0.0.1:9/answer", "-1"):
            await slow.handle("action", response_url=nowhere)
        gc.collect()
    assert unheard == []


async def test_who_is_refused_reads_why_wherever_they_pressed(tmp_path: Path) -> None:
    def shut(slack: Slack, call: Call) -> web.StreamResponse | None:
        if call.method == "respond":
            return web.Response(status=404)
        return slack.refuse("not_in_channel") if call.method == "chat.postEphemeral" else None

    plain: dict[str, Any] = {"type": "section", "block_id": "beside"}
    field: dict[str, Any] = {"type": "input", "block_id": "day"}
    async with office(tmp_path, shut) as at:
        at.house.person("noor")
        slow = Slow(at, "refuses")
        at.house.world.ack_within = 5
        slow.go.set()
        why = "Deze knop werkt niet meer"
        for place in ({"response_url": slow.hook}, {"channel": "C9"}, {"view_id": "V1"}):
            await slow.handle("action", **place)
            assert why in str(at.slack.of("views.open")[-1].said), place
        for blocks, shown in (([plain], "view"), ([plain, field], "errors")):
            body = {"view": {"type": "modal", "blocks": blocks}}
            await slow.handle("form", view_id="V1", fields={"beside": "x", "day": ""}, body=body)
            assert why in str(slow.acks[-1][shown])
        assert set(slow.acks[-1]["errors"]) == {"day"}, "Slack shows nothing below what is no field"
