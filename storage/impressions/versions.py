"""Every version of an impression, for whoever asks what was changed and for what was published of an earlier one."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Field, Session, col, select

from bot.impressions import PARTS, Contents, Impression, Version
from storage.moments import Moment
from storage.rows import Row


class ImpressionVersionRow(Row, table=True):
    """One version, in full; the rows of an impression that was withdrawn are gone."""

    __tablename__ = "impression_version"
    impression_id: str = Field(primary_key=True, foreign_key="impression.id")
    version: int = Field(primary_key=True)
    team_id: str
    takeaway: str
    quote: str = ""
    question: str = ""
    offer: str = ""
    easy: str = ""
    hard: str = ""
    conclusion: str = ""
    example: str = ""
    obstacle: str = ""
    by: str
    at: datetime = Field(sa_type=Moment)


def keep(db: Session, value: Impression, *, is_new: bool) -> None:
    """Write the current version; of a withdrawn impression none is left."""
    if value.withdrawn_at is not None:
        gone = delete(ImpressionVersionRow).where(
            col(ImpressionVersionRow.team_id) == value.team, col(ImpressionVersionRow.impression_id) == value.id
        )
        db.connection().execute(gone)
        db.expire_all()
        return
    parts = {part: value.text(part) for part in PARTS}
    by, at = value.changed_by or value.author, value.updated_at
    row = None if is_new else db.get(ImpressionVersionRow, (value.team, value.id, value.version))
    if row is None:
        row = ImpressionVersionRow(
            impression_id=value.id, version=value.version, team_id=value.team, by=by, at=at, **parts
        )
    for part, text in parts.items():
        setattr(row, part, text)
    db.add(row)
    db.flush()


def versions(db: Session, team: str, impression_id: str) -> list[Version]:
    """Return every version, oldest first."""
    query = select(ImpressionVersionRow).where(
        ImpressionVersionRow.team_id == team, ImpressionVersionRow.impression_id == impression_id
    )
    return [_version(row) for row in db.exec(query.order_by(col(ImpressionVersionRow.version)))]


def version(db: Session, team: str, impression_id: str, number: int) -> Version | None:
    """Return one version."""
    row = db.get(ImpressionVersionRow, (team, impression_id, number))
    return _version(row) if row else None


def rewrite(db: Session, team: str, impression_id: str, change: Callable[[str, str], str]) -> None:
    """Change the words of every version: `change` gets a part's name and its text. For words that must not be kept."""
    query = select(ImpressionVersionRow).where(
        ImpressionVersionRow.team_id == team, ImpressionVersionRow.impression_id == impression_id
    )
    for row in db.exec(query).all():
        for part in PARTS:
            setattr(row, part, change(part, str(getattr(row, part))))
        db.add(row)
    db.flush()


def _version(row: ImpressionVersionRow) -> Version:
    return Version(row.version, Contents(**{part: getattr(row, part) for part in PARTS}), row.by, row.at)
