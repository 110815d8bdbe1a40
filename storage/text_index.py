"""Text search on SQLite (FTS5) and PostgreSQL behind one pair of functions: `put` what can be found, and `find` it.

The index holds numbers, never words: each word of a workspace has a number in `search_word` for as long as a searchable
text has it, and goes with the last of them. So what FTS5 keeps of a deleted row until it merges says nothing.
"""

import operator
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, String, bindparam, delete, insert, text
from sqlmodel import Field, Session, col

from bot.harvest.words import folded
from bot.memory.vocabulary import Vocabulary
from storage.rows import Row

FORMAT = 1
"""Of what is written here; after a change of how texts are read, everything is written anew (`storage.memory`)."""
SAME_DAY = 1 << 24
"""Entries are numbered by the day they tell of, so that the newest have the highest numbers."""
MOST_WORDS = 400
"""Different words of one text that can be found; a published sentence has fewer than a hundred."""
LONGEST_WORD = 60
_CHUNK = 400


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


@dataclass(frozen=True)
class Entry:
    """One sentence to be found: `ref` and `impression` with offsets say which, `day` when it was said."""

    ref: str
    impression: str
    start: int
    end: int
    day: date | None
    text: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A sentence that was found, and the numbers of its words apart by blanks."""

    id: int
    owner: str
    ref: str
    impression: str
    start: int
    end: int
    terms: str

    @property
    def is_material(self) -> bool:
        """Whether it is a passage of earlier material, and not a sentence of an article."""
        return self.owner.startswith("material:")

    @property
    def entry(self) -> str:
        """The id of the entry of the trail in which it stands, "" for what stands elsewhere."""
        return self.owner.removeprefix("trail:") if self.owner.startswith("trail:") else ""


@dataclass
class WordIndex:
    """The words of one workspace in memory, as this process last read them; `refresh` brings them up to date."""

    vocabulary: Vocabulary
    changes: int = -1
    erased: int = -1
    entries: int = 0


def ddl(dialect: str) -> tuple[list[str], list[str]]:
    """Return the statements that make the index proper, and those that take it away."""
    if dialect == "sqlite":
        made = "CREATE VIRTUAL TABLE search_index USING fts5(terms, content='', detail='none', tokenize='ascii')"
        return [made], ["DROP TABLE search_index"]
    made = "CREATE INDEX search_index ON search_entry USING gin (to_tsvector('simple', terms))"
    return [made], ["DROP INDEX search_index"]


def put(db: Session, team: str, owner: str, entries: Sequence[Entry]) -> None:
    """Let exactly these sentences of an owner (an article, a document) be found, in the caller's transaction.

    What the owner had before can be found no longer, and words that no other text has are gone from the tables.
    """
    found = _of_owner(db, team, owner)
    if not found and not entries:
        return
    connection, state = db.connection(), _state(db, team)
    changes = state.changes + 1
    gone = Counter(number for hit in found for number in hit.terms.split())
    said = [words_of(each.text) for each in entries]
    came = Counter(word for words in said for word in words)
    numbers = _numbers(db, team, list(came))
    _forget(db, team, found)
    new = [word for word in came if word not in numbers]
    if new:
        rows = [{"team_id": team, "word": word, "count": 0, "changed": changes} for word in new]
        connection.execute(insert(SearchWordRow), rows)
        numbers |= _numbers(db, team, new)
    moved = Counter({str(numbers[word]): number for word, number in came.items()})
    moved.subtract(gone)
    changed = [{"team": team, "number": int(number), "by": by, "at": changes} for number, by in moved.items() if by]
    if changed:
        connection.execute(_COUNT, changed)
    erased = 0
    for some in _chunks([int(number) for number in gone]):
        erased += connection.execute(_ERASE, {"team": team, "some": some}).rowcount
    rows = []
    for (day, seq), each, words in zip(_places(db, entries), entries, said, strict=True):
        terms = " ".join(sorted(str(numbers[word]) for word in words))
        rows.append(
            {
                "id": day * SAME_DAY + seq,
                "team_id": team,
                "owner": owner,
                "ref": each.ref,
                "impression_id": each.impression,
                "start": each.start,
                "end": each.end,
                "terms": terms,
            }
        )
    if rows:
        connection.execute(insert(SearchEntryRow), rows)
        if connection.dialect.name == "sqlite":
            connection.execute(_ADD, [{"id": row["id"], "terms": row["terms"]} for row in rows])
    number = state.entries + len(rows) - len(found)
    connection.execute(
        _CHANGED,
        {"team": team, "entries": number, "changes": changes, "erased": changes if erased else state.erased},
    )
    db.expire_all()


def find(db: Session, team: str, groups: Sequence[Iterable[int]], most: int, *, every: bool) -> list[Hit]:
    """Return the newest `most` sentences with a word of each group (`every`), or of any; newest first.

    Groups hold the numbers of words, so nothing that anybody typed ever reaches the database.
    """
    wanted = [sorted(group) for group in groups]
    if not wanted or (every and not all(wanted)) or not any(wanted):
        return []
    connection = db.connection()
    if connection.dialect.name == "sqlite":
        joined = [" OR ".join(f'"{number}"' for number in group) for group in wanted if group]
        query = (" AND " if every else " OR ").join(f"({each})" for each in joined)
        rows = connection.execute(_FIND_SQLITE, {"query": query, "team": team, "most": most})
    else:
        joined = ["|".join(str(number) for number in group) for group in wanted if group]
        query = ("&" if every else "|").join(f"({each})" for each in joined)
        rows = connection.execute(_FIND_POSTGRESQL, {"query": query, "team": team, "most": most})
    return [Hit(*row) for row in rows]


def of_impressions(db: Session, team: str, impressions: Iterable[str], most: int) -> list[Hit]:
    """Return the newest sentences of these impressions that can be found, newest first."""
    found: list[Hit] = []
    for some in _chunks(sorted(set(impressions))):
        rows = db.connection().execute(_OF_IMPRESSIONS, {"team": team, "some": some, "most": most})
        found += [Hit(*row) for row in rows]
    return sorted(found, key=operator.attrgetter("id"), reverse=True)[:most]


def refresh(db: Session, team: str, index: WordIndex | None) -> WordIndex:
    """Return the words of this workspace as they are now; of an index read before only what changed is read."""
    state = _state(db, team)
    if index is not None and index.changes == state.changes:
        return index
    if index is None or index.erased != state.erased:
        index = WordIndex(Vocabulary())
    rows = db.connection().execute(_NEWER, {"team": team, "changes": index.changes})
    index.vocabulary.learn((row[0], row[1], row[2]) for row in rows)
    index.changes, index.erased, index.entries = state.changes, state.erased, state.entries
    return index


def state(db: Session, team: str) -> SearchStateRow:
    """Return how far the index of a workspace is."""
    return _state(db, team)


def progress(db: Session, team: str, done_to: str, written: int) -> None:
    """Remember up to where everything older was taken in, in which format."""
    row = db.get(SearchStateRow, team) or SearchStateRow(team_id=team)
    row.done_to, row.format = done_to, written
    db.add(row)
    db.flush()


def words_of(said: str) -> list[str]:
    """Return the words by which a text is found, folded, each once."""
    found = dict.fromkeys(word[:LONGEST_WORD] for word in folded(said).split())
    return list(found)[:MOST_WORDS]


def tidy(db: Session) -> None:
    """Let FTS5 put its parts together, a bounded piece at a time; what was deleted takes up no room then."""
    if db.connection().dialect.name == "sqlite":
        db.connection().execute(_MERGE)


def _state(db: Session, team: str) -> SearchStateRow:
    row = db.connection().execute(_STATE, {"team": team}).first()
    return SearchStateRow(team_id=team, **row._mapping) if row else SearchStateRow(team_id=team)


def _of_owner(db: Session, team: str, owner: str) -> list[Hit]:
    return [Hit(*row) for row in db.connection().execute(_OF_OWNER, {"team": team, "owner": owner})]


def _forget(db: Session, team: str, found: Sequence[Hit]) -> None:
    connection = db.connection()
    if found and connection.dialect.name == "sqlite":
        connection.execute(_REMOVE, [{"id": hit.id, "terms": hit.terms} for hit in found])
    for some in _chunks([hit.id for hit in found]):
        connection.execute(
            delete(SearchEntryRow).where(col(SearchEntryRow.team_id) == team, col(SearchEntryRow.id).in_(some))
        )


def _numbers(db: Session, team: str, words: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in _chunks(words):
        found |= {word: number for number, word in db.connection().execute(_KNOWN, {"team": team, "some": some})}
    return found


def _places(db: Session, entries: Sequence[Entry]) -> Iterator[tuple[int, int]]:
    """The day and the number within it of each entry, after those that are there."""
    days = {each.day.toordinal() if each.day else 0 for each in entries}
    last = {}
    for day in days:
        span = {"first": day * SAME_DAY, "after": (day + 1) * SAME_DAY}
        newest = db.connection().execute(_LAST, span).scalar()
        last[day] = newest - day * SAME_DAY if newest is not None else -1
    # within a day what stands first in an article is found first
    taken: Counter[int] = Counter()
    total = Counter(each.day.toordinal() if each.day else 0 for each in entries)
    for each in entries:
        day = each.day.toordinal() if each.day else 0
        taken[day] += 1
        yield day, last[day] + 1 + total[day] - taken[day]


def _chunks(values: Sequence[Any]) -> Iterator[list[Any]]:
    for at in range(0, len(values), _CHUNK):
        yield list(values[at : at + _CHUNK])


_COLUMNS = 'e.id, e.owner, e.ref, e.impression_id, e.start, e."end", e.terms'
_FIND_SQLITE = text(
    f"SELECT {_COLUMNS} FROM search_index i JOIN search_entry e ON e.id = i.rowid"  # noqa: S608 - our own column names
    " WHERE i.search_index MATCH :query AND e.team_id = :team ORDER BY i.rowid DESC LIMIT :most"
)
_FIND_POSTGRESQL = text(
    f"SELECT {_COLUMNS} FROM search_entry e"  # noqa: S608 - our own column names
    " WHERE to_tsvector('simple', e.terms) @@ to_tsquery('simple', :query) AND e.team_id = :team"
    " ORDER BY e.id DESC LIMIT :most"
)
_OF_OWNER = text(f"SELECT {_COLUMNS} FROM search_entry e WHERE e.team_id = :team AND e.owner = :owner ORDER BY e.id")  # noqa: S608 - our own column names
_OF_IMPRESSIONS = text(
    f"SELECT {_COLUMNS} FROM search_entry e WHERE e.team_id = :team AND e.impression_id IN :some"  # noqa: S608 - our own column names
    " ORDER BY e.id DESC LIMIT :most"
).bindparams(bindparam("some", expanding=True, type_=String))
_LAST = text("SELECT max(id) FROM search_entry WHERE id >= :first AND id < :after").execution_options(
    every_workspace="entries are numbered by day over all of them"
)
_ADD = text("INSERT INTO search_index(rowid, terms) VALUES (:id, :terms)")
_REMOVE = text("INSERT INTO search_index(search_index, rowid, terms) VALUES ('delete', :id, :terms)")
_MERGE = text("INSERT INTO search_index(search_index, rank) VALUES ('merge', 500)")
_STATE = text("SELECT format, done_to, entries, changes, erased FROM search_state WHERE team_id = :team")
_CHANGED = text(
    "INSERT INTO search_state (team_id, format, done_to, entries, changes, erased)"
    " VALUES (:team, 0, '', :entries, :changes, :erased)"
    " ON CONFLICT (team_id) DO UPDATE SET entries = :entries, changes = :changes, erased = :erased"
)
_KNOWN = text("SELECT id, word FROM search_word WHERE team_id = :team AND word IN :some").bindparams(
    bindparam("some", expanding=True, type_=String)
)
_NEWER = text("SELECT id, word, count FROM search_word WHERE team_id = :team AND changed > :changes ORDER BY id")
_COUNT = text("UPDATE search_word SET count = count + :by, changed = :at WHERE team_id = :team AND id = :number")
_ERASE = text("DELETE FROM search_word WHERE team_id = :team AND count <= 0 AND id IN :some").bindparams(
    bindparam("some", expanding=True)
)
