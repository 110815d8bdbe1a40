"""The trail: entries with their values, what points and adoptions they have, and every change of them."""

from storage.trail.keeping import change, confirm, drop, keep, make, settle, take_out
from storage.trail.ordering import move, siblings
from storage.trail.reading import changes_of, count, entries, one, proposed, tree
from storage.trail.rows import TrailChangeRow, TrailRow, TrailValueRow

__all__ = [
    "TrailChangeRow",
    "TrailRow",
    "TrailValueRow",
    "change",
    "changes_of",
    "confirm",
    "count",
    "drop",
    "entries",
    "keep",
    "make",
    "move",
    "one",
    "proposed",
    "settle",
    "siblings",
    "take_out",
    "tree",
]
