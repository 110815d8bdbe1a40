"""Finding sentences by the numbers of their words, and keeping those words in memory."""

import operator
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, bindparam, text
from sqlmodel import Session

from bot.memory.vocabulary import Vocabulary
from storage.text_index.rows import state

_CHUNK = 400


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
    for some in chunks(sorted(set(impressions))):
        rows = db.connection().execute(_OF_IMPRESSIONS, {"team": team, "some": some, "most": most})
        found += [Hit(*row) for row in rows]
    return sorted(found, key=operator.attrgetter("id"), reverse=True)[:most]


def refresh(db: Session, team: str, index: WordIndex | None) -> WordIndex:
    """Return the words of this workspace as they are now; of an index read before only what changed is read."""
    now = state(db, team)
    if index is not None and index.changes == now.changes:
        return index
    if index is None or index.erased != now.erased:
        index = WordIndex(Vocabulary())
    rows = db.connection().execute(_NEWER, {"team": team, "changes": index.changes})
    index.vocabulary.learn((row[0], row[1], row[2]) for row in rows)
    index.changes, index.erased, index.entries = now.changes, now.erased, now.entries
    return index


def of_owners(db: Session, team: str, owners: Sequence[str]) -> list[Hit]:
    """Return the sentences of several articles, documents or entries that can be found."""
    found: list[Hit] = []
    for some in chunks(owners):
        found += [Hit(*row) for row in db.connection().execute(_OF_OWNERS, {"team": team, "some": some})]
    return found


def chunks(values: Sequence[Any]) -> Iterator[list[Any]]:
    """Return these in parts that one statement takes."""
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
_OF_OWNERS = text(
    f"SELECT {_COLUMNS} FROM search_entry e WHERE e.team_id = :team AND e.owner IN :some ORDER BY e.id"  # noqa: S608 - our own column names
).bindparams(bindparam("some", expanding=True, type_=String))
_OF_IMPRESSIONS = text(
    f"SELECT {_COLUMNS} FROM search_entry e WHERE e.team_id = :team AND e.impression_id IN :some"  # noqa: S608 - our own column names
    " ORDER BY e.id DESC LIMIT :most"
).bindparams(bindparam("some", expanding=True, type_=String))


_NEWER = text("SELECT id, word, count FROM search_word WHERE team_id = :team AND changed > :changes ORDER BY id")
