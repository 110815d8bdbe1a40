"""Indicators: what was aimed at and reached, with its year and source; a caution beside absolute aims, no ranking."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from bot.digest import Digest, Item, ItemKind
from bot.programme import Role
from bot.trail import Entry, Kind, Value
from bot.trail.indicators import asks_for, is_absolute, series
from handlers.digest.owing import owe
from handlers.slack import kinds
from handlers.trail import yields
from handlers.words import Words
from playground.linter import visible_texts
from storage import digest, trail
from tests.handlers.house import TEAM, House, wall
from tests.handlers.trailing import Trail

HERE = "rg_0001"
FULL = {"title": "Thuiszitters", "aimed": "minder dan 50", "reached": "41", "year": "2021", "source": "eigen telling"}


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Trail]:
    house = House(tmp_path, wall(2021, 6, 17, 16))
    region = house.region("Haaglanden")
    house.person("noor", region)
    house.person("sanne", region, Role.FACILITATOR)
    yield Trail(house)
    house.database.close()


@pytest.fixture
def words(scene: Trail) -> Words:
    return scene.world.words["nl"]


def filled(scene: Trail, **typed: str) -> str:
    given = {**FULL, **typed}
    return scene.fill("noor", "trail.new", given, region=HERE, kind="indicator", part="monitoring")


@pytest.mark.practice("001:36")
def test_the_caution_speaks_up_for_aims_of_all_or_none_only() -> None:
    for aimed in ("0", "0 %", "0%", "100%", "100 procent", "0,0 %", "0 thuiszitters", "geen enkele thuiszitter",
                  "nul", "Iedereen naar school", "100 percent", "zero"):  # fmt: skip
        assert is_absolute(aimed), aimed
    for aimed in ("10", "50 %", "minder dan 50", "0,5 %", "100", "90%", "200 %", "1000", "", "2021", "0 tot 10",
                  "van 40 naar 0,5", "alleenstaande ouders"):  # fmt: skip
        assert not is_absolute(aimed), aimed


@pytest.mark.practice("001:36")
def test_the_form_saves_an_absolute_aim_and_the_caution_stands_beside_it(scene: Trail, words: Words) -> None:
    form = scene.press("noor", "trail.add", f"{HERE} indicator", "trail.part", region=HERE, part="monitoring")
    caution = words("trail.absolute")
    assert caution not in form
    window = scene.window
    (aimed,) = [block for block in window["blocks"] if block.get("block_id") == "aimed"]
    assert aimed["dispatch_action"] and aimed["element"]["action_id"] == "trail.aimed"
    assert caution in typing(scene, "100 %")
    at = [block.get("block_id") for block in scene.window["blocks"]]
    assert at.index("absolute") == at.index("aimed") + 1, "beside what it is about"
    assert typing(scene, "100 %") == "", "it is said once"
    assert caution not in typing(scene, "90 %")
    assert "absolute" not in [block.get("block_id") for block in scene.window["blocks"]]
    filled(scene, aimed="0 %")
    (kept,) = scene.entries(HERE)
    assert kept.text("aimed") == "0 %"
    assert caution in scene.press("noor", "trail.entry", kept.id)


def typing(scene: Trail, text: str) -> str:
    """Somebody types what they aim at in the window that is open; returns what they read then."""
    return scene.type_in("noor", "trail.aimed", text, scene.window)


@pytest.mark.practice("000:72-87")
def test_a_value_that_was_reached_is_asked_for_its_year_and_its_source(scene: Trail, words: Words) -> None:
    assert words("trail.problem.reached_year") in filled(scene, year="")
    assert words("trail.problem.reached_year") in filled(scene, year="vorig jaar")
    assert words("trail.problem.reached_source") in filled(scene, source=" ")
    assert scene.entries(HERE) == []
    filled(scene, reached="", year="", source="")
    filled(scene)
    assert [entry.text("reached") for entry in scene.entries(HERE)] == ["", "41"]
    assert asks_for({"reached": "41", "year": "schooljaar 2020/21", "source": "DUO"}) == []


@pytest.mark.practice("004:45, 004:65-71")
def test_several_years_of_one_indicator_are_one_series_and_side_effects_are_named(scene: Trail) -> None:
    for year, reached in (("2021", "41"), ("2019", "64"), ("2020", "58")):
        filled(scene, year=year, reached=reached)
    filled(scene, title="Vragen over geld", effect="side_effect")
    found = series(scene.entries(HERE))
    assert [(one.name, [each.text("year") for each in one.years]) for one in found] == [
        ("Thuiszitters", ["2019", "2020", "2021"]), ("Vragen over geld", ["2021"]),
    ]  # fmt: skip
    assert "bijeffect" in scene.press("noor", "trail.entry", found[1].years[0].id)


@pytest.mark.practice("003:69-71")
def test_no_order_of_indicators_follows_their_values(scene: Trail) -> None:
    for name, reached in (("Aa", "9"), ("Bb", "1"), ("Cc", "5")):
        filled(scene, title=name, reached=reached)
    entries = scene.entries(HERE)
    for several in (entries, entries[::-1], sorted(entries, key=lambda each: each.text("reached"))):
        assert [one.name for one in series(several)] == ["Aa", "Bb", "Cc"]
    assert all(entry.kind is Kind.INDICATOR for entry in entries)


@pytest.mark.practice("004:45, 004:65-71")
def test_a_value_that_was_reached_stands_in_the_digest_of_who_follows_it_for_as_long_as_it_is_shared(
    scene: Trail,
) -> None:
    house = scene.house
    same, none = house.region("Waterweg"), house.region("Zuid")
    follows = Entry("te_w", TEAM, same, Kind.INDICATOR, {"title": Value("thuiszitters"), "aimed": Value("10")})
    house.write(lambda db: trail.make(db, follows, "noor", house.clock.at))
    filled(scene)
    (kept,) = [entry.id for entry in scene.entries(HERE) if entry.kind is Kind.INDICATOR]
    regions = [HERE, same, none]

    def offered() -> dict[str, str]:
        found = house.read(lambda db: yields.offered(db, TEAM, regions, house.clock.at))
        return {region: items[0].item.subject for region, items in found.items()}

    assert offered() == {}, "a digest tells only what is shared"
    scene.press("sanne", "trail.share", kept, "trail.entry")
    assert offered() == {HERE: f"yield:{kept}", same: f"yield:{kept}"}
    now, item = house.clock.at, Item(ItemKind.INTRODUCTION, f"yield:{kept}")
    told = Digest("dg_1", same, "2021-W24", now, now, post=(item,))

    def save(db: Session) -> None:
        digest.save(db, TEAM, told)
        owe(db, TEAM, "Crg_0002", told, now, now)

    def read(number: int) -> str:
        drawn = house.draw(house.owed("digest.post")[number], kinds())
        return "\n".join(visible_texts([block.to_dict() for block in drawn.blocks])) if drawn else ""

    house.write(save)
    assert "Bereikt in Haaglanden:* Thuiszitters: 41 (2021). Doel: minder dan 50." in read(0)
    scene.press("sanne", "trail.drop", kept, "trail.entry")
    assert "41" not in read(-1) and house.owed("digest.post")[-1].operation == "update"
    assert offered() == {}
    house.at(now + timedelta(days=29))
    assert offered() == {}
