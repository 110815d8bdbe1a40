"""What is particular to PostgreSQL: several processes, one of which writes at a time, and a server that may be away.

A write holds a lock of the whole database until it commits: works read, decide and write, and nobody may come between,
also not from another replica. Readers see one state each, and never wait for it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import NullPool

from storage.database.location import name_of, server_url
from storage.database.problems import Unusable

if TYPE_CHECKING:
    import psycopg

READERS = 4
CONNECT_WAIT = 3
"""Seconds for one attempt to reach the server."""
STATEMENT_WAIT = 20.0
"""Seconds after which the server gives up a statement."""
FROZEN_AFTER = 4.0
"""Seconds after which the server ends the transaction of somebody who says nothing: less than others wait for it."""
MIGRATION_WAIT = 120.0
"""Seconds that a replica waits while another one brings the tables up to date."""
WRITING, MIGRATING = 0x6F6F677374_01, 0x6F6F677374_02
"""Names of the two locks, which are numbers in PostgreSQL: the bytes of `oogst`, and one more."""
NEXT_SAVEPOINT = ("RELEASE work; SAVEPOINT work",)
PATIENCE = (0.0, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 1.9)
"""Seconds before each next attempt, five in all; then the caller hears of it, and Slack comes again."""
PASSING = frozenset({"40001", "40P01", "25P03", "25006", "53300", "57P01", "57P02", "57P03", "57P05"})
"""Serialization failure, deadlock, ended for saying nothing, read-only (a server that changes roles), too many
connections, and a server that stops or starts. https://www.postgresql.org/docs/current/errcodes-appendix.html"""
HEALTHY = frozenset({"40001", "40P01"})
"""Of these, what says nothing about the connection."""
_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_WRITE = f"BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_advisory_xact_lock({WRITING})"


def make_engine(location: str, lock_wait: float = 5.0, *, migrating: bool = False) -> Engine:
    """Return an engine whose transactions begin as readers, or as the only writer. Raises Unusable without psycopg."""
    _driver()
    limits = {
        "lock_timeout": lock_wait,
        "statement_timeout": STATEMENT_WAIT,
        "idle_in_transaction_session_timeout": FROZEN_AFTER,
    }
    if migrating:
        limits = {"lock_timeout": STATEMENT_WAIT}
    options = " ".join(f"-c {name}={int(seconds * 1000)}" for name, seconds in limits.items())
    url = server_url(location)
    given = url.query.get("options", "")
    asked = given if isinstance(given, str) else " ".join(given)
    engine = create_engine(
        url.difference_update_query(["options"]),
        connect_args={
            "connect_timeout": CONNECT_WAIT,
            "application_name": "oogst",
            "client_encoding": "UTF8",
            "options": f"{asked} {options} -c timezone=UTC -c synchronous_commit=on".strip(),
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
        },
        pool_size=READERS + 1,
        pool_timeout=lock_wait,
        pool_recycle=1800,
        pool_use_lifo=True,
        hide_parameters=True,
        execution_options={"preserve_rowcount": True},  # how many rows an INSERT made, also once its cursor is closed
    )

    @event.listens_for(engine, "connect")
    def _ours(driver: "psycopg.Connection[Any]", _record: object) -> None:
        driver.autocommit = True  # BEGIN is ours: it goes with the lock in one message
        driver.adapters.register_dumper(str, _text_dumper())

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        driver = connection.connection.driver_connection
        assert driver is not None
        readonly = connection.get_execution_options().get("readonly")
        run(driver, "BEGIN" if migrating else _READ if readonly else _WRITE)

    return engine


def check(location: str, lock_wait: float) -> None:
    """Make sure that the server is there, and keeps our texts. Raises Unusable in one line, without a password."""
    name = name_of(location)
    _driver()
    engine = create_engine(
        server_url(location), poolclass=NullPool, connect_args={"connect_timeout": CONNECT_WAIT}, hide_parameters=True
    )
    try:
        with engine.connect() as connection:
            found = connection.execute(text(_CONDITION)).one()
            made = connection.execute(text("SELECT to_regclass('alembic_version') IS NOT NULL")).scalar_one()
    except DBAPIError as error:
        raise Unusable("database.unreachable", name=name, reason=_line(error.orig)) from None
    finally:
        engine.dispose()
    if found.encoding != "UTF8":
        raise Unusable("database.encoding", name=name, encoding=found.encoding)
    if found.standby or found.readonly == "on":
        raise Unusable("database.only_read", name=name)
    if not made and not found.may_create:
        raise Unusable("database.may_not_create", name=name)


