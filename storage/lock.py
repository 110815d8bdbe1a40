"""One process per database file: the running bot holds the lock, and whoever comes second is told so."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.database import Unusable, on_server, path_of
from storage.database.problems import Problem


class Held(Problem):
    """Another process works on this database."""


MOUNTS = Path("/proc/self/mounts")
SHARED = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "ceph", "glusterfs", "fuse.glusterfs", "fuse.sshfs"})
"""Kinds of file systems on which a lock may hold on one computer only, and on which SQLite's log does not work."""


def kind_of_folder(folder: Path, mounts: str) -> str:
    """Return the kind of file system of a folder, by a table as in /proc/self/mounts; "" when it does not say."""
    found = (Path("/"), "")
    for line in mounts.splitlines():
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        place = Path(parts[1].replace("\\040", " ").replace("\\011", "\t"))
        if folder.is_relative_to(place) and len(place.parts) >= len(found[0].parts):
            found = (place, parts[2])
    return found[1]


def is_shared(kind: str) -> bool:
    """Say whether several computers may have files of this kind of file system open."""
    return kind in SHARED


def refuse_shared(path: Path) -> None:
    """Raise Unusable for a database on a disk of the network; where no table says so, it is taken for an own disk."""
    try:
        mounts = MOUNTS.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    kind = kind_of_folder(path.parent.resolve(), mounts)
    if is_shared(kind):
        raise Unusable("database.on_network", file=path, kind=kind)


@contextmanager
def alone(location: str) -> Iterator[None]:
    """Hold the database for this process. Raises Held when another one does; the lock goes with its process.

    Raises Unusable for a file on a disk of the network.
    """
    if on_server(location):
        yield  # several replicas may work on it at once
        return
    path = path_of(location)
    refuse_shared(path)
    with path.with_name(path.name + ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Held("database.in_use", file=path) from error
        yield
