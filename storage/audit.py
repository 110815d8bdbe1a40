"""The trail: what was done with people's words, by whom (as a keyed hash) and when, without a word of them.

Each row holds the hash of the row before it, so a change, a hole and a row put in between are found by `verify`.
`audit_head` says how long the trail of a workspace is, so that a tail that was cut off is found as well. Who can
write the file itself can cut both; against that only a head that was written down elsewhere helps (`head`, `seen`).
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, text
from sqlmodel import Field, Session, col, func, select

from storage.moments import Moment, packed
from storage.programme import ProgrammeRow
from storage.rows import Row

GENESIS = "0" * 64
KEPT_YEARS = 2
NEWEST = 1000
"""So many rows are looked through to see who is refused over and over."""
_PLAIN = re.compile(r"[\w.:,/+-]{0,200}", re.ASCII)


class Deed(StrEnum):
    """What is written down."""

    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    QUOTE_TAKEN_BACK = "quote_taken_back"
    PERSON_FORGOTTEN = "person_forgotten"
    EXPORTED = "exported"
    ROLES_CHANGED = "roles_changed"
    REFUSED = "refused"
    SETTINGS_CHANGED = "settings_changed"
    INSTALLED = "installed"
    UNINSTALLED = "uninstalled"
    PURGED = "purged"
    HEALED = "healed"
    RESTORED = "restored"
    KEPT = "kept"
    SHARED = "shared"
    SET_ASIDE = "set_aside"
    CONFIRMED = "confirmed"
    ANSWERED = "answered"
    PRUNED = "pruned"


class AuditRow(Row, table=True):
    """One deed. `actor` is a keyed hash of who did it, empty for Oogst itself; triggers refuse every change."""

    __tablename__ = "audit"
    team_id: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    at: datetime = Field(sa_type=Moment)
    actor: str
    action: str
    subject: str
    details: str
    previous: str
    hash: str


class AuditHeadRow(Row, table=True):
    """How far the trail of a workspace goes; it can only grow."""

    __tablename__ = "audit_head"
    team_id: str = Field(primary_key=True)
    number: int
    hash: str


@dataclass(frozen=True)
class Head:
    """The newest row of a trail: how many deeds there were, and its hash. Who writes it down can prove a cut later."""

    number: int
    hash: str


@dataclass(frozen=True)
class Broken:
    """Where a trail does not hold: the row's number and, in a word, what is wrong there."""

    number: int
    why: str


def record(
    db: Session,
    team: str,
    action: Deed,
    now: datetime,
    *,
    actor: str = "",
    subject: str = "",
    details: Mapping[str, int | str] | None = None,
) -> Head:
    """Write a deed down, in the transaction in which it is done; returns the new head of the trail.

    `actor` is the user id of who did it, of which only a keyed hash is kept. `subject` is an id of ours. Raises
    ValueError for a subject or a detail that could be words: ids, counts and names of settings are all it takes.
    """
    told = dict(details or {})
    for value in (subject, *told, *(v for v in told.values() if isinstance(v, str))):
        if not _PLAIN.fullmatch(value):
            raise ValueError("the trail takes ids and counts, no words")
    _hold(db, team)
    head = db.get(AuditHeadRow, team, populate_existing=True)
    last = Head(head.number, head.hash) if head else Head(0, GENESIS)
    row = AuditRow(
        team_id=team,
        number=last.number + 1,
        at=now,
        actor=person(db, team, actor),
        action=action.value,
        subject=subject,
        details=json.dumps(told, sort_keys=True, ensure_ascii=True, separators=(",", ":")),
        previous=last.hash,
        hash="",
    )
    row.hash = _hash(row)
    db.add(row)
    if head is None:
        db.add(AuditHeadRow(team_id=team, number=row.number, hash=row.hash))
    else:
        head.number, head.hash = row.number, row.hash
        db.add(head)
    db.flush()
    return Head(row.number, row.hash)


def person(db: Session, team: str, user: str) -> str:
    """Return what the trail keeps of a person: a hash under the secret of the programme, "" for nobody."""
    row = db.get(ProgrammeRow, team) if user else None
    if row is None:
        return ""
    return hmac.digest(row.secret.encode(), f"audit\0{team}\0{user}".encode(), "sha256").hex()[:32]


def refusals(db: Session, team: str, user: str, since: datetime) -> int:
    """Return how many refusals of one person since then are among the newest rows of the trail."""
    newest = head(db, team)
    query = (
        select(func.count())
        .select_from(AuditRow)
        .where(
            AuditRow.team_id == team,
            col(AuditRow.number) > (newest.number if newest else 0) - NEWEST,
            AuditRow.action == Deed.REFUSED.value,
            AuditRow.actor == person(db, team, user),
            col(AuditRow.at) > since,
        )
    )
    return int(db.exec(query).one())


