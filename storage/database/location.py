"""Where the database is: a file on this computer, or a PostgreSQL server."""

from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from storage.database.problems import Unusable

SERVERS = ("postgresql://", "postgres://", "postgresql+psycopg://")


def on_server(location: str) -> bool:
    """Tell whether a location is on a PostgreSQL server, which several processes may use at once."""
    return location.startswith(SERVERS)


def url_of(location: str) -> str:
    """Turn a path or a database URL into a URL. Raises Unusable for a database this version cannot use.

    What comes back for PostgreSQL may hold a password: `name_of` is for people.
    """
    if on_server(location):
        return server_url(location).render_as_string(hide_password=False)
    if location.startswith("sqlite:///"):
        return location
    if "://" in location:
        raise Unusable("database.unknown_kind", kind=location.split("://")[0])
    return f"sqlite:///{Path(location).expanduser()}"


def server_url(location: str) -> URL:
    """Return the address of a PostgreSQL database, with the driver that we use. Raises Unusable for a wrong one."""
    try:
        return make_url(location).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError):
        raise Unusable("database.bad_address") from None


def path_of(location: str) -> Path:
    """Return the file that holds the database. Raises Unusable for a database on a server, which has none."""
    if on_server(location):
        raise Unusable("database.no_file", name=name_of(location))
    return Path(url_of(location).removeprefix("sqlite:///"))


def name_of(location: str) -> str:
    """Return what people call this database: its path, or host and database without a name or password."""
    if not on_server(location):
        return str(path_of(location))
    url = server_url(location)
    host = url.host or url.query.get("host") or "localhost"
    port = f":{url.port}" if url.port else ""
    return f"postgresql://{host if isinstance(host, str) else ','.join(host)}{port}/{url.database or ''}"
