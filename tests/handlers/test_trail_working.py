"""Working groups and development tables: a checklist by one tap, parts that come due, and vacancies that remind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlmodel import select

from bot.programme import Role
from bot.trail import Entry, Kind, State, Value
from handlers.slack import kinds
from handlers.trail import reminding, telling
from playground.linter import visible_texts
from storage import nudges, trail
from storage.timetable import OccurrenceRow
from tests.handlers.house import TEAM, House, wall
from tests.handlers.trailing import Trail, lived_in

HERE = "rg_0001"
TUESDAY = wall(2021, 6, 22, 10)


@pytest.fixture(params=["nl"])
def house(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[House]:
    yield from lived_in(tmp_path, wall(2021, 6, 17, 11), request.param)


@pytest.fixture
def scene(house: House) -> Trail:
    """Noor is of the first region, which Sanne leads; Samir of the second, which nobody leads; Ineke coordinates."""
    one, two = house.region("Haaglanden"), house.region("Waterweg")
    locale = {"nl": "nl-NL", "en": "en-GB"}[house.settings.language]
    house.person("noor", one, locale=locale)
    house.person("sanne", one, Role.FACILITATOR, locale=locale)
    house.person("lotte", one, locale=locale)
    house.person("samir", two, locale=locale)
    house.person("ineke", None, Role.COORDINATOR, locale=locale)
    return Trail(house)


def made(scene: Trail, kind: Kind, parent: str | None = None, region: str | None = HERE, person: str = "",
         state: State = State.KEPT, **texts: str) -> str:  # fmt: skip
    values = {name: Value(text) for name, text in texts.items()}
    if person:
        values["person"] = Value("", person)
    entry = Entry(scene.world.ids("te"), TEAM, region, kind, values, state, parent)
    scene.house.write(lambda db: trail.make(db, entry, "", scene.house.clock.at))
    return entry.id


def one(scene: Trail, entry: str) -> Entry:
    found = scene.house.read(lambda db: trail.one(db, TEAM, entry))
    assert found is not None
    return found


def tick(scene: Trail, at: datetime) -> None:
    scene.house.at(at)
    scene.house.do(reminding.tick(scene.world, at))


def arrive(scene: Trail) -> None:
    scene.house.arrive("trail.vacancies", "trail.milestone")


def owed(scene: Trail, kind: str) -> list[tuple[str | None, str]]:
    """To whom messages of this kind are owed and what they say now; "" where nothing is sent any more."""
    found = []
    for row in scene.house.owed(kind):
        body = scene.house.draw(row, kinds())
        said = "\n".join([body.text, *visible_texts([b.to_dict() for b in body.blocks])]) if body else ""
        found.append((row.user_id or row.channel_id, said))
    return found


@pytest.mark.practice("004:39-75")
def test_a_precondition_is_ticked_off_by_one_tap_and_a_part_goes_from_to_do_to_busy_to_done(scene: Trail) -> None:
    table = made(scene, Kind.ASSIGNMENT, title="Eén loket")
    needed = made(scene, Kind.PRECONDITION, table, title="Alle besturen doen mee", standing="unmet")
    step = made(scene, Kind.MILESTONE, table, title="Gegevens naast elkaar", standing="to_do")
    said = scene.press("noor", "trail.entry", table)
    assert "○ Alle besturen doen mee" in said and "○ Gegevens naast elkaar" in said
    assert said.count("Alle besturen doen mee") == said.count("Gegevens naast elkaar") == 1, (
        "each line stands there once"
    )
    said = scene.press("noor", "trail.tick", f"met {needed}", "trail.entry", entry=table, region=HERE, part="agenda")
    assert "✓ Alle besturen doen mee" in said
    for standing in ("busy", "done"):
        scene.press("noor", "trail.tick", f"{standing} {step}", "trail.entry", entry=table, region=HERE, part="agenda")
    assert one(scene, needed).text("standing") == "met" and one(scene, step).text("standing") == "done"
    scene.press("samir", "trail.tick", f"unmet {needed}")
    assert one(scene, needed).text("standing") == "met", "another region ticks nothing off"
    assert scene.house.read(lambda db: [c.after for c in trail.changes_of(db, TEAM, [step])]) == ["busy", "done"]


@pytest.mark.practice("004:77-93", "000:42-44")
@pytest.mark.parametrize("house", ["nl", "en"], indirect=True)
def test_vacancies_remind_once_a_week_in_one_message_until_they_are_filled_or_told_to_wait(scene: Trail) -> None:
    words = scene.world.words[scene.house.settings.language]
    table = made(scene, Kind.ASSIGNMENT, title="Eén loket")
    leader = made(scene, Kind.ROLE, table, title="Projectleider", standing="vacant")
    member = made(scene, Kind.ROLE, table, title="Lid van een school", standing="vacant")
    made(scene, Kind.ROLE, table, title="Aannemer", standing="filled", who="Zorg aan Zet")
    for at in (wall(2021, 6, 22, 4), wall(2021, 6, 22, 9, 59)):
        tick(scene, at)
    assert scene.house.owed("trail.vacancies") == [], "never at night, and not before Tuesday at ten"
    for _ in range(2):
        tick(scene, TUESDAY)
    ((to, said),) = owed(scene, "trail.vacancies")
    assert to == "sanne" and words.count("trail.vacancies_wait", 2) in said
    assert "Projectleider" in said and "Lid van een school" in said and "Aannemer" not in said
    scene.press("sanne", "trail.wait", member)
    filled = {"title": "Projectleider", "standing": "filled", "who": "Lotte"}
    scene.fill("sanne", "trail.entry", filled, entry=leader, version="1")
    assert owed(scene, "trail.vacancies") == [("sanne", "")], "what is filled is not told when it leaves late"
    tick(scene, wall(2021, 6, 29, 10))
    assert len(scene.house.owed("trail.vacancies")) == 1, "somebody said to wait"
    tick(scene, wall(2021, 7, 27, 10))
    assert len(scene.house.owed("trail.vacancies")) == 2, "four weeks later it is told again"


def test_who_gave_the_assignment_is_told_of_a_vacancy_and_without_anybody_the_coordinator(scene: Trail) -> None:
    ours = made(scene, Kind.ASSIGNMENT, title="Eén loket")
    made(scene, Kind.ROLE, ours, title="Opdrachtgever", standing="filled", person="lotte")
    made(scene, Kind.ROLE, ours, title="Trekker", standing="vacant")
    theirs = made(scene, Kind.ASSIGNMENT, region="rg_0002", title="Vervoer")
    made(scene, Kind.ROLE, theirs, region="rg_0002", title="Voorzitter", standing="vacant")
    tick(scene, TUESDAY)
    told = dict(owed(scene, "trail.vacancies"))
    assert set(told) == {"lotte", "ineke"}
    assert "Trekker" in told["lotte"] and "Voorzitter" not in told["lotte"] and "Voorzitter" in told["ineke"]


def test_after_a_week_of_standing_still_vacancies_and_parts_are_told_at_most_once_each(scene: Trail) -> None:
    table = made(scene, Kind.ASSIGNMENT, title="Eén loket")
    made(scene, Kind.ROLE, table, title="Trekker", standing="vacant")
    step = made(scene, Kind.MILESTONE, table, person="noor", title="Gegevens", due="2021-06-30", standing="to_do")
    tick(scene, wall(2021, 7, 6, 11))
    assert [name for name, _ in owed(scene, "trail.vacancies")] == ["sanne"]
    ((to, said),) = owed(scene, "trail.milestone")
    assert to == "noor" and "zou klaar zijn op 30 juni 2021" in said, "the one before its day lost its use"
    tick(scene, wall(2021, 7, 6, 11, 1))
    assert len(scene.house.owed("trail.milestone")) == 1
    scene.press("noor", "trail.tick", f"done {step}")
    assert owed(scene, "trail.milestone") == [("noor", "")]


def test_a_part_reminds_its_owner_a_week_before_and_once_after_and_follows_when_it_moves(scene: Trail) -> None:
    table = made(scene, Kind.ASSIGNMENT, title="Eén loket")
    step = made(scene, Kind.MILESTONE, table, person="noor", title="Gegevens", due="2021-09", standing="busy")
    tick(scene, wall(2021, 9, 23, 9, 29))
    assert scene.house.owed("trail.milestone") == []
    tick(scene, wall(2021, 9, 23, 9, 30))
    assert "moet klaar zijn op september 2021" in owed(scene, "trail.milestone")[0][1]
    typed = {"title": "Gegevens", "due": "2021-10-20", "standing": "busy", "person": "noor"}
    scene.fill("noor", "trail.entry", typed, entry=step, version="1")
    assert owed(scene, "trail.milestone") == [("noor", "")], "the first day counts no more"
    tick(scene, wall(2021, 10, 1, 9, 30))
    assert len(scene.house.owed("trail.milestone")) == 1
    for day in (13, 21):
        arrive(scene)
        tick(scene, wall(2021, 10, day, 9, 30))
    assert [bool(said) for _, said in owed(scene, "trail.milestone")] == [False, True, True]
    changes = scene.house.read(lambda db: trail.changes_of(db, TEAM, [step]))
    assert [(c.name, c.before, c.after) for c in changes] == [("due", "2021-09", "2021-10-20")]


def test_the_clocks_change_and_vacancies_are_still_told_at_ten_on_the_wall_once_a_week(scene: Trail) -> None:
    scene.house.at(wall(2021, 10, 18, 9))
    table = made(scene, Kind.ASSIGNMENT, title="Eén loket")
    made(scene, Kind.ROLE, table, title="Trekker", standing="vacant")
    for day in ((2021, 10, 19), (2021, 10, 26), (2021, 11, 2)):
        for hour, minute in ((9, 59), (10, 0), (10, 0), (11, 0)):
            tick(scene, wall(*day, hour, minute))
        arrive(scene)
    rows = scene.house.owed("trail.vacancies")
    assert [row.not_before for row in rows] == [wall(2021, 10, d, 10) for d in (19, 26)] + [wall(2021, 11, 2, 10)]
    turns = scene.house.read(
        lambda db: [row.period_key for row in db.exec(select(OccurrenceRow)) if row.rule_id == "trail.vacancies"]
    )
    assert sorted(turns) == sorted({"2021-W42", "2021-W43", "2021-W44"})


def test_nobody_gets_a_third_message_in_a_week_and_a_pause_is_kept(scene: Trail) -> None:
    table = made(scene, Kind.ASSIGNMENT, title="Eén loket")
    for number in range(4):
        made(scene, Kind.MILESTONE, table, person="noor", title=f"Deel {number}", due="2021-06-29", standing="to_do")
    tick(scene, wall(2021, 6, 22, 9, 30))
    assert len(scene.house.owed("trail.milestone")) == 2
    made(scene, Kind.MILESTONE, table, person="lotte", title="Deel 5", due="2021-07-05", standing="to_do")
    until = wall(2021, 7, 1)
    scene.house.write(lambda db: nudges.pause(db, TEAM, "lotte", until, "Europe/Amsterdam", scene.house.clock.at))
    tick(scene, wall(2021, 6, 28, 9, 30))
    (row,) = [row for row in scene.house.owed("trail.milestone") if row.user_id == "lotte"]
    assert row.not_before == wall(2021, 7, 1, 8, 30)


def test_the_clock_of_the_practice_finds_when_there_is_something_again(scene: Trail) -> None:
    def due() -> datetime | None:
        return scene.house.read(lambda db: reminding.next_due(db, scene.house.clock.at))

    assert due() is None
    table = made(scene, Kind.ASSIGNMENT, title="Eén loket")
    made(scene, Kind.MILESTONE, table, title="Gegevens", due="2021-12-20", standing="to_do")
    assert due() == wall(2021, 12, 13, 9, 30)
    made(scene, Kind.ROLE, table, title="Trekker", standing="vacant")
    assert due() == TUESDAY


def test_what_waits_for_somebody_by_name_stands_on_their_home_until_it_is_done(scene: Trail) -> None:
    table = made(scene, Kind.ASSIGNMENT, title="Eén loket")
    step = made(scene, Kind.MILESTONE, table, person="noor", title="Gegevens", due="2021-06-30", standing="busy")
    made(scene, Kind.MILESTONE, table, person="noor", title="Later", due="2021-12", standing="to_do")
    draft = made(scene, Kind.APPLICATION, title="Samen naar school", standing="draft")
    mine = made(scene, Kind.PARTY, draft, person="noor", title="Bestuur Zuid", standing="asked")

    def home() -> str:
        words = scene.world.words["nl"]
        found = scene.house.read(lambda db: telling.waiting_for(db, TEAM, "noor", scene.house.clock.at))
        return "\n".join(text for one in found for text in visible_texts([b.to_dict() for b in one.draw(words)]))

    assert "Gegevens" in home() and "Later" not in home() and "Is Bestuur Zuid akkoord" in home()
    scene.press("noor", "trail.tick", f"done {step}")
    scene.press("noor", "trail.sign", f"agreed {mine}")
    assert home() == ""


def test_who_no_longer_leads_the_region_reads_no_reminder_that_was_planned_before(scene: Trail) -> None:
    table = made(scene, Kind.ASSIGNMENT, title="Eén loket")
    step = made(scene, Kind.MILESTONE, table, title="Gegevens naast elkaar", standing="to_do", due="2021-06-25")
    tick(scene, wall(2021, 6, 18, 10))
    assert [to for to, said in owed(scene, "trail.milestone") if step and "Gegevens" in said] == ["sanne"]
    scene.house.person("sanne", "rg_0002", Role.FACILITATOR)
    assert owed(scene, "trail.milestone") == [("sanne", "")], "she leads another region by the time it leaves"
    scene.house.person("sanne", HERE)
    assert owed(scene, "trail.milestone") == [("sanne", "")], "or leads none any more"
    scene.house.person("sanne", HERE, Role.FACILITATOR)
    assert "Gegevens" in owed(scene, "trail.milestone")[0][1]
