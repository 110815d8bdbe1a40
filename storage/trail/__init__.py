"""The trail: entries with their values, what points and adoptions they have, and every change of them."""

from storage.trail.gathered import follow_note, look, looked_at, seen, take_out_said, to_look_at
from storage.trail.keeping import change, confirm, drop, keep, make, settle, take_out
from storage.trail.ordering import move, siblings
from storage.trail.reading import changes_of, count, entries, one, proposed, tree
from storage.trail.rows import TrailChangeRow, TrailRow, TrailValueRow
from storage.trail.tie_rows import TrailLookedRow, TrailTieRow

__all__ = [
    "TrailChangeRow",
    "TrailLookedRow",
    "TrailRow",
    "TrailTieRow",
    "TrailValueRow",
    "change",
    "changes_of",
    "confirm",
    "count",
    "drop",
    "entries",
    "follow_note",
    "keep",
    "look",
    "looked_at",
    "make",
    "move",
    "one",
    "proposed",
    "seen",
    "settle",
    "siblings",
    "take_out",
    "take_out_said",
    "to_look_at",
    "tree",
]