def current(location: str) -> str | None:
    """Return the revision of the tables, or None when there are none yet. Raises Unusable for another program's."""
    engine = make_engine(location, migrating=True)
    try:
        with engine.connect() as connection:
            if connection.execute(text("SELECT to_regclass('alembic_version')")).scalar() is None:
                others = connection.execute(text(_OTHERS)).scalar()
                if others:
                    raise Unusable("database.server_of_another", name=name_of(location), table=others)
                return None
            row = connection.execute(text("SELECT version_num FROM alembic_version")).first()
            return str(row[0]) if row else None
    except DBAPIError as error:
        raise Unusable("database.unreachable", name=name_of(location), reason=_line(error.orig)) from None
    finally:
        engine.dispose()


@contextmanager
def migrating(location: str) -> Iterator[None]:
    """Keep other replicas from bringing the tables up to date at the same time; they wait, and find it done."""
    engine = make_engine(location, migrating=True)
    try:
        with engine.connect() as connection:
            connection.execute(text(f"SET LOCAL lock_timeout = {int(MIGRATION_WAIT * 1000)}"))
            connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATING})"))
            yield
    except DBAPIError as error:
        raise Unusable("database.not_upgraded", name=name_of(location), reason=_line(error.orig)) from None
    finally:
        engine.dispose()


def sort_by_letters(connection: Connection) -> None:
    """Let every column of text compare as SQLite compares: letter by letter, whatever the language of the server.

    What is sorted, or compared with a smaller and a larger one (moments, ids), is then the same on both.
    """
    found: dict[str, list[str]] = {}
    for table, column, kind in connection.execute(text(_OTHERWISE_SORTED)):
        found.setdefault(table, []).append(f'ALTER COLUMN "{column}" TYPE {kind} COLLATE "C"')
    for table, changes in found.items():
        connection.execute(text(f'ALTER TABLE "{table}" {", ".join(changes)}'))


def tidied(engine: Engine) -> bool:
    """Do nothing: PostgreSQL tidies up after itself (autovacuum)."""
    return True


def run(driver: Any, statement: str) -> None:
    """Send a statement about the transaction itself, or a few of them, in one message."""
    import psycopg

    try:
        driver.execute(statement, prepare=False)
    except psycopg.Error as error:
        raise OperationalError(statement, None, error, hide_parameters=True) from error


def in_transaction(driver: Any) -> bool:
    """Tell whether the transaction is still there (it may have failed), so that one work can be undone by itself."""
    from psycopg.pq import TransactionStatus

    return driver.info.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.INERROR)


def passes(error: BaseException) -> bool:
    """Tell whether an error may be gone when the same is tried again, from the beginning of the transaction."""
    state = _code(error)
    return state is not None and (state in PASSING or state == "" or state.startswith("08"))


def lost(error: BaseException) -> bool:
    """Tell whether an error means that connections are no good any more."""
    return passes(error) and _code(error) not in HEALTHY


def _code(error: BaseException) -> str | None:
    """The code of an error of the server; empty when the server did not get to say anything; else None."""
    import psycopg

    found = error.orig if isinstance(error, DBAPIError) else error
    if not isinstance(found, psycopg.Error):
        return None
    if found.sqlstate is None:
        return "" if isinstance(found, psycopg.OperationalError) else None
    return found.sqlstate


def _driver() -> Any:
    try:
        import psycopg
    except ImportError:
        raise Unusable("database.no_driver") from None
    return psycopg


def _text_dumper() -> Any:
    """What PostgreSQL cannot keep in a text (the character NUL) is left out; the rest of what was typed is kept."""
    from psycopg.types.string import StrDumper

    class Text(StrDumper):
        def dump(self, obj: str) -> Any:
            return super().dump(obj.replace("\0", "") if "\0" in obj else obj)

    return Text


def _line(error: BaseException | None) -> str:
    return " ".join(str(error).split())[:300]


_CONDITION = """
    SELECT current_setting('server_encoding') AS encoding, pg_is_in_recovery() AS standby,
        current_setting('transaction_read_only') AS readonly,
        coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS may_create
"""
_OTHERS = """
    SELECT min(tablename) FROM pg_tables
    WHERE schemaname = current_schema() AND tablename NOT LIKE 'procrastinate%'
"""
_OTHERWISE_SORTED = """
    SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = current_schema() AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
        AND a.attcollation <> 0 AND a.attcollation <> 'pg_catalog."C"'::regcollation
        AND a.atttypid IN ('varchar'::regtype, 'text'::regtype) AND c.relname NOT LIKE 'procrastinate%'
    ORDER BY c.relname, a.attnum
"""
