"""Seeing what is kept, being forgotten from the Home, and by the administrator in the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from handlers import programme as people
from handlers.personal import asking, exporting
from handlers.terminal.check import check
from handlers.terminal.forget import forget
from playground.linter import lint_view
from storage import delivery, forgetting, programme
from storage.inbox import InboxRow
from tests.handlers.afternoon import Afternoon
from tests.handlers.house import TEAM, House, wall


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, wall(2021, 6, 17, 16))
    yield made
    made.database.close()


def shown(house: House, answer: Any) -> Any:
    """The view of a form that is opened after the ack."""
    (work,) = answer.then
    view = work.cr_frame.f_locals["view"]
    work.close()
    return view


def test_somebody_sees_what_is_kept_in_numbers_and_can_go_on_from_there(house: House) -> None:
    room = Afternoon(house)
    room.share("sanne", takeaway="Wij nodigen de school eerder uit.")
    view = shown(house, house.do(exporting.show(house.click("action", "personal.show", "sanne"), house.world)))
    said = str(view.to_dict())
    assert "1 impressie van jou" in said and "Er leest geen taalmodel mee." in said
    assert "personal.export" in said and "personal.forget" in said
    assert lint_view(view.to_dict()) == []


def test_somebody_is_forgotten_after_one_question_and_sees_how_much_went(house: House) -> None:
    room = Afternoon(house)
    room.share("sanne", takeaway="Wij nodigen de school eerder uit.")
    view = shown(house, house.do(asking.ask(house.click("action", "personal.forget", "sanne"), house.world)))
    assert "Wat weggaat" in str(view.to_dict()) and lint_view(view.to_dict()) == []
    click = house.click("form", "personal.forget", "sanne", key="v:1")
    answer = house.do(asking.forget(click, house.world))
    for work in answer.then:
        work.close()
    assert answer.ack is not None and "1 impressie" in str(answer.ack["view"])
    assert lint_view(answer.ack["view"]) == []
    assert room.kept() == []
    assert house.read(lambda db: forgetting.leftovers(db, TEAM, "sanne")) == []


def test_slacks_list_of_members_does_not_bring_back_who_was_forgotten(house: House) -> None:
    house.person("noor")
    answer = house.do(asking.forget(house.click("form", "personal.forget", "noor"), house.world))
    for work in answer.then:
        work.close()
    user = {"id": "noor", "name": "noor", "team_id": TEAM, "profile": {"display_name": "Noor"}, "updated": 9}
    house.answer(people.account_changed, house.click("event", "user_change", "noor", body={"user": user}))
    assert not house.read(lambda db: programme.is_known(db, TEAM, "noor"))


def test_the_administrator_forgets_somebody_in_the_terminal_and_is_asked_to_be_sure(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    room = Afternoon(house)
    room.share("sanne", takeaway="Wij nodigen de school eerder uit.")
    house.database.close()
    settings = tmp_path / "settings.env"
    settings.write_text(f"OOGST_DATABASE={house.database.location}\nOOGST_LANGUAGE=nl\n")
    assert forget(settings, "sanne") == 0
    assert "sanne is Sanne" in capsys.readouterr().out
    assert forget(settings, "sanne", sure=True) == 0
    assert "1 impressie" in capsys.readouterr().out
    assert forget(settings, "sanne", sure=True) == 1, "nobody of that name any more"


def test_oogst_check_says_how_much_goes_at_the_next_sweep(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house.write(lambda db: db.add(InboxRow(team_id=TEAM, key="old", at=wall(2020, 1, 1))))
    house.database.close()
    settings = tmp_path / "settings.env"
    settings.write_text(f"OOGST_DATABASE={house.database.location}\nOOGST_LANGUAGE=nl\n")
    assert check(settings) == 0
    assert "1 sleutels van wat al gedaan is" in capsys.readouterr().out


def test_two_exports_of_one_person_have_names_of_their_own(house: House) -> None:
    house.person("noor")
    for _ in range(2):
        house.answer(exporting.export, house.click("action", "personal.export", "noor"))
    words = house.world.words["nl"]
    names = []
    for row in house.owed(exporting.KIND):
        if row.operation == "file":
            found = house.read(lambda db, row=row: delivery.parcel(db, TEAM, row.key))
            assert found is not None
            body = house.read(lambda db, found=found: exporting.file(db, house.settings, found.arguments, words))
            assert body is not None
            names.append(body.file_name)
    assert len(names) == len(set(names)) == 4
