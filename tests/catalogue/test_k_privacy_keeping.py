"""K7, K8, K9 and K15: what is kept of somebody is shown and handed to them; it expires; it goes when the app does."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel, col, select

from bot.delivery import Operation, RowState
from bot.privacy.cells import as_cell, from_cell
from bot.privacy.expiring import (
    GRACE,
    KEPT_BACKUPS,
    KEPT_COPIES,
    KEPT_COUNTS,
    KEPT_EXPORTS,
    KEPT_FORMS,
    KEPT_KEYS,
    KEPT_QUESTIONS,
    KEPT_SENT,
)
from bot.programme import Programme
from bot.writing import Mode
from handlers import inbox, installing
from handlers.personal import exporting
from handlers.routing import Click
from handlers.slack import kinds
from handlers.views import personal as views
from storage import audit, backups, data_map, expiring, leaving, personal, programme, schema
from storage.audit import Deed
from storage.data_map import Keep
from storage.delivery import OutboxRow
from storage.inbox import InboxRow
from storage.memory.asked import QuestionRow
from storage.worksessions import FormRow
from storage.writing.records import WritingCallRow, WritingEventRow
from tests.handlers.house import TEAM, House, every_word
from tests.handlers.test_canary import Town, live
from tests.postgres import sqlite_only

NOW = datetime(2024, 3, 4, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, NOW)
    yield made
    made.database.close()


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A workspace in which everything happened; the last test here erases all of it."""
    made = Town(tmp_path_factory.mktemp("town"))
    live(made)
    yield made
    made.house.database.close()


# K7: what is kept of one person


def done(house: House) -> list[str]:
    query = select(audit.AuditRow.action).where(audit.AuditRow.team_id == TEAM).order_by(col(audit.AuditRow.number))
    return house.read(lambda db: list(db.exec(query)))


def add(house: House, *rows: Any) -> None:
    house.write(lambda db: [db.add(row) for row in rows])


def test_k7_a_person_gets_all_and_only_what_is_theirs_without_the_names_of_others(town: Town) -> None:
    """Two workspaces with the same ids of people: what the other says of its own Lotte is in none of the files."""
    house = town.house
    other = Programme("T2", "nl", "Europe/Amsterdam", "regio", "other", "UBOT")
    house.write(lambda db: programme.save_programme(db, other))
    house.write(lambda db: programme.save_account(db, "T2", programme.Account("lotte", "Lotte Anders")))
    add(house, FormRow(id="fm_2", team_id="T2", user_id="lotte", data='{"text": "Elders geheim."}', at=NOW))
    add(house, FormRow(id="fm_1", team_id=TEAM, user_id="lotte", data='{"text": "=Samir belt"}', at=NOW))
    found = house.read(
        lambda db: personal.kept_of(db, TEAM, "lotte", exporting.others_masked(db, house.settings, "lotte"))
    )
    # everything that is theirs, by the map: a table with a row of theirs is in it
    for name, what in data_map.MAP.items():
        rows = SQLModel.metadata.tables[name]
        mine = [rows.c[column] == "lotte" for column in what.leaves]
        if mine:
            query = sa.select(sa.func.count()).select_from(rows).where(rows.c.team_id == TEAM, sa.or_(*mine))
            number = house.read(lambda db, query=query: db.connection().execute(query).scalar_one())
            assert len(found.get(name, [])) >= number, name
    said = exporting.as_json(found).decode()
    assert "Elders geheim" not in said and "Lotte Anders" not in said and "fm_2" not in said
    assert "kanariebericht" in said, "a message she wrote"
    assert "kanariebelofte" in said.casefold(), "her own words of a promise"
    assert "Kanarietakeaway" not in said, "what Sanne handed in is Sanne's"
    assert "Kanariebezwaar" not in said, "why somebody else objected"
    for name in ("Samir", "Sanne", "Noor", "Youssef", "Ineke"):
        assert name not in said and name.lower() not in said.split(), name
    assert {row["user_id"] for row in found["member"]} == {"lotte"}
    assert not {"secret", "sealed_token", "body_hash"} & {
        column for rows in found.values() for r in rows for column in r
    }

    # by direct message, in two forms, written down, and gone after a day
    town.press("personal.export", "lotte")
    files = [row for row in town.rows() if row.kind == "personal.export"]
    assert [(row.operation, row.user_id) for row in files] == [("file", "lotte"), ("remove", "lotte")] * 2
    assert all(row.channel_id is None for row in files)
    body = house.draw(files[0], kinds())
    assert body is not None and body.file is not None and re.fullmatch(r"oogst-over-mij-\d+\.json", body.file_name)
    assert json.loads(body.file)["member"] == found["member"]
    table = house.draw(files[2], kinds())
    assert table is not None and table.file is not None
    cells = list(csv.reader(io.StringIO(table.file.decode("utf-8-sig"))))
    assert cells[0] == ["table", "row", "column", "value"] and len(cells) > 30
    assert all(from_cell(cell) == cell or cell.startswith("'") for row in cells for cell in row)
    assert not [cell for row in cells[1:] for cell in row if cell.startswith(("=", "+", "-", "@"))]
    removed = [row for row in files if row.operation == Operation.REMOVE]
    assert all(row.not_before - row.created_at == KEPT_EXPORTS for row in removed)
    deeds = house.read(lambda db: list(db.exec(select(audit.AuditRow.action).where(audit.AuditRow.team_id == TEAM))))
    assert deeds.count(Deed.EXPORTED) == 1