def tells(db: Session, team: str, action: Deed, since: datetime, subject: str = "") -> bool:
    """Say whether this was done at that moment or later, by the trail of this very database.

    So a copy that was put back says by itself whether it was made before or after something was erased.
    """
    query = select(AuditRow.number).where(
        AuditRow.team_id == team,
        AuditRow.action == action.value,
        AuditRow.subject == subject,
        col(AuditRow.at) >= since,
    )
    return db.exec(query.limit(1)).first() is not None


def head(db: Session, team: str) -> Head | None:
    """Return the newest row of the trail, None where nothing was done yet."""
    row = db.get(AuditHeadRow, team)
    return Head(row.number, row.hash) if row else None


def verify(db: Session, team: str, seen: Head | None = None) -> Broken | None:
    """Return the first place where the trail of a workspace does not hold, None where it does.

    Found are a changed row, a missing one, one put in between, and a tail that was cut off; `seen` is a head that was
    written down before, without which nobody can tell a trail that was cut together with its head.
    """
    rows = db.exec(select(AuditRow).where(AuditRow.team_id == team).order_by(col(AuditRow.number)))
    last, anchors, first = Head(0, GENESIS), set[tuple[int, str]](), None
    for row in rows:
        if first is None:
            first, last = row.number, Head(row.number - 1, row.previous)
            if row.number == 1 and row.previous != GENESIS:
                return Broken(1, "changed")
        if row.number != last.number + 1:
            return Broken(last.number + 1, "missing")
        if row.previous != last.hash or row.hash != _hash(row):
            return Broken(row.number, "changed")
        if row.action == Deed.PRUNED:
            told = json.loads(row.details)
            anchors.add((int(told["to"]), str(told["hash"])))
        if seen is not None and row.number == seen.number and row.hash != seen.hash:
            return Broken(row.number, "changed")
        last = Head(row.number, row.hash)
        if row.number == first:
            begins = Head(row.number - 1, row.previous)
    if first is not None and first > 1 and (begins.number, begins.hash) not in anchors:
        return Broken(first - 1, "missing")
    known = head(db, team)
    if known is not None and known != last:
        return Broken(last.number + 1, "cut off")
    if known is None and last.number:
        return Broken(last.number, "no head")
    if seen is not None and seen.number > last.number:
        return Broken(last.number + 1, "cut off")
    return None


def teams(db: Session) -> list[str]:
    """Return every workspace that has a trail, also one that is purged."""
    query = select(AuditHeadRow.team_id).order_by(col(AuditHeadRow.team_id))
    return list(db.exec(query.execution_options(every_workspace="which workspaces have a trail to check")))


def expired(db: Session, team: str, now: datetime) -> int:
    """Return how many rows are older than two years, and may go."""
    query = select(func.count()).select_from(AuditRow)
    return int(db.exec(query.where(AuditRow.team_id == team, col(AuditRow.at) < _oldest(now))).one())


def prune(db: Session, team: str, now: datetime) -> int:
    """Let go of the oldest rows, beyond two years; returns how many.

    A new row is written first that says up to where, with the hash at that place: from there on the trail still holds.
    """
    old = select(AuditRow).where(AuditRow.team_id == team, col(AuditRow.at) < _oldest(now))
    last = db.exec(old.order_by(col(AuditRow.number).desc())).first()
    first = db.exec(select(func.min(AuditRow.number)).where(AuditRow.team_id == team)).one()
    if last is None or first is None:
        return 0
    to, hash_ = last.number, last.hash
    record(db, team, Deed.PRUNED, now, details={"to": to, "hash": hash_})
    gone = 0
    for number in range(first, to + 1):  # one by one from the oldest: the trigger lets no other go
        gone += (
            db.connection()
            .execute(delete(AuditRow).where(col(AuditRow.team_id) == team, col(AuditRow.number) == number))
            .rowcount
        )
    db.expire_all()
    return gone


def _oldest(now: datetime) -> datetime:
    try:
        return now.replace(year=now.year - KEPT_YEARS)
    except ValueError:  # the 29th of February
        return now.replace(year=now.year - KEPT_YEARS, day=28)


def _hash(row: AuditRow) -> str:
    told = {
        "team": row.team_id,
        "number": row.number,
        "at": packed(row.at),
        "actor": row.actor,
        "action": row.action,
        "subject": row.subject,
        "details": row.details,
    }
    canonical = json.dumps(told, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(f"{row.previous}\n{canonical}".encode()).hexdigest()


_HOLD = text("SELECT pg_advisory_xact_lock(hashtext(:team_id))")


def _hold(db: Session, team: str) -> None:
    """Let two deeds of one workspace follow each other; SQLite has one writer anyway."""
    if db.get_bind().dialect.name == "postgresql":
        db.connection().execute(_HOLD, {"team_id": f"audit:{team}"})
