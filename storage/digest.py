"""Weekly digests per region, and what each of them said, so that nothing is said twice."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from bot.digest import Digest, Item, ItemKind
from storage.moments import Moment


class DigestRow(SQLModel, table=True):
    """One region's digest of one week; a silent one has no items."""

    __tablename__ = "digest"
    __table_args__ = (UniqueConstraint("region_id", "period_key"),)
    id: str = Field(primary_key=True)
    team_id: str = Field(index=True)
    region_id: str = Field(foreign_key="region.id")
    period_key: str
    since: datetime = Field(sa_type=Moment)
    until: datetime = Field(sa_type=Moment)
    silent: bool


class DigestItemRow(SQLModel, table=True):
    """A published sentence, or a date, that a region has read in a digest; part 0 is the post, the rest its thread."""

    __tablename__ = "digest_item"
    digest_id: str = Field(primary_key=True, foreign_key="digest.id")
    position: int = Field(primary_key=True)
    part: int = 0
    team_id: str
    region_id: str = Field(index=True)
    kind: str
    subject: str
    theme_id: str | None = None


def save(db: Session, team: str, digest: Digest) -> None:
    """Write a digest with everything it says."""
    db.add(
        DigestRow(
            id=digest.id,
            team_id=team,
            region_id=digest.region,
            period_key=digest.period,
            since=digest.since,
            until=digest.until,
            silent=digest.silent,
        )
    )
    db.flush()
    items = [(part, item) for part, said in enumerate((digest.post, *digest.thread)) for item in said]
    for position, (part, item) in enumerate(items):
        db.add(
            DigestItemRow(
                digest_id=digest.id,
                position=position,
                part=part,
                team_id=team,
                region_id=digest.region,
                kind=item.kind.value,
                subject=item.subject,
                theme_id=item.theme,
            )
        )
    db.flush()


def one(db: Session, team: str, digest_id: str) -> Digest | None:
    """Return a digest of this workspace."""
    row = db.get(DigestRow, digest_id)
    if row is None or row.team_id != team:
        return None
    query = select(DigestItemRow).where(DigestItemRow.digest_id == digest_id).order_by(col(DigestItemRow.position))
    items = db.exec(query).all()
    return _digest(row, items)


def saying(db: Session, team: str, subjects: Iterable[str]) -> list[tuple[str, int]]:
    """Return digest id and part of every message that says one of these."""
    query = select(DigestItemRow.digest_id, DigestItemRow.part).where(
        DigestItemRow.team_id == team, col(DigestItemRow.subject).in_(list(subjects))
    )
    return sorted(set(db.exec(query)))


def last_until(db: Session, team: str, region_id: str) -> datetime | None:
    """Return up to when the region's last digest reached, silent or not."""
    query = select(DigestRow.until).where(DigestRow.team_id == team, DigestRow.region_id == region_id)
    return db.exec(query.order_by(col(DigestRow.until).desc())).first()


def said(db: Session, team: str, region_id: str) -> set[str]:
    """Return everything that this region has read in a digest: sentence ids, and dates by their subject."""
    query = select(DigestItemRow.subject).where(DigestItemRow.team_id == team, DigestItemRow.region_id == region_id)
    return set(db.exec(query))


def _digest(row: DigestRow, items: Sequence[DigestItemRow]) -> Digest:
    parts: list[list[Item]] = [[] for _ in range(max((item.part for item in items), default=0) + 1)]
    for item in items:
        parts[item.part].append(Item(ItemKind(item.kind), item.subject, item.theme_id))
    return Digest(
        id=row.id,
        region=row.region_id,
        period=row.period_key,
        since=row.since,
        until=row.until,
        post=tuple(parts[0]),
        thread=tuple(tuple(part) for part in parts[1:]),
    )
