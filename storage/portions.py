"""Lists of ids in as many statements as a database wants.

SQLite takes 32,766 values in one statement (https://sqlite.org/limits.html), PostgreSQL 65,535, and neither a condition
that is nested as deep. A network with a long memory has more entries than that.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

MOST = 5_000
"""Ids in one statement."""
DEEP = 200
"""Conditions in one statement; SQLite nests 1,000."""


def portions(ids: Iterable[str], most: int = MOST) -> Iterator[list[str]]:
    """Return the ids, each once and in order, in lists of at most so many; none where there are none."""
    left = iter(sorted(set(ids)))
    while portion := list(islice(left, most)):
        yield portion
