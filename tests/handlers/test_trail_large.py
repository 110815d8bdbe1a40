"""Large and long things: many points in as few statements as few, and a long rule named within what Slack takes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlmodel import Session

from bot.programme import Role
from bot.trail import Entry, Kind, State, Value
from handlers.views import trail_answers, trail_awaiting
from handlers.words import load
from storage import trail
from tests.handlers.house import TEAM, House, wall
from tests.handlers.trailing import Trail, lived_in

HERE = "rg_0001"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    yield from lived_in(tmp_path, wall(2021, 6, 17, 16))


def test_an_assignment_with_many_points_is_shared_and_set_aside_in_as_many_statements_as_a_small_one(
    house: House,
) -> None:
    house.person("sanne", house.region("Haaglanden"), Role.FACILITATOR)

    def seed(db: Session) -> None:
        for name, points in (("small", 5), ("large", 120)):
            top = Entry(f"te_{name}", TEAM, HERE, Kind.ASSIGNMENT, {"title": Value("Eén lijn")})
            trail.make(db, top, "sanne", house.clock.at)
            for n in range(points):
                values = {"title": Value(f"Punt {n} over vervoer")}
                point = Entry(f"te_{name}{n}", TEAM, HERE, Kind.POINT, values, parent=top.id, position=n + 1)
                trail.make(db, point, "sanne", house.clock.at)

    house.write(seed)
    scene, said = Trail(house), list[str]()

    def heard(_: Any, __: Any, statement: str, *rest: object) -> None:
        said.append(statement)

    event.listen(Engine, "before_cursor_execute", heard)
    try:
        for deed, state in (("share", State.SHARED), ("drop", State.DROPPED)):
            counts = []
            for name, points in (("small", 5), ("large", 120)):
                said.clear()
                scene.press("sanne", f"trail.{deed}", f"te_{name}", "trail.entry", entry=f"te_{name}", region=HERE)
                counts.append(len(said))
                for n in (0, points - 1):
                    one = house.read(partial(trail.one, team=TEAM, entry_id=f"te_{name}{n}"))
                    assert one is not None and one.state is state, one
            assert counts[1] <= counts[0] + 10, (deed, counts)
    finally:
        event.remove(Engine, "before_cursor_execute", heard)


def test_a_button_about_a_rule_that_waits_names_the_rule_for_who_listens_within_the_limit_of_slack() -> None:
    words, title = load("nl"), "De regel <!channel> dat vervoer niet uit twee potten mag worden betaald, hoe krap ook"
    rule = Entry("te_1", TEAM, HERE, Kind.OBSTACLE, {"title": Value(title)})
    for drawn in (
        trail_awaiting.rules("trail.awaiting_nobody", [rule], {}, words),
        trail_awaiting.rules("trail.awaiting_late", [rule], {}, words),
        trail_awaiting.second_yes([rule], words),
        trail_answers.next_step([rule], words, nobody=False),
        trail_answers.in_digest(rule, rule, words)[1],
    ):
        shown = drawn[0].to_dict()
        label = shown["accessory"].get("accessibility_label", "")
        assert label.startswith("Bekijk De regel") and label.endswith("…") and len(label) <= 75, label
        assert "<!channel>" not in shown["text"]["text"]
