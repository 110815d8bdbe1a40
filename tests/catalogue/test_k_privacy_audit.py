"""K10: the trail of what was done cannot be changed, holds no word of anybody, and shows where somebody tampered."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import DatabaseError
from sqlmodel import select, text

from handlers import impressions
from handlers import programme as people
from handlers.slack import router
from handlers.writing import settling
from storage import audit
from storage.audit import Broken, Deed
from storage.database import Database
from tests import postgres
from tests.handlers.afternoon import Afternoon
from tests.handlers.house import TEAM, House

NOW = datetime(2024, 3, 4, 9, tzinfo=UTC)
DEEDS = [deed for deed in Deed if deed is not Deed.PRUNED]
GUARDS = (
    "audit_no_update",
    "audit_no_delete",
    "audit_head_grows",
    "audit_head_no_delete",
    "audit_no_replace",
    "audit_head_no_replace",
)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, NOW)
    yield made
    made.database.close()


def trail(house: House, deeds: int = 12) -> None:
    for number in range(deeds):
        deed = DEEDS[number % len(DEEDS)]
        at = NOW + timedelta(minutes=number)
        house.write(
            lambda db, deed=deed, at=at, number=number: audit.record(
                db, TEAM, deed, at, actor="U0NOOR", subject=f"im_{number:04}", details={"tables": number}
            )
        )


def found(house: House, seen: audit.Head | None = None) -> Broken | None:
    return house.read(lambda db: audit.verify(db, TEAM, seen))


BY_HAND = "a file that somebody changes by hand"


def tamper(house: House, *statements: str) -> None:
    """Change the file as somebody can who has it in hands: without its guards."""
    with closing(sqlite3.connect(house.database.location)) as connection:
        for guard in GUARDS:
            connection.execute(f"DROP TRIGGER {guard}")
        for statement in statements:
            assert connection.execute(statement).rowcount > 0
        connection.commit()


def test_k10_twelve_deeds_stand_in_an_unbroken_trail_without_who_or_what(
    house: House, cases: Callable[[int], None]
) -> None:
    trail(house)
    assert found(house) is None
    rows = house.read(lambda db: db.connection().execute(text("SELECT * FROM audit WHERE team_id = 'T1'")).all())
    cases(len(rows))
    assert len(rows) == 12 and len({row.action for row in rows}) == 12
    assert "NOOR" not in str(rows), "who did it is a keyed hash"
    assert len({row.actor for row in rows}) == 1 and len(rows[0].actor) == 32
    for words in ("Wij nodigen de school uit", "Noor de Vries", "é", "a\nb"):
        with pytest.raises(ValueError, match="no words"):
            house.write(lambda db, words=words: audit.record(db, TEAM, Deed.WITHDRAWN, NOW, subject=words))
    assert found(house) is None


@postgres.sqlite_only("the statements of a file; the last test here has those of PostgreSQL")
def test_k10_the_database_itself_refuses_to_change_or_cut_the_trail(house: House) -> None:
    trail(house)
    for statement in (
        "UPDATE audit SET details = '{}' WHERE team_id = 'T1' AND number = 3",
        "DELETE FROM audit WHERE team_id = 'T1' AND number = 1",
        "DELETE FROM audit WHERE team_id = 'T1' AND number = 12",
        "DELETE FROM audit WHERE team_id = 'T1'",
        "UPDATE audit_head SET number = 3 WHERE team_id = 'T1'",
        "DELETE FROM audit_head WHERE team_id = 'T1'",
        "REPLACE INTO audit SELECT team_id, number, at, actor, 'x', subject, details, previous, hash FROM audit",
        "INSERT INTO audit SELECT * FROM audit WHERE true ON CONFLICT DO UPDATE SET action = 'published'",
        "UPDATE OR REPLACE audit SET number = 1 WHERE number = 2",
        "REPLACE INTO audit_head (team_id, number, hash) VALUES ('T1', 3, 'x')",
        "INSERT INTO audit_head SELECT * FROM audit_head WHERE true ON CONFLICT DO UPDATE SET number = 3",
    ):
        with pytest.raises(DatabaseError, match="the trail"):
            house.write(lambda db, statement=statement: db.connection().execute(text(statement)))
    assert found(house) is None


TAMPERED: dict[str, tuple[tuple[str, ...], Broken]] = {
    "a row is changed": (("UPDATE audit SET action = 'published' WHERE number = 5",), Broken(5, "changed")),
    "a row is taken out": (("DELETE FROM audit WHERE number = 5",), Broken(5, "missing")),
    "a row is taken out and the rest moves up": (
        ("DELETE FROM audit WHERE number = 5", "UPDATE audit SET number = number - 1 WHERE number > 5"),
        Broken(5, "changed"),
    ),
    "the tail is cut off": (("DELETE FROM audit WHERE number > 9",), Broken(10, "cut off")),
    "the beginning is cut off": (("DELETE FROM audit WHERE number < 4",), Broken(3, "missing")),
}


@postgres.sqlite_only(BY_HAND)
@pytest.mark.parametrize("how", TAMPERED)
def test_k10_tampering_with_the_file_is_found_at_the_row_where_it_was_done(house: House, how: str) -> None:
    statements, expected = TAMPERED[how]
    trail(house)
    tamper(house, *statements)
    assert found(house) == expected


@postgres.sqlite_only(BY_HAND)
def test_k10_a_tail_cut_together_with_its_head_needs_a_head_that_was_written_down(house: House) -> None:
    trail(house)
    seen = house.read(lambda db: audit.head(db, TEAM))
    cut = "UPDATE audit_head SET number = 9, hash = (SELECT hash FROM audit WHERE number = 9)"
    tamper(house, "DELETE FROM audit WHERE number > 9", cut)
    assert found(house) is None, "docs/privacy-forgetting.md tells this limit"
    assert found(house, seen) == Broken(10, "cut off")


@postgres.sqlite_only(BY_HAND)
def test_k10_what_is_older_than_two_years_goes_and_the_rest_still_holds(house: House) -> None:
    trail(house)
    later = NOW.replace(year=2026) + timedelta(minutes=5)
    assert house.write(lambda db: audit.prune(db, TEAM, later)) == 5
    assert found(house) is None
    assert house.read(lambda db: audit.expired(db, TEAM, later)) == 0
    tamper(house, "DELETE FROM audit WHERE number = 6")
    assert found(house) == Broken(6, "missing"), "no more than was let go may be missing at the beginning"


def test_k10_two_workspaces_have_each_their_own_trail(house: House) -> None:
    trail(house)
    house.write(lambda db: audit.record(db, "T2", Deed.PUBLISHED, NOW, subject="ar_1"))
    assert house.read(lambda db: audit.verify(db, "T2")) is None
    assert house.read(audit.teams) == ["T1", "T2"]


def test_k10_what_people_do_with_words_is_in_the_trail_with_its_effect(house: House) -> None:
    """Publishing, withdrawing, changing roles and settings, and being refused: each leaves one deed, and no word."""
    room = Afternoon(house)
    room.share("sanne", takeaway="Kanarie zegt dat vragen beter is dan inkopen.")
    (note,) = room.kept()
    house.answer(impressions.decline, house.click("action", "impressions.decline", "sanne", note.id))
    fields = {"people": ["noor"], "roles": ["facilitator"], "region": ""}
    click = house.click("form", "programme.people", "ineke", fields=fields)
    house.do(people.save_people(click, house.world)).then[0].close()
    house.answer(settling.stop, house.click("action", "writing.stop", "ineke", "workspace:"))

    async def refused() -> None:
        async def ack(*_: object, **__: object) -> None: ...

        await router().handle(house.click("form", "programme.people", "samir", fields=fields), house.world, ack)

    house.do(refused())
    rows = house.read(lambda db: list(db.exec(select(audit.AuditRow).where(audit.AuditRow.team_id == TEAM))))
    assert [row.action for row in rows] == [
        Deed.WITHDRAWN, Deed.ROLES_CHANGED, Deed.SETTINGS_CHANGED, Deed.REFUSED
    ]  # fmt: skip
    assert rows[-1].details == '{"by":"form","what":"manage_people"}'
    assert rows[0].subject == note.id
    said = str([row.model_dump() for row in rows]).casefold()
    assert "kanarie" not in said and "samir" not in said and "ineke" not in said
    assert found(house) is None


@pytest.mark.matrix
def test_k10_postgresql_refuses_to_change_or_cut_the_trail_as_well() -> None:
    database = Database(postgres.fresh())
    try:
        for number in range(12):
            at = NOW + timedelta(minutes=number)
            database.write_now(lambda db, at=at: audit.record(db, TEAM, Deed.PUBLISHED, at))
        for statement in (
            "UPDATE audit SET details = '{}' WHERE team_id = 'T1' AND number = 3",
            "DELETE FROM audit WHERE team_id = 'T1' AND number = 1",
            "DELETE FROM audit WHERE team_id = 'T1'",
            "TRUNCATE audit",
            "UPDATE audit_head SET number = 3 WHERE team_id = 'T1'",
            "DELETE FROM audit_head WHERE team_id = 'T1'",
        ):
            with pytest.raises(DatabaseError, match="the trail"):
                database.write_now(lambda db, statement=statement: db.connection().execute(text(statement)))
        later = NOW.replace(year=2026) + timedelta(minutes=5)
        assert database.write_now(lambda db: audit.prune(db, TEAM, later)) == 5
        assert database.read_now(lambda db: audit.verify(db, TEAM)) is None
    finally:
        database.close()
