"""What a column can hold, how long a table is kept, and what a forgotten person leaves behind in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Holds(StrEnum):
    """What a text column holds.

    `code`: ids of ours, places in Slack, states, hashes, zones: nothing that anybody typed. `person`: a user id.
    `name`: the name of a person. `note`: words of a note, or made of them. `own`: words of one person outside a note.
    `shared`: words of the community, such as a theme. `key`: a secret or a token.
    """

    CODE = "code"
    PERSON = "person"
    NAME = "name"
    NOTE = "note"
    OWN = "own"
    SHARED = "shared"
    KEY = "key"


class Leaves(StrEnum):
    """What is left where a forgotten person stood.

    `nothing`: the row goes. `count`: the row stays with a stand-in of its own, so that a vote stays a vote and two
    votes of one person have nothing in common. `nobody`: the row stays, and says that it was somebody who is forgotten.
    `empty`: the row stays with nobody in it. `id`: the id stays, for the reason that the table gives.
    """

    NOTHING = "nothing"
    COUNT = "count"
    NOBODY = "nobody"
    EMPTY = "empty"
    ID = "id"


class Keep(StrEnum):
    """How long rows are kept; `storage.expiring` holds the days of those that expire by themselves."""

    PROGRAMME = "as long as the programme"
    ERASED = "until it is erased"
    KEYS = "keys of what was handled"
    FORMS = "half-filled forms"
    OUTBOX = "what was sent"
    QUESTIONS = "questions to the memory"
    MODEL = "what a language model wrote"
    COUNTS = "what a language model cost"
    SOURCE = "as long as what it is made of"
    AUDIT = "the trail"
    TOMBSTONE = "as long as a backup may exist"
    TOKENS = "until the app is removed"


class Gone(StrEnum):
    """What becomes of a row when the note that it is about is withdrawn.

    `emptied`: its words go, the row stays. `deleted`: the row goes. `stays`: it has none of the note's words.
    """

    EMPTIED = "emptied"
    DELETED = "deleted"
    STAYS = "stays"


@dataclass(frozen=True)
class Table:
    """What one table holds of people: `columns` says it for every text column.

    `owner` is the column with the person whose row this is: it is in their export, and their own words in it go with
    them. `note` is the column with the id of the note that it is about, and `gone` what becomes of the row with it.
    `entry` is the column with the id of the entry of the trail to which it belongs: it is in the export of whoever made
    that entry, and of whoever stands in it.
    """

    keep: Keep
    columns: Mapping[str, Holds]
    leaves: Mapping[str, Leaves] = field(default_factory=dict)
    owner: str | None = None
    note: str | None = None
    gone: Gone = Gone.STAYS
    why: str = ""
    entry: str | None = None

    def holding(self, *kinds: Holds) -> tuple[str, ...]:
        """Return the columns that hold one of these."""
        return tuple(name for name, holds in self.columns.items() if holds in kinds)


def table(
    keep: Keep,
    *,
    code: str = "",
    person: Mapping[str, Leaves] | None = None,
    name: str = "",
    note_words: str = "",
    own: str = "",
    shared: str = "",
    key: str = "",
    owner: str | None = None,
    note: str | None = None,
    gone: Gone = Gone.STAYS,
    why: str = "",
    entry: str | None = None,
) -> Table:
    """Write a table down; columns are named in one text, with spaces between. `team_id` is in every table."""
    people = dict(person or {})
    columns: dict[str, Holds] = {"team_id": Holds.CODE}
    for names, holds in (
        (code, Holds.CODE),
        (" ".join(people), Holds.PERSON),
        (name, Holds.NAME),
        (note_words, Holds.NOTE),
        (own, Holds.OWN),
        (shared, Holds.SHARED),
        (key, Holds.KEY),
    ):
        columns |= dict.fromkeys(names.split(), holds)
    return Table(keep, columns, people, owner, note, gone, why, entry)
