"""The data map: of every table and every text column, whose it is, what it holds, how long, and what erasure does.

Erasure, the personal export and retention walk this map, and a test fails on a text column that is not in it: so what
is added to the schema cannot be forgotten by them.
"""

from collections.abc import Mapping

from storage.data_map.kinds import Gone, Holds, Keep, Leaves, Table
from storage.data_map.machinery import MACHINERY
from storage.data_map.notes import NOTES
from storage.data_map.people import PEOPLE
from storage.data_map.trail import TRAIL

MAP: Mapping[str, Table] = {**PEOPLE, **NOTES, **MACHINERY, **TRAIL}

__all__ = ["MAP", "Gone", "Holds", "Keep", "Leaves", "Table"]
