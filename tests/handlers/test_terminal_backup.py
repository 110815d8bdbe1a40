"""A copy made while people work, put back with what was erased since erased again, and a look through it all."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.trail import Kind
from handlers.terminal.backup import backup
from handlers.terminal.check import check
from handlers.terminal.restore import restore
from storage import backups, schema, trail
from storage.database import Unusable
from storage.lock import alone
from tests import postgres
from tests.handlers.afternoon import Afternoon
from tests.handlers.house import TEAM, House, wall
from tests.handlers.report_year import ReportYear
from tests.handlers.terminal_practice import Terminal

NOW = wall(2021, 6, 17, 15)

pytestmark = postgres.sqlite_only("copies of a file; a server has pg_dump")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, NOW)
    yield made
    made.database.close()


@pytest.fixture
def settings(house: House, tmp_path: Path) -> Path:
    file = tmp_path / ".env"
    file.write_text(f"OOGST_DATABASE={tmp_path / 'oogst.db'}\nOOGST_LANGUAGE=nl\n")
    return file


def rows(file: Path, table: str) -> int:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_a_copy_is_made_while_the_bot_runs_and_only_its_owner_can_read_it(
    house: House, settings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    room = Afternoon(house)
    room.share("sanne", takeaway="Begin met vragen.")
    with alone(str(tmp_path / "oogst.db")):
        assert backup(settings, None, None) == 0
    (made,) = backups.made(str(tmp_path / "oogst.db"))
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert rows(made, "impression") == 1
    assert "gecontroleerd" in capsys.readouterr().out
    assert not list(tmp_path.glob("*.partial*"))


def test_copies_go_after_thirty_days_and_more_than_so_many_are_not_kept(house: House, tmp_path: Path) -> None:
    location = str(tmp_path / "oogst.db")
    for day in range(5):
        backups.make(location, backups.name_for(location, NOW + timedelta(days=day)))
    first = date(2021, 7, 17)
    assert backups.forget(location, first) == [], "kept until and with its last day"
    assert len(backups.forget(location, first + timedelta(days=1))) == 1
    assert len(backups.forget(location, first, 2)) == 2
    assert [file.name[-10:] for file in backups.made(location)] == ["2021-07-21", "2021-07-20"]


def test_a_copy_that_cannot_be_written_is_no_half_copy(
    house: House, settings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert backup(settings, tmp_path / "nergens" / "kopie.db", None) == 1
    assert "nergens" in capsys.readouterr().err
    assert not list(tmp_path.glob("**/kopie*"))


def test_nothing_is_put_back_while_the_bot_runs(house: House, settings: Path, tmp_path: Path) -> None:
    copy = backups.make(str(tmp_path / "oogst.db"), tmp_path / "kopie.db").file
    before = (tmp_path / "oogst.db").read_bytes()
    with alone(str(tmp_path / "oogst.db")):
        assert restore(settings, copy, replay=False) == 73
    assert (tmp_path / "oogst.db").read_bytes() == before


def test_a_copy_is_put_back_and_what_was_there_stands_beside_it_for_a_week(
    house: House, settings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    location, room = str(tmp_path / "oogst.db"), Afternoon(house)
    room.share("sanne", takeaway="Begin met vragen.")
    copy = backups.make(location, tmp_path / "kopie.db").file
    room.share("sanne", takeaway="Dit komt later.")
    house.database.close()
    assert restore(settings, copy, replay=False) == 0
    assert rows(tmp_path / "oogst.db", "impression") == 1
    (aside,) = [file for file in tmp_path.glob("oogst.db.before-restore-*") if not file.name.endswith("-wal")]
    assert rows(aside, "impression") == 2
    said = capsys.readouterr().out
    assert "kopie.db" in said and aside.name in said and "oogst run" in said
    assert "kan nog een keer komen" in " ".join(said.split()), "a copy knows nothing of what was posted after it"
    assert check(settings) == 0
    assert stat.S_IMODE((tmp_path / "oogst.db").stat().st_mode) == 0o600


def test_what_is_erased_again_is_told_in_words_and_not_as_a_line_of_the_log(
    house: House, settings: Path, tmp_path: Path
) -> None:
    Afternoon(house).share("sanne", takeaway="Begin met vragen.")
    copy = backups.make(str(tmp_path / "oogst.db"), tmp_path / "kopie.db").file
    house.database.close()
    here = Terminal(tmp_path)
    assert here.run("forget", "sanne", "--yes").returncode == 0
    done = here.run("restore", copy.name)
    assert done.returncode == 0 and "Weer gewist, omdat het na de kopie is gewist" in done.stdout
    assert all(line.startswith(("✓", "-", "!")) for line in (done.stdout + done.stderr).splitlines())


@pytest.mark.parametrize("what", ["not there", "text", "another program", "cut off", "newer"])
def test_a_copy_that_is_not_sound_changes_nothing(
    house: House, settings: Path, tmp_path: Path, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = backups.make(str(tmp_path / "oogst.db"), tmp_path / "kopie.db").file
    house.database.close()
    if what == "not there":
        copy.unlink()
    elif what == "text":
        copy.write_text("geen database")
    elif what == "another program":
        copy.unlink()
        with closing(sqlite3.connect(copy)) as connection:
            connection.execute("CREATE TABLE boek (titel TEXT)")
    elif what == "cut off":
        os.truncate(copy, copy.stat().st_size // 2)
    else:
        with closing(sqlite3.connect(copy)) as connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
            connection.commit()
    before = (tmp_path / "oogst.db").read_bytes()
    assert restore(settings, copy, replay=False) == 65
    assert (tmp_path / "oogst.db").read_bytes() == before
    assert "niets veranderd" in capsys.readouterr().err
    assert not list(tmp_path.glob("*restor*"))


def test_a_copy_of_an_earlier_version_is_brought_up_to_this_one(house: House, settings: Path, tmp_path: Path) -> None:
    copy = backups.make(str(tmp_path / "oogst.db"), tmp_path / "kopie.db").file
    house.database.close()
    schema.downgrade(str(copy), "0015")
    assert restore(settings, copy, replay=False) == 0
    assert schema.is_head(schema.current(str(tmp_path / "oogst.db")) or "")


def test_the_database_itself_is_no_copy(house: House, tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="the database itself"):
        backups.put_back(str(tmp_path / "oogst.db"), tmp_path / "oogst.db", NOW)


def test_a_check_names_what_does_not_agree(
    house: House, settings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    room = Afternoon(house)
    room.share("sanne", takeaway="Begin met vragen.")
    assert check(settings) == 0
    with closing(sqlite3.connect(tmp_path / "oogst.db")) as connection:
        connection.execute("UPDATE outbox SET ts = NULL WHERE state = 'sent'")
        connection.execute("UPDATE impression SET withdrawn_at = updated_at")
        connection.commit()
    capsys.readouterr()
    assert check(settings) == 1
    said = capsys.readouterr().err
    assert "where it stands is not known: selection.group:gr_a" in said and "an erased note has words" in said
    assert "vragen" not in said, "ids, and never words"


def test_a_check_passes_what_a_region_shares_and_names_what_it_took_back_and_can_still_be_found(
    house: House, settings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ReportYear(house).page()
    assert check(settings) == 0, "what the trail shares can be found, and is no note"
    (entry,) = house.read(lambda db: trail.entries(db, TEAM, kinds=[Kind.AMBITION]))
    with closing(sqlite3.connect(tmp_path / "oogst.db")) as connection:
        connection.execute("UPDATE trail SET state = 'kept' WHERE id = ?", [entry.id])
        connection.commit()
    capsys.readouterr()
    assert check(settings) == 1
    said = capsys.readouterr().err
    assert "something of the trail can be found that is not shared" in said and "onderwijs" not in said


def test_what_is_on_a_server_is_copied_with_the_tools_of_the_server(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = tmp_path / ".env"
    settings.write_text("OOGST_DATABASE=postgresql://oogst:geheim@db.example/oogst\nOOGST_LANGUAGE=nl\n")
    assert backup(settings, None, None) == 78
    assert restore(settings, tmp_path / "kopie.db", replay=False) == 78
    said = capsys.readouterr().err
    assert "pg_dump --format=custom --exclude-table=tombstone" in said and "pg_restore --clean" in said
    assert "geheim" not in said


def test_a_check_does_not_send_who_has_a_newer_database_to_the_bot(
    house: House, settings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(tmp_path / "oogst.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert check(settings) == 1
    said = capsys.readouterr().err
    assert "9999" in said and "nieuwere versie" in said and "Start de bot" not in said
