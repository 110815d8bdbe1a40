"""Jobs on PostgreSQL, where several replicas share the work: each names a channel or person for whom something waits.

A job is asked for in the transaction that plans the message, so that it is there exactly when the message is. It holds
ids and no words, and says nothing about what is to be sent: that stands in the outbox, and whoever takes the job looks
there. So a job that comes twice, late or not at all does no harm. On SQLite the one process needs no jobs.
"""

from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlmodel import Session

from storage.database import on_server, server_url

if TYPE_CHECKING:
    from procrastinate import App

QUEUE = "oogst"
DELIVER = "deliver"
_ASKED = "jobs"


def address(location: str) -> str:
    """Return the address of the database as PostgreSQL's own library reads it; it may hold a password."""
    return server_url(location).set(drivername="postgresql").render_as_string(hide_password=False)


def prepare(location: str) -> None:
    """Make the tables for jobs where they are missing. Does nothing for a file."""
    if not on_server(location):
        return
    import psycopg
    from procrastinate.schema import SchemaManager

    with psycopg.connect(address(location), autocommit=True) as connection:
        found = connection.execute("SELECT to_regclass('procrastinate_jobs')").fetchone()
        if found is None or found[0] is None:
            with connection.transaction():
                connection.execute(SchemaManager.get_schema())


def defer(db: Session, team: str, place: str) -> None:
    """Ask for the delivery of what waits for a channel or person, when this transaction is committed.

    Once for each place is enough: a job that nobody began yet will find everything.
    """
    if db.get_bind().dialect.name != "postgresql":
        return
    asked = db.info.setdefault(_ASKED, set())
    if (team, place) in asked:
        return
    from procrastinate.exceptions import AlreadyEnqueued

    driver = db.connection().connection.driver_connection
    assert driver is not None
    lane = lane_of(team, place)
    job = _asking().configure_task(
        DELIVER, allow_unknown=True, queue=QUEUE, lock=lane, queueing_lock=lane, connection=driver
    )
    with suppress(AlreadyEnqueued), driver.transaction():  # a savepoint: being refused must not take the rest along
        job.defer(team=team, place=place)
    asked.add((team, place))


def forget(db: Session, team: str, user: str) -> None:
    """Take away every job that names this person, but for one that is being done: that goes when it is done."""
    if db.get_bind().dialect.name == "postgresql":
        gone = text("DELETE FROM procrastinate_jobs WHERE lock = :lane AND status <> 'doing'")
        db.connection().execute(gone, {"lane": lane_of(team, user)})


def lane_of(team: str, place: str) -> str:
    """Return the name of the lock under which jobs for one place run one after another."""
    return f"{team}:{place}"


@cache
def _asking() -> "App":
    """Something that can ask for jobs on a connection that is handed to it; it opens none itself."""
    from procrastinate import App, SyncPsycopgConnector

    return App(connector=SyncPsycopgConnector())
