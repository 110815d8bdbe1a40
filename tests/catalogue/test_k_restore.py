"""K5: what was erased after a backup was made is erased again when that backup is put back, before anybody reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.impressions import Contents, Impression, Source
from handlers import tombstones as again
from handlers.personal.forgetting import forget_person
from handlers.terminal.restore import restore
from storage import backups, impressions, tombstones
from storage.database import Database
from tests.handlers.house import TEAM, wall
from tests.handlers.test_canary import CANARY, NAME, PHRASES, Town, live, withdraw
from tests.postgres import sqlite_only

pytestmark = sqlite_only("a copy of a file")


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    (tmp_path / "bot").mkdir()
    (tmp_path / "kopie").mkdir()
    made = Town(tmp_path / "bot")
    yield made
    made.house.database.close()


def backed_up(town: Town) -> Path:
    to = town.folder.parent / "kopie" / "gisteren.db"
    return backups.make(str(town.folder / "oogst.db"), to).file


def put_back(town: Town, copy: Path, *, lost: bool) -> None:
    """Put the copy back by the command that people type; `lost`: the disk took the newest database with it."""
    town.house.database.close()
    if lost:
        for file in town.folder.glob("oogst.db*"):
            if not file.name.endswith(".erased"):
                file.unlink()
    settings = town.folder / "settings.env"
    settings.write_text(f"OOGST_DATABASE={town.folder / 'oogst.db'}\nOOGST_LANGUAGE=nl\n")
    assert restore(settings, copy, replay=False) == 0
    reopen(town)


def reopen(town: Town) -> None:
    town.house.database = Database(str(town.folder / "oogst.db"))
    town.house.world.database = town.house.database


def erase_everything(town: Town, notes: dict[str, Impression]) -> None:
    """A quote by who said it, then notes and files, each by the way that its writer has."""
    town.press("impressions.quote_withdraw", "noor", f"{notes['form'].id}:{notes['form'].version}")
    withdraw(town, notes)


@pytest.mark.matrix
@pytest.mark.parametrize("lost", [False, True], ids=["the newest file is there", "the newest file is lost"])
def test_k5_what_was_erased_is_nowhere_after_the_backup_of_last_night(town: Town, lost: bool) -> None:
    notes = live(town)
    copy = backed_up(town)
    assert CANARY.encode() in copy.read_bytes().lower(), "the copy has the words, else this test says nothing"
    erase_everything(town, notes)
    town.tick(wall(2021, 6, 22, 10))
    assert CANARY.encode() not in town.bytes().lower()
    put_back(town, copy, lost=lost)
    assert CANARY not in town.tables().casefold(), town.tables()
    assert CANARY.encode() not in town.bytes().lower(), "the tables are clean, and yet the file is not"
    town.arrive()
    assert CANARY not in str(town.drawn()).casefold()
    assert CANARY not in town.exported().casefold()
    for later in (wall(2021, 6, 22, 11), wall(2021, 6, 29, 9)):
        town.tick(later)
    assert CANARY not in str(town.drawn()).casefold()


@pytest.mark.matrix
def test_k5_a_person_who_was_forgotten_stays_forgotten(town: Town) -> None:
    live(town)
    copy = backed_up(town)
    town.house.write(lambda db: forget_person(db, town.house.world, town.house.settings, "sanne", by="sanne"))
    town.house.do(town.house.database.tidy())
    put_back(town, copy, lost=True)
    said = str([one.author for one in town.room.kept()])
    assert "sanne" not in said
    assert b"kanarietakeaway" not in town.bytes().lower()
    assert "sanne" not in town.tables("kanarietakeaway")


def test_k5_a_note_and_a_name_go_again_when_a_copy_is_laid_in_the_place_of_the_database(
    town: Town, cases: Callable[[int], None]
) -> None:
    """Somebody copies the file by hand: the start itself erases again. A note that was brought in again stays."""
    room, house, file = town.room, town.house, town.folder / "oogst.db"
    room.share("sanne", **PHRASES)
    room.share("youssef", "gr_b", takeaway=f"Wij spraken met {NAME} over de kanariezorg.")
    back = Impression(
        "im_back", TEAM, town.session.id, "gr_a", Source.FORM, "noor", Contents("Dit blijft staan."),
        house.clock.now(), house.clock.now(),
    )  # fmt: skip
    house.write(lambda db: impressions.save(db, back, []))
    copy = backed_up(town)
    for note in [one for one in room.kept() if one.author == "sanne"]:
        town.press("impressions.decline", "sanne", note.id)
    town.hand_in("impressions.share", "sanne", {"takeaway": "Nog iets.", "involved": f"{NAME} Vogel"}, group="gr_a")
    house.write(lambda db: tombstones.record(db, TEAM, "impression", "im_back", house.clock.now()))
    house.write(lambda db: tombstones.lift(db, TEAM, "impression", "im_back", house.clock.now()))
    house.database.close()
    for each in town.folder.glob("oogst.db-*"):
        each.unlink()
    file.write_bytes(copy.read_bytes())
    reopen(town)
    assert house.do(again.catch_up(house.world)) > 0
    assert b"kanarietakeaway" not in town.bytes().lower()
    assert NAME.lower().encode() not in town.bytes().lower()
    assert "Dit blijft staan." in room.texts()
    assert house.do(again.catch_up(house.world)) == 0, "once is enough"
    cases(3)
