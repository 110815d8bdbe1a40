"""The trail keeps nobody who is forgotten and no word that was taken back; people can take along what is theirs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from bot.delivery import Operation
from bot.programme import Role
from bot.trail import SHEETS, Entry, Kind, Origin, State, Type, Value
from bot.trail.follow_ups import Via
from bot.trail.looking_back import Asked, Round
from bot.trail.tying import Thing, Tieable, by_hand
from handlers.personal.exporting import others_masked
from handlers.personal.forgetting import forget_person
from handlers.tombstones import replay
from handlers.trail import MESSAGES
from storage import audit, delivery, forgetting, leaving, personal, programme, tombstones, trail
from storage.audit import Deed
from storage.data_map.trail import TRAIL
from storage.tombstones import Tombstone
from storage.trail import follow_ups, ties, together
from storage.trail.following import LISTS
from storage.trail.forgetting import CONTACT
from storage.trail.report_rows import TrailReportCitationRow
from tests.handlers.house import TEAM, House, wall
from tests.handlers.test_canary import Town
from tests.handlers.trailing import Trail, lived_in

HERE = "rg_0001"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    yield from lived_in(tmp_path, wall(2021, 6, 17, 16))


@pytest.fixture
def scene(house: House) -> Trail:
    one, two = house.region("Haaglanden"), house.region("Waterweg")
    house.person("noor", one)
    house.person("sanne", one, Role.FACILITATOR)
    house.person("samir", two)
    house.person("ineke", None, Role.COORDINATOR)
    house.write(lambda db: programme.save_account(db, TEAM, programme.Account("noor", "Noor Bontekoe")))
    return Trail(house)


def put(scene: Trail, entry: Entry, by: str = "") -> str:
    scene.house.write(lambda db: trail.make(db, entry, by, scene.house.clock.at))
    return entry.id


def one(scene: Trail, entry: str) -> Entry:
    found = scene.house.read(lambda db: trail.one(db, TEAM, entry))
    assert found is not None
    return found


def everything(house: House) -> str:
    """All that stands in the tables of the trail and of what is searched."""
    tables = ("trail", "trail_value", "trail_change", "trail_tie", "search_word", "search_entry", "question_source")
    return house.read(
        lambda db: str([db.connection().execute(text(f"SELECT * FROM {table}")).all() for table in tables])
    )


def forget(scene: Trail, user: str) -> None:
    house = scene.house
    house.write(lambda db: forget_person(db, house.world, house.settings, user, by=user))


def standing(scene: Trail) -> None:
    """Noor stands in every kind that takes a person, is named in the words of others, and made something herself."""
    for kind, sheet in SHEETS.items():
        values = {field.name: Value(f"Woorden over Noor Bontekoe bij {field.name}.") for field in sheet.fields
                  if field.type in (Type.LINE, Type.TEXT)}  # fmt: skip
        values |= {field.name: Value("", "noor") for field in sheet.fields if field.type is Type.PERSON}
        region = None if sheet.part == "programme" else HERE
        put(scene, Entry(f"te_{kind}", TEAM, region, kind, values, State.SHARED, confirmed=True))
        put(scene, Entry(f"te_own_{kind}", TEAM, region, kind, {"title": Value("Wat de regio zegt.")}), by="noor")
    changed = one(scene, "te_event")
    values = {"title": Value("Noor sprak met de besturen.")}
    scene.house.write(lambda db: trail.change(db, changed, values, "noor", scene.house.clock.at))


def test_who_is_forgotten_is_in_no_field_of_the_trail_and_what_the_region_said_stays(scene: Trail) -> None:
    standing(scene)
    before = one(scene, "te_assignment").version
    said = everything(scene.house)
    assert "Bontekoe" in said and "bontekoe" in said, "also in the index, else this test says nothing"
    forget(scene, "noor")
    said = everything(scene.house).casefold()
    assert "noor" not in said and "bontekoe" not in said
    assert scene.house.read(lambda db: forgetting.leftovers(db, TEAM, "noor")) == []
    assert one(scene, "te_contact").state is State.DROPPED and not one(scene, "te_contact").values
    assert one(scene, "te_account_manager").state is State.DROPPED
    assert one(scene, "te_own_event").title == "Wat de regio zegt." and one(scene, "te_own_event").made_by != "noor"
    assert one(scene, "te_role").state is State.SHARED and not one(scene, "te_role").user()
    assert one(scene, "te_assignment").version > before, "a form that is open on it cannot bring the name back"


def test_a_contact_that_is_set_aside_goes_with_its_words_and_does_not_come_back_with_a_copy(scene: Trail) -> None:
    contact = Entry("te_c", TEAM, HERE, Kind.CONTACT, {"title": Value("N. Bontekoe"), "person": Value("", "noor"),
                                                       "address": Value("noor@voorbeeld.nl")})  # fmt: skip
    put(scene, contact)
    scene.press("noor", "trail.drop", "te_c", "trail.entry")
    assert not one(scene, "te_c").values and "bontekoe" not in everything(scene.house).casefold()
    (gone,) = scene.house.read(lambda db: [each for each in tombstones.all_since(db) if each.kind == CONTACT])

    copy = scene.house  # what a copy of before that brings back
    copy.write(lambda db: db.connection().execute(text("DELETE FROM tombstone")) and None)
    copy.write(lambda db: trail.make(db, Entry("te_c2", TEAM, HERE, Kind.CONTACT, contact.values), "", copy.clock.at))
    again = Tombstone(TEAM, CONTACT, "te_c2", gone.at)
    assert copy.write(lambda db: replay(db, copy.world, [again])) == 1
    assert "bontekoe" not in everything(copy).casefold()
    assert copy.write(lambda db: replay(db, copy.world, [again])) == 0


def test_what_somebody_takes_along_holds_what_they_wrote_in_the_trail_and_what_names_them(scene: Trail) -> None:
    put(scene, Entry("te_a", TEAM, HERE, Kind.AMBITION, {"title": Value("Elk kind dichtbij.")}), by="noor")
    put(scene, Entry("te_b", TEAM, HERE, Kind.ROLE, {"title": Value("Trekker"), "person": Value("", "noor")}))
    put(scene, Entry("te_c", TEAM, HERE, Kind.EVENT, {"title": Value("Van iemand anders.")}), by="sanne")

    def told(user: str) -> str:
        masked = lambda db: personal.kept_of(db, TEAM, user, others_masked(db, scene.house.settings, user))  # noqa: E731
        return json.dumps(scene.house.read(masked), ensure_ascii=False)

    assert "Elk kind dichtbij." in told("noor") and "Trekker" in told("noor")
    assert "Van iemand anders." not in told("noor") and "Van iemand anders." in told("sanne")


def test_a_note_that_is_withdrawn_takes_along_what_was_cut_from_it_in_every_kind(tmp_path: Path) -> None:
    """Every kind of entry, shared and changed and in the index, with a canary in each field: gone with the note."""
    town = Town(tmp_path)
    house = town.house
    try:
        scene = Trail(house)
        room = town.room
        room.reply("lotte", "Kanariezin uit de werksessie over vervoer.")
        (note,) = room.kept()
        at = Origin(impression=note.id, field="takeaway", start=0, end=10)
        for kind, sheet in SHEETS.items():
            values = {field.name: Value(f"Kanariewoord {kind} {field.name}") for field in sheet.fields
                      if field.type in (Type.LINE, Type.TEXT)}  # fmt: skip
            region = None if sheet.part == "programme" else town.region
            put(scene, Entry(f"te_{kind}", TEAM, region, kind, values, State.KEPT, confirmed=True, origin=at))
            kept = one(scene, f"te_{kind}")
            other = dict(values, title=Value(f"Kanarieverandering {kind}"))
            house.write(partial(trail.change, entry=kept, values=other, by="sanne", now=house.clock.at))
            kept = one(scene, f"te_{kind}")
            house.write(partial(trail.settle, entry=kept, state=State.SHARED, by="sanne", now=house.clock.at))
        assert "kanarie" in everything(house).casefold()
        assert "'kanarieverandering'" in everything(house), "also in the index, else this test says nothing"
        house.clock.at += timedelta(minutes=1)
        room.delete()
        assert not room.kept()
        assert "kanarie" not in everything(house).casefold()
        house.do(house.database.tidy())
        if "://" not in house.database.location:
            file = Path(house.database.location)
            for path in file.parent.glob(f"{file.name}*"):
                assert b"anariewoord" not in path.read_bytes() and b"anarieverand" not in path.read_bytes(), path.name
        for kind in SHEETS:
            assert not one(scene, f"te_{kind}").stands
    finally:
        house.database.close()


def sent(scene: Trail, entry: str) -> list[str]:
    """Let a message of every kind of the trail about this entry have arrived in Slack; returns their keys."""
    about = [kind for kind in MESSAGES if kind not in ("trail.report_file", "trail.round_ask")]
    keys = [f"{kind}:2021-06:x" if kind in LISTS else f"{kind}:{entry}:x" for kind in about]
    house = scene.house
    for key in keys:
        kind = key.partition(":")[0]
        house.write(partial(delivery.plan, team=TEAM, key=key, kind=kind, arguments={}, user="samir",
                            now=house.clock.at))  # fmt: skip
        house.arrive(kind)
    return keys


def told_again(scene: Trail) -> set[str | None]:
    rows = [row for kind in MESSAGES for row in scene.house.owed(kind)]
    return {row.target_key for row in rows if row.operation == "update"}


def test_no_message_about_the_trail_goes_on_naming_who_is_forgotten(scene: Trail) -> None:
    put(scene, Entry("te_1", TEAM, HERE, Kind.EXAMPLE, {"title": Value("Koffie bij Noor Bontekoe")}, State.SHARED))
    keys = sent(scene, "te_1")
    report = "trail.report_file:rg_0001:md:1"
    row = TrailReportCitationRow(team_id=TEAM, parcel=report, cited="te_1")
    scene.house.write(lambda db: db.add(row))
    planned = partial(delivery.plan, team=TEAM, key=report, kind="trail.report_file", arguments={}, user="samir",
                      operation=Operation.FILE, now=scene.house.clock.at)  # fmt: skip
    scene.house.write(planned)
    scene.house.arrive("trail.report_file")
    assert len(keys) > 8 and told_again(scene) == set()
    forget(scene, "noor")
    assert told_again(scene) == set(keys)
    rows = [each for each in scene.house.owed("trail.report_file") if each.target_key == report or "again" in each.key]
    assert rows, "a file that names them is replaced"


def test_no_message_about_the_trail_goes_on_saying_words_of_a_note_that_is_withdrawn(tmp_path: Path) -> None:
    town = Town(tmp_path)
    try:
        scene = Trail(town.house)
        town.room.reply("lotte", "Kanariezin uit de werksessie over vervoer.")
        (note,) = town.room.kept()
        at = Origin(impression=note.id, field="takeaway", start=0, end=10)
        above = Entry("te_above", TEAM, town.region, Kind.ASSIGNMENT, {"title": Value("Kanarie")}, origin=at)
        put(scene, above)
        put(scene, Entry("te_below", TEAM, town.region, Kind.MILESTONE, {"title": Value("Deel")}, parent="te_above"))
        keys = [*sent(scene, "te_above"), *sent(scene, "te_below")]
        town.house.clock.at += timedelta(minutes=1)
        town.room.delete()
        assert told_again(scene) == set(keys)
    finally:
        town.house.database.close()


def test_what_people_decide_about_the_trail_is_told_by_the_trail_of_deeds_without_a_word_of_it(scene: Trail) -> None:
    put(scene, Entry("te_1", TEAM, HERE, Kind.EVENT, {"title": Value("Kanarie kwam.")}, State.PROPOSED))
    put(scene, Entry("te_2", TEAM, HERE, Kind.CONTACT, {"title": Value("Kanarie"), "person": Value("", "noor")}))
    scene.press("noor", "trail.keep", "te_1", "trail.entry")
    scene.press("sanne", "trail.share", "te_1", "trail.entry")
    scene.press("noor", "trail.confirm", "te_2", "trail.entry")
    scene.press("noor", "trail.drop", "te_1", "trail.entry")
    scene.press("samir", "trail.drop", "te_2", "trail.entry")
    rows = scene.house.read(lambda db: list(db.exec(select(audit.AuditRow).where(audit.AuditRow.team_id == TEAM))))
    assert [row.action for row in rows] == [Deed.KEPT, Deed.SHARED, Deed.CONFIRMED, Deed.SET_ASIDE, Deed.REFUSED]
    said = str([row.model_dump() for row in rows]).casefold()
    assert "kanarie" not in said and "noor" not in said and "sanne" not in said


def in_every_table(scene: Trail) -> None:
    """Samir and Noor left something in each table that the trail has, and what hangs on each other hangs on it."""
    house, now = scene.house, scene.house.clock.at
    standing(scene)
    found = Tieable(Thing.EXAMPLE, "te_example", (), "")
    house.write(lambda db: ties.save(db, [by_hand(TEAM, "te_point", found, "noor", now)], now))
    house.write(lambda db: trail.look(db, TEAM, "entry:te_point:1", now))
    house.write(lambda db: db.add(TrailReportCitationRow(team_id=TEAM, parcel="trail.report_file:x", cited="te_point")))
    asked = Round("rn_1", TEAM, Kind.REVIEW, "Voorjaar", "noor", now, now)
    house.write(lambda db: trail.open_round(db, asked, [Asked("noor", HERE), Asked("samir", HERE)]))
    house.write(lambda db: together.put_together(db, TEAM, "gr_1", [HERE, "rg_0002"], "noor", now))
    house.write(lambda db: follow_ups.tie(db, TEAM, "te_assignment", Via.SERIES, "se_1", "noor", now))


def rows_of(house: House) -> dict[str, list[str]]:
    return house.read(
        lambda db: {
            name: [str(row) for row in db.connection().execute(text(f"SELECT * FROM {name}"))] for name in TRAIL
        }
    )


def test_a_workspace_that_is_purged_leaves_nothing_in_any_table_of_the_trail(scene: Trail) -> None:
    in_every_table(scene)
    before = rows_of(scene.house)
    assert all(before.values()), "a row in each, else this test says nothing"
    scene.house.write(lambda db: leaving.purge(db, TEAM, scene.house.clock.at))
    assert not any(rows_of(scene.house).values())


def test_who_is_forgotten_is_in_no_table_of_the_trail_and_a_copy_brings_them_back_nowhere(scene: Trail) -> None:
    house = scene.house
    in_every_table(scene)
    assert "noor" in str(rows_of(house))
    forget(scene, "noor")
    assert [name for name, rows in rows_of(house).items() if "noor" in str(rows).casefold()] == []
    assert len(rows_of(house)["trail_round_person"]) == 2, "how many were asked is still known"
    (gone,) = house.read(lambda db: [each for each in tombstones.all_since(db) if each.kind == "person"])

    house.write(lambda db: db.connection().execute(text("DELETE FROM tombstone")) and None)  # a copy of before
    again = replace(gone, at=gone.at + timedelta(minutes=1))  # the trail of deeds, which no copy cuts, is of before it
    late = Entry("te_late", TEAM, HERE, Kind.REVIEW, {"title": Value("Noor Bontekoe sprak.")})
    house.person("noor", HERE)
    house.write(lambda db: programme.save_account(db, TEAM, programme.Account("noor", "Noor Bontekoe")))
    house.write(lambda db: trail.make(db, late, "noor", house.clock.at))
    house.write(lambda db: trail.change(db, late, {"title": Value("Het gesprek.")}, "noor", house.clock.at))
    assert house.write(lambda db: replay(db, house.world, [again])) == 1
    assert [name for name, rows in rows_of(house).items() if "bontekoe" in str(rows).casefold()] == []
    assert [name for name, rows in rows_of(house).items() if "'noor'" in str(rows).casefold()] == []
