"""One process per database file: the running bot holds the lock, and whoever comes second is told so."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from storage.database import on_server, path_of


class Held(Exception):
    """Another process works on this database."""


@contextmanager
def alone(location: str) -> Iterator[None]:
    """Hold the database for this process. Raises Held when another one does; the lock goes with its process."""
    if on_server(location):
        yield  # several replicas may work on it at once
        return
    path = path_of(location)
    with path.with_name(path.name + ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Held(f"{path} is in use: Oogst is running already on this database. Stop that one first.") from error
        yield
