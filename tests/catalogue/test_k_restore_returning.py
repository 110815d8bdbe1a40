"""K5, K9: a copy that is put back revives no purged workspace, and forgets nobody who was back before it was made."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from handlers import tombstones as again
from handlers.personal.forgetting import forget_person
from handlers.terminal.restore import restore
from storage import audit, backups, leaving, programme, tombstones
from storage.audit import Deed
from tests.handlers.house import TEAM, House, wall
from tests.postgres import sqlite_only

NOW = wall(2021, 6, 17, 12)


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path, NOW)
    made.person("noor")
    made.person("sanne")
    return made


def people(house: House) -> list[str]:
    return house.read(lambda db: [member.user for member in programme.members(db, TEAM)])


def forget(house: House, user: str) -> None:
    house.write(lambda db: forget_person(db, house.world, house.settings, user, by=user))


def replay(house: House) -> None:
    """As `oogst restore` does on a server, where the table of what was erased stays when a copy is put back."""
    house.write(lambda db: again.replay(db, house.world, tombstones.all_since(db)))


def deeds(house: House) -> list[str]:
    query = select(audit.AuditRow.action).where(audit.AuditRow.team_id == TEAM).order_by(col(audit.AuditRow.number))
    return house.read(lambda db: list(db.exec(query)))


def test_k5_who_was_forgotten_and_came_back_before_the_copy_was_made_is_there_after_it(house: House) -> None:
    forget(house, "sanne")
    house.at(NOW + timedelta(days=1))
    house.person("sanne")
    house.at(NOW + timedelta(days=3))
    replay(house)
    assert people(house) == ["noor", "sanne"], "the copy was made after they were forgotten: its trail tells so"


def test_k5_a_copy_of_before_somebody_was_forgotten_loses_them_again_also_the_second_time(house: House) -> None:
    house.write(lambda db: tombstones.record(db, TEAM, "person", "sanne", NOW))
    replay(house)
    assert people(house) == ["noor"]
    house.person("sanne")
    house.at(NOW + timedelta(days=1))
    house.write(lambda db: tombstones.record(db, TEAM, "person", "sanne", house.clock.now()))
    replay(house)
    assert people(house) == ["noor"], "the trail tells of the first time only, so the copy is of before the second"


def leave_for_good(house: House) -> None:
    house.write(lambda db: leaving.leave(db, TEAM, house.clock.now(), house.clock.now()))
    house.write(lambda db: leaving.purge(db, TEAM, house.clock.now()))


def come_back(house: House) -> None:
    house.write(lambda db: programme.save_programme(db, dataclasses.replace(house.settings, secret="anew")))
    house.write(lambda db: leaving.come_back(db, TEAM, house.clock.now()))


@sqlite_only("a copy of a file")
def test_k9_a_purged_workspace_is_not_brought_back_by_an_older_copy(tmp_path: Path) -> None:
    (tmp_path / "bot").mkdir()
    house = House(tmp_path / "bot", NOW)
    house.person("noor")
    copy = backups.make(str(tmp_path / "bot" / "oogst.db"), tmp_path / "old.db").file
    leave_for_good(house)
    house.database.close()
    env = tmp_path / "bot" / "settings.env"
    env.write_text(f"OOGST_DATABASE={tmp_path / 'bot' / 'oogst.db'}\nOOGST_LANGUAGE=nl\n")
    assert restore(env, copy, replay=False) == 0
    put_back = House(tmp_path / "bot", NOW, location=str(tmp_path / "bot" / "oogst.db"))
    found = put_back.read(lambda db: [member.user for member in programme.members(db, TEAM)])
    assert found == []
    assert deeds(put_back)[-2:] == [Deed.PURGED, Deed.RESTORED]


@sqlite_only("the side file")
def test_k9_a_workspace_that_came_back_after_its_purge_keeps_what_it_has_since(house: House) -> None:
    forget(house, "sanne")
    leave_for_good(house)
    house.at(NOW + timedelta(days=40))
    come_back(house)
    house.person("sanne")
    assert house.do(again.catch_up(house.world)) == 0
    assert people(house) == ["sanne"]


def test_k9_on_a_server_a_workspace_that_came_back_keeps_what_it_has_since(house: House) -> None:
    leave_for_good(house)
    house.at(NOW + timedelta(days=40))
    come_back(house)
    house.person("sanne")
    replay(house)
    assert people(house) == ["sanne"]


@sqlite_only("a copy of a file")
def test_k10_that_a_copy_was_put_back_stands_in_the_trail(tmp_path: Path) -> None:
    (tmp_path / "bot").mkdir()
    house = House(tmp_path / "bot", NOW)
    house.person("noor")
    copy = backups.make(str(tmp_path / "bot" / "oogst.db"), tmp_path / "old.db").file
    forget(house, "noor")
    house.database.close()
    env = tmp_path / "bot" / "settings.env"
    env.write_text(f"OOGST_DATABASE={tmp_path / 'bot' / 'oogst.db'}\nOOGST_LANGUAGE=nl\n")
    assert restore(env, copy, replay=False) == 0
    put_back = House(tmp_path / "bot", NOW, location=str(tmp_path / "bot" / "oogst.db"))

    def last(db: Session) -> tuple[str, str]:
        row = db.exec(select(audit.AuditRow).where(audit.AuditRow.team_id == TEAM)).all()[-1]
        return row.action, row.details

    assert put_back.read(last) == (Deed.RESTORED, '{"erased":1}')
    assert put_back.read(lambda db: audit.verify(db, TEAM)) is None
