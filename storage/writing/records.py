"""The tables of what a language model wrote, what it rests on and cost, and how it is forgotten with its notes.

This package knows no other table of ours by name but in SQL, so that whoever changes a note or an article can tell it
to forget.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, delete
from sqlmodel import Field, Session, col, select

from storage.moments import Moment
from storage.rows import Row


class WritingLimitRow(Row, table=True):
    """Who wants it stricter: `scope` is workspace, region or note, `subject_id` which one (empty for the workspace)."""

    __tablename__ = "writing_limit"
    team_id: str = Field(primary_key=True)
    scope: str = Field(primary_key=True)
    subject_id: str = Field(primary_key=True)
    mode: str
    by: str
    at: datetime = Field(sa_type=Moment)


class WritingCardRow(Row, table=True):
    """What a model said of one note, under a key of the question and the words; gone when the note changes."""

    __tablename__ = "writing_card"
    team_id: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    impression_id: str = Field(foreign_key="impression.id", index=True)
    data: str
    made_at: datetime = Field(sa_type=Moment)


class WritingSectionRow(Row, table=True):
    """That a theme with exactly these sentences was written about; without claims where a model wrote nothing usable.

    `made_with` stands for the question, the model and the theme: written by another, it is written anew.
    """

    __tablename__ = "writing_section"
    team_id: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    theme_id: str = Field(foreign_key="theme.id")
    made_with: str
    quotes: str
    made_at: datetime = Field(sa_type=Moment)


class WritingClaimRow(Row, table=True):
    """One verified claim of a section, with the ids of the sentences that carry it."""

    __tablename__ = "writing_claim"
    team_id: str = Field(primary_key=True)
    section_key: str = Field(primary_key=True, index=True)
    position: int = Field(primary_key=True)
    text: str
    evidence: str


class WritingSourceRow(Row, table=True):
    """A published sentence that a model read when it wrote a section."""

    __tablename__ = "writing_source"
    team_id: str = Field(primary_key=True)
    section_key: str = Field(primary_key=True)
    sentence_id: str = Field(primary_key=True, index=True)
    impression_id: str = Field(index=True)


class WritingCallRow(Row, table=True):
    """A question that was put to a model: how much was sent and what it cost; never a text."""

    __tablename__ = "writing_call"
    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(index=True)
    region_id: str
    period_key: str
    step: str
    model: str
    at: datetime = Field(sa_type=Moment)
    calls: int
    characters: int
    input_tokens: int
    output_tokens: int
    outcome: str


class WritingEventRow(Row, table=True):
    """Why something was not sent, not shown, or is pointed out: kind, reason and an id; never a text."""

    __tablename__ = "writing_event"
    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(index=True)
    region_id: str
    period_key: str
    at: datetime = Field(sa_type=Moment)
    kind: str
    reason: str
    subject: str


def forget_notes(db: Session, team: str, notes: Collection[str]) -> None:
    """Erase what a model wrote of these notes, or after reading them: they were changed or withdrawn."""
    _forget(db, team, col(WritingSourceRow.impression_id).in_(notes))
    _erase_cards(db, team, notes)


def forget_sentences(db: Session, team: str, sentences: Collection[str], notes: Collection[str]) -> None:
    """Erase what rests on sentences that are published no more, or otherwise; `notes` are those they stood in."""
    _forget(db, team, col(WritingSourceRow.sentence_id).in_(sentences))
    _erase_cards(db, team, notes)


def forget_all(db: Session, team: str) -> None:
    """Erase everything that a model wrote in a workspace: fewer notes may be read from now on."""
    for table in (WritingSourceRow, WritingClaimRow, WritingSectionRow, WritingCardRow):
        db.connection().execute(delete(table).where(col(table.team_id) == team))
    db.expire_all()


def _forget(db: Session, team: str, which: ColumnElement[bool]) -> None:
    query = select(WritingSourceRow.section_key).where(WritingSourceRow.team_id == team, which)
    keys = sorted(set(db.exec(query)))
    if keys:
        erase_sections(db, team, keys)


def erase_sections(db: Session, team: str, keys: Collection[str]) -> None:
    """Erase these sections with all that belongs to them."""
    connection = db.connection()
    for table in (WritingSourceRow, WritingClaimRow):
        connection.execute(delete(table).where(col(table.team_id) == team, col(table.section_key).in_(keys)))
    gone = delete(WritingSectionRow).where(col(WritingSectionRow.team_id) == team, col(WritingSectionRow.key).in_(keys))
    connection.execute(gone)
    db.expire_all()


def _erase_cards(db: Session, team: str, notes: Collection[str]) -> None:
    cards = delete(WritingCardRow).where(
        col(WritingCardRow.team_id) == team, col(WritingCardRow.impression_id).in_(notes)
    )
    if db.connection().execute(cards).rowcount:
        db.expire_all()