def test_k7_a_cell_that_looks_like_a_formula_stays_text_and_comes_back_as_it_was() -> None:
    for text in (
        "=1+1",
        "+31",
        "-2",
        "@SUM(A1)",
        "\tx",
        "\r=1",
        "\n=1",
        " =1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "'tis",
        "gewoon",
    ):
        assert from_cell(as_cell(text)) == text
        assert as_cell(text).startswith("'") or text == "gewoon"


# K8: what expires


def outbox(key: str, at: datetime, **more: Any) -> OutboxRow:
    return OutboxRow(
        team_id=TEAM, key=key, kind="harvest.article", arguments="{}", body_hash="", not_before=at, created_at=at,
        sent_at=at, state=RowState.SENT, **{"operation": "post", **more},
    )  # fmt: skip


def aged(keep: Keep, at: datetime, name: str) -> Any:
    """One row of a class, made at a moment."""
    match keep:
        case Keep.KEYS:
            return InboxRow(team_id=TEAM, key=name, at=at)
        case Keep.FORMS:
            return FormRow(id=name, team_id=TEAM, user_id="noor", data="{}", at=at)
        case Keep.OUTBOX:
            return outbox(name, at, operation="update")
        case Keep.QUESTIONS:
            return QuestionRow(
                id=name, team_id=TEAM, user_id="noor", text="Wat helpt?", asked_in="direct", channel_id="D1",
                state="answered", asked_at=at,
            )  # fmt: skip
        case Keep.COUNTS:
            return WritingEventRow(
                team_id=TEAM, region_id="rg", period_key=name, at=at, kind="x", reason="y", subject=""
            )
    raise AssertionError(keep)


CLASSES = (
    (Keep.KEYS, KEPT_KEYS),
    (Keep.FORMS, KEPT_FORMS),
    (Keep.OUTBOX, KEPT_SENT),
    (Keep.QUESTIONS, KEPT_QUESTIONS),
    (Keep.COUNTS, KEPT_COUNTS),
)


@pytest.mark.parametrize(("keep", "kept"), CLASSES, ids=[keep.name.lower() for keep, _ in CLASSES])
def test_k8_a_row_stays_to_the_end_of_its_time_and_is_gone_after_it(
    house: House, keep: Keep, kept: timedelta, cases: Callable[[int], None]
) -> None:
    edges = {"young": NOW - kept + SECOND, "last": NOW - kept, "over": NOW - kept - SECOND}
    add(house, *(aged(keep, at, name) for name, at in edges.items()))
    assert house.read(lambda db: expiring.due(db, TEAM, NOW))[keep.value] == 1
    assert house.write(lambda db: expiring.sweep(db, TEAM, NOW))[keep.value] == 1
    assert house.read(lambda db: expiring.due(db, TEAM, NOW))[keep.value] == 0
    assert house.write(lambda db: expiring.sweep(db, TEAM, NOW + SECOND))[keep.value] == 1, "the last one, a second on"
    assert house.write(lambda db: expiring.sweep(db, TEAM, NOW + SECOND))[keep.value] == 0, "the young one stays"
    cases(len(edges))


