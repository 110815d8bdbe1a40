"""Writing what can be found of an article, a document or the trail, and taking it out."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import String, bindparam, delete, insert, text
from sqlmodel import Session, col

from bot.harvest.words import folded
from storage.text_index.finding import Hit, chunks, of_owners
from storage.text_index.rows import SAME_DAY, SearchEntryRow, SearchWordRow, state

MOST_WORDS = 400
"""Different words of one text that can be found; a published sentence has fewer than a hundred."""
LONGEST_WORD = 60


@dataclass(frozen=True)
class Entry:
    """One sentence to be found: `ref` and `impression` with offsets say which, `day` when it was said."""

    ref: str
    impression: str
    start: int
    end: int
    day: date | None
    text: str


def put(db: Session, team: str, owner: str, entries: Sequence[Entry]) -> None:
    """Let exactly these sentences of an owner (an article, a document) be found, in the caller's transaction.

    What the owner had before can be found no longer, and words that no other text has are gone from the tables.
    """
    put_all(db, team, {owner: entries})


def put_all(db: Session, team: str, owned: Mapping[str, Sequence[Entry]]) -> None:
    """Do as `put` for many owners at once, in a number of statements that does not grow with them."""
    found = of_owners(db, team, list(owned))
    owners = [owner for owner, of in owned.items() for _ in of]
    entries = [each for of in owned.values() for each in of]
    if not found and not entries:
        return
    connection, before = db.connection(), state(db, team)
    changes = before.changes + 1
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
    for some in chunks([int(number) for number in gone]):
        erased += connection.execute(_ERASE, {"team": team, "some": some}).rowcount
    rows = []
    for (day, seq), owner, each, words in zip(_places(db, entries), owners, entries, said, strict=True):
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
    number = before.entries + len(rows) - len(found)
    connection.execute(
        _CHANGED,
        {"team": team, "entries": number, "changes": changes, "erased": changes if erased else before.erased},
    )
    db.expire_all()


def words_of(said: str) -> list[str]:
    """Return the words by which a text is found, folded, each once."""
    found = dict.fromkeys(word[:LONGEST_WORD] for word in folded(said).split())
    return list(found)[:MOST_WORDS]


def tidy(db: Session) -> None:
    """Let FTS5 put its parts together, a bounded piece at a time; what was deleted takes up no room then."""
    if db.connection().dialect.name == "sqlite":
        db.connection().execute(_MERGE)


def _forget(db: Session, team: str, found: Sequence[Hit]) -> None:
    connection = db.connection()
    if found and connection.dialect.name == "sqlite":
        connection.execute(_REMOVE, [{"id": hit.id, "terms": hit.terms} for hit in found])
    for some in chunks([hit.id for hit in found]):
        connection.execute(
            delete(SearchEntryRow).where(col(SearchEntryRow.team_id) == team, col(SearchEntryRow.id).in_(some))
        )


def _numbers(db: Session, team: str, words: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in chunks(words):
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


_LAST = text("SELECT max(id) FROM search_entry WHERE id >= :first AND id < :after").execution_options(
    every_workspace="entries are numbered by day over all of them"
)
_ADD = text("INSERT INTO search_index(rowid, terms) VALUES (:id, :terms)")
_REMOVE = text("INSERT INTO search_index(search_index, rowid, terms) VALUES ('delete', :id, :terms)")
_MERGE = text("INSERT INTO search_index(search_index, rank) VALUES ('merge', 500)")
_CHANGED = text(
    "INSERT INTO search_state (team_id, format, done_to, entries, changes, erased)"
    " VALUES (:team, 0, '', :entries, :changes, :erased)"
    " ON CONFLICT (team_id) DO UPDATE SET entries = :entries, changes = :changes, erased = :erased"
)
_KNOWN = text("SELECT id, word FROM search_word WHERE team_id = :team AND word IN :some").bindparams(
    bindparam("some", expanding=True, type_=String)
)
_COUNT = text("UPDATE search_word SET count = count + :by, changed = :at WHERE team_id = :team AND id = :number")
_ERASE = text("DELETE FROM search_word WHERE team_id = :team AND count <= 0 AND id IN :some").bindparams(
    bindparam("some", expanding=True)
)
