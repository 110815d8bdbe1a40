"""What comes in while something fails is not acked, or answered with an apology that keeps what was typed."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from bot.worksessions import State
from handlers.routing import Answer, Click, Router, Routes
from handlers.slack import unknown
from handlers.world import World
from storage import inbox, selection
from tests.catalogue.inbound import NOW, Door, told
from tests.handlers.house import TEAM, House


async def test_b6_what_comes_while_the_database_is_locked_is_not_acked_and_not_lost(
    tmp_path: Path, cases: Callable[[int], None]
) -> None:
    door = Door(tmp_path, lock_wait=60)  # however slow the computer, the lock goes before the waiting ends
    bodies = [door.event(door.reply(told(number), f"7.{number}")) for number in range(50)]
    form = {
        "type": "view_submission", "team": {"id": TEAM}, "user": {"id": "lotte"},
        "view": {"id": "V1", "hash": "h", "callback_id": "impressions.share", "private_metadata": '{"group": "gr_a"}',
                 "state": {"values": {"takeaway": {"takeaway": {"type": "plain_text_input", "value": "Getypt"}}}}},
    }  # fmt: skip
    door.world.ack_within = 0.3
    with closing(sqlite3.connect(tmp_path / "oogst.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        begun = asyncio.get_running_loop().time()
        outcomes = await asyncio.gather(*(door.deliver(body) for body in bodies), return_exceptions=True)
        assert asyncio.get_running_loop().time() - begun < 3
        assert all(isinstance(outcome, TimeoutError) for outcome in outcomes), "no ack"
        answer = await door.deliver(form)
        assert answer["response_action"] == "errors" and "takeaway" in answer["errors"], "the form stays as it was"
        other.execute("ROLLBACK")
    door.world.ack_within = 10
    for body in bodies:
        await door.deliver(body)
        cases(1)
    kept = sorted(each.contents.takeaway for each in door.kept())
    assert kept == sorted(["Getypt", *(told(n) for n in range(50))]), "once each, and the form as well, be it late"


async def test_b6_what_comes_while_the_database_is_away_is_not_acked(tmp_path: Path) -> None:
    door = Door(tmp_path)
    door.house.database.close()
    with pytest.raises(RuntimeError):
        await door.deliver(door.event(door.reply("Bericht.", "7.1")))


async def test_b7_a_handler_that_fails_loses_and_doubles_nothing(tmp_path: Path, cases: Callable[[int], None]) -> None:
    house = House(tmp_path, NOW)
    stages: list[str] = []
    done: list[str] = []

    def effect(click: Click, db: Session) -> None:
        if inbox.first(db, TEAM, click.key, NOW):
            if stages.pop(0) == "before the commit":
                raise ValueError("before the commit")
            inbox.record(db, [(TEAM, f"effect:{click.key}")], NOW)
        elif stages:
            stages.pop(0)

    async def later(click: Click) -> None:
        done.append(click.key)
        raise ValueError("after the ack")

    async def handler(click: Click, world: World) -> Answer:
        stage = stages[0]
        await world.database.write(lambda db: effect(click, db))
        if stage == "after the commit":
            raise ValueError(stage)
        return Answer(then=[later(click)] if stage == "after the ack" else [])

    routes = Routes(actions={"x": handler}, forms={"x": handler}, events={"x": [handler]})
    router = Router([routes], unknown)
    for number, (kind, stage) in enumerate(
        (kind, stage)
        for kind in ("event", "action", "form")
        for stage in ("before the commit", "after the commit", "after the ack", "not at all")
    ):
        click, acks = Click(kind, "x", TEAM, "noor", f"k{number}", fields={"a": "b"}), []

        async def ack(payload: Any = None, acks: list[Any] = acks) -> None:
            acks.append(payload)

        fails = stage in ("before the commit", "after the commit")
        stages[:] = [stage, "not at all"]
        if kind == "event" and fails:
            with pytest.raises(ValueError, match=stage):
                await router.handle(click, house.world, ack)
            assert acks == [], "Slack tells it again"
            there = house.read(lambda db, c=click: inbox.seen(db, TEAM, f"effect:{c.key}"))
            assert there == (stage == "after the commit"), "all of it or none of it"
        else:
            await router.handle(click, house.world, ack)
            assert len(acks) == 1
            if kind == "form" and fails:
                assert acks[0]["response_action"] == "errors"
        await house.world.tasks.drain(5)
        stages[:] = ["not at all", "not at all"]
        await router.handle(click, house.world, ack)
        assert house.read(lambda db, c=click: inbox.seen(db, TEAM, f"effect:{c.key}")), "once, in the end"
        assert done.count(click.key) == (1 if stage == "after the ack" else 0)
        cases(1)


async def test_b9_what_apps_write_begins_nothing(tmp_path: Path, cases: Callable[[int], None]) -> None:
    door = Door(tmp_path)
    before = door.keys(), door.owed_in_channels()
    machines: tuple[dict[str, Any], ...] = (
        {"bot_id": "BBOT", "user": "UBOT"}, {"bot_id": "B9", "user": "U9"}, {"subtype": "bot_message", "user": ""},
        {"user": "USLACKBOT"}, {"bot_id": "B9", "app_id": "A9", "bot_profile": {"id": "B9"}},
    )  # fmt: skip
    for number, machine in enumerate(machines):
        said = door.reply(f"Ik ben een programma {number}.", f"7.{number}") | machine
        events: tuple[dict[str, Any], ...] = (
            said,
            said | {"channel": "D1", "channel_type": "im", "thread_ts": ""},
            said | {"type": "app_mention", "text": "<@UBOT> wat zeggen groepen?"},
            door.edit("Anders.", f"7.{number}", "8.1") | {"message": said | {"edited": {"ts": "8.1"}}},
        )
        for event in events:
            await door.deliver(door.event(event))
            assert (door.keys(), door.owed_in_channels()) == before and door.kept() == []
            assert door.world.heard == []
            cases(1)


async def test_b9_an_event_that_nobody_knows_is_acked_and_counted(tmp_path: Path) -> None:
    door = Door(tmp_path)
    for _ in range(3):
        await door.deliver(door.event({"type": "emoji_changed"}))
    assert door.world.liveness.unknown == {"emoji_changed": 3}


async def test_b10_a_second_tap_changes_nothing_and_a_late_one_is_told_so(
    tmp_path: Path, cases: Callable[[int], None]
) -> None:
    door = Door(tmp_path)
    people = [f"u{number}" for number in range(15)]
    for user in people:
        door.house.person(user)
    session = door.choosing()
    over = door.house.session(NOW - timedelta(days=7), state=State.GROUPED)
    for number, user in enumerate(people):
        topic = session.topics[number % 2].id
        await asyncio.gather(
            *(door.deliver(door.tap("selection.pick", user, topic, f"{number}.{again}")) for again in (1, 1, 2))
        )
        picks = door.house.read(lambda db: selection.picks_of(db, TEAM, session.id))
        assert [pick.topics for pick in picks if pick.user == user] == [(topic,)]
        cases(1)
        before = len(door.world.heard)
        await door.deliver(door.tap("selection.pick", user, over.topics[0].id, f"{number}.3"))
        assert [who for who, _ in door.world.heard[before:]] == [user]
        assert door.house.read(lambda db: selection.picks_of(db, TEAM, over.id)) == []
        cases(1)
