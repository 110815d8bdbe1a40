"""Every role at every door: what the real handlers let through is what one written table says, and nothing else."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from pathlib import Path

import pytest

from bot.programme import ALLOWED, Action, Reach, Role
from handlers.slack import router
from tests.catalogue.rights_doors import DOORS, NO_RIGHT, PASSED_OVER, UNASKED, Door
from tests.catalogue.rights_scene import ACTOR, ELSEWHERE, TEAM, Scene, build

NOBODY = (Role.OUTSIDER, Role.DEACTIVATED)
PLACES = ("own", "other", "elsewhere")


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with tempfile.TemporaryDirectory() as folder:
        made = build(Path(folder))
        yield made
        made.house.database.close()


def test_i1_every_action_has_a_door_that_the_router_knows_and_every_route_is_a_door_or_needs_no_right() -> None:
    known = {
        (kind, name) for kind in ("action", "form", "closed", "command", "shortcut") for name in router().names(kind)
    }
    doors = {(door.kind, door.name) for found in DOORS.values() for door in found}
    assert set(DOORS) | set(UNASKED) == set(Action), "a new action has a door, or the reason why it has none"
    assert not set(DOORS) & set(UNASKED) and all(DOORS.values())
    assert doors <= known, "a door that is gone"
    assert not doors & set(NO_RIGHT), "a route needs a right, or it does not"
    assert known - doors == set(NO_RIGHT), "a new route is a door of an action, or stands with its reason in NO_RIGHT"


def test_i1_what_every_role_may_is_what_the_table_says(scene: Scene, cases: Callable[[int], None]) -> None:
    first = {action: doors[:1] for action, doors in DOORS.items()}
    _all_as_written(scene, first, cases)


@pytest.mark.matrix
def test_i1_what_every_role_may_at_every_other_door_too(scene: Scene, cases: Callable[[int], None]) -> None:
    _all_as_written(scene, {action: doors[1:] for action, doors in DOORS.items()}, cases)


def _all_as_written(scene: Scene, doors: Mapping[Action, list[Door]], cases: Callable[[int], None]) -> None:
    wrong: list[str] = []
    tried = asyncio.run(_matrix(scene, doors, wrong))
    assert not wrong, f"{len(wrong)} of {tried}:\n" + "\n".join(wrong)
    cases(tried)


async def _matrix(scene: Scene, every: Mapping[Action, list[Door]], wrong: list[str]) -> int:
    tried, before = 0, scene.dump()
    versions = scene.versions

    def version() -> int:
        return int(versions.execute("PRAGMA data_version").fetchone()[0])

    for role, where in product(Role, PLACES):
        team = ELSEWHERE if where == "elsewhere" else TEAM
        scene.role(ACTOR, role, team)
        as_it_was = scene.snapshot()
        for action, doors in every.items():
            for door in doors:
                tried += 1
                things = scene.things("own" if where == "elsewhere" else where)
                at = version()
                said = await scene.outcome(door.click(team, ACTOR, f"door{tried}", things))
                written = version() != at
                what = f"{role} {action} {door.kind} {door.name} {where}: {said or 'let through'}"
                if where == "elsewhere":
                    if written and scene.changed(before):
                        wrong.append(f"{what}, changed {scene.changed(before)}")
                    if (
                        (door.names_something and (door.kind, door.name) not in PASSED_OVER) or role in NOBODY
                    ) and not (said or door.silent):
                        wrong.append(what)
                elif not _as_written(door, action, role, where, said, written):
                    wrong.append(what)
                if written:
                    scene.restore(as_it_was)
        scene.restore()
    versions.close()
    return tried


def _may(action: Action, role: Role, where: str) -> bool:
    reach = ALLOWED[action][role]
    return reach is Reach.ANY or (reach is Reach.OWN and where == "own")


def _as_written(door: Door, action: Action, role: Role, where: str, said: str, written: bool) -> bool:
    """Who may is not refused by the table; who may not is, with its own sentence, and nothing was written."""
    where = door.about or where
    asked = [action, *filter(None, (door.either, door.also))]
    every = all if door.also else any
    let = every(_may(each, role, where) for each in asked)
    if door.silent:
        return written == let
    if let:
        return not said.startswith("programme.refused.")
    return said in {f"programme.refused.{each.value}" for each in asked} and not written
