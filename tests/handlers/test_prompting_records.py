"""The board says which records wait for a yes, which are objected to and who was asked about a quote; and reminds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.article import State
from bot.worksessions import Silence
from handlers import impressions, prompting
from handlers.prompting.records import OBJECTED, QUOTE, SIGN
from handlers.views import prompting as views
from playground.linter import visible_texts
from storage import harvest as articles
from storage.delivery import OutboxRow
from tests.handlers.house import TEAM, House, wall
from tests.handlers.signed import Signing

NOW = wall(2021, 6, 17, 16)
QUOTED = "Je moet eerst vragen wat iemand nodig heeft."


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, NOW)
    yield made
    made.database.close()


@pytest.fixture
def signing(house: House) -> Signing:
    found = Signing(house)
    found.share("youssef", "gr_2")
    return found


def lines(signing: Signing) -> list[str]:
    house = signing.house
    found = house.read(
        lambda db: prompting.boards(db, TEAM, [signing.session], "Europe/Amsterdam", house.world.now())
    )  # fmt: skip
    blocks = views.board(found[signing.session.id], house.world.words["nl"])
    return [text for block in blocks for text in visible_texts([block.to_dict()])]


def remind(signing: Signing, name: str) -> None:
    value = f"{signing.session.id}/{name}"
    click = signing.house.click("action", "prompting.remind", "ineke", value)
    signing.house.answer(prompting.ROUTES.actions["prompting.remind"], click)


def said(house: House, row: OutboxRow) -> str:
    body = house.draw(row, prompting.MESSAGES)
    return "\n".join(visible_texts([block.to_dict() for block in body.blocks])) if body else ""


def test_the_board_counts_who_said_yes_and_reminds_only_who_did_not(house: House, signing: Signing) -> None:
    note = signing.share("sanne", "gr_1")
    house.arrive("impressions.signing")
    signing.agree("noor", note)
    (line,) = [text for text in lines(signing) if "Groep 1" in text]
    assert "1 van 2 zei dat de impressie klopt" in line and "kan tot vrijdag 18 juni, 12:00" in line
    remind(signing, f"signing:{note.id}")
    (row,) = house.owed(SIGN)
    assert row.user_id == "samir" and row.nudge
    shown = said(house, row)
    assert "Klopt de impressie van groep 1?" in shown and "Naar het bericht" in shown
    assert signing.share("sanne", "gr_1").contents.takeaway not in shown, "no words of the record are copied"
    signing.agree("samir", note)
    assert said(house, row) == "", "who answered is not reminded"


def test_once_everybody_agreed_or_silence_counted_nothing_is_missing(house: House, signing: Signing) -> None:
    signing.share("sanne", "gr_1")
    assert any("Groep 1" in text for text in lines(signing))
    house.at(wall(2021, 6, 18, 12, 1))
    assert not any("Groep 1" in text for text in lines(signing))


def test_where_silence_is_no_yes_the_board_goes_on_to_say_who_must_answer(house: House) -> None:
    signing = Signing(house, Silence.WAITS)
    signing.share("sanne", "gr_1")
    house.at(wall(2021, 6, 21, 10))
    (line,) = [text for text in lines(signing) if "Groep 1" in text]
    assert "0 van 2" in line and "ieders ja is nodig" in line


def test_an_objection_stands_on_the_board_and_its_writer_is_reminded(house: House, signing: Signing) -> None:
    note = signing.share("sanne", "gr_1")
    house.arrive("impressions.signing")
    signing.object("noor", note)
    assert any("volgens Noor klopt de impressie niet" in text for text in lines(signing))
    remind(signing, f"objection:{note.id}")
    (row,) = house.owed(OBJECTED)
    assert row.user_id == "sanne" and "groep 1 niet klopt" in said(house, row)
    signing.agree("noor", note)
    assert said(house, row) == ""


def test_who_was_asked_about_a_quote_is_reminded_until_they_answer(house: House, signing: Signing) -> None:
    note = signing.share("sanne", "gr_1", quote=QUOTED)
    click = house.click("action", "impressions.quote_by", "sanne", "noor", note.id)
    house.answer(impressions.ROUTES.actions["impressions.quote_by"], click)
    assert signing.newest().quote_by == "noor"
    assert any("Noor zei nog niet of een citaat gebruikt mag worden" in text for text in lines(signing))
    remind(signing, f"quote:{note.id}")
    (row,) = house.owed(QUOTE)
    assert row.user_id == "noor" and QUOTED not in said(house, row) and "Mag het gebruikt worden?" in said(house, row)


def test_after_publication_the_board_asks_for_no_more_signatures(house: House, signing: Signing) -> None:
    signing.share("sanne", "gr_1")
    house.at(NOW + timedelta(hours=1))
    found = house.read(lambda db: articles.of_session(db, TEAM, signing.session.id))
    assert found is not None and lines(signing)
    out = replace(found, state=State.PUBLISHED, published_at=NOW, published_by="ineke")
    house.write(lambda db: articles.save(db, out))
    assert lines(signing) == []
