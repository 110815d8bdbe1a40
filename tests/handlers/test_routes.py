"""Every button, form and message that Oogst makes has somebody who answers it."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest

from handlers import inbox as housekeeping
from handlers.routing import Answer, Click, Router, Routes
from handlers.slack import FEATURES, kinds, router, unknown
from handlers.words import catalogues
from handlers.world import World
from playground.manifest import read
from storage import inbox, worksessions
from tests.handlers.house import TEAM, House, wall

ROOT = Path(__file__).parents[2]
CODE = "\n".join(path.read_text() for path in (ROOT / "handlers").rglob("*.py"))
FEATURE = "(?:" + "|".join(sorted(feature.__name__.partition(".")[2] for feature in FEATURES)) + ")"


def test_every_button_in_the_views_is_answered() -> None:
    views = "\n".join(path.read_text() for path in (ROOT / "handlers" / "views").rglob("*.py"))
    made = re.sub(r'words(?:\.count)?\(\s*f?"[^"]*"', "", views)
    named = set(re.findall(rf'"({FEATURE}\.[a-z_]+)(?::[^"]*)?"', made))
    assert len(named) > 20
    spoken = {key for words in catalogues().values() for key in named if words.knows(key)}
    assert named <= router().names("action") | router().names("form") | spoken


def test_every_message_that_is_owed_can_be_made() -> None:
    owed = set(re.findall(r'kind="([a-z.]+)"', CODE))
    assert len(owed) > 5
    assert owed <= set(kinds())


def test_what_the_manifest_asks_for_is_answered_and_nothing_more() -> None:
    manifest = read(ROOT / "manifest.json")
    assert set(manifest.shortcuts) == router().names("shortcut")
    whole = json.loads((ROOT / "manifest.json").read_text())["settings"]["event_subscriptions"]["bot_events"]
    heard = {name.split(".")[0] for name in whole}
    answered = {re.sub("^message_.*", "message", name) for name in router().names("event")}
    assert answered == heard, "each event that Slack sends has a handler, and each handler an event"


def test_typing_in_a_form_and_closing_it_draw_nobodys_home_anew() -> None:
    def click(kind: str, name: str) -> Click:
        return Click(kind, name, team=TEAM, user="sanne", key="k", view_id="V1")

    routes = router()
    assert routes.is_quiet(click("action", "impressions.draft"))
    assert routes.is_quiet(click("closed", "impressions.share"))
    assert not routes.is_quiet(click("form", "impressions.share"))
    assert not routes.is_quiet(click("action", "home.refresh"))
    assert routes.names("closed") <= routes.names("form"), "what can be closed can be handed in"


def test_two_features_cannot_answer_to_one_name() -> None:
    async def nothing(click: Click, world: World) -> Answer:
        return Answer()

    twice = Routes(actions={"selection.pick": nothing})
    with pytest.raises(ValueError, match=r"selection\.pick"):
        Router([twice, twice], unknown)


async def test_keys_and_forms_are_forgotten_when_nobody_can_come_back_to_them(tmp_path: Path) -> None:
    house = House(tmp_path, wall(2021, 6, 17, 12))
    now = house.clock.now()
    for moment, name in ((now - timedelta(days=31), "old"), (now, "new")):
        house.write(lambda db, m=moment, n=name: inbox.first(db, TEAM, n, m))
        house.write(lambda db, m=moment, n=name: worksessions.save_form(db, n, TEAM, "U1", {}, m))
    await housekeeping.tick(house.world, now)
    assert not house.read(lambda db: inbox.seen(db, TEAM, "old"))
    assert house.read(lambda db: inbox.seen(db, TEAM, "new"))
    assert house.read(lambda db: worksessions.form(db, TEAM, "U1", "old")) is None
    assert house.read(lambda db: worksessions.form(db, TEAM, "U1", "new")) == {}
    house.database.close()
