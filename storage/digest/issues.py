"""The digests that were made, what they say, and by which keys a statement is found back."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Index, UniqueConstraint, delete, insert, text
from sqlalchemy.dialects.postgresql import insert as insert_once
from sqlmodel import Field, Session, col, func, or_, select

from bot.digest import Digest, Item, ItemKind
from storage.moments import Moment
from storage.rows import Row

T = TypeVar("T")
AT_ONCE = 500
"""Values in one statement; SQLite takes 32,766 of them."""
ECHO = -1
"""The part of what is not shown: it says the same as something that is."""


class DigestRow(Row, table=True):
    """One region's digest of one week; a silent one has no items. `missed`: the first one after a rest."""

    __tablename__ = "digest"
    __table_args__ = (
        UniqueConstraint("region_id", "period_key"),
        Index("ix_digest_region_until", "region_id", "until"),
    )
    id: str = Field(primary_key=True)
    team_id: str = Field(index=True)
    region_id: str = Field(foreign_key="region.id")
    period_key: str
    since: datetime = Field(sa_type=Moment)
    until: datetime = Field(sa_type=Moment)
    silent: bool
    missed: bool = Field(default=False, sa_column_kwargs={"server_default": text("0")})


class DigestItemRow(Row, table=True):
    """What a region has read in a digest, a published sentence or a date; part 0 is the post, the rest its thread."""

    __tablename__ = "digest_item"
    __table_args__ = (
        Index("ix_digest_item_region_subject", "region_id", "subject"),
        Index("ix_digest_item_team_subject", "team_id", "subject"),
    )
    digest_id: str = Field(primary_key=True, foreign_key="digest.id")
    position: int = Field(primary_key=True)
    part: int = 0
    team_id: str
    region_id: str
    kind: str
    subject: str
    theme_id: str | None = None


class DigestStatementRow(Row, table=True):
    """The key by which a sentence that some digest said is found by one that may say the same. Holds no words."""

    __tablename__ = "digest_statement"
    team_id: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    sentence_id: str = Field(primary_key=True, index=True)


def save(db: Session, team: str, digest: Digest) -> None:
    """Write a digest with everything it says: two statements, however much that is."""
    connection = db.connection()
    connection.execute(
        insert(DigestRow).values(
            id=digest.id,
            team_id=team,
            region_id=digest.region,
            period_key=digest.period,
            since=digest.since,
            until=digest.until,
            silent=digest.silent,
            missed=digest.missed,
        )
    )
    parts = [(ECHO, digest.echoes), *enumerate((digest.post, *digest.thread))]
    items = [(part, item) for part, said in parts for item in said]
    if items:
        rows = [
            {
                "digest_id": digest.id,
                "position": position,
                "part": part,
                "team_id": team,
                "region_id": digest.region,
                "kind": item.kind.value,
                "subject": item.subject,
                "theme_id": item.theme,
            }
            for position, (part, item) in enumerate(items)
        ]
        connection.execute(insert(DigestItemRow), rows)


def one(db: Session, team: str, digest_id: str) -> Digest | None:
    """Return a digest of this workspace."""
    row = db.get(DigestRow, (team, digest_id))
    if row is None:
        return None
    query = select(DigestItemRow).where(DigestItemRow.team_id == team, DigestItemRow.digest_id == digest_id)
    return _digest(row, db.exec(query.order_by(col(DigestItemRow.position))).all())


def newest(db: Session, team: str, region_id: str) -> str | None:
    """Return the id of the last digest of a region that said something."""
    query = select(DigestRow.id).where(
        DigestRow.team_id == team, DigestRow.region_id == region_id, col(DigestRow.silent).is_(False)
    )
    return db.exec(query.order_by(col(DigestRow.until).desc())).first()


def saying(db: Session, team: str, subjects: Iterable[str]) -> list[tuple[str, int]]:
    """Return digest id and part of every message that says one of these, and part 0 of those that count one."""
    found: set[tuple[str, int]] = set()
    for some in _some(sorted(set(subjects))):
        query = select(DigestItemRow.digest_id, DigestItemRow.part).where(
            DigestItemRow.team_id == team, col(DigestItemRow.subject).in_(some)
        )
        found |= {(digest_id, max(part, 0)) for digest_id, part in db.exec(query)}
    return sorted(found)


