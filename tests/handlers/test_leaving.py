"""A workspace takes the app away: whoever's clock is ahead, every process knows it, and keeps nothing in memory."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from aiohttp import web

from handlers import inbox
from handlers.clients import Clients
from handlers.installing import taken_back
from handlers.installing.workspaces import Bot, Workspaces
from storage import leaving, text_index
from tests.catalogue.scripted_slack import NOW, Call, Slack, office
from tests.handlers.house import TEAM, House, wall


@pytest.mark.parametrize(
    ("behind", "removed", "away"),
    [
        (timedelta(minutes=2), True, True),
        (timedelta(minutes=2), False, False),
        (timedelta(hours=1), True, False),
        (timedelta(0) - timedelta(seconds=1), True, True),
    ],
)
async def test_news_of_a_removal_by_a_clock_that_is_behind_ours_is_looked_into(
    tmp_path: Path, behind: timedelta, removed: bool, away: bool
) -> None:
    def script(slack: Slack, call: Call) -> web.StreamResponse | None:
        return slack.refuse("account_inactive") if call.method == "auth.test" and removed else None

    async with office(tmp_path, script) as at:
        at.house.write(lambda db: leaving.come_back(db, TEAM, NOW))
        at.clock.pass_(1)
        told = f"{(NOW - behind).timestamp():.0f}"
        click = at.house.click("event", "app_uninstalled", "", at=told)
        for work in (await taken_back(click, at.house.world)).then:
            await work
        assert at.house.read(lambda db: leaving.is_away(db, TEAM)) == away


async def test_every_replica_notices_that_the_one_workspace_left_and_that_it_is_back(tmp_path: Path) -> None:
    house = House(tmp_path, wall(2021, 6, 17, 14))
    clients = [Clients("http://127.0.0.1:9/api/") for _ in range(2)]
    replicas = [Workspaces(each, house.database) for each in clients]
    gone: list[str] = []
    for one in replicas:
        one.settle(TEAM, Bot("UBOT"), "xoxb-x")
        one.left = gone.append
    now = house.clock.now()
    house.write(lambda db: leaving.leave(db, TEAM, now, now))
    for one in replicas:
        await one.refresh()
        assert one.teams == frozenset()
        assert await one.authorize(TEAM) is None
    assert gone == [TEAM, TEAM]
    house.write(lambda db: leaving.come_back(db, TEAM, now + timedelta(hours=1)))
    for one in replicas:
        await one.refresh()
        assert one.teams == {TEAM}
        assert await one.authorize(TEAM) is not None
    for each in clients:
        await each.aclose()
    house.database.close()


def test_the_words_of_a_purged_workspace_leave_the_memory_as_well(tmp_path: Path) -> None:
    house = House(tmp_path, wall(2021, 6, 17, 14))
    house.write(lambda db: text_index.put(db, TEAM, "im_1", []))
    searcher = house.world.searcher
    house.read(partial(searcher._refreshed, team=TEAM))
    assert searcher.changes(TEAM) >= 0
    house.write(lambda db: leaving.leave(db, TEAM, house.clock.now(), house.clock.now()))
    house.at(house.clock.now() + timedelta(days=31))
    house.do(inbox.tick(house.world, house.clock.now()))
    assert searcher.changes(TEAM) == -1
    house.database.close()
