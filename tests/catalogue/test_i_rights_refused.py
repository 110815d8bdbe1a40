"""Who may not, by whatever door: refused in the words of what is not there, written down, and told nothing."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.programme import Role
from handlers.slack import router
from storage import programme
from storage.audit import AuditRow
from storage.selection.groups import SeatRow
from tests.catalogue.rights_doors import TAKEAWAY, Door, form, press
from tests.catalogue.rights_scene import ACTOR, TEAM, Scene, build

NOT_THERE = "zz_9999"
"""An id that nothing has."""


@dataclass(frozen=True)
class Told:
    """What somebody got to read or see, whether rows changed, and how many refusals were written down."""

    said: str
    changed: list[str]
    audited: int


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with tempfile.TemporaryDirectory() as folder:
        made = build(Path(folder))
        yield made
        made.house.database.close()


@pytest.fixture(autouse=True)
def _as_it_was(scene: Scene) -> Iterator[None]:
    yield
    scene.restore()


def refusals(scene: Scene) -> int:
    query = select(AuditRow).where(AuditRow.team_id == TEAM, AuditRow.action == "refused")
    return len(scene.house.read(lambda db: db.exec(query).all()))


def deliver(scene: Scene, door: Door, things: Mapping[str, str], user: str = ACTOR, *, team: str = TEAM) -> Told:
    """Let it come in through the router, as Slack's door does."""
    world, acks, before, audited = scene.house.world, [], scene.dump(), refusals(scene)
    heard, opened = len(world.heard), len(world.opened)

    async def ack(body: Any = None) -> None:
        acks.append(body or {})

    click = door.click(team, user, f"r{scene.house.world.ids('key')}", things)
    scene.house.do(router().handle(click, world, ack))
    assert len(acks) == 1
    said = json.dumps([acks, world.heard[heard:], world.opened[opened:]], ensure_ascii=False)
    return Told(said, scene.changed(before), refusals(scene) - audited)


VIEW = {"session": "{choosing}"}
ATTACKS: Mapping[str, Mapping[str, Door]] = {
    "closes a vote": {
        "button": press("selection.close", "{choosing}"),
        "modal": form("selection.closing", {"closes_day": "2021-06-18", "closes": "12:00"}, session="{choosing}"),
        "slash": Door("command", "nieuw", "{choosing}"),
        "shortcut": Door("shortcut", "worksessions.new", "{choosing}"),
        "home": press("selection.close_here", **VIEW),
    },
    "edits another's note": {
        "button": press("impressions.change", "{note}"),
        "modal": form("impressions.change", TAKEAWAY, impression="{note}"),
        "slash": Door("command", "taalmodel", "{note}"),
        "shortcut": Door("shortcut", "impressions.share", "{note}"),
        "home": Door("action", "impressions.correct", "{note}:1", metadata={"impression": "{note}"}),
    },
    "reads another's private note": {
        "button": press("impressions.sign_more", "versions:{note}:1"),
        "modal": form("impressions.object", {"reason": ""}, impression="{note}", version="1"),
        "slash": Door("command", "voorbeeld", "{region}"),
        "shortcut": Door("shortcut", "impressions.share", "{group}"),
        "home": Door("action", "impressions.share", "{group}", metadata={"group": "{group}"}),
    },
    "exports what is others'": {
        "button": press("harvest.more", "md:{article}"),
        "modal": form("harvest.downloads", {"listed": []}, article="{article}"),
        "slash": Door("command", "reeks", "{article}"),
        "shortcut": Door("shortcut", "worksessions.new", "{article}"),
        "home": Door("action", "harvest.draft", "{session}", metadata={"session": "{session}"}),
    },
}


@pytest.mark.parametrize("what", list(ATTACKS))
def test_i2_a_participant_is_refused_by_every_door_in_the_words_of_what_is_not_there(
    scene: Scene, cases: Callable[[int], None], what: str
) -> None:
    for route, door in ATTACKS[what].items():
        things = scene.things("other")
        told = deliver(scene, door, things)
        nothing = deliver(scene, door, dict.fromkeys(things, NOT_THERE))
        assert told.said == nothing.said, f"{what}, {route}: what is not theirs reads as what is not there"
        assert told.said.count(ACTOR) or "errors" in told.said, f"{what}, {route}: they are told"
        assert "kanarie" not in told.said.casefold(), f"{what}, {route}: {told.said}"
        assert not told.changed, f"{what}, {route}: changed {told.changed}"
        assert told.audited == 1, f"{what}, {route}: it is written down"
    cases(len(ATTACKS[what]))


