"""A draft that holds many notes takes in a new one with the next tick; nothing else about it waits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlmodel import Session

from bot.impressions import Contents, Impression, Source
from bot.problem import Refused
from handlers import harvest
from handlers.harvest.drafting import AT_ONCE, RUSH
from storage import harvest as store
from storage import impressions as notes
from tests.handlers.house import TEAM, House, wall
from tests.handlers.test_harvest import OTHER, Evening, _withdraw

LATE = "Vervoer regelen we vanaf nu met de buren."


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, wall(2021, 6, 17, 14, 30))
    yield made
    made.database.close()


@pytest.fixture
def full(house: House) -> Evening:
    """An evening whose draft holds as many notes as are taken in at once."""
    evening, now = Evening(house), house.world.now()

    def save(db: Session) -> None:
        for number in range(AT_ONCE - 1):
            told = Contents(f"We nodigen school {number} voortaan uit.")
            note = Impression(f"im_{number}", TEAM, evening.session.id, "gr_1", Source.FORM, "sanne", told, now, now)
            notes.save(db, note, ())

    house.write(save)
    evening.share(2, takeaway=OTHER)
    return evening


def taken_in(evening: Evening) -> int:
    found = evening.article()
    return len(found.sources) if found else 0


def test_a_full_draft_takes_in_a_new_note_with_the_next_tick_and_a_second_tick_changes_nothing(
    full: Evening, house: House
) -> None:
    assert taken_in(full) == AT_ONCE
    full.share(2, takeaway=LATE)
    assert LATE not in full.texts()
    assert house.read(lambda db: store.behind(db, TEAM)) == [full.session.id]
    house.do(harvest.RHYTHM.tick(house.world, house.world.now()))
    assert LATE in full.texts()
    assert taken_in(full) == AT_ONCE + 1
    before = full.article()
    house.do(harvest.RHYTHM.tick(house.world, house.world.now()))
    assert full.article() == before


def test_nobody_publishes_a_draft_that_still_lacks_a_note(full: Evening, house: House) -> None:
    full.share(2, takeaway=LATE)
    seen = full.article()
    assert seen is not None
    with pytest.raises(Refused, match="changed_since"):
        full.press("harvest.publish", f"{seen.id}:{seen.version}")
    house.do(harvest.RHYTHM.tick(house.world, house.world.now()))
    full.publish()
    assert LATE in full.texts()


def test_what_is_withdrawn_leaves_a_full_draft_at_once(full: Evening, house: House) -> None:
    _withdraw(full, house, 2)
    assert not any("kalender" in text for text in full.texts())


def test_in_a_rush_a_small_draft_takes_in_a_new_note_with_the_next_tick_too(house: House) -> None:
    evening = Evening(house)
    with ExitStack() as rush:
        for _ in range(RUSH):
            rush.enter_context(house.world.acks.awaited())
        evening.share(1, takeaway="We nodigen de ouders voortaan uit voordat het plan af is.")
        evening.share(2, takeaway=OTHER)
        assert taken_in(evening) == 2, "the first draft is there at once"
        evening.share(2, takeaway=LATE)
        assert LATE not in evening.texts()
    house.do(harvest.RHYTHM.tick(house.world, house.world.now()))
    assert LATE in evening.texts()