def test_k8_the_trail_keeps_two_years(house: House, cases: Callable[[int], None]) -> None:
    old = NOW.replace(year=NOW.year - 2)
    for at in (old - SECOND, old, old + SECOND, NOW):
        house.write(lambda db, at=at: audit.record(db, TEAM, Deed.PUBLISHED, at))
    assert house.write(lambda db: expiring.sweep(db, TEAM, NOW))[Keep.AUDIT.value] == 1
    assert house.read(lambda db: expiring.due(db, TEAM, NOW + SECOND))[Keep.AUDIT.value] == 1
    assert house.read(lambda db: audit.verify(db, TEAM)) is None
    cases(3)


@sqlite_only("copies of a file")
def test_k8_copies_made_before_an_update_go_after_a_week(house: House, cases: Callable[[int], None]) -> None:
    file = Path(house.database.location)
    for name, at in (("a", NOW - KEPT_COPIES - SECOND), ("b", NOW - KEPT_COPIES), ("c", NOW - KEPT_COPIES + SECOND)):
        copy = file.with_name(f"{file.name}.before-{name}")
        copy.write_bytes(b"x")
        os.utime(copy, (at.timestamp(), at.timestamp()))
    assert [copy.suffix for copy in schema.forget_copies(str(file), NOW - KEPT_COPIES)] == [".before-a"]
    house.do(inbox.tick(house.world, NOW + SECOND))
    assert [copy.suffix for copy in sorted(file.parent.glob("*.before-*"))] == [".before-c"]
    cases(3)


@sqlite_only("copies of a file")
def test_k8_backups_go_after_thirty_days(house: House, cases: Callable[[int], None]) -> None:
    location = house.database.location
    assert timedelta(days=30) == KEPT_BACKUPS
    for days in (31, 30, 29):
        backups.name_for(location, NOW - timedelta(days=days)).write_bytes(b"x")
    gone = backups.forget(location, NOW.date())
    assert [file.name.rpartition("until-")[2] for file in gone] == [str((NOW - timedelta(days=1)).date())]
    assert len(backups.made(location)) == 2
    cases(3)


