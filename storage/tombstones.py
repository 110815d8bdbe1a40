"""What was erased, by its id alone: a backup that is put back holds the words again, and must lose them again.

`record` is called in the transaction that erases. A side file beside an SQLite database says the same once more, for
a backup knows nothing of what was erased after it, and the newest database may be lost. It holds no words either.
"""

import os
from collections.abc import Iterable, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Engine, UniqueConstraint, delete, event
from sqlmodel import Field, Session, col, select

from storage.moments import Moment, moment, packed
from storage.rows import Row

log = structlog.get_logger()

RECORDED = "tombstones"
"""What `record` leaves with its connection, so that the side file is looked after once that has committed."""
WHOLE = "a copy that is put back is a copy of the whole database, with all its workspaces"
_ERASED, _LIFTED = "erased", "lifted"
WORKSPACE = "workspace"
"""The kind of tombstone of a whole workspace; its subject is the workspace itself."""


class TombstoneRow(Row, table=True):
    """Something that was erased, and when. `lifted`: its owner brought it in again since, so it is theirs to keep."""

    __tablename__ = "tombstone"
    __table_args__ = (UniqueConstraint("team_id", "kind", "subject_id"), {"sqlite_autoincrement": True})
    id: int | None = Field(default=None, primary_key=True)
    team_id: str
    kind: str
    subject_id: str
    at: datetime = Field(sa_type=Moment)
    lifted: bool = False


@dataclass(frozen=True)
class Tombstone:
    """What was erased: an id of that kind (`impression`, `quote`, `person`), the moment, and whether it was lifted."""

    team: str
    kind: str
    subject: str
    at: datetime
    lifted: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        """Return what it is about."""
        return self.team, self.kind, self.subject


def record(db: Session, team: str, kind: str, subject: str, now: datetime) -> None:
    """Remember that this is erased, in the transaction that erases it. A second time only moves the moment."""
    _save(db, Tombstone(team, kind, subject, now))


def lift(db: Session, team: str, kind: str, subject: str, now: datetime) -> None:
    """Its owner brought it in again: it stays, also when a backup is put back. Does nothing where it was not erased."""
    if is_erased(db, team, kind, subject):
        _save(db, Tombstone(team, kind, subject, now, lifted=True))


def is_erased(db: Session, team: str, kind: str, subject: str) -> bool:
    """Say whether this was erased, so that what comes late does not bring it back."""
    row = _row(db, team, kind, subject)
    return row is not None and not row.lifted


def all_since(db: Session, since: datetime | None = None) -> list[Tombstone]:
    """Return what was erased in every workspace, from a moment on or ever, oldest first; not what was lifted."""
    query = select(TombstoneRow).where(col(TombstoneRow.lifted).is_(False)).execution_options(every_workspace=WHOLE)
    if since is not None:
        query = query.where(col(TombstoneRow.at) >= since)
    query = query.order_by(col(TombstoneRow.at), col(TombstoneRow.id))
    return [_tombstone(row) for row in db.exec(query)]


def of_subjects(db: Session, team: str, kind: str, begins: str) -> list[Tombstone]:
    """Return what was erased of a kind, of which the id begins like this."""
    query = select(TombstoneRow).where(
        TombstoneRow.team_id == team,
        TombstoneRow.kind == kind,
        col(TombstoneRow.lifted).is_(False),
        col(TombstoneRow.subject_id).startswith(begins, autoescape=True),
    )
    return [_tombstone(row) for row in db.exec(query.order_by(col(TombstoneRow.id)))]


def forget(db: Session, team: str) -> None:
    """Drop all that is known of a workspace; for when the workspace itself is gone."""
    db.connection().execute(delete(TombstoneRow).where(col(TombstoneRow.team_id) == team))
    db.expire_all()


def make_room(engine: Engine) -> None:
    """Make the table where a copy that left it out was put into an empty database."""
    TombstoneRow.metadata.tables["tombstone"].create(engine, checkfirst=True)


def take_in(db: Session, told: Iterable[Tombstone]) -> list[Tombstone]:
    """Write down what the side file knows and this database does not; returns that, oldest first.

    It is what was erased after the backup was made that this database is.
    """
    news: list[Tombstone] = []
    for one in told:
        row = _row(db, *one.key)
        if row is None or row.at < one.at:
            _save(db, one)
            news.append(one)
    return sorted(news, key=lambda one: one.at)


