"""G: several replicas on one PostgreSQL do everything once, also when they die or freeze."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import psycopg
import pytest
from sqlmodel import Session, select

from bot.article import Part
from bot.programme import Programme
from handlers import digest
from handlers.clock import SystemClock
from handlers.installing.sealing import Seal, new_key
from handlers.run import opened
from handlers.settings import ServerSettings
from storage import delivery, installations, jobs, programme, schema, timetable
from storage.database import Database, Unusable
from storage.installations import Installation
from storage.timetable import OccurrenceRow
from tests import postgres
from tests.catalogue.http_door import SECRET
from tests.faults.replicas import NOON, Way, all_sent, doubles, fleet, outbox, owe
from tests.faults.scenarios import KIND, TEAM
from tests.handlers.house import TEAM as HOME
from tests.handlers.house import House, wall

SESSION = wall(2021, 6, 17, 13)
TUESDAY = wall(2021, 6, 22, 9)

Cases = Callable[[int], None]


def test_g2_three_replicas_share_the_work_and_keep_the_order_of_each_channel(tmp_path: Path) -> None:
    messages = [(f"CK{n % 6}", f"m{n:03}") for n in range(18)]
    with fleet(postgres.fresh(), tmp_path, 6) as replicas:
        for number in range(3):
            replicas.start(number)
        owe(replicas.location, messages)
        all_sent(replicas.location, len(messages), 30)
        posts = replicas.slack.posts()
        assert sorted(post.text for post in posts) == sorted(text for _, text in messages)
        for channel in range(6):
            there = [post.text for post in sorted(posts, key=lambda one: one.ts) if post.channel == f"CK{channel}"]
            assert there == sorted(there)


@pytest.mark.matrix
def test_g2_one_of_three_replicas_is_killed_every_five_seconds_and_each_message_comes_once(
    tmp_path: Path, cases: Cases
) -> None:
    draw = random.Random(6)
    messages = [(f"CK{n % 60}", f"m{n:03}") for n in range(600)]
    with fleet(postgres.fresh(), tmp_path, 60) as replicas:
        owe(replicas.location, messages[:300])
        for number in range(3):
            replicas.start(number)
        for turn in range(12):
            if turn < 10:
                owe(replicas.location, messages[300 + turn * 30 : 330 + turn * 30])
            time.sleep(5)
            number = draw.choice(sorted(replicas.running))
            replicas.kill(number)
            replicas.start(number)
        took = all_sent(replicas.location, len(messages), 90)
        print(f"all 600 sent {took:.1f} s after the last kill")  # noqa: T201 - for who runs this row by itself
        assert doubles(replicas.slack.posts()) == []
        assert {state: len(keys) for state, keys in outbox(replicas.location).items()} == {"sent": 600}
        assert len(replicas.slack.posts()) == 600
    cases(len(messages))


@pytest.mark.matrix
def test_g3_a_frozen_replica_that_wakes_up_writes_nothing_over_what_others_did(tmp_path: Path, cases: Cases) -> None:
    """It is frozen with messages in hand, longer than their lease, while others finish them; then it wakes up."""
    way = Way(quarantine=timedelta(seconds=12))
    frozen = 10
    messages = [(f"CK{n % 40}", f"m{n:03}") for n in range(400)]
    with fleet(postgres.fresh(), tmp_path, 40, way) as replicas:
        owe(replicas.location, messages)
        replicas.start(0)
        replicas.start(1)
        for turn in range(frozen):
            time.sleep(1.5)
            number = turn % 2
            replicas.freeze(number)
            time.sleep(8 if turn < frozen - 1 else 30)
            replicas.thaw(number)
        all_sent(replicas.location, len(messages), 120)
        time.sleep(5)
        assert replicas.alive() == [0, 1], replicas.log()
        assert doubles(replicas.slack.posts()) == []
        assert len(replicas.slack.posts()) == len(messages)
        assert {state: len(keys) for state, keys in outbox(replicas.location).items()} == {"sent": len(messages)}
    cases(frozen)


@pytest.mark.parametrize("minutes", [40, pytest.param(500, marks=pytest.mark.matrix)])
async def test_g4_three_tickers_in_one_minute_take_each_turn_once(minutes: int, cases: Cases) -> None:
    """Three worlds on one PostgreSQL tick at the same time."""
    location, done = postgres.fresh(), Counter[str]()
    databases = [Database(location) for _ in range(3)]
    databases[0].write_now(
        lambda db: programme.save_programme(db, Programme(TEAM, "nl", "Europe/Amsterdam", "regio", "s", "UBOT"))
    )

    async def tick(database: Database, now: datetime) -> None:
        period = f"{now:%Y-%m-%dT%H:%M}"

        def take(db: Session) -> None:
            for rule in ("first", "second"):
                if timetable.take(db, TEAM, rule, period, now, now):
                    plan(db, rule, period, now)
                    done[f"{rule} {period}"] += 1

        await database.write(take)

    def plan(db: Session, rule: str, period: str, now: datetime) -> None:
        delivery.plan(
            db, team=TEAM, key=f"{rule}:{period}", kind=KIND, arguments={"id": period}, now=now, channel="CK1"
        )  # fmt: skip

    for minute in range(minutes):
        now = NOON + timedelta(minutes=minute)
        await asyncio.gather(*(tick(database, now) for database in databases))
    for database in databases:
        database.close()
    assert len(done) == 2 * minutes
    assert set(done.values()) == {1}
    assert len(outbox(location)["planned"]) == 2 * minutes
    cases(minutes)


@pytest.mark.parametrize(
    "regions", [1, pytest.param(6, marks=pytest.mark.matrix), pytest.param(12, marks=pytest.mark.matrix)]
)
async def test_g7_all_replicas_were_off_at_the_hour_of_the_digest(tmp_path: Path, regions: int) -> None:
    """Half an hour later three of them come back at the same moment: each region gets one digest, marked as late."""
    location = postgres.fresh()
    house = await asyncio.to_thread(House, tmp_path, SESSION, "nl", location)

    def before() -> None:
        for number in range(regions):
            house.region(f"Inspiratieregio {number}")
        house.do(digest.tick(house.world, house.clock.now()))
        house.article(house.session(SESSION), [[(Part.BODY, "We nodigen de school nu uit vóór we iets inkopen.")]])

    await asyncio.to_thread(before)
    back = TUESDAY + timedelta(minutes=30)
    house.at(back)
    worlds = [replace(house.world, database=Database(location)) for _ in range(3)]
    await asyncio.gather(*(digest.tick(world, back) for world in worlds))
    for world in worlds:
        world.database.close()
    assert len(house.owed("digest.post")) == regions
    turns = house.read(
        lambda db: list(
            db.exec(
                select(OccurrenceRow.due_at, OccurrenceRow.done_at).where(
                    OccurrenceRow.team_id == HOME, OccurrenceRow.due_at == TUESDAY, OccurrenceRow.state == "done"
                )
            )
        )
    )
    assert turns == [(TUESDAY, back)] * regions, "when it was due and when it came stand beside each other"
    house.database.close()


@pytest.mark.matrix
def test_g5_replicas_of_this_version_go_on_while_a_newer_one_has_widened_the_tables(tmp_path: Path) -> None:
    """A newer version only adds (a column with a default, a table); who is at work goes on, who starts is told."""
    messages = [(f"CK{n % 10}", f"m{n:02}") for n in range(40)]
    with fleet(postgres.fresh(), tmp_path, 10) as replicas:
        replicas.start(0)
        replicas.start(1)
        owe(replicas.location, messages[:20])
        with psycopg.connect(jobs.address(replicas.location), autocommit=True) as newer:
            newer.execute("ALTER TABLE outbox ADD COLUMN urgency integer NOT NULL DEFAULT 0")
            newer.execute("CREATE TABLE of_a_newer_version (id integer PRIMARY KEY, team_id varchar NOT NULL)")
            newer.execute("UPDATE alembic_version SET version_num = '9999'")
        owe(replicas.location, messages[20:])
        all_sent(replicas.location, len(messages), 60)
        assert replicas.alive() == [0, 1], replicas.log()
        assert doubles(replicas.slack.posts()) == []
        with pytest.raises(Unusable, match="newer version"):
            schema.upgrade(replicas.location)


@pytest.mark.matrix
async def test_g2_every_replica_works_with_the_token_of_now_and_leaves_a_workspace_that_took_it_back() -> None:
    key = new_key()
    settings = ServerSettings.model_validate(
        {
            "SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": "http://127.0.0.1:9/api/",
            "OOGST_DATABASE": postgres.fresh(), "SLACK_CLIENT_ID": "1.2",
            "SLACK_CLIENT_SECRET": "abcdefgh12", "OOGST_TOKEN_KEY": key,
            "OOGST_PUBLIC_URL": "http://127.0.0.1:9",
        }
    )  # fmt: skip
    async with opened(settings) as one, opened(settings) as other:
        for replica in (one, other):
            await replica.start()
        for token in ("xoxb-first", "xoxb-after-a-new-installation"):
            given = Installation("TA", Seal([key]).close("TA", token), "chat:write", "UADMIN", NOON)
            await one.world.database.write(partial(installations.save, value=given))
            async with asyncio.timeout(20):
                for replica in (one, other):
                    while "TA" not in replica.workspaces.teams or replica.world.slack_of("TA").token != token:
                        await SystemClock().sleep(0.2)
        await one.world.database.write(partial(installations.revoke, team="TA", now=NOON))
        async with asyncio.timeout(20):
            while one.workspaces.teams or other.workspaces.teams:
                await SystemClock().sleep(0.2)
