"""What people are told when something cannot be done, and what is written down of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from bot.programme import Role
from bot.worksessions import State
from handlers.slack import router
from handlers.views.frame import context, section
from storage import impressions
from tests.handlers.house import TEAM, House, wall

NOW = wall(2021, 6, 17, 14)


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path, NOW)
    made.person("noor")
    made.person("ineke", None, Role.COORDINATOR)
    return made


async def test_names_in_a_refusal_call_nobody_and_link_nowhere(house: House) -> None:
    told: list[dict[str, Any]] = []

    async def hear(request: web.Request) -> web.Response:
        told.append(await request.json())
        return web.Response(text="ok")

    app = web.Application()
    app.router.add_post("/answer", hear)
    server = TestServer(app)
    await server.start_server()
    session = house.session(NOW - timedelta(hours=2), title="<!channel> <http://kwaad.nl|klik>", state=State.CHOOSING)
    click = house.click(
        "action", "selection.pick", "noor", session.topics[0].id, response_url=str(server.make_url("/answer"))
    )

    async def ack(*_: object) -> None:
        return None

    await router().handle(click, house.world, ack)
    await house.world.tasks.drain(5)
    await server.close()
    assert len(told) == 1
    assert "&lt;!channel&gt;" in told[0]["text"]
    assert "<" not in told[0]["text"]


def test_an_error_of_the_database_does_not_repeat_what_people_wrote(house: House) -> None:
    def twice(db: Session) -> None:
        for _ in range(2):
            db.add(
                impressions.MaterialRow(
                    id="m", team_id=TEAM, title="t", file_name="f", sha="s", text="een geheim", imported_at=NOW
                )
            )
            db.flush()
            db.expunge_all()

    with pytest.raises(IntegrityError) as failed:
        house.write(twice)
    assert "een geheim" not in str(failed.value)


async def test_that_somebody_opened_the_home_is_acked_before_slack_is_asked_anything(house: House) -> None:
    asked: list[str] = []

    async def slack(request: web.Request) -> web.Response:
        asked.append(request.match_info["method"])
        return web.json_response({"ok": False, "error": "fatal_error"}, status=500)

    app = web.Application()
    app.router.add_route("*", "/api/{method}", slack)
    server = TestServer(app)
    await server.start_server()
    house.calls(AsyncWebClient("xoxb-x", base_url=str(server.make_url("/api/")), retry_handlers=[]))
    before_ack: list[str] | None = None

    async def ack(*_: object) -> None:
        nonlocal before_ack
        before_ack = list(asked)

    await router().handle(house.click("event", "app_home_opened", "new", body={"tab": "home"}), house.world, ack)
    await house.world.tasks.drain(5)
    await server.close()
    assert before_ack == []
    assert asked == ["users.info"]


def test_a_plain_at_here_stays_plain_text() -> None:
    shown = [section("@here").to_dict()["text"], context("@here").to_dict()["elements"][0]]
    assert [text["verbatim"] for text in shown] == [True, True]
