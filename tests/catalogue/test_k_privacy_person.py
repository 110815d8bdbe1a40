"""K6: somebody is forgotten. Their words go, their votes stay as numbers, their name leaves what others wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, SQLModel, select

from bot.impressions import Source
from bot.privacy.forgotten import is_forgotten, names_masked
from handlers.personal.forgetting import Forgotten, forget_person
from storage import audit, data_map, delivery, forgetting, programme, tombstones
from storage import promises as given
from storage.data_map import Holds, Leaves
from storage.database import Database, on_server
from storage.moments import Moment
from tests import postgres
from tests.handlers.house import TEAM, House, wall
from tests.handlers.test_canary import CANARY, Town, live

TABLES = SQLModel.metadata.tables


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    made = Town(tmp_path)
    yield made
    made.house.database.close()


def forget(town: Town, user: str, by: str = "") -> Forgotten:
    house = town.house
    return house.write(lambda db: forget_person(db, house.world, house.settings, user, by=by or user))


ALONE = "SET LOCAL session_replication_role = replica"
"""With this PostgreSQL takes rows that belong to none, until the transaction ends."""


@contextmanager
def alone(database: Database) -> Iterator[sa.Connection]:
    """A transaction in which a row may belong to one that is not there."""
    with database.engine.connect() as connection:
        if on_server(database.location):
            connection.exec_driver_sql(ALONE)
            yield connection
            connection.commit()
            return
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield connection
        connection.commit()
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")
        connection.exec_driver_sql("ROLLBACK")


def fill(town: Town, user: str) -> set[str]:
    """Put this person in every table and every column that can hold one, as the map says; returns the tables."""
    filled = set()
    for name, what in data_map.MAP.items():
        people = [column for column, leaves in what.leaves.items() if leaves is not Leaves.ID]
        if not people:
            continue
        rows = TABLES[name]
        values: dict[str, Any] = {}
        for column in rows.columns:
            kind = column.type
            if column.name == "team_id":
                values[column.name] = TEAM
            elif column.name in people:
                values[column.name] = user
            elif what.columns.get(column.name) in (Holds.OWN, Holds.SHARED):
                values[column.name] = f"Woorden van <@{user}>." if name not in forgetting.NOT_MASKED else "Woorden."
            elif what.columns.get(column.name) is Holds.KEY:
                values[column.name] = "sealed"
            elif what.columns.get(column.name) is Holds.NOTE:
                values[column.name] = "Woorden."  # their features leave the name out of those
            elif isinstance(kind, Moment):
                values[column.name] = wall(2021, 6, 1)
            elif isinstance(kind, sa.Boolean):
                values[column.name] = False
            elif isinstance(kind, sa.Integer | sa.Float):
                values[column.name] = 1 if not column.primary_key or column.name == "version" else None
            elif isinstance(kind, sa.Date):
                values[column.name] = wall(2021, 6, 1).date()
            else:
                values[column.name] = None if column.nullable and column.foreign_keys else f"x:{user}:{column.name}"
        values = {key: value for key, value in values.items() if value is not None}
        with alone(town.house.database) as connection:
            connection.execute(rows.insert().values(**values))
        filled.add(name)
    return filled


def test_k6_every_text_column_is_in_the_data_map() -> None:
    missing = []
    for name, rows in TABLES.items():
        if name not in data_map.MAP:
            missing.append(name)
            continue
        texts = {c.name for c in rows.columns if isinstance(c.type, sa.String) or "String" in str(type(c.type).__mro__)}
        texts -= {c.name for c in rows.columns if isinstance(c.type, Moment)}
        known = data_map.MAP[name]
        missing += [f"{name}.{column}" for column in sorted(texts - set(known.columns))]
        assert set(known.columns) <= {c.name for c in rows.columns}, f"{name}: the map names a column that is not there"
        assert {known.owner, known.note} - {None} <= set(known.columns), name
    assert missing == [], "say in storage/data_map what these hold, and what erasure does with them"
    assert set(data_map.MAP) == set(TABLES)


def test_k6_a_person_is_taken_out_of_every_table_that_can_hold_one(town: Town, cases: Callable[[int], None]) -> None:
    filled = fill(town, "U0ZOE")

    def forget_all(db: Session) -> Mapping[str, int]:
        if on_server(town.house.database.location):
            db.connection().exec_driver_sql(ALONE)
        masked = names_masked("U0ZOE", "Zoë Bakker", [], "[naam]", 2000)
        return forgetting.forget(db, TEAM, "U0ZOE", wall(2021, 7, 1), lambda: town.house.world.ids("fg"), masked)

    found = town.house.write(forget_all)
    cases(len(filled))
    assert len(filled) >= 12
    assert set(found) >= filled, filled - set(found)
    assert town.house.read(lambda db: forgetting.leftovers(db, TEAM, "U0ZOE")) == []
    assert "U0ZOE" not in town.tables("u0zoe")


def test_k6_who_is_forgotten_is_in_no_table_and_no_message_and_the_others_stay(town: Town) -> None:
    live(town)
    town.house.write(lambda db: programme.save_account(db, TEAM, programme.Account("sanne", "Sanne Bontekoe")))
    found = forget(town, "sanne")
    town.arrive()
    assert found.notes >= 2 and found.counts["rows"] > 5
    kept = {one.source for one in town.room.kept()}
    assert Source.DIRECT in kept, "what Lotte wrote stays"
    assert town.house.read(lambda db: forgetting.leftovers(db, TEAM, "sanne")) == []
    # the id that a restored backup needs stands in the tombstone alone
    assert {line.split(":")[0] for line in town.tables("sanne").splitlines()} <= {"tombstone"}
    for key, said in town.drawn().items():
        assert "sanne" not in said.casefold(), key
        assert "bontekoe" not in said.casefold(), key
    assert "kanarietakeaway" not in str(town.drawn()).casefold()
    assert not town.house.read(lambda db: programme.is_known(db, TEAM, "sanne"))


def test_k6_on_postgresql_no_job_names_who_is_forgotten(tmp_path: Path) -> None:
    """A job names for whom something waits, and one that failed stays for a week."""
    house = House(tmp_path, wall(2021, 6, 17, 9), location=postgres.fresh())
    for user in ("sanne", "sann"):
        house.person(user)
        house.write(lambda db, user=user: _owe(db, user, house))

    def asked() -> list[str]:
        found = house.read(lambda db: db.connection().exec_driver_sql("SELECT lock FROM procrastinate_jobs").all())
        return sorted(lock for (lock,) in found)

    assert asked() == [f"{TEAM}:sann", f"{TEAM}:sanne"]
    house.write(lambda db: forget_person(db, house.world, house.settings, "sanne"))
    assert asked() == [f"{TEAM}:sann"]
    house.database.close()


def _owe(db: Session, user: str, house: House) -> None:
    key, now = f"hello:{user}", house.clock.now()
    delivery.plan(db, team=TEAM, key=key, kind="test", arguments={"id": key}, now=now, user=user)


def test_k6_promises_are_handed_back_quotes_go_and_votes_stay_as_numbers(town: Town) -> None:
    live(town)

    def taken() -> dict[str, int]:
        return town.house.read(lambda db: given.count_takers(db, TEAM, [p.id for p in given.agreed(db, TEAM)]))

    wanted = taken()
    assert sum(wanted.values()) == 1
    forget(town, "youssef")
    assert taken() == wanted
    found = forget(town, "noor")
    assert found.quotes == 1
    assert "kanariecitaat" not in town.tables("kanariecitaat").casefold()

    who = town.house.read(lambda db: audit.person(db, TEAM, "lotte"))
    found = forget(town, "lotte")
    assert found.promises == 1
    promised = town.house.read(lambda db: given.agreed(db, TEAM))
    assert promised and all(is_forgotten(promise.owner) and not promise.stands for promise in promised)
    assert "kanariebelofte" not in town.tables("kanariebelofte").casefold()

    # the trail knows who by a keyed hash, and how much
    rows = town.house.read(lambda db: list(db.exec(select(audit.AuditRow).where(audit.AuditRow.team_id == TEAM))))
    *_, row = [row for row in rows if row.action == audit.Deed.PERSON_FORGOTTEN]
    assert (row.actor, row.subject) == (who, who)
    assert '"own_wish":1' in row.details and '"promises":1' in row.details
    assert "lotte" not in str([each.model_dump() for each in rows]) and CANARY not in str(rows)
    assert town.house.read(lambda db: tombstones.is_erased(db, TEAM, "person", "lotte"))

    # nothing more is sent to who is forgotten
    for row in town.rows():
        if row.state == "planned" and row.user_id and is_forgotten(row.user_id):
            assert row.target_key, f"{row.key} would go to nobody"
    for later in (wall(2021, 6, 29, 9), wall(2021, 9, 9, 9)):
        town.tick(later)
    assert not [row for row in town.rows() if row.user_id in ("lotte", "noor", "youssef")]

    # they may come back as somebody new
    town.house.person("lotte")
    assert town.house.read(lambda db: forgetting.leftovers(db, TEAM, "lotte")) == ["member.user_id"]


def test_k6_the_name_leaves_what_others_wrote_also_where_it_was_published(town: Town) -> None:
    town.house.write(lambda db: programme.save_account(db, TEAM, programme.Account("noor", "Noor van der Berg")))
    town.room.share("sanne", takeaway="Noor van der Berg belt de school. Noors plan helpt, zei <@noor>. Noordelijk.")
    found = forget(town, "noor")
    (text,) = town.room.texts()
    assert found.mentions == 1
    assert text == "[naam] belt de school. [naam]s plan helpt, zei [naam]. Noordelijk."


def test_k6_a_first_name_that_a_colleague_shares_stays() -> None:
    masked = names_masked("U1", "Noor Bakker", ["Noor Jansen", "Samir"], "[naam]", 2000)
    assert masked("Noor Bakker en Noor Jansen, en mevrouw Bakker") == "[naam] en Noor Jansen, en mevrouw [naam]"
    assert masked("bakker is een beroep") == "bakker is een beroep"