def knows_all(db: Session, told: Sequence[Tombstone]) -> bool:
    """Say whether this database knows all that its side file tells; one that was put back from a copy does not."""
    known = {
        one.key: one.at
        for one in map(_tombstone, db.exec(select(TombstoneRow).execution_options(every_workspace=WHOLE)))
    }
    return all(one.key in known and known[one.key] >= one.at for one in told)


def side_file(location: str) -> Path | None:
    """Return where the side file of a database is; None for PostgreSQL, which keeps the table alone."""
    if "://" in location and not location.startswith("sqlite:///"):
        return None
    path = Path(location.removeprefix("sqlite:///")).expanduser()
    return path.with_name(f"{path.name}.erased")


def read_side_file(file: Path) -> list[Tombstone]:
    """Return what a side file says, the last word on each; a line that was cut off says nothing.

    What was erased in a workspace before all of it was erased says nothing any more: somebody who was forgotten then
    may have come back with the workspace.
    """
    if not file.exists():
        return []
    found: dict[tuple[str, str, str], Tombstone] = {}
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
        parts = line.split("\t")
        if len(parts) == 5 and parts[0] in (_ERASED, _LIFTED):
            try:
                one = Tombstone(parts[1], parts[2], parts[3], moment(parts[4]), lifted=parts[0] == _LIFTED)
            except ValueError:
                continue
            found[one.key] = one
    purged = {one.team: one.at for one in found.values() if one.kind == WORKSPACE}
    return [
        one for one in found.values() if one.kind == WORKSPACE or one.team not in purged or one.at > purged[one.team]
    ]


def follow(engine: Engine, location: str) -> None:
    """Let the side file of a SQLite database say whatever is committed from now on, before anybody hears that it is."""
    file = side_file(location)
    if file is not None:
        side = _SideFile(engine, file)
        event.listen(engine, "checkin", lambda _, record: side.follow(record.info))


class _SideFile:
    """Follows the table of one database: what a connection wrote there is a line in the file once it is given back."""

    def __init__(self, engine: Engine, file: Path) -> None:
        self._engine = engine
        self._file = file
        self._last: int | None = None

    def follow(self, left: MutableMapping[Any, Any]) -> None:
        """Add what was committed since; `left` is what the works left with their connection.

        A file that cannot be written is no reason to undo an erasure: it is tried again after the next one.
        """
        if not left.pop(RECORDED, False):
            return
        try:
            self._add(self._file)
        except OSError as error:
            left[RECORDED] = True
            log.error("what was erased cannot be written beside the database", reason=error.strerror)

    def _add(self, file: Path) -> None:
        with self._engine.execution_options(readonly=True).connect() as connection, Session(connection) as db:
            query = select(TombstoneRow).where(col(TombstoneRow.id) > (self._last or 0)).order_by(col(TombstoneRow.id))
            rows = db.exec(query.execution_options(every_workspace=WHOLE)).all()
            last, found = max((row.id or 0 for row in rows), default=self._last), [_tombstone(row) for row in rows]
        if self._last is None:
            add_missing(file, found)
        else:
            _append(file, found)
        self._last = last


def add_missing(file: Path, known: Sequence[Tombstone]) -> None:
    """Let the side file say what is known and it does not say yet."""
    told = {one.key: one.at for one in read_side_file(file)}
    _append(file, [one for one in known if one.key not in told or told[one.key] < one.at])


def _append(file: Path, found: Sequence[Tombstone]) -> None:
    if not found:
        return
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, "".join(_line(one) for one in found).encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def _line(one: Tombstone) -> str:
    return "\t".join((_LIFTED if one.lifted else _ERASED, *one.key, packed(one.at))) + "\n"


def _save(db: Session, one: Tombstone) -> None:
    """Write it as a new row, so that whoever follows the table by its numbers sees it."""
    row = _row(db, *one.key)
    if row is not None:
        gone = delete(TombstoneRow).where(col(TombstoneRow.team_id) == one.team, col(TombstoneRow.id) == row.id)
        db.connection().execute(gone)
        db.expunge(row)
    db.add(TombstoneRow(team_id=one.team, kind=one.kind, subject_id=one.subject, at=one.at, lifted=one.lifted))
    db.flush()
    db.connection().info[RECORDED] = True


def _row(db: Session, team: str, kind: str, subject: str) -> TombstoneRow | None:
    query = select(TombstoneRow).where(
        TombstoneRow.team_id == team, TombstoneRow.kind == kind, TombstoneRow.subject_id == subject
    )
    return db.exec(query).first()


def _tombstone(row: TombstoneRow) -> Tombstone:
    return Tombstone(row.team_id, row.kind, row.subject_id, row.at, row.lifted)
