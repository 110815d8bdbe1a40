"""What people are told when something cannot be done, and what is written down of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from bot.programme import Role
from bot.worksessions import State
from handlers.slack import router
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