def test_i2_who_is_refused_over_and_over_does_not_fill_the_trail(scene: Scene) -> None:
    door, things = press("selection.close", "{choosing}"), scene.things("other")
    written = [deliver(scene, door, things).audited for _ in range(30)]
    assert sum(written) == 20, "enough to see it, and no more an hour"
    scene.house.at(scene.house.clock.now() + timedelta(hours=1, seconds=1))
    assert deliver(scene, door, things).audited == 1, "the next hour it is seen again"
    assert deliver(scene, door, things, "samir").audited == 1
    scene.house.at(scene.house.clock.now() - timedelta(hours=1, seconds=1))


_SHARE = form("impressions.share", TAKEAWAY, group="{group}")
_CHANGE = form("impressions.change", TAKEAWAY, impression="{note}")
_PEOPLE = form("programme.people", {"people": ["samir"], "roles": ["admin"]})
FORMS: Mapping[str, tuple[Role, Door, Door]] = {
    "share": (Role.NOTE_TAKER, press("impressions.share", "{group}"), _SHARE),
    "change": (Role.NOTE_TAKER, press("impressions.change", "{note}"), _CHANGE),
    "people": (Role.ADMIN, press("programme.people"), _PEOPLE),
    "holidays": (Role.ADMIN, press("followup.holidays"), form("followup.holidays", {"holidays:{region}": "Noord"})),
    "cancel": (
        Role.COORDINATOR, press("followup.cancel", "{planned}"),
        form("followup.cancel", {"reason": "Ziek."}, session="{planned}", shown=""),
    ),
    "move a seat": (
        Role.COORDINATOR, press("selection.move", "{session}"),
        form("selection.move", {"person": "lotte", "group": "gr_b", "as": "participant"}, session="{session}"),
    ),
    "object": (
        Role.PARTICIPANT, press("impressions.object", "{note}:1"),
        form("impressions.object", {"reason": "Dat zeiden we niet."}, impression="{note}", version="1"),
    ),
    "digest": (
        Role.PARTICIPANT, press("digest.settings", "{region}"),
        form("digest.settings", {"every": "month"}, region="{region}", version="1"),
    ),
    "add to the trail": (
        Role.PARTICIPANT, press("trail.add", "{region} point {assignment}"),
        form("trail.new", {"title": "Wie haalt wie op?"}, region="{region}", kind="point", parent="{assignment}"),
    ),
    "change the trail": (
        Role.PARTICIPANT, press("trail.edit", "{assignment}"),
        form("trail.entry", {"title": "Anders."}, entry="{assignment}", version="1"),
    ),
    "programme": (
        Role.COORDINATOR, press("trail.add", "programme criterion"),
        form("trail.new", {"title": "Iedereen doet mee."}, region="programme", kind="criterion"),
    ),
    "ask every region": (
        Role.COORDINATOR, press("trail.round_new"),
        form("trail.round_new", {"kind": "review", "title": "Schooljaar"}),
    ),
}  # fmt: skip


def lose_the_role(scene: Scene) -> None:
    scene.role(ACTOR, Role.PARTICIPANT)


def leave_slack(scene: Scene) -> None:
    scene.role(ACTOR, Role.DEACTIVATED)


def leave_the_group(scene: Scene) -> None:
    def stand_up(db: Session) -> None:
        for row in db.exec(select(SeatRow).where(SeatRow.team_id == TEAM, SeatRow.user_id == ACTOR)):
            db.delete(row)

    scene.house.write(stand_up)


def change_region(scene: Scene) -> None:
    now = scene.house.clock.now()
    scene.house.write(lambda db: programme.set_region(db, TEAM, ACTOR, scene.other["region"], now))


MEANWHILE: list[tuple[str, Callable[[Scene], None]]] = [
    *((name, lose_the_role) for name in ("share", "change", "people", "holidays", "cancel", "move a seat")),
    *((name, lose_the_role) for name in ("programme", "ask every region")),
    *((name, leave_slack) for name in FORMS),
    *((name, leave_the_group) for name in ("share", "change", "object")),
    *((name, change_region) for name in ("digest", "add to the trail", "change the trail")),
]


def test_i4_a_form_that_was_opened_with_a_right_is_refused_without_it(
    scene: Scene, cases: Callable[[int], None]
) -> None:
    things = scene.things("own")
    for name, happens in MEANWHILE:
        role, opens, hands_in = FORMS[name]
        scene.role(ACTOR, role)
        opened = deliver(scene, opens, things)
        assert '"type": "modal"' in opened.said, f"{name}: the form opened: {opened.said}"
        happens(scene)
        told = deliver(scene, hands_in, things)
        assert '"response_action": "errors"' in told.said, f"{name}, {happens.__name__}: {told.said}"
        assert not told.changed, f"{name}, {happens.__name__}: changed {told.changed}"
        assert told.audited == 1, f"{name}, {happens.__name__}: {told.said}"
        scene.restore()
    cases(len(MEANWHILE))
