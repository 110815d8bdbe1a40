"""A region's own points come first in its weekly digest, which says so and grows no longer by it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.article import Part
from bot.digest import POST_CHARACTERS
from bot.trail import Entry, Kind, Value
from bot.trail.tying import refused
from handlers import digest
from handlers.trail.gathering import RHYTHM
from playground.linter import visible_texts
from storage import trail
from storage.trail import ties
from tests.handlers.house import TEAM, House, wall
from tests.handlers.trailing import lived_in

POINT = "Leerlingenvervoer naar de dagbehandeling"
ABOUT = "Het vervoer naar de dagbehandeling rijdt nu samen met de schoolbus."
FILLING = [
    [(Part.BODY, "We nodigen de school nu uit vóór we iets inkopen.")],
    [(Part.BODY, "Verduurzaming begint bij het dak van de school.")],
    [(Part.BODY, "Een warme kamer leert beter, zeiden de leerlingen.")],
    [(Part.BODY, "Zonnepanelen vroegen drie jaar vergunningen.")],
    [(Part.BODY, "Niemand wist wie de ketel onderhoudt.")],
    [(Part.BODY, ABOUT)],
]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    yield from lived_in(tmp_path, wall(2021, 6, 17, 13, 55))


def digests(house: House, *, points: bool, refuse: bool = False) -> dict[str, str]:
    """Publish an article, let a week pass, and return what each region reads; only the first has an agenda."""
    one, two = house.region("Haaglanden"), house.region("Waterweg")
    session = house.session(wall(2021, 6, 17, 13), topics=("Scholen", "Daken", "Kamers", "Panelen", "Ketels", "Bussen"))
    if points:
        entry = Entry("te_p", TEAM, one, Kind.POINT, {"title": Value(POINT)})
        house.write(lambda db: trail.make(db, entry, "noor", house.clock.at))
    house.do(digest.tick(house.world, house.clock.now()))
    house.at(wall(2021, 6, 18, 10))
    house.article(session, FILLING)
    house.do(RHYTHM.tick(house.world, house.clock.now()))
    if refuse:
        found = house.read(lambda db: ties.of_points(db, TEAM, ["te_p"]))
        house.write(lambda db: ties.save(db, [refused(tie, "noor", house.clock.at) for tie in found], house.clock.at))
    house.at(wall(2021, 6, 22, 9))
    house.do(digest.tick(house.world, house.clock.now()))
    read = {}
    for row in house.owed("digest.post"):
        body = house.draw(row, digest.MESSAGES)
        assert body is not None
        said = visible_texts([block.to_dict() for block in body.blocks])
        read[one if row.channel_id == f"C{one}" else two] = "\n".join(said)
    return read


@pytest.mark.practice("002:18-63")
def test_what_touches_a_point_of_the_region_stands_in_its_digest_and_says_which_point(house: House) -> None:
    read = digests(house, points=True)
    one, two = read
    assert ABOUT in read[one] and f"Misschien bij jullie punt “{POINT}”" in read[one]
    assert POINT not in read[two], "what a region works on is told to no other"
    assert read[one].index(ABOUT) < min(read[one].index(said) for ((_, said),) in FILLING[:5] if said in read[one])


def test_without_an_agenda_or_after_a_no_the_digest_is_what_it_was(house: House) -> None:
    read = digests(house, points=True, refuse=True)
    one, two = read
    assert read[one].replace("Haaglanden", "") == read[two].replace("Waterweg", "")


def test_a_digest_grows_no_longer_than_a_screen_by_naming_points(house: House) -> None:
    read = digests(house, points=True)
    assert all(len(text) <= POST_CHARACTERS for text in read.values())
