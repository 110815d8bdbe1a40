"""Text search on SQLite (FTS5) and PostgreSQL behind one pair of functions: `put` what can be found, and `find` it.

The index holds numbers, never words: each word of a workspace has a number in `search_word` for as long as a searchable
text has it, and goes with the last of them. So what FTS5 keeps of a deleted row until it merges says nothing.
"""

from storage.text_index.finding import Hit, WordIndex, find, of_impressions, refresh
from storage.text_index.rows import (
    FORMAT,
    SAME_DAY,
    SearchEntryRow,
    SearchStateRow,
    SearchWordRow,
    ddl,
    progress,
    state,
)
from storage.text_index.writing import LONGEST_WORD, MOST_WORDS, Entry, put, put_all, tidy, words_of

__all__ = [
    "FORMAT",
    "LONGEST_WORD",
    "MOST_WORDS",
    "SAME_DAY",
    "Entry",
    "Hit",
    "SearchEntryRow",
    "SearchStateRow",
    "SearchWordRow",
    "WordIndex",
    "ddl",
    "find",
    "of_impressions",
    "progress",
    "put",
    "put_all",
    "refresh",
    "state",
    "tidy",
    "words_of",
]
