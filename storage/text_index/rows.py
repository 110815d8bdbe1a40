"""The tables of the search index, and how far it is: words have numbers, and sentences hold those."""

from sqlalchemy import BigInteger, Index, Integer, text
from sqlmodel import Field, Session

from storage.rows import Row

FORMAT = 1
"""Of what is written here; after a change of how texts are read, everything is written anew (`storage.memory`)."""
SAME_DAY = 1 << 24
"""Entries are numbered by the day they tell of, so that the newest have the highest numbers."""


class SearchWordRow(Row, table=True):
    """A folded word that stands in searchable texts, its number, and in how many; `changed` is when that changed."""

    __tablename__ = "search_word"
    __table_args__ = (
        Index("ix_search_word_word", "team_id", "word", unique=True),
        Index("ix_search_word_changed", "team_id", "changed"),
    )
    id: int | None = Field(default=None, primary_key=True)
    team_id: str
    word: str
    count: int
    changed: int


class SearchEntryRow(Row, table=True):
    """A sentence that can be found: which one, and the numbers of its words. Its words stay where they are."""

    __tablename__ = "search_entry"
    __table_args__ = (
        Index("ix_search_entry_owner", "team_id", "owner"),
        Index("ix_search_entry_impression", "team_id", "impression_id"),
    )
    id: int = Field(primary_key=True, sa_type=BigInteger().with_variant(Integer, "sqlite"))
    team_id: str
    owner: str
    ref: str
    impression_id: str
    start: int
    end: int
    terms: str


class SearchStateRow(Row, table=True):
    """How far the index of a workspace is: how many entries, how often it changed, and when a word last went."""

    __tablename__ = "search_state"
    team_id: str = Field(primary_key=True)
    format: int = 0
    done_to: str = ""
    entries: int = 0
    changes: int = 0
    erased: int = 0


def ddl(dialect: str) -> tuple[list[str], list[str]]:
    """Return the statements that make the index proper, and those that take it away."""
    if dialect == "sqlite":
        made = "CREATE VIRTUAL TABLE search_index USING fts5(terms, content='', detail='none', tokenize='ascii')"
        return [made], ["DROP TABLE search_index"]
    made = "CREATE INDEX search_index ON search_entry USING gin (to_tsvector('simple', terms))"
    return [made], ["DROP INDEX search_index"]


def progress(db: Session, team: str, done_to: str, written: int) -> None:
    """Remember up to where everything older was taken in, in which format."""
    row = db.get(SearchStateRow, team) or SearchStateRow(team_id=team)
    row.done_to, row.format = done_to, written
    db.add(row)
    db.flush()


def state(db: Session, team: str) -> SearchStateRow:
    """Return how far the index of a workspace is."""
    row = db.connection().execute(_STATE, {"team": team}).first()
    return SearchStateRow(team_id=team, **row._mapping) if row else SearchStateRow(team_id=team)


_STATE = text("SELECT format, done_to, entries, changes, erased FROM search_state WHERE team_id = :team")