def saying_session(db: Session, team: str, session_id: str) -> list[tuple[str, int]]:
    """Return digest id and part of every message that names a date of this session."""
    query = select(DigestItemRow.digest_id, DigestItemRow.part).where(
        DigestItemRow.team_id == team,
        col(DigestItemRow.subject) >= f"{session_id}@",
        col(DigestItemRow.subject) < f"{session_id}A",
    )
    return sorted(set(db.exec(query)))


def last_until(db: Session, team: str, region_id: str) -> datetime | None:
    """Return up to when the region's last digest reached, silent or not."""
    query = select(DigestRow.until).where(DigestRow.team_id == team, DigestRow.region_id == region_id)
    return db.exec(query.order_by(col(DigestRow.until).desc())).first()


def last_spoken(db: Session, team: str, region_id: str) -> datetime | None:
    """Return when the region's last digest that said something was made."""
    query = select(DigestRow.until).where(
        DigestRow.team_id == team, DigestRow.region_id == region_id, col(DigestRow.silent).is_(False)
    )
    return db.exec(query.order_by(col(DigestRow.until).desc())).first()


def last_of_all(db: Session, team: str) -> datetime | None:
    """Return when the newest digest of any region that said something was made."""
    query = select(func.max(DigestRow.until)).where(DigestRow.team_id == team, col(DigestRow.silent).is_(False))
    return db.exec(query).one()


def said(db: Session, team: str, region_id: str, subjects: Iterable[str]) -> set[str]:
    """Return which of these subjects a region has read in a digest."""
    found: set[str] = set()
    for some in _some(sorted(set(subjects))):
        query = select(DigestItemRow.subject).where(
            DigestItemRow.team_id == team, DigestItemRow.region_id == region_id, col(DigestItemRow.subject).in_(some)
        )
        found |= set(db.exec(query))
    return found


def said_dates(db: Session, team: str, region_id: str, sessions: Collection[str]) -> set[str]:
    """Return the dates of these sessions that a region has read, by their subject; also those that are no longer so."""
    if not sessions:
        return set()
    ranges = [
        (col(DigestItemRow.subject) >= f"{one}@") & (col(DigestItemRow.subject) < f"{one}A") for one in sorted(sessions)
    ]
    query = select(DigestItemRow.subject).where(
        DigestItemRow.team_id == team, DigestItemRow.region_id == region_id, or_(*ranges)
    )
    return set(db.exec(query))


def remember(db: Session, team: str, keys: Mapping[str, str]) -> None:
    """Keep by which key each of these sentences (by id) is found back."""
    rows = [{"team_id": team, "key": key, "sentence_id": sentence} for sentence, key in keys.items() if key]
    for some in _some(rows):
        db.connection().execute(insert_once(DigestStatementRow).values(some).on_conflict_do_nothing())


def said_alike(db: Session, team: str, keys: Iterable[str]) -> dict[str, str]:
    """Return the sentences that some digest said under one of these keys: their ids, with that key."""
    found: dict[str, str] = {}
    for some in _some(sorted(set(filter(None, keys)))):
        query = select(DigestStatementRow.sentence_id, DigestStatementRow.key).where(
            DigestStatementRow.team_id == team, col(DigestStatementRow.key).in_(some)
        )
        found |= dict(db.exec(query).all())
    return found


def forget(db: Session, team: str, sentences: Iterable[str]) -> None:
    """Take away every key of these sentences: their words are withdrawn."""
    for some in _some(sorted(set(sentences))):
        db.connection().execute(
            delete(DigestStatementRow).where(
                col(DigestStatementRow.team_id) == team, col(DigestStatementRow.sentence_id).in_(some)
            )
        )


def _some(values: Sequence[T]) -> Iterator[Sequence[T]]:
    return (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))


def _digest(row: DigestRow, items: Sequence[DigestItemRow]) -> Digest:
    parts: list[list[Item]] = [[] for _ in range(max((item.part for item in items), default=0) + 1 or 1)]
    echoes: list[Item] = []
    for item in items:
        found = Item(ItemKind(item.kind), item.subject, item.theme_id)
        (echoes if item.part == ECHO else parts[item.part]).append(found)
    return Digest(
        id=row.id,
        region=row.region_id,
        period=row.period_key,
        since=row.since,
        until=row.until,
        post=tuple(parts[0]),
        thread=tuple(tuple(part) for part in parts[1:]),
        echoes=tuple(echoes),
        missed=row.missed,
    )