def test_k8_a_file_with_somebodys_data_is_taken_away_after_a_day(house: House, cases: Callable[[int], None]) -> None:
    house.person("noor")
    house.answer(exporting.export, house.click("action", "personal.export", "noor"))
    removed = [row for row in house.owed("personal.export") if row.operation == Operation.REMOVE]
    tried = 0
    for row in removed:
        for at, is_due in (
            (NOW + KEPT_EXPORTS - SECOND, False), (NOW + KEPT_EXPORTS, True), (NOW + KEPT_EXPORTS + SECOND, True),
        ):  # fmt: skip
            assert (row.not_before <= at) is is_due
            tried += 1
    assert len(removed) == 2
    cases(tried // 2)


def test_k8_every_table_that_is_kept_for_a_time_has_somebody_who_lets_go_of_it(house: House) -> None:
    assert expiring.unswept() == []
    found = house.read(lambda db: expiring.due(db, TEAM, NOW))
    assert set(found.values()) == {0} and len(found) == 7
    add(house, WritingCallRow(
        team_id=TEAM, region_id="rg", period_key="2020-W01", step="claims", model="m", at=NOW - KEPT_COUNTS - SECOND,
        calls=1, characters=1, input_tokens=1, output_tokens=1, outcome="ok",
    ))  # fmt: skip
    assert house.read(lambda db: expiring.due(db, TEAM, NOW))[Keep.COUNTS.value] == 1


def test_k8_the_sweep_of_the_day_lets_go_of_all_of_it_once(house: House) -> None:
    add(house, aged(Keep.KEYS, NOW - KEPT_KEYS - SECOND, "old"))
    house.do(inbox.tick(house.world, NOW))
    keys = house.read(lambda db: list(db.exec(select(InboxRow.key).where(InboxRow.team_id == TEAM))))
    assert "old" not in keys


# K9: the app is removed


def event(house: House, name: str, at: datetime, **body: Any) -> Click:
    return house.click("event", name, "", at=str(at.timestamp()), body={"type": name, **body})


REMOVED, REVOKED = "app_uninstalled", "tokens_revoked"


@pytest.mark.parametrize("order", [(REMOVED, REVOKED), (REVOKED, REMOVED)], ids=["app first", "token first"])
def test_k9_a_workspace_that_leaves_is_left_alone_at_once_and_purged_after_thirty_days(
    house: House, order: tuple[str, str]
) -> None:
    house.person("noor")
    left: list[str] = []
    house.world.leave = left.append
    for number, name in enumerate(order):
        click = event(house, name, NOW + number * SECOND, tokens={"bot": ["UBOT"]})
        house.answer(installing.ROUTES.events[name][0], click)
    assert TEAM in left
    assert house.read(leaving.away) == {TEAM: NOW}, "the first moment counts"
    for at, overdue in ((NOW + GRACE - SECOND, []), (NOW + GRACE, [TEAM])):
        assert house.read(lambda db, at=at: leaving.overdue(db, at)) == overdue
    house.at(NOW + GRACE + SECOND)
    house.do(inbox.tick(house.world, house.clock.now()))
    for name, rows in SQLModel.metadata.tables.items():
        if data_map.MAP[name].keep is not Keep.AUDIT:
            query = sa.select(sa.func.count()).select_from(rows).where(rows.c.team_id == TEAM)
            kept = int(name == "tombstone")  # that the workspace went, for the day an older copy is put back
            assert house.read(lambda db, query=query: db.connection().execute(query).scalar_one()) == kept, name
    assert house.read(lambda db: audit.verify(db, TEAM)) is None
    assert done(house) == [Deed.UNINSTALLED, Deed.PURGED]


def test_k9_a_full_workspace_can_be_purged(town: Town) -> None:
    """Rows that point at each other do not hold each other, and nothing is found any more."""
    gone = town.house.write(lambda db: leaving.purge(db, TEAM, NOW))
    assert len(gone) > 30
    assert not town.tables("kanarie")
    assert b"kanarie" not in town.bytes().lower()


def test_k9_coming_back_within_the_grace_restores_and_old_news_changes_nothing(house: House) -> None:
    house.person("noor")
    take = installing.ROUTES.events[REMOVED][0]
    house.answer(take, event(house, REMOVED, NOW))
    back = NOW + GRACE - SECOND
    assert house.write(lambda db: leaving.come_back(db, TEAM, back))
    assert house.read(lambda db: leaving.overdue(db, NOW + 2 * GRACE)) == []
    assert house.read(lambda db: programme.is_known(db, TEAM, "noor"))
    left: list[str] = []
    house.world.leave = left.append
    house.at(back + SECOND)
    house.answer(take, event(house, REMOVED, NOW + SECOND))
    assert left == [] and not house.read(lambda db: leaving.is_away(db, TEAM)), "told late, of before the return"


def test_k9_a_persons_own_token_is_no_farewell(house: House) -> None:
    click = event(house, REVOKED, NOW, tokens={"oauth": ["U1"]})
    house.answer(installing.ROUTES.events[REVOKED][0], click)
    assert house.read(leaving.away) == {}


# K15: the member sees what is kept, and which model reads along


@pytest.mark.parametrize("mode", list(Mode))
def test_k15_the_home_and_the_window_say_which_model_is_set(house: House, mode: Mode) -> None:
    for words in every_word().values():
        said = {each: str([b.to_dict() for b in views.home_lines(each, words)]) for each in Mode}
        assert words(f"personal.mode.{mode.value}") in said[mode]
        assert len(set(said.values())) == 3
        shown = str(views.kept_form(views.Kept(words, {"impression": 3, "form": 1}, mode)).to_dict())
        assert words(f"personal.mode.{mode.value}") in shown
        assert words.count("personal.kept.notes", 3) in shown and words.count("personal.kept.drafts", 1) in shown


def test_k15_what_the_window_says_of_time_is_what_is_done() -> None:
    for words in every_word().values():
        said = words("personal.how_long_says")
        assert f"{KEPT_FORMS.days} dag" in said or f"{KEPT_FORMS.days} day" in said
        assert KEPT_BACKUPS.days == 30 and timedelta(weeks=1) == KEPT_QUESTIONS
