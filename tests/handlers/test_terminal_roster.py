"""`oogst roster`: who takes part, taken over all at once or not at all, again and again."""

import sqlite3
from pathlib import Path

import pytest

from tests.handlers.terminal_practice import Terminal
from tests.journeys.driver import ROOT, Slack

GOOD = """user,region,channel,roles
Noor,Haaglanden,regio-haaglanden,
@samir,Nieuwe Waterweg Noord,#regio-nieuwe-waterweg-noord,deelnemer
Sanne Vermeer,Haaglanden,,"deelnemer, begeleider"
,Nog zonder mensen,,
Ineke,,,coördinator
"""


def rows(terminal: Terminal, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(terminal.folder / "oogst.db") as connection:
        return list(connection.execute(query))


def everything(terminal: Terminal) -> list[list[tuple[object, ...]]]:
    queries = ("SELECT * FROM member ORDER BY user_id", "SELECT * FROM region ORDER BY id", "SELECT * FROM programme")
    return [rows(terminal, query) for query in queries]


def take_over(terminal: Terminal, text: str | bytes) -> tuple[int, str]:
    data = text.encode() if isinstance(text, str) else text
    (terminal.folder / "roster.csv").write_bytes(data)
    done = terminal.run("roster", "roster.csv")
    return done.returncode, done.stdout + done.stderr


def test_people_regions_channels_and_roles_are_taken_over(terminal: Terminal) -> None:
    code, said = take_over(terminal, GOOD)
    assert code == 0, said
    assert "3 regio's nieuw of aangepast" in said
    regions = {name: (id_, channel) for id_, name, channel in rows(terminal, "SELECT id, name, channel_id FROM region")}
    assert set(regions) == {"Haaglanden", "Nieuwe Waterweg Noord", "Nog zonder mensen"}
    assert regions["Haaglanden"][1]
    people = {
        name: (roles, region) for name, roles, region in rows(terminal, "SELECT name, roles, region_id FROM member")
    }
    assert people["Sanne"] == ("facilitator,participant", regions["Haaglanden"][0])
    assert people["Ineke"] == ("coordinator", None)
    assert people["Samir"][1] == regions["Nieuwe Waterweg Noord"][0]
    assert people["Lotte"] == ("participant", None), "everybody in the workspace is known"


def test_the_same_roster_again_changes_nothing(terminal: Terminal) -> None:
    take_over(terminal, GOOD)
    before = everything(terminal)
    code, said = take_over(terminal, GOOD)
    assert code == 0
    assert "0 regio's nieuw of aangepast" in said
    assert "4 personen waren al goed" in said
    assert everything(terminal) == before


@pytest.mark.matrix
def test_roles_that_a_roster_gives_or_takes_stand_in_the_trail_and_nothing_else_does(terminal: Terminal) -> None:
    query = "SELECT details FROM audit WHERE action = 'roles_changed' ORDER BY number"
    take_over(terminal, GOOD)
    given = rows(terminal, query)
    assert {("coordinator" in str(told), "facilitator" in str(told)) for (told,) in given} == {
        (True, False), (False, True),
    }  # fmt: skip
    take_over(terminal, GOOD)
    assert rows(terminal, query) == given, "the same again is no change"
    take_over(terminal, GOOD.replace("Ineke,,,coördinator", "Ineke,,,deelnemer"))
    assert rows(terminal, query)[len(given) :] == [('{"door":"roster","roles":"participant"}',)]


def test_the_key_that_signs_our_marks_cannot_be_guessed(terminal: Terminal) -> None:
    take_over(terminal, GOOD)
    ((secret, bot_user),) = rows(terminal, "SELECT secret, bot_user FROM programme")
    assert bot_user and str(bot_user) not in str(secret)
    assert len(str(secret)) == 64


@pytest.mark.matrix
def test_what_a_dutch_spreadsheet_writes_is_understood(terminal: Terminal) -> None:
    sheet = "Gebruiker;Regio;Kanaal;Rollen\r\nNoor;Coöperatie Oost;regio-haaglanden;begeleider\r\n"
    code, said = take_over(terminal, sheet.encode("cp1252"))
    assert code == 0, said
    assert rows(terminal, "SELECT name FROM region") == [("Coöperatie Oost",)]
    code, said = take_over(terminal, b"\xef\xbb\xbf" + sheet.encode())
    assert code == 0, said
    assert "1 persoon was al goed" in said


def test_every_mistake_is_told_with_its_line_and_nothing_changes(terminal: Terminal) -> None:
    take_over(terminal, GOOD)
    before = everything(terminal)
    text = (
        GOOD + "Piet,Haaglanden,,\nLotte,Haaglanden,geen-kanaal,\nYoussef,Haaglanden,,baas\nNoor,,regio-haaglanden,\n"
    )
    code, said = take_over(terminal, text)
    assert code == 65
    for told in (
        "Regel 7: Piet",
        "Regel 8: het kanaal geen-kanaal",
        "Regel 9: de rol baas",
        "Regel 10: bij het kanaal",
    ):
        assert told in said
    assert "Er is niets veranderd" in said
    assert everything(terminal) == before


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "staat niemand"),
        (b"user,region,channel,roles\n", "staat niemand"),
        (b"naam van de school,plaats\nX,Y\n", "noemt de kolommen"),
        (b"user,region\n\x00\x00,\x00\n", "staat niet in Slack"),
        (b'user,region\n"Noor,Haag', "staat niet in Slack"),
        (b"user,region\n" + b"x" * 200_000 + b",Haag\n", "niet te lezen"),
    ],
)
def test_a_file_that_is_no_roster_is_refused_in_plain_words(terminal: Terminal, data: bytes, says: str) -> None:
    code, said = take_over(terminal, data)
    assert code == 65
    assert says in said
    assert "Traceback" not in said


def test_a_name_that_two_people_have_is_asked_about(terminal: Terminal, slack: Slack) -> None:
    slack("people", name="Bo", real_name="Bo Jansen")
    slack("people", name="Bo2", real_name="Bo Jansen")
    code, said = take_over(terminal, "user,region\nBo Jansen,Haaglanden\n")
    assert code == 65
    assert "@bo en @bo2" in said


def test_the_roster_of_the_demo_names_every_person_and_channel_of_the_practice_slack(tmp_path: Path) -> None:
    from tests.handlers.terminal_practice import connected

    slack = Slack(tmp_path, "nl", ROOT / "playground" / "scenario.yaml")
    try:
        terminal = Terminal(tmp_path, **connected(slack))
        done = terminal.run("roster", ROOT / "handlers" / "terminal" / "practice.csv")
    finally:
        slack.stop()
    assert done.returncode == 0, done.stderr
    assert "12 regio's" in done.stdout
    assert "6 personen" in done.stdout
    assert rows(terminal, "SELECT name FROM region WHERE channel_id IS NULL") == []


@pytest.mark.matrix
def test_the_school_holidays_of_a_region_are_taken_over_and_a_word_that_is_none_is_said(terminal: Terminal) -> None:
    code, said = take_over(terminal, "gebruiker,regio,vakantie\nNoor,Haaglanden,midden\n,Limburg,Zuid\n,Elders,\n")
    assert code == 0, said
    found = dict(rows(terminal, "SELECT name, holidays FROM region"))
    assert found == {"Haaglanden": "Midden", "Limburg": "Zuid", "Elders": ""}
    code, said = take_over(terminal, "gebruiker,regio,vakantie\nNoor,Haaglanden,west\nSamir,,Zuid\n")
    assert code != 0
    assert "west" in said
    assert dict(rows(terminal, "SELECT name, holidays FROM region")) == found, "nothing changed"
